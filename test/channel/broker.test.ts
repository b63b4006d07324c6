import t from 'tap'
import type { Broker, BrokerListener, Publication } from '../../src/channel/broker.ts'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import { primaryBroker } from '../../src/channel/broker-primary.ts'
import { redisBroker } from '../../src/channel/broker-redis.ts'
import { Hub } from '../../src/channel/hub.ts'
import { Line } from '../../src/channel/line.ts'
import { Presence } from '../../src/channel/presence.ts'
import { servedBroker } from '../support/primary.ts'
import { startCluster, startRedis } from '../support/redis.ts'
import { numbers, Reader } from './reader.ts'

/** Asks until the answer is right: for what only time brings about. */
async function eventually<T>(
  ask: () => Promise<T>,
  right: (answer: T) => boolean,
  withinMs = 10_000,
): Promise<T> {
  const end = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (right(answer)) return answer
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Notes what is pushed, and can be waited for. */
function ear() {
  const heard: Publication[] = []
  const signals: string[] = []
  let interruptions = 0
  let wake = (): void => {}
  const listener: BrokerListener = {
    publication(publication) {
      heard.push(publication)
      wake()
    },
    signal(message) {
      signals.push(message)
      wake()
    },
    interrupted() {
      interruptions++
      wake()
    },
  }
  const until = async (done: () => boolean) => {
    const timer = setTimeout(() => wake(), 10_000)
    const end = performance.now() + 10_000
    while (!done()) {
      if (performance.now() >= end)
        throw new Error(`heard only ${heard.length}, ${signals}, ${interruptions}`)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    clearTimeout(timer)
  }
  return { heard, signals, listener, until, interruptions: () => interruptions }
}

interface Bus {
  /** An instance's broker; all of one bus share their channels. */
  join(settings?: { historySize?: number; historyTtlMs?: number; positionTtlMs?: number }): Broker
  /** Lets that time pass. */
  pass(ms: number): void
  stop(): Promise<void>
}

let prefixes = 0

/** One process: every instance is the same broker. */
async function memory(): Promise<Bus> {
  let now = 0
  const brokers: Broker[] = []
  return {
    join: (settings = {}) => {
      const broker = memoryBroker({ historySize: 100, historyTtlMs: 60_000, ...settings, now: () => now })
      brokers.push(broker)
      return broker
    },
    pass: (ms) => {
      now += ms
    },
    stop: async () => {
      for (const broker of brokers) await broker.close()
    },
  }
}

/** A primary and its workers; other settings are those of another primary. */
async function primary(): Promise<Bus> {
  let now = 0
  const undo: (() => unknown)[] = []
  const serve = (settings: object) => {
    const kept = memoryBroker({ historySize: 100, historyTtlMs: 60_000, ...settings, now: () => now })
    const served = servedBroker(kept)
    undo.unshift(served.close, () => kept.close())
    return served
  }
  const common = serve({})
  return {
    join: (settings) => {
      const broker = primaryBroker(new Line((settings ? serve(settings) : common).connect()))
      undo.unshift(() => broker.close())
      return broker
    },
    pass: (ms) => {
      now += ms
    },
    stop: async () => {
      for (const step of undo) await step()
    },
  }
}

async function redis(): Promise<Bus> {
  const server = await startRedis()
  return overRedis(server.url, () => server.stop())
}

function overRedis(url: string, stop: () => Promise<void>): Bus {
  const brokers: Broker[] = []
  const prefix = `test-${process.pid}-${prefixes++}`
  return {
    join: (settings = {}) => {
      const broker = redisBroker({ url, prefix, historySize: 100, historyTtlMs: 60_000, ...settings })
      brokers.push(broker)
      return broker
    },
    pass: () => {},
    stop: async () => {
      for (const broker of brokers) await broker.close()
      await stop()
    },
  }
}

async function cluster(): Promise<Bus> {
  const { url, stop } = await startCluster()
  return overRedis(url, stop)
}

for (const [name, start] of Object.entries({ memory, primary, redis, cluster })) {
  t.test(`the broker's promise: ${name}`, async (t) => {
    const bus = await start()
    t.teardown(() => bus.stop())
    const broker = bus.join()
    await eventually(
      () => broker.probe().catch(() => -1),
      (ms) => ms >= 0,
    )

    await t.test('offsets without a hole, whole history, pushes to subscribed channels only', async (t) => {
      const { heard, listener, until } = ear()
      broker.listen(listener)
      const before = await broker.history('topic:a', 0, 10)
      t.match(before, { top: 0, first: 1, publications: [] })
      await broker.subscribe('topic:a')
      const texts = ['{"text":"é \\u2028 : 🎉"}', '2', '[3]']
      t.same(await broker.publish('topic:a', texts), { epoch: before.epoch, offset: 3 })
      await broker.publish('topic:other', ['"not subscribed"'])
      await broker.publish('topic:a', ['4'])
      await until(() => heard.length === 4)
      const { epoch, top, first, publications } = await broker.history('topic:a', 0, 10)
      t.same({ epoch, top, first }, { epoch: before.epoch, top: 4, first: 1 })
      t.same(publications, heard, 'what is pushed is what is kept')
      t.same(
        publications.map(({ channel, offset, data }) => [channel, offset, data]),
        [...texts, '4'].map((data, i) => ['topic:a', i + 1, data]),
      )
      t.same((await broker.history('topic:a', 1, 2)).publications, heard.slice(1, 3))
      t.same((await broker.history('topic:a', 4, 2)).publications, [])
      t.match(await broker.history('topic:a', Number.MAX_SAFE_INTEGER, 1), { top: 4, publications: [] })
      t.same(await broker.publish('topic:a', []), { epoch, offset: 4 }, 'nothing to append')
      await broker.unsubscribe('topic:a')
      await broker.publish('topic:a', ['5'])
      await broker.subscribe('topic:b')
      await broker.publish('topic:b', ['1'])
      await until(() => heard.at(-1)?.channel === 'topic:b')
      t.equal(heard.length, 5, 'nothing after unsubscribe')
    })

    await t.test('concurrent publishers, gapless', async (t) => {
      const { heard, listener, until } = ear()
      broker.listen(listener)
      await broker.subscribe('topic:many')
      const other = name === 'memory' ? broker : bus.join()
      const publish = async (by: Broker, from: number) => {
        for (let i = 0; i < 40; i += 2) await by.publish('topic:many', [`${from + i}`, `${from + i + 1}`])
      }
      await Promise.all([publish(broker, 0), publish(other, 100), publish(broker, 200), publish(other, 300)])
      const many = () => heard.filter(({ channel }) => channel === 'topic:many')
      await until(() => many().length === 160)
      t.same(
        many().map(({ offset }) => offset),
        numbers(1, 160).map(Number),
      )
      for (let i = 0; i < 160; i += 2) {
        t.equal(Number(many()[i + 1]?.data), Number(many()[i]?.data) + 1, 'texts of one call stay together')
      }
      const first = many().filter(({ data }) => Number(data) < 100)
      t.same(
        first.map(({ data }) => Number(data)),
        numbers(0, 39).map(Number),
        'each publisher keeps its order',
      )
      t.match(await other.history('topic:many', 0, 1), { top: 160, first: 61 })
    })

    await t.test('an idempotency key appends once, also in a race', async (t) => {
      const once = await broker.publish('topic:key', ['1', '2'], { idempotencyKey: 'k' })
      const again = [1, 2, 3].map(() => broker.publish('topic:key', ['x'], { idempotencyKey: 'k' }))
      for (const position of await Promise.all(again)) t.same(position, { ...once, isRepeat: true })
      await broker.publish('topic:key', ['3'], { idempotencyKey: 'other' })
      await broker.publish('topic:key2', ['1'], { idempotencyKey: 'k' })
      const { publications } = await broker.history('topic:key', 0, 10)
      t.same(
        publications.map(({ data }) => data),
        ['1', '2', '3'],
      )
      t.match(await broker.history('topic:key2', 0, 10), { top: 1 })
      const exact = { idempotencyKey: 'exact', isExact: true }
      const first = await broker.publish('topic:exact', ['1', '23'], exact)
      t.same(await broker.publish('topic:exact', ['1', '23'], exact), { ...first, isRepeat: true })
      for (const texts of [['1'], ['12', '3'], ['1', '23', '4'], []])
        await t.rejects(broker.publish('topic:exact', texts, exact), { code: 'IDEMPOTENCY_KEY_REUSED' })
      t.match(await broker.history('topic:exact', 0, 10), { top: 2 })
      await broker.remove('topic:key')
      const fresh = await broker.publish('topic:key', ['new'], { idempotencyKey: 'k' })
      t.equal(fresh.offset, 1, 'a key of a former life is not an answer')
    })

    await t.test('a fence keeps a replaced holder out, and no other producer of the channel', async (t) => {
      const fence = (token: number, producer = 'p') => ({ fence: { producer, token } })
      await broker.publish('stream:f', ['1'], fence(1))
      await broker.publish('stream:f', ['2'], fence(3))
      await t.rejects(broker.publish('stream:f', ['old'], fence(2)), { code: 'FENCED' })
      await t.rejects(broker.publish('stream:f', ['old'], { ...fence(1), idempotencyKey: 'x' }), {
        code: 'FENCED',
      })
      await broker.publish('stream:f', ['3'], fence(3))
      await broker.publish('stream:f', ['4'], fence(1, 'q'))
      const { publications } = await broker.history('stream:f', 0, 10)
      t.same(
        publications.map(({ data }) => data),
        ['1', '2', '3', '4'],
      )
    })

    await t.test('history is trimmed to its size, and by one call as well', async (t) => {
      const small = bus.join({ historySize: 5 })
      await small.publish('topic:trim', numbers(1, 4))
      await small.publish('topic:trim', numbers(5, 17))
      const { top, first, publications } = await small.history('topic:trim', 0, 1000)
      t.same({ top, first }, { top: 17, first: 13 })
      t.same(
        publications.map(({ data }) => data),
        numbers(13, 17),
      )
      t.same(
        (await small.history('topic:trim', 14, 2)).publications.map(({ offset }) => offset),
        [15, 16],
      )
    })

    await t.test('a trace goes with its publications, pushed and kept', async (t) => {
      const other = name === 'memory' ? broker : bus.join()
      const { heard, listener, until } = ear()
      other.listen(listener)
      const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
      await other.subscribe('topic:traced')
      await broker.publish('topic:traced', ['"a:b"', '"c;d"'], { trace })
      await broker.publish('topic:traced', ['"e"'])
      await until(() => heard.length === 3)
      const { publications } = await other.history('topic:traced', 0, 10)
      for (const [how, found] of Object.entries({ heard, publications }))
        t.same(
          found.map(({ offset, data, trace }) => [offset, data, trace]),
          [
            [1, '"a:b"', trace],
            [2, '"c;d"', trace],
            [3, '"e"', undefined],
          ],
          how,
        )
    })

    await t.test('many texts in one call', async (t) => {
      t.match(await broker.publish('topic:huge', numbers(1, 10_000)), { offset: 10_000 })
      const { top, first, publications } = await broker.history('topic:huge', 0, 1000)
      t.same({ top, first }, { top: 10_000, first: 9901 })
      t.same(
        publications.map(({ data }) => data),
        numbers(9901, 10_000),
      )
    })

    await t.test('history ends its time after the last publication, the position does not', async (t) => {
      const brief = bus.join({ historyTtlMs: 150, positionTtlMs: 60_000 })
      const { epoch } = await brief.publish('topic:brief', numbers(1, 3))
      bus.pass(150)
      const gone = await eventually(
        () => brief.history('topic:brief', 0, 10),
        ({ publications }) => publications.length === 0,
      )
      t.match(gone, { epoch, top: 3, first: 4 })
      t.same(await brief.publish('topic:brief', ['4']), { epoch, offset: 4 })
      t.match(await brief.history('topic:brief', 0, 10), {
        epoch,
        top: 4,
        first: 4,
        publications: [{ data: '4' }],
      })

      const forgetful = bus.join({ historyTtlMs: 100, positionTtlMs: 100 })
      const before = await forgetful.publish('topic:forgotten', ['1'])
      bus.pass(100)
      const asked = performance.now()
      const after = await eventually(
        async () => {
          while (name !== 'memory' && performance.now() < asked + 110) {
            await new Promise((resolve) => setImmediate(resolve))
          }
          return forgetful.publish('topic:forgotten', ['1'])
        },
        ({ epoch }) => epoch !== before.epoch,
      )
      t.equal(after.offset, 1, 'a new life begins at 1')
    })

    await t.test('a removed channel begins a new life', async (t) => {
      const before = await broker.publish('topic:r', numbers(1, 3))
      await broker.remove('topic:r')
      const after = await broker.history('topic:r', 0, 10)
      t.not(after.epoch, before.epoch)
      t.match(after, { top: 0, first: 1, publications: [] })
      t.same(await broker.publish('topic:r', ['1']), { epoch: after.epoch, offset: 1 })
    })

    await t.test('members come, are forgotten in time, and leave', async (t) => {
      const brief = bus.join()
      const [a, b] = [
        { connection_id: 'c1', user: 'ana' },
        { connection_id: 'c2', user: 'bia' },
      ] as const
      await brief.enter('chat:p', [a], 60_000)
      await brief.enter('chat:p', [b], 100)
      await brief.enter('chat:p', [a], 60_000)
      const names = async () => (await brief.members('chat:p')).map(({ user }) => user).sort()
      t.same(await names(), ['ana', 'bia'])
      bus.pass(100)
      await eventually(names, (users) => users.length === 1)
      t.same(await brief.members('chat:p'), [a])
      await brief.leave('chat:p', [a])
      t.same(await brief.members('chat:p'), [])
    })

    await t.test('signals reach every instance, presence is told to all', async (t) => {
      const other = name === 'memory' ? broker : bus.join()
      await eventually(
        () => other.probe().catch(() => -1),
        (ms) => ms >= 0,
      )
      const [here, there] = [ear(), ear()]
      broker.listen(here.listener)
      other.listen(there.listener)
      await broker.signal('cancel s1')
      await Promise.all([
        here.until(() => here.signals.length > 0),
        there.until(() => there.signals.length > 0),
      ])
      t.same([here.signals, there.signals], [['cancel s1'], ['cancel s1']])

      const [hub, otherHub] = [new Hub(broker), new Hub(other)]
      const [presence, otherPresence] = [
        new Presence(broker, hub, { ttlMs: 60_000 }),
        new Presence(other, otherHub, { ttlMs: 60_000 }),
      ]
      const events: string[] = []
      let wake = (): void => {}
      const tell = (word: string) => (user: string) => {
        events.push(`${user} ${word}`)
        wake()
      }
      const until = (count: number) =>
        new Promise<void>((resolve) => {
          wake = () => events.length >= count && resolve()
          wake()
        })
      const end = otherPresence.watch('chat:w', { join: tell('joins'), leave: tell('leaves') })
      const [one, two] = [
        { connection_id: 'c1', user: 'ana' },
        { connection_id: 'c2', user: 'ana' },
      ] as const
      await eventually(
        () => otherPresence.members('chat:w'),
        (members) => members.length === 0,
      )
      await presence.enter('chat:w', one)
      await until(1)
      await presence.enter('chat:w', two)
      await presence.leave('chat:w', one)
      t.same(
        (await presence.members('chat:w')).map(({ connection_id }) => connection_id),
        ['c2'],
      )
      await presence.leave('chat:w', two)
      await until(2)
      t.same(events, ['ana joins', 'ana leaves'], 'the second connection of a user neither joins nor leaves')
      end()
      presence.close()
      otherPresence.close()
      await hub.close()
      await otherHub.close()
    })

    await t.test('publish on one, recover on another, live on both', async (t) => {
      const other = name === 'memory' ? broker : bus.join()
      const [hub, otherHub] = [new Hub(broker), new Hub(other)]
      const reader = new Reader()
      const subscription = await hub.subscribe('topic:two', reader, 'now')
      subscription.start()
      const { epoch } = await otherHub.publish('topic:two', numbers(1, 5))
      await reader.until(({ got }) => got.length === 5)
      subscription.close()
      await hub.publish('topic:two', numbers(6, 8))
      const resumed = new Reader()
      const rest = await otherHub.subscribe('topic:two', resumed, { epoch, offset: 5 })
      t.equal(rest.recovered, true)
      rest.start()
      await hub.publish('topic:two', ['9'])
      await resumed.until(({ got }) => got.length === 4)
      t.same(resumed.texts, numbers(6, 9))
      await hub.close()
      await otherHub.close()
    })
  })
}
