import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { memoryBroker } from '../src/channel/broker-memory.ts'
import { BrokerServer } from '../src/channel/broker-server.ts'
import type { BusLoad } from './bus/worker.ts'
import { cpuOf, median, Processes } from './processes.ts'
import { writeResults } from './results.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 3)
const PORT = Number(process.env.BENCH_PORT ?? 18_600)
const WARM = 4000
const COUNT = 20_000
const BUSES = ['Redis', 'the primary'] as const

/** Microseconds of processor time for a publication. */
interface Figure {
  bus: number
  publisher: number
  hearer: number
}

const said = async (child: ChildProcess): Promise<unknown> => (await once(child, 'message'))[0]

const measure = async (bus: (typeof BUSES)[number], each: number): Promise<Figure> => {
  const processes = new Processes()
  const kept = memoryBroker({ historySize: 10_000, historyTtlMs: 60_000 })
  const server = new BrokerServer(kept)
  const children: ChildProcess[] = []
  const start = (role: BusLoad['role'], url: string | undefined) => {
    const load: BusLoad = { role, ...(url && { url }), each, warm: WARM, count: COUNT }
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'] as const
    const child = fork(new URL('bus/worker.js', import.meta.url), [JSON.stringify(load)], {
      stdio: [...stdio],
    })
    if (url === undefined) server.join(child.stdio[4] as Socket)
    children.push(child)
    return child
  }
  try {
    const redis =
      bus === 'Redis' &&
      (await processes.listening(PORT, 'redis-server', [
        ...['--port', String(PORT), '--bind', '127.0.0.1', '--save', '', '--dir', processes.folder],
        ...['--logfile', join(processes.folder, 'redis.log')],
      ]))
    const url = redis ? `redis://127.0.0.1:${PORT}` : undefined
    const hearer = start('hear', url)
    const publisher = start('publish', url)
    const busCpu = () => {
      const { user, system } = process.cpuUsage()
      return redis ? cpuOf(redis.pid as number) * 1e6 : user + system
    }
    const both = [hearer, publisher]
    const all = async (): Promise<unknown[]> => Promise.all(both.map(said))
    await all()
    for (const next of ['warm', 'measure']) {
      const answers = all()
      const before = busCpu()
      for (const child of both) child.send(next)
      const [ofHearer, ofPublisher] = (await answers) as [number, number]
      if (next === 'measure')
        return { bus: (busCpu() - before) / COUNT, publisher: ofPublisher, hearer: ofHearer }
    }
    throw new Error('nothing was measured')
  } finally {
    for (const child of children) child.kill('SIGKILL')
    await kept.close()
    await processes.close()
  }
}

/**
 * Measures what a publication of 200 bytes costs two workers and their bus, one publishing and one hearing: over Redis,
 * and through the process that started them, in the same rounds.
 */
export default async (log: (line: string) => void): Promise<void> => {
  const results: object[] = []
  for (const each of [1, 20]) {
    const figures = new Map<string, Figure[]>(BUSES.map((bus) => [bus, []]))
    for (let round = 0; round < ROUNDS; round++)
      for (const bus of BUSES) figures.get(bus)?.push(await measure(bus, each))
    log(`\n${each} published in a turn of the event loop; medians of ${ROUNDS} rounds, us of CPU each`)
    log('bus             the bus  publisher  hearer  together')
    for (const [bus, rounds] of figures) {
      const of = (field: keyof Figure) => median(rounds.map((figure) => figure[field]))
      const parts = [of('bus'), of('publisher'), of('hearer')]
      const together = median(rounds.map(({ bus, publisher, hearer }) => bus + publisher + hearer))
      log(
        bus.padEnd(15) +
          [...parts, together].map((us, at) => us.toFixed(1).padStart([8, 11, 8, 10][at] ?? 0)).join(''),
      )
      results.push({ each, bus, rounds })
    }
  }
  writeResults('bus', results)
}
