import { CompiledQuery, type Kysely, type Transaction } from 'kysely'
import type { Schema } from './schema.ts'

/**
 * Runs `work` in a transaction, whose first statement writes; resolves when its changes are durable.
 * @throws what `work` throws, whose changes are undone then, or the driver's error
 */
export type Transact = <T>(work: (trx: Transaction<Schema>) => Promise<T>) => Promise<T>

/** Runs one statement that writes and needs no transaction of its own; resolves when its change is durable. */
export type Write = <T>(work: (db: Kysely<Schema>) => Promise<T>) => Promise<T>

interface Asked {
  work(trx: Kysely<Schema>): Promise<unknown>
  isStatement: boolean
  resolve(result: never): void
  reject(error: unknown): void
}

const SAVE = CompiledQuery.raw('savepoint work')
const KEEP = CompiledQuery.raw('release work')
const UNDO = CompiledQuery.raw('rollback to work')

/**
 * Runs one piece of work in a savepoint, so that it is kept or undone alone, whatever happens to the others.
 * @returns a function that reports its outcome to its caller, to be called once that is durable
 */
const runInside = async (trx: Transaction<Schema>, { work, resolve, reject }: Asked): Promise<() => void> => {
  await trx.executeQuery(SAVE)
  try {
    const result = await work(trx)
    await trx.executeQuery(KEEP)
    return () => resolve(result as never)
  } catch (error) {
    // Some disk failures undo the whole transaction with its savepoints.
    await trx.executeQuery(UNDO).catch(() => Promise.reject(error))
    await trx.executeQuery(KEEP)
    return () => reject(error)
  }
}

const commit = async (db: Kysely<Schema>, asked: readonly Asked[]): Promise<void> => {
  const [only] = asked
  if (only && asked.length === 1) {
    const result = only.isStatement ? only.work(db) : db.transaction().execute(only.work)
    only.resolve((await result) as never)
    return
  }
  const outcomes = await db.transaction().execute(async (trx) => {
    const reports: (() => void)[] = []
    for (const one of asked) reports.push(await runInside(trx, one))
    return reports
  })
  for (const report of outcomes) report()
}

/**
 * Groups the writes of a store with one connection: all writes of one event-loop turn go into one transaction, since
 * a commit of SQLite costs more than most of them.
 * @see https://www.sqlite.org/lang_savepoint.html
 */
export const grouped = (db: Kysely<Schema>): { transact: Transact; write: Write } => {
  let waiting: Asked[] = []
  const run = (): void => {
    const asked = waiting
    waiting = []
    commit(db, asked).catch((error) => {
      for (const { reject } of asked) reject(error)
    })
  }
  const ask = (work: Asked['work'], isStatement: boolean): Promise<never> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(run)
      waiting.push({ work, isStatement, resolve, reject })
    })
  return {
    transact: (work) => ask(work as Asked['work'], false),
    write: (work) => ask(work, true),
  }
}
