import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { chooseLanguage, type Language } from '../../language/language.ts'

/** Path of the console's files, which another plugin serves, to everybody. */
export const CONSOLE_ASSETS = '/assets'

export interface ConsoleOptions {
  /** Directory of the built console: `index.html` and `assets/`. */
  directory: string
  /** Whether to serve the console; else, or where it is not built, `/` redirects to the documentation. */
  enabled: boolean
  language: Language
}

/** The policy of the console's pages: everything comes from the service itself, and pages have no inline scripts. */
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

/** Paths of the console's pages. Each is answered with the one document, which chooses the page by its address. */
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

/** Serves the console at `/` and at its pages' paths; its files are named by their content and cached for ever. */
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
