import type { FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import t from 'tap'
import { Type } from 'typebox'
import { Problem } from '../../src/errors.ts'
import { RefusedAccess } from '../../src/identity/access.ts'
import { redactUrl, serializeError } from '../../src/plugins/logger.ts'
import { toProblem } from '../../src/plugins/problem.ts'
import { addingOnRedis, localCounts, sharedCounts } from '../../src/plugins/rate-limit-store.ts'
import { startRedis } from '../support/redis.ts'
import { clock, startService } from './service.ts'

const routes = (app: FastifyInstance): void => {
  const config = { access: 'public' } as const
  app.post(
    '/api/v1/check',
    {
      config,
      bodyLimit: 1000,
      schema: {
        body: Type.Object({
          name: Type.String({ minLength: 2 }),
          inner: Type.Object({ size: Type.Integer({ maximum: 5 }) }),
          kind: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
        }),
        querystring: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1 })) }),
      },
    },
    async () => ({ ok: true }),
  )
  app.post('/api/v1/any', { config, bodyLimit: 4_000_000 }, async () => ({ ok: true }))
  app.get('/api/v1/explode', { config }, async () => {
    throw new Error('SELECT secret FROM users', { cause: new Error('the key sk-123') })
  })
  app.get('/api/v1/fail/:code', { config }, async (request) => {
    const { code } = request.params as { code: string }
    throw Object.assign(new Error('driver text'), { code })
  })
  app.get('/api/v1/status/:status', { config }, async (request) => {
    throw Object.assign(new Error('plugin text'), {
      statusCode: Number((request.params as { status: string }).status),
    })
  })
  app.get('/api/v1/theirs', { config: { access: 'read' } }, async () => {
    const resource = { type: 'investigation', id: 'i-7' } as const
    throw new Problem('NOT_FOUND', 'There is no such investigation', { cause: new RefusedAccess(resource) })
  })
  app.get('/api/v1/wait', { config }, async () => {
    throw new Problem('OVERLOADED', 'Come back', { retryAfter: 7 })
  })
  app.register(async (inner) => {
    inner.addContentTypeParser('application/json', (_request, payload, done) => done(null, payload))
    inner.post('/api/v1/streamed', { config }, async (request) => {
      let bytes = 0
      for await (const chunk of request.body as AsyncIterable<Buffer>) bytes += chunk.length
      return { bytes }
    })
  })
  app.register(async (inner) => {
    inner.setErrorHandler((error, request, reply) => {
      const problem = toProblem(error, request)
      return reply.code(problem.status).send({ error: { message: problem.message, code: problem.code } })
    })
    inner.get('/v1/other', { config: { access: 'administer' } }, async () => null)
  })
}

t.test('every error is a problem that tells what to mend and nothing else', async (t) => {
  const { call, raw, url, lines, signUp, events } = await startService({ routes })
  const host = new URL(url).host
  const problem = (answer: { status: number; headers: Headers; body: Record<string, unknown> }) => {
    t.match(answer.headers.get('content-type'), /^application\/problem\+json/)
    t.equal(answer.body.request_id, answer.headers.get('x-request-id'))
    t.equal(answer.body.status, answer.status)
    return `${answer.status} ${answer.body.code}`
  }
  const post = (body: unknown, headers?: Record<string, string>, path = '/api/v1/check') =>
    call('POST', path, { body, ...(headers ? { headers } : {}) })

  const bad = await post({ name: 'x', inner: { size: 9 }, kind: 'c' }, undefined, '/api/v1/check')
  t.equal(problem(bad), '400 VALIDATION_FAILED')
  t.same(bad.body.errors.map(({ field }: { field: string }) => field).sort(), [
    '/inner/size',
    '/kind',
    '/name',
  ])
  t.same((await post({})).body.errors, [
    { field: '/name', reason: 'is required' },
    { field: '/inner', reason: 'is required' },
  ])
  const query = await post({ name: 'xy', inner: { size: 1 } }, undefined, '/api/v1/check?limit=0')
  t.match(query.body, { type: 'urn:tributary:problem:validation-failed', errors: [{ field: '?limit' }] })
  t.equal(problem(await post('{"name":')), '400 VALIDATION_FAILED')
  t.equal(problem(await post('')), '400 VALIDATION_FAILED')
  t.equal(problem(await post({ name: 'x'.repeat(2000) })), '413 PAYLOAD_TOO_LARGE')
  t.equal(problem(await post('a,b', { 'content-type': 'text/csv' })), '415 UNSUPPORTED_MEDIA_TYPE')
  t.equal(problem(await call('GET', '/api/v1/nothing')), '404 NOT_FOUND')
  t.equal(problem(await call('GET', '/%zz')), '400 VALIDATION_FAILED')
  t.equal(problem(await call('GET', `/api/v1/fail/${'x'.repeat(200)}`)), '404 NOT_FOUND')

  for (const [text, field] of [
    ['{"__proto__":{"admin":true}}', '/__proto__'],
    ['{"a":{"__proto__":1}}', '/a/__proto__'],
    ['{"constructor":1}', '/constructor'],
    ['{"a":[{"b":{"constructor":{"prototype":{}}}}]}', '/a/0/b/constructor'],
    ['{"\\u005f_proto__":1}', '/__proto__'],
    ['{"c\\u006fnstructor":1}', '/constructor'],
  ] as const) {
    const answer = await post(text, undefined, '/api/v1/any')
    t.equal(problem(answer), '400 VALIDATION_FAILED', text)
    t.match(answer.body.errors, [{ field }])
  }
  t.equal((await post('{"construct":"constructor","a":"__proto__"}', undefined, '/api/v1/any')).status, 200)
  t.same(
    (await post('{"constructor":1}', undefined, '/api/v1/streamed')).body,
    { bytes: 17 },
    'a stream is left alone',
  )
  const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
  const nested = await post(deep, undefined, '/api/v1/any')
  t.ok(nested.status < 500, `a million brackets: ${nested.status}`)

  const secret = await call('GET', '/api/v1/explode')
  t.equal(problem(secret), '500 INTERNAL')
  t.notMatch(JSON.stringify(secret.body), /SELECT|sk-123|explode|at /)
  const logged = lines.find((line) => line.includes('SELECT secret')) as string
  t.match(JSON.parse(logged), {
    request_id: secret.body.request_id,
    err: { message: 'SELECT secret FROM users', stack: String, cause: { message: 'the key sk-123' } },
  })
  for (const [code, expected] of Object.entries({
    SQLITE_FULL: '507 STORE_FULL',
    ENOSPC: '507 STORE_FULL',
    '53100': '507 STORE_FULL',
    '22021': '400 VALIDATION_FAILED',
    '57P01': '503 STORE_UNAVAILABLE',
    ECONNREFUSED: '503 STORE_UNAVAILABLE',
    FST_UNDER_PRESSURE: '503 OVERLOADED',
    '42P01': '500 INTERNAL',
  })) {
    const answer = await call('GET', `/api/v1/fail/${code}`)
    t.equal(problem(answer), expected, code)
    t.notMatch(JSON.stringify(answer.body), /driver text/)
  }
  for (const [status, expected] of Object.entries({
    400: '400 VALIDATION_FAILED',
    409: '409 CONFLICT',
    418: '500 INTERNAL',
    429: '429 RATE_LIMITED',
  })) {
    const answer = await call('GET', `/api/v1/status/${status}`)
    t.equal(problem(answer), expected, status)
    t.notMatch(JSON.stringify(answer.body), /plugin text/)
  }
  t.equal((await call('GET', '/api/v1/wait')).headers.get('retry-after'), '7')

  const given = await call('GET', '/api/v1/nothing', { headers: { 'x-request-id': 'trace-1.A_b' } })
  t.equal(given.body.request_id, 'trace-1.A_b')
  for (const id of ['a b', 'x'.repeat(129), '<script>', 'a;b', ''])
    t.not((await call('GET', '/api/v1/nothing', { headers: { 'x-request-id': id } })).body.request_id, id)
  t.equal((await call('POST', '/auth/login', { body: { username: 'a', password: 'b' } })).status, 401)
  t.ok((await call('GET', '/api/v1/wait')).headers.get('x-request-id'))

  t.match(
    await raw(`GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'x'.repeat(140_000)}\r\n\r\n`),
    /^HTTP\/1\.1 431 /,
  )
  t.match(await raw('NONSENSE\r\n\r\n'), /^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*problem\+json/)
  t.match(
    await raw(
      `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ),
    /^HTTP\/1\.1 400 /,
  )

  const { access_token: token, id } = await signUp('ana', 'viewer')
  t.equal((await call('GET', '/api/v1/theirs', { token })).status, 404)
  const [theirs] = await events('security.refused').then((all) => all.slice(-1))
  t.match(theirs, {
    user_id: id,
    success: false,
    error_code: 'NOT_FOUND',
    resource_type: 'investigation',
    resource_id: 'i-7',
    user_agent: String,
    request_id: String,
  })
  const other = await call('GET', '/v1/other?token=x', { token })
  t.same(other.body, {
    error: {
      message: 'Your role, viewer, does not allow that; an administrator can give you another',
      code: 'FORBIDDEN',
    },
  })
  const refusals = await events('security.refused')
  t.match(refusals.at(-1), { error_code: 'FORBIDDEN', details: { path: '/v1/other' } })
  const before = (await events()).length
  await call('GET', '/api/v1/nothing', { token })
  t.equal((await events()).length, before, 'a path that is nobody’s is no refusal')
})

t.test('what is logged of URLs and errors', async (t) => {
  t.equal(redactUrl('/a?token=x&b=1&Ticket=y#'), '/a?token=[redacted]&b=1&Ticket=[redacted]')
  t.equal(
    redactUrl('/a?b=token&%54oken=x&token&token=a=b'),
    '/a?b=token&%54oken=[redacted]&token=[redacted]&token=[redacted]',
  )
  t.equal(redactUrl('/a?%zz=1&a?token=2'), '/a?%zz=1&a?token=2')
  t.equal(redactUrl('/plain'), '/plain')
  const error = Object.assign(new Error('at /x?ticket=abc&y'), { request: { headers: 'secret' }, code: 'E' })
  t.match(serializeError(error), { type: 'Error', message: 'at /x?ticket=[redacted]&y', code: 'E' })
  t.notMatch(JSON.stringify(serializeError(error)), /secret|abc/)
})

t.test('limits per address, per user and on logins', async (t) => {
  const now = clock()
  const refused: number[] = []
  const service = await startService({
    trustProxy: '127.0.0.1',
    auth: { now },
    limits: {
      now,
      perAddress: 12,
      perUser: 5,
      perLogin: 3,
      refuseStream: (_request, reply, seconds) => {
        refused.push(seconds)
        return reply
          .code(200)
          .type('text/event-stream')
          .send(`retry: ${seconds * 1000}\n\n`)
      },
    },
    routes,
  })
  const { call, admin, events } = service
  const from = (address: string, path = '/api/v1/nothing', more: { token?: string } = {}) =>
    call('GET', path, { ...more, headers: { 'x-forwarded-for': address } })
  now.advance(60_000)

  const counted = await from('203.0.113.5')
  t.equal(counted.headers.get('x-ratelimit-limit'), '12')
  t.equal(counted.headers.get('x-ratelimit-remaining'), '11')
  t.equal(counted.headers.get('x-ratelimit-reset'), '60')
  for (let n = 2; n <= 12; n++) t.equal((await from('203.0.113.5')).status, 404)
  now.advance(15_000)
  const over = await from('203.0.113.5')
  t.equal(over.status, 429)
  t.match(over.body, { code: 'RATE_LIMITED', request_id: String })
  t.equal(over.headers.get('retry-after'), '45')
  t.equal((await from('203.0.113.6')).status, 404, 'another address has a count of its own')
  t.equal((await from('::ffff:203.0.113.5')).status, 429, 'IPv4 inside IPv6 is IPv4')
  t.equal((await from('198.51.100.1, 203.0.113.5')).status, 429, 'a forged first hop changes nothing')
  const stream = await from('203.0.113.5', '/api/v1/things/1/events')
  t.equal(stream.status, 200, 'an EventSource is not told 429, which would end it')
  t.equal(stream.body, 'retry: 45000\n\n')
  t.same(refused, [45])
  for (let n = 0; n < 12; n++) await from(`2001:db8:7:7::${n.toString(16)}`)
  t.equal((await from('2001:db8:7:7:ffff::1')).status, 429, 'a whole /64 is one address')
  t.equal((await from('2001:db8:7:8::1')).status, 404)
  const hits = await events('security.rate_limited')
  t.equal(hits.length, 2, 'one event a key and minute')
  t.match(hits[0], { severity: 'medium', success: false, details: { limit: 'address:203.0.113.5' } })
  now.advance(45_000)
  t.equal((await from('203.0.113.5')).status, 404, 'a new minute')

  const mine = () => from(`198.51.100.${Math.floor(Math.random() * 250)}`, '/api/v1/whoami', { token: admin })
  for (let n = 1; n <= 5; n++) t.equal((await mine()).headers.get('x-ratelimit-remaining'), String(5 - n))
  const tooMany = await mine()
  t.equal(tooMany.status, 429, 'a user has one count, wherever from')
  t.ok(Number(tooMany.headers.get('retry-after')) > 0)
  const mineStream = await from('198.51.100.251', '/api/v1/things/1/events', { token: admin })
  t.equal(mineStream.status, 200)
  t.equal(refused.length, 2)

  const attempt = () =>
    call('POST', '/auth/login', {
      body: { username: `u${Math.random()}`, password: 'x' },
      headers: { 'x-forwarded-for': '192.0.2.1' },
    })
  for (let n = 0; n < 3; n++) t.equal((await attempt()).status, 401)
  t.equal((await attempt()).status, 429)
  t.equal((await from('192.0.2.1')).status, 404, 'the limit of logins is theirs alone')
})

t.test('limits on Redis count for all instances, and hold here while it does not answer', async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const client = new Redis(server.url, { lazyConnect: true })
  t.teardown(() => client.disconnect())
  const limits = { perAddress: 6, redis: client, prefix: 'limits-test' }
  const [a, b] = [await startService({ limits }), await startService({ limits })]
  // Each start signs the administrator in, which counts.
  const statuses: number[] = []
  for (let n = 0; n < 6; n++)
    statuses.push((await (n % 2 === 0 ? a : b).call('GET', '/api/v1/nothing')).status)
  t.same(statuses, [404, 404, 404, 404, 429, 429], 'six in all, over both')

  server.pause()
  const during: number[] = []
  for (let n = 0; n < 9; n++) during.push((await a.call('GET', '/api/v1/nothing')).status)
  t.same(during, [404, 404, 404, 404, 404, 404, 429, 429, 429], 'each instance counts for itself then')
  t.ok(a.lines.some((line) => line.includes('counted here only')))
  server.resume()

  const now = clock()
  const alone = client.duplicate({ enableOfflineQueue: false, maxRetriesPerRequest: 1 })
  alone.on('error', () => undefined)
  t.teardown(() => alone.disconnect())
  const errors: unknown[] = []
  const count = sharedCounts(addingOnRedis(alone, 'p:'), { now, onError: (error) => errors.push(error) })
  t.equal((await count('k', 60_000, 50)).current, 1, 'before the connection stands it counts here')
  t.equal(errors.length, 1)
  if (alone.status !== 'ready') await new Promise((resolve) => alone.once('ready', resolve))
  now.advance(2001)
  t.equal((await count('k', 60_000, 50)).current, 2, 'the one that finds out does not wait')
  let afterwards = await count('other', 60_000, 50)
  while (afterwards.ttl !== 60_000 || (await alone.get('p:other')) === null)
    afterwards = await count('other', 60_000, 50)
  t.equal(await alone.get('p:k'), '1', 'and on Redis afterwards')
  t.equal((await count('k', 60_000, 50)).current, 2)
})

t.test('instances count large limits ahead, and never let through more', async (t) => {
  const server = await startRedis()
  t.teardown(() => server.stop())
  const client = new Redis(server.url)
  t.teardown(() => client.disconnect())
  const now = clock()
  const errors: unknown[] = []
  const [one, other] = [0, 1].map(() =>
    sharedCounts(addingOnRedis(client, 'p:'), { now, onError: (e) => errors.push(e) }),
  )
  const max = 1000
  const numbers: number[] = []
  let asked = 0
  for (let n = 0; n < 1100; n++) {
    const counting = n % 3 === 0 ? other?.('k', 60_000, max) : one?.('k', 60_000, max)
    if (counting instanceof Promise) asked++
    numbers.push(((await counting) as { current: number }).current)
  }
  const passed = numbers.filter((number) => number <= max).length
  t.equal(new Set(numbers).size, numbers.length, 'no number is given twice')
  t.ok(passed <= max && passed >= 0.98 * max, `${passed} of ${max} pass`)
  t.ok(asked < 700, `Redis was asked ${asked} times`)
  const all = await Promise.all(Array.from({ length: 300 }, () => one?.('together', 60_000, max)))
  t.same(
    all.map((count) => count?.current),
    Array.from({ length: 300 }, (_, n) => n + 1),
    'requests that come at once are counted one by one',
  )
  t.same(errors, [])
  now.advance(60_001)
  await client.del('p:k')
  t.equal((await one?.('k', 60_000, max))?.current, 1, 'what was counted ahead ends with its minute')
})

t.test('counts in memory stay bounded', async (t) => {
  const now = clock()
  const count = localCounts(now)
  t.same(count('k', 1000), { current: 1, ttl: 1000 })
  now.advance(400)
  t.same(count('k', 1000), { current: 2, ttl: 600 })
  now.advance(600)
  t.same(count('k', 1000), { current: 1, ttl: 1000 })
  for (let n = 0; n < 100_000; n++) count(`flood ${n}`, 1000)
  t.equal(count('k', 1000).current, 1, 'the oldest is forgotten')
})
