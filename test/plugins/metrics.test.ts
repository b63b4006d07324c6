import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import type { ChannelObserver } from '../../src/channel/channel-observer.ts'
import { Problem } from '../../src/errors.ts'
import { createMeters, type Meters } from '../../src/plugins/meters.ts'
import { metricsPlugin } from '../../src/plugins/metrics.ts'
import { websocketPlugin } from '../../src/plugins/websocket.ts'
import { metricsRoutes } from '../../src/routes/ops/metrics.ts'
import type { TransportObserver } from '../../src/transport/transport-observer.ts'

const TOKEN = 'metrics-SENTINEL'

interface Options {
  token: string | undefined
  meters?: Meters
}

const serve = async (app: FastifyInstance, { token, meters = createMeters() }: Options): Promise<void> => {
  await app.register(metricsPlugin, { meters })
  await app.register(metricsRoutes, { registry: meters.registry, metricsToken: token })
}

const appWith = async (t: Test, options: Options): Promise<FastifyInstance> => {
  const app = Fastify()
  t.teardown(() => app.close())
  app.setErrorHandler(async (error, _request, reply) => {
    reply.code(error instanceof Problem ? error.status : 500)
    return { code: error instanceof Problem ? error.code : 'INTERNAL' }
  })
  await serve(app, options)
  app.get('/things/:id', async () => ({ ok: true }))
  app.get('/stream', async (_request, reply) => {
    reply.header('content-type', 'text/event-stream; charset=utf-8')
    return reply.hijack().raw.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: 1\n\n')
  })
  return app
}

/** Value of one sample in Prometheus' text format; undefined when it is not there. */
const sample = (text: string, name: string, labels = ''): number | undefined => {
  const line = text.split('\n').find((line) => line.startsWith(`${name}${labels} `))
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1))
}

t.test('loopback reads without a token; whoever a proxy speaks for needs it', async (t) => {
  const app = await appWith(t, { token: TOKEN })
  const read = async (remoteAddress: string, headers: Record<string, string> = {}) =>
    (await app.inject({ url: '/metrics', remoteAddress, headers })).statusCode
  const bearer = { authorization: `Bearer ${TOKEN}` }
  for (const local of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])
    t.equal(await read(local), 200, local)
  for (const remote of ['10.0.0.7', '128.0.0.1', '::2', '::ffff:10.0.0.7', 'fe80::1', 'localhost']) {
    t.equal(await read(remote), 401, `${remote} without the token`)
  }
  t.equal(await read('10.0.0.7', bearer), 200)
  for (const authorization of [`Bearer ${TOKEN}x`, 'Bearer ', `Basic ${TOKEN}`, TOKEN]) {
    t.equal(await read('10.0.0.7', { authorization }), 401, authorization)
  }
  for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-forwarded-host', 'via']) {
    t.equal(await read('127.0.0.1', { [header]: '127.0.0.1' }), 401, header)
    t.equal(await read('127.0.0.1', { [header]: '127.0.0.1', ...bearer }), 200)
  }
  t.equal((await app.inject({ method: 'HEAD', url: '/metrics' })).statusCode, 404)
  const same = await app.inject('/health/metrics')
  t.match(same.headers['content-type'], /^text\/plain; version=0\.0\.4/)
  t.match(same.body, 'nodejs_eventloop_lag_p99_seconds')
  t.notMatch(same.body, 'SENTINEL')
})

t.test('without a token nobody but loopback reads', async (t) => {
  const app = await appWith(t, { token: undefined })
  const refused = await app.inject({
    url: '/metrics',
    remoteAddress: '10.0.0.7',
    headers: { authorization: 'Bearer undefined' },
  })
  t.equal(refused.statusCode, 403)
  t.equal((await app.inject('/metrics')).statusCode, 200)
})

const outward = Object.values(networkInterfaces())
  .flat()
  .find((entry) => entry && !entry.internal && entry.family === 'IPv4')?.address

t.test(
  'the socket decides, over a real connection',
  { skip: !outward && 'only loopback here' },
  async (t) => {
    const app = await appWith(t, { token: TOKEN })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo
    const get = async (localAddress: string) => {
      const request = httpRequest({
        host: '127.0.0.1',
        port,
        path: '/metrics',
        localAddress,
        agent: false,
      }).end()
      const [response] = await once(request, 'response')
      response.resume()
      return response.statusCode
    }
    t.equal(await get('127.0.0.1'), 200)
    t.equal(await get(outward as string), 401)
  },
)

t.test('every request is timed at its end by its route: streams and WebSockets too', async (t) => {
  const app = Fastify({ forceCloseConnections: true })
  t.teardown(() => app.close())
  await serve(app, { token: undefined })
  await app.register(websocketPlugin, { compression: false })
  app.get('/things/:id', async () => ({ ok: true }))
  const schema = { produces: ['text/event-stream'] }
  for (const [url, handler] of [
    ['/whole', (reply: FastifyReply) => reply.hijack().raw.end('data: 1\n\n')],
    ['/endless', (reply: FastifyReply) => reply.hijack().raw.write('data: 1\n\n')],
  ] as const)
    app.get(url, { schema }, async (_request, reply) => {
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' })
      handler(reply)
    })
  app.get('/ws', { websocket: true, schema: {} }, (socket) => socket.send('hello'))
  app.get(
    '/closed',
    { websocket: true, onRequest: async (_request, reply) => reply.code(401).send() },
    () => {},
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const count = async (endpoint: string, status: number): Promise<number | undefined> =>
    sample(
      (await app.inject('/metrics')).body,
      'http_request_duration_seconds_count',
      `{method="GET",endpoint="${endpoint}",status="${status}"}`,
    )
  const counted = async (endpoint: string, status: number) => {
    while ((await count(endpoint, status)) === undefined) await setImmediate()
    return count(endpoint, status)
  }
  await app.inject('/things/1?token=SENTINEL')
  await app.inject('/things/2')
  await app.inject('/nowhere/SENTINEL')
  t.equal(await counted('/things/:id', 200), 2)
  t.equal(await counted('__unknown__', 404), 1)
  await (await fetch(`${url}/whole`)).text()
  t.equal(await counted('/whole', 200), 1)

  const leaving = new AbortController()
  const endless = await fetch(`${url}/endless`, { signal: leaving.signal })
  t.equal(endless.status, 200)
  t.equal(await count('/endless', 200), undefined, 'not before its end')
  leaving.abort()
  t.equal(await counted('/endless', 200), 1, 'one whose client left')

  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`)
  await once(socket, 'message')
  t.equal(await count('/ws', 101), undefined)
  socket.close()
  t.equal(await counted('/ws', 101), 1)
  const refused = new WebSocket(`${url.replace('http', 'ws')}/closed`)
  await once(refused, 'error')
  t.equal(await counted('/closed', 401), 1)

  const { body } = await app.inject('/metrics')
  t.notMatch(body, 'SENTINEL')
  for (const [type, endpoint] of [
    ['sse', '/whole'],
    ['sse', '/endless'],
    ['websocket', '/ws'],
  ] as const)
    t.equal(sample(body, 'streaming_errors_total', `{type="${type}",endpoint="${endpoint}"}`), 0, endpoint)
  app.meters.streams.failed('/endless')
  app.meters.streams.lost('chat')
  const after = (await app.inject('/metrics')).body
  t.equal(sample(after, 'streaming_errors_total', '{type="sse",endpoint="/endless"}'), 1)
  t.equal(sample(after, 'streaming_errors_total', '{type="http",endpoint="/api/v1/chat/stream"}'), 1)
})

t.test('hub and transports are counted as they tell it', async (t) => {
  const meters = createMeters()
  const app = await appWith(t, { token: undefined, meters })
  const channel: ChannelObserver = meters.channel
  const transport: TransportObserver = meters.transport
  channel.published?.(3)
  channel.delivered?.(30, [])
  channel.roundtrip?.(2)
  channel.failed?.(new Error('SENTINEL'))
  transport.connectionOpened?.('sse', '/api/v1/events')
  transport.connectionOpened?.('sse', '/api/v1/events')
  transport.connectionClosed?.('sse', '/api/v1/events')
  transport.connectionOpened?.('websocket', '/api/v1/ws')
  transport.connectionOpened?.('websocket', '/api/v1/ws/chat/:session_id')
  transport.connectionOpened?.('websocket', '/api/v1/ws/investigations/:investigation_id')
  transport.connectionClosed?.('websocket', '/api/v1/ws/chat/:session_id')
  transport.connectionOpened?.('websocket', 'general')
  transport.connectionOpened?.('websocket', 'investigation')
  transport.connectionOpened?.('websocket', 'chat')
  transport.sseEvent?.('/api/v1/events', 5)
  transport.cutoff?.('stalled', { user_id: 'u', address: '::1', endpoint: '/api/v1/events' })
  transport.recovery?.('recovered')
  transport.recovery?.('trimmed')
  transport.error?.('story', '/api/v1/events')
  channel.reconnected?.('pushes')
  app.meters.jobs(async () => ({ waiting: 4, active: 1 }))
  app.meters.wire({
    sent: { sse: { framesMade: 3, framesSent: 30, bytesBefore: 900, bytesAfter: 400 } },
    unsent: () => ({ sse: { all: 70, most: 50 } }),
  })
  app.meters.llm.gap('xai', 0.02)
  app.meters.store.query('select', 3)
  app.meters.store.appended(30)
  app.meters.data.dataset({ rows: 5, merged: 1, rejected: 2 })
  app.meters.data.contracts(8)
  app.meters.data.rule('split_purchase', 20)
  app.meters.streams.takenOver('investigation')
  app.meters.streams.takenAway('chat')
  const { body } = await app.inject('/metrics')
  const expected: [string, string, number][] = [
    ['bus_publications_total', '', 3],
    ['bus_deliveries_total', '', 30],
    ['bus_roundtrip_seconds_bucket', '{le="0.001"}', 0],
    ['bus_roundtrip_seconds_bucket', '{le="0.0025"}', 1],
    ['sse_connections_active', '{endpoint="/api/v1/events"}', 1],
    ['websocket_connections_active', '{type="general"}', 2],
    ['websocket_connections_active', '{type="chat"}', 1],
    ['websocket_connections_active', '{type="investigation"}', 2],
    ['sse_events_sent_total', '{endpoint="/api/v1/events"}', 5],
    ['subscriber_cutoffs_total', '{reason="stalled"}', 1],
    ['subscriber_recoveries_total', '{outcome="recovered"}', 1],
    ['subscriber_recoveries_total', '{outcome="trimmed"}', 1],
    ['streaming_errors_total', '{type="story",endpoint="/api/v1/events"}', 1],
    ['streaming_errors_total', '{type="subscriber",endpoint=""}', 1],
    ['jobs', '{state="waiting"}', 4],
    ['jobs', '{state="active"}', 1],
    ['bus_reconnects_total', '{connection="pushes"}', 1],
    ['bus_reconnects_total', '{connection="commands"}', 0],
    ['subscriber_frames_total', '{type="sse",step="made"}', 3],
    ['subscriber_frames_total', '{type="sse",step="sent"}', 30],
    ['subscriber_bytes_total', '{type="sse",compression="before"}', 900],
    ['subscriber_bytes_total', '{type="sse",compression="after"}', 400],
    ['subscriber_unsent_bytes', '{type="sse"}', 70],
    ['subscriber_unsent_bytes_most', '{type="sse"}', 50],
    ['llm_time_between_tokens_seconds_bucket', '{le="0.025",provider="xai"}', 1],
    ['store_query_seconds_bucket', '{le="0.005",statement="select"}', 1],
    ['audit_append_seconds_bucket', '{le="0.05"}', 1],
    ['dataset_lines_total', '{outcome="kept"}', 5],
    ['dataset_lines_total', '{outcome="rejected"}', 2],
    ['investigation_contracts_total', '', 8],
    ['investigation_rule_seconds_bucket', '{le="0.025",anomaly_type="split_purchase"}', 1],
    ['streams_taken_over_total', '{kind="investigation"}', 1],
    ['streams_lost_total', '{kind="chat"}', 1],
    ['subscriber_recoveries_total', '{outcome="epoch_changed"}', 0],
  ]
  for (const [name, labels, value] of expected) t.equal(sample(body, name, labels), value, name + labels)
  t.notMatch(body, 'SENTINEL')
})

t.test('a queue that does not answer costs its own figure only', async (t) => {
  const app = await appWith(t, { token: undefined })
  app.meters.jobs(() => Promise.reject(new Error('store is gone')))
  t.match((await app.inject('/metrics')).body, 'process_cpu_seconds_total')
  app.meters.jobs(() => new Promise(() => {}))
  const slow = await app.inject('/metrics')
  t.equal(slow.statusCode, 200)
  t.equal(sample(slow.body, 'jobs', '{state="waiting"}'), undefined)
})

t.test('two applications in one process count apart', async (t) => {
  const [one, two] = [await appWith(t, { token: undefined }), await appWith(t, { token: undefined })]
  one.meters.channel.published(7)
  t.equal(sample((await one.inject('/metrics')).body, 'bus_publications_total'), 7)
  t.equal(sample((await two.inject('/metrics')).body, 'bus_publications_total'), 0)
})

t.test('figures of the connections are read anew at each scrape, not added up', async (t) => {
  const app = await appWith(t, { token: undefined })
  const sse = { framesMade: 1, framesSent: 2, bytesBefore: 3, bytesAfter: 4 }
  app.meters.wire({ sent: { sse }, unsent: () => ({}) })
  const sent = async () =>
    sample((await app.inject('/metrics')).body, 'subscriber_frames_total', '{type="sse",step="sent"}')
  t.equal(await sent(), 2)
  t.equal(await sent(), 2)
  sse.framesSent = 9
  t.equal(await sent(), 9)
})
