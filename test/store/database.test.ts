import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Kysely, Migrator, PostgresDialect, SqliteDialect, sql } from 'kysely'
import pg from 'pg'
import t from 'tap'
import { migrationsOf, openStore, type StoreOptions } from '../../src/store/database.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { compiled } from '../support/root.ts'
import { DIALECTS, openTestStore, testStoreOptions } from '../support/store.ts'

const run = promisify(execFile)

const OPEN = `
  const { openStore } = await import(process.argv[1])
  const store = await openStore({ dialect: 'sqlite', path: process.argv[2], synchronous: 'normal' })
  const { rows } = await store.db.selectFrom('users').select(({ fn }) => fn.countAll().as('rows')).executeTakeFirstOrThrow()
  await store.close()
  process.stdout.write(String(rows))
`

/** The migrations of databases that are in use, in the order in which they were applied. Add to its end. */
const RELEASED = [
  '2026-11-21-spine',
  '2026-11-22-audit-seal',
  '2026-11-23-downloads',
  '2026-11-24-audit-outbox',
  '2026-11-24-chat',
  '2026-11-25-conversation-channel',
  '2026-11-29-dataset-lines',
  '2026-11-29-finding-facts',
  '2026-11-29-stream-language',
  '2026-11-29-unique-message-ids',
  '2026-11-29-verdicts-on-findings',
  '2026-11-30-stream-trace',
]

t.test('several processes make one SQLite file at the same time', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-store-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'tributary.db')
  const args = ['--input-type=module', '--eval', OPEN, compiled('src/store/database.ts'), path]
  const opened = await Promise.all(Array.from({ length: 6 }, () => run(process.execPath, args)))
  t.same(
    opened.map(({ stdout }) => stdout),
    Array(6).fill('0'),
  )
})

for (const dialect of DIALECTS)
  t.test(`the store on ${dialect} has a clock of its own`, async (t) => {
    const { db, now } = await openTestStore(dialect)
    const { at } = await db.selectNoFrom(now.as('at')).executeTakeFirstOrThrow()
    t.ok(Math.abs(at - Date.now()) < 5000)
  })

/** Makes the tables as they were before a migration. */
const storeBefore = async (name: string, options: StoreOptions): Promise<Kysely<unknown>> => {
  const db = new Kysely<unknown>({
    dialect:
      options.dialect === 'sqlite'
        ? new SqliteDialect({ database: openSqlite(options.path, { busyMs: 0 }) })
        : new PostgresDialect({ pool: new pg.Pool({ connectionString: options.url }) }),
  })
  const earlier = Object.entries(migrationsOf(options.dialect)).filter(([migration]) => migration < name)
  const migrator = new Migrator({ db, provider: { getMigrations: async () => Object.fromEntries(earlier) } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
  return db
}

for (const dialect of DIALECTS)
  t.test(`conversations that are there keep their channels when each gets one, on ${dialect}`, async (t) => {
    const options = await testStoreOptions(dialect)
    const before = await storeBefore('2026-11-25-conversation-channel', options)
    await sql`insert into chat_sessions (id, owner, title, created_at, updated_at)
      values ('a', 'u', '', 0, 0), ('b', 'u', '', 0, 0)`.execute(before)
    await before.destroy()
    const after = await openStore(options)
    t.teardown(() => after.close())
    t.same(await after.db.selectFrom('chat_sessions').select('channel').orderBy('id').execute(), [
      { channel: 'chat:a' },
      { channel: 'chat:b' },
    ])
  })

for (const dialect of DIALECTS)
  t.test(
    `messages that are there stay, and ids become unique in a conversation, on ${dialect}`,
    async (t) => {
      const options = await testStoreOptions(dialect)
      const before = await storeBefore('2026-11-29-unique-message-ids', options)
      await sql`insert into chat_sessions (id, owner, channel, title, created_at, updated_at)
      values ('a', 'u', 'chat:a', '', 0, 0), ('b', 'u', 'chat:b', '', 0, 0)`.execute(before)
      await sql`insert into chat_messages (id, session_id, role, content, state, created_at)
      values ('m', 'a', 'user', 'Olá', 'complete', 0), ('n', 'a', 'assistant', 'Oi', 'complete', 0)`.execute(
        before,
      )
      await before.destroy()
      const after = await openStore(options)
      t.teardown(() => after.close())
      const add = (session_id: string) =>
        after.db
          .insertInto('chat_messages')
          .values({ id: 'm', session_id, role: 'user', content: 'E aí', state: 'complete', created_at: 0 })
          .execute()
      await add('b')
      await t.rejects(add('a'), 'a conversation has an id once')
      const kept = after.db.selectFrom('chat_messages').select(['seq', 'session_id', 'id', 'content'])
      t.same(await kept.orderBy('seq').execute(), [
        { seq: 1, session_id: 'a', id: 'm', content: 'Olá' },
        { seq: 2, session_id: 'a', id: 'n', content: 'Oi' },
        { seq: 3, session_id: 'b', id: 'm', content: 'E aí' },
      ])
      await after.db.deleteFrom('chat_sessions').where('id', '=', 'b').execute()
      t.equal((await kept.execute()).length, 2, 'messages go with their conversation')
    },
  )

for (const dialect of DIALECTS)
  t.test(`what a newer release has added is left as it is, on ${dialect}`, async (t) => {
    const options = await testStoreOptions(dialect)
    const newer = await openStore(options)
    await sql`alter table chat_sessions add column mood text`.execute(newer.db)
    await sql`insert into kysely_migration (name, timestamp) values ('9999-01-01-mood', '9999')`.execute(
      newer.db,
    )
    await newer.close()
    const putBack = await openStore(options)
    t.teardown(() => putBack.close())
    t.same(await putBack.db.selectFrom('chat_sessions').selectAll().execute(), [])
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
      putBack.db,
    )
    t.equal(rows.at(-1)?.name, '9999-01-01-mood', 'and remembered for when it comes back')
  })

t.test('a migration comes after those that databases already have', async (t) => {
  // Kysely applies them by their names, and refuses a database that lacks one before its last.
  const inOrder = Object.keys(migrationsOf('sqlite')).sort()
  t.same(inOrder.slice(0, RELEASED.length), RELEASED)
})

t.test('a PostgreSQL that ends connections in use fails their queries, not the process', async (t) => {
  const errors: unknown[] = []
  const options = await testStoreOptions('postgres')
  const { db, close } = await openStore(options, { onError: (error) => errors.push(error) })
  await t.rejects(
    db.transaction().execute(async (trx) => {
      const { pid } = await trx
        .selectNoFrom(sql<number>`pg_backend_pid()`.as('pid'))
        .executeTakeFirstOrThrow()
      await db.selectNoFrom(sql`pg_terminate_backend(${pid}::int)`.as('ended')).execute()
      // The connection says so before it is asked anything more.
      while (errors.length === 0) await new Promise((resolve) => setImmediate(resolve))
      await trx.selectNoFrom(sql`1`.as('one')).execute()
    }),
  )
  t.match(await db.selectNoFrom(sql<number>`1`.as('one')).executeTakeFirstOrThrow(), { one: 1 })
  await close()
})

t.test('a PostgreSQL database that cannot keep every text is refused by name', async (t) => {
  const { db, close } = await openTestStore('postgres')
  await sql`create database latin encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0`.execute(
    db,
  )
  await close()
  const options = await testStoreOptions('postgres')
  if (options.dialect !== 'postgres') throw new Error('another store was opened')
  const url = new URL(options.url)
  url.pathname = '/latin'
  await t.rejects(openStore({ ...options, url: url.href }), {
    code: 'STORE_UNAVAILABLE',
    message: /DATABASE_URL.*latin.*LATIN1.*UTF8/,
  })
})
