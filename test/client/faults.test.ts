import fc from 'fast-check'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { ApiError, createClient, type TributaryClient } from '../../client/src/index.ts'
import { until } from '../support/deployment.ts'
import { login, startProcess, temporaryFolder } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { type Fault, faultProxy } from './fault-proxy.ts'

/** Runs of each property; `CLIENT_SEEDS=1000` for a long night. */
const RUNS = Number(process.env.CLIENT_SEEDS ?? 12)
/** Scenarios that go on at once: they wait more than they work. */
const AT_ONCE = RUNS > 100 ? 48 : 8

// Pauses between tries are drawn at random up to a bound that grows; here they are short.
const random = Math.random
Math.random = () => random() / 50
t.teardown(() => {
  Math.random = random
})

const service = await startProcess({
  SSE_KEEPALIVE_INTERVAL: '1',
  WEBSOCKET_PING_INTERVAL: '1',
  MAX_STREAMS_PER_USER: '1000',
  MAX_CONNECTIONS_PER_IP: '10000',
})
const admin = await login(service.url)
const publisher = createClient({ url: service.url, token: admin.token })
t.teardown(() => publisher.close())

const bytes = fc.integer({ min: 0, max: 6000 })
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 4, arbitrary: bytes.map((afterBytes) => ({ kind: 'reset' as const, afterBytes })) },
  { weight: 2, arbitrary: bytes.map((afterBytes) => ({ kind: 'end' as const, afterBytes })) },
  { weight: 1, arbitrary: bytes.map((afterBytes) => ({ kind: 'stall' as const, afterBytes })) },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 50, max: 4000 }).map((most) => ({ kind: 'slow' as const, bytes: most })),
  },
  { weight: 1, arbitrary: fc.integer({ min: 20, max: 300 }).map((ms) => ({ kind: 'buffer' as const, ms })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'refuse' as const }) },
)
const faults = fc.array(fault, { minLength: 1, maxLength: 8 })

/** Returns the outcome of a run, which is a result or an error. */
const settled = async (run: { result: Promise<{ type: string }> }): Promise<string> =>
  run.result.then(
    ({ type }) => type,
    (error) => (error instanceof ApiError ? error.code : `not an ApiError: ${error}`),
  )

/** Gives a scenario a client behind a proxy with faults, and sees that nothing of it is left. */
const behind = async <T>(
  list: readonly Fault[],
  scenario: (client: TributaryClient) => Promise<T>,
  options: object = {},
): Promise<T> => {
  const proxy = await faultProxy(service.url, list)
  const client = createClient({
    url: proxy.url,
    token: admin.token,
    WebSocket: WebSocket as never,
    ...options,
  })
  try {
    return await scenario(client)
  } finally {
    client.close()
    await proxy.close()
  }
}

/** Runs a property over seeded faults, several at once. */
const holds = async <T>(
  t: Test,
  arbitrary: fc.Arbitrary<T>,
  scenario: (value: T, nth: number) => Promise<void>,
): Promise<void> => {
  const seed = Number(process.env.CLIENT_SEED ?? 20_261_129)
  const values = fc.sample(arbitrary, { numRuns: RUNS, seed })
  const failures: unknown[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (next < values.length) {
      const nth = next++
      const value = values[nth] as T
      await scenario(value, nth).catch((error) =>
        failures.push({ nth, value, error: String(error), stack: (error as Error).stack }),
      )
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  t.strictSame(failures.slice(0, 3), [], `${failures.length} of ${values.length} failed, seed ${seed}`)
}

const sameAs = (actual: readonly unknown[], expected: readonly unknown[], what: string): void => {
  if (JSON.stringify(actual) !== JSON.stringify(expected))
    throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`)
}

const { stream_id, investigation_id } = await admin.investigate('sample')
const story: unknown[] = []
for await (const event of publisher.attach(stream_id)) story.push(event)

t.test('an investigation is told whole, in order and once, whatever becomes of its connections', (t) =>
  holds(t, faults, async (list) => {
    const told: unknown[] = []
    await behind(list, async (client) => {
      const run = client.attachInvestigation(investigation_id)
      for await (const event of run) told.push(event)
      if ((await settled(run)) !== 'complete') throw new Error('it did not complete')
    })
    sameAs(told, story, 'events')
  }),
)

t.test('a run goes on behind its position in another client', (t) =>
  holds(t, fc.tuple(faults, faults, fc.nat(story.length - 2)), async ([first, second, at]) => {
    const told: unknown[] = []
    const position = await behind(first, async (client) => {
      const run = client.attach(stream_id)
      for await (const event of run) if (told.push(event) > at) break
      // It may have received the end before its reader left.
      if (!['DETACHED', 'complete'].includes(await settled(run))) throw new Error('leaving did not detach')
      return JSON.parse(JSON.stringify({ position: run.position })).position as string
    })
    await behind(second, async (client) => {
      for await (const event of client.attach(stream_id, { position })) told.push(event)
    })
    sameAs(told, story, 'events')
  }),
)

t.test('a chat is started once or not at all, and its result settles', (t) =>
  holds(t, faults, async (list, nth) => {
    const session_id = `faults-${nth}-${process.pid}`
    let posts = 0
    const counting: typeof fetch = (input, init) => {
      if (String(input).endsWith('/api/v1/chat/stream')) posts++
      return fetch(input, init)
    }
    const { text, end } = await behind(
      list,
      async (client) => {
        const run = client.chat({
          message: 'Who are the largest suppliers?',
          session_id,
          on_disconnect: 'continue',
        })
        const end = await settled(run)
        return { text: run.text, end }
      },
      { fetch: counting },
    )
    if (posts !== 1) throw new Error(`${posts} requests started it`)
    if (end === 'CONNECTION_LOST') return
    if (end !== 'complete') throw new Error(`it ended with ${end}`)
    const { items } = (await publisher.api.get(`/api/v1/chat/sessions/${session_id}/messages`)) as {
      items: { role: string; content: string }[]
    }
    sameAs(
      items.map(({ role }) => role),
      ['user', 'assistant'],
      'messages',
    )
    sameAs([text], [items[1]?.content], 'text')
  }),
)

for (const transport of ['websocket', 'sse'] as const)
  t.test(`${transport}: a channel has no gap and no double`, (t) =>
    holds(t, fc.tuple(faults, fc.integer({ min: 1, max: 30 })), async ([list, bufferEvents], nth) => {
      const topic = `topic:faults-${transport}-${nth}`
      const numbers = Array.from({ length: 60 }, (_, at) => at)
      await publisher.publish(topic, 0)
      const seen: unknown[] = []
      await behind(
        list,
        async (client) => {
          const channel = client.subscribe(topic, { recover: 'all' })
          const other = client.subscribe(topic)
          const publishing = (async () => {
            for (const number of numbers.slice(1)) await publisher.publish(topic, number)
          })()
          for await (const item of channel) {
            seen.push('type' in item ? item.type : item.data)
            if (seen.at(-1) === numbers.at(-1)) break
          }
          other.unsubscribe()
          await publishing
        },
        { transport, bufferEvents },
      )
      sameAs(seen, numbers, 'publications')
    }),
  )

t.test('close() ends everything at any moment, and leaves no connection', (t) =>
  holds(t, fc.tuple(faults, fc.integer({ min: 0, max: 300 })), async ([list, afterMs], nth) => {
    const proxy = await faultProxy(service.url, list)
    const client = createClient({ url: proxy.url, token: admin.token, WebSocket: WebSocket as never })
    const run = client.attach(stream_id)
    const runs = [run, client.attachInvestigation('nobody-has-it'), client.chat({ message: 'hello' })]
    const loops = [
      ...runs,
      client.subscribe(`topic:closing-${nth}`, { recover: 'all' }),
      client.subscribe('topic:closing'),
    ].map(async (one) => {
      for await (const _ of one as AsyncIterable<unknown>);
    })
    const calls = [
      client.api.get('/api/v1/streams'),
      client.exportAudit().then(({ stream }) => stream.getReader().read()),
    ]
    setTimeout(() => client.close(), afterMs)
    await Promise.allSettled([
      ...loops,
      ...calls,
      ...runs.flatMap(({ started, result }) => [started, result]),
    ])
    if (client.state !== 'closed') await new Promise((resolve) => client.on('state', resolve))
    await proxy.close()
  }),
)

t.test('nothing is left of all these clients at the service', async (t) => {
  const left = async (): Promise<number> => {
    const { text } = await admin.get('/metrics')
    const open = [...text.matchAll(/^(?:sse|websocket)_connections_active\{.*\} (\d+)/gm)]
    return open.reduce((sum, [, count]) => sum + Number(count), 0)
  }
  publisher.close()
  // A connection that was on its way when its client closed may still arrive, and end, behind a first zero.
  t.equal(await until('the end of all connections', left, (open) => open === 0), 0)
})

t.test('a run and a channel go on over the other instance when one of two is killed', async (t) => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const env = { DATA_DIR: await temporaryFolder(), REDIS_URL: redis.url, SSE_KEEPALIVE_INTERVAL: '1' }
  const [one, two] = [await startProcess(env), await startProcess(env)]
  const { token } = await login(two.url)
  const proxy = await faultProxy(one.url)
  const client = createClient({ url: proxy.url, token, WebSocket: WebSocket as never })
  const direct = createClient({ url: two.url, token })
  t.teardown(async () => {
    client.close()
    direct.close()
    await proxy.close()
  })
  await direct.publish('topic:two', 0)
  const numbers: unknown[] = []
  const channel = (async () => {
    for await (const item of client.subscribe('topic:two', { recover: 'all' })) {
      numbers.push('type' in item ? item.type : item.data)
      if (numbers.at(-1) === 20) break
    }
  })()
  const run = client.investigate({ query: 'everything', dataset_id: 'sample' })
  const { investigation_id } = await run.started
  const found: string[] = []
  for await (const event of run) {
    if (event.type !== 'anomaly') continue
    found.push(event.anomaly_id)
    if (found.length !== 2) continue
    proxy.target(two.url)
    await one.kill('SIGKILL')
  }
  for (let number = 1; number <= 20; number++) await direct.publish('topic:two', number)
  await channel
  t.same(
    numbers,
    Array.from({ length: 21 }, (_, at) => at),
  )
  t.match(await run.result, { type: 'complete', total_anomalies: found.length })
  t.equal(new Set(found).size, found.length)
  const { items } = (await direct.api.get(
    `/api/v1/investigations/${investigation_id}/anomalies?limit=200`,
  )) as {
    items: { anomaly_id: string }[]
  }
  t.same(found.toSorted(), items.map(({ anomaly_id }) => anomaly_id).toSorted())
})
