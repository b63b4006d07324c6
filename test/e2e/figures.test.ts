import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { login, startProcess } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(120_000)

const redis = await startRedis()
const { env, next } = await openXai()
const service = await startProcess({
  ...env,
  REDIS_URL: redis.url,
  LLM_PROVIDERS: 'local,xai',
  SLOW_CONSUMER_GRACE_MS: '600000',
})
t.teardown(() => redis.stop())
const admin = await login(service.url)

/** The value of one series; 0 where it is not there. */
const figure = async (name: string): Promise<number> => {
  const { text } = await admin.get('/metrics')
  const line = text.split('\n').find((one) => one.startsWith(`${name} `))
  return Number(line?.slice(name.length) ?? 0)
}
/** Resolves with the value of a series once it is as it should be. */
const becomes = async (name: string, wanted: (value: number) => boolean): Promise<number> => {
  for (;;) {
    const value = await figure(name)
    if (wanted(value)) return value
    await sleep(20)
  }
}
const publish = (n: number, text = '') => admin.post('/api/v1/channels/topic:a/publications', { n, text })
const LARGE = 'text that repeats itself. '.repeat(40)

t.test('a frame is made once for many readers, and compression saves bytes', async (t) => {
  const [made, sent, before, after] = [
    'subscriber_frames_total{type="sse",step="made"}',
    'subscriber_frames_total{type="sse",step="sent"}',
    'subscriber_bytes_total{type="sse",compression="before"}',
    'subscriber_bytes_total{type="sse",compression="after"}',
  ] as const
  const readers = await Promise.all(
    Array.from({ length: 6 }, () => admin.events('/api/v1/channels/topic:a/events', { gzip: true })),
  )
  const began = { before: await figure(before), after: await figure(after) }
  for (let n = 1; n <= 10; n++) await publish(n, LARGE)
  for (const reader of readers) await reader.next(({ data }) => JSON.parse(data).n === 10)
  t.equal(await figure(made), 10)
  t.equal(await figure(sent), 60)
  const [raw, packed] = [(await figure(before)) - began.before, (await figure(after)) - began.after]
  t.ok(raw > 60 * LARGE.length, `${raw} bytes of frames`)
  t.ok(packed < raw / 3, `${packed} on the sockets`)
  for (const reader of readers) reader.close()

  const socket = await admin.socket('/api/v1/ws')
  socket.send({ type: 'subscribe', channel: 'topic:a' })
  await socket.next(({ type }) => type === 'subscribed')
  await publish(11)
  await socket.next(({ type }) => type === 'event')
  t.equal(await figure('subscriber_frames_total{type="websocket",step="sent"}'), 1)
  socket.close()
})

t.test('what a reader does not take is seen while it waits, and no longer', async (t) => {
  const { hostname, port } = new URL(service.url)
  const stopped = connect(Number(port), hostname).on('error', () => {})
  stopped.write(
    `GET /api/v1/channels/topic:a/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${admin.token}\r\n\r\n`,
  )
  stopped.pause()
  await becomes('sse_connections_active{endpoint="/api/v1/channels/:channel/events"}', (open) => open === 1)
  const unsent = 'subscriber_unsent_bytes_most{type="sse"}'
  // What the kernel takes for a reader is not unsent.
  for (let n = 0; (await figure(unsent)) === 0; n++) await publish(n, LARGE.repeat(50))
  t.equal(await figure('subscriber_unsent_bytes{type="sse"}'), await figure(unsent), 'of one reader')
  stopped.destroy()
  await becomes(unsent, (bytes) => bytes === 0)
})

t.test('an answer, an investigation and what they ask of the store are measured', async (t) => {
  next({ tokens: ['one ', 'two ', 'three'] })
  await admin.post('/api/v1/chat/stream', { message: 'Hello', provider: 'xai' })
  t.ok((await figure('llm_time_between_tokens_seconds_count{provider="xai"}')) > 0)
  const { stream_url } = await admin.investigate('sample')
  await (await admin.events(stream_url)).ended()
  t.equal(await figure('investigation_rule_seconds_count{anomaly_type="price_deviation"}'), 1)
  const contracts = await figure('investigation_contracts_total')
  t.ok(contracts > 0)
  t.equal(await figure('dataset_lines_total{outcome="kept"}'), contracts, 'the sample was read at the start')
  for (const statement of ['select', 'insert', 'update'])
    t.ok((await figure(`store_query_seconds_count{statement="${statement}"}`)) > 0, statement)
  t.ok((await figure('audit_append_seconds_count')) > 0)
  const left = await figure('lease_left_seconds')
  t.ok(left > 0 && left <= 6, `leases hold for ${left} s more`)
})

t.test('a Redis that comes back is seen on both connections', async (t) => {
  await redis.restart()
  for (const connection of ['commands', 'pushes'])
    t.ok(await becomes(`bus_reconnects_total{connection="${connection}"}`, (count) => count > 0), connection)
})
