/**
 * `npm run release:leave` builds the previous release from history, lives a while with it, kills it, and writes down what
 * it left, and its interfaces: `test/release/<version>`. It is run once for each release, when that has become the previous
 * one; what it writes is reviewed and kept.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { PREVIOUS } from '../../deploy/release/previous.ts'
import { surfaceOf } from '../../deploy/release/surface.ts'
import { postgresTools, startPostgresOf } from '../support/postgres.ts'
import { client, startProcess, temporaryFolder } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { openXai } from '../support/xai.ts'
import { dumpPostgres, dumpRedis, dumpSqlite } from './dump.ts'
import { buildPrevious, leftBehind } from './previous.ts'
import { AUDIT_KEY, JWT_SECRET, live, startPncp } from './story.ts'

t.setTimeout(300_000)

const [root, pncp, xai] = [await buildPrevious(), await startPncp(), await openXai()]
t.teardown(() => pncp.close())

const write = async (name: string, text: string): Promise<void> => {
  const path = leftBehind(name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, text)
  t.comment(`${name}: ${Buffer.byteLength(text)} bytes`)
}

/** Lives with the old release under settings, and kills it in the middle of its work. */
const leave = async (name: string, settings: Record<string, string>): Promise<void> => {
  const service = await startProcess(
    {
      ...xai.env,
      LLM_PROVIDERS: 'xai,local',
      PNCP_BASE_URL: pncp.url,
      JWT_SECRET,
      LOG_LEVEL: 'warn',
      ...settings,
    },
    root,
  )
  const documents = ['/docs/json', '/docs/asyncapi.json'].map(
    async (path) => (await client(service.url).get(path)).body,
  )
  const [openApi, asyncApi] = await Promise.all(documents)
  await write('interface.txt', surfaceOf(openApi, asyncApi))
  const { told, unfinished } = await live(service.url, xai.next)
  await service.kill()
  await write(`${name}/told.jsonl`, told.map((one) => `${JSON.stringify(one)}\n`).join(''))
  await write(`${name}/unfinished.jsonl`, `${JSON.stringify(unfinished)}\n`)
}

t.test(`what ${PREVIOUS.version} leaves in a folder`, async () => {
  const DATA_DIR = await temporaryFolder()
  await writeFile(join(DATA_DIR, 'audit-key.pem'), AUDIT_KEY, { mode: 0o600 })
  await leave('sqlite', { DATA_DIR })
  await write('sqlite/store.sql', dumpSqlite(join(DATA_DIR, 'tributary.db')))
})

t.test(`what ${PREVIOUS.version} leaves in PostgreSQL and Redis`, async (t) => {
  const [postgres, redis] = await Promise.all([startPostgresOf(postgresTools()), startRedis()])
  t.teardown(() => Promise.all([postgres.stop(), redis.stop()]))
  const DATABASE_URL = postgres.url('postgres')
  await leave('postgres', { DATABASE_URL, REDIS_URL: redis.url, AUDIT_SIGNING_KEY: AUDIT_KEY })
  await write('postgres/store.sql', dumpPostgres(DATABASE_URL))
  await write('postgres/redis.jsonl', await dumpRedis(redis.url))
})
