import { createHash } from 'node:crypto'
import t, { type Test } from 'tap'
import { Value } from 'typebox/value'
import { WebSocket } from 'ws'
import type { ClientOptions, TributaryClient } from '../../client/src/index.ts'
import { ApiError, createClient } from '../../client/src/index.ts'
import { ANSWERS } from '../../src/routes/answers.ts'
import { freePort } from '../support/port.ts'
import { ADMIN_PASSWORD, startProcess } from '../support/process.ts'
import { cuttingProxy } from './cutting-proxy.ts'

const port = String(await freePort())
let service = await startProcess({ PORT: port, SSE_KEEPALIVE_INTERVAL: '1' })
const proxy = await cuttingProxy(service.url)
t.teardown(() => proxy.close())

const signedIn = async (t: Test, options: Partial<ClientOptions> = {}): Promise<TributaryClient> => {
  const client = createClient({ url: proxy.url, WebSocket: WebSocket as never, ...options })
  t.teardown(() => client.close())
  await client.login('admin', ADMIN_PASSWORD)
  return client
}

const typesOf = async (run: AsyncIterable<{ type: string }>): Promise<string[]> => {
  const types: string[] = []
  for await (const { type } of run) types.push(type)
  return types
}

t.test('a chat is a run: its start, its events, its text and its one end', async (t) => {
  const client = await signedIn(t)
  const run = client.chat({ message: 'Quais são os maiores fornecedores?', session_id: 'sdk-1' })
  const { stream_id, session_id } = await run.started
  t.equal(session_id, 'sdk-1')
  const types = await typesOf(run)
  t.equal(types[0], 'start')
  t.equal(types.at(-1), 'complete')
  const stored = (await client.api.get('/api/v1/chat/sessions/sdk-1/messages')) as {
    items: { role: string; content: string }[]
  }
  t.equal(run.text, stored.items.find(({ role }) => role === 'assistant')?.content)
  t.match(await run.result, { type: 'complete', stream_id })

  const again = client.attach(stream_id)
  t.same(await typesOf(again), types, 'a run that has ended is told again')
  t.equal(again.text, run.text)
  await t.rejects(client.attach(stream_id, { position: run.position as string }).result, { code: 'ENDED' })
  await run.cancel()
})

t.test('an investigation is followed through broken connections: each finding once, in order', async (t) => {
  const client = await signedIn(t)
  const run = client.investigate({ query: 'everything', dataset_id: 'sample' })
  const { investigation_id } = await run.started
  const findings: string[] = []
  let progress = 0
  for await (const event of run) {
    if (event.type === 'progress') {
      t.ok(event.progress >= progress, 'progress never falls')
      progress = event.progress
    }
    if (event.type === 'anomaly') findings.push(event.anomaly_id)
    if (event.type === 'anomaly' && findings.length % 2 === 1) proxy.cut()
  }
  t.equal(new Set(findings).size, findings.length)
  const direct = await signedIn(t, { url: service.url })
  const page = (await direct.api.get(`/api/v1/investigations/${investigation_id}/anomalies?limit=200`)) as {
    items: { anomaly_id: string }[]
  }
  t.same(
    findings,
    page.items.map(({ anomaly_id }) => anomaly_id),
  )
  t.match(await run.result, { type: 'complete', total_anomalies: findings.length })
})

t.test('a run is found again by a position, which survives JSON', async (t) => {
  const client = await signedIn(t)
  const whole = client.investigate({ query: 'everything', dataset_id: 'sample' })
  const { investigation_id } = await whole.started
  const all = await typesOf(whole)
  const first = client.attachInvestigation(String(investigation_id))
  let read = 0
  for await (const _ of first) if (++read === 3) break
  await t.rejects(first.result, { code: 'DETACHED' }, 'leaving the loop detaches')
  const position = JSON.parse(JSON.stringify(first.position))
  const rest = client.attachInvestigation(String(investigation_id), { position })
  t.same(await typesOf(rest), all.slice(3))
})

t.test('a reader that is slower than its buffer gets everything all the same', async (t) => {
  const client = await signedIn(t, { bufferEvents: 2 })
  const whole = client.investigate({ query: 'everything', dataset_id: 'sample' })
  const { stream_id } = await whole.started
  const end = await whole.result
  t.equal(end.type, 'complete', 'the result settles without a reader')
  const late = await typesOf(whole)
  t.same(late, await typesOf(client.attach(stream_id)))
  t.equal(late.filter((type) => type === 'complete').length, 1)
})

for (const transport of ['websocket', 'sse'] as const)
  t.test(`${transport}: a subscription is gapless through cuts, and one connection serves all`, async (t) => {
    const client = await signedIn(t, { transport })
    const topic = `topic:sdk-${transport}`
    const seen: number[] = []
    await client.publish(topic, -1)
    const history = client.subscribe(topic, { recover: 'all' })
    let publishing: Promise<void> | undefined
    const publisher = await signedIn(t, { url: service.url })
    const publishAll = async () => {
      for (let n = 0; n < 60; n++) {
        await publisher.publish(topic, n)
        if (n % 20 === 10) proxy.cut()
      }
    }
    for await (const item of history) {
      if ('type' in item) {
        t.fail('continuity was lost')
        break
      }
      seen.push(item.data as number)
      if (item.data === -1) publishing = publishAll()
      if (item.data === 59) break
    }
    await publishing
    t.same(
      seen,
      Array.from({ length: 61 }, (_, at) => at - 1),
    )
    const position = history.position as string
    await publisher.publish(topic, 'later')
    for await (const item of client.subscribe(topic, { recover: position })) {
      t.match(item, { data: 'later', channel: topic })
      break
    }
  })

t.test('what may not be subscribed to ends its loop with the reason, and no other loop', async (t) => {
  const client = await signedIn(t)
  const good = client.subscribe('topic:good', { recover: 'all' })
  const bad = client.subscribe('investigation:nobody-has-it')
  await t.rejects(typesOf(bad as never), { code: 'NOT_FOUND' })
  await client.publish('topic:good', 1)
  for await (const item of good) {
    t.match(item, { data: 1 })
    break
  }
})

t.test('a WebSocket that does not get through is replaced by an event-stream, once', async (t) => {
  let tried = 0
  const client = await signedIn(t, {
    WebSocket: class extends WebSocket {
      constructor(url: string) {
        super(url.replace('/api/v1/ws', '/no-such-path'))
        tried++
      }
    } as never,
  })
  const one = client.subscribe('topic:blocked', { recover: 'all' })
  await client.publish('topic:blocked', 'over events')
  for await (const item of one) {
    t.match(item, { data: 'over events' })
    break
  }
  t.equal(tried, 2)
})

t.test('a WebSocket is tried again when the network is back, and takes over without a gap', async (t) => {
  // As a browser has it.
  const listening = new Set<() => void>()
  const page = globalThis as unknown as Record<string, unknown>
  page.addEventListener = (name: string, run: () => void) => name === 'online' && listening.add(run)
  page.removeEventListener = (_name: string, run: () => void) => listening.delete(run)
  t.teardown(() => {
    delete page.addEventListener
    delete page.removeEventListener
  })
  let isBlocked = true
  let opened = 0
  const client = await signedIn(t, {
    WebSocket: class extends WebSocket {
      constructor(url: string) {
        super(isBlocked ? url.replace('/api/v1/ws', '/no-such-path') : url)
        this.once('open', () => opened++)
      }
    } as never,
  })
  const heard: unknown[] = []
  const reading = (async () => {
    for await (const item of client.subscribe('topic:unblocked', { recover: 'all' })) {
      heard.push('type' in item ? item.type : item.data)
      if (item.data === 'over a WebSocket') break
    }
  })()
  await client.publish('topic:unblocked', 0)
  while (heard.length === 0) await new Promise(setImmediate)
  isBlocked = false
  let published = 0
  // The first one shows that it gets through, the second one carries the subscription.
  while (opened < 2) {
    for (const wake of [...listening]) wake()
    await client.publish('topic:unblocked', ++published)
  }
  await client.publish('topic:unblocked', 'over a WebSocket')
  await reading
  t.same(heard, [...Array.from({ length: published + 1 }, (_, n) => n), 'over a WebSocket'])
})

t.test('a refused start rejects with its code and its fields; a closed client ends everything', async (t) => {
  const client = await signedIn(t)
  const blank = client.chat({ message: ' ' })
  const refused = (await blank.started.catch((error) => error)) as ApiError
  t.type(refused, ApiError)
  t.match(refused, { status: 400, code: 'VALIDATION_FAILED', errors: [{ field: '/message' }] })
  await t.rejects(blank.result, { code: 'VALIDATION_FAILED' })
  await t.rejects(client.attach('nobody-has-it').result, { status: 404 })
  await t.rejects(client.login('admin', 'wrong'), { code: 'INVALID_CREDENTIALS', status: 401 })

  const run = client.investigate({ query: 'everything', dataset_id: 'sample' })
  const loop = client.subscribe('topic:closing')
  const states: string[] = []
  client.on('state', (state) => states.push(state))
  client.close()
  await t.rejects(run.result, { code: 'CLOSED' })
  await t.rejects(typesOf(loop as never), { code: 'CLOSED' })
  await t.rejects(client.chat({ message: 'hello' }).result, { code: 'CLOSED' })
  t.equal(client.state, 'closed')
  t.ok(states.includes('closed'))
})

t.test('a token that is refused is renewed once, however many wait for it', async (t) => {
  const client = createClient({ url: proxy.url, token: 'not a token' })
  await t.rejects(
    client.api.get('/api/v1/datasets'),
    { code: 'UNAUTHENTICATED' },
    'a fixed token cannot be renewed',
  )
  client.close()

  let asked = 0
  const own = await signedIn(t)
  const { access_token } = (await own.api.post('/auth/login', {
    username: 'admin',
    password: ADMIN_PASSWORD,
  })) as {
    access_token: string
  }
  const given = createClient({
    url: proxy.url,
    getToken: async ({ stale }) => {
      asked++
      return stale ? access_token : 'not a token'
    },
  })
  t.teardown(() => given.close())
  await Promise.all(Array.from({ length: 10 }, () => given.api.get('/api/v1/datasets')))
  t.equal(asked, 2, 'the first token, and one in its place')
})

t.test('a file goes up with its progress, and the audit log comes down whole through a cut', async (t) => {
  const client = await signedIn(t)
  const rows = Array.from({ length: 20_000 }, (_, at) => `C-${at};Fornecedor ${at % 50};${at},10;2024-01-02`)
  const csv = Buffer.from(['numero;fornecedor;valor;data de assinatura', ...rows].join('\n'))
  const loads: number[] = []
  const dataset = (await client.upload(new Uint8Array(csv), {
    name: 'contratos.csv',
    onProgress: ({ loaded, total }) => {
      t.equal(total, csv.byteLength)
      loads.push(loaded)
    },
  })) as { rows: number }
  t.equal(dataset.rows, 20_000)
  t.equal(loads.at(-1), csv.byteLength)
  t.ok(loads.length >= Math.floor(csv.byteLength / 262_144))
  await t.rejects(client.upload(new TextEncoder().encode('MZ\0\0'), { name: 'x.csv' }), { status: 422 })

  const bytesOf = async (url: string, cutAt?: number): Promise<Buffer> => {
    const reader = await signedIn(t, { url })
    const { filename, stream } = await reader.exportAudit({ format: 'csv', end_date: '2099-01-01' })
    t.match(filename, /\.csv$/)
    const parts: Uint8Array[] = []
    const from = stream.getReader()
    for (;;) {
      const { done, value } = await from.read()
      if (done) return Buffer.concat(parts)
      parts.push(value)
      if (parts.length === cutAt) proxy.cut()
    }
  }
  const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  const header = 'id,timestamp,event_type'
  const whole = await bytesOf(service.url)
  const cut = await bytesOf(proxy.url, 1)
  t.ok(whole.toString().startsWith(header))
  t.equal(cut.toString().split(header).length, 2, 'one header line')
  // The second one has the events of the first, and a few of its own behind them.
  t.equal(digest(cut.subarray(0, whole.length)), digest(whole))
})

t.test('answers of the service are what their types say', async (t) => {
  const client = await signedIn(t, { url: service.url })
  const [investigation] = (await client.api.get('/api/v1/investigations?limit=1')).items
  const paths = {
    'GET /api/v1/datasets': '/api/v1/datasets?limit=100',
    'GET /api/v1/datasets/{id}': '/api/v1/datasets/sample',
    'GET /api/v1/datasets/{id}/contracts': '/api/v1/datasets/sample/contracts?limit=200',
    'GET /api/v1/investigations': '/api/v1/investigations?limit=100',
    'GET /api/v1/investigations/{id}/anomalies': `/api/v1/investigations/${investigation?.investigation_id}/anomalies`,
    'GET /api/v1/anomaly-types': '/api/v1/anomaly-types',
    'GET /api/v1/agents': '/api/v1/agents',
    'GET /api/v1/chat/sessions': '/api/v1/chat/sessions',
    'GET /api/v1/chat/sessions/{id}/messages': '/api/v1/chat/sessions/sdk-1/messages',
  } as const
  for (const [route, path] of Object.entries(paths)) {
    const errors = Value.Errors(ANSWERS[route as keyof typeof paths], await client.api.get(path as string))
    t.same([...errors].slice(0, 3), [], route)
  }
})

t.test('what runs survives a service that is killed and comes back', async (t) => {
  const client = await signedIn(t)
  const states: string[] = []
  client.on('state', (state) => states.push(state))
  const run = client.investigate({ query: 'everything', dataset_id: 'sample' })
  await run.started
  await client.publish('topic:restart', 'before')
  const items: unknown[] = []
  for await (const item of client.subscribe('topic:restart', { recover: 'all' })) {
    items.push('type' in item ? item.type : item.data)
    if (items.length === 1) {
      await service.kill('SIGKILL')
      service = await startProcess({ PORT: port, DATA_DIR: service.dataDir })
      await client.publish('topic:restart', 'after')
    }
    if (items.at(-1) === 'after') break
  }
  // One process keeps its channels in memory: what was lost with it is said to be lost.
  t.same(items, ['before', 'recovery', 'after'])
  t.equal((await run.result).type, 'complete')
  t.ok(states.includes('reconnecting'))
})
