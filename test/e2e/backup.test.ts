import { execFileSync } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { login, startProcess, temporaryFolder } from '../support/process.ts'
import { fromRoot } from '../support/root.ts'

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
