import { EventSource } from 'eventsource'
import t from 'tap'
import type { Position } from '../../src/channel/broker.ts'
import type { ReplayedEvent } from '../../src/feed/feed.ts'
import { openEvents } from '../support/event-source.ts'
import { keptFeed, numbers, openStage, range, until } from './stage.ts'

t.test('what was missed follows in order, once; what cannot be served is said', async (t) => {
  const { url, publish, seen } = await openStage(t, {
    broker: { historySize: 50 },
    feeds: { 'topic:a': { snapshot: async () => ({ at: 'now' }) } },
  })
  const { epoch } = await publish('topic:a', ...range(1, 40).map((n) => ({ n })))

  const resumed = await openEvents(`${url}/one/topic:a`, { lastEventId: `${epoch}:10` })
  const first = await resumed.next()
  t.equal(first.event, 'recovery')
  t.equal(first.id, undefined)
  t.match(JSON.parse(first.data), { type: 'recovery', recovered: true, epoch, offset: 10 })
  t.same(numbers(await resumed.take(30)), range(11, 40))
  await publish('topic:a', { n: 41 })
  t.same(numbers(await resumed.take(1)), [41])
  resumed.close()

  const byQuery = await openEvents(`${url}/one/topic:a?last_event_id=${epoch}:39`)
  t.match(JSON.parse((await byQuery.next()).data), { recovered: true })
  t.same(numbers(await byQuery.take(2)), [40, 41])
  byQuery.close()

  await publish('topic:a', ...range(42, 100).map((n) => ({ n })))
  for (const [lastEventId, reason] of [
    [`${epoch}:10`, 'trimmed'],
    ['0000000000000000:10', 'epoch_changed'],
    [`${epoch}:1000`, 'offset_ahead'],
    ['garbage', 'epoch_changed'],
    [`${epoch}:99999999999999999999`, 'epoch_changed'],
    [`${epoch}:-1`, 'epoch_changed'],
  ] as const) {
    const client = await openEvents(`${url}/one/topic:a`, { lastEventId })
    const lost = await client.next()
    t.equal(lost.event, 'recovery')
    t.match(JSON.parse(lost.data), { type: 'recovery', recovered: false, reason }, lastEventId)
    const snapshot = await client.next()
    t.match(snapshot, { id: undefined, event: 'snapshot' })
    t.same(JSON.parse(snapshot.data), { type: 'snapshot', channel: 'topic:a', state: { at: 'now' } })
    const { offset } = await publish('topic:a', { n: 'live' })
    t.match(await client.next(), { id: `${epoch}:${offset}`, data: '{"n":"live"}' })
    client.close()
  }
  t.same(seen.recoveries, [
    'recovered',
    'recovered',
    'trimmed',
    'epoch_changed',
    'offset_ahead',
    'epoch_changed',
    'epoch_changed',
    'epoch_changed',
  ])
})

t.test('a stream cut anywhere and resumed equals an uncut one', async (t) => {
  const { url, publish } = await openStage(t, {
    feeds: { 'stream:s': { since: 'beginning', isTerminal: ({ data }) => data.includes('"end"') } },
  })
  const total = 400
  const publishing = (async () => {
    for (const n of range(1, total)) await publish('stream:s', { n })
    await publish('stream:s', { n: 'end' })
  })()
  const uncut = await openEvents(`${url}/one/stream:s`)
  const pieces: { id: string | undefined; data: string }[] = []
  let lastEventId: string | undefined
  for (let cut = 1; pieces.at(-1)?.data.includes('"end"') !== true; cut++) {
    const client = await openEvents(`${url}/one/stream:s`, lastEventId === undefined ? {} : { lastEventId })
    const wanted = 7 * cut
    try {
      for (let taken = 0; taken < wanted; taken++) {
        const { id, event, data } = await client.next()
        if (event === 'recovery') continue
        pieces.push({ id, data })
        lastEventId = id
      }
    } catch (error) {
      t.match(error, /stream was over \(whole\)/)
    }
    client.close()
  }
  await publishing
  t.equal(await uncut.ended(), 'whole')
  const whole = uncut.events.map(({ id, data }) => ({ id, data }))
  t.equal(whole.length, total + 1)
  t.same(pieces, whole)
})

t.test('a stream ends after its terminal event, and whoever has seen it gets 204', async (t) => {
  const end: { position: Position | null } = { position: null }
  const { url, publish, hub } = await openStage(t, {
    feeds: {
      'stream:s': {
        since: 'beginning',
        isTerminal: ({ data }) => data.includes('complete'),
        ended: async () => end.position,
      },
    },
  })
  const live = await openEvents(`${url}/one/stream:s`)
  await publish('stream:s', { n: 1 })
  end.position = await publish('stream:s', { type: 'complete' })
  t.equal(await live.ended(), 'whole')
  t.equal(live.events.length, 2)
  const { epoch, offset } = end.position
  const again = await openEvents(`${url}/one/stream:s`, { lastEventId: `${epoch}:${offset}` })
  t.equal(again.status, 204)
  t.equal(await again.ended(), 'whole')
  const late = await openEvents(`${url}/one/stream:s`, { lastEventId: `${epoch}:1` })
  t.equal(await late.ended(), 'whole')
  t.same(
    late.events.map(({ event, data }) => event ?? data),
    ['recovery', '{"type":"complete"}'],
  )
  const fresh = await openEvents(`${url}/one/stream:s`)
  t.equal(await fresh.ended(), 'whole')
  t.equal(fresh.events.length, 2)
  await until('no subscription is left', () => hub.numSubscribers('stream:s') === 0)
})

t.test('what the log has lost is told from the store, once, before what is live', async (t) => {
  const store: ReplayedEvent[] = []
  const end: { position: Position | null } = { position: null }
  const stage = await openStage(t, {
    broker: { historySize: 5 },
    feeds: { 'investigation:i': { ...keptFeed(store), ended: async () => end.position } },
  })
  const { url, publish } = stage
  const find = async (key: string): Promise<void> => {
    store.push({ data: JSON.stringify({ key }), key })
    await publish('investigation:i', { key })
  }
  for (const n of range(1, 20)) await find(`k${n}`)
  const keys = (events: { data: string }[]): string[] => events.map(({ data }) => JSON.parse(data).key)

  const late = await openEvents(`${url}/one/investigation:i`)
  const told = await late.take(20)
  t.same(
    keys(told),
    range(1, 20).map((n) => `k${n}`),
  )
  t.ok(told.every(({ id, event }) => id === undefined && event === undefined))
  await find('k21')
  t.match(await late.next(), { id: /:21$/, data: /k21/ })

  const broken = await openEvents(`${url}/one/investigation:i`, { lastEventId: 'x:1' })
  t.match(await broken.next(), { event: 'recovery', data: /"recovered":false/ })
  t.match(await broken.next(), { event: 'snapshot', data: /"state":\{"found":21\}/ })
  t.same(
    keys(await broken.take(21)),
    range(1, 21).map((n) => `k${n}`),
  )
  store.push({ data: '{"type":"complete"}', terminal: true })
  end.position = await publish('investigation:i', { type: 'complete' })
  for (const client of [late, broken]) {
    t.equal(await client.ended(), 'whole')
    t.match(client.events.at(-1), { id: `${end.position.epoch}:22`, data: /complete/ })
  }
  await publish('investigation:i', ...range(1, 9))
  const after = await openEvents(`${url}/one/investigation:i`)
  t.equal(await after.ended(), 'whole')
  t.equal(after.events.length, 22)
  t.match(after.events.at(-1), { id: `${end.position.epoch}:22`, data: /complete/ })
})

t.test('a log that was lost before anyone came is told from the store, then goes on live', async (t) => {
  const { url, publish, hub } = await openStage(t, {
    feeds: {
      'investigation:i': {
        since: 'beginning',
        beganIn: async (epoch) => epoch === 'the first life',
        async *replay() {
          yield { data: '{"n":"told"}' }
        },
      },
      'investigation:broken': {
        since: 'beginning',
        beganIn: async () => {
          throw new Error('the store is away')
        },
      },
    },
  })
  await publish('investigation:i', { n: 'of another life' })
  const client = await openEvents(`${url}/one/investigation:i`)
  t.same(await client.next(), { id: undefined, event: undefined, data: '{"n":"told"}' })
  await publish('investigation:i', { n: 'live' })
  t.match(await client.next(), { id: /:2$/, data: '{"n":"live"}' })
  client.close()
  t.equal((await openEvents(`${url}/one/investigation:broken`)).status, 500)
  await until('nothing is left subscribed', () => hub.numSubscribers('investigation:broken') === 0)
})

t.test('a loss in mid-stream is declared, and only what was not told yet is told', async (t) => {
  const store: ReplayedEvent[] = []
  const { url, publish, broker, seen } = await openStage(t, {
    broker: { historySize: 4 },
    hub: { positionCheckMs: 60_000 },
    feeds: { 'investigation:i': keptFeed(store) },
  })
  const find = async (key: string): Promise<void> => {
    store.push({ data: JSON.stringify({ key }), key })
    await publish('investigation:i', { key })
  }
  const client = await openEvents(`${url}/one/investigation:i`)
  await find('a')
  await client.next(({ data }) => data.includes('"a"'))
  // The log's life ends and another begins.
  store.push({ data: '{"key":"b"}', key: 'b' })
  await broker.remove('investigation:i')
  await find('c')
  t.match(await client.next(), { event: 'recovery', id: undefined, data: /"recovered":false.*epoch_changed/ })
  t.match(await client.next(), { event: 'snapshot' })
  t.match(await client.next(), { id: undefined, data: '{"key":"b"}' })
  t.match(await client.next(), { data: '{"key":"c"}' })
  await find('d')
  t.match(await client.next(), { id: /:\d+$/, data: '{"key":"d"}' })
  t.same(seen.recoveries, ['epoch_changed'])
})

t.test('one cursor over many channels, also when the list changes', async (t) => {
  const { url, publish } = await openStage(t, { broker: { historySize: 20 } })
  const query = (...channels: string[]): string =>
    `${url}/many?${channels.map((channel) => `channel=${channel}`).join('&')}`
  const client = await openEvents(query('topic:a', 'topic:b'))
  await publish('topic:a', 1)
  await publish('topic:b', 2)
  const [, second] = await client.take(2)
  t.equal(second?.event, 'publication')
  t.match(JSON.parse(second?.data ?? ''), { channel: 'topic:b', offset: 1, data: 2 })
  client.close()
  await publish('topic:a', 3)
  await publish('topic:b', 4)
  await publish('topic:a', 5)
  await publish('topic:c', 'unseen')

  const lastEventId = second?.id as string
  const resumed = await openEvents(query('topic:c', 'topic:b', 'topic:a'), { lastEventId })
  const received = await resumed.take(5)
  t.same(
    received.filter(({ event }) => event === 'recovery').map(({ data }) => JSON.parse(data).recovered),
    [true, true],
  )
  const data = received.filter(({ event }) => event === 'publication').map((one) => JSON.parse(one.data))
  t.same(
    data.filter(({ channel }) => channel === 'topic:a').map((one) => one.data),
    [3, 5],
  )
  t.same(
    data.filter(({ channel }) => channel === 'topic:b').map((one) => one.data),
    [4],
  )
  await publish('topic:c', 'seen')
  t.match(JSON.parse((await resumed.next()).data), { channel: 'topic:c', data: 'seen' })
  resumed.close()

  await publish('topic:a', ...range(1, 40))
  const partly = await openEvents(query('topic:a', 'topic:b'), { lastEventId })
  const outcomes = (await partly.take(2)).map(({ data }) => JSON.parse(data))
  t.match(
    outcomes.find(({ channel }) => channel === 'topic:a'),
    { recovered: false, reason: 'trimmed' },
  )
  t.match(
    outcomes.find(({ channel }) => channel === 'topic:b'),
    { recovered: true },
  )
  partly.close()

  const hundred = range(1, 100).map((n) => `topic:t${n}`)
  const wide = await openEvents(query(...hundred))
  for (const channel of hundred) await publish(channel, channel)
  const ids = (await wide.take(100)).map(({ id }) => id as string)
  t.equal(new Set(ids).size, 100)
  const length = Math.max(...ids.map((id) => id.length))
  t.ok(length < 4096, `the id of a hundred channels has ${length} characters`)
  wide.close()
  for (const channel of hundred) await publish(channel, 'again')
  const wideAgain = await openEvents(query(...hundred), { lastEventId: ids[99] as string })
  const replayed = (await wideAgain.take(200)).filter(({ event }) => event === 'publication')
  t.ok(replayed.every(({ data }) => JSON.parse(data).data === 'again'))
  t.equal(new Set(replayed.map(({ data }) => JSON.parse(data).channel)).size, 100)
  const tooMany = await openEvents(query(...hundred, 'topic:one-more'))
  t.equal(tooMany.status, 400)
})

t.test('the eventsource client reconnects by itself and misses nothing', async (t) => {
  const { url, publish, app } = await openStage(t, {
    stream: { retryMs: 20 },
    feeds: { 'stream:s': { since: 'beginning' } },
  })
  const client = new EventSource(`${url}/one/stream:s`)
  t.teardown(() => client.close())
  const got: number[] = []
  let reconnected = 0
  client.addEventListener('message', ({ data }) => got.push(JSON.parse(data).n))
  client.addEventListener('recovery', ({ data }) => {
    t.equal(JSON.parse(data).recovered, true)
    reconnected++
  })
  for (const n of range(1, 60)) {
    await publish('stream:s', { n })
    if (n % 20 === 10) {
      await until('it has caught up', () => got.length === n)
      app.server.closeAllConnections()
    }
  }
  await until('all have come', () => got.length >= 60)
  t.same(got, range(1, 60))
  t.equal(reconnected, 3)
})
