import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import type { AuditEvent } from '../../src/audit/events.ts'
import { auditLog } from '../../src/audit/log.ts'
import { loadConfig } from '../../src/config.ts'
import { openStore } from '../../src/store/database.ts'
import {
  ADMIN_PASSWORD,
  type Answer,
  type CallOptions,
  type Client,
  client,
  login,
  newUser,
  temporaryFolder,
  USER_PASSWORD,
} from '../support/process.ts'

/** Reads that hand data out count as much as changes do. */
const EXPORTS = /(report|export|download)/
const CHANGES: readonly string[] = ['POST', 'PUT', 'PATCH', 'DELETE']
const MAX_STREAMS = 12
const PATIENCE_MS = 5000

interface Route {
  method: string
  url: string
}

/** Every route that the service registers while `build` runs. */
const routesOf = async <T>(build: () => Promise<T>): Promise<[T, Route[]]> => {
  const routes: Route[] = []
  const onInitialization = (message: unknown): void => {
    ;(message as { fastify: FastifyInstance }).fastify.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) routes.push({ method: one, url })
    })
  }
  subscribe('fastify.initialization', onInitialization)
  try {
    return [await build(), routes]
  } finally {
    unsubscribe('fastify.initialization', onInitialization)
  }
}

interface Asked extends CallOptions {
  path: string
  /** The administrator unless named. */
  as?: Client
}

/** What is done to a route, and which events that leaves behind. */
interface Case {
  done: () => Promise<Asked> | Asked
  events: string[]
  /** Without credentials unless told otherwise. */
  refused?: () => Promise<Asked> | Asked
  refusals?: string[]
}

t.test('every route that changes or exports something leaves an event behind', async (t) => {
  const DATA_DIR = await temporaryFolder()
  // A source that never answers: what is fetched from it runs until it is stopped.
  const source = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(source, 'listening')
  t.teardown(() => {
    source.closeAllConnections()
    source.close()
  })
  const [app, routes] = await routesOf(() =>
    buildApp(
      loadConfig({
        DATA_DIR,
        ADMIN_PASSWORD,
        LOG_LEVEL: 'silent',
        DUCKDB_THREADS: '1',
        DUCKDB_MEMORY_LIMIT: '256MB',
        INVESTIGATION_CONCURRENCY: '64',
        MAX_STREAMS_PER_USER: String(MAX_STREAMS),
        PNCP_BASE_URL: `http://127.0.0.1:${(source.address() as AddressInfo).port}`,
      }),
    ),
  )
  t.teardown(() => app.close())
  const url = await app.server.listen({ host: '127.0.0.1', port: 0 })
  const log = app.server.auditLog
  const admin = await login(url)
  const alice = await newUser(admin, url, 'alice')
  const stranger = client(url)

  const appended: AuditEvent[] = []
  let onAppended = (): void => undefined
  log.onAppended((events) => {
    appended.push(...events)
    onAppended()
  })
  /** The types of a request's events, as soon as there are so many; what there is after a while otherwise. */
  const logged = async (requestId: string, atLeast: number): Promise<string[]> => {
    const types = () =>
      appended
        .filter(({ request_id }) => request_id === requestId)
        .map(({ event_type }) => event_type)
        .sort()
    const patience = AbortSignal.timeout(PATIENCE_MS)
    while (types().length < atLeast && !patience.aborted)
      await new Promise<void>((resolve) => {
        onAppended = resolve
        patience.addEventListener('abort', () => resolve(), { once: true })
      })
    return types()
  }

  const tokens = async () =>
    (await stranger.post('/auth/login', { username: 'alice', password: USER_PASSWORD })).body
  const running = async (as = admin) => {
    const { status, body, text } = await as.post('/api/v1/investigations', {
      query: 'whatever there is',
      data_source: 'pncp',
      filters: { start_date: '2026-01-01', end_date: '2026-01-31' },
    })
    if (status !== 202) throw new Error(`not started, ${status}: ${text}`)
    return body as { investigation_id: string; stream_id: string }
  }
  const investigation = async () => (await running()).investigation_id
  const ended = async () => {
    const { investigation_id: id, stream_url } = await admin.investigate('sample')
    await (await admin.events(stream_url)).ended()
    return id
  }
  const user = async () => {
    const username = `user-${Math.random().toString(36).slice(2)}`
    const { body } = await admin.post('/api/v1/users', { username, password: USER_PASSWORD, role: 'viewer' })
    return body.id as string
  }
  const conversation = async () => (await admin.post('/api/v1/chat/sessions', {})).body.session_id as string
  const modelBody = { name: 'Mine', provider: 'local', modelId: 'none' }
  const model = async () => `/api/models/${(await admin.post('/api/models', modelBody)).body.id}`
  const promptBody = { title: 'Greeting', content: 'Olá {{name}}' }
  const promptId = async () => (await admin.post('/api/prompts', promptBody)).body.id as number
  const prompt = async () => `/api/prompts/${await promptId()}`
  const executed = (path: string): Case => {
    const asked = async () => ({ path, body: { promptId: await promptId(), variables: { name: 'Ana' } } })
    return {
      done: asked,
      events: ['prompt.started'],
      refused: async () => ({ ...(await asked()), as: alice }),
    }
  }
  const dataset = () => ({
    path: '/api/v1/datasets?name=few',
    body: 'numero_contrato,fornecedor,valor\n1,Alfa,10\n2,Beta,20\n',
    type: 'text/csv',
  })
  const steered = (verb: string): Case => ({
    async done() {
      const id = await investigation()
      if (verb === 'resume') await admin.post(`/api/v1/investigations/${id}/pause`)
      return { path: `/api/v1/investigations/${id}/${verb}` }
    },
    events: [`investigation.${{ cancel: 'cancelled', pause: 'paused', resume: 'resumed' }[verb]}`],
    refused: async () => ({ path: `/api/v1/investigations/${await investigation()}/${verb}`, as: alice }),
  })
  const signIn = (path: string): Case => ({
    done: () => ({ path, as: stranger, body: { username: 'alice', password: USER_PASSWORD } }),
    events: ['auth.login'],
    refused: () => ({ path, as: stranger, body: { username: 'alice', password: 'a wrong guess' } }),
    refusals: ['auth.login_failed'],
  })

  const cases: Record<string, Case> = {
    'POST /auth/login': signIn('/auth/login'),
    'POST /api/v1/auth/login': signIn('/api/v1/auth/login'),
    'POST /api/v1/auth/refresh': {
      done: async () => ({
        path: '/api/v1/auth/refresh',
        as: stranger,
        body: { refresh_token: (await tokens()).refresh_token },
      }),
      events: ['auth.refresh'],
      refused: () => ({ path: '/api/v1/auth/refresh', as: stranger, body: { refresh_token: 'nothing' } }),
      refusals: ['auth.refresh_failed'],
    },
    'POST /api/v1/auth/logout': {
      done: async () => ({
        path: '/api/v1/auth/logout',
        as: client(url, (await tokens()).access_token),
      }),
      events: ['auth.logout'],
    },
    'POST /api/v1/auth/tickets': { done: () => ({ path: '/api/v1/auth/tickets' }), events: ['auth.ticket'] },
    'POST /api/v1/users': {
      done: () => ({
        path: '/api/v1/users',
        body: { username: 'new', password: USER_PASSWORD, role: 'viewer' },
      }),
      events: ['user.created'],
    },
    'PATCH /api/v1/users/:id': {
      done: async () => ({ path: `/api/v1/users/${await user()}`, body: { password: 'another password' } }),
      events: ['user.updated'],
    },
    'DELETE /api/v1/users/:id': {
      done: async () => ({ path: `/api/v1/users/${await user()}` }),
      events: ['user.deleted'],
    },
    'POST /api/v1/datasets': { done: dataset, events: ['data.uploaded'] },
    'DELETE /api/v1/datasets/:id': {
      async done() {
        const { path, ...options } = dataset()
        const { body } = await admin.call('POST', path, options)
        return { path: `/api/v1/datasets/${body.dataset_id}` }
      },
      events: ['data.deleted'],
      refused: () => ({ path: '/api/v1/datasets/sample', as: alice }),
    },
    'POST /api/v1/investigations': {
      done: () => ({ path: '/api/v1/investigations', body: { query: 'anything', dataset_id: 'sample' } }),
      events: ['investigation.created'],
    },
    'POST /api/v1/investigations/:id/cancel': steered('cancel'),
    'POST /api/v1/investigations/:id/pause': steered('pause'),
    'POST /api/v1/investigations/:id/resume': steered('resume'),
    'POST /api/v1/investigations/:id/share': {
      done: async () => ({
        path: `/api/v1/investigations/${await investigation()}/share`,
        body: { username: 'alice' },
      }),
      events: ['investigation.shared'],
    },
    'DELETE /api/v1/investigations/:id': {
      done: async () => ({ path: `/api/v1/investigations/${await ended()}` }),
      events: ['investigation.deleted'],
    },
    'GET /api/v1/investigations/:id/report': {
      done: async () => ({ path: `/api/v1/investigations/${await ended()}/report` }),
      events: ['investigation.exported'],
      refused: async () => ({ path: `/api/v1/investigations/${await ended()}/report`, as: alice }),
    },
    'GET /api/v1/investigations/:id/anomalies/export': {
      done: async () => ({ path: `/api/v1/investigations/${await ended()}/anomalies/export` }),
      events: ['investigation.exported', 'investigation.exported'],
      refused: async () => ({ path: `/api/v1/investigations/${await ended()}/anomalies/export`, as: alice }),
    },
    'POST /api/v1/streams/:stream_id/cancel': {
      done: async () => ({ path: `/api/v1/streams/${(await running()).stream_id}/cancel` }),
      events: ['stream.cancelled'],
      refused: async () => ({ path: `/api/v1/streams/${(await running()).stream_id}/cancel`, as: alice }),
    },
    'POST /api/v1/chat/stream': {
      done: () => ({ path: '/api/v1/chat/stream', body: { message: 'Olá' } }),
      events: ['chat.started'],
    },
    'POST /api/v1/chat/message': {
      done: () => ({ path: '/api/v1/chat/message', body: { message: 'Olá' } }),
      events: ['chat.started'],
    },
    'POST /api/v1/chat/ui': {
      done: () => ({
        path: '/api/v1/chat/ui',
        body: { id: 'audited', messages: [{ role: 'user', parts: [{ type: 'text', text: 'Olá' }] }] },
      }),
      events: ['chat.started'],
    },
    'POST /v1/chat/completions': {
      done: () => ({
        path: '/v1/chat/completions',
        body: { model: 'tributary', messages: [{ role: 'user', content: 'Olá' }] },
      }),
      events: ['chat.started'],
    },
    'POST /api/chat/stream': {
      done: () => ({ path: '/api/chat/stream', body: { chatSessionId: 'subapp', content: 'Olá' } }),
      events: ['chat.started'],
    },
    'POST /stream/chat': {
      done: () => ({ path: '/stream/chat', body: { message: 'Olá' } }),
      events: ['chat.started'],
    },
    'POST /api/v1/chat/direct/:provider/stream': {
      done: () => ({
        path: '/api/v1/chat/direct/local/stream',
        body: { messages: [{ role: 'user', content: 'Olá' }] },
      }),
      events: ['chat.started'],
    },
    'POST /api/stream/execute': {
      done: () => ({
        path: '/api/stream/execute',
        body: { action: { type: 'execute_task', description: 'Olá' } },
      }),
      events: ['action.started'],
    },
    'POST /api/stream/cancel/:streamId': {
      done: async () => ({ path: `/api/stream/cancel/${(await running()).stream_id}` }),
      events: ['stream.cancelled'],
      refused: async () => ({ path: `/api/stream/cancel/${(await running()).stream_id}`, as: alice }),
    },
    'POST /api/v1/chat/sessions': {
      done: () => ({ path: '/api/v1/chat/sessions', body: {} }),
      events: ['chat.created'],
    },
    'DELETE /api/v1/chat/sessions/:id': {
      done: async () => ({ path: `/api/v1/chat/sessions/${await conversation()}` }),
      events: ['chat.deleted'],
      refused: async () => ({ path: `/api/v1/chat/sessions/${await conversation()}`, as: alice }),
    },
    'POST /api/v1/chat/sessions/:id/share': {
      done: async () => ({
        path: `/api/v1/chat/sessions/${await conversation()}/share`,
        body: { username: 'alice' },
      }),
      events: ['chat.shared'],
    },
    'POST /api/models': { done: () => ({ path: '/api/models', body: modelBody }), events: ['model.created'] },
    'PATCH /api/models/:id': {
      done: async () => ({ path: await model(), body: { name: 'Ours' } }),
      events: ['model.updated'],
      refused: async () => ({ path: await model(), body: { name: 'Ours' }, as: alice }),
    },
    'PUT /api/models/:id': {
      done: async () => ({ path: await model(), body: modelBody }),
      events: ['model.updated'],
      refused: async () => ({ path: await model(), body: modelBody, as: alice }),
    },
    'DELETE /api/models/:id': {
      done: async () => ({ path: await model() }),
      events: ['model.deleted'],
      refused: async () => ({ path: await model(), as: alice }),
    },
    'POST /api/prompts': {
      done: () => ({ path: '/api/prompts', body: promptBody }),
      events: ['prompt.created'],
    },
    'PATCH /api/prompts/:id': {
      done: async () => ({ path: await prompt(), body: { title: 'Changed' } }),
      events: ['prompt.updated'],
      refused: async () => ({ path: await prompt(), body: { title: 'Changed' }, as: alice }),
    },
    'PUT /api/prompts/:id': {
      done: async () => ({ path: await prompt(), body: promptBody }),
      events: ['prompt.updated'],
      refused: async () => ({ path: await prompt(), body: promptBody, as: alice }),
    },
    'DELETE /api/prompts/:id': {
      done: async () => ({ path: await prompt() }),
      events: ['prompt.deleted'],
      refused: async () => ({ path: await prompt(), as: alice }),
    },
    'POST /api/prompts/execute': executed('/api/prompts/execute'),
    'POST /api/prompts/execute/stream': executed('/api/prompts/execute/stream'),
    'POST /api/v1/channels/:channel/publications': {
      done: () => ({ path: '/api/v1/channels/topic:news/publications', body: { headline: 'x' } }),
      events: ['channel.published'],
      refused: () => ({ path: '/api/v1/channels/audit/publications', body: 1 }),
    },
    'POST /api/v1/audit/checkpoints': {
      done: () => ({ path: '/api/v1/audit/checkpoints' }),
      events: ['audit.checkpoint'],
      refused: () => ({ path: '/api/v1/audit/checkpoints', as: alice }),
    },
    'GET /api/v1/audit/export': {
      done: () => ({ path: '/api/v1/audit/export' }),
      events: ['audit.exported', 'audit.exported'],
      refused: () => ({ path: '/api/v1/audit/export', as: alice }),
    },
    'POST /api/v1/audit/retention': {
      done: () => ({ path: '/api/v1/audit/retention', body: { before: new Date().toISOString() } }),
      events: ['audit.cut'],
    },
  }

  const cancelAll = async () => {
    const { body } = await admin.get('/api/v1/streams?state=running&limit=1000')
    for (const { stream_id } of body.items) await admin.post(`/api/v1/streams/${stream_id}/cancel`)
  }
  let requests = 0
  const ask = async (
    method: string,
    { path, as = admin, ...options }: Asked,
    atLeast: number,
  ): Promise<[Answer, string[]]> => {
    const id = `routes-${++requests}`
    const answer = await as.call(method, path, {
      ...options,
      headers: { 'x-request-id': id, ...options.headers },
    })
    return [answer, await logged(id, atLeast)]
  }

  const watched = routes
    .filter(({ method, url: path }) => CHANGES.includes(method) || (method === 'GET' && EXPORTS.test(path)))
    .map(({ method, url: path }) => `${method} ${path}`)
  t.ok(watched.length >= 20, `${watched.length} routes`)
  t.same(
    Object.keys(cases).filter((route) => !watched.includes(route)),
    [],
    'every case is a route',
  )
  // What cuts the log comes last, so that it takes nobody's events away.
  for (const route of watched.sort((a, b) => Number(/retention/.test(a)) - Number(/retention/.test(b)))) {
    const told = cases[route]
    if (!told) {
      t.fail(`${route} changes or exports something, and nobody says which event that leaves behind`)
      continue
    }
    const method = route.split(' ', 1)[0] as string
    const asked = await told.done()
    const [refusal, refusals] = await ask(
      method,
      told.refused ? await told.refused() : { ...asked, as: stranger },
      1,
    )
    t.ok([401, 403, 404].includes(refusal.status), `${route} refused: ${refusal.status}`)
    t.same(refusals, told.refusals ?? ['security.refused'], `${route} refused`)
    const [answer, events] = await ask(method, asked, told.events.length)
    t.ok(answer.status < 300, `${route}: ${answer.status} ${answer.text.slice(0, 200)}`)
    t.same(events, told.events, route)
    await cancelAll()
  }

  await t.test('commands over WebSocket do as well', async (t) => {
    const { investigation_id: id } = await running()
    const room = await admin.socket(`/api/v1/ws/investigations/${id}`, {
      headers: { 'x-request-id': 'room' },
    })
    const general = await admin.socket('/api/v1/ws', { headers: { 'x-request-id': 'general' } })
    const refused = await alice.socket('/api/v1/ws', { headers: { 'x-request-id': 'refused' } })
    for (const [n, type] of ['pause', 'resume', 'cancel'].entries()) {
      room.send({ type })
      await logged('room', n + 1)
    }
    general.send({ type: 'publish', channel: 'topic:news', data: 1 })
    await general.ofType('published')
    refused.send({ type: 'publish', channel: 'topic:news', data: 1 })
    t.match(await refused.ofType('error'), { error_code: 'FORBIDDEN' })
    refused.send({ type: 'subscribe', channel: `investigation:${id}` })
    t.match(await refused.ofType('error'), { error_code: 'NOT_FOUND' })
    for (const socket of [room, general, refused]) socket.close()
    for (const socket of [room, general, refused]) await socket.closed()
    t.same(await logged('general', 1), ['channel.published'])
    t.same(await logged('refused', 2), ['security.refused', 'security.refused'])
    t.same(await logged('room', 3), [
      'investigation.cancelled',
      'investigation.paused',
      'investigation.resumed',
    ])
  })

  await t.test('a limit that was reached is told once a minute', async (t) => {
    const started = await Promise.all(
      Array.from({ length: MAX_STREAMS + 3 }, () =>
        alice.post('/api/v1/investigations', {
          query: 'whatever there is',
          data_source: 'pncp',
          filters: { start_date: '2026-01-01', end_date: '2026-01-31' },
        }),
      ),
    )
    t.equal(started.filter(({ status }) => status === 429).length, 3)
    const limits = await log.events({ eventTypes: ['security.rate_limited'] }, { limit: 10 })
    t.match(limits, [{ error_code: 'TOO_MANY_STREAMS', success: false }])
    await cancelAll()
  })

  t.match(await log.verify(), { valid: true })
  await app.close()
  const store = await openStore({
    dialect: 'sqlite',
    path: join(DATA_DIR, 'tributary.db'),
    synchronous: 'normal',
  })
  t.teardown(() => store.close())
  const [last] = await auditLog(store).events({}, { limit: 1, newestFirst: true })
  t.equal(last?.event_type, 'system.stopped')
})

t.test('the first start puts itself and the first user into the log', async (t) => {
  const app = await buildApp(
    loadConfig({ DATA_DIR: await temporaryFolder(), ADMIN_PASSWORD, LOG_LEVEL: 'silent' }),
  )
  t.teardown(() => app.close())
  const events = await app.server.auditLog.events({}, { limit: 10 })
  t.same(
    events.map(({ event_type }) => event_type),
    ['user.created', 'system.started'],
  )
})
