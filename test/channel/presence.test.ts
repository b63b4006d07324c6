import t from 'tap'
import type { Broker, Member } from '../../src/channel/broker.ts'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import { Hub } from '../../src/channel/hub.ts'
import { Presence } from '../../src/channel/presence.ts'

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

t.test('those who come in one turn are written at once, and who has left again is not there', async (t) => {
  const inner = memoryBroker({ historySize: 10, historyTtlMs: 60_000 })
  const entered: number[] = []
  const broker: Broker = {
    ...inner,
    enter: async (channel, members, ttlMs) => {
      entered.push(members.length)
      await inner.enter(channel, members, ttlMs)
    },
  }
  const hub = new Hub(broker)
  const presence = new Presence(broker, hub)
  let words = 0
  const unlisten = hub.onSignal(() => words++)
  const crowd = Array.from({ length: 100 }, (_, nth) => ({ connection_id: `c${nth}`, user: `user${nth}` }))
  const coming = crowd.map((member) => presence.enter('chat:a', member))
  const [first, ...others] = crowd as [Member, ...Member[]]
  await Promise.all([...coming, presence.leave('chat:a', first)])
  t.same(entered, [99])
  t.equal(words, 1, 'word of it is sent once')
  t.same(await presence.members('chat:a'), others)
  await Promise.all([presence.leave('chat:a', others[0] as Member), presence.enter('chat:a', first)])
  t.same(new Set(await presence.members('chat:a')), new Set([first, ...others.slice(1)]))
  unlisten()
  presence.close()
  await hub.close()
  await inner.close()
})
