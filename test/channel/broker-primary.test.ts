import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import { primaryBroker } from '../../src/channel/broker-primary.ts'
import { Hub } from '../../src/channel/hub.ts'
import { Line } from '../../src/channel/line.ts'
import { servedBroker } from '../support/primary.ts'
import { numbers, Reader } from './reader.ts'

/** A primary, and what its workers have of it. */
const start = (t: Test) => {
  const kept = memoryBroker({ historySize: 10_000, historyTtlMs: 60_000 })
  const primary = servedBroker(kept)
  t.teardown(async () => {
    primary.close()
    await kept.close()
  })
  return {
    kept,
    primary,
    async worker(timeoutMs = 200) {
      const socket = primary.connect()
      await once(socket, 'connect')
      const broker = primaryBroker(new Line(socket, { timeoutMs }))
      await broker.history('topic:joined', 0, 1)
      const hub = new Hub(broker)
      t.teardown(async () => {
        await hub.close()
        await broker.close()
      })
      return { socket, broker, hub }
    },
  }
}

const follow = async (hub: Hub, channel: string): Promise<Reader> => {
  const reader = new Reader()
  const subscription = await hub.subscribe(channel, reader, 'now')
  reader.at = subscription.position
  subscription.start()
  return reader
}

t.test(
  'a primary that hangs: publishing is refused, then at once; nothing is lost when it goes on',
  async (t) => {
    const { primary, worker } = start(t)
    const { socket, broker, hub } = await worker()
    const reader = await follow(hub, 'topic:hang')
    await broker.publish('topic:hang', ['1'])
    for (const end of primary.ends) end.pause()
    await t.rejects(broker.publish('topic:hang', ['2']), { code: 'BUS_UNAVAILABLE' }, 'after its time')
    const sent = socket.bytesWritten
    await t.rejects(broker.publish('topic:hang', ['never sent']), { code: 'BUS_UNAVAILABLE' })
    await t.rejects(broker.probe(), { code: 'BUS_UNAVAILABLE' })
    t.equal(socket.bytesWritten, sent, 'and sends nothing')
    for (const end of primary.ends) end.resume()
    await reader.until(({ got }) => got.length === 2)
    t.ok((await broker.probe()) >= 0)
    await broker.publish('topic:hang', ['3'])
    await reader.until(({ got }) => got.length === 3)
    t.same(reader.texts, ['1', '2', '3'], 'what was refused after its time had been sent')
  },
)

t.test('a worker that does not read is told what it missed, and others do not wait for it', async (t) => {
  const { kept, worker } = start(t)
  const [slow, other] = [await worker(10_000), await worker(10_000)]
  const [late, early] = [await follow(slow.hub, 'topic:large'), await follow(other.hub, 'topic:large')]
  let interruptions = 0
  slow.broker.listen({ publication() {}, signal() {}, interrupted: () => interruptions++ })
  slow.socket.pause()
  const texts = Array.from({ length: 240 }, (_, n) => JSON.stringify(`${n} ${'x'.repeat(100_000)}`))
  for (const text of texts) {
    await kept.publish('topic:large', [text])
    await turn()
  }
  await early.until(({ got }) => got.length === texts.length)
  slow.socket.resume()
  await late.until(({ got }) => got.length === texts.length)
  t.same(late.texts, texts)
  t.equal(interruptions, 1)
})

t.test('a worker that has gone gets nothing more; one whose primary has gone is refused', async (t) => {
  const { kept, primary, worker } = start(t)
  const [gone, other] = [await worker(), await worker()]
  const unsubscribed: string[] = []
  const { unsubscribe } = kept
  kept.unsubscribe = async (channel) => {
    unsubscribed.push(channel)
    await unsubscribe(channel)
  }
  await follow(gone.hub, 'topic:of-one')
  await follow(gone.hub, 'topic:of-both')
  const reader = await follow(other.hub, 'topic:of-both')
  gone.socket.destroy()
  while (unsubscribed.length === 0) await turn()
  t.same(unsubscribed, ['topic:of-one'])
  await t.rejects(gone.broker.publish('topic:of-both', ['0']), { code: 'BUS_UNAVAILABLE' })
  await other.broker.publish('topic:of-both', numbers(1, 3))
  await reader.until(({ got }) => got.length === 3)

  const under = other.broker.publish('topic:of-both', ['4'])
  primary.close()
  await t.rejects(under, { code: 'BUS_UNAVAILABLE' })
  await t.rejects(other.broker.history('topic:of-both', 0, 1), { code: 'BUS_UNAVAILABLE' })
  await t.rejects(other.broker.probe(), { code: 'BUS_UNAVAILABLE' })
})

t.test('a call of one turn of the event loop, and one push, carry what it publishes', async (t) => {
  const { kept, primary, worker } = start(t)
  const [one, other] = [await worker(), await worker()]
  const reader = await follow(other.hub, 'topic:turn')
  const frames: number[] = []
  for (const end of primary.ends) end.on('data', () => frames.push(end.bytesRead))
  let chunks = 0
  other.socket.on('data', () => chunks++)
  const offsets = await Promise.all(
    numbers(1, 50).map(async (text) => (await one.broker.publish('topic:turn', [text])).offset),
  )
  t.same(offsets, numbers(1, 50).map(Number), 'each has its own position')
  await reader.until(({ got }) => got.length === 50)
  t.same([frames.length, chunks], [1, 1])
  const outcomes = await Promise.allSettled([
    one.broker.publish('topic:fenced', ['1'], { fence: { producer: 'p', token: 2 } }),
    one.broker.publish('topic:fenced', ['2'], { fence: { producer: 'p', token: 1 } }),
    one.broker.publish('topic:turn', ['51']),
  ])
  t.match(outcomes, [{ value: { offset: 1 } }, { reason: { code: 'FENCED' } }, { value: { offset: 51 } }])
  t.match(await kept.history('topic:turn', 50, 1), { publications: [{ data: '51' }] })
})
