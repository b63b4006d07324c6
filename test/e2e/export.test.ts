import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { auditLog } from '../../src/audit/log.ts'
import { loadConfig } from '../../src/config.ts'
import { openStore, type Store } from '../../src/store/database.ts'
import type { Dialect } from '../../src/store/sql-dialect.ts'
import { ADMIN_PASSWORD, type Client, login, newUser } from '../support/process.ts'
import { DIALECTS, testStoreOptions } from '../support/store.ts'

const SEEDED = 20_000
/** Only seeded events have this type, so what the service writes itself does not mix with them. */
const SEED_TYPE = 'data.uploaded'
const PATH = `/api/v1/audit/export?event_type=${SEED_TYPE}`
const PATIENCE_MS = 20_000

/** Looks again and again; what is waited for happens elsewhere and tells nobody. */
const until = async <T>(look: () => Promise<T | undefined | false>, what: string): Promise<T> => {
  const deadline = Date.now() + PATIENCE_MS
  while (Date.now() < deadline) {
    const found = await look()
    if (found) return found
    await pause(10)
  }
  throw new Error(`waited in vain for ${what}`)
}

/** Events of some 800 bytes, every other one of grave severity, a day apart from the rest at the end. */
const seed = async ({ db }: Store): Promise<void> => {
  const agent = 'a user agent, "quoted" '.repeat(20)
  await sql`insert into audit_events (seq, id, timestamp, event_type, severity, message, user_id, success, user_agent, prev_hash, hash)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${sql.lit(SEEDED)})
    select i + 1000, 'seed-' || i, case when i > ${sql.lit(SEEDED - 10)} then 1767225600000 else 1767139200000 end,
      ${sql.lit(SEED_TYPE)}, case when i % 2 = 0 then 'high' else 'low' end, '=1+' || i, 'user-' || (i % 4), 1,
      ${sql.lit(agent)}, 'p' || i, 'h' || i from n`.execute(db)
}

const startService = async (t: Test, dialect: Dialect) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-export-'))
  const given = await testStoreOptions(dialect)
  const options = given.dialect === 'sqlite' ? { ...given, path: join(dataDir, 'tributary.db') } : given
  const app = await buildApp(
    loadConfig({
      NODE_ENV: 'test',
      DATA_DIR: dataDir,
      ADMIN_PASSWORD,
      PASSWORD_COST: '10',
      ...(options.dialect === 'postgres' ? { DATABASE_URL: options.url } : {}),
    }),
    { write: () => undefined },
  )
  const url = await app.server.listen({ host: '127.0.0.1', port: 0 })
  const store = await openStore(options)
  await seed(store)
  t.teardown(async () => {
    await app.close()
    await store.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  const admin = await login(url)
  return { url, store, admin, auditor: await newUser(admin, url, 'auditor', 'auditor'), dataDir }
}
type Service = Awaited<ReturnType<typeof startService>>

/** An answer of which nothing but what the socket's buffers take is read until it is asked for. */
const open = async (url: string, { token }: Client, headers = {}): Promise<IncomingMessage> => {
  const request = get(url, { agent: false, headers: { authorization: `Bearer ${token}`, ...headers } })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

/** What came until the connection broke; undefined when it ended whole. */
const brokenOff = async (response: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer)
    return undefined
  } catch {
    return Buffer.concat(chunks)
  }
}

const streamOf = (response: IncomingMessage): string => String(response.headers['x-stream-id'])
const stateOf = async (client: Client, id: string) => (await client.get(`/api/v1/streams/${id}`)).body
const ended = (client: Client, id: string) =>
  until(async () => {
    const stream = await stateOf(client, id)
    return stream.state !== 'running' && stream
  }, 'the end of an export')

const readersOf = async ({ store }: Service): Promise<number> => {
  if (store.dialect === 'sqlite') return 0
  const { rows } =
    await sql`select 1 from pg_stat_activity where application_name = 'tributary-lines' and datname = current_database()`.execute(
      store.db,
    )
  return rows.length
}

/** Makes the store fail every export that is under way; `heal` lets the next ones go on. */
const breakStore = async ({ store }: Service) => {
  if (store.dialect === 'postgres') {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tributary-lines' and datname = current_database()`.execute(
      store.db,
    )
    return async () => undefined
  }
  await store.db.schema.alterTable('audit_events').renameTo('audit_elsewhere').execute()
  return () => store.db.schema.alterTable('audit_elsewhere').renameTo('audit_events').execute()
}

const lineCount = (text: string): number => text.split('\n').length - 1

for (const dialect of DIALECTS) {
  t.test(`exports of the audit log from ${dialect}`, { timeout: 110_000 }, async (t) => {
    const service = await startService(t, dialect)
    const { url, admin, auditor, store } = service
    const whole = (await auditor.get(PATH)).text

    await t.test('a file says what it is, and has the rows and nothing else', async (t) => {
      const csv = await auditor.get(PATH)
      t.equal(csv.status, 200)
      t.equal(csv.headers.get('content-type'), 'text/csv; charset=utf-8')
      t.match(csv.headers.get('content-disposition'), /^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/)
      t.equal(csv.headers.get('cache-control'), 'no-store')
      t.equal(csv.headers.get('x-accel-buffering'), 'no')
      t.equal(lineCount(csv.text), SEEDED + 1)
      t.match(csv.text, /^id,timestamp,event_type,severity,message,user_id,user_email,success,/)
      t.match(csv.text, '\r\nseed-1,2025-12-31T00:00:00.000Z,data.uploaded,low,"\'=1+1","user-1",,true,')
      const json = await auditor.get(`${PATH}&format=json`)
      t.match(json.headers.get('content-type'), 'application/json')
      t.equal(json.body.length, SEEDED)
      const listed = (await auditor.get(`/api/v1/audit/events?event_type=${SEED_TYPE}&limit=100`)).body.items
      t.same(json.body.slice(0, 100), listed)
      const ndjson = await auditor.get(`${PATH}&format=ndjson`)
      t.same(
        ndjson.text
          .split('\n')
          .slice(0, 100)
          .map((line) => JSON.parse(line)),
        listed,
      )
      t.equal(lineCount(ndjson.text), SEEDED)
      t.equal((await auditor.call('HEAD', PATH)).status, 404)
    })

    await t.test('filters choose the rows; what cannot be meant is refused by name', async (t) => {
      const count = async (filter: string) =>
        lineCount((await auditor.get(`${PATH}&format=ndjson&${filter}`)).text)
      t.equal(await count('severity=high'), SEEDED / 2)
      t.equal(await count('severity=high,low'), SEEDED)
      t.equal(await count('severity=high&severity=critical&user_id=user-2'), SEEDED / 4)
      t.equal(await count('start_date=2026-01-01'), 10)
      t.equal(await count('end_date=2025-12-31'), SEEDED - 10, 'a day is meant up to its end')
      t.equal(await count('start_date=2025-12-31&end_date=2026-01-01&user_id=user-1'), SEEDED / 4)
      t.equal(lineCount((await auditor.get('/api/v1/audit/export?user_id=nobody')).text), 1, 'a header line')
      t.equal((await auditor.get('/api/v1/audit/export?user_id=nobody&format=json')).text, '[]')
      t.equal((await auditor.get('/api/v1/audit/export?user_id=nobody&format=ndjson')).text, '')
      for (const [query, field] of [
        ['start_date=2026-02-30', '?start_date'],
        ['end_date=tomorrow', '?end_date'],
        ['start_date=2026-01-02&end_date=2026-01-01', '?end_date'],
        ['severity=urgent', '?severity'],
        ['event_type=data.invented', '?event_type'],
        ['format=xlsx', '?format'],
        ['after=nobody', '?after'],
      ] as const) {
        const { status, body } = await auditor.get(`/api/v1/audit/export?${query}`)
        t.equal(status, 400, query)
        t.equal(body.errors[0].field, field)
      }
      const analyst = await newUser(admin, url, 'analyst')
      t.equal((await analyst.get(PATH)).status, 403)
      t.equal((await analyst.get('/api/v1/audit/stream')).status, 403)
      t.equal((await admin.get(`${PATH}&user_id=nobody`)).status, 200)
    })

    await t.test('gzip is the same file, and smaller', async (t) => {
      const response = await open(url + PATH, auditor, { 'accept-encoding': 'gzip' })
      t.equal(response.headers['content-encoding'], 'gzip')
      const packed = await buffer(response)
      t.ok(packed.length < whole.length / 5, `${packed.length} of ${whole.length} bytes`)
      t.ok(gunzipSync(packed).equals(Buffer.from(whole)))
    })

    await t.test(
      'a slow reader slows the database, not the others; later events are not in its file',
      async (t) => {
        const response = await open(url + PATH, auditor)
        const id = streamOf(response)
        const first = await until(async () => (await stateOf(auditor, id)).progress, 'progress')
        t.ok(first.bytes < whole.length / 2, `${first.bytes} bytes went into buffers`)
        const listed = (await auditor.get('/api/v1/streams?state=running')).body.items
        t.match(listed, [{ stream_id: id, kind: 'audit_export', state: 'running', channel: `stream:${id}` }])
        const log = auditLog(store)
        const appended = await Promise.all(
          Array.from({ length: 50 }, (_, n) => log.append({ event_type: SEED_TYPE, details: { n } })),
        )
        t.equal(appended.length, 50)
        const later = (await stateOf(auditor, id)).progress
        t.ok(later.bytes < whole.length / 2, 'nothing more is read than its buffers take')
        t.equal((await buffer(response)).toString(), whole)
        t.match(await ended(auditor, id), { state: 'completed', progress: { rows: SEEDED } })
        const told = (
          await auditor.get('/api/v1/audit/events?event_type=audit.exported&limit=1000')
        ).body.items.filter(({ resource_id }: { resource_id: string }) => resource_id === id)
        t.match(told, [
          { details: { state: 'started', format: 'csv' } },
          { success: true, details: { state: 'completed', rows: SEEDED, bytes: Buffer.byteLength(whole) } },
        ])
        const events = await auditor.events(`/api/v1/streams/${id}/events`)
        await events.ended()
        t.match(events.events.map(({ data }) => data).join('\n'), `"type":"complete","stream_id":"${id}"`)
      },
    )

    await t.test('a client that leaves ends the work', async (t) => {
      const response = await open(url + PATH, auditor)
      if (dialect === 'postgres') t.equal(await readersOf(service), 1, 'on a connection of its own')
      response.destroy()
      t.match(await ended(auditor, streamOf(response)), { state: 'cancelled' })
      await until(async () => (await readersOf(service)) === 0, 'the end of its connection to the store')
    })

    await t.test('a cancelled one breaks off; gzip does not end whole', async (t) => {
      const cancelled = async (headers: Record<string, string>) => {
        const response = await open(url + PATH, auditor, headers)
        const { status } = await auditor.post(`/api/v1/streams/${streamOf(response)}/cancel`)
        t.equal(status, 202)
        t.match(await ended(auditor, streamOf(response)), { state: 'cancelled' })
        return brokenOff(response)
      }
      const packed = await cancelled({ 'accept-encoding': 'gzip' })
      t.ok(packed, 'the connection broke')
      t.throws(() => gunzipSync(packed as Buffer))
      const part = await cancelled({})
      t.ok(part && part.length < whole.length)
    })

    await t.test('a user has so many at once', async (t) => {
      const two = [await open(url + PATH, auditor), await open(url + PATH, auditor)]
      const third = await auditor.get(PATH)
      t.equal(third.status, 429)
      t.equal(third.body.code, 'TOO_MANY_STREAMS')
      t.match(third.headers.get('retry-after'), /^\d+$/)
      t.equal((await admin.get(`${PATH}&user_id=nobody`)).status, 200, 'somebody else may')
      for (const one of two) {
        one.destroy()
        await ended(auditor, streamOf(one))
      }
      t.equal((await auditor.get(`${PATH}&user_id=nobody`)).status, 200, 'and so may they, afterwards')
    })

    await t.test('the store breaks on the way: curl exits 18, and after= completes the file', async (t) => {
      const bounded = `${PATH}&end_date=2025-12-31`
      const complete = (await auditor.get(bounded)).text
      const path = join(service.dataDir, 'audit.csv')
      const curl = spawn('curl', [
        ...['-sS', '--limit-rate', '1M', '-H', `authorization: Bearer ${auditor.token}`],
        ...['-o', path, url + bounded],
      ])
      const exit = once(curl, 'exit')
      await until(async () => (await stat(path).catch(() => undefined))?.size, 'the first bytes')
      const heal = await breakStore(service)
      const [code] = await exit
      await heal()
      t.equal(code, 18)
      const cut = await readFile(path, 'utf8')
      t.ok(cut.length < complete.length)
      t.equal(cut, complete.slice(0, cut.length), 'what came is right')
      const kept = cut.slice(0, cut.lastIndexOf('\r\n') + 2)
      const last = kept.slice(0, -2).split('\r\n').at(-1)?.split(',')[0] as string
      const rest = await auditor.get(`${bounded}&after=${last}`)
      t.match(rest.headers.get('content-type'), 'header=absent')
      t.equal(kept + rest.text, complete, 'byte for byte')
      const failed = await until(
        async () =>
          (await auditor.get('/api/v1/streams?limit=10')).body.items.find(
            ({ state }: { state: string }) => state === 'failed',
          ),
        'its end',
      )
      t.equal(failed.kind, 'audit_export')
    })

    await t.test('ten at once leave the event loop free', async (t) => {
      const users = await Promise.all(
        Array.from({ length: 5 }, (_, n) => newUser(admin, url, `auditor-${n}`, 'auditor')),
      )
      const delay = monitorEventLoopDelay({ resolution: 5 })
      delay.enable()
      const sizes = await Promise.all(
        [...users, ...users].map(async (user) => {
          let size = 0
          for await (const chunk of await open(url + PATH, user)) size += (chunk as Buffer).length
          return size
        }),
      )
      delay.disable()
      const p99 = delay.percentile(99) / 1e6
      t.comment(`event-loop delay p99 ${p99.toFixed(1)} ms, server and ten clients in one process`)
      t.ok(sizes.every((size) => size >= Buffer.byteLength(whole)))
    })

    await t.test('auditors see events as they are appended', async (t) => {
      const events = await auditor.events('/api/v1/audit/stream')
      await auditor.get(`${PATH}&user_id=nobody`)
      const event = await events.next(({ data }) => data.includes('"audit.exported"'))
      t.match(JSON.parse(event.data), { event_type: 'audit.exported', severity: 'medium' })
      events.close()
    })
  })
}
