import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { Type } from 'typebox'
import { ERRORS, type ErrorCode, Problem, titleOf } from '../../src/errors.ts'
import { LANGUAGES } from '../../src/language/language.ts'
import { say, tell } from '../../src/language/sentence.ts'
import { prefersPage } from '../../src/plugins/error-page.ts'
import { startService } from './service.ts'

const routes = (app: FastifyInstance): void => {
  const config = { access: 'public' } as const
  app.post(
    '/api/v1/check',
    {
      config,
      schema: {
        body: Type.Object({
          name: Type.String({ minLength: 1, pattern: '\\S' }),
          kind: Type.Optional(Type.Union([Type.Literal('csv'), Type.Literal('json')])),
          size: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
        }),
      },
    },
    async () => ({ ok: true }),
  )
  app.get('/api/v1/fail/:code', { config }, async (request) => {
    const { code } = request.params as { code: ErrorCode }
    throw new Problem(code, titleOf(code))
  })
  app.get('/api/v1/wait', { config }, async () => {
    throw new Problem('RATE_LIMITED', say('request.many_requests', { seconds: 3480 }), { retryAfter: 3480 })
  })
}

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'

t.test('a problem is told in the language that its caller reads', async (t) => {
  const { call, raw } = await startService({ routes })
  const unsigned = await call('GET', '/api/v1/users', {
    headers: { 'accept-language': 'pt-BR,pt;q=0.9,en;q=0.8' },
  })
  t.match(unsigned.body, { status: 401, code: 'UNAUTHENTICATED', title: 'Não autenticado' })
  t.equal(unsigned.headers.get('content-language'), 'pt')
  t.match(unsigned.headers.get('vary'), /accept-language/)

  const body = { name: '   ', kind: 'xml', size: 'big' }
  const bad = await call('POST', '/api/v1/check?lang=es', { body, headers: { 'accept-language': 'pt' } })
  t.match(bad.body, { status: 400, title: 'La petición no es válida' })
  t.same(bad.body.errors, [
    { field: '/name', reason: 'no puede estar en blanco' },
    { field: '/kind', reason: 'debe ser csv o json' },
    { field: '/size', reason: 'debe ser un número entero o null' },
  ])
  t.equal(
    bad.body.detail,
    '/name: no puede estar en blanco; /kind: debe ser csv o json; /size: debe ser un número entero o null',
  )
  const english = await call('POST', '/api/v1/check?lang=de', { body: {} })
  t.same(english.body.errors, [{ field: '/name', reason: 'is required' }])

  const wait = await call('GET', '/api/v1/wait', { headers: { 'accept-language': 'es-MX' } })
  t.equal(wait.body.detail, 'Demasiadas peticiones; inténtelo de nuevo dentro de 58 minutos')
  t.equal(wait.headers.get('retry-after'), '3480')

  const malformed = await raw('GET /%zz?lang=pt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  t.match(Buffer.from(malformed, 'latin1').toString(), /A URL não é válida/)

  for (const code of Object.keys(ERRORS) as ErrorCode[])
    for (const language of LANGUAGES) {
      const answer = await call('GET', `/api/v1/fail/${code}?lang=${language}`)
      t.equal(answer.status, ERRORS[code].status)
      t.match(answer.body, { code, title: tell(titleOf(code), language) })
    }
})

t.test('a browser is shown a page of the problem, an API client JSON', async (t) => {
  const { call } = await startService({ routes })
  const page = await call('GET', '/api/v1/none/%3Cscript%3Ealert(1)%3C%2Fscript%3E', {
    headers: { accept: BROWSER, 'accept-language': 'pt', 'x-request-id': 'r-1' },
  })
  t.equal(page.status, 404)
  t.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
  t.match(page.headers.get('content-security-policy'), /default-src 'none'/)
  t.match(page.headers.get('vary'), /accept, accept-language/)
  t.match(page.body, /^<!doctype html>\n<html lang="pt">/)
  t.match(page.body, /<h1>Não encontrado<\/h1>\n<p>Não há nada aqui<\/p>\n<p>Confira o endereço/)
  t.match(page.body, 'r-1')
  t.notMatch(page.body, /<script/)

  const hostile = await call('POST', '/api/v1/check?lang=es', {
    body: { name: 'x', '<img src=x onerror=alert(1)>': 1, kind: '<b>' },
    headers: { accept: 'text/html' },
  })
  t.match(hostile.body, /<html lang="es">/)
  t.match(hostile.body, '<li><code>/kind</code>: debe ser csv o json</li>')
  t.notMatch(hostile.body, /<img|<b>/)
  const waiting = await call('GET', '/api/v1/wait', { headers: { accept: BROWSER } })
  t.match(waiting.body, /Try again in 58 minutes\./)

  for (const [accept, isPage] of [
    [BROWSER, true],
    ['text/html', true],
    ['text/*', true],
    ['text/html;q=0.9, application/json;q=0.8', true],
    ['application/xml, text/html;q=0.1, */*;q=0', true],
    [undefined, false],
    ['*/*', false],
    ['', false],
    ['application/json', false],
    ['application/json, text/html', false],
    ['application/problem+json, text/html;q=0.9', false],
    ['text/html;q=0.5, application/*', false],
    ['text/html;q=0', false],
    ['text/event-stream', false],
    ['text/html;q=x', false],
  ] as const)
    t.equal(prefersPage(accept), isPage, accept ?? 'no header')
})
