import { once } from 'node:events'
import type { Load, LoadResult } from './fanout/load.ts'
import { floor, loop, nchan, type Peer, PORT, tributary } from './fanout/peers.ts'
import { cpuOf, median, Processes, rssOf } from './processes.ts'
import { writeResults } from './results.ts'

const CONNECTIONS = Number(process.env.CONNECTIONS ?? 1000)
const ROUNDS = Number(process.env.ROUNDS ?? 3)
const SECONDS = Number(process.env.SECONDS ?? 4)

const PEERS = [floor, nchan, loop, tributary]

interface Case {
  name: string
  kind: Load['kind']
  channels: number
  connections: number
  rate: number
}

const CASES: readonly Case[] = (['sse', 'websocket'] as const).flatMap((kind) => [
  { name: `${kind}, 20 publications a second`, kind, channels: 1, connections: CONNECTIONS, rate: 20 },
  { name: `${kind}, flat out`, kind, channels: 1, connections: CONNECTIONS, rate: 0 },
  { name: `${kind}, 1,000 channels of 5, flat out`, kind, channels: 1000, connections: 5000, rate: 0 },
])

interface Figure extends LoadResult {
  microseconds: number
  kibPerConnection: number
}

/** Puts one load on one peer. Returns undefined where the peer is not there, or does not speak so. */
const measure = async (
  peer: Peer,
  { kind, channels, connections, rate }: Case,
): Promise<Figure | undefined> => {
  const spoken = peer[kind]
  if (spoken === undefined) return undefined
  const processes = new Processes()
  try {
    const started = await peer.start(processes)
    if (started === undefined) return undefined
    const { pid, headers = [] } = started
    const before = rssOf(pid)
    const load: Load = {
      ...spoken,
      ports: [PORT],
      kind,
      headers,
      connections,
      channels,
      rate,
      publishers: channels > 1 ? 8 : 2,
      window: channels > 1 ? 200 : 8,
      warmSeconds: 1.5,
      seconds: SECONDS,
    }
    const subscribers = processes.script('../fanout/subscribers', JSON.stringify(load))
    const said = async () => (await once(subscribers, 'message'))[0]
    await said()
    const kibPerConnection = (rssOf(pid) - before) / 1024 / connections
    subscribers.send('warm')
    await said()
    const cpu = cpuOf(pid)
    subscribers.send('measure')
    const result = (await said()) as LoadResult
    return { ...result, kibPerConnection, microseconds: ((cpuOf(pid) - cpu) * 1e6) / result.delivered }
  } finally {
    await processes.close()
  }
}

/**
 * Measures what an event costs the server on each subscriber's connection, publishing over HTTP included, beside peers in the
 * same rounds; the C loop is the least that it can cost. CPU of the server per delivered event; latency and the memory
 * of a connection hold on a quiet machine only. Peers that are not installed are left out.
 */
export default async (log: (line: string) => void): Promise<void> => {
  const results: object[] = []
  for (const one of CASES) {
    const figures = new Map<Peer, Figure[]>()
    for (let round = 0; round < ROUNDS; round++)
      for (const peer of PEERS) {
        const figure = await measure(peer, one)
        if (figure) figures.set(peer, [...(figures.get(peer) ?? []), figure])
      }
    const of = (peer: Peer, field: keyof Figure): number =>
      median((figures.get(peer) ?? []).map((figure) => figure[field]))
    log(`\n${one.name}, ${one.connections} connections`)
    log('peer                            us/event   ratio    p50 ms    p99 ms  KiB/conn  missing')
    for (const peer of figures.keys()) {
      const ratio = of(peer, 'microseconds') / of(figures.has(floor) ? floor : tributary, 'microseconds')
      log(
        [
          peer.name.padEnd(31),
          of(peer, 'microseconds').toFixed(2).padStart(8),
          ratio.toFixed(2).padStart(7),
          of(peer, 'p50').toFixed(2).padStart(9),
          of(peer, 'p99').toFixed(2).padStart(9),
          of(peer, 'kibPerConnection').toFixed(1).padStart(9),
          String(of(peer, 'missing')).padStart(8),
        ].join(' '),
      )
      results.push({ case: one.name, peer: peer.name, rounds: figures.get(peer) })
    }
  }
  writeResults('fanout', results)
}
