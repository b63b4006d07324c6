import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { ConfigError, loadConfig } from '../../src/config.ts'
import { createMeters } from '../../src/plugins/meters.ts'
import { openRooms } from '../../src/rooms.ts'
import { openStore } from '../../src/store/database.ts'
import { asymmetric, claimsOf, forge, hmac } from '../plugins/forge.ts'
import { freePort } from '../support/port.ts'
import { pncpContract, pncpPage, portalContract, startUpstream } from '../support/portal.ts'
import {
  type Client,
  client,
  login,
  startProcess,
  temporaryFolder,
  told,
  wholeStory,
} from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { openXai } from '../support/xai.ts'

type Env = Record<string, string>

/** Starts the service in this process, and signs its first user in. */
const start = async (env: Env) => {
  const config = loadConfig({
    LOG_LEVEL: 'silent',
    ADMIN_PASSWORD: 'the usual password',
    PASSWORD_COST: '10',
    DATA_DIR: await temporaryFolder(),
    ...env,
  })
  const { server, close } = await buildApp(config)
  t.teardown(close)
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  const { ADMIN_USERNAME, ADMIN_PASSWORD } = config
  const admin = await login(url, ADMIN_USERNAME, ADMIN_PASSWORD)
  return { config, server, url, admin }
}

/** Opens the rooms of the settings, without starting them. */
export const roomsOf = async (t: Test, env: Env) => {
  const config = loadConfig({ DATA_DIR: await temporaryFolder(), ...env })
  const meters = createMeters()
  const rooms = await openRooms(config, {
    instance: 'i',
    meters,
    onError: (error) => t.error(error),
    log: () => {},
    warn: () => {},
  })
  t.teardown(() => rooms.life({}, {}).stop(0))
  return { config, rooms, meters }
}

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const keySet = createServer((_, response) =>
  response.end(JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig' }] })),
).listen(0, '127.0.0.1')
await once(keySet, 'listening')
t.teardown(() => keySet.close())

const [redis, pncp, portal, { vendor, env: xai }, { vendor: usualVendor, env: usualXai }] = await Promise.all(
  [
    startRedis(),
    startUpstream(() => ({ body: pncpPage([1, 2, 3].map(pncpContract), 1) })),
    startUpstream(({ query }) => {
      const page = Number(query.get('pagina'))
      return { body: JSON.stringify(page > 2 ? [] : [portalContract(page)]) }
    }),
    openXai(),
    openXai(),
  ],
)
t.teardown(() => Promise.all([redis.stop(), pncp.close(), portal.close()]))

const JWT_SECRET = 'a secret of the settings, which is long enough'
const [changed, usual] = await Promise.all([
  start({
    ...xai,
    DEFAULT_LANGUAGE: 'pt',
    GRAFANA_URL: 'https://grafana.example',
    METRICS_TOKEN: 'scraper',
    ADMIN_USERNAME: 'chief',
    ADMIN_PASSWORD: 'another good password',
    JWT_SECRET,
    JWT_ISSUER: 'https://city.example',
    JWT_AUDIENCE: 'city',
    JWKS_URL: `http://127.0.0.1:${(keySet.address() as AddressInfo).port}`,
    EXTERNAL_ISSUER: 'https://issuer.example',
    ACCESS_TOKEN_TTL_SECONDS: '1234',
    REFRESH_TOKEN_TTL_SECONDS: '3600',
    PASSWORD_COST: '11',
    TICKET_TTL_SECONDS: '7',
    CHANNEL_HISTORY_TTL_SECONDS: '1',
    STREAM_LEASE_MS: '500000',
    STREAMING_COMPRESSION: 'false',
    WEBSOCKET_PING_INTERVAL: '7',
    WEBSOCKET_TIMEOUT: '5',
    PNCP_BASE_URL: pncp.url,
    SOURCE_MAX_RECORDS: '2',
    PORTAL_BASE_URL: portal.url,
    PORTAL_API_KEY: 'k',
    PORTAL_REQUESTS_PER_MINUTE: '20',
    LLM_PROVIDERS: 'xai,local',
    PROVIDER_MAX_RETRIES: '0',
    PROVIDER_BREAKER_THRESHOLD: '1',
    PROVIDER_COOLDOWN_MS: '0',
    MAX_TOKENS_PER_ANSWER: '77',
    RESPONSE_CACHE_TTL_SECONDS: '600',
    RESPONSE_CACHE_MAX_ENTRIES: '1',
    CHUNK_FLUSH_MS: '1000',
  }),
  start({
    ...usualXai,
    PNCP_BASE_URL: pncp.url,
    LLM_PROVIDERS: 'xai,local',
    PROVIDER_MAX_RETRIES: '1',
    PROVIDER_BREAKER_THRESHOLD: '2',
    PROVIDER_COOLDOWN_MS: '3600000',
    RESPONSE_CACHE_TTL_SECONDS: '600',
  }),
])
type App = typeof usual

const credentials = ({ config: { ADMIN_USERNAME: username, ADMIN_PASSWORD: password } }: App) => ({
  username,
  password,
})
const signIn = (app: App) => client(app.url).post('/auth/login', { ...credentials(app), cookie: true })

let sessions = 0
const say = (app: App, message: string) =>
  app.admin.post('/api/v1/chat/stream', { message, session_id: `s${++sessions}` })

/** Investigates what a source has, and returns the last event. */
const investigate = async ({ admin }: App, data_source: string, filters: object) => {
  const started = await admin.post('/api/v1/investigations', { query: 'growth', data_source, filters })
  if (started.status !== 202) throw new Error(started.text)
  return told(await wholeStory(await admin.events(started.body.stream_url))).at(-1)
}

/** Investigates the sample, and returns the last event. */
const investigateSample = async (admin: Client) => {
  const { stream_url } = await admin.investigate('sample')
  return told(await wholeStory(await admin.events(stream_url))).at(-1)
}

/** How often a vendor is asked for one answer. */
const askedFor = async (app: App, { asked }: { asked: readonly unknown[] }) => {
  const before = asked.length
  await say(app, `question ${before}`)
  return asked.length - before
}

const storeOf = async (t: Test, { config }: App) => {
  const path = join(config.DATA_DIR, 'tributary.db')
  const store = await openStore({ dialect: 'sqlite', path, synchronous: 'normal' })
  t.teardown(store.close)
  return store
}

/** Whether the service takes a token of the other issuer. */
const admitted = async ({ url }: App, claims: object) => {
  const iat = Math.floor(Date.now() / 1000)
  const all = { sub: 'ana', role: 'viewer', aud: 'city', iat, exp: iat + 600, ...claims }
  const token = forge({ alg: 'EdDSA', kid: 'k' }, all, asymmetric(privateKey, null))
  return (await client(url, token).get('/api/v1/datasets')).status
}

/** Settings whose effect is shown here, by a service that has another value of them than the usual one. */
export const SHOWN: Readonly<Record<string, (t: Test) => Promise<void>>> = {
  async HOST(t) {
    const { url } = await startProcess({ HOST: '127.0.0.2' })
    t.match(url, /^http:\/\/127\.0\.0\.2:/)
    t.equal((await client(url).get('/health/live')).status, 200)
  },
  async PORT(t) {
    const port = await freePort()
    const { url } = await startProcess({ PORT: String(port) })
    t.equal((await client(`http://127.0.0.1:${port}`).get('/health/live')).status, 200, url)
  },
  async CONSOLE(t) {
    const [off, on] = await Promise.all([startProcess({ CONSOLE: 'false' }), startProcess()])
    const refused = await client(off.url).get('/')
    t.equal(refused.status, 302)
    t.equal(refused.headers.get('location'), '/docs')
    t.equal((await client(on.url).get('/')).status, 200)
  },
  async DEFAULT_LANGUAGE(t) {
    t.match(await client(changed.url).get('/api/v1/datasets'), { body: { title: 'Não autenticado' } })
    t.match(await client(usual.url).get('/api/v1/datasets'), { body: { title: 'Not authenticated' } })
  },
  async GRAFANA_URL(t) {
    t.equal((await changed.admin.get('/api/v1/observability')).body.grafana, 'https://grafana.example')
    t.equal((await usual.admin.get('/api/v1/observability')).body.grafana, null)
  },
  async METRICS_TOKEN(t) {
    const scrape = async ({ server }: App, token: string) => {
      const headers = { authorization: `Bearer ${token}` }
      return (await server.inject({ url: '/metrics', headers, remoteAddress: '10.0.0.1' })).statusCode
    }
    t.equal(await scrape(changed, 'scraper'), 200)
    t.not(await scrape(changed, 'another'), 200)
    t.not(await scrape(usual, 'scraper'), 200)
  },
  async SQLITE_SYNCHRONOUS(t) {
    const pragma = async (env: Env) => {
      const { rooms } = await roomsOf(t, env)
      return (await sql`pragma synchronous`.execute(rooms.store.db)).rows
    }
    t.same(await pragma({ SQLITE_SYNCHRONOUS: 'full' }), [{ synchronous: 2 }])
    t.same(await pragma({}), [{ synchronous: 1 }])
  },
  async REDIS_URL(t) {
    const [here, there] = await Promise.all([
      start({ REDIS_URL: redis.url }),
      start({ REDIS_URL: redis.url }),
    ])
    t.equal((await here.admin.post('/api/v1/channels/topic:both/publications', { n: 1 })).status, 202)
    t.equal((await there.admin.get('/api/v1/channels/topic:both/history')).body.items.length, 1)
  },
  async REDIS_PREFIX(t) {
    const keys = async () => (await redis.command('KEYS', '*')) as string[]
    const before = new Set(await keys())
    const { admin } = await start({ REDIS_URL: redis.url, REDIS_PREFIX: 'city' })
    t.equal((await admin.post('/api/v1/channels/topic:city/publications', { n: 1 })).status, 202)
    t.ok((await keys()).some((key) => !before.has(key) && key.startsWith('city:')))
    t.notOk((await keys()).some((key) => key.startsWith('tributary:') && key.includes('topic:city')))
  },

  async ADMIN_USERNAME(t) {
    t.equal((await signIn(changed)).status, 200)
    const answer = await client(changed.url).post('/auth/login', {
      ...credentials(changed),
      username: 'admin',
    })
    t.equal(answer.status, 401)
  },
  async ADMIN_PASSWORD(t) {
    const { password } = credentials(usual)
    t.equal((await signIn(changed)).status, 200)
    const answer = await client(changed.url).post('/auth/login', { ...credentials(changed), password })
    t.equal(answer.status, 401)
  },
  async JWT_SECRET(t) {
    const signed = (token: string, key: string) => {
      const [header, claims, signature] = token.split('.')
      return hmac('sha256', key)(`${header}.${claims}`).toString('base64url') === signature
    }
    t.ok(signed(changed.admin.token, JWT_SECRET))
    t.notOk(signed(usual.admin.token, JWT_SECRET))
  },
  async JWT_ISSUER(t) {
    t.equal(claimsOf(changed.admin.token).iss, 'https://city.example')
    t.equal(claimsOf(usual.admin.token).iss, 'tributary')
  },
  async JWT_AUDIENCE(t) {
    t.equal(claimsOf(changed.admin.token).aud, 'city')
    t.equal(await admitted(changed, { iss: 'https://issuer.example', aud: 'tributary' }), 401)
  },
  async JWKS_URL(t) {
    t.equal(await admitted(changed, { iss: 'https://issuer.example' }), 200)
    t.equal(await admitted(usual, { iss: 'https://issuer.example', aud: 'tributary' }), 401)
  },
  async EXTERNAL_ISSUER(t) {
    t.equal(await admitted(changed, { iss: 'https://another.example' }), 401)
  },
  async ACCESS_TOKEN_TTL_SECONDS(t) {
    const { iat, exp } = claimsOf(changed.admin.token)
    t.equal(exp - iat, 1234)
  },
  async REFRESH_TOKEN_TTL_SECONDS(t) {
    const { db } = await storeOf(t, changed)
    const before = Date.now()
    t.match((await signIn(changed)).headers.get('set-cookie'), /Max-Age=3600;/)
    const after = Date.now()
    const rows = await db.selectFrom('refresh_tokens').select('expires_at').execute()
    const newest = Math.max(...rows.map(({ expires_at }) => expires_at))
    t.ok(newest >= before + 3_600_000 && newest <= after + 3_600_000, `${newest}`)
  },
  async PASSWORD_COST(t) {
    const { db } = await storeOf(t, changed)
    const { password_hash } = await db.selectFrom('users').select('password_hash').executeTakeFirstOrThrow()
    t.match(password_hash, /^scrypt\$2048\$8\$3\$/)
  },
  async TICKET_TTL_SECONDS(t) {
    const ask = { path: '/api/v1/ws' }
    t.match(await changed.admin.post('/api/v1/auth/tickets', ask), { status: 201, body: { expires_in: 7 } })
    t.match(await usual.admin.post('/api/v1/auth/tickets', ask), { status: 201, body: { expires_in: 60 } })
  },

  async CHANNEL_HISTORY_TTL_SECONDS(t) {
    const path = '/api/v1/channels/topic:x'
    for (const { admin } of [usual, changed]) await admin.post(`${path}/publications`, { n: 1 })
    const kept = async ({ admin }: App) => (await admin.get(`${path}/history`)).body.items.length
    while ((await kept(changed)) > 0);
    t.equal(await kept(usual), 1)
  },
  async STREAMING_COMPRESSION(t) {
    const encoding = async (app: App) => {
      const body = { message: 'oi', session_id: `c${++sessions}` }
      const headers = { 'accept-encoding': 'gzip' }
      const answer = await app.admin.call('POST', '/api/v1/chat/stream', { body, headers })
      return answer.headers.get('content-encoding')
    }
    t.equal(await encoding(changed), null)
    t.equal(await encoding(usual), 'gzip')
  },
  async WEBSOCKET_PING_INTERVAL(t) {
    for (const [app, seconds] of [
      [changed, 7],
      [usual, 30],
    ] as const) {
      const socket = await app.admin.socket('/api/v1/ws')
      t.equal((await socket.ofType('connected')).heartbeat_interval, seconds)
      socket.close()
    }
  },
  async WEBSOCKET_TIMEOUT(t) {
    const [silent, other] = await Promise.all([changed, usual].map(({ admin }) => admin.socket('/api/v1/ws')))
    await silent?.closed()
    t.equal(other?.socket.readyState, 1, 'the usual one is longer')
    other?.close()
  },
  async STREAM_LEASE_MS(t) {
    const { db } = await storeOf(t, changed)
    const nth = vendor.asked.length
    vendor.answers({ stall: 'first' })
    const before = Date.now()
    const answer = say(changed, 'who holds this?')
    await vendor.arrived(nth)
    const [row] = await db
      .selectFrom('streams')
      .select(['id', 'lease_until'])
      .orderBy('started_at', 'desc')
      .limit(1)
      .execute()
    t.ok(Number(row?.lease_until) >= before + 490_000)
    t.equal((await changed.admin.post(`/api/v1/streams/${row?.id}/cancel`)).status, 202)
    await answer
  },

  async SOURCE_MAX_RECORDS(t) {
    const filters = { start_date: '2024-05-01', end_date: '2024-05-31' }
    const few = await investigate(changed, 'pncp', filters)
    t.match(few, { type: 'complete', records_processed: 2 })
    t.match(few?.warnings.join(), /primeiros 2 registros/)
    t.match(await investigate(usual, 'pncp', filters), { type: 'complete', records_processed: 3 })
  },
  async PORTAL_REQUESTS_PER_MINUTE(t) {
    const before = performance.now()
    t.match(await investigate(changed, 'portal', { buyer: '26000' }), { records_processed: 2 })
    t.equal(portal.asked.length, 3)
    t.ok(performance.now() - before > 3000, 'of 20 in a minute the third waits for 10/3 seconds')
  },

  async MAX_TOKENS_PER_ANSWER(t) {
    for (const [app, { asked }, most] of [
      [changed, vendor, [77]],
      [usual, usualVendor, []],
    ] as const) {
      await say(app, 'how long may it be?')
      const { max_tokens, max_completion_tokens } = asked.at(-1)?.body ?? {}
      t.same(
        [max_tokens, max_completion_tokens].filter((n) => n !== undefined),
        most,
      )
    }
  },
  async RESPONSE_CACHE_MAX_ENTRIES(t) {
    for (const [app, { asked }, times] of [
      [changed, vendor, 3],
      [usual, usualVendor, 2],
    ] as const) {
      const before = asked.length
      for (const message of ['first', 'second', 'first']) await say(app, message)
      t.equal(asked.length - before, times)
    }
  },
  async CHUNK_FLUSH_MS(t) {
    const nth = vendor.asked.length
    vendor.answers({ tokens: ['FIRST', 'SECOND', 'THIRD'], stepped: true })
    const response = await fetch(`${changed.url}/api/v1/chat/stream`, {
      method: 'POST',
      headers: { authorization: `Bearer ${changed.admin.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'in pieces', session_id: 'pieces' }),
    })
    await vendor.arrived(nth)
    let text = ''
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    const read = async (wanted: string) => {
      while (!text.includes(wanted)) text += (await reader?.read())?.value ?? ''
    }
    const before = performance.now()
    await vendor.step()
    await read('FIRST')
    await vendor.step()
    await read('SECOND')
    t.ok(performance.now() - before > 900, 'what comes behind the first piece waits for a second')
    await vendor.step()
    await read('THIRD')
    await reader?.cancel()
  },
  // From here on vendors fail, and each finds the breakers as the one before leaves them.
  async PROVIDER_RETRY_BASE_MS(t) {
    const { random } = Math
    t.teardown(() => {
      Math.random = random
    })
    Math.random = () => 0.75
    const app = await start({ ...usualXai, PROVIDER_MAX_RETRIES: '1', PROVIDER_RETRY_BASE_MS: '2000' })
    usualVendor.answers({ status: 500 })
    const before = performance.now()
    await say(app, 'a question that fails once')
    t.ok(performance.now() - before > 1400, 'three quarters of two seconds')
  },
  async PROVIDER_MAX_RETRIES(t) {
    vendor.always({ status: 500 })
    usualVendor.always({ status: 500 })
    t.equal(await askedFor(changed, vendor), 1)
    t.equal(await askedFor(usual, usualVendor), 2, 'once more')
  },
  async PROVIDER_BREAKER_THRESHOLD(t) {
    t.equal(await askedFor(usual, usualVendor), 0, 'two failures were enough')
  },
  async PROVIDER_COOLDOWN_MS(t) {
    t.equal(await askedFor(changed, vendor), 1, 'it is left alone for no time')
  },

  async DUCKDB_THREADS(t) {
    const threads = async () => (await readdir('/proc/self/task')).length
    // Sixty-four threads do not always find room for their buffers in the usual 128 MB.
    const { admin } = await start({ DUCKDB_THREADS: '64', DUCKDB_MEMORY_LIMIT: '1GB' })
    const before = await threads()
    let most = before
    let over = false
    const ended = investigateSample(admin).finally(() => {
      over = true
    })
    while (!over) most = Math.max(most, await threads())
    t.match(await ended, { type: 'complete' })
    t.ok(most - before >= 60, `${before} threads became ${most}`)
  },
  async DUCKDB_MEMORY_LIMIT(t) {
    await t.rejects(
      start({ DUCKDB_MEMORY_LIMIT: '1KB' }),
      { message: /Out of Memory/ },
      'the sample is not read',
    )
    t.match(await investigateSample(usual.admin), { type: 'complete' })
  },
  async ALLOW_ANONYMOUS_IN_PRODUCTION(t) {
    const production = { NODE_ENV: 'production', JWT_SECRET, ALLOW_ANONYMOUS: 'true' }
    t.throws(() => loadConfig(production), ConfigError)
    t.equal(loadConfig({ ...production, ALLOW_ANONYMOUS_IN_PRODUCTION: 'true' }).ALLOW_ANONYMOUS, true)
  },
}
