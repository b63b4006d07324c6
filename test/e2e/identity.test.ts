import t from 'tap'
import {
  type Client,
  client,
  login,
  newUser,
  refusal,
  startProcess,
  USER_PASSWORD,
} from '../support/process.ts'

const service = await startProcess()
/** Gives tokens that end soon; those of the other are good here as well. */
const shortLived = await startProcess({ DATA_DIR: service.dataDir, ACCESS_TOKEN_TTL_SECONDS: '5' })
const admin = await login(service.url)
const stranger = client(service.url)
const [bob, , paula] = (await Promise.all([
  newUser(admin, service.url, 'bob'),
  newUser(admin, service.url, 'vera', 'viewer'),
  newUser(admin, service.url, 'paula', 'publisher'),
])) as [Client, Client, Client]

t.test('a session cookie is changed for a new one, until its session has ended', async (t) => {
  const post = (path: string, body: object, cookie?: string, headers: Record<string, string> = {}) =>
    fetch(`${service.url}/api/v1/auth/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: service.url,
        ...(cookie && { cookie }),
        ...headers,
      },
      body: JSON.stringify(body),
    })
  const cookieOf = (response: Response) => response.headers.getSetCookie()[0]?.split(';')[0] as string
  const first = cookieOf(await post('login', { username: 'vera', password: USER_PASSWORD, cookie: true }))
  const changed = await post('refresh', { cookie: true }, first)
  t.equal(changed.status, 200)
  const second = cookieOf(changed)
  t.not(second, first)
  const session = await fetch(`${service.url}/api/v1/auth/session`, { headers: { cookie: second } })
  const { user, expires_in } = (await session.json()) as { user: object; expires_in: number }
  t.match(user, { username: 'vera' })
  t.ok(expires_in > 2_591_000 && expires_in <= 2_592_000, 'seconds until its end')

  t.equal((await post('refresh', { cookie: true })).status, 401, 'not without a cookie')
  t.equal((await post('refresh', {}, second)).status, 400, 'and not unless it is asked for')
  const bearer = await post('refresh', { cookie: true }, undefined, { authorization: `Bearer ${bob.token}` })
  t.equal(bearer.status, 401, 'an access token does not prolong itself')
  const foreign = await post('refresh', { cookie: true }, second, { origin: 'https://evil.example' })
  t.equal(foreign.status, 403)
  t.equal((await post('logout', {}, second)).status, 204)
  const after = await fetch(`${service.url}/api/v1/auth/session`, { headers: { cookie: second } })
  t.same([after.status, await after.json()], [200, { user: null }], 'a revoked cookie signs nobody in')
  for (const cookie of [first, second])
    t.equal(
      (await post('refresh', { cookie: true }, cookie)).status,
      401,
      'all cookies of a session end with it',
    )
})

t.test('tokens: refreshed once, locked out, kept out of every log', async (t) => {
  const sign = (password: string, username = 'bob') =>
    stranger.post('/api/v1/auth/login', { username, password })
  const first = (await sign(USER_PASSWORD)).body
  t.match(first, { access_token: String, token_type: 'bearer', expires_in: 900, refresh_token: String })
  const refresh = (refresh_token: string) => stranger.post('/api/v1/auth/refresh', { refresh_token })
  const second = (await refresh(first.refresh_token)).body
  const again = client(service.url, second.access_token)
  t.equal((await again.get('/api/v1/datasets')).status, 200)
  t.equal((await refresh(first.refresh_token)).status, 401, 'a refresh token is single-use')
  t.equal((await refresh(second.refresh_token)).status, 401, 'and its reuse revokes the family')
  t.equal((await again.get('/api/v1/datasets')).status, 401)

  const ticketOf = async () => (await bob.post('/api/v1/auth/tickets')).body.ticket as string
  const ticket = await ticketOf()
  const withTicket = `/api/v1/channels/topic:t/events?ticket=${ticket}`
  const live = await stranger.events(withTicket)
  t.equal(live.status, 200)
  await paula.post('/api/v1/channels/topic:t/publications', 1)
  const { id } = await live.next()
  live.close()
  t.equal((await stranger.events(withTicket)).status, 401, 'a ticket is single-use')
  t.equal((await stranger.get(`/api/v1/datasets?ticket=${ticket}`)).status, 401)
  const back = await stranger.events(withTicket, { lastEventId: id as string })
  t.equal(back.status, 200, 'but opens its path again for a Last-Event-ID')
  back.close()
  t.equal(await refusal(stranger, `/api/v1/ws?ticket=${await ticketOf()}`), 101)
  t.equal(await refusal(stranger, `/api/v1/ws?token=${bob.token}`), 101)
  t.equal(await refusal(bob, '/api/v1/ws', { headers: { origin: 'https://evil.example' } }), 403)
  const byQuery = await stranger.events(`/api/v1/channels/topic:t/events?token=${bob.token}`)
  t.equal(byQuery.status, 200)
  byQuery.close()
  t.equal((await stranger.get('/api/v1/datasets?token=SENTINEL-1')).status, 401)
  t.equal((await stranger.events('/api/v1/events?channel=topic:t&token=SENTINEL-2')).status, 401)
  t.equal((await bob.get('/nowhere?token=SENTINEL-3')).status, 404)
  t.equal((await bob.get('/api/v1/datasets?ticket=SENTINEL-4&token=SENTINEL-5')).status, 200)
  t.equal(await refusal(stranger, '/api/v1/ws?token=SENTINEL-6'), 401)

  for (let failure = 0; failure < 5; failure++) t.equal((await sign('SENTINEL-password')).status, 401)
  const locked = await sign(USER_PASSWORD)
  t.equal(locked.status, 429, 'locked out after five failures')
  t.ok(Number(locked.headers.get('retry-after')) > 0)
  t.equal((await sign(USER_PASSWORD, 'vera')).status, 200, 'others are not')

  const metrics = (await stranger.get('/metrics')).text
  for (const place of [service.output(), metrics]) {
    for (const secret of ['SENTINEL', ticket, bob.token, first.refresh_token, USER_PASSWORD])
      t.notOk(place.includes(secret), 'no secret is written down')
  }
  t.match(service.output(), /"url":"\/api\/v1\/datasets/, 'requests are logged')
})

t.test('a session cookie is good on same-origin requests only', async (t) => {
  const signed = await stranger.post('/auth/login', {
    username: 'vera',
    password: USER_PASSWORD,
    cookie: true,
  })
  const cookie = signed.headers.get('set-cookie') ?? ''
  t.match(cookie, /HttpOnly/i)
  t.match(cookie, /SameSite=Strict/i)
  const pair = cookie.split(';')[0] as string
  const own = { cookie: pair, origin: service.url, 'sec-fetch-site': 'same-origin' }
  const foreign = { cookie: pair, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  const ticket = (headers: Record<string, string>) =>
    stranger.call('POST', '/api/v1/auth/tickets', { headers })
  t.equal((await stranger.call('GET', '/api/v1/datasets', { headers: { cookie: pair } })).status, 200)
  t.equal((await ticket(own)).status, 201)
  t.equal((await ticket(foreign)).status, 403)
  t.equal(await refusal(stranger, '/api/v1/ws', { headers: own }), 101)
  t.equal(await refusal(stranger, '/api/v1/ws', { headers: foreign }), 403)
})

t.test('whoever is disabled loses what is live', async (t) => {
  const eve = await newUser(admin, service.url, 'eve')
  const events = await eve.events('/api/v1/channels/topic:t/events')
  const socket = await eve.socket('/api/v1/ws')
  await socket.ofType('connected')
  const { items } = (await admin.get('/api/v1/users')).body
  const { id } = items.find(({ username }: { username: string }) => username === 'eve')
  t.equal((await admin.call('PATCH', `/api/v1/users/${id}`, { body: { disabled: true } })).status, 200)
  t.equal((await eve.get('/api/v1/datasets')).status, 401)
  await events.ended()
  t.ok([1008, 4401].includes((await socket.closed()).code))
})

t.test('a live stream whose token ends is told and closed, unless it was renewed', async (t) => {
  const user = await login(shortLived.url)
  const [events, left, kept] = await Promise.all([
    user.events('/api/v1/channels/topic:t/events'),
    user.socket('/api/v1/ws'),
    user.socket('/api/v1/ws'),
  ])
  await left.ofType('token_expiring')
  await kept.ofType('token_expiring')
  kept.send({ type: 'auth', token: 'no token' })
  await kept.ofType('error')
  kept.send({ type: 'auth', token: admin.token })
  await kept.ofType('authenticated')
  const expired = await events.next(({ event }) => event === 'token_expired')
  t.equal(expired.id, undefined)
  await events.ended()
  const { code, reason } = await left.closed()
  t.equal(code, 4401)
  t.not(reason, '')
  kept.send({ type: 'ping' })
  t.ok(await kept.ofType('pong'), 'the renewed one goes on')
  kept.close()
})
