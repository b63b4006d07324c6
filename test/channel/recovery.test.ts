import fc from 'fast-check'
import t from 'tap'
import type { History, Position, Publication } from '../../src/channel/broker.ts'
import { formatChannel, parseChannel, privateRole } from '../../src/channel/name.ts'
import { lossOf, recover } from '../../src/channel/recovery.ts'

/** A channel as it really went, with what was pushed and not yet arrived. */
class Channel {
  life = 0
  top = 0
  first = 1
  readonly pushed: Publication[] = []

  get epoch(): string {
    return `e${this.life}`
  }

  publication(offset: number): Publication {
    return { channel: 'topic:a', epoch: this.epoch, offset, data: `"${this.epoch}:${offset}"` }
  }

  publish(): void {
    this.top++
    this.pushed.push(this.publication(this.top))
  }

  trim(keep: number): void {
    this.first = Math.max(this.first, this.top - keep + 1)
  }

  begin(): void {
    this.life++
    this.top = 0
    this.first = 1
  }

  /** Writes are lost, the epoch is not changed: what a failover nobody noticed does. */
  fallBack(by: number): void {
    this.top = Math.max(0, this.top - by)
    this.first = Math.min(this.first, this.top + 1)
  }

  read(after: number, limit: number): History {
    const publications: Publication[] = []
    for (let offset = Math.max(this.first, after + 1); offset <= this.top; offset++) {
      if (publications.length === limit) break
      publications.push(this.publication(offset))
    }
    return { epoch: this.epoch, top: this.top, first: this.first, publications }
  }
}

type Event =
  | { do: 'publish'; count: number }
  | { do: 'trim'; keep: number }
  | { do: 'begin' }
  | { do: 'arrive'; seed: number }
  | { do: 'lose'; seed: number }
  | { do: 'repeat'; seed: number }

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 5 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('trim' as const), keep: fc.integer({ min: 0, max: 8 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'begin' as const }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('arrive' as const, 'lose' as const, 'repeat' as const),
      seed: fc.nat(),
    }),
  },
)

/** Lets the world go on; pushes arrive in any order, some never, some twice. */
function happen(channel: Channel, events: readonly Event[], arrived: Publication[]): void {
  for (const event of events) {
    if (event.do === 'publish') for (let i = 0; i < event.count; i++) channel.publish()
    else if (event.do === 'trim') channel.trim(event.keep)
    else if (event.do === 'begin') channel.begin()
    else if (channel.pushed.length > 0) {
      const at = event.seed % channel.pushed.length
      const publication = channel.pushed[at] as Publication
      if (event.do !== 'repeat') channel.pushed.splice(at, 1)
      if (event.do !== 'lose') arrived.push(publication)
    }
  }
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

t.test('any interleaving gives an unbroken sequence to the top, or an explicit loss', async (t) => {
  let runs = 0
  let lost = 0
  let rounds = 0
  const stage = fc.array(event, { maxLength: 25 })
  fc.assert(
    fc.property(
      stage,
      stage,
      stage,
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 30 }),
      (before, between, during, limit, back) => {
        runs++
        const channel = new Channel()
        happen(channel, before, [])
        let at: Position = { epoch: channel.epoch, offset: Math.max(0, channel.top - back) }
        happen(channel, between, [])
        const got: Publication[] = []
        for (let round = 0; ; round++) {
          rounds++
          if (round > 200) throw new Error('comes to no end')
          const held: Publication[] = []
          const history = channel.read(at.offset, limit)
          if (round === 0) happen(channel, during, held)
          const from = at
          const recovery = recover(from, [history], held)
          if (recovery.lost !== undefined) {
            lost++
            if (recovery.lost !== lossOf(from, history)) throw new Error('the reason is not the slice’s')
            if (recovery.lost === 'epoch_changed' && from.epoch === history.epoch)
              throw new Error('no new epoch')
            if (recovery.lost === 'trimmed' && history.first <= from.offset + 1)
              throw new Error('nothing was trimmed')
            if (!same(recovery.position, { epoch: history.epoch, offset: history.top }))
              throw new Error('not the top')
            return
          }
          for (const [i, { epoch, offset }] of recovery.publications.entries()) {
            if (epoch !== from.epoch || offset !== from.offset + 1 + i)
              throw new Error('not in order, or a hole')
          }
          got.push(...recovery.publications)
          at = recovery.position
          if (at.epoch !== from.epoch || at.offset !== from.offset + recovery.publications.length) {
            throw new Error('the position does not follow from what was given')
          }
          for (const { data, epoch, offset } of recovery.publications) {
            if (data !== `"${epoch}:${offset}"`) throw new Error('not what was published')
          }
          if (!recovery.complete) continue
          if (at.offset < history.top) throw new Error('complete below the top of its slice')
          for (const { epoch, offset } of held) {
            if (epoch !== at.epoch || offset > at.offset)
              throw new Error(`complete without ${epoch}:${offset}`)
          }
          return
        }
      },
    ),
    { numRuns: 20_000 },
  )
  t.equal(runs, 20_000)
  t.ok(lost > 1000 && lost < 19_000, `${lost} losses and ${runs - lost} sequences in ${rounds} rounds`)
})

t.test('several slices count as one, and a log that fell back is a loss', async (t) => {
  const channel = new Channel()
  for (let i = 0; i < 10; i++) channel.publish()
  const start = { epoch: 'e0', offset: 2 }
  const slices = [channel.read(2, 3), channel.read(4, 4), channel.read(8, 4)]
  const recovery = recover(start, slices, [channel.publication(9), channel.publication(12)])
  t.match(recovery, { lost: undefined, position: { epoch: 'e0', offset: 10 }, complete: false })
  if (recovery.lost === undefined)
    t.same(
      recovery.publications.map(({ offset }) => offset),
      [3, 4, 5, 6, 7, 8, 9, 10],
    )
  const alone = recover({ epoch: 'e0', offset: 10 }, [], [channel.publication(12), channel.publication(11)])
  t.match(alone, { position: { offset: 12 }, complete: true })
  channel.fallBack(3)
  t.same(recover({ epoch: 'e0', offset: 10 }, [channel.read(10, 5)]), {
    lost: 'offset_ahead',
    position: { epoch: 'e0', offset: 7 },
  })
  channel.trim(2)
  t.match(recover({ epoch: 'e0', offset: 4 }, [channel.read(4, 5)]), {
    lost: 'trimmed',
    position: { offset: 7 },
  })
  t.match(recover({ epoch: 'e0', offset: 5 }, [channel.read(5, 5)]), { lost: undefined, complete: true })
  channel.trim(0)
  t.match(recover({ epoch: 'e0', offset: 7 }, [channel.read(7, 5)]), { lost: undefined, publications: [] })
  channel.begin()
  t.match(recover({ epoch: 'e0', offset: 7 }, [channel.read(7, 5)]), {
    lost: 'epoch_changed',
    position: { epoch: 'e1' },
  })
})

t.test('channel names', async (t) => {
  const good = {
    'investigation:inv_1': { namespace: 'investigation', id: 'inv_1' },
    'chat:a:b': { namespace: 'chat', id: 'a:b' },
    'topic:preços': { namespace: 'topic', id: 'preços' },
    'topic:private.auditor.x': { namespace: 'topic', id: 'private.auditor.x' },
    audit: { namespace: 'audit', id: '' },
    system: { namespace: 'system', id: '' },
  } as const
  for (const [text, name] of Object.entries(good)) {
    t.same(parseChannel(text), name)
    t.equal(formatChannel(name), text)
  }
  t.equal(privateRole(parseChannel('topic:private.auditor.x')), 'auditor')
  t.equal(privateRole(parseChannel('topic:privateer')), undefined)
  t.equal(privateRole(parseChannel('chat:private.auditor.x')), undefined)
  t.equal(parseChannel(`topic:${'x'.repeat(249)}`).id.length, 249)
  const bad = [
    '',
    'topic',
    'topic:',
    'audit:1',
    'other:x',
    'Topic:x',
    'topic:a b',
    'topic:a\n',
    'topic:\u0000',
    'topic:\u2028',
    'topic:\ud800',
    'topic:{x}',
    'topic:private.',
    'topic:private..x',
    '__proto__:x',
    `topic:${'x'.repeat(250)}`,
  ]
  for (const [i, text] of bad.entries()) {
    t.throws(
      () => parseChannel(text, 'body/channel'),
      { code: 'VALIDATION_FAILED', errors: [{ field: 'body/channel' }] },
      `bad name ${i}`,
    )
  }
})
