import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { chooseLanguage, type Language } from '../../language/language.ts'

/** Where the console's files are; a plugin of others serves them, to everybody. */
export const CONSOLE_ASSETS = '/assets'

export interface ConsoleOptions {
  /** The built console: `index.html` and `assets/`. */
  directory: string
  /** False, or a console that is not built, leads `/` to the documentation. */
  enabled: boolean
  language: Language
}

/** Everything that the console loads comes from the service itself; nothing is written into the page. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** The pages of the console. Each is answered with the one document, which shows what its address names. */
const PAGES = [
  '/',
  '/investigations',
  '/investigations/*',
  '/datasets/*',
  '/chat',
  '/chat/*',
  '/prompts',
  '/audit',
  '/live',
]

/** Serves the console at `/` and at its pages' addresses; its files are named by their content and kept for ever. */
export const consoleRoutes = async (app: FastifyInstance, options: ConsoleOptions): Promise<void> => {
  const { directory, enabled, language: fallback } = options
  const document = join(directory, 'index.html')
  if (!enabled || !existsSync(document)) {
    app.get('/', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
      reply.redirect('/docs'),
    )
    return
  }
  const page = readFileSync(document, 'utf8')
  const languageOf = (request: FastifyRequest): Language =>
    chooseLanguage({
      asked: (request.query as Record<string, unknown>).lang,
      acceptLanguage: request.headers['accept-language'],
      fallback,
    })
  for (const path of PAGES)
    app.get(path, { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) =>
      reply
        .headers({
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': CONTENT_SECURITY_POLICY,
          'cache-control': 'no-cache',
          vary: 'accept-language',
        })
        .send(page.replace('<html lang="en"', `<html lang="${languageOf(request)}"`)),
    )
  app.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, hide: true }
  })
  await app.register(staticFiles, {
    root: join(directory, 'assets'),
    prefix: `${CONSOLE_ASSETS}/`,
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
    index: false,
    decorateReply: false,
  })
}
