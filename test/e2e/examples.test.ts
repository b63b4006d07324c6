import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createParser } from 'eventsource-parser'
import t, { type Test } from 'tap'
import { EXAMPLES } from '../../src/routes/examples.ts'
import { client, PATIENCE_MS, startProcess } from '../support/process.ts'

t.setTimeout(300_000)

/** A vendor and a data source that take every request and never answer: what asks them runs until it is cancelled. */
const sockets = new Set<Socket>()
const silent = createServer((socket) => {
  sockets.add(socket.on('error', () => undefined))
}).listen(0, '127.0.0.1')
await once(silent, 'listening')
const silentUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
t.teardown(() => {
  for (const socket of sockets) socket.destroy()
  silent.close()
})

const CREDENTIALS = { username: 'admin', password: 'correct-horse-battery' }
const { url } = await startProcess({
  ADMIN_PASSWORD: CREDENTIALS.password,
  LLM_PROVIDERS: 'local,lmstudio',
  LMSTUDIO_BASE_URL: `${silentUrl}/v1`,
  LMSTUDIO_MODEL: 'silent',
  PNCP_BASE_URL: silentUrl,
})

// biome-ignore lint/suspicious/noExplicitAny: a document that is looked at, not typed
type Json = any

const document: Json = (await client(url).get('/docs/json')).body
const operations = new Map<string, Json>(
  Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  ),
)

/** The good answer that an operation's examples show: its status, its type and the example itself. */
const goodAnswerOf = ({ responses }: Json): { status: number; type?: string; example?: Json } => {
  const [status, response] = Object.entries<Json>(responses).find(([status]) => /^2/.test(status)) ?? []
  const [type, media] =
    Object.entries<Json>(response?.content ?? {}).find(([, { example }]) => example !== undefined) ?? []
  return { status: Number(status), ...(type && { type, example: media.example }) }
}

t.test('every operation says what it is asked and what its good answer is', async (t) => {
  for (const [route, operation] of operations) {
    const fine = Object.entries<Json>(operation.responses).filter(([status]) => /^2/.test(status))
    // There may be nothing to answer with.
    const good = fine.filter(([status]) => fine.length === 1 || status !== '204')
    t.equal(good.length, 1, `${route}: one good status`)
    for (const [status, { description }] of good) {
      t.not(description, 'Default Response', `${route}: ${status} is described`)
      const { type, example } = goodAnswerOf(operation)
      if (status !== '204') t.ok(example !== undefined, `${route}: ${status} has an example`)
      if (type === 'text/event-stream') {
        t.match(example, /^retry: \d+\n\n/, `${route}: the bytes begin as streams do`)
        t.match(description, /\n- `[^`]+`: \w/, `${route}: events one by one`)
      }
    }
    for (const { name, required, schema, example } of operation.parameters ?? []) {
      if (required) t.ok(example !== undefined, `${route}: ?${name}`)
      if (schema?.default !== undefined) t.notOk(required, `${route}: ?${name} has a default`)
    }
    if (operation.requestBody?.required)
      t.ok(
        Object.values<Json>(operation.requestBody.content).some(({ example }) => example !== undefined),
        `${route}: a body`,
      )
  }
})

interface Event {
  event: string | undefined
  data: Json
}

const eventsOf = (feed: (add: (text: string) => void) => void): Event[] => {
  const events: Event[] = []
  const parser = createParser({
    onEvent: ({ event, data }) =>
      events.push({ event, data: data.startsWith('{') ? JSON.parse(data) : data }),
  })
  feed((text) => parser.feed(text))
  return events
}

/** What tells an event from others of its stream. */
const kindOf = ({ event, data }: Event): string => {
  if (typeof data === 'string') return data
  const { type, object, choices } = data
  if (object === 'chat.completion.chunk')
    return choices.length === 0 ? 'usage' : choices[0].finish_reason === null ? 'piece' : 'finish'
  return `${event ?? ''} ${type ?? ''} ${data.is_final ?? ''}`
}

/** The first event of each kind, in order. */
const firstOf = (events: Event[]): Map<string, Event> => {
  const first = new Map<string, Event>()
  for (const event of events) if (!first.has(kindOf(event))) first.set(kindOf(event), event)
  return first
}

/** What the service has in place of the ids, tickets and tokens of the examples. */
const made = new Map<string, string>()
const withMade = (value: Json): Json => {
  if (typeof value === 'string') return made.get(value) ?? value
  if (Array.isArray(value)) return value.map(withMade)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withMade(one)]))
}

/** Where an answer has other members or types than its example; ids of the example are learnt on the way. */
const differences = (example: Json, answer: Json, at = ''): string[] => {
  if (example === null || answer === null) return []
  if (Array.isArray(example) && Array.isArray(answer)) {
    if (example.length === 0) return []
    return answer.length === 0 ? [`${at}: empty`] : differences(example[0], answer[0], `${at}[0]`)
  }
  if (typeof example !== typeof answer || Array.isArray(example) !== Array.isArray(answer))
    return [`${at}: ${typeof example}, not ${typeof answer}`]
  if (typeof example === 'string' && /(id|Id|token|ticket)$/.test(at) && !made.has(example))
    made.set(example, answer)
  if (typeof example !== 'object') return []
  return [...new Set([...Object.keys(example), ...Object.keys(answer)])].flatMap((name) => {
    if (!(name in answer)) return [`${at}.${name}: not in the answer`]
    if (!(name in example)) return [`${at}.${name}: not in the example`]
    return differences(example[name], answer[name], `${at}.${name}`)
  })
}

/** Streams that end only when their reader leaves. */
const ENDLESS = new Set([
  'GET /api/v1/events',
  'GET /api/v1/channels/{channel}/events',
  'GET /api/v1/audit/stream',
  'GET /api/v1/chat/ui/{chatId}/stream',
])

let token = ''
/** Ends the streams that wait for an answer that will not come. */
const leaving = new AbortController()
t.teardown(() => leaving.abort())
interface Sent {
  body?: Json
  type?: string
  signal?: AbortSignal
}
const send = (
  method: string,
  path: string,
  { body, type, signal = AbortSignal.timeout(PATIENCE_MS) }: Sent = {},
) =>
  fetch(url + path, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': type ?? 'application/json' }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal,
  })

/** Asks for an answer that will not come, and returns the stream that waits for it. */
const hangingStream = async (path: string, body: object): Promise<string> => {
  const asked = { body: { ...body, provider: 'lmstudio' }, signal: leaving.signal }
  const response = await send('POST', path, asked)
  return response.headers.get('x-stream-id') as string
}

const hangingInvestigation = async (): Promise<string> => {
  const body = {
    query: 'What is unusual?',
    data_source: 'pncp',
    filters: { start_date: '2024-01-01', end_date: '2024-01-31' },
  }
  const { investigation_id } = (await (await send('POST', '/api/v1/investigations', { body })).json()) as Json
  return investigation_id
}
let running: Promise<string> | undefined
const runningInvestigation = async () => {
  running ??= hangingInvestigation()
  return { id: await running }
}

/** Requests about what is under way need something that is: parameters by route. */
const UNDER_WAY: Record<string, () => Promise<Record<string, string>>> = {
  'GET /api/v1/observability': async () => {
    await hangingStream('/api/v1/chat/stream', { message: 'Hello' })
    return {}
  },
  'POST /api/v1/investigations/{id}/pause': runningInvestigation,
  'POST /api/v1/investigations/{id}/resume': runningInvestigation,
  'POST /api/v1/investigations/{id}/cancel': runningInvestigation,
  'POST /api/v1/streams/{stream_id}/cancel': async () => ({
    stream_id: await hangingStream('/api/v1/chat/stream', { message: 'Hello' }),
  }),
  'POST /api/stream/cancel/{streamId}': async () => ({
    streamId: await hangingStream('/api/v1/chat/stream', { message: 'Hello' }),
  }),
  'GET /api/v1/chat/ui/{chatId}/stream': async () => {
    const messages = [{ id: 'question-2', role: 'user', parts: [{ type: 'text', text: 'How many?' }] }]
    await hangingStream('/api/v1/chat/ui', { id: 'ui-budget', messages })
    return {}
  },
}

/** Reads a stream to its end, or until each kind of event has come. */
const readStream = async (response: Response, isEndless: boolean, kinds: number): Promise<Event[]> => {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true }
    if (done) break
    text += value
    if (isEndless && firstOf(eventsOf((add) => add(text))).size >= kinds) break
  }
  await reader?.cancel()
  return eventsOf((add) => add(text))
}

const checkExample = async (t: Test, route: string, operation: Json) => {
  const [method, pattern] = route.split(' ') as [string, string]
  const underWay = await UNDER_WAY[route]?.()
  let path = pattern
  const query = new URLSearchParams()
  for (const { name, in: place, example } of operation.parameters ?? []) {
    if (example === undefined) continue
    const value = underWay?.[name] ?? withMade(example)
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value))
    else if (place === 'query') for (const one of [value].flat()) query.append(name, one)
  }
  const [type, media] =
    Object.entries<Json>(operation.requestBody?.content ?? {}).find(
      ([, { example }]) => example !== undefined,
    ) ?? []
  const body = withMade(media?.example)
  const response = await send(method, query.size > 0 ? `${path}?${query}` : path, {
    body,
    ...(type && { type }),
  })

  const good = goodAnswerOf(operation)
  t.equal(response.status, good.status, 'status')
  if (good.type) t.match(response.headers.get('content-type'), good.type, 'type')
  if (good.type === 'text/event-stream') {
    const shown = firstOf(eventsOf((add) => add(good.example)))
    const isEndless = ENDLESS.has(route)
    if (isEndless) {
      await send('POST', '/api/v1/channels/topic:prices/publications', {
        body: { item: 'paper A4', price: 24.9 },
      })
      await send('POST', '/auth/login', { body: CREDENTIALS })
    }
    const came = firstOf(await readStream(response, isEndless, shown.size))
    t.same([...came.keys()], [...shown.keys()], 'kinds of events, in order')
    for (const [kind, { data }] of shown) t.same(differences(data, came.get(kind)?.data), [], kind)
    return
  }
  const text = await response.text()
  if (good.type !== 'application/json') return t.equal(text === '', good.status === 204, 'body')
  const answer = JSON.parse(text)
  t.same(differences(good.example, answer), [], 'the shape of the answer')
  if (answer.access_token) token = answer.access_token
}

t.test('every example works as it is shown, one after the other', async (t) => {
  const routes = EXAMPLES.map(({ route }) => route)
  t.same(routes.toSorted(), [...operations.keys()].toSorted(), 'each operation has one example')
  for (const route of routes) {
    const operation = operations.get(route)
    if (operation) await t.test(route, (t) => checkExample(t, route, operation))
  }
})
