import { Agent, get } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import fastify from 'fastify'
import t, { type Test } from 'tap'
import { type CompressOptions, compressPlugin } from '../../src/plugins/compress.ts'
import { openEvents } from '../support/event-source.ts'
import { numbers, openStage, range, until } from './stage.ts'

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

for (const isPersonal of [false, true])
  t.test(`a gzip body is whole to its end, ${isPersonal ? 'of one reader' : 'shared by many'}`, async (t) => {
    const isTerminal = ({ data }: { data: string }) => data.includes('complete')
    const { url, publish } = await openStage(t, {
      feeds: { 'topic:a': { isPersonal, isTerminal } },
      stream: { keepaliveSeconds: 0.05 },
    })
    const open = (encoding: string) =>
      openEvents(`${url}/one/topic:a`, { headers: { 'accept-encoding': encoding } })
    const first = await open('gzip')
    await publish('topic:a', { n: 1 })
    await first.take(1)
    await first.comment()
    const [second, plain] = [await open('gzip'), await open('identity')]
    await publish('topic:a', { n: 2 }, { n: 3, long: 'x'.repeat(100_000) })
    for (let n = 4; n < 50; n++) await publish('topic:a', { n })
    await publish('topic:a', { type: 'complete', n: 50 })
    for (const client of [first, second, plain]) t.equal(await client.ended(), 'whole')
    t.same(numbers(first.events), range(1, 50))
    for (const client of [second, plain]) t.same(numbers(client.events), range(2, 50))
    t.same(second.events, plain.events)
  })

t.test('gzip bodies of many readers are whole, with what each gets alone between what all get', async (t) => {
  const { url, publish, connections } = await openStage(t, { stream: { keepaliveSeconds: 0.02 } })
  const open = (encoding: string) =>
    openEvents(`${url}/one/topic:a`, { headers: { 'accept-encoding': encoding } })
  const clients = await Promise.all(range(1, 24).map((n) => open(n % 2 === 0 ? 'gzip' : 'identity')))
  for (const n of range(1, 60)) {
    await publish('topic:a', { n, long: n % 20 === 0 ? 'x'.repeat(40_000) : '' })
    if (n % 10 === 0) await Promise.all(clients.map((client) => client.comment()))
    if (n === 30) clients.push(await open('gzip'))
  }
  await Promise.all(clients.slice(0, 24).map((client) => client.take(60)))
  await connections.drain(0.2)
  for (const client of clients) t.equal(await client.ended(), 'whole')
  for (const client of clients.slice(0, 24)) t.same(numbers(client.events), range(1, 60))
  t.same(numbers(clients[24]?.events ?? []), range(31, 60))
})

t.test('keepalive comments come while nothing happens', async (t) => {
  const { url } = await openStage(t, { stream: { keepaliveSeconds: 0.05 } })
  for (const headers of [{ 'accept-encoding': 'identity' }, { 'accept-encoding': 'gzip' }]) {
    const client = await openEvents(`${url}/one/topic:a`, { headers })
    await client.comment()
    await client.comment()
    t.same(client.events, [])
    t.ok(client.comments.length >= 2)
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

/** The sizes of the chunks in which a text is sent, compressed. */
const chunkSizes = async (t: Test, options: CompressOptions, text: string): Promise<number[]> => {
  const app = fastify()
  t.teardown(() => app.close())
  await app.register(compressPlugin, options)
  app.get('/', (_request, reply) => {
    reply.type('text/event-stream').compress(Readable.from([text]))
  })
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const socket = connect(Number(port), '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n')
  const answer = Buffer.concat(await socket.toArray()).toString('latin1')
  const sizes: number[] = []
  for (let at = answer.indexOf('\r\n\r\n') + 4; ; ) {
    const size = Number.parseInt(answer.slice(at, answer.indexOf('\r\n', at)), 16)
    if (!(size > 0)) return sizes
    sizes.push(size)
    at = answer.indexOf('\r\n', at) + 2 + size + 2
  }
}

t.test('the level decides how small a compressed stream is, the chunk size how it is sent', async (t) => {
  const text = range(1, 2000)
    .map((n) => `data: {"type":"chunk","content":"${(n * 7919) % 997} words of ${n}"}\n\n`)
    .join('')
  const bytesAt = async (level: number) =>
    (await chunkSizes(t, { level, chunkBytes: 8192 }, text)).reduce((sum, size) => sum + size, 0)
  const [fast, small] = [await bytesAt(1), await bytesAt(9)]
  t.ok(small < fast, `${small} of ${fast} bytes`)
  t.ok(fast < text.length / 2, `${fast} of ${text.length} bytes`)
  const [fine, coarse] = [
    await chunkSizes(t, { level: 6, chunkBytes: 1024 }, text),
    await chunkSizes(t, { level: 6, chunkBytes: 8192 }, text),
  ]
  t.equal(Math.max(...fine), 1024)
  t.ok(Math.max(...coarse) > 1024, `${coarse}`)
})
