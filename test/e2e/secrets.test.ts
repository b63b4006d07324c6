import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import { freePort } from '../support/port.ts'
import { startPostgres } from '../support/postgres.ts'
import {
  type Answer,
  client,
  login,
  newUser,
  runToEnd,
  startProcess,
  USER_PASSWORD,
} from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(180_000)

/** Everything that nobody may ever read again, by what it is. */
const secrets = new Map<string, string>()
/** Makes a secret that is long and random, so that finding it is no accident. */
const secret = (name: string): string => {
  const text = `Sentinel${randomBytes(12).toString('hex')}`
  secrets.set(name, text)
  return text
}
const holdsNone = (t: Test, where: string, text: string): void => {
  const found = [...secrets].filter(([, value]) => text.includes(value)).map(([name]) => name)
  t.same(found, [], where)
}

let traced = ''
const receiver = createServer(async (request, response) => {
  for await (const chunk of request.setEncoding('utf8')) traced += chunk
  response.setHeader('content-type', 'application/json').end('{}')
}).listen(0, '127.0.0.1')
await once(receiver, 'listening')

const [redis, postgres, { env, next }] = await Promise.all([
  startRedis(),
  startPostgres('fsync=off'),
  openXai(),
])
t.teardown(async () => {
  receiver.close()
  await Promise.all([redis.stop(), postgres.stop()])
})
const asOwner = async (...statements: string[]): Promise<pg.QueryResult[]> => {
  const owner = new pg.Client({ connectionString: postgres.url('tributary_secrets') })
  await owner.connect()
  const results: pg.QueryResult[] = []
  for (const statement of statements) results.push(await owner.query(statement))
  await owner.end()
  return results
}
const maker = new pg.Client({ connectionString: postgres.url('postgres') })
await maker.connect()
await maker.query('create database tributary_secrets')
await maker.end()
await asOwner(`create role app superuser login password '${secret('the password of PostgreSQL')}'`)
await redis.command('ACL', 'SETUSER', 'app', 'on', `>${secret('the password of Redis')}`, '~*', '&*', '+@all')

const databaseUrl = new URL(postgres.url('tributary_secrets'))
databaseUrl.username = 'app'
databaseUrl.password = secrets.get('the password of PostgreSQL') as string
const redisUrl = `redis://app:${secrets.get('the password of Redis')}@${redis.host}:${redis.port}`
const adminPassword = secret('the password of the administrator')
const settings = {
  ...env,
  LOG_LEVEL: 'trace',
  DATABASE_URL: databaseUrl.href,
  REDIS_URL: redisUrl,
  ADMIN_PASSWORD: adminPassword,
  JWT_SECRET: secret('the key of the tokens'),
  METRICS_TOKEN: secret('the token of the metrics'),
  XAI_API_KEY: secret("a vendor's key"),
  PORTAL_API_KEY: secret("a source's key"),
  HTTPS_PROXY: `http://proxy:${secret('the password of the proxy')}@127.0.0.1:9`,
  HTTP_PROXY: `http://proxy:${secrets.get('the password of the proxy')}@127.0.0.1:9`,
  NO_PROXY: '127.0.0.1',
  LLM_PROVIDERS: 'xai,local',
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
}
const service = await startProcess(settings)
secrets.set("a user's password", USER_PASSWORD)
const admin = await login(service.url, 'admin', adminPassword)
const stranger = client(service.url)
const answers: Answer[] = []
const ask = async (answer: Promise<Answer>): Promise<Answer> => {
  answers.push(await answer)
  return answer
}

/** Sends secrets in every place in which a client or a vendor may put them. */
const plant = async (): Promise<void> => {
  const wrong = secret('a wrong token')
  const headers = {
    authorization: `Bearer ${wrong}`,
    cookie: `session=${secret('a cookie')}`,
    'x-api-key': secret('a key in a header'),
    referer: `http://x/?token=${secret('a token in a referrer')}`,
  }
  await ask(admin.call('GET', '/api/v1/streams', { headers }))
  await ask(stranger.call('GET', '/metrics', { headers: { ...headers, 'x-forwarded-for': '203.0.113.7' } }))
  for (const name of ['token', 'ticket', 'TOKEN', 'access_token', 'api_key', 'to%6ben'])
    for (const path of ['/api/v1/streams', '/nowhere', '/api/v1/streams/no/events', '/api/v1/audit/export'])
      await ask(stranger.get(`${path}?a=1&${name}=${secret(`?${name}`)}&b=2`))
  const socket = (path: string) =>
    stranger.socket(path).then(
      (open) => open.close(),
      () => undefined,
    )
  await socket(`/api/v1/ws?token=${secret('?token of a socket')}`)
  await ask(stranger.post('/auth/login', { username: 'admin', password: secret('a wrong password') }))
  await ask(stranger.post('/auth/login', { username: 1, password: secret('a password beside a bad field') }))
  await ask(
    stranger.call('POST', '/auth/login', {
      body: `{"username":"admin","password":"${secret('a password in broken JSON')}`,
      type: 'application/json',
    }),
  )
  await ask(stranger.post('/api/v1/auth/refresh', { refresh_token: secret('a wrong refresh token') }))
  await ask(
    admin.post('/api/v1/users', { username: 'ana', password: secret("a user's first password"), role: 'x' }),
  )
  const user = await newUser(admin, service.url, 'ana')
  const { body } = await admin.get('/api/v1/users')
  const ana = body.items.find(({ username }: { username: string }) => username === 'ana')
  await ask(
    admin.call('PATCH', `/api/v1/users/${ana.id}`, { body: { password: secret("a user's next password") } }),
  )
  const room = await admin.socket('/api/v1/ws')
  room.send({ type: 'auth', token: secret('a token on a socket') })
  await room.next(({ type }) => type === 'error')
  room.send(`{"type":"auth","token":"${secret('a token in broken JSON')}`)
  room.close()
  holdsNone(t, 'a socket', JSON.stringify(room.messages))

  const signedIn = await stranger.post('/auth/login', { username: 'admin', password: adminPassword })
  secrets.set('an access token', signedIn.body.access_token)
  secrets.set('a refresh token', signedIn.body.refresh_token)
  secrets.set('the access token of a user', user.token)
  const issued = await client(service.url, signedIn.body.access_token).post('/api/v1/auth/tickets')
  secrets.set('a ticket', issued.body.ticket)
  await ask(stranger.get(`/api/v1/streams?ticket=${issued.body.ticket}`))
  await ask(stranger.get(`/api/v1/audit/export?token=${signedIn.body.access_token}`))
  await stranger.post('/api/v1/auth/refresh', { refresh_token: signedIn.body.refresh_token })
  await ask(stranger.post('/api/v1/auth/refresh', { refresh_token: signedIn.body.refresh_token }))

  const key = secrets.get("a vendor's key") as string
  for (const status of [401, 403, 429, 500]) {
    next({ status, body: JSON.stringify({ error: { message: `bad key ${key}`, code: key } }) })
    await ask(admin.post('/api/v1/chat/stream', { message: 'hello', provider: 'xai' }))
  }
  next({ tokens: ['a'], errorInside: { message: `the key ${key}` } })
  await ask(
    admin.post('/v1/chat/completions', { model: 'xai/grok', messages: [{ role: 'user', content: 'hi' }] }),
  )
  const far = {
    query: 'all',
    data_source: 'portal',
    filters: { start_date: '2024-01-01', end_date: '2024-01-02' },
  }
  const started = await ask(admin.post('/api/v1/investigations', far))
  if (started.body?.stream_url) await (await admin.events(started.body.stream_url)).ended()
}

/** The places that operators and users look at. */
const look = async (): Promise<void> => {
  for (const path of [
    '/metrics',
    '/docs/json',
    '/docs/asyncapi.json',
    '/',
    '/health/ready',
    '/api/v1/observability',
    '/api/v1/providers',
    '/api/v1/streams',
    '/api/v1/users',
    '/api/v1/audit/events?limit=1000',
    '/api/v1/audit/export?format=ndjson',
    '/api/v1/auth/session',
  ])
    await ask(admin.get(path))
}

/** Waits until the service's log has something new of that kind, and asks meanwhile. */
const until = async (pattern: RegExp, provoke: () => Promise<unknown>): Promise<void> => {
  const from = service.output().length
  while (!pattern.test(service.output().slice(from))) {
    await provoke()
    await sleep(50)
  }
}
const touchAll = () =>
  Promise.all([
    ask(admin.get('/health/ready')),
    ask(admin.get('/api/v1/streams')),
    ask(admin.post('/api/v1/channels/topic:x/publications', { n: 1 })),
    ask(stranger.post('/auth/login', { username: 'admin', password: secret('a password in a fault') })),
  ])

t.test('no secret is told, whoever sends it wherever, and whatever fails', async (t) => {
  await plant()
  await look()

  await t.test('while Redis refuses, and while it is gone', async () => {
    await redis.command('ACL', 'SETUSER', 'app', 'resetpass', '>another')
    await redis.command('CLIENT', 'KILL', 'USER', 'app')
    await until(/"code":"BUS_UNAVAILABLE"/, touchAll)
    await redis.kill()
    await until(/"code":"BUS_UNAVAILABLE"/, touchAll)
  })
  await t.test('while PostgreSQL refuses, and while it is gone', async () => {
    await asOwner(
      `alter role app password 'another'`,
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'`,
    )
    await until(/password authentication failed/, touchAll)
    await look()
    const before = await asOwner(
      `select string_agg(format('select %L, %I::text from %I', table_name, table_name, table_name), ' union all ') as all
        from information_schema.tables where table_schema = 'public'`,
    )
    const [rows] = await asOwner(before[0]?.rows[0].all)
    const kept = (rows as pg.QueryResult).rows.map((row) => JSON.stringify(row)).join('\n')
    t.match(kept, 'auth.login', 'the rows of all tables, as a dump has them')
    holdsNone(t, 'a dump', kept)
    await postgres.stop()
    await until(/ECONNREFUSED|terminat/, touchAll)
  })

  await service.kill('SIGTERM')
  for (const { status, headers, text } of answers)
    holdsNone(t, `an answer ${status}`, text + JSON.stringify([...headers]))
  holdsNone(t, 'the log', service.output())
  holdsNone(t, 'the traces', traced)
  t.ok(answers.some(({ status }) => status >= 500))
  t.ok(traced.includes('http.route'))
  t.match(service.output(), '[redacted]')
})

t.test('a start that fails tells no secret', async (t) => {
  const { password } = databaseUrl
  const nowhere = await freePort()
  const bad: Record<string, string>[] = [
    { DATABASE_URL: `postgres://app:${password}@127.0.0.1:${nowhere}/x` },
    { DATABASE_URL: `postgres://app:${password}@127.0.0.1:port/x` },
    { DATABASE_URL: `postgres://app:${password}@no.such.host.invalid/x` },
    { DATABASE_URL: `mysql://app:${password}@127.0.0.1/x` },
    { REDIS_URL: `redis://app:${secrets.get('the password of Redis')}@127.0.0.1:port` },
    { REDIS_URL: `http://app:${secrets.get('the password of Redis')}@127.0.0.1` },
    { JWT_SECRET: (secrets.get('a ticket') as string).slice(0, 9), NODE_ENV: 'production' },
    { HTTPS_PROXY: `socks://proxy:${secrets.get('the password of the proxy')}@127.0.0.1:9` },
    { AUDIT_SIGNING_KEY: secret('a key that is none') },
    { XAI_BASE_URL: `http://user:${secret('a password in a base URL')}@127.0.0.1:port` },
    { METRICS_TOKEN: secrets.get('the token of the metrics') as string, PORT: 'no' },
  ]
  secrets.set('a short key', (secrets.get('a ticket') as string).slice(0, 9))
  for (const env of bad) {
    const { code, output } = await runToEnd({ ...env, DATA_DIR: service.dataDir })
    t.not(code, 0, Object.keys(env).join())
    t.ok(output.length > 0)
    holdsNone(t, `${Object.keys(env).join()}: ${output.slice(0, 100)}`, output)
  }
})
