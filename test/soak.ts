/**
 * `npm run soak -- --minutes N` keeps two instances over one Redis busy for so long with connections that come and go,
 * publications, turns, rooms, uploads, investigations, exports and faults. It prints a line a minute, and at the end
 * how the heap grew per hour, and whether handles are back at the start. It ends at the first event that is lost or
 * doubled.
 */
import { setTimeout as pace } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import t from 'tap'
import { departureWatch, gather, heard, publishNumbers, reconnected, summed } from './support/crowd.ts'
import { type Deployment, deploy, type Instance } from './support/deployment.ts'
import { INSPECTED, type LiveHeap, liveHeap } from './support/live-heap.ts'
import { type Answer, login } from './support/process.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } })
const MINUTES = Number(values.minutes)
if (!(MINUTES >= 2)) throw new Error('--minutes: 2 or more')
const MINUTE_MS = 60_000
/** Share of the time after which the heap has found its level. */
const WARM = 1 / 3
/** Bytes that a heap may grow in an hour beside compiled code; shorter runs only tell it. */
const MAX_GROWTH = 1_048_576
const LONG_MINUTES = 30
/** Handles that may be open besides those of the start: pooled connections to stores and vendors. */
const SPARE_HANDLES = 10
const WATCHERS = 10

t.setTimeout((MINUTES + 10) * MINUTE_MS)

interface Figures {
  handles: number
  lagMs: number
}

const figuresOf = async (instance: Instance): Promise<Figures> => {
  const { text } = await instance.call('GET', '/metrics')
  const figure = (name: string): number =>
    Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1])
  return {
    handles: figure('nodejs_active_handles_total'),
    lagMs: figure('nodejs_eventloop_lag_p99_seconds') * 1000,
  }
}

/** Fits a line through points by least squares, and returns its slope. */
const slopeOf = (points: readonly (readonly [x: number, y: number])[]): number => {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))]
  const spread = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0)
  return points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0) / spread
}

/** @param heaps one a minute; returns bytes per hour once the heap has found its level */
const growthOf = (heaps: readonly LiveHeap[], bytesOf: (heap: LiveHeap) => number): number =>
  slopeOf(
    heaps.map((heap, minute) => [minute / 60, bytesOf(heap)] as const).slice(Math.floor(heaps.length * WARM)),
  )

const mib = (bytes: number): string => (bytes / 1_048_576).toFixed(2)

/** @throws {Error} unless the answer is one of success */
const well = async (answer: Promise<Answer>): Promise<Answer> => {
  const { status, text } = await answer
  if (status >= 300) throw new Error(`${status}: ${text.slice(0, 500)}`)
  return answer
}

const CSV = `Número;Fornecedor;CNPJ;Órgão;Objeto;Quantidade;Valor;Data de assinatura\n${Array.from(
  { length: 300 },
  (_, n) =>
    `${n};Fornecedor ${n % 9};12.345.678/0001-95;Órgão ${n % 3};Papel A4;10;${n % 50 === 0 ? 900_000 + n : 1000 + (n % 7)},00;0${1 + (n % 9)}/03/2024`,
).join('\n')}\n`

/** The pieces of work that are repeated, by their names in the report. */
const WORK: Readonly<Record<string, (instance: Instance, nth: number) => Promise<void>>> = {
  async streams(instance) {
    const events = await instance.events('/api/v1/channels/topic:soak/events', {
      headers: { 'accept-encoding': 'gzip' },
    })
    await pace(Math.random() * 2000)
    events.close()
  },
  async sockets(instance) {
    const socket = await instance.socket('/api/v1/ws')
    socket.send({ type: 'subscribe', channel: 'topic:soak' })
    await socket.ofType('subscribed')
    await pace(Math.random() * 2000)
    socket.socket.terminate()
  },
  async turns(instance, nth) {
    const body = { session_id: `soak-${nth % 20}`, message: 'quantos contratos existem?', provider: 'local' }
    await well(instance.call('POST', '/api/v1/chat/message', { body }))
    await pace(200)
    if (nth % 20 === 19) await well(instance.call('DELETE', `/api/v1/chat/sessions/soak-${nth % 20}`))
  },
  async investigations(instance) {
    const upload = await well(
      instance.call('POST', '/api/v1/datasets?name=soak', { type: 'text/csv', body: CSV }),
    )
    const { dataset_id } = upload.body
    const body = { query: 'soak', dataset_id }
    const started = await well(instance.call('POST', '/api/v1/investigations', { body }))
    const { stream_url, investigation_id } = started.body
    const events = await instance.events(stream_url)
    if (events.status !== 200) throw new Error(`events: ${events.status}`)
    await events.ended()
    await well(instance.call('GET', `/api/v1/investigations/${investigation_id}/anomalies/export?format=csv`))
    await well(instance.call('DELETE', `/api/v1/investigations/${investigation_id}`))
    await well(instance.call('DELETE', `/api/v1/datasets/${dataset_id}`))
    await pace(1000)
  },
  async exports(instance) {
    await well(instance.call('GET', '/api/v1/audit/export?format=csv'))
    await pace(1000)
  },
}

/** Waits, at most until the end. */
const rest = (ms: number, over: AbortSignal): Promise<unknown> =>
  pace(ms, undefined, { signal: over }).catch(() => undefined)

/** Repeats a piece of work on the instances in turn until the end; returns how often, and why it failed where it did. */
const repeat = async (
  instances: readonly Instance[],
  work: (instance: Instance, nth: number) => Promise<void>,
  over: AbortSignal,
) => {
  let done = 0
  const failures: string[] = []
  while (!over.aborted)
    await work(instances[done % instances.length] as Instance, done).then(
      () => done++,
      (error) => failures.push(String(error)),
    )
  return { done, failures }
}

/** Breaks push connections each 20 s. */
const disturb = async ({ redis }: Deployment, over: AbortSignal): Promise<number> => {
  let faults = 0
  while (await rest(20_000, over).then(() => !over.aborted)) {
    await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub')
    faults++
  }
  return faults
}

t.test(`${MINUTES} minutes of churn`, async (t) => {
  const deployment = await deploy(t, 'sqlite', {
    env: { ...INSPECTED, ACCESS_TOKEN_TTL_SECONDS: '86400' },
  })
  const instances = [await deployment.start(), await deployment.start()]
  const { token } = await login((instances[0] as Instance).url)
  let turn = 0
  const origin = () => (instances[turn++ % 2] as Instance).url
  const place = { origin, token, channel: 'topic:soak' }
  // Each kind of work once, so that what is opened only once is open before the start.
  for (const instance of instances) for (const work of Object.values(WORK)) await work(instance, 0)
  await pace(5000)
  const start = await Promise.all(instances.map(figuresOf))
  const watchers = await gather(place, WATCHERS, () => 20 + Math.random() * 400)

  const ending = new AbortController()
  const over = ending.signal
  const timer = setTimeout(() => ending.abort(), MINUTES * MINUTE_MS)
  const departureOf = departureWatch(watchers)
  let departure: string | undefined
  const guard = async (): Promise<void> => {
    while (!over.aborted) {
      await rest(1000, over)
      departure = departureOf()
      if (departure !== undefined) ending.abort()
    }
  }
  const live: LiveHeap[][] = instances.map(() => [])
  let mostLagMs = 0
  const watch = async (): Promise<void> => {
    for (let minute = 1; !over.aborted; minute++) {
      for (let look = 0; look < 12 && !over.aborted; look++) {
        await rest(MINUTE_MS / 12, over)
        for (const { lagMs } of await Promise.all(instances.map(figuresOf)))
          mostLagMs = Math.max(mostLagMs, lagMs)
      }
      const heaps = await Promise.all(instances.map((instance) => liveHeap(instance.output())))
      for (const [at, heap] of heaps.entries()) live[at]?.push(heap)
      t.comment(
        `minute ${minute}: heap ${heaps.map(({ bytes, codeBytes }) => `${mib(bytes)} (code ${mib(codeBytes)})`).join(' and ')} MiB`,
      )
    }
  }
  let published = 0
  const publish = async (): Promise<void> => {
    while (!over.aborted) {
      await publishNumbers(place, published + 1, published + 20)
      published += 20
      await rest(200, over)
    }
  }
  const [counts, faults] = await Promise.all([
    Promise.all(
      Object.entries(WORK).map(async ([name, work]) => [name, await repeat(instances, work, over)] as const),
    ),
    disturb(deployment, over),
    publish(),
    watch(),
    guard(),
  ]).finally(() => {
    clearTimeout(timer)
    ending.abort()
  })
  if (departure === undefined) await Promise.all(watchers.map((watcher) => heard(watcher, published)))
  const departures = summed(watchers, published)
  const { connections, failed } = reconnected(watchers)
  for (const watcher of watchers) watcher.close()
  for (const [name, { done, failures }] of counts) {
    t.comment(`${name} ${done}, ${failures.length} failed`)
    for (const why of failures) t.comment(`${name} failed: ${why}`)
  }
  t.comment(
    `${published} publications, ${WATCHERS} watchers over ${connections} connections, ${faults} faults`,
  )
  if (departure !== undefined) {
    t.fail(departure)
    return
  }
  t.same(departures, { lost: 0, doubled: 0, disordered: 0 })
  t.same(failed, [])

  // Connections that pools and the kernel keep end by themselves.
  await pace(90_000)
  const end = await Promise.all(instances.map(figuresOf))
  for (const [at, { handles }] of end.entries())
    t.ok(handles <= (start[at]?.handles ?? 0) + SPARE_HANDLES, `handles ${start[at]?.handles} → ${handles}`)
  for (const heaps of live) {
    const growth = growthOf(heaps, ({ bytes, codeBytes }) => bytes - codeBytes)
    const ofCode = growthOf(heaps, ({ codeBytes }) => codeBytes)
    const told = `heap after warm-up: ${mib(growth)} MiB per hour, and ${mib(ofCode)} of compiled code`
    if (MINUTES >= LONG_MINUTES) t.ok(growth <= MAX_GROWTH, told)
    t.comment(told)
  }
  t.comment(`event loop's delay, p99, at most ${mostLagMs.toFixed(1)} ms`)
})
