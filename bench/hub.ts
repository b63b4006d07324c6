import type { Publication } from '../src/channel/broker.ts'
import { memoryBroker } from '../src/channel/broker-memory.ts'
import { Hub } from '../src/channel/hub.ts'
import type { Subscriber } from '../src/channel/subscriber.ts'

const SUBSCRIBERS = [1, 100, 10_000]
const PER_TURN = [1, 50]
const DELIVERIES = 4_000_000
const MAX_TURNS = 20_000
const CHANNEL = 'topic:bench'
const DATA = JSON.stringify({ type: 'chunk', content: 'a few words of an answer' })

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** CPU microseconds, user and system, of this process. */
async function cpuOf(work: () => Promise<void> | void): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/** A receiver that does as little as can be seen. */
function receiver(count: { deliveries: number }): Subscriber {
  return {
    deliver(publications) {
      count.deliveries += publications.length
    },
    drained: async () => {},
    lost() {
      throw new Error('lost in a process of its own')
    },
  }
}

async function throughHub(subscribers: number, turns: number, perTurn: number): Promise<number> {
  const broker = memoryBroker({ historySize: 10_000, historyTtlMs: 60_000 })
  const hub = new Hub(broker)
  const count = { deliveries: 0 }
  for (let i = 0; i < subscribers; i++) {
    const subscription = await hub.subscribe(CHANNEL, receiver(count), 'now')
    subscription.start()
  }
  await turn()
  const texts = Array.from({ length: perTurn }, () => DATA)
  const publishing = async (times: number) => {
    for (let i = 0; i < times; i++) {
      await hub.publish(CHANNEL, texts)
      await turn()
    }
  }
  await publishing(Math.ceil(turns / 10))
  count.deliveries = 0
  const cpu = await cpuOf(() => publishing(turns))
  if (count.deliveries !== subscribers * turns * perTurn) throw new Error(`${count.deliveries} deliveries`)
  await hub.close()
  await broker.close()
  return cpu / count.deliveries
}

async function throughLoop(subscribers: number, turns: number, perTurn: number): Promise<number> {
  const count = { deliveries: 0 }
  const receivers = Array.from({ length: subscribers }, () => receiver(count))
  const looping = (times: number) => {
    for (let i = 0; i < times; i++) {
      const publications: Publication[] = []
      for (let n = 0; n < perTurn; n++)
        publications.push({ channel: CHANNEL, epoch: 'e', offset: n, data: DATA })
      for (const { deliver } of receivers) deliver(publications, false)
    }
  }
  looping(Math.ceil(turns / 10))
  count.deliveries = 0
  const cpu = await cpuOf(() => looping(turns))
  return cpu / count.deliveries
}

/**
 * CPU per delivered publication of the hub over the memory broker: publish, ring, turn, fan-out; beside a bare loop
 * over the same callbacks, which keeps no history, promises nothing and has no event loop to go through.
 */
export default async (log: (line: string) => void): Promise<void> => {
  log('subscribers  per turn   hub ns/delivery   hub us/publication   loop ns/delivery   ratio')
  for (const subscribers of SUBSCRIBERS) {
    for (const perTurn of PER_TURN) {
      const turns = Math.min(MAX_TURNS, Math.max(500, Math.round(DELIVERIES / subscribers / perTurn)))
      const loop = await throughLoop(subscribers, turns, perTurn)
      const hub = await throughHub(subscribers, turns, perTurn)
      log(
        [
          String(subscribers).padStart(11),
          String(perTurn).padStart(9),
          (hub * 1000).toFixed(1).padStart(17),
          (hub * subscribers).toFixed(2).padStart(20),
          (loop * 1000).toFixed(1).padStart(18),
          (hub / loop).toFixed(2).padStart(7),
        ].join(' '),
      )
    }
  }
}
