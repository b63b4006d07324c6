import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Kysely,
  type Logger,
  type Migration,
  Migrator,
  PostgresDialect,
  type RawBuilder,
  SqliteDialect,
  sql,
} from 'kysely'
import { LRUCache } from 'lru-cache'
import pg from 'pg'
import { Problem } from '../errors.ts'
import { grouped, type Transact, type Write } from './grouped.ts'
import type { LineReader } from './lines/lines.ts'
import { postgresLines } from './lines/postgres-lines.ts'
import { sqliteLines } from './lines/sqlite-lines.ts'
import { spine } from './migrations/2026-11-21-spine.ts'
import { auditSeal } from './migrations/2026-11-22-audit-seal.ts'
import { downloads } from './migrations/2026-11-23-downloads.ts'
import { auditOutbox } from './migrations/2026-11-24-audit-outbox.ts'
import { chat } from './migrations/2026-11-24-chat.ts'
import { conversationChannel } from './migrations/2026-11-25-conversation-channel.ts'
import { datasetLines } from './migrations/2026-11-29-dataset-lines.ts'
import { findingFacts } from './migrations/2026-11-29-finding-facts.ts'
import { streamLanguage } from './migrations/2026-11-29-stream-language.ts'
import { uniqueMessageIds } from './migrations/2026-11-29-unique-message-ids.ts'
import { findingReviews } from './migrations/2026-11-29-verdicts-on-findings.ts'
import { streamTrace } from './migrations/2026-11-30-stream-trace.ts'
import { newerMigrations } from './newer-migrations.ts'
import type { Schema } from './schema.ts'
import type { Dialect } from './sql-dialect.ts'
import { openSqlite, type SqliteConnection, type SqliteStatement } from './sqlite.ts'

/** The open store, on either of the two databases. */
export interface Store {
  readonly db: Kysely<Schema>
  readonly dialect: Dialect
  /** Runs frequent transactions, which may share a commit. */
  readonly transact: Transact
  /** Runs one frequent statement, which needs no transaction of its own and may share a commit. */
  readonly write: Write
  /**
   * The database's own clock, in milliseconds since the epoch, as an SQL expression: leases compare with it, so that
   * instances whose clocks differ agree.
   */
  readonly now: RawBuilder<number>
  /** Reads many rows, on connections of its own. */
  readonly lines: LineReader
  /** Resolves when the store answers; rejects with the driver's error. */
  probe(): Promise<void>
  close(): Promise<void>
}

export type StoreOptions =
  | { dialect: 'sqlite'; path: string; synchronous: 'normal' | 'full' }
  | { dialect: 'postgres'; url: string; maxConnections?: number }

// COUNT, SUM of integers and BIGINT columns arrive as text otherwise; all numbers of the service stay below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/**
 * Time for which a statement waits for another process's write, and for which opening a new file is retried, in ms.
 */
const BUSY_TIMEOUT_MS = 5000
const OPEN_ATTEMPTS = 100

/**
 * Largest number of statements that are kept prepared: all that the service has, with room for lists of several
 * lengths.
 */
const MAX_PREPARED = 500

/**
 * Prepares each SQL text once: the query layer prepares anew for every query, which costs as much as running a short
 * one.
 */
const preparedOnce = (database: SqliteConnection): ConstructorParameters<typeof SqliteDialect>[0] => {
  const statements = new LRUCache<string, SqliteStatement>({ max: MAX_PREPARED })
  return {
    database: {
      close: () => database.close(),
      prepare(text) {
        const known = statements.get(text)
        if (known) return known
        const statement = database.prepare(text)
        statements.set(text, statement)
        return statement
      },
    },
  }
}

/**
 * Opens a SQLite file. Several processes may create it at once, and then the switch to WAL fails at once, instead of
 * waiting its turn.
 */
const sqlite = async (path: string, synchronous: 'normal' | 'full'): Promise<SqliteDialect> => {
  mkdirSync(dirname(path), { recursive: true })
  for (let attempt = 1; ; attempt += 1) {
    const database = openSqlite(path, { busyMs: BUSY_TIMEOUT_MS })
    try {
      database.exec(`pragma journal_mode = WAL; pragma synchronous = ${synchronous}`)
      return new SqliteDialect(preparedOnce(database))
    } catch (error) {
      database.close()
      if (!String((error as { code?: string }).code).startsWith('SQLITE_BUSY') || attempt === OPEN_ATTEMPTS)
        throw error
      await sleep(10 + 40 * Math.random())
    }
  }
}

const postgresPool = (url: string, max: number, onError: (error: unknown) => void): pg.Pool => {
  const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: 5000 })
  pool.on('error', onError)
  // An error of an idle connection that nobody listens to would end the process; one in use fails its query as well.
  pool.on('connect', (client) => client.on('error', onError))
  return pool
}

/**
 * Refuses a database that cannot keep every text.
 * @throws {Problem} `STORE_UNAVAILABLE` that names the database and its encoding
 */
const requireUtf8 = async (db: Kysely<Schema>): Promise<void> => {
  const { rows } = await sql<{ database: string; encoding: string }>`
    select current_database() as database, current_setting('server_encoding') as encoding`.execute(db)
  const [{ database, encoding }] = rows as [{ database: string; encoding: string }]
  if (encoding !== 'UTF8')
    throw new Problem(
      'STORE_UNAVAILABLE',
      `DATABASE_URL: the database ${database} has the encoding ${encoding}, and the service's texts need UTF8; ` +
        `make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`,
    )
}

/** Returns the migrations that make the tables, by their names, in order. */
export const migrationsOf = (dialect: Dialect): Record<string, Migration> => ({
  '2026-11-21-spine': spine(dialect),
  '2026-11-22-audit-seal': auditSeal(dialect),
  '2026-11-23-downloads': downloads(),
  '2026-11-24-chat': chat(dialect),
  '2026-11-24-audit-outbox': auditOutbox(),
  '2026-11-25-conversation-channel': conversationChannel(),
  '2026-11-29-dataset-lines': datasetLines(),
  '2026-11-29-finding-facts': findingFacts(),
  '2026-11-29-stream-language': streamLanguage(),
  '2026-11-29-unique-message-ids': uniqueMessageIds(dialect),
  '2026-11-29-verdicts-on-findings': findingReviews(),
  '2026-11-30-stream-trace': streamTrace(),
})

/** The kinds of statements, by the names of the query layer's nodes. */
const STATEMENTS: Readonly<Record<string, string>> = {
  SelectQueryNode: 'select',
  InsertQueryNode: 'insert',
  UpdateQueryNode: 'update',
  DeleteQueryNode: 'delete',
}

/** Returns a log for the query layer that tells the kind of each statement and the time it took, and nothing else. */
const timed =
  (onStatement: NonNullable<StoreObserver['onStatement']>): Logger =>
  ({ query, queryDurationMillis }) =>
    onStatement(STATEMENTS[query.query.kind] ?? 'other', queryDurationMillis)

/** The callbacks by which the store reports what happens on its own connections. */
export interface StoreObserver {
  /** Called when an idle connection breaks; the next query opens another. */
  onError?(error: unknown): void
  /** Called after each statement. @param kind `select`, `insert`, `update`, `delete` or `other` */
  onStatement?(kind: string, ms: number): void
}

/**
 * Opens the store and brings its tables up to date; several processes may do so at once.
 * @throws {Problem} `STORE_UNAVAILABLE` when PostgreSQL keeps the database in another encoding than UTF8
 * @throws the driver's error when it cannot be reached or a migration fails
 */
export const openStore = async (
  options: StoreOptions,
  { onError = () => undefined, onStatement }: StoreObserver = {},
): Promise<Store> => {
  const { dialect } = options
  const db = new Kysely<Schema>({
    dialect:
      options.dialect === 'sqlite'
        ? await sqlite(options.path, options.synchronous)
        : new PostgresDialect({ pool: postgresPool(options.url, options.maxConnections ?? 10, onError) }),
    ...(onStatement && { log: timed(onStatement) }),
  })
  const lines = options.dialect === 'sqlite' ? sqliteLines(options.path) : postgresLines(options.url)
  // Kysely locks migrations, and runs them in one transaction, on PostgreSQL only; SQLite can do both as well.
  if (dialect === 'sqlite') await sql`begin immediate`.execute(db)
  if (dialect === 'postgres')
    await requireUtf8(db).catch(async (error) => {
      await lines.close()
      await db.destroy()
      throw error
    })
  const own = migrationsOf(dialect)
  const migrations = { ...(await newerMigrations(db, dialect, Object.keys(own))), ...own }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (dialect === 'sqlite') await (error ? sql`rollback` : sql`commit`).execute(db)
  if (error) {
    await db.destroy()
    throw error
  }
  const group = dialect === 'sqlite' ? grouped(db) : undefined
  return {
    db,
    dialect,
    transact: group?.transact ?? ((work) => db.transaction().execute(work)),
    write: group?.write ?? ((work) => work(db)),
    now:
      dialect === 'postgres'
        ? sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`
        : sql<number>`cast((julianday('now') - 2440587.5) * 86400000 as integer)`,
    lines,
    probe: async () => {
      await sql`select 1`.execute(db)
    },
    close: async () => {
      await lines.close()
      await db.destroy()
    },
  }
}
