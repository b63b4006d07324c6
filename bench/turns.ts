import { once } from 'node:events'
import { freePort } from '../test/support/port.ts'
import { cpuOf, median, Processes } from './processes.ts'
import type { Load, Seen } from './proxy/client.ts'
import type { Answers } from './proxy/upstream.ts'
import { writeResults } from './results.ts'

const AT_ONCE = 100
const BURSTS = 10
const ROUNDS = Number(process.env.ROUNDS ?? 3)
const SECONDS = Number(process.env.SECONDS ?? 4)
const PATH = '/stream/chat'
const BODY = JSON.stringify({ message: 'hello' })
const SHORT: Answers = { tokens: 10, rate: 0 }

interface Server {
  port: number
  pid: number
}

interface Peer {
  name: string
  /** @param text body of the service's own answer */
  start(processes: Processes, text: string): Promise<Server>
}

/** Starts the service for everybody, with rule answers alone. */
const local = async (processes: Processes): Promise<Server> => {
  const port = await freePort()
  const { pid } = await processes.service(port, { ALLOW_ANONYMOUS: 'true', LLM_PROVIDERS: 'local' })
  return { port, pid: pid as number }
}

const PEERS: readonly Peer[] = [
  {
    name: 'bare Fastify, the same bytes',
    async start(processes, text) {
      const port = await freePort()
      const script = new URL('fanout/bare.js', import.meta.url).pathname
      const { pid } = await processes.listening(port, process.execPath, [script, String(port), text])
      return { port, pid: pid as number }
    },
  },
  { name: 'Tributary, rule answers', start: local },
  {
    name: 'Tributary, a loopback vendor',
    async start(processes) {
      const [port, upstream] = [await freePort(), await freePort()]
      await once(processes.script('upstream', upstream, SHORT.tokens, SHORT.rate), 'message')
      return { port, pid: (await processes.withVendor(port, upstream)).pid as number }
    },
  },
]

interface Figure {
  turnsPerSecond: number
  /** Of the server's processor time. */
  msPerTurn: number
  /** To the first byte of an answer, ms: of turns that follow each other, and of a burst. */
  firstByteP95: number
  burstP95: number
  failed: number
}

const measure = async (peer: Peer, text: string): Promise<Figure> => {
  const processes = new Processes()
  try {
    const { port, pid } = await peer.start(processes, text)
    const client = processes.script('client')
    const load = { port, path: PATH, body: BODY, headers: [] as string[], streams: AT_ONCE }
    const said = async () => (await once(client, 'message'))[0]
    client.send({ ...load, warmMs: 4000, measureMs: SECONDS * 1000 } satisfies Load)
    await said()
    const before = cpuOf(pid)
    await said()
    const cpu = cpuOf(pid) - before
    const { turns, failed, firstByte } = (await said()) as Seen
    client.send({ ...load, warmMs: 500, measureMs: 0, bursts: BURSTS } satisfies Load)
    await said()
    await said()
    const burst = (await said()) as Seen
    return {
      turnsPerSecond: turns / SECONDS,
      msPerTurn: (cpu * 1000) / turns,
      firstByteP95: firstByte.p95,
      burstP95: burst.firstByte.p95,
      failed: failed + burst.failed,
    }
  } finally {
    await processes.close()
  }
}

/** Returns the body of one answer of the service. */
const answerText = async (): Promise<string> => {
  const processes = new Processes()
  try {
    const { port } = await local(processes)
    const headers = { 'content-type': 'application/json' }
    return await (
      await fetch(`http://127.0.0.1:${port}${PATH}`, { method: 'POST', headers, body: BODY })
    ).text()
  } finally {
    await processes.close()
  }
}

/**
 * Measures short turns of document 002's interface, a hundred at once, each of which begins a conversation: how many end in a
 * second, and when the first byte comes, also where a hundred are asked for at one moment; beside a bare Fastify that
 * keeps nothing and writes the same events.
 */
export default async (log: (line: string) => void): Promise<void> => {
  const text = await answerText()
  const figures = new Map<Peer, Figure[]>(PEERS.map((peer) => [peer, []]))
  for (let round = 0; round < ROUNDS; round++)
    for (const peer of PEERS) figures.get(peer)?.push(await measure(peer, text))
  log(`${AT_ONCE} turns at once, POST ${PATH}; medians of ${ROUNDS} rounds, each with every peer`)
  log('server                         turns/s  ms CPU/turn  first byte p95 ms  of a burst  failed')
  for (const [{ name }, rounds] of figures) {
    const of = (field: keyof Figure): number => median(rounds.map((figure) => figure[field]))
    log(
      [
        name.padEnd(28),
        of('turnsPerSecond').toFixed(0).padStart(9),
        of('msPerTurn').toFixed(2).padStart(12),
        of('firstByteP95').toFixed(0).padStart(18),
        of('burstP95').toFixed(0).padStart(11),
        String(rounds.reduce((sum, { failed }) => sum + failed, 0)).padStart(7),
      ].join(' '),
    )
  }
  writeResults(
    'turns',
    [...figures].map(([{ name }, rounds]) => ({ server: name, rounds })),
  )
}
