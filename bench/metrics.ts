import { once } from 'node:events'
import type { Load, LoadResult } from './fanout/load.ts'
import { cpuOf, Processes } from './processes.ts'

const PORT = Number(process.env.BENCH_PORT ?? 18_600)
const CONNECTIONS = Number(process.env.CONNECTIONS ?? 1000)
const ROUNDS = Number(process.env.ROUNDS ?? 5)
const SECONDS = Number(process.env.SECONDS ?? 4)
const PASSWORD = 'bench-password-1'
const SCRAPES = 20
/** Time between two scrapes, as deploy/prometheus.yml has it. */
const SCRAPE_SECONDS = 15
const SERVICE = new URL('metrics/service.js', import.meta.url).pathname

interface Measured {
  microseconds: number
  scrapeMs: number
}

/** Measures the processor time of one delivery and of one scrape, with or without anything that counts. */
const measure = async (mode: 'on' | 'off', kind: Load['kind'], rate: number): Promise<Measured> => {
  const processes = new Processes()
  const port = mode === 'on' ? PORT : PORT + 1
  try {
    const { pid } = await processes.program(port, [SERVICE, mode], {
      ADMIN_PASSWORD: PASSWORD,
      PASSWORD_COST: '10',
    })
    const url = `http://127.0.0.1:${port}`
    const answer = await fetch(`${url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: PASSWORD }),
    })
    const { access_token } = (await answer.json()) as { access_token: string }
    const load: Load = {
      ...(kind === 'sse'
        ? { path: '/api/v1/channels/topic:#/events', ready: 'retry:' }
        : {
            path: '/api/v1/ws',
            send: '{"type":"subscribe","channel":"topic:#"}',
            ready: '"subscribed"',
          }),
      publish: '/api/v1/channels/topic:#/publications',
      ports: [port],
      kind,
      headers: [`authorization: Bearer ${access_token}`],
      connections: CONNECTIONS,
      channels: 1,
      rate,
      publishers: 2,
      window: 8,
      warmSeconds: 1.5,
      seconds: SECONDS,
    }
    const subscribers = processes.script('../fanout/subscribers', JSON.stringify(load))
    const said = async () => (await once(subscribers, 'message'))[0]
    await said()
    subscribers.send('warm')
    await said()
    const cpu = cpuOf(pid as number)
    subscribers.send('measure')
    const { delivered } = (await said()) as LoadResult
    const microseconds = ((cpuOf(pid as number) - cpu) * 1e6) / delivered
    const before = cpuOf(pid as number)
    for (let n = 0; n < SCRAPES; n++) await (await fetch(`${url}/metrics`)).text()
    return { microseconds, scrapeMs: ((cpuOf(pid as number) - before) * 1000) / SCRAPES }
  } finally {
    await processes.close()
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

/**
 * Measures what counting costs of the fan-out's processor time: the service beside itself without anything that counts,
 * both at once, so that the machine's other work meets both; and what a scrape costs. Totals of frames and bytes are kept
 * in both. A few per cent either way are the machine's.
 */
export default async (log: (line: string) => void): Promise<void> => {
  log(`${CONNECTIONS} connections, ${ROUNDS} rounds       us/event on      off   metrics cost`)
  const scrapes: number[] = []
  for (const kind of ['sse', 'websocket'] as const)
    for (const rate of [20, 0]) {
      const figures = { on: [] as number[], off: [] as number[] }
      for (let round = 0; round < ROUNDS; round++) {
        const [on, off] = await Promise.all((['on', 'off'] as const).map((mode) => measure(mode, kind, rate)))
        figures.on.push((on as Measured).microseconds)
        figures.off.push((off as Measured).microseconds)
        scrapes.push((on as Measured).scrapeMs)
      }
      const [on, off] = [median(figures.on), median(figures.off)]
      const share = median(figures.on.map((cost, round) => 1 - (figures.off[round] as number) / cost)) * 100
      const name = `${kind}, ${rate === 0 ? 'flat out' : `${rate} publications a second`}`
      log(
        `${name.padEnd(38)} ${on.toFixed(2).padStart(8)} ${off.toFixed(2).padStart(8)} ${share.toFixed(1).padStart(10)} %`,
      )
    }
  const ms = median(scrapes)
  log(
    `a scrape: ${ms.toFixed(1)} ms, ${(ms / SCRAPE_SECONDS / 10).toFixed(2)} % of a processor at one each ${SCRAPE_SECONDS} s`,
  )
}
