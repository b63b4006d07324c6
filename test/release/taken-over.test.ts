import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { PREVIOUS } from '../../deploy/release/previous.ts'
import { endsSeen } from '../support/conversation.ts'
import { until } from '../support/deployment.ts'
import {
  client,
  told as heard,
  isTerminal,
  startProcess,
  temporaryFolder,
  USER_PASSWORD,
} from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { testStoreOptions } from '../support/store.ts'
import { openXai } from '../support/xai.ts'
import { restorePostgres, restoreRedis, restoreSqlite } from './dump.ts'
import { leftBehind } from './previous.ts'
import { AUDIT_KEY, JWT_SECRET, PAGES, signIn, startPncp, type Told, type Unfinished } from './story.ts'

t.setTimeout(300_000)

const read = (name: string): Promise<string> => readFile(leftBehind(name), 'utf8')
const records = async <T>(name: string): Promise<T[]> =>
  (await read(name))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

/** A folder as the previous release left it. */
const leftFolder = async (): Promise<Record<string, string>> => {
  const DATA_DIR = await temporaryFolder()
  restoreSqlite(join(DATA_DIR, 'tributary.db'), await read('sqlite/store.sql'))
  await writeFile(join(DATA_DIR, 'audit-key.pem'), AUDIT_KEY, { mode: 0o600 })
  return { DATA_DIR }
}

/** A database and a Redis as the previous release left them; the Redis has gone on running since. */
const leftServers = async (t: Test): Promise<Record<string, string>> => {
  const [store, redis] = await Promise.all([testStoreOptions('postgres'), startRedis()])
  t.teardown(() => redis.stop())
  const DATABASE_URL = 'url' in store ? store.url : ''
  await restorePostgres(DATABASE_URL, await read('postgres/store.sql'))
  await restoreRedis(redis.url, await read('postgres/redis.jsonl'))
  return { DATABASE_URL, REDIS_URL: redis.url, AUDIT_SIGNING_KEY: AUDIT_KEY }
}

for (const [name, place, isFilled] of [
  ['sqlite', leftFolder, false],
  ['postgres', leftServers, true],
] as const)
  t.test(`what ${PREVIOUS.version} left on ${name} is taken over`, async (t) => {
    const [told, [unfinished], pncp, xai, settings] = await Promise.all([
      records<Told>(`${name}/told.jsonl`),
      records<Unfinished>(`${name}/unfinished.jsonl`),
      startPncp(),
      openXai(),
      place(t),
    ])
    pncp.open()
    t.teardown(() => pncp.close())
    const { url } = await startProcess({
      ...xai.env,
      LLM_PROVIDERS: 'xai,local',
      PNCP_BASE_URL: pncp.url,
      JWT_SECRET,
      STREAM_LEASE_MS: '1000',
      ...settings,
    })
    const users = await signIn(url)
    const { ana, leo, rita, paulo, admin } = users
    const { turn, investigation, channel } = unfinished as Unfinished

    t.test('everybody reads what they had', async (t) => {
      for (const { as, path, body } of told) {
        const answer = await users[as].get(path)
        t.equal(answer.status, 200, path)
        // The log signs itself once an hour, so newer checkpoints stand before those that were there.
        const since = path.endsWith('/checkpoints') ? answer.body.items.length - body.items.length : 0
        const { items } = answer.body
        t.hasStrict(since > 0 ? { ...answer.body, items: items.slice(since) } : answer.body, body, path)
      }
      const of = (part: string) => told.find(({ path }) => path.includes(part))?.path as string
      for (const path of [of('/sessions/talk/'), of('/anomalies')])
        t.same((await leo.get(path)).body, (await ana.get(path)).body, 'what was shared is shared')
      t.equal((await leo.get(of('/datasets/'))).status, 404, 'and nothing else')
      const gone = { username: 'left', password: USER_PASSWORD }
      t.equal((await client(url).post('/auth/login', gone)).status, 401, 'who was disabled is')
    })

    t.test('a dataset is asked, and investigated to the same findings', async (t) => {
      const message = {
        session_id: 'talk',
        message: 'Quantos contratos há na Prefeitura?',
        provider: 'local',
      }
      t.match((await ana.post('/api/v1/chat/message', message)).body.content, /\b7\b/)
      const dataset = told.find(({ path }) => path.includes('/contracts'))?.path.split('/')[4] as string
      const { investigation_id, stream_url } = await ana.investigate(dataset, { language: 'pt' })
      await (await ana.events(stream_url)).ended()
      const { body } = await ana.get(`/api/v1/investigations/${investigation_id}/anomalies?limit=100`)
      const idsOf = ({ items }: { items: { anomaly_id: string }[] }) => items.map((one) => one.anomaly_id)
      const before = told.find(({ path }) => path.includes('/anomalies'))?.body as typeof body
      t.same(idsOf(body), idsOf(before))
    })

    t.test('the turn that was under way has one end, and keeps its text', async (t) => {
      const events = await ana.events(`/api/v1/chat/stream/${turn.stream_id}`, { lastEventId: turn.id })
      await events.ended()
      const [recovery, snapshot] = events.events
      t.match(JSON.parse(recovery?.data ?? ''), { type: 'recovery', recovered: isFilled })
      if (!isFilled) t.equal(JSON.parse(snapshot?.data ?? '').state.content, turn.content)
      t.same(endsSeen(events.events), ['error'])
      t.match(JSON.parse(events.events.at(-1)?.data ?? ''), { error_code: 'INTERRUPTED' })
      const { body } = await ana.get(`/api/v1/chat/sessions/${turn.session_id}/messages`)
      t.match(body.items.at(-1), { role: 'assistant', state: 'error', content: turn.content })
    })

    t.test('the investigation that was under way is finished', async (t) => {
      const events = await ana.events(`/api/v1/investigations/stream/${investigation.investigation_id}`, {
        lastEventId: investigation.id,
      })
      await events.ended()
      t.match(JSON.parse(events.events[0]?.data ?? ''), { type: 'recovery', recovered: isFilled })
      const [end, ...more] = heard(events).filter(isTerminal)
      t.match(end, { type: 'complete', records_processed: 2 * PAGES })
      t.same(more, [])
    })

    t.test('a channel goes on, or says that it begins anew', async (t) => {
      const { name, ids, data, key } = channel
      const seen = 3
      const reader = await ana.events(`/api/v1/channels/${name}/events`, {
        lastEventId: ids[seen - 1] as string,
      })
      const publish = (body: unknown, headers = {}) =>
        paulo.call('POST', `/api/v1/channels/${name}/publications`, { body, headers })
      t.match(JSON.parse((await reader.next()).data), { type: 'recovery', recovered: isFilled })
      if (isFilled) {
        const rest = await reader.take(data.length - seen)
        t.same(
          rest.map(({ id }) => id),
          ids.slice(seen),
        )
        t.same(
          rest.map((event) => JSON.parse(event.data)),
          data.slice(seen),
        )
        const [epoch, offset] = (ids.at(-1) as string).split(':')
        const again = await publish(data.at(-1), { 'idempotency-key': key })
        t.same(again.body, { epoch, offset: Number(offset) }, 'what was published is not published again')
      }
      const { body } = await publish({ n: 'new' })
      const next = await reader.next(({ event }) => event === undefined)
      t.match(next, { id: `${body.epoch}:${body.offset}`, data: '{"n":"new"}' })
      t.equal(body.epoch === ids[0]?.split(':')[0], isFilled)
      if (isFilled) t.equal(body.offset, ids.length + 1)
      reader.close()
    })

    t.test('the audit log is whole across both', async (t) => {
      const verified = await until(
        'the ends in the log',
        async () => (await rita.get('/api/v1/audit/verify')).body,
        ({ checked }) => checked > 30,
      )
      t.match(verified, { valid: true, first_broken: null })
      t.equal((await admin.post('/api/v1/audit/checkpoints')).status, 201, 'and is signed on')
      t.match((await rita.get('/api/v1/audit/verify')).body, { valid: true })
    })
  })
