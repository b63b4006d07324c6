import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import websocket from '@fastify/websocket'
import fastify from 'fastify'
import t from 'tap'
import { jwks, publicKey } from '../../src/identity/external-keys.ts'
import { authPlugin } from '../../src/plugins/auth.ts'
import { problemPlugin } from '../../src/plugins/problem.ts'
import { clock, SECRET, startService } from './service.ts'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

type Signer = (input: string) => Buffer

const hmac =
  (hash: string, key: string | Buffer): Signer =>
  (input) =>
    createHmac(hash, key).update(input).digest()
const asymmetric =
  (key: KeyObject, hash: string | null = 'sha256'): Signer =>
  (input) =>
    sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })

const forge = (header: unknown, claims: unknown, signer: Signer) => {
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${signer(input).toString('base64url')}`
}

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())

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
  t.same(
    bad.body.errors.map(({ field }: { field: string }) => field),
    ['/password'],
  )

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

t.test('an account is locked out per address after five failures, for an hour', async (t) => {
  const now = clock()
  const { call, events } = await startService({ auth: { now }, trustProxy: '127.0.0.1' })
  const attempt = (password: string, address = '203.0.113.1') =>
    call('POST', '/auth/login', {
      body: { username: 'admin', password },
      headers: { 'x-forwarded-for': address },
    })
  const guesses = await Promise.all(Array.from({ length: 9 }, () => attempt('a wrong guess')))
  t.equal(guesses.filter(({ status }) => status === 401).length, 5, 'guesses at once are counted one by one')
  t.equal(guesses.filter(({ status }) => status === 429).length, 4)
  const locked = await attempt('the admin password')
  t.equal(locked.status, 429, 'the right password does not help')
  t.equal(locked.body.code, 'LOCKED_OUT')
  t.equal(Number(locked.headers.get('retry-after')), 3600)
  t.equal((await attempt('the admin password', '203.0.113.2')).status, 200, 'another address is not locked')
  now.advance(3_599_000)
  t.equal((await attempt('the admin password')).status, 429)
  now.advance(1001)
  t.equal((await attempt('the admin password')).status, 200)
  t.equal((await attempt('a wrong guess')).status, 401, 'success forgets the failures')
  t.equal((await attempt('a wrong guess', '2001:db8:1:1::1')).status, 401)
  for (let n = 2; n <= 5; n++) await attempt('a wrong guess', `2001:db8:1:1::${n}`)
  t.equal((await attempt('a wrong guess', '2001:db8:1:1:ffff::9')).status, 429, 'a /64 is one address')
  t.equal((await events('auth.locked_out'))[0]?.severity, 'high')
})

t.test('tokens that are none', async (t) => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const { call, admin, url, lines } = await startService({
    auth: { external: { keys: publicKey(publicPem), issuer: 'https://issuer.example' } },
  })
  const header = { alg: 'HS256', typ: 'JWT' }
  const good = claimsOf(admin)
  const own = hmac('sha256', SECRET)
  t.equal(
    (await call('GET', '/api/v1/whoami', { token: forge(header, good, own) })).status,
    200,
    'the forge works',
  )
  const at = Math.floor(Date.now() / 1000)
  const without = (name: string) => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name))
  const external = { sub: 'x', iss: 'https://issuer.example', aud: 'tributary', exp: at + 60 }
  const rs = asymmetric(rsa.privateKey)
  const attacks: Record<string, string> = {
    'alg none': `${encode({ alg: 'none' })}.${encode(good)}.`,
    'alg None': `${encode({ alg: 'None' })}.${encode(good)}.`,
    'no signature': `${encode(header)}.${encode(good)}.`,
    'two parts': `${encode(header)}.${encode(good)}`,
    'another secret': forge(header, good, hmac('sha256', 'another secret')),
    'an empty secret': forge(header, good, hmac('sha256', '')),
    'the public key as HMAC secret': forge(header, external, hmac('sha256', publicPem)),
    'the public key as HMAC secret, our issuer': forge(header, good, hmac('sha256', publicPem)),
    'RS256 header over an HMAC': forge({ alg: 'RS256' }, good, own),
    HS384: forge({ alg: 'HS384' }, good, hmac('sha384', SECRET)),
    HS512: forge({ alg: 'HS512' }, good, hmac('sha512', SECRET)),
    RS384: forge({ alg: 'RS384' }, external, asymmetric(rsa.privateKey, 'sha384')),
    'ES256 with an RSA key': forge({ alg: 'ES256' }, external, rs),
    'alg of another type': forge({ alg: ['HS256'] }, good, own),
    'no alg': forge({ typ: 'JWT' }, good, own),
    'no exp': forge(header, without('exp'), own),
    'no iss': forge(header, without('iss'), own),
    'no aud': forge(header, without('aud'), own),
    'no sub': forge(header, without('sub'), own),
    'past exp': forge(header, { ...good, exp: at - 31 }, own),
    'string exp': forge(header, { ...good, exp: String(at + 60) }, own),
    'exp null': forge(header, { ...good, exp: null }, own),
    'exp list': forge(header, { ...good, exp: [at + 60] }, own),
    'exp beyond all time': forge(header, { ...good, exp: 1e300 }, own),
    'iat in the future': forge(header, { ...good, iat: at + 120 }, own),
    'nbf in the future': forge(header, { ...good, nbf: at + 120 }, own),
    'another issuer': forge(header, { ...good, iss: 'somebody' }, own),
    'another audience': forge(header, { ...good, aud: 'somebody' }, own),
    'aud an object': forge(header, { ...good, aud: { tributary: 1 } }, own),
    'sub a number': forge(header, { ...good, sub: 7 }, own),
    'sub of nobody': forge(header, { ...good, sub: 'nobody' }, own),
    'gen a string': forge(header, { ...good, gen: '0' }, own),
    'a cookie as a bearer token': forge(header, { ...good, use: 'cookie' }, own),
    crit: forge({ ...header, crit: ['exp'] }, good, own),
    'crit of an extension': forge({ ...header, crit: ['b64'], b64: false }, good, own),
    'kid with a path': forge({ alg: 'RS256', kid: '../../dev/null' }, external, own),
    'kid an object': forge({ alg: 'RS256', kid: { a: 1 } }, external, rs),
    'an embedded key': forge({ alg: 'RS256', jwk: rsa.publicKey.export({ format: 'jwk' }) }, external, own),
    'external with our issuer': forge({ alg: 'RS256' }, { ...external, iss: 'tributary' }, rs),
    'external without exp': forge({ alg: 'RS256' }, { ...external, exp: undefined }, rs),
    'not JSON': 'a.b.c',
    'a list': `${encode([])}.${encode([])}.x`,
    empty: '..',
    long: `${'a'.repeat(9000)}.b.c`,
  }
  for (const [name, token] of Object.entries(attacks)) {
    const answer = await call('GET', '/api/v1/whoami', { token })
    t.equal(answer.status, 401, name)
    t.match(answer.headers.get('www-authenticate'), /^Bearer/)
  }
  for (const authorization of ['Bearer', 'Bearer  ', 'Basic YTpi', 'Bearer a b', admin]) {
    t.equal((await call('GET', '/api/v1/whoami', { headers: { authorization } })).status, 401, authorization)
  }
  t.equal((await call('GET', '/api/v1/whoami')).status, 401)
  const late = forge(header, { ...good, exp: at - 20 }, own)
  t.equal((await call('GET', '/api/v1/whoami', { token: late })).status, 200, 'clocks may differ by 30 s')
  const stream = await call('GET', '/api/v1/things/1/events', { token: late })
  t.equal(stream.status, 401, 'but no stream begins that is over')
  t.equal(stream.body.code, 'TOKEN_EXPIRED')
  t.match(stream.headers.get('www-authenticate'), /invalid_token/)
  t.notOk(
    lines.some((line) => line.includes('"level":50')),
    `no error was logged at ${url}`,
  )
})

t.test('tokens of another issuer', async (t) => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ed = generateKeyPairSync('ed25519')
  const later = generateKeyPairSync('ed25519')
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const jwk = (key: KeyObject, kid: string, more = {}) => ({ ...key.export({ format: 'jwk' }), kid, ...more })
  const keys = [
    jwk(rsa.publicKey, 'rsa', { use: 'sig', alg: 'RS256' }),
    jwk(ec.publicKey, 'ec'),
    jwk(ed.publicKey, 'ed'),
    jwk(weak.publicKey, 'weak'),
    { kty: 'oct', k: 'c2VjcmV0', kid: 'oct' },
  ]
  let fetches = 0
  let broken = false
  const server = createServer((_request, response) => {
    fetches++
    if (broken) response.writeHead(500).end('no')
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  const now = clock()
  const { call, admin, app } = await startService({
    auth: { now, external: { keys: jwks(`http://127.0.0.1:${port}/jwks`, { now }), issuer: undefined } },
  })
  const claims = (more = {}) => ({
    sub: 'ana',
    iss: 'https://issuer.example',
    aud: ['other', 'tributary'],
    exp: Math.floor(now() / 1000) + 60,
    iat: Math.floor(now() / 1000),
    ...more,
  })
  const rs = asymmetric(rsa.privateKey)
  const whoami = (token: string) => call('GET', '/api/v1/whoami', { token })

  const viewer = await whoami(forge({ alg: 'RS256', kid: 'rsa' }, claims(), rs))
  t.equal(viewer.status, 200)
  t.match(viewer.body, { username: 'https://issuer.example|ana', role: 'viewer', expiresAt: Number })
  const auditor = await whoami(
    forge({ alg: 'ES256', kid: 'ec' }, claims({ role: 'auditor' }), asymmetric(ec.privateKey)),
  )
  t.match(auditor.body, { id: viewer.body.id, role: 'auditor' }, 'the same user, with the role of the token')
  const unknownRole = await whoami(
    forge({ alg: 'EdDSA', kid: 'ed' }, claims({ role: 'root' }), asymmetric(ed.privateKey, null)),
  )
  t.match(unknownRole.body, { id: viewer.body.id, role: 'viewer' })
  t.equal(
    (await whoami(forge({ alg: 'RS256' }, claims(), rs))).status,
    200,
    'without kid, the key of that type',
  )
  const other = await whoami(
    forge({ alg: 'RS256', kid: 'rsa' }, claims({ iss: 'https://other.example' }), rs),
  )
  t.not(other.body.id, viewer.body.id, 'another issuer has other users')
  t.equal(fetches, 1)

  for (const [name, token] of Object.entries({
    'an unknown kid': forge({ alg: 'RS256', kid: 'nope' }, claims(), rs),
    'a key that is too short': forge({ alg: 'RS256', kid: 'weak' }, claims(), asymmetric(weak.privateKey)),
    'a symmetric key in the set': forge({ alg: 'HS256', kid: 'oct' }, claims(), hmac('sha256', 'secret')),
    "another key's kid": forge({ alg: 'RS256', kid: 'ec' }, claims(), rs),
    'kid ../': forge({ alg: 'RS256', kid: '../../etc/passwd' }, claims(), rs),
  }))
    t.equal((await whoami(token)).status, 401, name)
  t.equal(fetches, 1, 'unknown kids do not make it ask again at once')

  keys.push(jwk(later.publicKey, 'later'))
  const rotated = () => forge({ alg: 'EdDSA', kid: 'later' }, claims(), asymmetric(later.privateKey, null))
  t.equal((await whoami(rotated())).status, 401)
  now.advance(31_000)
  t.equal((await whoami(rotated())).status, 200, 'a new key is fetched after the cooldown')
  t.equal(fetches, 2)
  broken = true
  now.advance(700_000)
  t.equal((await whoami(rotated())).status, 200, 'old keys hold while the issuer fails')
  t.equal((await whoami(forge({ alg: 'RS256', kid: 'nope' }, claims(), rs))).status, 401)
  t.equal(fetches, 3)

  const fresh = () => forge({ alg: 'RS256', kid: 'rsa' }, claims(), rs)
  const adminNow = await app.sessions.login({
    username: 'admin',
    password: 'the admin password',
    address: '127.0.0.1',
  })
  t.ok(admin)
  const token = adminNow.accessToken
  const before = fresh()
  const patch = (body: object) => call('PATCH', `/api/v1/users/${viewer.body.id}`, { token, body })
  t.equal((await patch({ password: 'a password of ours' })).status, 400, 'it gets no password here')
  t.equal((await patch({ disabled: true })).status, 200)
  t.equal((await whoami(before)).status, 401, 'an external user can be disabled')
  t.equal((await patch({ disabled: false })).status, 200)
  t.equal((await whoami(before)).status, 200, 'enabled again')
  const attempt = { username: 'https://issuer.example|ana', password: 'anything at all' }
  t.equal((await call('POST', '/auth/login', { body: attempt })).status, 401)
  t.throws(() => publicKey(weak.publicKey.export({ type: 'spki', format: 'pem' }).toString()))
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
  early.get('/api/v1/early', async () => 'open')
  await early.register(authPlugin, {
    store: closed.store,
    secret: SECRET,
    issuer: 'tributary',
    audience: 'tributary',
    accessTtlSeconds: 900,
    refreshTtlSeconds: 900,
    ticketTtlSeconds: 60,
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

t.test('users and their roles', async (t) => {
  const { call, login, signUp, admin, app, events } = await startService()
  const create = (body: object, token = admin) => call('POST', '/api/v1/users', { token, body })
  const made = await create({
    username: 'bia',
    password: '1234567890',
    role: 'analyst',
    email: 'bia@example.org',
  })
  t.equal(made.status, 201)
  t.same(made.body, {
    id: made.body.id,
    username: 'bia',
    role: 'analyst',
    email: 'bia@example.org',
    disabled: false,
  })
  t.equal(made.headers.get('location'), `/api/v1/users/${made.body.id}`)
  t.equal((await create({ username: 'bia', password: '1234567890', role: 'viewer' })).status, 409)
  const wrong = await create({ username: 'a b', password: 'short', role: 'root', email: 'x' })
  t.equal(wrong.status, 400)
  t.same(wrong.body.errors.map(({ field }: { field: string }) => field).sort(), [
    '/email',
    '/password',
    '/role',
    '/username',
  ])
  for (const username of ['*', 'anonymous', 'a\r\nb', 'a|b', ''])
    t.equal(
      (await create({ username, password: '1234567890', role: 'viewer' })).status,
      400,
      JSON.stringify(username),
    )

  const matrix = {
    viewer: { read: 200, start: 403, audit: 403, administer: 403 },
    analyst: { read: 200, start: 200, audit: 403, administer: 403 },
    auditor: { read: 200, start: 200, audit: 200, administer: 403 },
    publisher: { read: 200, start: 403, audit: 403, administer: 403 },
    admin: { read: 200, start: 200, audit: 200, administer: 200 },
  } as const
  for (const role of ['viewer', 'analyst', 'auditor', 'publisher', 'admin'] as const) {
    const { access_token: token } = await signUp(`the-${role}`, role)
    const found = {
      read: (await call('GET', '/api/v1/whoami', { token })).status,
      start: (await call('POST', '/api/v1/things', { token, body: {} })).status,
      audit: (await call('GET', '/api/v1/audit/events', { token })).status,
      administer: (await call('GET', '/api/v1/users', { token })).status,
    }
    t.same(found, matrix[role], role)
  }
  const page = await call('GET', '/api/v1/users?limit=2', { token: admin })
  t.same(
    page.body.items.map(({ username }: { username: string }) => username),
    ['admin', 'bia'],
  )
  const rest = await call('GET', `/api/v1/users?limit=100&after=${page.body.next}`, { token: admin })
  t.equal(rest.body.items.length, 5)
  t.equal(rest.body.next, null)
  t.equal((await call('GET', '/api/v1/users?limit=0', { token: admin })).body.errors[0].field, '?limit')
  t.notMatch(JSON.stringify(rest.body), /scrypt|hash/)

  const carla = await signUp('carla', 'viewer')
  const { identity } = await new Promise<{ identity: import('../../src/identity/identity.ts').Identity }>(
    (resolve, reject) => {
      app.authenticateToken(carla.access_token).then((identity) => resolve({ identity }), reject)
    },
  )
  const { revoked } = identity
  t.notOk(revoked.aborted)
  const change = (body: object, id = carla.id) => call('PATCH', `/api/v1/users/${id}`, { token: admin, body })
  t.equal((await change({ email: 'carla@example.org' })).body.email, 'carla@example.org')
  t.notOk(revoked.aborted, 'an e-mail address revokes nothing')
  t.equal((await change({ role: 'analyst' })).body.role, 'analyst')
  t.ok(revoked.aborted, 'a new role ends what hangs on the old one, at once')
  t.equal((await call('GET', '/api/v1/whoami', { token: carla.access_token })).status, 401)
  const renewed = await call('POST', '/api/v1/auth/refresh', { body: { refresh_token: carla.refresh_token } })
  t.equal(renewed.status, 200, 'the session goes on with the new role')
  t.equal((await call('POST', '/api/v1/things', { token: renewed.body.access_token, body: {} })).status, 200)
  t.equal((await change({ password: 'a new password' })).status, 200)
  t.equal((await call('GET', '/api/v1/whoami', { token: renewed.body.access_token })).status, 401)
  t.equal(
    (await call('POST', '/api/v1/auth/refresh', { body: { refresh_token: renewed.body.refresh_token } }))
      .status,
    401,
    'a new password ends every session',
  )
  t.equal(
    (await call('POST', '/auth/login', { body: { username: 'carla', password: carla.password } })).status,
    401,
  )
  const back = await login('carla', 'a new password')
  t.equal((await call('GET', '/api/v1/whoami', { token: back.access_token })).status, 200)
  t.equal((await change({ disabled: true })).body.disabled, true)
  t.equal((await call('GET', '/api/v1/whoami', { token: back.access_token })).status, 401)
  t.equal(
    (await call('POST', '/auth/login', { body: { username: 'carla', password: 'a new password' } })).status,
    401,
  )
  t.equal((await change({})).status, 400)
  t.equal((await change({ role: 'viewer' }, 'nobody')).status, 404)
  t.equal((await call('DELETE', `/api/v1/users/${carla.id}`, { token: admin })).status, 204)
  t.equal((await call('DELETE', `/api/v1/users/${carla.id}`, { token: admin })).status, 404)

  const me = await app.users.byUsername('admin')
  const other = await app.users.byUsername('the-admin')
  const racing = await Promise.all([
    change({ disabled: true }, other?.id),
    call('DELETE', `/api/v1/users/${other?.id}`, { token: admin }),
  ])
  t.ok(racing.every(({ status }) => status < 500))
  for (const body of [{ disabled: true }, { role: 'viewer' }])
    t.equal((await change(body, me?.id)).status, 409, 'the last administrator stays')
  t.equal((await call('DELETE', `/api/v1/users/${me?.id}`, { token: admin })).status, 409)
  t.equal((await call('GET', '/api/v1/whoami', { token: admin })).status, 200)
  const types = new Set((await events()).map(({ event_type }) => event_type))
  for (const type of ['user.created', 'user.updated', 'user.deleted', 'auth.refresh', 'security.refused'])
    t.ok(types.has(type), type)
})

t.test('auditors read and verify the log', async (t) => {
  const { call, signUp, store, admin } = await startService()
  const { access_token: token } = await signUp('aud', 'auditor')
  const first = await call('GET', '/api/v1/audit/events?limit=1', { token })
  t.match(first.body.items[0], {
    event_type: 'auth.login',
    user_email: null,
    prev_hash: /^0{64}$/,
    success: true,
  })
  const second = await call('GET', `/api/v1/audit/events?limit=1&after=${first.body.next}`, { token })
  t.equal(second.body.items[0].prev_hash, first.body.items[0].hash)
  const several = await call(
    'GET',
    '/api/v1/audit/events?event_type=auth.login,user.created&severity=medium',
    {
      token,
    },
  )
  t.same(
    several.body.items.map(({ event_type }: { event_type: string }) => event_type),
    ['user.created'],
  )
  t.same(several.body.items[0].details, { role: 'auditor', username: 'aud' })
  for (const query of ['severity=urgent', 'start_date=soon', 'limit=0', 'after=nothing'])
    t.match(
      (await call('GET', `/api/v1/audit/events?${query}`, { token })).body.errors[0].field,
      query.split('=')[0],
    )
  const { body } = await call('GET', '/api/v1/audit/verify', { token })
  t.match(body, { valid: true, checked: Number, first_broken: null })
  const [newest] = (await call('GET', '/api/v1/audit/events?order=desc&limit=1', { token: admin })).body.items
  t.equal(newest.event_type, 'audit.verified')
  await store.db.updateTable('audit_events').set({ user_id: 'x' }).where('seq', '=', 2).execute()
  t.match((await call('GET', '/api/v1/audit/verify', { token })).body, {
    valid: false,
    checked: 1,
    first_broken: { id: second.body.items[0].id, reason: String },
  })
})
