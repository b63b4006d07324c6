import { Agent, get } from 'node:http'
import { connect, type Socket } from 'node:net'
import { EventSource } from 'eventsource'
import t from 'tap'
import type { Position } from '../../src/channel/broker.ts'
import type { StoryEvent } from '../../src/transport/feed.ts'
import { openEvents } from '../support/event-source.ts'
import { openStage, until } from './stage.ts'

const numbers = (events: { data: string }[]): number[] => events.map(({ data }) => JSON.parse(data).n)
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

t.test('a stream has the promised headers, retry first, ids, and bare data', async (t) => {
  const { url, publish, hub } = await openStage(t)
  const client = await openEvents(`${url}/one/topic:a`)
  t.equal(client.status, 200)
  t.equal(client.headers['content-type'], 'text/event-stream; charset=utf-8')
  t.equal(client.headers['cache-control'], 'no-cache, no-transform')
  t.equal(client.headers['x-accel-buffering'], 'no')
  t.match(client.headers['x-stream-id'], /\S+/)
  const { epoch } = await publish('topic:a', { n: 1 })
  t.same(await client.next(), { id: `${epoch}:1`, event: undefined, data: '{"n":1}' })
  t.ok(client.text().startsWith('retry: 3000\n\n'))
  t.equal(hub.numSubscribers('topic:a'), 1)
  client.close()
  await until('the subscription ends with its client', () => hub.numSubscribers('topic:a') === 0)
  const head = await openEvents(`${url}/one/topic:a`, { method: 'HEAD' })
  t.equal(head.status, 404)
})

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
  const store: StoryEvent[] = []
  const end: { position: Position | null } = { position: null }
  const stage = await openStage(t, {
    broker: { historySize: 5 },
    feeds: {
      'investigation:i': {
        since: 'beginning',
        isTerminal: ({ data }) => data.includes('complete'),
        keyOf: ({ data }) => JSON.parse(data).key,
        snapshot: async () => ({ found: store.length }),
        async *story() {
          yield* store
        },
        ended: async () => end.position,
      },
    },
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
        async *story() {
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
  const store: StoryEvent[] = []
  const { url, publish, broker, seen } = await openStage(t, {
    broker: { historySize: 4 },
    hub: { positionCheckMs: 60_000 },
    feeds: {
      'investigation:i': {
        since: 'beginning',
        keyOf: ({ data }) => JSON.parse(data).key,
        snapshot: async () => ({ found: store.length }),
        async *story() {
          yield* store
        },
      },
    },
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

t.test('gzip is flushed at every event, the first bytes too', async (t) => {
  const { url, publish, hub } = await openStage(t)
  const client = await openEvents(`${url}/one/topic:a`, { headers: { 'accept-encoding': 'br, gzip' } })
  t.equal(client.headers['content-encoding'], 'gzip')
  await until('retry comes before any event', () => client.retries.length === 1)
  let latest = 0
  for (const n of range(1, 20)) {
    const start = performance.now()
    await publish('topic:a', { n })
    t.same(numbers(await client.take(1)), [n])
    latest = Math.max(latest, performance.now() - start)
  }
  t.comment(`slowest of 20 compressed events: ${latest.toFixed(1)} ms`)
  const plain = await openEvents(`${url}/one/topic:a`, { headers: { 'accept-encoding': 'gzip;q=0' } })
  t.equal(plain.headers['content-encoding'], undefined)
  plain.close()
  client.close()
  await until('compressed subscriptions end with their client', () => hub.numSubscribers('topic:a') === 0)
})

t.test('keepalive comments come while nothing happens', async (t) => {
  const { url } = await openStage(t, { stream: { keepaliveSeconds: 0.05 } })
  for (const headers of [{ 'accept-encoding': 'identity' }, { 'accept-encoding': 'gzip' }]) {
    const client = await openEvents(`${url}/one/topic:a`, { headers })
    await client.comment()
    await client.comment()
    client.close()
  }
})

t.test('a stream ends within a second of its token, and when that is revoked', async (t) => {
  const revoke = new AbortController()
  let expiresAt: number | null = Date.now() + 300
  const { url, connections } = await openStage(t, { viewer: () => ({ expiresAt, revoked: revoke.signal }) })
  const expiring = await openEvents(`${url}/one/topic:a`)
  t.match(await expiring.next(), { event: 'token_expired', data: /"reason":"expired"/, id: undefined })
  t.equal(await expiring.ended(), 'whole')
  t.ok(Math.abs(Date.now() - (expiresAt as number)) < 1000)
  expiresAt = null
  const revoked = await openEvents(`${url}/one/topic:a`)
  await until('it is open', () => connections.size === 1)
  revoke.abort()
  t.match(await revoked.next(), { event: 'token_expired', data: /"reason":"revoked"/ })
  t.equal(await revoked.ended(), 'whole')
  await until('its place is free', () => connections.size === 0)
})

t.test('over a limit, a GET is sent away with 200 and a POST with its status', async (t) => {
  const { url, connections } = await openStage(t, { limits: { maxConnections: 3, maxPerAddress: 2 } })
  const open = [await openEvents(`${url}/one/topic:a`), await openEvents(`${url}/one/topic:a`)]
  const away = await openEvents(`${url}/one/topic:a`)
  t.equal(away.status, 200)
  t.equal(away.headers['content-type'], 'text/event-stream; charset=utf-8')
  t.match(away.headers['retry-after'], /^([1-9]|10)$/)
  t.equal(await away.ended(), 'whole')
  t.equal(away.retries.length, 1)
  t.ok((away.retries[0] as number) >= 1000 && (away.retries[0] as number) <= 10_000)
  t.equal(away.comments.length, 1)
  const post = await openEvents(`${url}/one/topic:a`, { method: 'POST' })
  t.equal(post.status, 429)
  t.match(await post.ended(), 'whole')
  for (const client of open) client.close()
  await until('the places are free', () => connections.size === 0)
  const again = await openEvents(`${url}/one/topic:a`)
  t.equal(again.retries.length + again.comments.length, 0)
  again.close()
})

t.test('a drain tells everyone when to come back, spread over the time, and refuses newcomers', async (t) => {
  const { url, connections } = await openStage(t)
  const clients = await Promise.all(range(1, 20).map(() => openEvents(`${url}/one/topic:a`)))
  await until('all are open', () => connections.size === 20)
  const start = performance.now()
  const ends: number[] = []
  const endings = clients.map(async (client) => {
    t.equal(await client.ended(), 'whole')
    ends.push(performance.now() - start)
  })
  const drained = connections.drain(1)
  const newcomer = await openEvents(`${url}/one/topic:a`)
  t.equal(newcomer.status, 200)
  t.equal(await newcomer.ended(), 'whole')
  await drained
  await Promise.all(endings)
  t.equal(connections.size, 0)
  for (const { retries } of clients) {
    t.equal(retries.length, 2)
    t.ok((retries[1] as number) >= 1000 && (retries[1] as number) <= 10_000)
  }
  t.ok(new Set(clients.map(({ retries }) => retries[1])).size > 10, 'not all at once')
  t.ok(Math.max(...ends) - Math.min(...ends) > 400, 'over the time')
  t.ok(Math.max(...ends) < 1500)
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

t.test(
  'the bytes are sound HTTP: for 1.0, on a kept connection, and when requests are pipelined',
  async (t) => {
    const { url, publish } = await openStage(t, {
      feeds: { 'stream:s': { since: 'beginning', isTerminal: ({ data }) => data.includes('end') } },
    })
    await publish('stream:s', 'a', 'x'.repeat(50_000), 'end')
    const { hostname, port } = new URL(url)
    const ask = (version: string): string => `GET /one/stream:s HTTP/${version}\r\nhost: ${hostname}\r\n\r\n`

    const old = connect(Number(port), hostname)
    let plain = ''
    old.setEncoding('utf8').on('data', (text) => {
      plain += text
    })
    old.write(ask('1.0'))
    await new Promise((resolve) => old.once('close', resolve))
    t.ok(plain.includes('\r\n\r\nretry: 3000\n\n'), 'no chunks')
    t.ok(plain.endsWith('data: "end"\n\n'))

    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    t.teardown(() => agent.destroy())
    const sockets = new Set<unknown>()
    for (let n = 0; n < 3; n++) {
      const body = await new Promise<string>((resolve, reject) => {
        get(`${url}/one/stream:s`, { agent }, (response) => {
          sockets.add(response.socket)
          let text = ''
          response.setEncoding('utf8').on('data', (chunk) => {
            text += chunk
          })
          response.once('end', () => resolve(text))
        }).once('error', reject)
      })
      t.equal(body, plain.slice(plain.indexOf('retry:')))
    }
    t.equal(sockets.size, 1, 'one connection served them all')

    const piped = connect(Number(port), hostname)
    t.teardown(() => piped.destroy())
    let both = ''
    piped.setEncoding('latin1').on('data', (text) => {
      both += text
    })
    piped.write(ask('1.1') + ask('1.1'))
    await until('both are answered', () => both.split('\r\n0\r\n\r\n').length === 3)
    const [first, second] = both
      .split('\r\n0\r\n\r\n')
      .map((text) => text.replace(/date: .*|x-stream-id: .*/gi, ''))
    t.equal(first, second)
  },
)

/** A reader on a bare socket that never reads what it asked for. */
async function openStopped(url: string, path: string, gzip: boolean): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.on('error', () => {})
  const encoding = gzip ? 'accept-encoding: gzip\r\n' : ''
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n${encoding}\r\n`)
  socket.pause()
  return socket
}

t.test('a reader that stops is cut and its bytes are let go; the others get all, in order', async (t) => {
  const stage = await openStage(t, { stream: { graceMs: 200 } })
  const { url, publish, seen, hub } = stage
  const stopped = await Promise.all(range(1, 20).map((n) => openStopped(url, '/one/topic:a', n % 4 === 0)))
  t.teardown(() => {
    for (const socket of stopped) socket.destroy()
  })
  const reading = await Promise.all(range(1, 10).map(() => openEvents(`${url}/one/topic:a`)))
  await until('all are subscribed', () => hub.numSubscribers('topic:a') === 30)
  global.gc?.()
  const before = process.memoryUsage()
  const noise = Array.from({ length: 4000 }, () => Math.random().toString(36).slice(2)).join('')
  let slowest = 0
  let n = 0
  for (; hub.numSubscribers('topic:a') > 10 && n < 2000; n++) {
    const start = performance.now()
    await publish('topic:a', { n, noise: noise.slice(0, 16_384 + (n % 100)) })
    for (const client of reading) await client.next((event) => JSON.parse(event.data).n === n)
    slowest = Math.max(slowest, performance.now() - start)
  }
  t.equal(hub.numSubscribers('topic:a'), 10, 'only those who read are left')
  t.equal(seen.cutoffs.length, 20)
  for (const client of reading) t.same(numbers(client.events), range(0, n - 1))
  const grown = (process.memoryUsage().rss - before.rss) / 1_048_576
  t.comment(
    `20 stopped readers cut after ${n} × 16 KiB; slowest delivery to readers ${slowest.toFixed(1)} ms; ` +
      `RSS +${grown.toFixed(0)} MiB, both ends; reasons ${[...new Set(seen.cutoffs)]}`,
  )
  const resumed = await openEvents(`${url}/one/topic:a`, {
    lastEventId: reading[0]?.events[3]?.id as string,
  })
  t.match(JSON.parse((await resumed.next()).data), { recovered: true })
  t.same(numbers(await resumed.take(n - 4)), range(4, n - 1))
})

t.test('one large event never cuts a slow reader, and a long replay waits for it', async (t) => {
  const { url, publish, seen } = await openStage(t, {
    stream: { graceMs: 150, bufferBytes: 4096, compression: false },
    hub: { historyPage: 20 },
  })
  const { epoch } = await publish('topic:a', 0)
  const large = await openStopped(url, '/one/topic:a', false)
  t.teardown(() => large.destroy())
  await until('it is there', () => seen.opened === 1)
  const megabytes = 12
  await publish('topic:a', 'x'.repeat(megabytes * 1_048_576))
  let bytes = 0
  let tail = ''
  const slowly = (socket: Socket, done: () => boolean): Promise<void> =>
    until(
      'it has read all',
      () => {
        const chunk = socket.read(262_144) ?? socket.read()
        if (chunk !== null) {
          bytes += chunk.length
          tail = (tail + String(chunk)).slice(-200)
        }
        return done()
      },
      30_000,
    )
  await slowly(
    large,
    () => tail.includes(`id: ${epoch}:2`) || (bytes > megabytes * 1_048_576 && /"\n\n/.test(tail)),
  )
  t.ok(bytes > megabytes * 1_048_576)
  t.same(seen.cutoffs, [])
  large.destroy()

  await publish('topic:b', ...range(1, 500).map((n) => ({ n, pad: 'y'.repeat(8000) })))
  const { epoch: other } = await publish('topic:b', { n: 'last' })
  const replay = await openStopped(url, `/one/topic:b?last_event_id=${other}:0`, false)
  t.teardown(() => replay.destroy())
  bytes = 0
  tail = ''
  await slowly(replay, () => tail.includes('"last"'))
  t.same(seen.cutoffs, [])
  t.ok(bytes > 500 * 8000)
})
