import { execFileSync } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import { postgresTools, startPostgresOf } from '../support/postgres.ts'
import { login, startProcess, temporaryFolder } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { fromRoot } from '../support/root.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(120_000)

/** The commands of a section of docs/operate.md, as they are printed there. */
const commands = async (heading: string): Promise<string> => {
  const page = await readFile(fromRoot('docs/operate.md'), 'utf8')
  const section = page.slice(page.indexOf(`### ${heading}`))
  return /```sh\n([\s\S]*?)```/.exec(section)?.[1] as string
}

t.test('a backup taken while the service runs is restored by the documented commands', async (t) => {
  const service = await startProcess()
  const before = await login(service.url)
  const { investigation_id, stream_url } = await before.investigate('sample')
  await (await before.events(stream_url)).ended()
  const anomalies = await before.get(`/api/v1/investigations/${investigation_id}/anomalies`)
  const backup = await temporaryFolder()
  const env = { ...process.env, DATA_DIR: service.dataDir, BACKUP: join(backup, 'today') }
  execFileSync('bash', ['-euc', await commands('Backup of one process')], { cwd: fromRoot(''), env })
  const { body } = await before.post('/api/v1/investigations', { query: 'everything', dataset_id: 'sample' })
  await service.kill()

  const restored = join(await temporaryFolder(), 'data')
  execFileSync('bash', ['-euc', await commands('Restore of one process')], {
    cwd: fromRoot(''),
    env: { ...env, DATA_DIR: restored },
  })
  const again = await startProcess({ DATA_DIR: restored })
  const after = await login(again.url)
  t.same((await after.get(`/api/v1/investigations/${investigation_id}/anomalies`)).body, anomalies.body)
  t.equal((await after.get(`/api/v1/investigations/${body.investigation_id}`)).status, 404, 'came later')
  t.match((await after.get('/api/v1/audit/verify')).body, { valid: true, first_broken: null })
  const checkpoint = await after.post('/api/v1/audit/checkpoints')
  t.equal(checkpoint.status, 201)
  t.match((await after.get('/api/v1/audit/verify')).body, { valid: true }, 'signed on by the same key')
  const kept = await readdir(restored)
  t.ok(kept.includes('audit-key.pem'), 'the key that signs the audit log is in the backup')
  t.equal((await stat(restored)).mode & 0o077, 0, 'and nobody else can read it')
})

t.test(
  'several instances are restored from PostgreSQL, and what was under way is ended honestly',
  async (t) => {
    const tools = postgresTools()
    const [redis, postgres, { env: vendor, next }] = await Promise.all([
      startRedis(),
      startPostgresOf(tools),
      openXai(),
    ])
    t.teardown(() => Promise.all([redis.stop(), postgres.stop()]))
    const makeDatabase = async (name: string): Promise<string> => {
      const client = new pg.Client({ connectionString: postgres.url('postgres') })
      await client.connect()
      await client.query(`create database ${name} encoding 'UTF8' template template0`)
      await client.end()
      return postgres.url(name)
    }
    const settings = {
      ...vendor,
      REDIS_URL: redis.url,
      DATABASE_URL: await makeDatabase('before'),
      JWT_SECRET: 'a secret that all instances share, and the restored ones',
      DATA_DIR: await temporaryFolder(),
      STREAM_LEASE_MS: '1000',
    }
    const [one, two] = await Promise.all([startProcess(settings), startProcess(settings)])
    const before = await login(one.url)
    const elsewhere = await login(two.url)
    const { investigation_id, stream_url } = await before.investigate('sample')
    await (await elsewhere.events(stream_url)).ended()
    const anomalies = await before.get(`/api/v1/investigations/${investigation_id}/anomalies`)
    const uploaded = await before.upload(Buffer.from('contract_id,supplier_name,value\nA,B,1\n'), {
      name: 'mine',
    })
    next({ tokens: ['half of ', 'an answer'], stall: 'between' })
    const running = await elsewhere.socket('/api/v1/ws/chat/kept')
    running.send({ type: 'message', content: 'Hello', provider: 'xai' })
    const { stream_id } = await running.next(({ type }) => type === 'agent_response')

    const env = { ...process.env, PATH: `${tools}:${process.env.PATH}`, BACKUP: await temporaryFolder() }
    const run = async (heading: string, DATABASE_URL: string) =>
      execFileSync('bash', ['-euc', await commands(heading)], {
        cwd: fromRoot(''),
        env: { ...env, DATABASE_URL },
      })
    await run('Backup of several instances', settings.DATABASE_URL)
    t.equal((await stat(join(env.BACKUP, 'tributary.dump'))).mode & 0o077, 0, 'nobody else can read it')
    const later = await before.upload(Buffer.from('contract_id,supplier_name,value\nC,D,1\n'), {
      name: 'later',
    })
    t.equal(later.status, 201)
    await Promise.all([one.kill(), two.kill()])

    const restored = { ...settings, DATABASE_URL: await makeDatabase('after') }
    await run('Restore of several instances', restored.DATABASE_URL)
    await redis.command('FLUSHALL')
    const again = await startProcess(restored)
    const after = await login(again.url)
    t.match((await after.get('/api/v1/audit/verify')).body, { valid: true, first_broken: null })
    t.equal((await after.post('/api/v1/audit/checkpoints')).status, 201)
    t.same((await after.get(`/api/v1/investigations/${investigation_id}/anomalies`)).body, anomalies.body)
    t.equal((await after.get(`/api/v1/datasets/${uploaded.body.dataset_id}`)).status, 200)
    t.equal((await after.get(`/api/v1/datasets/${later.body.dataset_id}`)).status, 404, 'came later')
    t.ok((await after.investigate(uploaded.body.dataset_id)).stream_id, 'work goes on')

    const ended = await after.events(`/api/v1/streams/${stream_id}/events`)
    await ended.ended()
    const ends = ended.events.map(({ data }) => JSON.parse(data)).filter(({ error_code }) => error_code)
    t.same(
      ends.map(({ error_code }) => error_code),
      ['INTERRUPTED'],
      'the answer under way has one end',
    )
    const { body } = await after.get('/api/v1/chat/sessions/kept/messages')
    t.match(body.items.at(-1), { role: 'assistant', state: 'error' })
  },
)
