import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import { openStore, type Store, type StoreOptions } from '../../src/store/database.ts'
import type { Dialect } from '../../src/store/sql-dialect.ts'

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

let databases = 0

/** The settings of a store that nobody else uses; opening them twice gives two processes' views of one store. */
export const testStoreOptions = async (dialect: Dialect): Promise<StoreOptions> => {
  if (dialect === 'sqlite') {
    const directory = await mkdtemp(join(tmpdir(), 'tributary-sqlite-'))
    atEnd(() => rm(directory, { recursive: true, force: true }))
    return { dialect, path: join(directory, 'tributary.sqlite'), synchronous: 'normal' }
  }
  if (!process.env.TEST_POSTGRES_URL)
    throw new Error('run this file by `npm test -- FILE`: it starts PostgreSQL')
  const url = new URL(process.env.TEST_POSTGRES_URL)
  const database = `tributary_${process.pid}_${++databases}`
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  await client.query(`CREATE DATABASE ${database}`)
  await client.end()
  url.pathname = database
  return { dialect, url: url.href, maxConnections: 4 }
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
