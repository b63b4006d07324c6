/** One worker of `npm run bench -- bus`: publishes to a channel, or hears it, over the bus that its argument names. */
import { once } from 'node:events'
import type { Broker } from '../../src/channel/broker.ts'
import { primaryBroker } from '../../src/channel/broker-primary.ts'
import { redisBroker } from '../../src/channel/broker-redis.ts'
import { openLine } from '../../src/workers.ts'

export interface BusLoad {
  role: 'publish' | 'hear'
  /** Address of Redis; through the process that started this one where there is none. */
  url?: string
  /** Publications of one turn of the event loop. */
  each: number
  warm: number
  count: number
}

const CHANNEL = 'topic:bench'
const TEXT = JSON.stringify({ type: 'number', n: 1_234_567, text: 'x'.repeat(150) })

const { role, url, each, warm, count } = JSON.parse(process.argv[2] as string) as BusLoad
const settings = { historySize: 10_000, historyTtlMs: 60_000 }
const broker: Broker = url ? redisBroker({ url, ...settings }) : primaryBroker(openLine())
await broker.requireWritable(CHANNEL)

let last = 0
let wake = (): void => undefined
broker.listen({
  publication({ offset }) {
    last = offset
    wake()
  },
  signal: () => undefined,
  interrupted: () => undefined,
})

const work: Readonly<Record<BusLoad['role'], (to: number) => Promise<void>>> = {
  async publish(to) {
    while (last < to) {
      const positions = await Promise.all(Array.from({ length: each }, () => broker.publish(CHANNEL, [TEXT])))
      last = positions.at(-1)?.offset ?? last
    }
  },
  async hear(to) {
    while (last < to)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  },
}

if (role === 'hear') await broker.subscribe(CHANNEL)
const told = once(process, 'message')
process.send?.('ready')
await told
await work[role](warm)
const measure = once(process, 'message')
process.send?.('warm')
await measure
const before = process.cpuUsage()
await work[role](warm + count)
const { user, system } = process.cpuUsage(before)
process.send?.((user + system) / count)
