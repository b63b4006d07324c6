import t from 'tap'
import { breakSeal } from '../audit/seal.ts'
import { clock, startService } from './service.ts'

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
      app.authenticateToken(carla.access_token, {} as never).then((identity) => resolve({ identity }), reject)
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
  await breakSeal(store)
  await store.db.updateTable('audit_events').set({ user_id: 'x' }).where('seq', '=', 2).execute()
  t.match((await call('GET', '/api/v1/audit/verify', { token })).body, {
    valid: false,
    checked: 1,
    first_broken: { id: second.body.items[0].id, reason: String },
  })
})
