import fc from 'fast-check'
import t from 'tap'
import type { Broker, BrokerListener, Publication } from '../../src/channel/broker.ts'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import { Hub } from '../../src/channel/hub.ts'
import { Presence } from '../../src/channel/presence.ts'
import type { Since } from '../../src/channel/subscriber.ts'
import { Problem } from '../../src/errors.ts'
import { Reader } from './reader.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i))
const room = () => memoryBroker({ historySize: 1000, historyTtlMs: 60_000 })

t.test('a subscriber gets what comes next, joined per turn and in one array for all', async (t) => {
  const broker = room()
  const hub = new Hub(broker)
  await hub.publish('topic:a', ['"before"'])
  const one = new Reader()
  const two = new Reader()
  for (const reader of [one, two]) {
    const subscription = await hub.subscribe('topic:a', reader, 'now')
    t.match(subscription, { position: { offset: 1 }, top: { offset: 1 }, recovered: undefined })
    subscription.start()
  }
  await turn()
  const arrays: unknown[] = []
  const deliver = one.deliver.bind(one)
  one.deliver = (publications) => {
    arrays.push(publications)
    deliver(publications)
  }
  const deliverTwo = two.deliver.bind(two)
  two.deliver = (publications) => {
    arrays.push(publications)
    deliverTwo(publications)
  }
  await hub.publish('topic:a', ['1', '2'])
  await hub.publish('topic:a', ['3'])
  await two.until(({ got }) => got.length === 3)
  t.same(one.texts, ['1', '2', '3'])
  t.equal(one.deliveries, 1)
  t.equal(arrays[0], arrays[1], 'the very same array')
  t.equal(hub.numSubscribers('topic:a'), 2)
  t.match(hub.stats(), { channels: 1, subscribers: 2, busUp: true })
  await hub.close()
  t.match(hub.stats(), { channels: 0, subscribers: 0 })
  await broker.close()
})

t.test('a position, the beginning and what is lost', async (t) => {
  const broker = memoryBroker({ historySize: 10, historyTtlMs: 60_000 })
  const outcomes: string[] = []
  const hub = new Hub(broker, {
    historyPage: 3,
    observer: { recovered: (outcome) => outcomes.push(outcome) },
  })
  const { epoch } = await hub.publish('topic:a', numbers(1, 8))
  const whole = new Reader()
  const beginning = await hub.subscribe('topic:a', whole, 'beginning')
  t.match(beginning, { recovered: true, position: { epoch, offset: 0 }, top: { epoch, offset: 8 } })
  await hub.publish('topic:a', numbers(9, 10))
  t.same(whole.got, [], 'nothing before start')
  beginning.start()
  beginning.start()
  await whole.until(({ got }) => got.length === 10)
  t.same(whole.texts, numbers(1, 10))

  const rest = new Reader()
  const subscription = await hub.subscribe('topic:a', rest, { epoch, offset: 4 })
  t.match(subscription, { recovered: true, reason: undefined, position: { epoch, offset: 4 } })
  subscription.start()
  await hub.publish('topic:a', numbers(11, 14))
  await rest.until(({ got }) => got.length === 10)
  t.same(rest.texts, numbers(5, 14))

  const refused = async (since: { epoch: string; offset: number } | 'beginning') => {
    const { recovered, reason, position } = await hub.subscribe('topic:a', new Reader(), since)
    return { recovered, reason, offset: position.offset }
  }
  t.same(await refused({ epoch, offset: 3 }), { recovered: false, reason: 'trimmed', offset: 14 })
  t.same(await refused('beginning'), { recovered: false, reason: 'trimmed', offset: 14 })
  t.same(await refused({ epoch, offset: 15 }), { recovered: false, reason: 'offset_ahead', offset: 14 })
  t.same(await refused({ epoch, offset: Number.NaN }), {
    recovered: false,
    reason: 'offset_ahead',
    offset: 14,
  })
  t.same(await refused({ epoch: 'x', offset: 14 }), { recovered: false, reason: 'epoch_changed', offset: 14 })
  t.same(await refused({ epoch, offset: 14 }), { recovered: true, reason: undefined, offset: 14 })
  t.same(outcomes.slice(2), [
    'trimmed',
    'trimmed',
    'offset_ahead',
    'offset_ahead',
    'epoch_changed',
    'recovered',
  ])

  const empty = await hub.subscribe('topic:empty', new Reader(), 'beginning')
  t.match(empty, { recovered: true, position: { offset: 0 } })
  await hub.close()
  await broker.close()
})

t.test('a replay waits for its reader, live readers do not wait for it', async (t) => {
  const broker = room()
  const hub = new Hub(broker, { historyPage: 10, bufferSize: 20 })
  const { epoch } = await hub.publish('topic:a', numbers(1, 100))
  let open: (() => void) | undefined
  const slow = new Reader(() => new Promise((resolve) => (open = resolve)))
  const live = new Reader()
  const slowly = await hub.subscribe('topic:a', slow, { epoch, offset: 0 })
  const now = await hub.subscribe('topic:a', live, 'now')
  now.start()
  slowly.start()
  await slow.until(({ got }) => got.length === 10)
  for (let i = 101; i <= 200; i++) await hub.publish('topic:a', [String(i)])
  await live.until(({ got }) => got.length === 100)
  t.equal(slow.got.length, 10, 'the slow one still stands at its first page')
  while (slow.got.length < 190) {
    const expected = slow.got.length + 10
    const go = open
    open = undefined
    t.ok(go, 'drained is asked for after each page')
    go?.()
    await slow.until(({ got }) => got.length >= expected)
    await turn()
  }
  open?.()
  await slow.until(({ got }) => got.length === 200)
  await hub.publish('topic:a', ['201'])
  await slow.until(({ got }) => got.length === 201)
  t.same(slow.texts, numbers(1, 201))
  t.same(slow.faults, [])
  await hub.close()
  await broker.close()
})

t.test('a subscriber that throws, or closes others while being served, hurts nobody', async (t) => {
  const broker = room()
  const failures: unknown[] = []
  const hub = new Hub(broker, { observer: { failed: (error) => failures.push(error) } })
  const readers = Array.from({ length: 6 }, () => new Reader())
  const subscriptions = await Promise.all(readers.map((reader) => hub.subscribe('topic:a', reader, 'now')))
  for (const subscription of subscriptions) subscription.start()
  await turn()
  const [first, second, third] = readers as [Reader, Reader, Reader]
  first.deliver = () => {
    throw new Error('broken')
  }
  const deliver = second.deliver.bind(second)
  second.deliver = (publications) => {
    deliver(publications)
    subscriptions[1]?.close()
    subscriptions[2]?.close()
  }
  await hub.publish('topic:a', ['1'])
  await turn()
  await hub.publish('topic:a', ['2'])
  const rest = readers.slice(3)
  await Promise.all(rest.map((reader) => reader.until(({ got }) => got.length === 2)))
  t.match(failures, [{ message: 'broken' }])
  t.same(second.texts, ['1'])
  t.same(third.texts, [])
  for (const reader of rest) t.same(reader.texts, ['1', '2'])
  t.equal(hub.numSubscribers('topic:a'), 4)
  await hub.close()
  await broker.close()
})

t.test(
  'leaving and joining at once keeps one broker subscription, and the last one to leave ends it',
  async (t) => {
    const inner = room()
    const calls: string[] = []
    const broker: Broker = {
      ...inner,
      subscribe: async (channel) => {
        await turn()
        calls.push('subscribe')
        await inner.subscribe(channel)
      },
      unsubscribe: async (channel) => {
        await turn()
        await inner.unsubscribe(channel)
        calls.push('unsubscribe')
      },
    }
    const hub = new Hub(broker)
    let previous = await hub.subscribe('topic:a', new Reader(), 'now')
    for (let i = 1; i <= 20; i++) {
      const reader = new Reader()
      const joining = hub.subscribe('topic:a', reader, 'now')
      previous.close()
      if (i % 3 === 0) await turn()
      previous = await joining
      previous.start()
      await hub.publish('topic:a', [String(i)])
      await reader.until(({ got }) => got.length > 0, 1000)
      t.same(reader.texts, [String(i)])
    }
    previous.close()
    previous.close()
    await hub.close()
    t.equal(
      calls.filter((call) => call === 'subscribe').length,
      calls.filter((call) => call === 'unsubscribe').length,
    )
    t.equal(calls.at(-1), 'unsubscribe')
    t.match(hub.stats(), { channels: 0, subscribers: 0 })
    const aborted = hub.subscribe('topic:a', new Reader(), 'now', AbortSignal.abort(new Error('gone')))
    await t.rejects(aborted, { message: 'gone' })
    await t.rejects(hub.subscribe('topic:a', new Reader(), 'now'), { code: 'BUS_UNAVAILABLE' })
    await inner.close()
  },
)

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
  const inner = room()
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
  const healed = performance.now()
  await reader.until(({ got }) => got.length === 102)
  t.ok(performance.now() - healed < 2000, 'filled within 2 s of healing')
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

t.test('a heartbeat keeps members, and who stops beating leaves', async (t) => {
  let now = 0
  const inner = memoryBroker({ historySize: 10, historyTtlMs: 60_000, now: () => now })
  let entered = (): void => {}
  const broker: Broker = {
    ...inner,
    enter: async (...args) => {
      await inner.enter(...args)
      entered()
    },
  }
  const hub = new Hub(broker)
  const [here, there] = [
    new Presence(broker, hub, { ttlMs: 1000, heartbeatMs: 2 }),
    new Presence(inner, hub, { ttlMs: 1000, heartbeatMs: 2 }),
  ] as const
  const awake = setInterval(() => {}, 1000)
  t.teardown(() => clearInterval(awake))
  const left = new Promise<string>((leave) => there.watch('chat:a', { join() {}, leave }))
  const member = { connection_id: 'c1', user: 'ana' }
  await here.enter('chat:a', member)
  for (let i = 0; i < 5; i++) {
    const beat = new Promise<void>((resolve) => {
      entered = resolve
    })
    now += 900
    await beat
    t.same(await there.members('chat:a'), [member], `there after ${now} ms`)
  }
  here.close()
  now += 1000
  t.equal(await left, 'ana')
  there.close()
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
    )
    let lossesSeen = 0
    let runs = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        runs++
        const inner = memoryBroker({ historySize: 12, historyTtlMs: 60_000 })
        const { broker, faults, release, interrupt } = shaky(inner)
        const hub = new Hub(broker, { historyPage: 4, bufferSize: 5, positionCheckMs: 1e9 })
        const readers = new Set<Reader>()
        const left: Reader[] = []
        const joins: Promise<void>[] = []
        const closers: (() => void)[] = []
        const join = async (since: Since) => {
          const reader = new Reader()
          const subscription = await hub.subscribe('topic:a', reader, since)
          reader.at = subscription.position
          readers.add(reader)
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
  },
)
