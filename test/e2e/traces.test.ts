import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { client, login, startProcess, temporaryFolder } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(120_000)

interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  attributes: { key: string; value: Record<string, unknown> }[]
  /** Id of the instance that sent it. */
  instance: string
}
const SERVER = 2
const CLIENT = 3
const CONSUMER = 5

/** A receiver of traces, with all that it was sent. */
const receiver = createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  sent += text
  paths.add(request.url ?? '')
  for (const { resource, scopeSpans } of JSON.parse(text).resourceSpans) {
    const instance = attribute(resource, 'service.instance.id') as string
    for (const scope of scopeSpans) for (const span of scope.spans) spans.push({ ...span, instance })
  }
  for (const look of [...waiting]) look()
  response.setHeader('content-type', 'application/json').end('{}')
}).listen(0, '127.0.0.1')
let sent = ''
const paths = new Set<string>()
const spans: Span[] = []
const waiting = new Set<() => void>()
await once(receiver, 'listening')
t.teardown(() => receiver.close())

/** Resolves with the spans that answer to a filter, once there are so many. */
const arrived = (count: number, filter: (span: Span) => boolean) =>
  new Promise<Span[]>((resolve) => {
    const look = () => {
      const found = spans.filter(filter)
      if (found.length < count) return
      waiting.delete(look)
      resolve(found)
    }
    waiting.add(look)
    look()
  })
const attribute = (span: Pick<Span, 'attributes'> | undefined, name: string) =>
  Object.values(span?.attributes.find(({ key }) => key === name)?.value ?? {})[0]

const QUESTION = 'a message that nobody else may read'
const ANSWER = 'an answer that nobody else may read'
const { next, env } = await openXai()
const redis = await startRedis()
t.teardown(() => redis.stop())
const settings = {
  ...env,
  DATA_DIR: await temporaryFolder(),
  REDIS_URL: redis.url,
  XAI_API_KEY: 'a-key-of-a-vendor',
  PROVIDER_MAX_RETRIES: '1',
  PROVIDER_RETRY_BASE_MS: '1',
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
}
const service = await startProcess(settings)
const admin = await login(service.url)
/** Another instance of the same service. */
const other = await startProcess(settings)
const elsewhere = client(other.url, admin.token)

t.test('a turn is one trace: the request, and below it each call of a provider', async (t) => {
  next({ status: 500 }, { tokens: [ANSWER] })
  const parent = { trace: 'a'.repeat(32), span: 'b'.repeat(16) }
  const { status } = await admin.call('POST', '/api/v1/chat/stream?token_like=1', {
    body: { message: QUESTION, provider: 'xai' },
    headers: { traceparent: `00-${parent.trace}-${parent.span}-01` },
  })
  t.equal(status, 200)
  const trace = await arrived(3, ({ traceId }) => traceId === parent.trace)
  const [request] = trace.filter(({ kind }) => kind === SERVER)
  t.match(request, { name: 'POST /api/v1/chat/stream', parentSpanId: parent.span })
  t.equal(attribute(request, 'http.response.status_code'), 200)
  const calls = trace.filter(({ kind }) => kind === CLIENT)
  t.equal(calls.length, 2, 'a call that failed, and the one after it')
  for (const call of calls) {
    t.equal(call.parentSpanId, request?.spanId)
    t.equal(attribute(call, 'gen_ai.request.model'), 'grok')
    t.equal(attribute(call, 'gen_ai.provider.name'), 'xai')
  }
  const failed = calls.find((call) => attribute(call, 'error.type') !== undefined)
  t.equal(attribute(failed, 'error.type'), 'PROVIDER_UNAVAILABLE')
  const whole = calls.find((call) => call !== failed)
  t.equal(Number(attribute(whole, 'gen_ai.usage.input_tokens')), 7)
})

t.test('a turn asked for on a WebSocket is in the trace of its connection', async (t) => {
  const socket = await admin.socket('/api/v1/ws/chat/traced-room')
  next({ tokens: [ANSWER] })
  socket.send({ type: 'message', content: QUESTION, provider: 'xai' })
  const [call] = await arrived(1, ({ kind, traceId }) => kind === CLIENT && !/^a+$/.test(traceId))
  socket.close()
  const [request] = await arrived(1, ({ name }) => name === 'GET /api/v1/ws/chat/:session_id')
  t.equal(call?.traceId, request?.traceId)
  t.equal(call?.parentSpanId, request?.spanId)
})

t.test(
  'what another instance delivers is in the trace of the turn, and its viewers do not see it',
  async (t) => {
    const trace = 'c'.repeat(32)
    const headers = { traceparent: `00-${trace}-${'d'.repeat(16)}-01` }
    const room = await elsewhere.socket('/api/v1/ws/chat/seen-elsewhere')
    next({ tokens: ['one ', 'two ', 'three'] })
    const { status } = await admin.call('POST', '/api/v1/chat/stream', {
      body: { message: QUESTION, provider: 'xai', session_id: 'seen-elsewhere' },
      headers,
    })
    t.equal(status, 200)
    await room.next(({ type }) => type === 'agent_response_complete')
    const [delivered] = await arrived(
      1,
      (span) => span.kind === CONSUMER && span.traceId === trace && span.instance.includes(`-${other.pid}-`),
    )
    const [request] = await arrived(1, ({ kind, traceId }) => kind === SERVER && traceId === trace)
    const [call] = await arrived(1, ({ kind, traceId }) => kind === CLIENT && traceId === trace)
    t.match(request?.instance, `-${service.pid}-`)
    t.match(call, { instance: request?.instance, parentSpanId: request?.spanId })
    t.match(delivered, { name: 'deliver chat', parentSpanId: request?.spanId })
    t.equal(
      Number(attribute(delivered, 'messaging.batch.message_count')),
      attribute(delivered, 'tributary.deliveries'),
    )
    t.notMatch(JSON.stringify(room.messages), trace)
  },
)

t.test('a publication and its history keep their trace to themselves', async (t) => {
  const trace = 'e'.repeat(32)
  const path = '/api/v1/channels/topic:traced-topic'
  const live = await elsewhere.events(`${path}/events`)
  const many = await elsewhere.events('/api/v1/events?channel=topic:traced-topic')
  await admin.call('POST', `${path}/publications`, {
    body: { n: 1 },
    headers: { traceparent: `00-${trace}-${'f'.repeat(16)}-01` },
  })
  t.equal((await live.next()).data, '{"n":1}')
  t.match((await many.next(({ event }) => event === 'publication')).data, '"data":{"n":1}')
  const late = await elsewhere.events(`${path}/events?recover=all`)
  const { text } = await elsewhere.get(`${path}/history?after=0`)
  t.match(text, '"n":1')
  for (const one of [live, many, late]) t.notMatch(JSON.stringify(one.events), trace)
  t.notMatch(text, trace)
  const [delivered] = await arrived(1, (span) => span.kind === CONSUMER && span.traceId === trace)
  t.equal(delivered?.name, 'deliver topic')
  t.equal(Number(attribute(delivered, 'tributary.deliveries')), 2)
  for (const one of [live, many, late]) one.close()
})

t.test('nothing secret is sent, and the log names the trace', async (t) => {
  t.same([...paths], ['/v1/traces'])
  await service.kill('SIGTERM')
  for (const secret of [
    QUESTION,
    ANSWER,
    'a-key-of-a-vendor',
    admin.token,
    'token_like',
    'traced-',
    'seen-elsewhere',
  ])
    t.notOk(sent.includes(secret), secret)
  t.match(service.output(), /"trace_id":"a{32}"/, 'the log names the trace')
})
