import websocket from '@fastify/websocket'
import fastify from 'fastify'
import t from 'tap'
import { auditLog } from '../../src/audit/log.ts'
import { auditPlugin } from '../../src/plugins/audit.ts'
import { authPlugin } from '../../src/plugins/auth.ts'
import { problemPlugin } from '../../src/plugins/problem.ts'
import { cheapPasswords } from '../support/passwords.ts'
import { claimsOf } from './forge.ts'
import { clock, SECRET, startService } from './service.ts'

t.test('login, refresh, logout', async (t) => {
  const { call, login, admin, events } = await startService()
  for (const path of ['/auth/login', '/api/v1/auth/login']) {
    const { status, body, headers } = await call('POST', path, {
      body: { username: 'admin', password: 'the admin password' },
    })
    t.equal(status, 200)
    t.match(body, {
      access_token: /^eyJ/,
      token_type: 'bearer',
      expires_in: 900,
      refresh_token: /^[\w-]{43}$/,
    })
    t.equal(headers.get('cache-control'), 'no-store')
    t.equal(headers.get('set-cookie'), null)
    t.match(claimsOf(body.access_token), {
      username: 'admin',
      role: 'admin',
      iss: 'tributary',
      aud: 'tributary',
      sub: String,
      jti: String,
      iat: Number,
      exp: Number,
    })
  }
  for (const [username, password] of [
    ['admin', 'wrong password'],
    ['nobody', 'wrong password'],
  ]) {
    const { status, body, headers } = await call('POST', '/auth/login', { body: { username, password } })
    t.equal(status, 401)
    t.match(body, { code: 'INVALID_CREDENTIALS', status: 401, title: String, request_id: String })
    t.equal(headers.get('www-authenticate'), 'Bearer')
    t.match(headers.get('content-type'), 'application/problem+json')
  }
  const bad = await call('POST', '/auth/login', { body: { username: 7, extra: true } })
  t.equal(bad.status, 400)
  t.same(bad.body.errors.map(({ field }: { field: string }) => field).sort(), ['/password', '/username'])

  const first = await login('admin', 'the admin password')
  const second = await call('POST', '/api/v1/auth/refresh', { body: { refresh_token: first.refresh_token } })
  t.equal(second.status, 200)
  t.not(second.body.refresh_token, first.refresh_token)
  t.equal((await call('GET', '/api/v1/whoami', { token: second.body.access_token })).status, 200)
  const again = await call('POST', '/api/v1/auth/refresh', { body: { refresh_token: first.refresh_token } })
  t.equal(again.status, 401, 'a refresh token is single-use')
  const successor = await call('POST', '/api/v1/auth/refresh', {
    body: { refresh_token: second.body.refresh_token },
  })
  t.equal(successor.status, 401, 'its reuse ends the family')
  t.equal(
    (await call('GET', '/api/v1/whoami', { token: second.body.access_token })).status,
    401,
    'and the access tokens of the family',
  )
  t.equal((await call('GET', '/api/v1/whoami', { token: admin })).status, 200, 'but of no other session')

  const raced = await login('admin', 'the admin password')
  const attempts = await Promise.all(
    Array.from({ length: 12 }, () =>
      call('POST', '/api/v1/auth/refresh', { body: { refresh_token: raced.refresh_token } }),
    ),
  )
  const winners = attempts.filter(({ status }) => status === 200)
  t.equal(winners.length, 1, 'of twelve at once exactly one wins')
  t.equal(attempts.filter(({ status }) => status === 401).length, 11)

  const leaving = await login('admin', 'the admin password')
  t.equal((await call('POST', '/api/v1/auth/logout', { token: leaving.access_token })).status, 204)
  t.equal((await call('GET', '/api/v1/whoami', { token: leaving.access_token })).status, 401)
  t.equal(
    (await call('POST', '/api/v1/auth/refresh', { body: { refresh_token: leaving.refresh_token } })).status,
    401,
  )
  const { refresh_token } = await login('admin', 'the admin password')
  t.equal((await call('POST', '/api/v1/auth/logout', { body: { refresh_token } })).status, 204)
  t.equal((await call('POST', '/api/v1/auth/refresh', { body: { refresh_token } })).status, 401)
  t.equal((await call('POST', '/api/v1/auth/logout')).status, 401)

  t.equal((await events('auth.login_failed')).length, 2)
  t.equal((await events('auth.refresh_reused'))[0]?.severity, 'high')
  t.equal((await events('auth.logout')).length, 2)
  const refusals = await events('security.refused')
  t.ok(refusals.length >= 3)
  t.match(refusals[0], { success: false, error_code: 'UNAUTHENTICATED', ip_address: '127.0.0.1' })
  t.notMatch(JSON.stringify(await events()), leaving.access_token, 'no token in the audit log')
})

t.test('tickets, query tokens, and what is never logged', async (t) => {
  const now = clock()
  const { call, login, signUp, admin, lines, app, url } = await startService({ auth: { now } })
  const { access_token: token } = await signUp('ana', 'viewer')
  const issue = async () => {
    const { status, body } = await call('POST', '/api/v1/auth/tickets', { token })
    t.equal(status, 201)
    t.equal(body.expires_in, 60)
    return body.ticket as string
  }
  const path = '/api/v1/things/1/events'
  const ticket = await issue()
  const opened = await Promise.all(Array.from({ length: 8 }, () => call('GET', `${path}?ticket=${ticket}`)))
  t.equal(opened.filter(({ status }) => status === 200).length, 1, 'of eight at once one gets in')
  const won = opened.find(({ status }) => status === 200)
  t.equal(won?.body.username, 'ana')
  t.equal(won?.body.expiresAt, claimsOf(token).exp * 1000, 'its identity ends with the token that bought it')
  const resume = { headers: { 'last-event-id': 'e:1' } }
  t.equal((await call('GET', `${path}?ticket=${ticket}`, resume)).status, 200, 'a lost connection comes back')
  t.equal(
    (await call('GET', `/api/v1/whoami?ticket=${ticket}`, resume)).status,
    401,
    'on its first path only',
  )
  now.advance(60_001)
  t.equal((await call('GET', `${path}?ticket=${ticket}`, resume)).status, 401, 'while it lives')
  const download = await issue()
  t.equal((await call('GET', `/api/v1/whoami?ticket=${download}`)).status, 200, 'downloads take tickets')
  t.equal((await call('POST', `/api/v1/things?ticket=${await issue()}`, { body: {} })).status, 401)
  const bought = await login('ana', 'password of ana')
  const { body } = await call('POST', '/api/v1/auth/tickets', { token: bought.access_token })
  await call('POST', '/api/v1/auth/logout', { token: bought.access_token })
  t.equal((await call('GET', `${path}?ticket=${body.ticket}`)).status, 401, 'it ends with its session')

  t.equal((await call('GET', `${path}?token=${token}`)).status, 200, '?token= opens an event-stream')
  t.equal((await call('GET', `/api/v1/whoami?token=${token}`)).status, 401, 'and nothing else')
  t.equal((await call('POST', `/api/v1/things?token=${token}`, { body: {} })).status, 401)

  const SENTINEL = 'SENTINEL-4711'
  for (const query of [`token=${SENTINEL}`, `ticket=${SENTINEL}`, `TOKEN=${SENTINEL}`, `%74oken=${SENTINEL}`])
    for (const target of [path, '/api/v1/whoami', '/nowhere', '/api/v1/audit/events', '/%zz'])
      await call('GET', `${target}?a=1&${query}&b=2`)
  await call('GET', `${path}?token=${token}&ticket=`)
  await call('GET', `${path}?a=1&token=${token}#${SENTINEL}`)
  await call('GET', path, { token: SENTINEL, headers: { cookie: `tributary_session=${SENTINEL}` } })
  app.log.info(
    { headers: { authorization: SENTINEL, cookie: SENTINEL }, token: SENTINEL },
    'as a careless line',
  )
  app.log.error(new Error(`GET /x?token=${SENTINEL} with Bearer ${SENTINEL}`, { cause: new Error(admin) }))
  const logged = lines.join('')
  t.notMatch(logged, SENTINEL)
  t.notMatch(logged, token)
  t.notMatch(logged, admin)
  t.match(logged, 'a=1&token=[redacted]&b=2')
  t.match(logged, 'as a careless line')
  t.ok(url)
})

t.test('the session cookie is good on same-origin requests only', async (t) => {
  const { call, url, app, events } = await startService({ auth: { corsOrigins: ['https://friend.example'] } })
  const signIn = (headers = {}) =>
    call('POST', '/auth/login', {
      body: { username: 'admin', password: 'the admin password', cookie: true },
      headers,
    })
  const { status, headers } = await signIn({ origin: url })
  t.equal(status, 200)
  const set = headers.get('set-cookie') as string
  t.match(set, /^tributary_session=eyJ[^;]+;/)
  t.match(set, /HttpOnly/)
  t.match(set, /SameSite=Strict/)
  t.notMatch(set, /Secure/)
  const cookie = set.split(';', 1)[0] as string
  const get = (more: Record<string, string> = {}) =>
    call('GET', '/api/v1/whoami', { headers: { cookie, ...more } })
  const post = (more: Record<string, string>) =>
    call('POST', '/api/v1/things', { body: {}, headers: { cookie, ...more } })

  t.equal((await get()).status, 200)
  t.equal((await get({ 'sec-fetch-site': 'same-origin' })).status, 200)
  t.equal((await get({ 'sec-fetch-site': 'none' })).status, 200)
  for (const site of ['cross-site', 'same-site'])
    t.equal((await get({ 'sec-fetch-site': site })).status, 401, site)
  t.equal((await get({ origin: 'https://friend.example' })).status, 401, 'no cookie across origins')
  t.equal((await call('GET', '/api/v1/things/1/events', { headers: { cookie } })).status, 200, 'EventSource')
  t.equal((await post({ origin: url })).status, 200)
  t.equal((await post({ 'sec-fetch-site': 'same-origin' })).status, 200)
  for (const origin of ['https://evil.example', 'null', `${url}.evil`, 'https://friend.example', 'file://'])
    t.equal((await post({ origin })).status, 403, origin)
  t.equal((await post({ 'sec-fetch-site': 'cross-site' })).status, 403)
  t.equal(
    (await signIn({ origin: 'https://evil.example' })).status,
    403,
    'nor can one be signed in from there',
  )
  const value = cookie.slice('tributary_session='.length)
  t.equal((await call('GET', '/api/v1/whoami', { token: value })).status, 401, 'it is no bearer token')
  t.ok((await events('security.refused')).some(({ error_code }) => error_code === 'FORBIDDEN'))

  const out = await call('POST', '/api/v1/auth/logout', { headers: { cookie, origin: url } })
  t.equal(out.status, 204)
  t.match(out.headers.get('set-cookie'), /^tributary_session=;/)
  t.equal((await get()).status, 401)
  const secure = await app.inject({
    method: 'POST',
    url: '/auth/login',
    payload: { username: 'admin', password: 'the admin password', cookie: true },
  })
  t.notMatch(secure.headers['set-cookie'], /Secure/)
  const tls = await startService({ auth: { publicUrl: 'https://tributary.example' } })
  const behindTls = await tls.call('POST', '/auth/login', {
    body: { username: 'admin', password: 'the admin password', cookie: true },
    headers: { origin: 'https://tributary.example' },
  })
  t.equal(behindTls.status, 200)
  t.match(behindTls.headers.get('set-cookie'), /; Secure/)
})

t.test('an upgrade is refused before 101', async (t) => {
  const service = await startService({
    auth: { corsOrigins: ['https://good.example'] },
    routes: async (app) => {
      await app.register(websocket)
      app.get('/api/v1/ws', { websocket: true, config: { access: 'read' } }, (socket) => socket.close())
    },
  })
  const { upgrade, admin, url, call } = service
  const ws = '/api/v1/ws'
  t.equal(await upgrade(`${ws}?token=${admin}`), 101, 'a token and no Origin')
  t.equal(await upgrade(ws, { authorization: `Bearer ${admin}` }), 101)
  t.equal(await upgrade(`${ws}?token=${admin}`, { origin: url }), 101)
  t.equal(await upgrade(`${ws}?token=${admin}`, { origin: 'https://good.example' }), 101)
  const { body } = await call('POST', '/api/v1/auth/tickets', { token: admin })
  t.equal(await upgrade(`${ws}?ticket=${body.ticket}`), 101)
  t.equal(await upgrade(`${ws}?ticket=${body.ticket}`), 401)
  for (const origin of ['https://evil.example', 'null', 'https://good.example.evil', 'http://good.example'])
    t.equal(await upgrade(`${ws}?token=${admin}`, { origin }), 403, origin)
  t.equal(await upgrade(ws), 401)
  t.equal(await upgrade(`${ws}?token=nonsense`), 401)
  t.equal(await upgrade('/api/v1/nothing'), 404)
  const signedIn = await call('POST', '/auth/login', {
    body: { username: 'admin', password: 'the admin password', cookie: true },
  })
  const cookie = (signedIn.headers.get('set-cookie') as string).split(';', 1)[0] as string
  t.equal(await upgrade(ws, { cookie, origin: url }), 101, 'a cookie from the same origin')
  t.equal(await upgrade(ws, { cookie }), 403, 'a cookie without an Origin')
  t.equal(await upgrade(ws, { cookie, origin: 'https://evil.example' }), 403)
  const refused = await call('GET', '/api/v1/whoami', { headers: { origin: 'https://evil.example' } })
  t.equal(refused.status, 401)
  const change = await call('POST', '/auth/login', {
    body: { username: 'admin', password: 'the admin password' },
    headers: { origin: 'https://evil.example' },
  })
  t.match(change, {
    status: 403,
    body: { detail: /https:\/\/evil\.example.*PUBLIC_URL.*CORS_ORIGINS.*Host/ },
  })
})

t.test('an instance that is open to all origins takes their tokens, and no cookie of theirs', async (t) => {
  const service = await startService({
    auth: { corsOrigins: ['*'] },
    routes: async (app) => {
      await app.register(websocket)
      app.get('/api/v1/ws', { websocket: true, config: { access: 'read' } }, (socket) => socket.close())
    },
  })
  const { upgrade, admin, url, call } = service
  const ws = '/api/v1/ws'
  const signedIn = await call('POST', '/auth/login', {
    body: { username: 'admin', password: 'the admin password', cookie: true },
    headers: { origin: url },
  })
  const cookie = (signedIn.headers.get('set-cookie') as string).split(';', 1)[0] as string
  for (const origin of ['https://anywhere.example', 'null', 'file://']) {
    t.equal(await upgrade(`${ws}?token=${admin}`, { origin }), 101, origin)
    t.equal(
      (await call('POST', '/api/v1/things', { token: admin, body: {}, headers: { origin } })).status,
      200,
    )
    t.equal(await upgrade(ws, { origin, cookie }), 403, 'no cookie of another origin')
    t.equal((await call('GET', '/api/v1/whoami', { headers: { origin, cookie } })).status, 401)
  }
  t.equal(await upgrade(ws, { origin: url, cookie }), 101, 'its own pages have theirs')
})

t.test('anonymous use', async (t) => {
  const routes = (app: import('fastify').FastifyInstance) => {
    app.post('/api/v1/talk', { config: { access: 'anonymous' } }, async ({ identity }) => ({
      username: identity.username,
      expiresAt: identity.expiresAt,
      revoked: identity.revoked.aborted,
    }))
    app.get('/api/v1/open', { config: { access: 'public' } }, async ({ identity }) => identity)
  }
  const open = await startService({ auth: { allowAnonymous: true }, routes })
  const talk = (more: object = {}) => open.call('POST', '/api/v1/talk', { body: {}, ...more })
  t.same((await talk()).body, { username: 'anonymous', expiresAt: null, revoked: false })
  t.equal((await talk({ token: 'nonsense' })).status, 401, 'a bad token is not nobody')
  t.equal((await talk({ token: open.admin })).body.username, 'admin')
  t.equal((await talk({ headers: { origin: 'https://evil.example' } })).status, 403)
  t.equal((await talk({ headers: { origin: open.url } })).status, 200)
  const viewer = await open.signUp('ana', 'viewer')
  t.equal((await talk({ token: viewer.access_token })).status, 403, 'a viewer starts nothing')
  t.equal((await open.call('GET', '/api/v1/whoami')).status, 401, 'only where it is allowed')
  t.equal((await open.call('POST', '/api/v1/auth/tickets')).status, 401)
  const misuse = await open.call('GET', '/api/v1/open')
  t.equal(misuse.status, 500, 'an identity that no route requires is a mistake of ours')
  t.notMatch(JSON.stringify(misuse.body), /identity/)
  const nobody = await startService({
    auth: { allowAnonymous: true },
    routes: async (app) => {
      await app.register(websocket)
      app.get('/api/v1/ws', { websocket: true, config: { access: 'anonymous' } }, (socket) => socket.close())
    },
  })
  t.equal(await nobody.upgrade('/api/v1/ws'), 101, 'no browser: an upgrade without an Origin')
  t.equal(await nobody.upgrade('/api/v1/ws', { origin: nobody.url }), 101)
  t.equal(await nobody.upgrade('/api/v1/ws', { origin: 'https://evil.example' }), 403)
  const closed = await startService({ routes })
  t.equal((await closed.call('POST', '/api/v1/talk', { body: {} })).status, 401)
  t.throws(
    () => closed.app.get('/api/v1/forgotten', async () => null),
    /./,
    'no route can be added to a running service',
  )
  await t.rejects(
    startService({
      routes: (app) => {
        app.get('/api/v1/forgotten', async () => null)
      },
    }),
    /does not state its access/,
  )
  const early = fastify()
  await early.register(problemPlugin)
  await early.register(auditPlugin, { log: auditLog(closed.store) })
  early.get('/api/v1/early', async () => 'open')
  await early.register(authPlugin, {
    store: closed.store,
    secret: SECRET,
    issuer: 'tributary',
    audience: 'tributary',
    accessTtlSeconds: 900,
    refreshTtlSeconds: 900,
    ticketTtlSeconds: 60,
    passwords: cheapPasswords,
  })
  t.equal((await early.inject('/api/v1/early')).statusCode, 500, 'a route that came too early is shut')
  await early.close()
  const docs = await startService({
    auth: { unguarded: ['/docs'] },
    routes: (app) => {
      app.get('/docs/json', async () => ({ ok: true }))
    },
  })
  t.equal((await docs.call('GET', '/docs/json')).status, 200)
})
