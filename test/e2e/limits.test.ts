import { setTimeout as pace } from 'node:timers/promises'
import t from 'tap'
import type { ReceivedEvent } from '../support/event-source.ts'
import {
  ADMIN_PASSWORD,
  type Client,
  client,
  login,
  newUser,
  PATIENCE_MS,
  startProcess,
} from '../support/process.ts'
import { UpgradeRefused } from '../support/socket.ts'

t.setTimeout(300_000)

const [narrow, switchedOff, wide] = await Promise.all([
  startProcess({
    TRUST_PROXY: '127.0.0.1',
    RATE_LIMIT_PER_ADDRESS: '60',
    RATE_LIMIT_PER_USER: '20',
    MAX_CONNECTIONS_PER_IP: '2',
    MAX_CONCURRENT_STREAMS: '4',
    MAX_STREAMS_PER_USER: '2',
    INVESTIGATION_CONCURRENCY: '1',
  }),
  startProcess({
    ENABLE_SSE_STREAMING: 'false',
    ENABLE_WEBSOCKET: 'false',
    RATE_LIMIT_LOGIN: '4',
    METRICS_TOKEN: 'scraper',
  }),
  startProcess({ SSE_BUFFER_SIZE: '65536', SLOW_CONSUMER_GRACE_MS: '500', STREAMING_COMPRESSION: 'false' }),
])

/** A client behind the proxy, at an address of its own. */
const at = (address: string, { token }: Client): Client => {
  const inner = client(narrow.url, token)
  const forwarded = { 'x-forwarded-for': address }
  return {
    ...inner,
    call: (method, path, options = {}) =>
      inner.call(method, path, { ...options, headers: { ...options.headers, ...forwarded } }),
    get: (path) => inner.call('GET', path, { headers: forwarded }),
    events: (path, options = {}) =>
      inner.events(path, { ...options, headers: { ...options.headers, ...forwarded } }),
    socket: (path, options = {}) =>
      inner.socket(path, { ...options, headers: { ...options.headers, ...forwarded } }),
  }
}

const refused = async (opening: Promise<unknown>): Promise<UpgradeRefused> => {
  try {
    await opening
  } catch (error) {
    if (error instanceof UpgradeRefused) return error
    throw error
  }
  throw new Error('the upgrade was not refused')
}

const admin = await login(narrow.url)
const [one, two, three] = (await Promise.all(
  ['one', 'two', 'three'].map((name) => newUser(admin, narrow.url, name)),
)) as [Client, Client, Client]

t.test('requests of one user, and of one address', async (t) => {
  const first = await at('10.0.0.1', one).get('/api/v1/datasets')
  t.equal(first.status, 200)
  for (const header of ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'])
    t.match(first.headers.get(header), /^\d+$/, header)
  let answer = first
  for (let count = 1; count <= 20; count++) answer = await at(`10.0.1.${count}`, one).get('/api/v1/datasets')
  t.equal(answer.status, 429, 'a user is one, wherever it comes from')
  t.match(answer.body, { code: 'RATE_LIMITED' })
  t.ok(Number(answer.headers.get('retry-after')) > 0)
  const stream = await at('10.0.0.2', one).events('/api/v1/channels/topic:x/events')
  t.equal(stream.status, 200, 'an EventSource is sent away, not ended')
  await stream.ended()
  t.equal(stream.retries.length, 1)
  t.same(stream.events, [])
  t.equal((await at('10.0.0.1', two).get('/api/v1/datasets')).status, 200, 'others are not concerned')

  const nobody = client(narrow.url)
  for (let count = 0; count < 61; count++) answer = await at('10.0.0.3', nobody).get('/api/v1/anomaly-types')
  t.equal(answer.status, 429)
  t.equal((await at('10.0.0.4', nobody).get('/api/v1/anomaly-types')).status, 200)
})

t.test('open connections of one address, and of all', async (t) => {
  const path = '/api/v1/channels/topic:x/events'
  const here = at('10.0.2.1', two)
  const open = [await here.events(path), await here.socket('/api/v1/ws')] as const
  t.equal(open[0].status, 200)
  const away = await here.events(path)
  t.equal(away.status, 200)
  t.ok(Number(away.headers['retry-after']) > 0)
  t.equal(await away.ended(), 'whole')
  t.equal(away.retries.length, 1)
  t.ok((away.retries[0] as number) >= 1000 && (away.retries[0] as number) <= 10_000, 'spread over 1–10 s')
  t.equal(away.comments.length, 1)
  const upgrade = await refused(here.socket('/api/v1/ws'))
  t.equal(upgrade.status, 429)
  t.ok(Number(upgrade.headers['retry-after']) > 0)

  const there = at('10.0.2.2', two)
  const more = [await there.events(path), await there.events(path)]
  const third = at('10.0.2.3', two)
  const full = await third.events(path)
  t.equal(full.status, 200)
  t.equal(await full.ended(), 'whole')
  t.equal(full.retries.length, 1)
  t.equal((await refused(third.socket('/api/v1/ws'))).status, 503)
  for (const stream of [open[0], ...more]) stream.close()
  open[1].close()
  const end = performance.now() + PATIENCE_MS
  for (;;) {
    const again = await at('10.0.2.4', three).events(path)
    const taken = again.headers['retry-after'] === undefined
    again.close()
    if (taken) break
    if (performance.now() > end) throw new Error('no place became free')
    await pace(50)
  }
  t.pass('places that were left are given again')
})

t.test('running streams of one user', async (t) => {
  const patient = await newUser(admin, narrow.url, 'patient')
  const start = () => patient.post('/api/v1/investigations', { query: 'x', dataset_id: 'sample' })
  const answers = await Promise.all([start(), start(), start(), start()])
  const over = answers.filter(({ status }) => status === 429)
  t.equal(answers.filter(({ status }) => status === 202).length, 2)
  t.equal(over.length, 2)
  for (const { body, headers } of over) {
    t.match(body, { code: 'TOO_MANY_STREAMS' })
    t.ok(Number(headers.get('retry-after')) > 0)
  }
})

t.test('limits are told before they refuse', async (t) => {
  const careful = await newUser(admin, narrow.url, 'careful')
  const first = await careful.get('/api/v1/limits')
  t.match(first.body, {
    requests: { limit: 20, remaining: 19 },
    streams: { limit: 2, running: 0 },
    tokens: { limit: null, used: 0 },
    message: { limit: 10_000 },
  })
  t.ok(first.body.requests.reset > 0 && first.body.requests.reset <= 60)
  t.ok(first.body.tokens.reset > 0 && first.body.tokens.reset <= 86_400)
  t.match((await careful.get('/api/v1/limits')).body, { requests: { limit: 20, remaining: 18 } })
  t.equal((await client(narrow.url).get('/api/v1/limits')).status, 401)
})

t.test('what is switched off says so, and forged addresses count as one', async (t) => {
  const user = await login(switchedOff.url)
  for (const path of ['/api/v1/events?channel=topic:x', '/api/v1/channels/topic:x/events']) {
    const answer = await user.get(path)
    t.equal(answer.status, 503)
    t.match(answer.body, { code: 'FEATURE_DISABLED' })
  }
  const upgrade = await refused(user.socket('/api/v1/ws'))
  t.equal(upgrade.status, 503)
  t.match(JSON.parse(upgrade.body), { code: 'FEATURE_DISABLED' })
  const statuses: number[] = []
  for (let count = 0; count < 5; count++) {
    const answer = await client(switchedOff.url).call('POST', '/auth/login', {
      body: { username: `nobody-${count}`, password: ADMIN_PASSWORD },
      headers: { 'x-forwarded-for': `10.1.1.${count}` },
    })
    statuses.push(answer.status)
  }
  t.same(statuses, [401, 401, 401, 429, 429])
  t.equal((await client(switchedOff.url).get('/metrics')).status, 200, 'metrics are open on loopback')
})

t.test('readers that stop are cut off and come back; others are not slowed', async (t) => {
  const publisher = await login(wide.url)
  const payload = 'x'.repeat(200_000)
  const count = 120
  const path = '/api/v1/channels/topic:wide/events'
  const healthy = await publisher.events(path)
  const healthySocket = await publisher.socket('/api/v1/ws')
  const stoppedSocket = await publisher.socket('/api/v1/ws')
  for (const socket of [healthySocket, stoppedSocket]) {
    socket.send({ type: 'subscribe', channel: 'topic:wide' })
    await socket.ofType('subscribed')
  }
  const stopped = await publisher.events(path)
  stopped.response.pause()
  stoppedSocket.socket.pause()

  const began = performance.now()
  const events: ReceivedEvent[] = []
  for (let n = 0; n < count; n += 4) {
    const body = Array.from({ length: 4 }, (_, index) => JSON.stringify({ n: n + index, payload })).join('\n')
    const { status } = await publisher.call('POST', '/api/v1/channels/topic:wide/publications', {
      body,
      type: 'application/x-ndjson',
    })
    t.equal(status, 202)
    events.push(...(await healthy.take(4)))
    await healthySocket.next(({ data }) => data?.n === n + 3)
  }
  const tookMs = performance.now() - began
  t.same(
    events.map(({ data }) => JSON.parse(data).n),
    events.map((_, index) => index),
    `${count} publications of 200 kB in ${Math.round(tookMs)} ms beside two stopped readers`,
  )

  const cutoffs = async (): Promise<number> =>
    [...(await publisher.get('/metrics')).text.matchAll(/^subscriber_cutoffs_total\{[^}]*\} (\d+)/gm)].reduce(
      (sum, [, value]) => sum + Number(value),
      0,
    )
  const end = performance.now() + PATIENCE_MS
  while ((await cutoffs()) < 2) {
    if (performance.now() > end) throw new Error('the stopped readers were not cut off')
    await pace(50)
  }
  const told = wide.output().match(/.*"a subscriber was cut off".*/g) ?? []
  t.equal(told.length, 2)
  for (const line of told)
    t.match(JSON.parse(line), {
      user_id: /./,
      address: '127.0.0.1',
      endpoint: /./,
      reason: /stalled|overflow/,
    })
  stopped.response.resume()
  stoppedSocket.socket.resume()
  t.equal(await stopped.ended(), 'cut')
  t.match(await stoppedSocket.closed(), { code: 1013, reason: /./ })
  const seen = stopped.events.length
  t.ok(seen > 0 && seen < count, `the stopped one had got ${seen} of ${count}`)
  t.same(
    stopped.events.map(({ id }) => id),
    events.slice(0, seen).map(({ id }) => id),
  )
  const back = await publisher.events(path, { lastEventId: stopped.events.at(-1)?.id as string })
  t.match(await back.next(), { event: 'recovery', data: /"recovered":true/ })
  const rest = await back.take(count - seen)
  t.same(
    rest.map(({ id }) => id),
    events.slice(seen).map(({ id }) => id),
    'and got the rest when it came back',
  )
  for (const one of [healthy, back, healthySocket]) one.close()
})

t.test('the figures that are promised', async (t) => {
  const user = await login(wide.url)
  const started = await user.investigate('sample')
  await (await user.events(started.stream_url)).ended()
  for (const path of ['/metrics', '/health/metrics']) {
    const { status, text } = await client(wide.url).get(path)
    t.equal(status, 200)
    for (const name of [
      'http_request_duration_seconds',
      'websocket_connections_active',
      'sse_events_sent_total',
      'streaming_errors_total',
      'sse_connections_active',
      'bus_publications_total',
      'bus_deliveries_total',
      'bus_roundtrip_seconds',
      'subscriber_cutoffs_total',
      'subscriber_recoveries_total',
      'jobs',
    ])
      t.match(text, new RegExp(`^# TYPE ${name} `, 'm'), `${path} has ${name}`)
    t.match(text, /^sse_events_sent_total\{.*endpoint="\/api\/v1\/investigations\/stream\/:id".*\} [1-9]/m)
    t.match(text, /^http_request_duration_seconds_count\{.*endpoint="\/api\/v1\/investigations".*\} [1-9]/m)
    t.notOk(text.includes(started.investigation_id), 'no id becomes a label')
  }
  t.match((await client(wide.url).get('/health/ready')).body, {
    status: 'ok',
    checks: { store: 'ok', bus: 'ok', queue: 'ok' },
  })
  t.same((await client(wide.url).get('/health/live')).body, { status: 'ok' })
  const { instance, all } = (await user.get('/api/v1/observability')).body
  t.match(instance, { connections: Array, channels: { busUp: true }, streams: { running: 0 } })
  t.ok(instance.requests.answered >= 5 && instance.requests.seconds <= 60, 'requests of the last minute')
  t.equal(instance.requests.failed, 0)
  t.match(all, { streams: { waiting: 0, running: 0 }, instances: [] })
})

t.test('a WebSocket that talks nonsense', async (t) => {
  const user = await login(wide.url)
  const socket = await user.socket('/api/v1/ws')
  await socket.ofType('connected')
  for (const message of ['{nonsense', '[]', '{"type":"dance"}', '{"type":"subscribe"}', '{"__proto__":1}']) {
    socket.send(message)
    t.match(await socket.ofType('error'), { error_code: 'INVALID_MESSAGE' }, message)
  }
  socket.send({ type: 'ping' })
  t.ok(await socket.ofType('pong'), 'the connection stays')
  for (let count = 0; count < 15; count++) socket.send('{nonsense')
  t.match(await socket.closed(), { code: 1008, reason: /./ }, '20 in a minute close it')
  const large = await user.socket('/api/v1/ws')
  large.send(JSON.stringify({ type: 'publish', channel: 'topic:x', data: 'x'.repeat(65_536) }))
  t.equal((await large.closed()).code, 1009)
  const batched = await user.socket('/api/v1/ws?batch=1')
  batched.send({ type: 'subscribe', channel: 'topic:batch' })
  await batched.next(
    ({ type, messages }) =>
      type === 'subscribed' || (messages ?? []).some((one: { type: string }) => one.type === 'subscribed'),
  )
  await user.call('POST', '/api/v1/channels/topic:batch/publications', {
    body: '1\n2\n3\n',
    type: 'application/x-ndjson',
  })
  const batch = await batched.ofType('batch')
  t.equal(batch.count, batch.messages.length)
  t.match(batch.messages[0], { type: 'event', channel: 'topic:batch', data: 1 })
  batched.close()
})
