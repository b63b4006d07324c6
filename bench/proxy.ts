import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../test/support/port.ts'
import { collectGarbage, cpuOf, median, Processes, rssOf } from './processes.ts'
import type { Load, Seen } from './proxy/client.ts'
import { CHAT, PEERS, type Peer } from './proxy/peers.ts'
import type { Answers } from './proxy/upstream.ts'

const STREAMS = Number(process.env.PROXY_STREAMS ?? 100)
const ROUNDS = Number(process.env.PROXY_ROUNDS ?? 3)
const OPEN_BEFORE = 200
const OPEN_STREAMS = 1000
const WARM_MS = 2500
const MEASURE_MS = 4000

const FLAT: Answers = { tokens: 500, rate: 0 }
const PACED: Answers = { tokens: 500, rate: 50 }
const SHORT: Answers = { tokens: 3, rate: 0 }
/** One token, and then none for longer than anybody looks. */
const STALLED: Answers = { tokens: 2, rate: 0.001 }

/** The paced ones last: turns that their clients leave go on for a while, and these would for the longest. */
const TABLES: readonly [title: string, answers: Answers][] = [
  [`${STREAMS} streams at once, ${FLAT.tokens} tokens each, as fast as they come`, FLAT],
  [`${STREAMS} short turns at once, ${SHORT.tokens} tokens each`, SHORT],
  [`${STREAMS} streams at once, ${PACED.tokens} tokens each, ${PACED.rate} tokens a second`, PACED],
]

interface Figures extends Seen {
  usPerToken: number
  msPerTurn: number
}

/** A vendor, what stands in front of it, and its clients. */
const scene = async (peer: Peer['start'], work: (scene: Scene) => Promise<void>): Promise<void> => {
  const processes = new Processes()
  try {
    const upstreamPort = await freePort()
    const port = await freePort()
    const upstream = processes.script('upstream', upstreamPort, FLAT.tokens, FLAT.rate)
    const client = processes.script('client')
    await once(upstream, 'message')
    const { pid } = await peer(processes, port, upstreamPort)
    await work({ upstream, client, port, pid: pid as number })
  } finally {
    await processes.close()
  }
}

interface Scene {
  upstream: ChildProcess
  client: ChildProcess
  port: number
  pid: number
}

const LOAD = { headers: [], streams: STREAMS, warmMs: WARM_MS, measureMs: MEASURE_MS }

const measure = async (
  { upstream, client, port, pid }: Scene,
  { path, body }: Pick<Peer, 'path' | 'body'>,
  answers: Answers,
): Promise<Figures> => {
  upstream.send(answers)
  client.send({ ...LOAD, port, path, body } satisfies Load)
  await once(client, 'message')
  const before = cpuOf(pid)
  await once(client, 'message')
  const cpu = cpuOf(pid) - before
  const [seen] = (await once(client, 'message')) as [Seen]
  if (seen.tokens === 0) throw new Error('no token came')
  return { ...seen, usPerToken: (cpu * 1e6) / seen.tokens, msPerTurn: (cpu * 1e3) / seen.turns }
}

/** Of each table, each peer's figures, a round each; undefined where it failed. */
type Rounds = Map<string, (Figures | undefined)[]>[]

const rowsOf = (tables: Rounds[number]): string[] => {
  const relays = [...tables.values()][0] ?? []
  return [...tables].map(([name, rounds]) => {
    const figures = rounds.filter((round) => round !== undefined)
    const costs = figures.map(({ usPerToken }) => usPerToken)
    const ratios = rounds.flatMap((round, index) => {
      const relay = relays[index]
      return round && relay ? [round.usPerToken / relay.usPerToken] : []
    })
    const of = (digits: number, width: number, read: (row: Figures) => number): string =>
      median(figures.map(read)).toFixed(digits).padStart(width)
    return [
      name.padEnd(26),
      median(costs).toFixed(2).padStart(9),
      `${Math.min(...costs).toFixed(1)}-${Math.max(...costs).toFixed(1)}`.padStart(12),
      median(ratios).toFixed(2).padStart(7),
      of(0, 9, ({ tokens }) => tokens / (MEASURE_MS / 1000)),
      of(2, 10, ({ latency }) => latency.p50),
      of(2, 9, ({ latency }) => latency.p99),
      of(1, 18, ({ firstByte }) => firstByte.p95),
      of(2, 12, ({ msPerTurn }) => msPerTurn),
      String(figures.reduce((sum, { failed }) => sum + failed, 0)).padStart(7),
    ].join(' ')
  })
}

const compare = async (log: (line: string) => void): Promise<void> => {
  const rounds: Rounds = TABLES.map(() => new Map(PEERS.map(({ name }) => [name, []])))
  for (let round = 0; round < ROUNDS; round++)
    for (const peer of PEERS)
      await scene(peer.start, async (started) => {
        for (const [index, [, answers]] of TABLES.entries()) {
          const figures = await measure(started, peer, answers)
          const row = rounds[index]?.get(peer.name) as (Figures | undefined)[]
          row[round] = figures
        }
      }).catch((error: Error) => log(`${peer.name}: ${error.message}`))
  for (const [index, [title]] of TABLES.entries()) {
    log('')
    log(`${title}; medians of ${ROUNDS} rounds, each with every peer; ratio: to the relay of the same round`)
    log(
      'peer                        us/token    (min-max)   ratio  tokens/s  added p50    p99 ms  first byte p95 ms  ms CPU/turn  failed',
    )
    for (const row of rowsOf(rounds[index] as Rounds[number])) log(row)
  }
}

/** The first byte of document 002's interface, at streams whose vendor has a language model's pace. */
const firstByte = async (log: (line: string) => void): Promise<void> => {
  const path = '/stream/chat'
  await scene(
    (processes, port, upstream) => processes.withVendor(port, upstream),
    async (started) => {
      const body = JSON.stringify({ message: 'hi' })
      const { firstByte, turns } = await measure(started, { path, body }, { tokens: 100, rate: 50 })
      log(
        `POST ${path}, ${STREAMS} streams at once of 100 tokens at 50 a second, ${turns} turns: first byte p50 ${firstByte.p50.toFixed(1)} ms, p95 ${firstByte.p95.toFixed(1)} ms`,
      )
    },
  )
}

/** What a stream holds that is open and quiet, beside some that were open before. */
const memory = async (log: (line: string) => void): Promise<void> => {
  const path = '/api/v1/chat/stream'
  const inspect = await freePort()
  await scene(
    (processes, port, upstream) =>
      processes.withVendor(port, upstream, {
        NODE_OPTIONS: `--inspect=127.0.0.1:${inspect} --inspect-publish-uid=http`,
        STREAMING_TIMEOUT_MS: '600000',
        CHANNEL_HISTORY_SIZE: '100',
      }),
    async ({ upstream, client, port, pid }) => {
      upstream.send(STALLED)
      const openedTo = async (streams: number): Promise<number> => {
        client.send({ ...LOAD, port, path, body: CHAT, streams, hold: true } satisfies Load)
        await once(client, 'message')
        await sleep(2000)
        await collectGarbage(inspect)
        return rssOf(pid)
      }
      const before = await openedTo(OPEN_BEFORE)
      const each = ((await openedTo(OPEN_STREAMS)) - before) / OPEN_STREAMS / 1024
      log(
        `${OPEN_STREAMS} streams more, open and quiet: ${each.toFixed(1)} KiB resident each, over ${(before / 2 ** 20).toFixed(0)} MiB with ${OPEN_BEFORE}`,
      )
    },
  )
}

/**
 * What it costs to stand between a vendor and its clients: server CPU per token, and the time that a token takes,
 * beside a bare relay and nginx; then a first byte, and the memory of a stream. The vendor and the clients are
 * processes of their own.
 */
export default async (log: (line: string) => void): Promise<void> => {
  await compare(log)
  log('')
  await firstByte(log)
  await memory(log)
}
