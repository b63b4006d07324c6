import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import type { Broker } from '../../src/channel/broker.ts'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import { Hub } from '../../src/channel/hub.ts'
import { numbers, Reader } from './reader.ts'

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

t.test('a replay of long texts is handed over in steps that do not make its reader a slow one', async (t) => {
  const broker = room()
  const hub = new Hub(broker)
  const texts = numbers(1, 6).map((digit) => JSON.stringify(digit.repeat(40_000)))
  const { epoch } = await hub.publish('topic:a', [...texts, JSON.stringify('7'.repeat(200_000)), '8'])
  let open: (() => void) | undefined
  const slow = new Reader(() => new Promise((resolve) => (open = resolve)))
  const subscription = await hub.subscribe('topic:a', slow, { epoch, offset: 0 })
  subscription.start()
  for (let count = 1; count <= 7; count++) {
    await slow.until(({ got }) => got.length >= count)
    await turn()
    t.equal(slow.got.length, count, 'one at a time: two would be more than a step')
    await hub.publish('topic:a', [String(count + 8)])
    open?.()
  }
  await slow.until(({ got }) => got.length === 8)
  await turn()
  open?.()
  await slow.until(({ got }) => got.length === 15)
  t.same(slow.texts.slice(7), numbers(8, 15))
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
