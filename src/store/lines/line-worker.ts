import { parentPort, workerData } from 'node:worker_threads'
import { LRUCache } from 'lru-cache'
import { inert } from '../../protocol/csv.ts'
import { openSqlite, type SqliteConnection, type SqliteStatement } from '../sqlite.ts'

/** A request for a page of lines by SQL; the answer is their text. */
export interface PageRequest {
  id: number
  sql: string
  parameters: readonly unknown[]
}

export type PageAnswer = { id: number } & (
  | { rows: number; last: number | null; bytes: Uint8Array }
  | { failure: { message: string; code: string | undefined } }
)

const MAX_STATEMENTS = 100

const open = (path: string): SqliteConnection => {
  const database = openSqlite(path, { busyMs: 5000, readOnly: true })
  // Called only for the few cells that begin like a formula.
  database.function('inert', (cell) => inert(String(cell)))
  return database
}

const port = parentPort
if (!port) throw new Error('This file runs as a worker thread')
const { path } = workerData as { path: string }
let database: SqliteConnection | undefined
const statements = new LRUCache<string, SqliteStatement>({ max: MAX_STATEMENTS })

const prepared = (sql: string): SqliteStatement => {
  database ??= open(path)
  let statement = statements.get(sql)
  if (!statement) {
    statement = database.prepare(sql)
    statements.set(sql, statement)
  }
  return statement
}

port.on('message', ({ id, sql, parameters }: PageRequest) => {
  try {
    const [page] = prepared(sql).all(parameters)
    const { rows, last, bytes } = page as { rows: number; last: number | null; bytes: Uint8Array }
    const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes)
    const answer: PageAnswer = { id, rows, last, bytes: whole }
    port.postMessage(answer, [whole.buffer as ArrayBuffer])
  } catch (error) {
    const { message, code } = error as Error & { code?: string }
    port.postMessage({ id, failure: { message, code } } satisfies PageAnswer)
  }
})
