import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as pace } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { Problem } from '../../src/errors.ts'
import { say } from '../../src/language/sentence.ts'
import { rateLimitPlugin } from '../../src/plugins/rate-limit.ts'
import { repeatedRequestPlugin } from '../../src/plugins/repeated-request.ts'
import { slowBodyPlugin } from '../../src/plugins/slow-body.ts'
import { openGuardedApp, tokenOf } from '../support/guarded-app.ts'
import { openTestStore } from '../support/store.ts'

/** A service with one repeatable route, which tells how often a request went through its hooks. */
const openService = async (t: Test, { perUser = 1000, bodyMs = 30_000 } = {}) => {
  const app = await openGuardedApp(await openTestStore('sqlite'))
  await app.register(slowBodyPlugin, { timeoutMs: bodyMs })
  await app.register(repeatedRequestPlugin)
  await app.register(rateLimitPlugin, { perAddress: 1000, perUser, perLogin: 1000 })
  const passed: string[] = []
  app.addHook('onRequest', async ({ url }) => void passed.push(url))
  const answer = async (
    { identity, params }: { identity: { username: string }; params: unknown },
    body: Buffer,
  ) => {
    if (body.toString() === '"bad"') throw new Problem('CONFLICT', say('publication.bus_closed'))
    return { by: identity.username, params, said: body.toString() }
  }
  app.post(
    '/of/:thing/said',
    { config: { access: 'publish', repeatable: { status: 202, answer } }, bodyLimit: 100 },
    async (request, reply) => {
      reply.code(202)
      return answer(request, Buffer.from(JSON.stringify(request.body)))
    },
  )
  await app.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())

  /** Says something over the one connection. */
  const say_ = async (token: string, body: string, headers: Record<string, string> = {}, thing = 'a') => {
    const sent = request({
      ...{ port, agent, method: 'POST', path: `/of/${thing}/said` },
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        ...headers,
      },
    }).end(body)
    const [response] = await once(sent, 'response')
    let text = ''
    for await (const part of response.setEncoding('utf8')) text += part
    return { status: response.statusCode, headers: response.headers, body: JSON.parse(text) }
  }
  return { app, port, passed, say: say_, token: await tokenOf(app, 'pub', 'publisher') }
}

t.test('a request like the one before it on its connection', async (t) => {
  const { app, passed, say, token } = await openService(t)
  const first = await say(token, '"one"')
  const second = await say(token, '"two"', {}, 'b.c')
  t.equal(passed.length, 1, 'does not go through the hooks')
  t.match(second, { status: 202, body: { by: 'pub', params: { thing: 'b.c' }, said: '"two"' } })
  const own = ['x-request-id', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'content-length', 'date']
  const same = ({ headers }: typeof first) =>
    Object.entries(headers)
      .filter(([name]) => !own.includes(name))
      .sort()
  t.same(same(second), same(first), 'is answered with the same headers')
  t.equal(Number(second.headers['x-ratelimit-remaining']), Number(first.headers['x-ratelimit-remaining']) - 1)
  t.not(second.headers['x-request-id'], first.headers['x-request-id'])
  t.equal(app.meters.recentRequests().answered, 2, 'is counted')

  t.match(await say(token, '"ü"', { 'x-request-id': 'mine' }), { status: 202, body: { said: '"ü"' } })
  const named = await say(token, '"four"', { 'x-request-id': 'other' })
  t.equal(passed.length, 2, 'also where both name their ids')
  t.equal(named.headers['x-request-id'], 'other')
})

t.test('another request goes through the hooks', async (t) => {
  const { passed, say, token, app } = await openService(t)
  const other = await tokenOf(app, 'second', 'publisher')
  const viewer = await tokenOf(app, 'looker', 'viewer')
  await say(token, '1')
  t.equal((await say(other, '1')).body.by, 'second', 'of another user')
  t.equal((await say(viewer, '1')).status, 403, 'of one who may not')
  await say(token, '1')
  await say(token, '1', { accept: 'text/plain' })
  t.equal(passed.length, 4, 'with one more header')
  await say(token, '1', { accept: 'text/plain' }, 'a%20b')
  await say(token, '1', { accept: 'text/plain' }, 'a/said?x=1&y=')
  t.equal(passed.length, 6, 'and with another URL')
  t.equal((await say(token, `"${'x'.repeat(100)}"`, { accept: 'text/plain' })).status, 413)
})

t.test('what is refused is answered as ever', async (t) => {
  const { passed, say, token, app } = await openService(t)
  await say(token, '1')
  const refused = await say(token, '"bad"')
  t.match(refused, { status: 409, body: { code: 'CONFLICT', request_id: refused.headers['x-request-id'] } })
  t.match(refused.headers['content-type'], /^application\/problem\+json/)
  t.equal(passed.length, 2)
  t.equal(app.meters.recentRequests().answered, 2, 'and counted once')
  t.equal((await say(token, '2')).status, 202, 'and the next one is read')
})

t.test('a limit and a revocation reach a repeated request', async (t) => {
  const { passed, say, token, app } = await openService(t, { perUser: 3 })
  for (const n of ['1', '2', '3']) t.equal((await say(token, n)).status, 202)
  t.equal(passed.length, 1)
  const over = await say(token, '4')
  t.match(over, { status: 429, body: { code: 'RATE_LIMITED' }, headers: { 'retry-after': /\d+/ } })

  const other = await tokenOf(app, 'second', 'publisher')
  await say(other, '1')
  const { id } = (await app.users.byUsername('second')) as { id: string }
  await app.users.change(id, { disabled: true })
  t.equal((await say(other, '2')).status, 401)
})

t.test('a revocation reaches a request whose body is still to come', async (t) => {
  const { app, port } = await openService(t)
  for (const [username, before] of [
    ['first', 0],
    ['repeated', 1],
  ] as const) {
    const token = await tokenOf(app, username, 'publisher')
    const socket = connect(port, '127.0.0.1').setEncoding('utf8')
    await once(socket, 'connect')
    const head = `POST /of/a/said HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`
    for (let n = 0; n < before; n++) {
      socket.write(`${head}Content-Length: 3\r\n\r\n"1"`)
      t.match((await once(socket, 'data'))[0], /^HTTP\/1.1 202/)
    }
    socket.write(`${head}Content-Length: 3\r\n\r\n"`)
    await pace(100)
    const { id } = (await app.users.byUsername(username)) as { id: string }
    await app.users.change(id, { disabled: true })
    socket.write('2"')
    t.match((await once(socket, 'data'))[0], /^HTTP\/1.1 401/, username)
    socket.destroy()
  }
})

t.test('a repeated body that does not arrive cuts its connection', async (t) => {
  const { port, passed, token } = await openService(t, { bodyMs: 200 })
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  await once(socket, 'connect')
  const head = `POST /of/a/said HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`
  socket.write(`${head}Content-Length: 1\r\n\r\n1`)
  await once(socket, 'data')
  socket.write(`${head}Content-Length: 9\r\n\r\n"`)
  await once(socket, 'close')
  t.equal(passed.length, 1)
})
