import type { AddressInfo } from 'node:net'
import { Parser } from '@asyncapi/parser'
import Fastify, { type FastifyInstance } from 'fastify'
import { chromium } from 'playwright-core'
import t, { type Test } from 'tap'
import { Type } from 'typebox'
import { type OpenApiOptions, openApiPlugin } from '../../src/plugins/openapi.ts'
import { asyncApi } from '../../src/protocol/asyncapi.ts'
import { ChatRoomFrames } from '../../src/protocol/chat-room-frame.ts'
import { ChannelCommands, ChatRoomCommands } from '../../src/protocol/command.ts'
import { ServerFrames } from '../../src/protocol/frame.ts'
import { InvestigationEvents } from '../../src/protocol/investigation-event.ts'
import { program } from '../support/program.ts'

const Thing = Type.Object(
  { min_value: Type.Optional(Type.Number({ minimum: 0 })) },
  { additionalProperties: false },
)
const CHROMIUM = program('chromium', 'chromium')

const appWith = async (t: Test, options: Partial<OpenApiOptions> = {}): Promise<FastifyInstance> => {
  const app = Fastify()
  t.teardown(() => app.close())
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('content-security-policy', "default-src 'self'; upgrade-insecure-requests")
  })
  await app.register(openApiPlugin, { version: '1.2.3', cookieName: 'session', ...options })
  app.get('/open', { config: { access: 'public' } }, async () => 'open')
  app.post(
    '/things/:id',
    { schema: { summary: 'A thing', body: Thing, response: { 200: Type.Object({ id: Type.String() }) } } },
    async () => ({ id: '1' }),
  )
  return app
}

t.test('/docs/json describes the routes, their schemas and who may call them', async (t) => {
  const app = await appWith(t, { url: 'https://tributary.example' })
  const { statusCode, body } = await app.inject('/docs/json')
  t.equal(statusCode, 200)
  const document = JSON.parse(body)
  t.match(document, {
    openapi: '3.1.0',
    info: { title: 'Tributary', version: '1.2.3' },
    servers: [{ url: 'https://tributary.example' }],
    security: [{ bearer: [] }, { cookie: [] }, { ticket: [] }],
    components: { securitySchemes: { cookie: { name: 'session' }, ticket: { in: 'query' } } },
  })
  t.same(Object.keys(document.paths), ['/open', '/things/{id}'])
  t.same(document.paths['/open'].get.security, [], 'a public route needs nothing')
  const { requestBody, security } = document.paths['/things/{id}'].post
  t.equal(security, undefined)
  t.match(requestBody.content['application/json'].schema, {
    type: 'object',
    additionalProperties: false,
    properties: { min_value: { type: 'number', minimum: 0 } },
  })
})

t.test('the documents are public, and nobody asks for credentials on them', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  const access = new Map<string, unknown>()
  app.addHook('onRequest', async (request) => {
    access.set(request.url, (request.routeOptions.config as { access?: string }).access)
  })
  await app.register(openApiPlugin, { version: '1', cookieName: 'session' })
  app.get('/mine', async () => 'mine')
  for (const url of ['/docs', '/docs/', '/docs/json', '/docs/asyncapi.json', '/docs/static/swagger-ui.css']) {
    t.equal((await app.inject(url)).statusCode, 200, url)
    t.equal(access.get(url), 'public', url)
  }
  await app.inject('/mine')
  t.equal(access.get('/mine'), undefined)
})

t.test('the WebSocket document is valid AsyncAPI and has every command and frame', async (t) => {
  const app = await appWith(t)
  const served = await app.inject('/docs/asyncapi.json')
  t.match(served.headers['content-type'], /^application\/json/)
  for (const text of [
    served.body,
    JSON.stringify(asyncApi({ version: '1', url: 'https://tributary.example' })),
  ]) {
    const { document, diagnostics } = await new Parser().parse(text)
    t.same(
      diagnostics
        .filter(({ severity }) => severity <= 1)
        .map(({ message, path }) => `${path.join('.')}: ${message}`),
      [],
    )
    const names = (id: string, send: boolean) =>
      document
        ?.operations()
        .filter((operation) => operation.isSend() === send && operation.channels().get(id) !== undefined)
        .flatMap((operation) =>
          operation
            .messages()
            .all()
            .map((message) => message.name()),
        )
        .sort()
    t.same(names('channels', false), ['ping', 'auth', ...Object.keys(ChannelCommands)].sort())
    t.same(names('channels', true), [...Object.keys(ServerFrames), 'batch'].sort())
    t.same(names('investigation', false), ['auth', 'cancel', 'pause', 'ping', 'resume'])
    const told = names('investigation', true) ?? []
    for (const event of Object.keys(InvestigationEvents)) t.ok(told.includes(event), event)
    t.same(names('chat', false), ['ping', 'auth', ...Object.keys(ChatRoomCommands)].sort())
    const said = names('chat', true) ?? []
    for (const frame of Object.keys(ChatRoomFrames)) t.ok(said.includes(frame), frame)
    t.same(
      document
        ?.channels()
        .all()
        .map((channel) => channel.address()),
      ['/api/v1/ws', '/api/v1/ws/investigations/{investigation_id}', '/api/v1/ws/chat/{session_id}'],
    )
  }
})

t.test('the pages need nothing from elsewhere', async (t) => {
  const app = await appWith(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (!/^(data:|blob:)/.test(request.url()) && !request.url().startsWith(origin))
      complaints.push(request.url())
  })
  await page.goto(`${origin}/docs`)
  await page.getByText('/things/{id}').click()
  await page.getByText('min_value').first().waitFor()
  t.match(await page.title(), 'Tributary')
  t.same(complaints, [])
})
