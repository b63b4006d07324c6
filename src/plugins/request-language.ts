import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { chooseLanguage, type Language } from '../language/language.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Language of the caller: `?lang=`, else `Accept-Language`, else the service's own. */
    readonly language: Language
  }
}

/** Returns the language of a request's caller, also where its URL is not one that can be routed. */
export const languageOfRequest = (
  { url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>,
  fallback: Language,
): Language => {
  const query = url.indexOf('?')
  const asked = query < 0 ? [] : new URLSearchParams(url.slice(query)).getAll('lang')
  return chooseLanguage({ asked, acceptLanguage: headers['accept-language'], fallback })
}

/** Gives every request the language of its caller. */
export const languagePlugin = fp(
  async (app: FastifyInstance, { fallback }: { fallback: Language }) => {
    app.decorateRequest('language', {
      getter() {
        return languageOfRequest(this.raw, fallback)
      },
    })
  },
  { name: 'language', fastify: '5.x' },
)
