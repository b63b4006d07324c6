import t from 'tap'
import { newUsers, postEvents } from '../support/clients.ts'
import { until } from '../support/deployment.ts'
import { type Client, client, login, newUser, startProcess } from '../support/process.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(300_000)

const { vendor, env: ofVendor } = await openXai()
const env = {
  ...ofVendor,
  LLM_PROVIDERS: 'xai,local',
  FIRST_TOKEN_TIMEOUT_MS: '1000',
  SSE_BUFFER_SIZE: '4096',
  SLOW_CONSUMER_GRACE_MS: '300',
}
const { url } = await startProcess({ ...env, LLM_PROVIDERS: 'xai' })
const admin = await login(url)
const { alice, bob } = await newUsers(admin, url, { alice: 'analyst', bob: 'analyst' })

const SUBAPP = '/api/chat/stream'
const DIRECT = '/api/v1/chat/direct/xai/stream'
const say = (user: Client, chatSessionId: string, content = 'Olá') =>
  postEvents(user, SUBAPP, { chatSessionId, content })
const direct = (user: Client) => postEvents(user, DIRECT, { messages: [{ role: 'user', content: 'Olá' }] })
const lastOf = async (sessionId: string) =>
  (await alice.get(`/api/v1/chat/sessions/${sessionId}/messages`)).body.items.at(-1)

t.test('bare text: what fails before the first character has its own status', async (t) => {
  const cases = [
    [{ status: 500 }, 503, 'PROVIDER_UNAVAILABLE'],
    [{ status: 429, headers: { 'retry-after': '7' } }, 503, 'PROVIDER_RATE_LIMITED'],
    [{ status: 400 }, 502, 'PROVIDER_ERROR'],
    [{ dieAfter: 0 }, 502, 'PROVIDER_PROTOCOL_ERROR'],
    [{ stall: 'first' }, 504, 'PROVIDER_TIMEOUT'],
  ] as const
  for (const [n, [answer, status, code]] of cases.entries()) {
    vendor.answers(answer)
    const answered = await alice.post(SUBAPP, { chatSessionId: `early-${n}`, content: 'Olá' })
    t.match(answered, { status, body: { code, status } }, code)
    t.match(answered.headers.get('content-type'), /^application\/problem\+json/)
    t.match(await lastOf(`early-${n}`), { role: 'assistant', state: 'error', content: '' })
  }
  t.equal((await bob.post(SUBAPP, { chatSessionId: 'early-0', content: 'Olá' })).status, 404)
})

/** Resolves once somebody has been told a word. */
const word = (reader: Awaited<ReturnType<typeof say>>, wanted: string): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (reader.text().includes(wanted)) resolve()
      else reader.response.once('data', look)
    }
    look()
  })

t.test('bare text: what fails after the first character breaks the connection off', async (t) => {
  const nth = vendor.asked.length
  vendor.answers({ tokens: ['Só a ', 'metade'], dieAfter: 2, stepped: true })
  const answered = say(alice, 'late')
  await vendor.arrived(nth)
  await vendor.step()
  const reader = await answered
  await vendor.step()
  t.equal(await reader.ended(), 'cut')
  t.equal(reader.status, 200)
  t.equal(reader.text(), 'Só a metade')
  t.match(await lastOf('late'), { state: 'error', content: 'Só a metade' })
})

t.test('bare text: whoever loses the right to read is cut off, and the vendor is stopped', async (t) => {
  const carla = await newUser(admin, url, 'carla')
  const { id } = (await admin.get('/api/v1/users')).body.items.find(
    ({ username }: { username: string }) => username === 'carla',
  )
  const nth = vendor.asked.length
  vendor.answers({ tokens: ['um', 'dois'], stall: 'between' })
  const reader = await say(carla, 'revoked')
  t.equal((await admin.call('PATCH', `/api/v1/users/${id}`, { body: { disabled: true } })).status, 200)
  t.equal(await reader.ended(), 'cut')
  await vendor.closed(nth)
})

t.test('bare text and direct: the vendor is stopped when the client leaves, begun or not', async (t) => {
  for (const [name, open] of [
    ['bare text', () => say(alice, 'left')],
    ['direct', () => direct(alice)],
  ] as const) {
    const nth = vendor.asked.length
    vendor.answers({ tokens: ['um', 'dois'], stall: 'between' })
    const reader = await open()
    await vendor.arrived(nth)
    await word(reader, 'um')
    const left = performance.now()
    reader.close()
    await vendor.closed(nth)
    t.comment(`${name}: closed ${Math.round(performance.now() - left)} ms after its client left`)
  }
  const nth = vendor.asked.length
  vendor.answers({ stall: 'before' })
  const leaving = new AbortController()
  const asked = fetch(url + SUBAPP, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${alice.token}` },
    body: JSON.stringify({ chatSessionId: 'left-early', content: 'Olá' }),
    signal: leaving.signal,
  })
  await vendor.arrived(nth)
  leaving.abort()
  await t.rejects(asked, { name: 'AbortError' })
  await vendor.closed(nth)
  const isCancelled = async () => (await lastOf('left-early'))?.state
  t.equal(await until('the end of it', isCancelled, (state) => state !== 'pending'), 'cancelled')
  t.equal((await lastOf('left'))?.content, 'um')
})

t.test('bare text: a reader that stops is cut and its vendor stopped; another reads on', async (t) => {
  const nth = vendor.asked.length
  const long = 'x'.repeat(65_536)
  vendor.answers({ tokens: Array.from({ length: 400 }, () => long), delayMs: 1 })
  const stopped = await say(alice, 'slow')
  stopped.response.pause()
  await vendor.arrived(nth)
  vendor.answers({ tokens: ['Eu ', 'leio'] })
  const other = await say(alice, 'fast')
  t.equal(await other.ended(), 'whole')
  t.equal(other.text(), 'Eu leio')
  await vendor.closed(nth)
  stopped.response.resume()
  t.equal(await stopped.ended(), 'cut')
  t.ok(stopped.text().length < 400 * long.length)
})

t.test('the longest message may stand in a URL', async (t) => {
  const chat = (characters: number) =>
    `/api/stream/chat?message=${encodeURIComponent('😀'.repeat(characters))}&model=xai`
  const nth = vendor.asked.length
  vendor.answers({ tokens: ['sim'] })
  const events = await alice.events(chat(10_000))
  t.equal(await events.ended(), 'whole')
  t.match(JSON.stringify(vendor.asked[nth]?.body), '😀'.repeat(10_000))
  t.match(await alice.get(chat(10_001)), { status: 400, body: { errors: [{ field: '?message' }] } })
})

t.test(
  'where there is no room nothing is started: an EventSource comes back, a POST is refused',
  async (t) => {
    const small = await startProcess({ ...env, MAX_CONNECTIONS_PER_IP: '1', MAX_STREAMS_PER_USER: '1' })
    const user = client(small.url, (await login(small.url)).token)
    const nth = vendor.asked.length
    const chat = '/api/stream/chat?message=Olá'
    vendor.answers({ tokens: ['um', 'dois'], stepped: true })
    const only = await user.events(`${chat}&on_disconnect=continue`)
    await vendor.arrived(nth)
    const sentAway = async (path: string, because: RegExp) => {
      const events = await user.events(path)
      await events.ended()
      t.match(events, { status: 200, events: [], comments: [because] })
      t.ok(Number(events.headers['retry-after']) > 0 && events.retries.length === 1)
    }
    const refused = async (code: string) => {
      const messages = [{ role: 'user', content: 'x' }]
      for (const [path, body] of [
        ['/api/v1/chat/stream', { message: 'x' }],
        ['/stream/chat', { message: 'x' }],
        [SUBAPP, { chatSessionId: 's', content: 'x' }],
        [DIRECT, { messages }],
        ['/api/stream/execute', { action: { type: 'execute_task', description: 'x' } }],
      ] as const)
        t.match(await user.post(path, body), { status: 429, body: { code } }, path)
    }
    await sentAway(chat, /address/)
    await sentAway('/api/stream/incorporate?prompt=x', /address/)
    await refused('TOO_MANY_CONNECTIONS')
    only.close()
    const open = async () => (await user.get('/api/v1/observability')).text
    await until('the place of the one that left', open, (told) => !told.includes('/api/stream/chat'))
    await sentAway(chat, /running already/)
    await refused('TOO_MANY_STREAMS')
    t.equal(vendor.asked.length, nth + 1)
  },
)

t.test('where event-streams are switched off nothing is started', async (t) => {
  const off = await startProcess({ ...env, ALLOW_ANONYMOUS: 'true', ENABLE_SSE_STREAMING: 'false' })
  const user = client(off.url)
  const nth = vendor.asked.length
  for (const answer of [
    await user.get('/api/stream/chat?message=x'),
    await user.get('/api/stream/incorporate?prompt=x'),
    await user.post('/stream/chat', { message: 'x' }),
    await user.post(SUBAPP, { chatSessionId: 's', content: 'x' }),
  ])
    t.match(answer, { status: 503, body: { code: 'FEATURE_DISABLED' } })
  t.equal((await user.get('/api/stream/status')).body.total_streams, 0)
  t.equal(vendor.asked.length, nth)
})
