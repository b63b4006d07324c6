import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import t from 'tap'
import { jwks, publicKey } from '../../src/identity/external-keys.ts'
import { asymmetric, claimsOf, forge, hmac } from './forge.ts'
import { clock, SECRET, startService } from './service.ts'

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

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
    'alg none': `${part({ alg: 'none' })}.${part(good)}.`,
    'alg None': `${part({ alg: 'None' })}.${part(good)}.`,
    'no signature': `${part(header)}.${part(good)}.`,
    'two parts': `${part(header)}.${part(good)}`,
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
    'a list': `${part([])}.${part([])}.x`,
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

t.test('a token that was accepted before', async (t) => {
  const pair = generateKeyPairSync('ed25519')
  const publicPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const now = clock()
  let keys = publicKey(publicPem)
  const { call, admin, app } = await startService({
    auth: { now, external: { keys: { find: (...about) => keys.find(...about) }, issuer: undefined } },
  })
  const whoami = (token: string, headers = {}) => call('GET', '/api/v1/whoami', { token, headers })

  t.equal((await whoami(admin)).status, 200)
  const { iat, exp } = claimsOf(admin) as { iat: number; exp: number }
  const asCookie = await call('GET', '/api/v1/whoami', {
    headers: { cookie: `tributary_session=${admin}`, 'sec-fetch-site': 'same-origin' },
  })
  t.equal(asCookie.status, 401, 'is no cookie')
  now.advance((exp - iat) * 1000 - 1000)
  t.equal((await whoami(admin)).status, 200, 'is accepted to its end')
  now.advance(1000 + 31_000)
  t.match((await whoami(admin)).body, { status: 401, code: 'TOKEN_EXPIRED' }, 'not after it')

  const later = await app.sessions.login({
    username: 'admin',
    password: 'the admin password',
    address: '127.0.0.1',
  })
  t.equal((await whoami(later.accessToken)).status, 200)
  await app.sessions.revoke(claimsOf(later.accessToken).sid as string)
  t.equal((await whoami(later.accessToken)).status, 401, 'not once its session was revoked')

  const at = Math.floor(now() / 1000)
  const foreign = forge(
    { alg: 'EdDSA' },
    { sub: 'ana', iss: 'https://issuer.example', aud: 'tributary', exp: at + 3600, iat: at },
    asymmetric(pair.privateKey, null),
  )
  t.equal((await whoami(foreign)).status, 200)
  keys = { find: async () => [] }
  now.advance(4000)
  t.equal((await whoami(foreign)).status, 200)
  now.advance(1000)
  t.equal((await whoami(foreign)).status, 401, 'not five seconds after its key was withdrawn')
})
