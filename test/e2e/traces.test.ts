import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { login, startProcess } from '../support/process.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(120_000)

interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  attributes: { key: string; value: Record<string, unknown> }[]
}
const SERVER = 2
const CLIENT = 3

/** A receiver of traces, with all that it was sent. */
const receiver = createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  sent += text
  paths.add(request.url ?? '')
  for (const { scopeSpans } of JSON.parse(text).resourceSpans)
    for (const scope of scopeSpans) spans.push(...scope.spans)
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
const attribute = (span: Span | undefined, name: string) =>
  Object.values(span?.attributes.find(({ key }) => key === name)?.value ?? {})[0]

const QUESTION = 'a message that nobody else may read'
const ANSWER = 'an answer that nobody else may read'
const { next, env } = await openXai()
const service = await startProcess({
  ...env,
  XAI_API_KEY: 'a-key-of-a-vendor',
  PROVIDER_MAX_RETRIES: '1',
  PROVIDER_RETRY_BASE_MS: '1',
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
})
const admin = await login(service.url)

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
  const socket = await admin.socket('/api/v1/ws/chat/traced')
  next({ tokens: [ANSWER] })
  socket.send({ type: 'message', content: QUESTION, provider: 'xai' })
  const [call] = await arrived(1, ({ kind, traceId }) => kind === CLIENT && !/^a+$/.test(traceId))
  socket.close()
  const [request] = await arrived(1, ({ name }) => name === 'GET /api/v1/ws/chat/:session_id')
  t.equal(call?.traceId, request?.traceId)
  t.equal(call?.parentSpanId, request?.spanId)
})

t.test('nothing secret is sent, and the log names the trace', async (t) => {
  t.same([...paths], ['/v1/traces'])
  await service.kill('SIGTERM')
  for (const secret of [QUESTION, ANSWER, 'a-key-of-a-vendor', admin.token, 'token_like', 'traced'])
    t.notOk(sent.includes(secret), secret)
  t.match(service.output(), /"trace_id":"a{32}"/, 'the log names the trace')
})
