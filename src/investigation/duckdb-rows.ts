import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { duckDb } from '../dataset/duckdb.ts'
import { pacer } from './pace.ts'

export type Values = Record<string, DuckDBValue>

/**
 * Milliseconds between interrupts: one that arrives while a statement still waits for its thread is lost, so it is
 * repeated.
 */
const INTERRUPT_EVERY_MS = 5

const interruptible = async <T>(
  connection: DuckDBConnection,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> => {
  signal.throwIfAborted()
  let timer: NodeJS.Timeout | undefined
  const interrupt = () => {
    connection.interrupt()
    timer = setInterval(() => connection.interrupt(), INTERRUPT_EVERY_MS)
  }
  signal.addEventListener('abort', interrupt, { once: true })
  try {
    return await work()
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', interrupt)
  }
}

/**
 * Runs one statement and ignores its result.
 * @throws the signal's reason, within milliseconds of its abort
 */
export const execute = async (
  connection: DuckDBConnection,
  sql: string,
  values: Values,
  signal: AbortSignal,
): Promise<void> => {
  await interruptible(connection, signal, () => connection.run(sql, values))
}

/**
 * Yields the rows of one query, in the query's order, converted one by one as they are taken: a chunk of wide rows
 * never holds the event loop. Days and BIGINTs arrive as text, lists and structs as arrays and objects. The rows
 * must be read to their end, or the iteration ended, before the connection runs another statement.
 * @throws the signal's reason, within milliseconds of its abort
 */
export async function* rows<Row>(
  connection: DuckDBConnection,
  sql: string,
  values: Values,
  signal: AbortSignal,
): AsyncGenerator<Row, void, undefined> {
  const result = await interruptible(connection, signal, () => connection.stream(sql, values))
  const names = result.columnNames()
  const { JsonDuckDBValueConverter } = await duckDb()
  for (;;) {
    const chunk = await interruptible(connection, signal, () => result.fetchChunk())
    if (chunk === null || chunk.rowCount === 0) return
    const pause = pacer(signal)
    for (let i = 0; i < chunk.rowCount; i++) {
      const cells = chunk.convertRowValues(i, JsonDuckDBValueConverter)
      yield Object.fromEntries(names.map((name, at) => [name, cells[at]])) as Row
      await pause()
    }
  }
}

/** Returns all rows of a query whose result is known to be small. */
export const all = async <Row>(
  connection: DuckDBConnection,
  sql: string,
  values: Values,
  signal: AbortSignal,
): Promise<Row[]> => {
  const found: Row[] = []
  for await (const row of rows<Row>(connection, sql, values, signal)) found.push(row)
  return found
}
