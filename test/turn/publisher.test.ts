import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import { Hub } from '../../src/channel/hub.ts'
import { Problem } from '../../src/errors.ts'
import type { Execution } from '../../src/stream/stream.ts'
import { beginningOf, contentAt, TurnPublisher } from '../../src/turn/publisher.ts'

const ID = 's1'
const CHANNEL = 'chat:c1'
const DETECTING = { type: 'detecting', message: 'Lendo' } as const

/** What the bus does to one publish: takes it, fails, or fails when it has taken it already. */
type Fate = 'taken' | 'failed' | 'failed when taken' | 'fenced'

/** A teller over a real log whose `publish` meets its fates in order. */
const stage = async (t: Test, { historySize = 10_000, flushMs = 0 } = {}) => {
  const broker = memoryBroker({ historySize, historyTtlMs: 3_600_000 })
  const hub = new Hub(broker)
  t.teardown(async () => {
    await hub.close()
    await broker.close()
  })
  const fates: Fate[] = []
  const abort = new AbortController()
  const clock = { now: 0 }
  let asked = 0
  const publish = async (data: readonly string[]) => {
    asked++
    const fate = fates.shift() ?? 'taken'
    if (fate === 'fenced') throw new Problem('FENCED', 'somebody else runs it')
    const position = fate === 'failed' ? undefined : await broker.publish(CHANNEL, data)
    if (fate !== 'taken' || !position) throw new Problem('BUS_UNAVAILABLE', 'the bus is down')
    return position
  }
  const execution = {
    stream: { id: ID, channel: CHANNEL },
    signal: abort.signal,
    publish,
  } as never as Execution
  const history: Hub['history'] = (...of) => hub.history(...of)
  const began = await broker.publish(CHANNEL, [
    `{"type":"user_message","message_id":"m","stream_id":"${ID}","content":"Olá"}`,
    `{"type":"start","stream_id":"${ID}"}`,
  ])
  const teller = new TurnPublisher(execution, began, history, flushMs, () => clock.now)
  return {
    teller,
    broker,
    history,
    fates,
    abort,
    clock,
    began,
    asked: () => asked,
    /** Parsed publications behind the opening. */
    async told() {
      const { publications } = await hub.history(CHANNEL, 2, 1000)
      return publications.map(({ data }) => JSON.parse(data))
    },
  }
}

const chunk = (content: string, index: number) => ({ type: 'chunk', stream_id: ID, content, index })

t.test(
  'the first text goes out at once; what comes in one turn of the loop is joined behind it',
  async (t) => {
    const { teller, told, asked } = await stage(t)
    teller.text('')
    t.equal(asked(), 0)
    teller.text('um ')
    t.equal(asked(), 1, 'in the same breath')
    teller.text('dois ')
    teller.text('três ')
    await nextTurn()
    await teller.flush()
    teller.text('quatro')
    teller.text('\u2028"\ud83d')
    teller.text('\ude00')
    await nextTurn()
    await teller.flush()
    t.same(await told(), [chunk('um ', 0), chunk('dois três ', 1), chunk('quatro\u2028"😀', 2)])
    t.equal(teller.content, 'um dois três quatro\u2028"😀')
    t.match(teller.published, { content: teller.content, offset: 5 })
  },
)

t.test('text waits for more as long as it is told to, but an end does not wait', async (t) => {
  const { teller, told } = await stage(t, { flushMs: 2000 })
  for (const piece of ['a', 'b', 'c']) {
    teller.text(piece)
    await nextTurn()
  }
  t.same(await told(), [chunk('a', 0)])
  await teller.flush()
  t.same(await told(), [chunk('a', 0), chunk('bc', 1)])
})

t.test('events stand where they were told, between the texts before and behind them', async (t) => {
  const { teller, told } = await stage(t)
  teller.event(DETECTING)
  teller.text('a')
  teller.text('b')
  teller.event({ type: 'thinking', message: 'Hm' })
  teller.text('c')
  await teller.flush()
  await nextTurn()
  t.same(await told(), [
    { type: 'detecting', stream_id: ID, message: 'Lendo' },
    chunk('a', 0),
    chunk('b', 1),
    { type: 'thinking', stream_id: ID, message: 'Hm' },
    chunk('c', 2),
  ])
})

t.test('a reset takes the answer back and counts its pieces anew', async (t) => {
  const { teller, told } = await stage(t)
  teller.text('errado')
  teller.reset('PROVIDER_TIMEOUT: xai')
  t.equal(teller.content, '')
  teller.text('certo')
  await teller.flush()
  t.same(await told(), [
    chunk('errado', 0),
    { type: 'reset', stream_id: ID, reason: 'PROVIDER_TIMEOUT: xai' },
    chunk('certo', 0),
  ])
  t.equal(teller.published.content, 'certo')
})

t.test('while the bus fails text gathers, and each piece is published once', async (t) => {
  const { teller, told, fates, asked } = await stage(t)
  fates.push('failed', 'failed', 'failed when taken', 'taken', 'failed when taken')
  teller.text('um ')
  teller.text('dois ')
  await nextTurn()
  teller.event(DETECTING)
  teller.text('três ')
  await teller.flush()
  await teller.drained()
  t.same(
    (await told()).map(({ content, message }) => content ?? message),
    ['um ', 'dois ', 'Lendo', 'três '],
  )
  teller.text('quatro')
  await teller.flush()
  t.equal(teller.published.content, 'um dois três quatro')
  t.equal((await told()).length, 5)
  t.match(teller.published, { offset: 7 })
  t.equal(asked(), 5, 'a publish that took effect was not asked for again')
})

t.test(
  'the bus is waited for no longer than that, and not for one who was cancelled or replaced',
  async (t) => {
    const down = await stage(t)
    down.fates.push(...Array<Fate>(5).fill('failed'))
    down.teller.text('a')
    down.clock.now = 31_000
    await t.rejects(down.teller.flush(), { code: 'BUS_UNAVAILABLE' })
    await t.rejects(async () => down.teller.drained(), { code: 'BUS_UNAVAILABLE' })

    const cancelled = await stage(t)
    cancelled.fates.push(...Array<Fate>(5).fill('failed'))
    cancelled.teller.text('a')
    cancelled.abort.abort(new Error('cancelled'))
    await t.rejects(cancelled.teller.flush(), { message: 'cancelled' })

    const replaced = await stage(t)
    replaced.fates.push('fenced')
    replaced.teller.text('a')
    await t.rejects(replaced.teller.flush(), { code: 'FENCED' })
    t.equal(replaced.asked(), 1)
  },
)

t.test('in a log that was lost the answer has a place all the same', async (t) => {
  const { teller, broker, history } = await stage(t)
  teller.text('antes ')
  await teller.flush()
  const before = await teller.placed()
  t.same(before, teller.published)
  await broker.remove(CHANNEL)
  await broker.publish(CHANNEL, ['{"type":"typing","user":"ana","active":true}'])
  const after = await teller.placed()
  t.match(after, { content: 'antes ', offset: 1 })
  t.not(after.epoch, before.epoch)
  teller.text('depois')
  await teller.flush()
  const here = await teller.placed()
  t.equal(await contentAt(history, CHANNEL, ID, after, here), 'antes depois')
  t.equal(await contentAt(history, CHANNEL, ID, here, after), 'antes ')
  t.equal(await contentAt(history, CHANNEL, ID, before, here), undefined, 'not told from the other life')
})

t.test('the answer is known at every position, from any other one', async (t) => {
  const op = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }).map((text) => ({ text })),
    },
    { weight: 1, arbitrary: fc.constant({ reset: true }) },
    { weight: 1, arbitrary: fc.constant({ other: 'chunk' }) },
    { weight: 1, arbitrary: fc.constant({ event: true }) },
  )
  let positions = 0
  await fc.assert(
    fc.asyncProperty(fc.array(op, { maxLength: 25 }), async (ops) => {
      const broker = memoryBroker({ historySize: 1000, historyTtlMs: 3_600_000 })
      const hub = new Hub(broker)
      const history: Hub['history'] = (...of) => hub.history(...of)
      const publish = (data: readonly string[]) => broker.publish(CHANNEL, data)
      const execution = {
        stream: { id: ID, channel: CHANNEL },
        signal: new AbortController().signal,
        publish,
      } as never as Execution
      const began = await publish([`{"type":"start","stream_id":"${ID}"}`])
      const teller = new TurnPublisher(execution, began, history, 0)
      const known = [teller.published]
      const resets: number[] = []
      for (const one of ops) {
        if ('text' in one) teller.text(one.text)
        else if ('reset' in one) teller.reset('again')
        else if ('event' in one) teller.event(DETECTING)
        else await publish([`{"type":"chunk","stream_id":"s2","content":"theirs","index":0}`])
        await teller.flush()
        if ('reset' in one) resets.push(teller.published.offset)
        known.push({ ...teller.published })
      }
      for (const from of known)
        for (const to of known) {
          positions++
          const isTakenBack = resets.some((offset) => offset > to.offset && offset <= from.offset)
          const wanted = isTakenBack ? '' : to.content
          const content = await contentAt(history, CHANNEL, ID, from, to)
          if (content !== wanted) throw new Error(`${JSON.stringify([from, to, wanted])}: ${content}`)
        }
      await hub.close()
      await broker.close()
    }),
    { numRuns: 40 },
  )
  t.ok(positions > 0, `${positions} pairs of positions`)
})

t.test(
  'what a trimmed log cannot prove is not told, and a beginning is found as long as it is there',
  async (t) => {
    const { teller, broker, history, began } = await stage(t, { historySize: 2500 })
    const start = await teller.placed()
    for (let n = 0; n < 2300; n++) {
      teller.text(`${n} `)
      await teller.flush()
    }
    const here = await teller.placed()
    t.equal(await contentAt(history, CHANNEL, ID, start, here), teller.content, 'over several pages')
    t.equal(await contentAt(history, CHANNEL, ID, here, start), '')
    t.same(await beginningOf(history, CHANNEL, ID, 2), { epoch: began.epoch, offset: 0 })
    t.equal(await beginningOf(history, CHANNEL, 's2', 2), undefined)
    await broker.publish(
      CHANNEL,
      Array.from({ length: 300 }, () => '{"type":"typing","user":"ana","active":true}'),
    )
    t.equal(await contentAt(history, CHANNEL, ID, start, here), undefined)
    t.equal(await contentAt(history, CHANNEL, ID, here, start), undefined)
    t.equal(await beginningOf(history, CHANNEL, ID, 2), undefined)
    t.equal(await contentAt(history, CHANNEL, ID, here, here), teller.content)
  },
)
