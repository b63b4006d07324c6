import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { openStore, type Store, type StoreOptions } from '../../src/store/database.ts'
import type { Dialect } from '../../src/store/dialect.ts'
import { type PostgresServer, startPostgres } from './postgres.ts'

/** Both stores, for suites that run on each. */
export const DIALECTS: readonly Dialect[] = process.env.FAST_TESTS ? ['sqlite'] : ['sqlite', 'postgres']

/** What is undone when the file's tests are over, the last first: stores are closed before their server stops. */
const undo: (() => Promise<unknown>)[] = []
let undoing = false

const atEnd = (step: () => Promise<unknown>): void => {
  undo.push(step)
  if (undoing) return
  undoing = true
  t.teardown(async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step()
  })
}

/** A pool's end does not wait for its connections' end: a server that stops before that is an error to them. */
const leftAlone = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const others = `SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`
  while ((await client.query(others)).rows.length > 0) await setImmediate()
  await client.end()
}

/** The PostgreSQL of this test file; it ends when the file's tests are over. */
const filePostgres = async (): Promise<PostgresServer> => {
  const server = await startPostgres('fsync=off', 'shared_buffers=32MB')
  atEnd(async () => {
    await leftAlone(server.url('postgres'))
    await server.stop()
  })
  return server
}

let postgres: Promise<PostgresServer> | undefined
let databases = 0

/** The settings of a store that nobody else uses; opening them twice gives two processes' views of one store. */
export const testStoreOptions = async (dialect: Dialect): Promise<StoreOptions> => {
  if (dialect === 'sqlite') {
    const directory = await mkdtemp(join(tmpdir(), 'tributary-sqlite-'))
    atEnd(() => rm(directory, { recursive: true, force: true }))
    return { dialect, path: join(directory, 'tributary.sqlite'), synchronous: 'normal' }
  }
  postgres ??= filePostgres()
  const server = await postgres
  const database = `tributary_${++databases}`
  const client = new pg.Client({ connectionString: server.url('postgres') })
  await client.connect()
  await client.query(`CREATE DATABASE ${database}`)
  await client.end()
  return { dialect, url: server.url(database), maxConnections: 4 }
}

/** A fresh, migrated store on real SQLite or PostgreSQL; closed when the test file ends unless closed before. */
export const openTestStore = async (dialect: Dialect): Promise<Store> => {
  const store = await openStore(await testStoreOptions(dialect))
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= store.close()
    return closed
  }
  atEnd(close)
  return { ...store, close }
}
