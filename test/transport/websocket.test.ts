import { connect, type Socket } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import t from 'tap'
import { Problem } from '../../src/errors.ts'
import type { Feed, StoryEvent } from '../../src/transport/feed.ts'
import { v1 } from '../../src/vocabulary/v1.ts'
import { openSocket, UpgradeRefused } from '../support/socket.ts'
import { openService } from './service.ts'
import { until } from './stage.ts'

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

t.test('connected comes first, ping is answered, and a refusal is an HTTP status', async (t) => {
  const { url, tokenOf, connections } = await openService(t, { limits: { maxPerAddress: 2 } })
  const token = await tokenOf('ana')
  const client = await openSocket(`${url}/api/v1/ws?token=${token}&connection_type=general`)
  const connected = await client.next()
  t.match(connected, { type: 'connected', user: 'ana', heartbeat_interval: 30 })
  t.match(connected.connection_id, /^\S{8,}$/)
  t.ok(Math.abs(Date.parse(connected.server_time) - Date.now()) < 5000)
  client.send({ type: 'ping' })
  t.match(await client.next(), { type: 'pong' })

  const refusal = async (path: string, headers = {}): Promise<UpgradeRefused> => {
    const error = await openSocket(`${url}${path}`, { headers }).catch((cause: unknown) => cause)
    if (!(error instanceof UpgradeRefused)) throw new Error('it was not refused', { cause: error })
    return error
  }
  t.equal((await refusal('/api/v1/ws')).status, 401)
  t.equal((await refusal('/api/v1/ws?token=nonsense')).status, 401)
  t.equal((await refusal(`/api/v1/ws?token=${token}`, { origin: 'https://evil.example' })).status, 403)
  t.equal((await refusal(`/api/v1/ws/investigations/none?token=${token}`)).status, 404)
  const second = await openSocket(`${url}/api/v1/ws?token=${token}`)
  const third = await refusal(`/api/v1/ws?token=${token}`)
  t.equal(third.status, 429)
  t.match(third.headers['retry-after'], /^\d+$/)
  t.equal(JSON.parse(third.body).code, 'TOO_MANY_CONNECTIONS')
  second.close()
  client.close()
  await until('both places are free', () => connections.size === 0)
})

t.test('subscribe, publish, presence, unsubscribe', async (t) => {
  const { url, tokenOf, hub } = await openService(t)
  const ana = await openSocket(`${url}/api/v1/ws?token=${await tokenOf('ana')}`)
  const pub = await openSocket(`${url}/api/v1/ws?token=${await tokenOf('pub', 'publisher')}`)
  ana.send({ type: 'subscribe', channel: 'topic:news' })
  const subscribed = await ana.ofType('subscribed')
  t.match(subscribed, { channel: 'topic:news', recovered: false, offset: 0 })
  pub.send({ type: 'publish', channel: 'topic:news', data: { text: 'olá' } })
  const published = await pub.ofType('published')
  t.match(published, { channel: 'topic:news', epoch: subscribed.epoch, offset: 1 })
  t.same(await ana.ofType('event'), {
    type: 'event',
    channel: 'topic:news',
    offset: 1,
    epoch: subscribed.epoch,
    data: { text: 'olá' },
  })
  pub.send({ type: 'subscribe', channel: 'topic:news' })
  await pub.ofType('subscribed')
  ana.send({ type: 'presence', channel: 'topic:news' })
  const { users } = await ana.ofType('presence')
  t.same(users.sort(), ['ana', 'pub'])
  ana.send({ type: 'subscribe', channel: 'topic:news' })
  t.match(await ana.ofType('error'), { error_code: 'CONFLICT', channel: 'topic:news', command: 'subscribe' })
  ana.send({ type: 'unsubscribe', channel: 'topic:news' })
  t.same(await ana.ofType('unsubscribed'), { type: 'unsubscribed', channel: 'topic:news' })
  ana.send({ type: 'unsubscribe', channel: 'topic:news' })
  t.match(await ana.ofType('error'), { error_code: 'NOT_FOUND' })
  pub.close()
  await until('no subscription is left', () => hub.numSubscribers('topic:news') === 0)
})

t.test('who may read and publish what', async (t) => {
  const { url, tokenOf, app } = await openService(t)
  const token = await tokenOf('ana')
  const ana = await openSocket(`${url}/api/v1/ws?token=${token}`)
  const me = (await app.users.byUsername('ana'))?.id as string
  for (const [channel, outcome] of [
    ['topic:private.auditor.x', 'FORBIDDEN'],
    ['topic:private.viewer.x', undefined],
    ['audit', 'FORBIDDEN'],
    ['system', undefined],
    [`user:${me}`, undefined],
    ['user:somebody', 'NOT_FOUND'],
    ['investigation:none', 'NOT_FOUND'],
    ['stream:none', 'NOT_FOUND'],
    ['nonsense', 'NOT_FOUND'],
    ['topic:with space', 'NOT_FOUND'],
  ] as const) {
    ana.send({ type: 'subscribe', channel })
    const answer = await ana.next(({ type }) => type === 'subscribed' || type === 'error')
    t.equal(answer.error_code, outcome, channel)
    t.equal(answer.channel, channel)
  }
  ana.send({ type: 'publish', channel: 'topic:a', data: 1 })
  t.match(await ana.ofType('error'), { error_code: 'FORBIDDEN' })
  const pub = await openSocket(`${url}/api/v1/ws?token=${await tokenOf('pub', 'publisher')}`)
  pub.send({ type: 'publish', channel: 'system', data: 1 })
  t.match(await pub.ofType('error'), { error_code: 'FORBIDDEN' })
  const auditor = await openSocket(`${url}/api/v1/ws?token=${await tokenOf('aud', 'auditor')}`)
  auditor.send({ type: 'subscribe', channel: 'audit' })
  t.match(await auditor.ofType('subscribed'), { channel: 'audit' })
  for (const client of [ana, pub, auditor]) client.close()
})

t.test('recovery: the rest, all, or a snapshot when it cannot be served', async (t) => {
  const store: StoryEvent[] = []
  const feed: Feed = {
    channel: 'investigation:i',
    events: v1,
    since: 'beginning',
    isTerminal: ({ data }) => data.includes('complete'),
    keyOf: ({ data }) => JSON.parse(data).key,
    snapshot: async () => ({ found: store.length }),
    async *story() {
      yield* store
    },
  }
  const { url, tokenOf, publish, hub } = await openService(t, {
    historySize: 10,
    sources: { investigation: async () => feed },
  })
  const token = await tokenOf('ana')
  const { epoch } = await publish('topic:a', ...range(1, 8))
  const client = await openSocket(`${url}/api/v1/ws?token=${token}`)
  const events = async (count: number): Promise<unknown[]> => {
    const data: unknown[] = []
    while (data.length < count) data.push((await client.ofType('event')).data)
    return data
  }
  client.send({ type: 'subscribe', channel: 'topic:a', recover: { epoch, offset: 5 } })
  t.match(await client.ofType('subscribed'), { recovered: true, epoch, offset: 5 })
  t.same(await events(3), [6, 7, 8])
  client.send({ type: 'unsubscribe', channel: 'topic:a' })
  client.send({ type: 'subscribe', channel: 'topic:a', recover: 'all' })
  t.match(await client.ofType('subscribed'), { recovered: true, offset: 0 })
  t.same(await events(8), range(1, 8))
  client.send({ type: 'unsubscribe', channel: 'topic:a' })
  await publish('topic:a', ...range(9, 20))
  client.send({ type: 'subscribe', channel: 'topic:a', recover: { epoch, offset: 5 } })
  t.match(await client.ofType('subscribed'), { recovered: false, reason: 'trimmed', offset: 20 })
  t.match(await client.next(), { type: 'snapshot', channel: 'topic:a', state: { offset: 20, data: 20 } })
  await publish('topic:a', 21)
  t.same(await events(1), [21])
  client.send({ type: 'unsubscribe', channel: 'topic:a' })
  client.send({ type: 'subscribe', channel: 'topic:a', recover: 'all' })
  t.match(await client.ofType('subscribed'), { recovered: false, reason: 'trimmed', offset: 11 })
  t.same(await events(10), range(12, 21))

  for (const n of range(1, 15)) {
    store.push({ data: `{"key":"k${n}"}`, key: `k${n}` })
    await publish('investigation:i', { key: `k${n}` })
  }
  client.send({ type: 'subscribe', channel: 'investigation:i', recover: { epoch: 'gone', offset: 1 } })
  t.match(await client.ofType('subscribed'), { recovered: false, reason: 'epoch_changed' })
  t.match(await client.next(), { type: 'snapshot', state: { found: 15 } })
  for (const n of range(1, 15)) {
    t.same(await client.next(), { type: 'event', channel: 'investigation:i', data: { key: `k${n}` } })
  }
  await publish('investigation:i', { type: 'complete' })
  t.match(await client.next(), { type: 'event', offset: 16, data: { type: 'complete' } })
  t.match(await client.next(), { type: 'unsubscribed', channel: 'investigation:i', reason: 'ended' })
  await until('it has ended', () => hub.numSubscribers('investigation:i') === 0)
  client.close()
})

t.test('a connection cut anywhere and resumed equals an uncut one', async (t) => {
  const { url, tokenOf, publish } = await openService(t)
  const token = await tokenOf('ana')
  const whole = await openSocket(`${url}/api/v1/ws?token=${token}&batch=1`)
  whole.send({ type: 'subscribe', channel: 'topic:a' })
  const { epoch } = (
    await whole.next(({ messages }) => messages?.some((m: { type: string }) => m.type === 'subscribed'))
  ).messages.find((m: { type: string }) => m.type === 'subscribed')
  const publishing = (async () => {
    for (const n of range(1, 300)) await publish('topic:a', n)
  })()
  const pieces: number[] = []
  for (let offset = 0; offset < 300; ) {
    const client = await openSocket(`${url}/api/v1/ws?token=${token}`)
    client.send({ type: 'subscribe', channel: 'topic:a', recover: { epoch, offset } })
    t.match(await client.ofType('subscribed'), { recovered: true, offset })
    for (let taken = 0; taken < 37 && offset < 300; taken++) {
      const event = await client.ofType('event')
      pieces.push(event.data)
      offset = event.offset
    }
    client.close()
  }
  await publishing
  t.same(pieces, range(1, 300))
  await until('the uncut one has all', () => whole.messages.flatMap(({ messages }) => messages).length >= 302)
  t.ok(whole.messages.every(({ type, count, messages }) => type === 'batch' && count === messages.length))
  t.ok(whole.messages.length < 302, 'frames of one turn are joined')
  t.same(
    whole.messages
      .flatMap(({ messages }) => messages)
      .filter(({ type }) => type === 'event')
      .map(({ data }) => data),
    range(1, 300),
  )
  whole.close()
})

t.test('an investigation tells its whole story, the rest of it, and takes commands', async (t) => {
  const feed: Feed = {
    channel: 'investigation:i',
    events: v1,
    since: 'beginning',
    isTerminal: ({ data }) => data.includes('"complete"'),
  }
  const commanded: string[] = []
  const { url, tokenOf, publish } = await openService(t, {
    sources: {
      investigation: async (identity, id) => {
        if (identity.username !== 'ana' || id !== 'i') throw new Problem('NOT_FOUND', 'There is none')
        return feed
      },
    },
    commandInvestigation: async (_request, identity, id, command) => {
      commanded.push(`${identity.username} ${command} ${id}`)
      if (command === 'resume') throw new Problem('INVALID_STATE', 'It is not paused')
    },
  })
  await publish('investigation:i', { type: 'progress', progress: 1 }, { type: 'anomaly', anomaly_id: 'a' })
  const token = await tokenOf('ana')
  const path = '/api/v1/ws/investigations/i'
  const client = await openSocket(`${url}${path}?token=${token}`)
  t.match(await client.next(), { type: 'connected' })
  const first = await client.next()
  t.same(first, { type: 'progress', progress: 1, offset: 1, epoch: first.epoch })
  t.match(await client.next(), { type: 'anomaly', anomaly_id: 'a', offset: 2 })
  client.send({ type: 'pause' })
  client.send({ type: 'resume' })
  t.match(await client.ofType('error'), { error_code: 'INVALID_STATE', command: 'resume' })
  t.same(commanded, ['ana pause i', 'ana resume i'])
  client.send({ type: 'subscribe', channel: 'topic:a' })
  t.match(await client.ofType('error'), { error_code: 'INVALID_MESSAGE' })
  client.send({ type: 'ping' })
  await client.ofType('pong')
  await publish('investigation:i', { type: 'complete' })
  t.match(await client.next(), { type: 'complete', offset: 3 })
  const rest = await openSocket(`${url}${path}?token=${token}&recover=${first.epoch}:1`)
  t.match(await rest.ofType('recovery'), { recovered: true, offset: 1 })
  t.match(await rest.next(), { type: 'anomaly', offset: 2 })
  t.match(await rest.next(), { type: 'complete', offset: 3 })
  const other = await tokenOf('eva')
  await t.rejects(openSocket(`${url}${path}?token=${other}`), new Error('refused with 404'))
  client.close()
  rest.close()
})

t.test('bad messages are answered, and too many of them close', async (t) => {
  const { url, tokenOf } = await openService(t)
  const token = await tokenOf('ana')
  const client = await openSocket(`${url}/api/v1/ws?token=${token}`)
  await client.next()
  const bad = [
    'nonsense',
    '[]',
    '1',
    'null',
    '""',
    '{}',
    '{"type":1}',
    '{"type":"unknown"}',
    '{"type":"hasOwnProperty"}',
    '{"type":"subscribe"}',
    '{"type":"subscribe","channel":7}',
    '{"type":"subscribe","channel":"topic:a","recover":{"epoch":"e","offset":-1}}',
    '{"type":"subscribe","channel":"topic:a","recover":"some"}',
    '{"type":"publish","channel":"topic:a"}',
    '{"type":"ping","__proto__":{"x":1}}',
    '{"type":"ping","a":[{"\\u005f_proto__":1}]}',
    '{"type":"ping","a":{"constructor":{}}}',
    '{"type":"auth"}',
  ]
  for (const message of bad) {
    client.send(message)
    t.match(await client.next(), { type: 'error', error_code: 'INVALID_MESSAGE' }, message)
  }
  client.socket.send(Buffer.from('{"type":"ping"}'), { binary: true })
  t.match(await client.next(), { error_code: 'INVALID_MESSAGE' })
  client.send({ type: 'ping' })
  t.match(await client.next(), { type: 'pong' }, 'it is still open')
  client.send('the twentieth')
  t.match(await client.next(), { error_code: 'INVALID_MESSAGE' })
  t.match(await client.closed(), { code: 1008, reason: /not understood/ })
})

t.test('floods, large messages and broken frames close with their code and reason', async (t) => {
  const { url, tokenOf, connections } = await openService(t, { sockets: { messageBurst: 50 } })
  const token = await tokenOf('ana')
  const open = async () => {
    const client = await openSocket(`${url}/api/v1/ws?token=${token}`)
    await client.next()
    return client
  }
  const flood = await open()
  for (let n = 0; n < 60; n++) flood.send({ type: 'ping' })
  t.match(await flood.closed(), { code: 1008, reason: /too many/ })
  t.ok(flood.messages.length <= 52)
  const pings = await open()
  for (let n = 0; n < 60; n++) pings.socket.ping()
  t.match(await pings.closed(), { code: 1008, reason: /too many/ })

  const whole = await open()
  const padding = 65_536 - '{"type":"ping","x":""}'.length
  whole.send(`{"type":"ping","x":"${'x'.repeat(padding)}"}`)
  t.match(await whole.next(), { type: 'pong' })
  whole.send(`{"type":"ping","x":"${'x'.repeat(padding + 1)}"}`)
  t.match(await whole.closed(), { code: 1009, reason: /too large/ })

  const pieces = await open()
  for (let n = 0; n < 20; n++) pieces.socket.send('x'.repeat(4096), { fin: false })
  t.match(await pieces.closed(), { code: 1009, reason: /too large/ })
  const crumbs = await open()
  for (let n = 0; n < 16_384; n++) crumbs.socket.send('x', { fin: false })
  t.match(await crumbs.closed(), { code: 1008, reason: /fragments/ })
  const broken = await open()
  ;(broken.socket as unknown as { _socket: Socket })._socket.write(Buffer.from([0xc1, 0x80, 0, 0, 0, 0]))
  t.match(await broken.closed(), { code: 1002, reason: /protocol/ })
  const invalid = await open()
  invalid.socket.send(Buffer.from([0xc3, 0x28]), { binary: false })
  t.match(await invalid.closed(), { code: 1007, reason: /UTF-8/ })
  await until('all places are free', () => connections.size === 0)
})

t.test('where compression is on, a small message that inflates to a large one closes', async (t) => {
  const { url, tokenOf } = await openService(t, { compression: true })
  const client = await openSocket(`${url}/api/v1/ws?token=${await tokenOf('ana')}`, {
    perMessageDeflate: true,
  })
  await client.next()
  t.match(client.socket.extensions, /permessage-deflate/)
  const bomb = deflateRawSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 })
  t.comment(`${bomb.length} bytes that inflate to 200 MiB`)
  const mask = Buffer.from([0, 0, 0, 0])
  const head = Buffer.alloc(10)
  head[0] = 0xc1
  head[1] = 0x80 | 127
  head.writeBigUInt64BE(BigInt(bomb.length), 2)
  const before = process.memoryUsage().rss
  const wire = (client.socket as unknown as { _socket: Socket })._socket
  wire.write(Buffer.concat([head, mask, bomb.subarray(0, 60_000)]))
  wire.write(bomb.subarray(60_000))
  t.match(await client.closed(), { code: 1009 })
  const grown = (process.memoryUsage().rss - before) / 1_048_576
  t.ok(grown < 100, `RSS +${grown.toFixed(0)} MiB`)
})

t.test(
  'a token that runs out is told, may be renewed by its own user only, and closes with 4401',
  async (t) => {
    const { url, tokenOf, publish } = await openService(t, { accessTtlSeconds: 3 })
    const token = await tokenOf('ana')
    const renewed = await openSocket(`${url}/api/v1/ws?token=${token}`)
    const left = await openSocket(`${url}/api/v1/ws?token=${token}`)
    const expiring = await renewed.ofType('token_expiring')
    t.ok(expiring.expires_in > 0 && expiring.expires_in <= 3)
    const end = Date.parse(expiring.expires_at)
    renewed.send({ type: 'subscribe', channel: 'topic:a' })
    await renewed.ofType('subscribed')
    renewed.send({ type: 'auth', token: 'nonsense' })
    t.match(await renewed.ofType('error'), { error_code: 'UNAUTHENTICATED', command: 'auth' })
    renewed.send({ type: 'auth', token: await tokenOf('eva') })
    t.match(await renewed.ofType('error'), { error_code: 'FORBIDDEN' })
    await until('there is a later second', () => Date.now() > end - 1500)
    renewed.send({ type: 'auth', token: await tokenOf('ana') })
    const authenticated = await renewed.ofType('authenticated')
    t.equal(authenticated.user, 'ana')
    t.ok(Date.parse(authenticated.expires_at) > end)
    t.match(await left.closed(), { code: 4401, reason: /expired/ })
    const late = Date.now() - end
    t.ok(late > -50 && late < 1000, `closed ${late} ms after the end`)
    await publish('topic:a', 'still here')
    t.match(await renewed.ofType('event'), { data: 'still here' })
    t.match(await renewed.closed(), { code: 4401 })
  },
)

t.test('switched off, it says so before the upgrade', async (t) => {
  const { url, tokenOf, connections } = await openService(t, { enabled: false })
  const token = await tokenOf('ana')
  const refused = await openSocket(`${url}/api/v1/ws?token=${token}`).catch((error: unknown) => error)
  if (!(refused instanceof UpgradeRefused)) throw new Error('it was not refused')
  t.equal(refused.status, 503)
  t.equal(JSON.parse(refused.body).code, 'FEATURE_DISABLED')
  const events = await fetch(`${url}/api/v1/channels/topic:a/events?token=${token}`)
  t.equal(events.status, 503)
  t.match(await events.json(), { code: 'FEATURE_DISABLED' })
  t.equal(connections.size, 0)
})

t.test('a disabled user is closed with 1008', async (t) => {
  const { url, tokenOf, app } = await openService(t)
  const client = await openSocket(`${url}/api/v1/ws?token=${await tokenOf('ana')}`)
  await client.next()
  const id = (await app.users.byUsername('ana'))?.id as string
  const start = performance.now()
  await app.users.change(id, { disabled: true })
  t.match(await client.closed(), { code: 1008, reason: /revoked/ })
  t.ok(performance.now() - start < 5000)
})

t.test('a drain closes with 1012, spread over its time', async (t) => {
  const { url, tokenOf, connections } = await openService(t)
  const token = await tokenOf('ana')
  const clients = await Promise.all(range(1, 10).map(() => openSocket(`${url}/api/v1/ws?token=${token}`)))
  const ends: number[] = []
  const start = performance.now()
  const closing = clients.map(async (client) => {
    t.match(await client.closed(), { code: 1012, reason: /restart/ })
    ends.push(performance.now() - start)
  })
  const drained = connections.drain(1)
  await t.rejects(openSocket(`${url}/api/v1/ws?token=${token}`), new Error('refused with 503'))
  await drained
  await Promise.all(closing)
  t.ok(Math.max(...ends) - Math.min(...ends) > 400)
})

/** A client that upgrades on a bare socket and then does nothing by itself. */
async function upgrade(url: string, path: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
      'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  const head: Buffer = await new Promise((resolve) => socket.once('data', resolve))
  if (!String(head).startsWith('HTTP/1.1 101')) throw new Error(String(head))
  return socket
}

/** One masked text frame. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text)
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload])
}

t.test('a peer that answers no ping is dropped after two, a silent one after the timeout', async (t) => {
  const { url, tokenOf, connections, seen } = await openService(t, {
    sockets: { pingSeconds: 0.15, timeoutSeconds: 60 },
  })
  const token = await tokenOf('ana')
  const dead = await upgrade(url, `/api/v1/ws?token=${token}`)
  dead.pause()
  const alive = await openSocket(`${url}/api/v1/ws?token=${token}`)
  t.equal(connections.size, 2)
  const start = performance.now()
  await until('the dead one is dropped', () => connections.size === 1)
  t.ok(performance.now() - start < 1000)
  t.same(seen.errors, ['dead_peer'])
  t.equal(alive.socket.readyState, alive.socket.OPEN)
  alive.close()
  dead.destroy()

  const other = await openService(t, { sockets: { pingSeconds: 60, timeoutSeconds: 0.2 } })
  const silent = await openSocket(`${other.url}/api/v1/ws?token=${await other.tokenOf('ana')}`)
  t.match(await silent.closed(), { code: 1008, reason: /no frame/ })
})

t.test('a socket that does not read is cut with 1013; the others get all, in order', async (t) => {
  const { url, tokenOf, publish, hub, seen } = await openService(t, { sockets: { graceMs: 200 } })
  const token = await tokenOf('ana')
  const path = `/api/v1/ws?token=${token}`
  const stopped = await Promise.all(range(1, 5).map(() => upgrade(url, path)))
  for (const socket of stopped) {
    socket.pause()
    socket.write(frame('{"type":"subscribe","channel":"topic:a"}'))
  }
  const readers = await Promise.all(range(1, 5).map(() => openSocket(`${url}${path}`)))
  for (const reader of readers) {
    reader.send({ type: 'subscribe', channel: 'topic:a' })
    await reader.ofType('subscribed')
  }
  await until('all are subscribed', () => hub.numSubscribers('topic:a') === 10)
  const noise = 'z'.repeat(32_768)
  let n = 0
  for (; hub.numSubscribers('topic:a') > 5 && n < 1000; n++) {
    await publish('topic:a', { n, noise })
    for (const reader of readers) t.equal((await reader.ofType('event')).data.n, n)
  }
  t.equal(hub.numSubscribers('topic:a'), 5)
  t.equal(seen.cutoffs.length, 5)
  const [one] = stopped
  let tail = Buffer.alloc(0)
  one?.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-200)
  })
  one?.resume()
  await until('one that reads again finds the code', () =>
    tail.includes(Buffer.from('\x03\xf5too slow', 'latin1')),
  )
  for (const socket of stopped) socket.destroy()
  for (const reader of readers) reader.close()
})
