import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import slotOf from 'cluster-key-slot'
import t, { type Test } from 'tap'
import type { Broker } from '../../src/channel/broker.ts'
import { type RedisBrokerOptions, redisBroker } from '../../src/channel/broker-redis.ts'
import { Hub } from '../../src/channel/hub.ts'
import { parseRedisUrl } from '../../src/channel/redis-url.ts'
import { moveSlot, type RedisServer, startCluster, startRedis, startSentinels } from '../support/redis.ts'
import { numbers, Reader } from './reader.ts'

const settings = { historySize: 10_000, historyTtlMs: 60_000 }

/** Both end with their test, also when it fails. */
async function serve(t: Test, ...args: readonly string[]) {
  const server = await startRedis(...args)
  t.teardown(() => server.stop())
  return server
}

function bus(t: Test, options: RedisBrokerOptions): Broker {
  const broker = redisBroker(options)
  t.teardown(() => broker.close())
  return broker
}

const succeeds = async (attempt: () => Promise<unknown>, withinMs = 10_000): Promise<void> => {
  const began = performance.now()
  for (;;) {
    try {
      await attempt()
      return
    } catch (error) {
      if (performance.now() - began > withinMs) throw error
      await turn()
    }
  }
}

async function watch(broker: Broker, channel: string) {
  const hub = new Hub(broker)
  const reader = new Reader()
  const subscription = await hub.subscribe(channel, reader, 'now')
  reader.at = subscription.position
  subscription.start()
  return { hub, reader }
}

/** A TCP proxy whose packets can be dropped silently, both ways, as by a broken network. */
async function network(port: number) {
  const sockets = new Set<Socket>()
  let cut = false
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => {
        if (!cut) to.write(bytes)
      })
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        if (!cut) to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `redis://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    cut() {
      cut = true
    },
    heal() {
      cut = false
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Number of calls of scripts that a server has answered. */
const scriptCalls = async (server: RedisServer): Promise<number> =>
  Number(/cmdstat_evalsha:calls=(\d+)/.exec(String(await server.command('info', 'commandstats')))?.[1] ?? 0)

t.test('what is published in one turn of the event loop', async (t) => {
  const server = await serve(t)
  const broker = bus(t, { url: server.url, ...settings })
  const other = bus(t, { url: server.url, ...settings })
  const { hub, reader } = await watch(other, 'topic:a')
  t.teardown(() => hub.close())
  await broker.publish('topic:a', ['"first"'])
  await broker.publish('topic:b', ['"first"'], { fence: { producer: 's', token: 3 } })

  const before = await scriptCalls(server)
  const key = { idempotencyKey: 'k', isExact: true }
  const outcomes = await Promise.allSettled([
    broker.publish('topic:a', ['"é1"', '"é2"']),
    broker.publish('topic:b', ['"stale"'], { fence: { producer: 's', token: 2 } }),
    broker.publish('topic:a', ['"3"']),
    broker.publish('topic:a', ['"keyed"'], key),
    broker.publish('topic:a', ['"keyed"'], key),
    broker.publish('topic:a', ['"another"'], key),
    broker.publish('topic:a', []),
    broker.publish('topic:a', ['"5"']),
    ...Array.from({ length: 200 }, (_, n) => broker.publish(`topic:of-many.${n}`, ['1'])),
  ])
  t.equal((await scriptCalls(server)) - before, 1, 'is one call')
  const told = outcomes.map((one) => (one.status === 'fulfilled' ? one.value.offset : one.reason.code))
  t.same(told.slice(0, 8), [3, 'FENCED', 4, 5, 5, 'IDEMPOTENCY_KEY_REUSED', 5, 6], 'each has its own outcome')
  t.ok(told.slice(8).every((offset) => offset === 1))
  await reader.until(({ got }) => got.length === 6)
  const texts = ['"first"', '"é1"', '"é2"', '"3"', '"keyed"', '"5"']
  t.same(reader.texts, texts, 'another instance gets them in their order')
  t.same(
    (await other.history('topic:a', 0, 100)).publications.map(({ offset, data }) => [offset, data]),
    texts.map((text, at) => [at + 1, text]),
  )

  const large = Array.from({ length: 40 }, (_, n) => JSON.stringify(`${n} ${'ü'.repeat(20_000)}`))
  const calls = await scriptCalls(server)
  await Promise.all(large.map((text) => broker.publish('topic:a', [text])))
  t.equal((await scriptCalls(server)) - calls, 1, 'up to a million characters')
  await reader.until(({ got }) => got.length === 46)
  t.same(reader.texts.slice(6), large)
  const more = await scriptCalls(server)
  await Promise.all(Array.from({ length: 600 }, (_, n) => broker.publish(`topic:of-more.${n}`, ['1'])))
  t.equal((await scriptCalls(server)) - more, 3, 'and to 256 channels: the server has others to serve')

  const gone = Array.from({ length: 3 }, (_, n) => broker.publish(`topic:gone.${n}`, ['1']))
  await broker.close()
  for (const one of await Promise.allSettled(gone))
    t.match(
      one,
      { status: 'rejected', reason: { code: 'BUS_UNAVAILABLE' } },
      'none is left without an answer',
    )
})

t.test('a push connection killed again and again leaves no gap', async (t) => {
  const server = await serve(t)
  const [broker, publisher] = [1, 2].map(() => bus(t, { url: server.url, ...settings })) as [Broker, Broker]
  const { hub, reader } = await watch(broker, 'topic:a')
  let interruptions = 0
  broker.listen({ publication() {}, signal() {}, interrupted: () => interruptions++ })
  const count = 3000
  for (let i = 1; i <= count; i++) {
    await publisher.publish('topic:a', [String(i)])
    // A connection that was killed before may not be back yet.
    if (i % 300 === 0) while (Number(await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub')) === 0);
  }
  await reader.until(({ got }) => got.length === count)
  t.same(reader.texts, numbers(1, count))
  t.same([reader.faults, reader.losses], [[], []])
  t.ok(interruptions > 0, `${interruptions} interruptions`)
  t.comment(`${count} publications, 10 kills, 0 gaps`)
  await hub.close()
})

t.test('what is subscribed to while a push connection is made anew is subscribed to', async (t) => {
  const server = await serve(t)
  const broker = bus(t, { url: server.url, ...settings })
  await broker.subscribe('topic:first')
  const count = 20
  for (let n = 1; n <= count; n++) {
    while (Number(await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub')) === 0);
    await t.resolves(broker.subscribe(`topic:${n}`))
  }
  const names = Array.from({ length: count }, (_, n) => `topic:${n + 1}`)
  const subscribed = await server.command('PUBSUB', 'CHANNELS', '*topic:*')
  for (const name of names) t.ok(String(subscribed).includes(name), name)
})

for (const [name, args] of [
  ['without its data', [] as string[]],
  ['with its append-only file', ['--appendonly', 'yes', '--appendfsync', 'always']],
] as const) {
  t.test(`a server that comes back ${name} begins a new epoch, and readers are told`, async (t) => {
    const server = await serve(t, ...args)
    const broker = bus(t, { url: server.url, ...settings })
    const { hub, reader } = await watch(broker, 'topic:a')
    const before = await hub.publish('topic:a', numbers(1, 3), { fence: { producer: 'p', token: 7 } })
    await reader.until(({ got }) => got.length === 3)
    await server.kill()
    await t.rejects(hub.publish('topic:a', ['down']), { code: 'BUS_UNAVAILABLE' })
    await server.start()
    await reader.until(({ losses }) => losses.length === 1)
    t.match(reader.losses, [{ reason: 'epoch_changed', position: { offset: 0 } }])
    const resumed = await hub.subscribe('topic:a', new Reader(), before)
    t.match(resumed, { recovered: false, reason: 'epoch_changed' })
    resumed.close()
    const next = await hub.publish('topic:a', ['4'])
    t.equal(next.offset, 1)
    t.not(next.epoch, before.epoch)
    await reader.until(({ got }) => got.length === 4)
    t.same(reader.faults, [])
    await server.command('FLUSHALL')
    const flushed = await hub.publish('topic:a', ['5'])
    t.equal(flushed.offset, 1)
    t.not(flushed.epoch, next.epoch)
    await reader.until(({ losses }) => losses.length === 2)
    await hub.close()
  })
}

t.test(
  'a hung server fails calls quickly, then at once, and readers are filled when it goes on',
  async (t) => {
    const server = await serve(t)
    const url = server.url
    const [broker, publisher] = [1, 2].map(() => bus(t, { url, ...settings, commandTimeoutMs: 300 })) as [
      Broker,
      Broker,
    ]
    const { hub, reader } = await watch(broker, 'topic:a')
    await publisher.publish('topic:a', ['1'])
    await reader.until(({ got }) => got.length === 1)
    server.pause()
    await t.rejects(broker.history('topic:a', 0, 1), { code: 'BUS_UNAVAILABLE' })
    for (let i = 0; i < 100; i++) {
      const refused = broker.publish('topic:a', ['x']).catch(({ code }) => code)
      t.equal(await Promise.race([refused, turn()]), 'BUS_UNAVAILABLE', 'without waiting for anything')
    }
    await t.rejects(broker.probe(), { code: 'BUS_UNAVAILABLE' })
    server.resume()
    await succeeds(() => publisher.publish('topic:a', ['"after"']))
    await reader.until(({ texts }) => texts.at(-1) === '"after"')
    t.same([reader.faults, reader.losses], [[], []])
    await hub.close()
  },
)

t.test('an instance that is cut off is filled when that heals', async (t) => {
  const server = await serve(t)
  const net = await network(server.port)
  const broker = bus(t, { url: net.url, ...settings })
  const publisher = bus(t, { url: server.url, ...settings })
  const { hub, reader } = await watch(broker, 'topic:a')
  net.cut()
  for (let i = 1; i <= 5; i++) await publisher.publish('topic:a', numbers(i * 100 - 99, i * 100))
  await succeeds(async () => {
    if (
      await broker.probe().then(
        () => true,
        () => false,
      )
    )
      throw new Error('the cut is not noticed')
  })
  t.same(reader.got, [], 'nothing comes through')
  net.heal()
  await reader.until(({ got }) => got.length === 500)
  t.same(reader.texts, numbers(1, 500))
  t.same([reader.faults, reader.losses], [[], []])
  await hub.close()
  await net.close()
})

t.test('an unreachable server is said to be so, and reached when it is there', async (t) => {
  const server = await serve(t)
  await server.kill()
  const broker = bus(t, { url: server.url, ...settings, commandTimeoutMs: 200 })
  await t.rejects(broker.publish('topic:a', ['1']), { code: 'BUS_UNAVAILABLE' })
  await t.rejects(broker.subscribe('topic:a'), { code: 'BUS_UNAVAILABLE' })
  await server.start()
  await succeeds(() => broker.probe())
  t.match(await broker.publish('topic:a', ['1']), { offset: 1 })
  await broker.close()
  await t.rejects(broker.publish('topic:a', ['1']), { code: 'BUS_UNAVAILABLE' })
})

t.test('sentinels: the master they name, and the one they promote', { timeout: 60_000 }, async (t) => {
  const { url, master, stop } = await startSentinels()
  t.teardown(stop)
  const broker = bus(t, { url, ...settings, commandTimeoutMs: 500 })
  await succeeds(() => broker.probe())
  const { hub, reader } = await watch(broker, 'topic:a')
  const before = await hub.publish('topic:a', ['1'])
  await reader.until(({ got }) => got.length === 1)
  await master.kill()
  await succeeds(() => broker.publish('topic:a', ['"promoted"']), 30_000)
  await reader.until(({ texts, losses }) => losses.length > 0 || texts.at(-1) === '"promoted"', 10_000)
  const next = await broker.publish('topic:a', ['"next"'])
  t.not(next.epoch, before.epoch, 'a failover may have lost writes: a new epoch')
  await reader.until(({ texts }) => texts.at(-1) === '"next"')
  t.ok(reader.losses.every(({ reason }) => reason === 'epoch_changed') && reader.losses.length > 0)
  t.same(reader.faults, [])
  await hub.close()
})

t.test('a cluster: a shard that comes back, and a slot that moves', { timeout: 60_000 }, async (t) => {
  const cluster = await startCluster()
  t.teardown(() => cluster.stop())
  const broker = bus(t, { url: cluster.url, ...settings, commandTimeoutMs: 500, probeIntervalMs: 200 })
  await succeeds(() => broker.probe())
  const nameIn = (from: number, to: number): string => {
    for (let i = 0; ; i++) {
      const slot = slotOf(`topic:${i}`)
      if (slot >= from && slot < to) return `topic:${i}`
    }
  }
  const [here, there] = [nameIn(0, 5461), nameIn(10_923, 16_384)]
  const hub = new Hub(broker)
  const readers = [new Reader(), new Reader()] as const
  for (const [i, channel] of [here, there].entries()) {
    const reader = readers[i] as Reader
    const subscription = await hub.subscribe(channel, reader, 'now')
    reader.at = subscription.position
    subscription.start()
    await hub.publish(channel, ['1'])
    await reader.until(({ got }) => got.length === 1)
  }
  const [owner, , other] = cluster.servers as [RedisServer, RedisServer, RedisServer]
  await owner.restart()
  await readers[0].until(({ losses }) => losses.length > 0, 20_000)
  t.match(readers[0].losses, [{ reason: 'epoch_changed' }])
  await succeeds(() => hub.publish(here, ['"back"']), 20_000)
  await readers[0].until(({ texts }) => texts.at(-1) === '"back"')
  await succeeds(() => hub.publish(there, ['2']))
  await readers[1].until(({ texts }) => texts.at(-1) === '2')
  t.same(readers[1].losses, [], 'the other shards are not touched')

  t.ok((await moveSlot(slotOf(here), owner, other)) >= 2, 'the channel has keys there')
  await succeeds(() => hub.publish(here, ['"moved"']), 20_000)
  await readers[0].until(({ losses, texts }) => losses.length > 1 || texts.at(-1) === '"moved"', 20_000)
  const { epoch, offset } = await hub.publish(here, ['"after"'])
  await readers[0].until(({ at }) => at?.epoch === epoch && at.offset >= offset, 20_000)
  t.same([...readers[0].faults, ...readers[1].faults], [])
  await hub.close()
})

t.test('the forms of a Redis address', async (t) => {
  const base = {
    kind: 'single',
    tls: false,
    username: undefined,
    password: undefined,
    db: 0,
    master: '',
  } as const
  const one = (host: string, port: number) => [{ host, port }]
  t.same(parseRedisUrl('redis://localhost'), { ...base, nodes: one('localhost', 6379) })
  t.same(parseRedisUrl('rediss://:p%40ss@[::1]:6380/2'), {
    ...base,
    tls: true,
    password: 'p@ss',
    db: 2,
    nodes: one('::1', 6380),
  })
  t.same(parseRedisUrl('redis+cluster://u:p@a:1,b:2'), {
    ...base,
    kind: 'cluster',
    username: 'u',
    password: 'p',
    nodes: [...one('a', 1), ...one('b', 2)],
  })
  t.same(parseRedisUrl('rediss+sentinel://a,b:2/main/3'), {
    ...base,
    kind: 'sentinel',
    tls: true,
    master: 'main',
    db: 3,
    nodes: [...one('a', 26379), ...one('b', 2)],
  })
  const bad = [
    'http://a',
    'redis://',
    'redis://a,b',
    'redis://a:99999',
    'redis://a/x',
    'redis+sentinel://a',
    'redis+cluster://a/1',
    'redis://u:%zz@a',
    'redis://u:secret@a b',
  ]
  for (const url of bad) {
    t.throws(() => parseRedisUrl(url), { code: 'VALIDATION_FAILED', errors: [{ field: 'REDIS_URL' }] }, url)
    try {
      parseRedisUrl(url)
    } catch (error) {
      t.notMatch((error as Error).message, 'secret')
    }
  }
})
