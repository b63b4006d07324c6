import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import type { Broker, BrokerListener, Publication } from '../../src/channel/broker.ts'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import { Hub } from '../../src/channel/hub.ts'
import type { Since } from '../../src/channel/subscriber.ts'
import { Problem } from '../../src/errors.ts'
import { Guest, partyOfGuests } from './guest.ts'
import { numbers, Reader } from './reader.ts'

/** The memory broker with a push side that loses, repeats and delays, and a history that can be out of reach. */
function shaky(inner: Broker) {
  const listeners: BrokerListener[] = []
  const delayed: Publication[] = []
  const faults = { drop: false, repeat: false, delay: false, down: false }
  inner.listen({
    publication(publication) {
      if (faults.drop) return
      if (faults.delay) delayed.push(publication)
      else for (const listener of listeners) listener.publication(publication)
      if (faults.repeat) for (const listener of listeners) listener.publication(publication)
    },
    signal() {},
    interrupted() {},
  })
  const broker: Broker = {
    ...inner,
    async subscribe(channel) {
      await turn()
      await inner.subscribe(channel)
    },
    async unsubscribe(channel) {
      await turn()
      await inner.unsubscribe(channel)
    },
    async history(channel, after, limit) {
      await turn()
      if (faults.down) throw new Problem('BUS_UNAVAILABLE', 'down')
      return inner.history(channel, after, limit)
    },
    listen: (listener) => {
      listeners.push(listener)
    },
  }
  const release = () => {
    for (const publication of delayed.splice(0).reverse()) {
      for (const listener of listeners) listener.publication(publication)
    }
  }
  const interrupt = () => {
    for (const listener of listeners) listener.interrupted()
  }
  return { broker, faults, release, interrupt }
}

t.test('lost pushes are found by the next one, by an interruption and by the position check', async (t) => {
  const inner = memoryBroker({ historySize: 1000, historyTtlMs: 60_000 })
  const { broker, faults, interrupt } = shaky(inner)
  let now = 0
  const hub = new Hub(broker, { positionCheckMs: 100, historyPage: 10, now: () => now })
  const reader = new Reader()
  const subscription = await hub.subscribe('topic:a', reader, 'now')
  subscription.start()
  faults.drop = true
  await hub.publish('topic:a', ['1'])
  faults.drop = false
  await hub.publish('topic:a', ['2'])
  await reader.until(({ got }) => got.length === 2)
  faults.drop = true
  await hub.publish('topic:a', ['3'])
  interrupt()
  await reader.until(({ got }) => got.length === 3)
  await hub.publish('topic:a', numbers(4, 5))
  now = 200
  await reader.until(({ got }) => got.length === 5)
  await hub.publish('topic:a', numbers(6, 100))
  now = 400
  await reader.until(({ got }) => got.length === 100)
  t.same(reader.texts, numbers(1, 100), 'also when the hole is larger than a page')
  faults.drop = false

  faults.down = true
  faults.drop = true
  await hub.publish('topic:a', ['101'])
  faults.drop = false
  await hub.publish('topic:a', ['102'])
  await t.rejects(hub.subscribe('topic:a', new Reader(), 'now'), { code: 'BUS_UNAVAILABLE' })
  t.equal(hub.numSubscribers('topic:a'), 1, 'the one who is there stays')
  while (hub.stats().busUp) await turn()
  faults.down = false
  await reader.until(({ got }) => got.length === 102)
  t.same(reader.faults, [])
  t.same(reader.losses, [])

  await inner.remove('topic:a')
  await hub.publish('topic:a', ['"new life"'])
  await reader.until(({ losses }) => losses.length === 1)
  t.match(reader.losses, [{ reason: 'epoch_changed', position: { offset: 1 } }])
  await hub.publish('topic:a', ['"after it"'])
  await reader.until(({ got }) => got.length === 103)
  t.equal(reader.texts.at(-1), '"after it"')
  t.same(reader.faults, [])
  await hub.close()
  await inner.close()
})

t.test(
  'whatever the push side does, every reader gets an unbroken sequence or is told',
  { timeout: 60_000 },
  async (t) => {
    type Step =
      | { do: 'publish'; count: number }
      | { do: 'fault'; name: 'drop' | 'repeat' | 'delay'; on: boolean }
      | { do: 'release' }
      | { do: 'interrupt' }
      | { do: 'remove' }
      | { do: 'turn' }
      | { do: 'join'; back: number; wait: boolean }
      | { do: 'leave' }
      | { do: 'rise'; which: number }
      | { do: 'occupy'; which: number }
    const step: fc.Arbitrary<Step> = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 7 }) }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant('fault' as const),
          name: fc.constantFrom('drop' as const, 'repeat' as const, 'delay' as const),
          on: fc.boolean(),
        }),
      },
      {
        weight: 4,
        arbitrary: fc
          .constantFrom('release' as const, 'interrupt' as const, 'turn' as const)
          .map((d) => ({ do: d })),
      },
      { weight: 1, arbitrary: fc.constantFrom('remove' as const, 'leave' as const).map((d) => ({ do: d })) },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constant('join' as const),
          back: fc.integer({ min: -1, max: 30 }),
          wait: fc.boolean(),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constantFrom('rise' as const, 'occupy' as const),
          which: fc.nat(3),
        }),
      },
    )
    let lossesSeen = 0
    let servedTogether = 0
    let runs = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        runs++
        const inner = memoryBroker({ historySize: 12, historyTtlMs: 60_000 })
        const { broker, faults, release, interrupt } = shaky(inner)
        const hub = new Hub(broker, { historyPage: 4, bufferSize: 5, positionCheckMs: 1e9, partyFrom: 1 })
        const readers = new Set<Reader>()
        const guests: Guest[] = []
        const kind = partyOfGuests(() => servedTogether++)
        const left: Reader[] = []
        const joins: Promise<void>[] = []
        const closers: (() => void)[] = []
        const join = async (since: Since) => {
          const reader = new Reader()
          const subscription = await hub.subscribe('topic:a', reader, since)
          reader.at = subscription.position
          readers.add(reader)
          guests.push(new Guest(subscription.seat, reader, kind))
          closers.push(() => {
            subscription.close()
            readers.delete(reader)
            left.push(reader)
          })
          subscription.start()
        }
        let count = 0
        for (const step of steps) {
          if (step.do === 'publish') {
            await inner.publish('topic:a', numbers(count + 1, count + step.count))
            count += step.count
          } else if (step.do === 'fault') faults[step.name] = step.on
          else if (step.do === 'release') release()
          else if (step.do === 'interrupt') interrupt()
          else if (step.do === 'remove') await inner.remove('topic:a')
          else if (step.do === 'turn') await turn()
          else if (step.do === 'leave') closers.shift()?.()
          else if (step.do === 'rise') guests[step.which]?.seat.rise()
          else if (step.do === 'occupy') guests[step.which]?.occupy()
          else {
            const { epoch, top } = await inner.history('topic:a', 0, 1)
            const since = step.back < 0 ? 'now' : { epoch, offset: Math.max(0, top - step.back) }
            const joining = join(since)
            joins.push(joining)
            if (step.wait) await joining
          }
        }
        await Promise.all(joins)
        faults.drop = faults.delay = faults.repeat = false
        release()
        interrupt()
        const { epoch, offset } = await inner.publish('topic:a', ['"end"'])
        const atEnd = ({ at }: Reader) => at?.epoch === epoch && at.offset === offset
        await Promise.all([...readers].map((reader) => reader.until(atEnd, 1000)))
        for (const { faults, losses } of [...readers, ...left]) {
          if (faults.length > 0) throw new Error(faults.join('; '))
          lossesSeen += losses.length
        }
        await hub.close()
        await inner.close()
      }),
      { numRuns: 1000 },
    )
    t.equal(runs, 1000)
    t.ok(lossesSeen > 0, `${lossesSeen} losses were told`)
    t.ok(servedTogether > 200, `${servedTogether} deliveries by a party`)
  },
)
