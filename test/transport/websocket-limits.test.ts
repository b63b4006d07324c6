import { connect, type Socket } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import t from 'tap'
import { openSocket } from '../support/socket.ts'
import { openService } from './service.ts'
import { range, until } from './stage.ts'

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

t.test('messages are compressed for clients that accept it, and whole and in order for all', async (t) => {
  const { url, tokenOf, publish } = await openService(t, { compression: true })
  const token = await tokenOf('ana')
  const open = async (perMessageDeflate: boolean | { serverMaxWindowBits: number }) => {
    const client = await openSocket(`${url}/api/v1/ws?token=${token}`, { perMessageDeflate })
    client.send({ type: 'subscribe', channel: 'topic:a' })
    await client.ofType('subscribed')
    return client
  }
  const clients = [
    await open(true),
    await open(true),
    await open(false),
    await open({ serverMaxWindowBits: 9 }),
  ]
  const compressed = clients.map(({ socket }) => socket.extensions.includes('permessage-deflate'))
  t.same(compressed, [true, true, false, true])
  const words = (count: number) => Array.from({ length: count }, (_, n) => `word ${n % 100}`).join(' ')
  const sent = [
    { n: 1 },
    { n: 2, text: words(100) },
    { n: 3, text: words(2000) },
    { n: 4, text: words(20_000) },
    { n: 5 },
  ]
  for (const one of sent) await publish('topic:a', one)
  await publish('topic:a', ...sent)
  for (const client of clients) {
    await client.next(({ data }) => data?.n === 5)
    await client.next(({ data }) => data?.n === 5)
    t.same(
      client.messages.filter(({ data }) => data?.n !== undefined).map(({ data }) => data),
      [...sent, ...sent],
    )
  }
  const bytes = clients.map(({ socket }) => (socket as unknown as { _socket: Socket })._socket.bytesRead)
  t.ok((bytes[0] as number) < (bytes[2] as number) - 2 * words(2000).length, `${bytes}`)
  t.ok((bytes[3] as number) >= (bytes[2] as number), 'a client with a small window gets them plain')
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

/** Of an access token; long enough for the logins of a busy machine. */
const TTL_SECONDS = 6

t.test(
  'a token that runs out is told, may be renewed by its own user only, and closes with 4401',
  async (t) => {
    const { url, tokenOf, publish } = await openService(t, { accessTtlSeconds: TTL_SECONDS })
    const token = await tokenOf('ana')
    const renewed = await openSocket(`${url}/api/v1/ws?token=${token}`)
    const left = await openSocket(`${url}/api/v1/ws?token=${token}`)
    const expiring = await renewed.ofType('token_expiring')
    t.ok(expiring.expires_in > 0 && expiring.expires_in <= TTL_SECONDS)
    const end = Date.parse(expiring.expires_at)
    renewed.send({ type: 'subscribe', channel: 'topic:a' })
    await renewed.ofType('subscribed')
    renewed.send({ type: 'auth', token: 'nonsense' })
    t.match(await renewed.ofType('error'), { error_code: 'UNAUTHENTICATED', command: 'auth' })
    renewed.send({ type: 'auth', token: await tokenOf('eva') })
    t.match(await renewed.ofType('error'), { error_code: 'FORBIDDEN' })
    await until('there is a later second', () => Date.now() >= end - TTL_SECONDS * 1000 + 1000)
    renewed.send({ type: 'auth', token: await tokenOf('ana') })
    const authenticated = await renewed.ofType('authenticated')
    t.equal(authenticated.user, 'ana')
    t.ok(Date.parse(authenticated.expires_at) > end)
    t.match(await left.closed(), { code: 4401, reason: /expired/ })
    t.ok(Date.now() > end - 50, 'not before the end')
    await publish('topic:a', 'still here')
    t.match(await renewed.ofType('event'), { data: 'still here' })
    t.match(await renewed.closed(), { code: 4401 })
  },
)

t.test('a disabled user is closed with 1008', async (t) => {
  const { url, tokenOf, app } = await openService(t)
  const client = await openSocket(`${url}/api/v1/ws?token=${await tokenOf('ana')}`)
  await client.next()
  const id = (await app.users.byUsername('ana'))?.id as string
  await app.users.change(id, { disabled: true })
  t.match(await client.closed(), { code: 1008, reason: /revoked/ })
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
  await until('the dead one is dropped', () => connections.size === 1)
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
