import { generateKeyPairSync } from 'node:crypto'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { asymmetric, forge } from '../plugins/forge.ts'
import { ADMIN_PASSWORD, client, login, newUser, temporaryFolder, USER_PASSWORD } from '../support/process.ts'

const start = async (t: Test, settings: Record<string, string>) => {
  const app = await buildApp(
    loadConfig({
      DATA_DIR: await temporaryFolder(),
      ADMIN_PASSWORD,
      PASSWORD_COST: '10',
      LOG_LEVEL: 'silent',
      ...settings,
    }),
  )
  t.teardown(() => app.close())
  const url = await app.server.listen({ host: '127.0.0.1', port: 0 })
  const log = app.server.auditLog
  const told = (type: string) => log.events({ eventTypes: [type] }, { limit: 100 })
  return { url, log, told }
}

t.test('an event-stream that is turned away for a limit is told, once a minute and limit', async (t) => {
  const { url, told } = await start(t, { MAX_CONNECTIONS_PER_IP: '2', MAX_CONCURRENT_STREAMS: '2' })
  const admin = await login(url)
  const path = '/api/v1/channels/topic:x/events'
  const open = [await admin.events(path), await admin.events(path)]
  for (let n = 0; n < 3; n++) {
    const turnedAway = await admin.events(path)
    t.equal(turnedAway.status, 200)
    await turnedAway.ended()
  }
  const limits = await told('security.rate_limited')
  t.equal(limits.length, 1)
  t.match(limits, [
    { success: false, error_code: /^(OVERLOADED|TOO_MANY_CONNECTIONS)$/, details: { method: 'GET', path } },
  ])
  for (const stream of open) stream.close()
})

t.test('a fresh token on a live connection is told, and a refused one as well', async (t) => {
  const { url, told } = await start(t, {})
  const admin = await login(url)
  const alice = await newUser(admin, url, 'alice')
  const { body } = await client(url).post('/auth/login', { username: 'alice', password: USER_PASSWORD })
  const socket = await alice.socket('/api/v1/ws', { headers: { 'x-request-id': 'live' } })
  socket.send({ type: 'auth', token: body.access_token })
  await socket.ofType('authenticated')
  const about = { request_id: 'live', user_id: (await told('user.created')).at(-1)?.resource_id }
  t.match(await told('auth.token_renewed'), [{ ...about, success: true }])
  for (const token of ['nonsense', admin.token]) {
    socket.send({ type: 'auth', token })
    await socket.ofType('error')
  }
  t.match(await told('auth.token_refused'), [
    { ...about, success: false, error_code: 'UNAUTHENTICATED' },
    { ...about, success: false, error_code: 'FORBIDDEN' },
  ])
  socket.close()
  await socket.closed()
})

t.test('a user of another issuer is told when first admitted, and when it changes', async (t) => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { url, told } = await start(t, {
    JWT_PUBLIC_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    EXTERNAL_ISSUER: 'https://issuer.example',
  })
  const token = (role: string) =>
    forge(
      { alg: 'EdDSA' },
      {
        sub: 'ana',
        iss: 'https://issuer.example',
        aud: 'tributary',
        role,
        iat: Math.floor(Date.now() / 1000),
        exp: Math.floor(Date.now() / 1000) + 60,
      },
      asymmetric(privateKey, null),
    )
  const first = token('viewer')
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => client(url, first).get('/api/v1/datasets')),
  )
  t.same(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 200],
  )
  const made = (await told('user.created')).slice(1)
  t.match(made, [
    {
      resource_type: 'user',
      details: { issuer: 'https://issuer.example', role: 'viewer' },
      ip_address: '127.0.0.1',
    },
  ])
  t.equal(made.length, 1, 'once, whoever came at the same time')
  t.same(await told('user.updated'), [])
  t.equal((await client(url, token('analyst')).get('/api/v1/datasets')).status, 200)
  t.match(await told('user.updated'), [{ resource_id: made[0]?.resource_id, details: { role: 'analyst' } }])
})
