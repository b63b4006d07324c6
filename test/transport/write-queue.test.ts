import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { addressKey } from '../../src/transport/connections.ts'
import { parseCursor, parsePosition } from '../../src/transport/cursor.ts'
import type { WireCount } from '../../src/transport/wire-count.ts'
import { WriteQueue, type WriteQueueLimits } from '../../src/transport/write-queue.ts'
import { until } from './stage.ts'

interface Desk {
  outlet: WriteQueue
  written: Buffer[]
  count: WireCount
  /** Lets the oldest write go. */
  drain(): void
  cut: string | undefined
}

/** An outlet over a sink whose reader takes one write when told to. */
function desk(limits: WriteQueueLimits): Desk {
  const count = { framesMade: 0, framesSent: 0, bytesBefore: 0, bytesAfter: 0 }
  const written: Buffer[] = []
  const going: (() => void)[] = []
  const it: Desk = {
    written,
    count,
    cut: undefined,
    drain: () => going.shift()?.(),
    outlet: new WriteQueue(
      {
        count,
        write(frames, done) {
          written.push(Buffer.concat(frames))
          going.push(done)
          return 1
        },
        writePart(bytes, _last, done) {
          written.push(bytes)
          going.push(done)
          return 1
        },
      },
      limits,
      (reason) => {
        it.cut = reason
      },
    ),
  }
  return it
}

const kib = (n: number): Buffer => Buffer.alloc(n * 1024, 'x')

t.test('what is sent in one turn is one write', async (t) => {
  const { outlet, written } = desk({ bufferBytes: 65_536, graceMs: 50 })
  for (const text of ['a', 'b', 'c']) outlet.send(Buffer.from(text))
  t.equal(written.length, 0)
  await turn()
  t.same(written.map(String), ['abc'])
})

t.test('what may wait leaves with what may not, or once its time is over', async (t) => {
  const { outlet, written, drain } = desk({ bufferBytes: 65_536, graceMs: 50 })
  for (const text of ['a', 'b']) {
    outlet.send(Buffer.from(text), 600_000)
    await turn()
  }
  t.same(written, [], 'they wait for more')
  outlet.send(Buffer.from('c'))
  await turn()
  t.same(written.map(String), ['abc'], 'one that may not wait takes them along, in order')
  drain()

  outlet.send(Buffer.from('d'), 20)
  await turn()
  outlet.send(Buffer.from('e'), 20)
  await until('the wait is over', () => written.length === 2)
  t.equal(String(written[1]), 'de')
  drain()

  outlet.send(kib(20), 600_000)
  outlet.send(kib(20), 600_000)
  await turn()
  t.equal(written.length, 3, 'more than one write takes does not wait')
  outlet.close()
})

t.test('an end waits for nothing', async (t) => {
  const { outlet, written, drain } = desk({ bufferBytes: 65_536, graceMs: 50 })
  outlet.send(Buffer.from('last'), 600_000)
  const finished = outlet.finish()
  await turn()
  t.same(written.map(String), ['last'])
  drain()
  await finished
})

t.test('a reader that takes nothing for the grace is cut; one that takes a little is not', async (t) => {
  const stalled = desk({ bufferBytes: 65_536, graceMs: 60 })
  const slow = desk({ bufferBytes: 65_536, graceMs: 60 })
  for (const { outlet } of [stalled, slow]) for (let n = 0; n < 12; n++) outlet.send(kib(16))
  const taking = setInterval(() => slow.drain(), 20)
  const start = performance.now()
  await until('the stalled one is cut', () => stalled.cut !== undefined)
  t.equal(stalled.cut, 'stalled')
  t.ok(performance.now() - start >= 55)
  t.equal(stalled.outlet.unsentBytes, stalled.written[0]?.length, 'only what the socket holds')
  await until('the slow one has all', () => slow.outlet.unsentBytes === 0)
  clearInterval(taking)
  t.equal(slow.cut, undefined)
})

t.test('far above the bound a reader is cut at once, unless a replay waits for it', async (t) => {
  const live = desk({ bufferBytes: 4096, graceMs: 60_000 })
  const replay = desk({ bufferBytes: 4096, graceMs: 60_000 })
  for (const { outlet } of [live, replay]) for (let n = 0; n < 20; n++) outlet.send(kib(8))
  const waiting = replay.outlet.drained()
  await turn()
  for (const { outlet } of [live, replay]) outlet.send(kib(1))
  t.equal(live.cut, 'overflow')
  t.equal(replay.cut, undefined)
  replay.outlet.close()
  await waiting
})

t.test('one frame, however large, never cuts', async (t) => {
  const it = desk({ bufferBytes: 4096, graceMs: 20 })
  const { outlet } = it
  outlet.send(kib(2000))
  await turn()
  const later = performance.now() + 80
  await until('the grace has passed', () => performance.now() > later)
  outlet.send(kib(1))
  await turn()
  t.equal(it.cut, undefined)
  outlet.close()
})

t.test('finish resolves when all is gone, and at once when the connection is over', async (t) => {
  const { outlet, drain, written } = desk({ bufferBytes: 4096, graceMs: 1000 })
  outlet.send(kib(1))
  const finished = outlet.finish()
  outlet.send(kib(1))
  await turn()
  t.equal(written.length, 1, 'nothing is taken after the end')
  drain()
  await finished
  await outlet.drained()
  const closed = desk({ bufferBytes: 4096, graceMs: 1000 })
  closed.outlet.send(kib(64))
  const ending = closed.outlet.finish()
  closed.outlet.close()
  await ending
})

t.test('addresses are counted whole, IPv6 by its /64', async (t) => {
  t.equal(addressKey('192.0.2.7'), '192.0.2.7')
  t.equal(addressKey('::ffff:192.0.2.7'), '192.0.2.7')
  t.equal(addressKey('0:0:0:0:0:ffff:192.0.2.7'), '192.0.2.7')
  t.equal(addressKey('2001:db8:1:2::1'), addressKey('2001:0DB8:1:2:ffff:eeee:dddd:cccc'))
  t.not(addressKey('2001:db8:1:2::1'), addressKey('2001:db8:1:3::1'))
  t.equal(addressKey('2001:db8::1'), addressKey('2001:db8:0:0:9::'))
  t.equal(addressKey('fe80::1%eth0'), addressKey('fe80::2'))
  t.not(addressKey('::1'), addressKey('2001:db8::1'))
})

t.test('positions and cursors that cannot be read are none', async (t) => {
  t.same(parsePosition('ab:12'), { epoch: 'ab', offset: 12 })
  for (const bad of [
    '',
    ':',
    'ab',
    'ab:',
    ':1',
    'ab:-1',
    'ab:1.5',
    'ab:1:2',
    `ab:${'9'.repeat(16)}`,
    'a b:1',
  ]) {
    t.equal(parsePosition(bad), undefined, bad)
  }
  t.same(parseCursor('m', ['a']), new Map())
  for (const bad of ['', 'x', 'ab:12', 'm~k~e', 'm~k~e~x', 'm~k~~1', 'm~k~e~-1']) {
    t.equal(parseCursor(bad, ['a']), undefined, bad)
  }
})
