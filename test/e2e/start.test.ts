import { execFileSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { client, login, type Process, runToEnd, startProcess, temporaryFolder } from '../support/process.ts'
import { fromRoot } from '../support/root.ts'

t.setTimeout(300_000)

const SECRET = 'thirty-two bytes or more, and not known'

t.test('settings that cannot be used stop the start with one message', async (t) => {
  const [wrong, production, weak, nobody] = await Promise.all([
    runToEnd({
      DATA_DIR: await temporaryFolder(),
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      ENABLE_WEBSOCKET: 'perhaps',
      DATABASE_URL: 'mysql://127.0.0.1/x',
      REDIS_URL: 'http://127.0.0.1',
      CORS_ORIGINS: 'https://*.example',
      MAX_DATASET_BYTES: '-1',
    }),
    runToEnd({
      DATA_DIR: await temporaryFolder(),
      NODE_ENV: 'production',
      ADMIN_PASSWORD: 'a good password',
    }),
    runToEnd({
      DATA_DIR: await temporaryFolder(),
      NODE_ENV: 'production',
      JWT_SECRET: 'short',
      ALLOW_ANONYMOUS: 'true',
    }),
    runToEnd({ DATA_DIR: await temporaryFolder(), NODE_ENV: 'production', JWT_SECRET: SECRET }),
  ])
  for (const { code, output } of [wrong, production, weak, nobody]) {
    t.equal(code, 1)
    t.notMatch(output, /\n\s+at |listens on/, 'neither a stack nor a server')
  }
  const keys = (output: string) => [...output.matchAll(/^ {2}([A-Z_]+): /gm)].map(([, key]) => key).sort()
  t.same(keys(wrong.output), [
    'CORS_ORIGINS',
    'DATABASE_URL',
    'ENABLE_WEBSOCKET',
    'LOG_LEVEL',
    'MAX_DATASET_BYTES',
    'PORT',
    'REDIS_URL',
  ])
  t.same(keys(production.output), ['JWT_SECRET'])
  t.same(keys(weak.output), ['ALLOW_ANONYMOUS', 'JWT_SECRET'])
  t.notMatch(weak.output, /short/, 'a secret is not printed')
  t.match(nobody.output, /ADMIN_PASSWORD/)
})

t.test('a first start makes what it needs, and the next one finds it', async (t) => {
  const DATA_DIR = await temporaryFolder()
  const first = await startProcess({ DATA_DIR, ADMIN_PASSWORD: '', CORS_ORIGINS: 'https://app.example' })
  t.match(first.output(), /^console: http:\/\/127\.0\.0\.1:\d+\//m)
  const printed = (process: Process) => /^password: (\S+)$/m.exec(process.output())?.[1]
  const password = printed(first) as string
  t.ok(password.length >= 10, 'a password is printed once')
  const admin = await login(first.url, 'admin', password)

  await t.test('with the bundled sample', async (t) => {
    const { body } = await admin.get('/api/v1/datasets')
    t.match(body, { items: [{ dataset_id: 'sample', synthetic: true }], next: null })
    t.ok(body.items[0].rows > 100)
  })

  await t.test('and nothing readable of the password', async (t) => {
    for (const name of await readdir(DATA_DIR, { recursive: true })) {
      const content = await readFile(join(DATA_DIR, name), 'latin1').catch(() => '')
      t.notOk(content.includes(password), `${name} does not have it`)
    }
  })

  await t.test('with CORS for the origins that were named', async (t) => {
    const asked = (origin: string) =>
      client(first.url).call('OPTIONS', '/api/v1/datasets', {
        headers: {
          origin,
          'access-control-request-method': 'GET',
          'access-control-request-headers': 'authorization,last-event-id',
        },
      })
    const friend = await asked('https://app.example')
    t.equal(friend.headers.get('access-control-allow-origin'), 'https://app.example')
    for (const origin of ['https://evil.example', 'null', 'https://app.example.evil.example']) {
      const answer = await asked(origin)
      t.not(answer.headers.get('access-control-allow-origin'), origin)
      t.not(answer.headers.get('access-control-allow-origin'), '*')
    }
    t.equal((await client(first.url).call('OPTIONS', '/api/v1/datasets')).status, 204)
    const changing = await client(first.url).call('OPTIONS', '/api/v1/datasets/x', {
      headers: { origin: 'https://app.example', 'access-control-request-method': 'DELETE' },
    })
    t.match(changing.headers.get('access-control-allow-methods') ?? '', /DELETE/)
    const stream = await admin.events('/api/v1/channels/topic:x/events', {
      headers: { origin: 'https://app.example' },
    })
    t.equal(stream.headers['access-control-allow-origin'], 'https://app.example')
    stream.close()
  })

  t.same(await first.kill('SIGINT'), { code: 0, signal: null }, 'which an interrupt ends at once')
  // The second start has no other packages than an image has.
  const image = await temporaryFolder()
  execFileSync(process.execPath, ['image.mjs', image], { cwd: fromRoot('') })
  const packages = await readdir(join(image, 'node_modules'))
  t.notOk(packages.includes('fastify') || packages.includes('esbuild'), 'the rest is in the build')
  const second = await startProcess({ DATA_DIR, ADMIN_PASSWORD: '' }, image)
  t.equal(printed(second), undefined, 'it is not printed again')
  t.equal((await client(second.url, admin.token).get('/api/v1/datasets')).status, 200, 'tokens stay good')
  const preflight = { origin: 'https://app.example', 'access-control-request-method': 'GET' }
  const refused = await client(second.url).call('OPTIONS', '/api/v1/datasets', { headers: preflight })
  t.equal(refused.status, 404, 'where no origin is named, there are no preflights')
  const again = await login(second.url, 'admin', password)
  t.match((await again.get('/api/v1/datasets/sample/contracts?limit=1')).body, { items: [{ line: 2 }] })
  t.equal((await client(second.url).get('/docs/')).status, 200)
  t.equal((await client(second.url).post('/auth/login', { username: 'admin', password: 'x' })).status, 401)
})
