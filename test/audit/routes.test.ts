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
import { ADMIN_PASSWORD, type Answer, client, login, newUser, temporaryFolder } from '../support/process.ts'
import { type Asked, ENDLESS, routeCases, start } from './route-cases.ts'

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
        PASSWORD_COST: '10',
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
  const cases = routeCases(url, admin, alice)

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
    const { investigation_id: id } = await start(admin)
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
    t.same(await logged('refused', 2), ['security.refused', 'security.refused'])
    t.same(await logged('room', 3), [
      'investigation.cancelled',
      'investigation.paused',
      'investigation.resumed',
    ])
  })

  await t.test('a limit that was reached is told once a minute', async (t) => {
    const started = await Promise.all(
      Array.from({ length: MAX_STREAMS + 3 }, () => alice.post('/api/v1/investigations', ENDLESS)),
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
    loadConfig({
      DATA_DIR: await temporaryFolder(),
      ADMIN_PASSWORD,
      PASSWORD_COST: '10',
      LOG_LEVEL: 'silent',
    }),
  )
  t.teardown(() => app.close())
  const events = await app.server.auditLog.events({}, { limit: 10 })
  t.same(
    events.map(({ event_type }) => event_type),
    ['user.created', 'system.started'],
  )
})
