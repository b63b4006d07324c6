import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { newUsers, postEvents } from '../support/clients.ts'
import { deploy, until } from '../support/deployment.ts'
import { type Client, client, login } from '../support/process.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(300_000)

const { vendor, env } = await openXai()
const source = createServer(() => undefined).listen(0, '127.0.0.1')
await once(source, 'listening')
t.teardown(() => {
  source.closeAllConnections()
  source.close()
})
const deployment = await deploy(t, 'sqlite', {
  env: {
    ...env,
    LLM_PROVIDERS: 'xai,local',
    INVESTIGATION_CONCURRENCY: '1',
    PNCP_BASE_URL: `http://127.0.0.1:${(source.address() as AddressInfo).port}`,
  },
})
const [a, b] = await Promise.all([deployment.start(), deployment.start()])
const admin = await login(a.url)
const { alice, bob, vera, carl } = await newUsers(admin, a.url, {
  alice: 'analyst',
  bob: 'analyst',
  vera: 'viewer',
  carl: 'auditor',
})
/** The same user, at the other process. */
const atB = (user: Client): Client => client(b.url, user.token)

// biome-ignore lint/suspicious/noExplicitAny: events are looked at, not typed
type Data = any
interface Named {
  event: string | undefined
  data: Data
}
const parsed = ({ events }: { events: readonly { event: string | undefined; data: string }[] }): Named[] =>
  events.map(({ event, data }) => ({ event, data: JSON.parse(data) }))

const chatPath = (parameters: Record<string, string>) => `/api/stream/chat?${new URLSearchParams(parameters)}`
const execute = async (user: Client, body: object): Promise<Named[]> => {
  const events = await postEvents(user, '/api/stream/execute', body)
  await events.ended()
  return parsed(events)
}

t.test('without ALLOW_ANONYMOUS every interface wants credentials', async (t) => {
  const stranger = client(a.url)
  const answers = await Promise.all([
    stranger.get('/api/stream/chat?message=x'),
    stranger.get('/api/stream/incorporate?prompt=x'),
    stranger.get('/api/stream/status'),
    stranger.post('/api/stream/execute', { action: { type: 'execute_task', description: 'x' } }),
    stranger.post('/api/stream/cancel/x'),
    stranger.post('/api/chat/stream', { chatSessionId: 's', content: 'x' }),
    stranger.post('/stream/chat', { message: 'x' }),
    stranger.post('/api/v1/chat/direct/xai/stream', { messages: [{ role: 'user', content: 'x' }] }),
  ])
  for (const { status, body } of answers)
    t.match({ status, body }, { status: 401, body: { code: 'UNAUTHENTICATED' } })
  t.equal((await vera.get('/api/stream/chat?message=x')).status, 403, 'a viewer starts nothing')
  t.equal(vendor.asked.length, 0)
})

t.test(
  'a stream is gone on with by its own GET, on any process and at any moment, and asked once',
  async (t) => {
    const nth = vendor.asked.length
    vendor.answers({ tokens: ['um ', 'dois ', 'três'], stepped: true })
    const path = chatPath({ message: 'Conte até três' })
    const first = await alice.events(path)
    const start = await first.next(({ event }) => event === 'start')
    first.close()

    const second = await atB(alice).events(path, { lastEventId: start.id as string })
    t.match(JSON.parse((await second.next(({ event }) => event === 'recovery')).data), { recovered: true })
    await vendor.arrived(nth)
    await vendor.step(2)
    const token = await second.next(({ data }) => data.includes('dois'))
    second.close()

    const third = await alice.events(path, { lastEventId: token.id as string })
    await vendor.step()
    await third.ended()
    t.match(parsed(third), [
      { event: 'recovery', data: { recovered: true } },
      { event: 'token', data: { token: 'três', text_so_far: 'um dois três', token_index: Number } },
      { event: 'response_complete', data: { response: 'um dois três' } },
    ])
    const { stream_id } = JSON.parse(start.data)
    t.ok([second, third].every(({ headers }) => headers['x-stream-id'] === stream_id))
    const end = third.events.at(-1)?.id as string
    t.equal((await atB(alice).events(path, { lastEventId: end })).status, 204)
    t.equal((await bob.events(path, { lastEventId: end })).status, 404, "another user's position")
    t.equal((await alice.events(path, { lastEventId: 'nonsense' })).status, 404)
    t.equal(vendor.asked.length, nth + 1)
  },
)

t.test('of two streams at once in one session each GET goes on with its own', async (t) => {
  const nth = vendor.asked.length
  const release = [() => {}, () => {}]
  const held = [0, 1].map(
    (at) =>
      new Promise<void>((resolve) => {
        release[at] = resolve
      }),
  )
  vendor.always(({ body }) => {
    const { content } = body.messages.at(-1)
    return { tokens: [`${content}!`], hold: content === 'Primeira' ? held[0] : held[1] } as {
      tokens: string[]
    }
  })
  const paths = ['Primeira', 'Segunda'].map((message) => chatPath({ message, session_id: 'both' }))
  const opened = []
  for (const path of paths) {
    const events = await alice.events(path)
    opened.push(await events.next(({ event }) => event === 'start'))
    events.close()
  }
  const last = opened[1]?.id as string
  const resumed = await Promise.all(paths.map((path) => alice.events(path, { lastEventId: last })))
  for (const go of release) go()
  for (const [at, events] of resumed.entries()) {
    await events.ended()
    const { stream_id } = JSON.parse(opened[at]?.data ?? '')
    t.match(parsed(events).at(-1), {
      event: 'response_complete',
      data: { stream_id, response: ['Primeira!', 'Segunda!'][at] },
    })
  }
  t.equal(vendor.asked.length, nth + 2)
})

t.test('a stream is cancelled from the other process, by its owner alone', async (t) => {
  const nth = vendor.asked.length
  vendor.answers({ tokens: ['a', 'b'], stall: 'between' })
  const events = await alice.events(chatPath({ message: 'Conte' }))
  const { stream_id, session_id } = JSON.parse((await events.next(({ event }) => event === 'start')).data)
  await events.next(({ event }) => event === 'token')
  t.equal((await atB(bob).post(`/api/stream/cancel/${stream_id}`)).status, 404)
  t.match(await atB(alice).post(`/api/stream/cancel/${stream_id}`), { status: 202, body: { stream_id } })
  await vendor.closed(nth)
  await events.ended()
  t.match(parsed(events).at(-1), { event: 'error', data: { error_code: 'CANCELLED' } })
  t.match(await atB(alice).post(`/api/stream/cancel/${stream_id}`), {
    status: 409,
    body: { code: 'INVALID_STATE' },
  })
  const { body } = await alice.get(`/api/v1/chat/sessions/${session_id}/messages`)
  t.match(body.items.at(-1), { content: 'a', state: 'cancelled' })
})

t.test("status counts the caller's own streams, an administrator's everybody's", async (t) => {
  const before = (await bob.get('/api/stream/status')).body
  t.strictSame(before, { active_streams: 0, total_streams: 0, avg_duration: 0, total_tokens: 0, errors: 0 })
  const nth = vendor.asked.length
  vendor.answers(
    { tokens: ['x'], usage: { promptTokens: 5, completionTokens: 2 } },
    { status: 500 },
    { stall: 'first' },
  )
  await (await bob.events(chatPath({ message: 'Um', provider: 'xai' }))).ended()
  const failed = await bob.events(chatPath({ message: 'Dois', provider: 'xai' }))
  await failed.ended()
  t.match(parsed(failed).at(-1), { event: 'error', data: { error_code: 'PROVIDER_UNAVAILABLE' } })
  const running = await bob.events(chatPath({ message: 'Três' }))
  await vendor.arrived(nth + 2)
  const { body } = await atB(bob).get('/api/stream/status')
  t.match(body, { active_streams: 1, total_streams: 3, errors: 1, avg_duration: Number })
  t.ok(body.total_tokens >= 7 && Number.isInteger(body.avg_duration))
  const all = (await admin.get('/api/stream/status')).body
  t.ok(all.total_streams > body.total_streams)
  running.close()
  const { stream_id } = JSON.parse(running.events.find(({ event }) => event === 'start')?.data ?? '{}')
  if (stream_id) await bob.post(`/api/stream/cancel/${stream_id}`)
})

t.test('an agent enters a session and answers there, with the context that it was given', async (t) => {
  const nth = vendor.asked.length
  vendor.answers({ tokens: ['Há um achado', ' grave.'] })
  const path = `/api/stream/incorporate?${new URLSearchParams({
    prompt: 'Explique a anomalia mais grave',
    agent: 'zumbi',
    context: 'Falo do município de Vila Fictícia',
  })}`
  const stream = await alice.events(path)
  await stream.ended()
  const events = parsed(stream)
  const bars = events.filter(({ event }) => event === 'progress').map(({ data }) => data.progress)
  t.ok(bars.length >= 5)
  t.strictSame(
    bars,
    [...new Set(bars)].sort((x, y) => x - y),
    'progress never falls',
  )
  t.match(events[0], { event: 'start', data: { agent: 'zumbi' } })
  const { session_id } = events[0]?.data ?? {}
  t.match(events.at(-1), {
    event: 'complete',
    data: { session_id, agent: 'zumbi', agent_name: 'Zumbi dos Palmares', response: 'Há um achado grave.' },
  })
  const told = vendor.asked[nth]?.body.messages
  t.match(told[0], { role: 'system', content: /Zumbi/ })
  t.ok(told.some(({ role, content }: Data) => role === 'user' && content.includes('Vila Fictícia')))
  t.ok(told.some(({ role, content }: Data) => role === 'user' && content.startsWith('Facts')))
  const { body } = await alice.get(`/api/v1/chat/sessions/${session_id}/messages`)
  t.match(body.items, [
    { role: 'user' },
    { role: 'assistant', agent_id: 'zumbi', content: 'Há um achado grave.' },
  ])
  const end = stream.events.at(-1)?.id as string
  t.equal((await alice.events(path, { lastEventId: end })).status, 204)
})

t.test('a task is executed in steps, and its result kept in a session', async (t) => {
  vendor.answers({ tokens: ['1. Ler. ', '2. Conferir.'] })
  const events = await execute(alice, {
    action: { type: 'execute_task', description: 'Descrição da ação' },
    context: { agent: 'architect', priority: 'high', session_id: 'task-1' },
  })
  t.match(events[0], { event: 'start', data: { agent: 'architect', priority: 'high', session_id: 'task-1' } })
  t.match(
    events.slice(1, 5),
    [1, 2, 3, 4].map((step) => ({ event: 'execution_progress', data: { step, total: 4, message: String } })),
  )
  t.match(events.at(-1), {
    event: 'complete',
    data: { agent: 'architect', response: '1. Ler. 2. Conferir.' },
  })
  t.equal(events.length, 6)
  const { body } = await alice.get('/api/v1/chat/sessions/task-1/messages')
  t.match(body.items.at(-1), { state: 'complete', content: '1. Ler. 2. Conferir.' })
})

t.test('an investigation is run by an action; its phases are steps, its summary the result', async (t) => {
  const events = await execute(alice, {
    action: { type: 'investigate', description: 'Investigate the sample' },
    context: { dataset: 'sample', filters: { start_date: '2023-01-01' } },
  })
  const steps = events.filter(({ event }) => event === 'execution_progress').map(({ data }) => data.step)
  t.strictSame(steps, [...steps].sort())
  t.equal(steps.at(-1), 4)
  const { data, event } = events.at(-1) as Named
  t.equal(event, 'complete')
  const { body } = await alice.get(`/api/v1/investigations/${data.investigation_id}`)
  t.match(body, { status: 'completed', dataset_id: 'sample', filters: { start_date: '2023-01-01' } })
  const { duration_ms: _d, timestamp: _t, warnings: _w, ...summary } = body.result
  t.strictSame(data.summary, summary)
  t.match(data.response, `${summary.total_anomalies} anomalies`)
})

t.test('an auditor has an export counted and verified; nobody else', async (t) => {
  const order = {
    action: { type: 'export_audit', description: 'Export the log' },
    context: { event_type: ['chat.started', 'action.started'], format: 'ndjson' },
  }
  const refused = await alice.post('/api/stream/execute', order)
  t.match(refused, { status: 403, body: { code: 'FORBIDDEN' } })
  const bad = { ...order, context: { severity: 'awful' } }
  t.match((await carl.post('/api/stream/execute', bad)).body.errors, [{ field: '/context/severity' }])
  const events = await execute(carl, order)
  const { data } = events.at(-1) as Named
  t.match(data, { type: 'complete', verification: { valid: true, first_broken: null } })
  const lines = (await carl.get(data.export_url)).text.trim().split('\n')
  t.equal(data.events, lines.length, 'as many as the export that it names has')
  t.ok(lines.every((line) => /"event_type":"(chat|action).started"/.test(line)))
})

t.test('a cancelled action ends the investigation that it started', async (t) => {
  // Each process has room for one, and these never get an answer.
  const waiting = await Promise.all(
    [a, b].map(() =>
      admin.post('/api/v1/investigations', {
        query: 'x',
        data_source: 'pncp',
        filters: { start_date: '2026-01-01', end_date: '2026-01-31' },
      }),
    ),
  )
  const ids = waiting.map(({ body }) => body.investigation_id)
  const isRunning = async () =>
    (await Promise.all(ids.map((id) => admin.get(`/api/v1/investigations/${id}`)))).every(
      ({ body }) => body.status === 'running',
    )
  await until('two that run', isRunning, Boolean)
  const events = await postEvents(alice, '/api/stream/execute', {
    action: { type: 'investigate', description: 'Investigue a amostra' },
  })
  const { stream_id } = JSON.parse((await events.next(({ event }) => event === 'start')).data)
  const pending = async (): Promise<Data> =>
    (await alice.get('/api/v1/investigations')).body.items.find(({ status }: Data) => status === 'pending')
  const { investigation_id }: Data = await until('an investigation', pending, Boolean)
  t.equal((await atB(alice).post(`/api/stream/cancel/${stream_id}`)).status, 202)
  await events.ended()
  t.match(parsed(events).at(-1), { event: 'error', data: { error_code: 'CANCELLED' } })
  for (const id of ids) await admin.post(`/api/v1/investigations/${id}/cancel`)
  const story = await alice.events(`/api/v1/investigations/stream/${investigation_id}`)
  await story.ended()
  t.match(parsed(story).at(-1), { data: { type: 'cancelled' } })
  const { body } = await carl.get('/api/v1/audit/events?event_type=investigation.cancelled&order=desc')
  const found = body.items.find(({ resource_id }: Data) => resource_id === investigation_id)
  t.match(found, { user_id: String, success: true })
})

t.test(
  'whoever starts a stream gets all of it, whatever position of another one is sent along',
  async (t) => {
    const named = ['oi', 'Oi?'].map((message) => ({ message, conversation_id: 'along', session_id: 'along' }))
    vendor.always({ tokens: ['sim'] })
    const first = await postEvents(alice, '/stream/chat', named[0])
    await first.ended()
    const messages = [{ role: 'user', content: 'oi' }]
    for (const [path, body, told] of [
      ['/api/v1/chat/stream', named[1], ['start', 'detecting', 'intent', 'agent_selected', 'chunk']],
      ['/stream/chat', named[1], ['start', 'chunk', 'chunk', 'end']],
      ['/api/v1/chat/direct/xai/stream', { messages }, ['token', 'usage', 'done']],
      ['/api/stream/execute', { action: { type: 'execute_task', description: 'x' } }, ['start']],
    ] as const)
      for (const position of [first.events.at(1)?.id, first.events.at(-1)?.id, 'lost:7'])
        for (const where of ['header', 'query']) {
          const events = await alice.events(where === 'query' ? `${path}?last_event_id=${position}` : path, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
            ...(where === 'header' ? { lastEventId: position as string } : {}),
          })
          await events.ended()
          const types = parsed(events).map(({ event, data }) => event ?? data.type)
          t.strictSame(types.slice(0, told.length), told, `${path} ${where} ${position}`)
        }
  },
)
