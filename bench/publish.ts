import { once } from 'node:events'
import type { Load, LoadResult } from './fanout/load.ts'
import { bare, type Peer, PORT, tributary } from './fanout/peers.ts'
import { cpuOf, median, Processes } from './processes.ts'
import { writeResults } from './results.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 3)
const SECONDS = Number(process.env.SECONDS ?? 4)
/** Requests after which a server's code is compiled. */
const WARM_REQUESTS = 10_000

interface Case {
  name: string
  channels: number
  batch: number
}

const CASES: readonly Case[] = [
  { name: 'JSON, one channel', channels: 1, batch: 1 },
  { name: 'JSON, 1,000 channels', channels: 1000, batch: 1 },
  { name: 'NDJSON, 100 a request', channels: 1, batch: 100 },
]

/** Measures the microseconds of the server for each publication, which nobody is subscribed to. */
const measure = async (peer: Peer, { channels, batch }: Case): Promise<number> => {
  const processes = new Processes()
  try {
    const { pid, headers = [] } = (await peer.start(processes)) as { pid: number; headers?: string[] }
    const load: Load = {
      ...(peer.sse as NonNullable<Peer['sse']>),
      ports: [PORT],
      kind: 'sse',
      headers,
      connections: 0,
      channels,
      batch,
      rate: 0,
      publishers: 8,
      window: Number.MAX_SAFE_INTEGER,
      warmSeconds: 2,
      warmPublications: WARM_REQUESTS * batch,
      seconds: SECONDS,
    }
    const publishers = processes.script('../fanout/subscribers', JSON.stringify(load))
    const said = async () => (await once(publishers, 'message'))[0]
    await said()
    publishers.send('warm')
    await said()
    const cpu = cpuOf(pid)
    publishers.send('measure')
    const { published } = (await said()) as LoadResult
    return ((cpuOf(pid) - cpu) * 1e6) / published
  } finally {
    await processes.close()
  }
}

/**
 * Measures what a publication over HTTP costs the server, beside a bare Fastify that parses the same body and answers, in
 * the same rounds, by eight connections that are kept alive.
 */
export default async (log: (line: string) => void): Promise<void> => {
  const results: object[] = []
  for (const one of CASES) {
    const figures: [bare: number, own: number][] = []
    for (let round = 0; round < ROUNDS; round++)
      figures.push([await measure(bare, one), await measure(tributary, one)])
    const ratio = median(figures.map(([least, own]) => own / least))
    const [least, own] = [0, 1].map((at) => median(figures.map((pair) => pair[at] as number)))
    log(
      `${one.name}: ${own?.toFixed(1)} µs a publication, ${ratio.toFixed(2)} x bare Fastify (${least?.toFixed(1)} µs)`,
    )
    results.push({ case: one.name, rounds: figures.map(([bare, own]) => ({ bare, own })) })
  }
  writeResults('publish', results)
}
