import { DatabaseSync, type StatementSyncInstance } from '@photostructure/sqlite'

/** A value that a column can hold. */
type Bound = string | number | bigint | null | Uint8Array

/** One prepared statement; it may run again and again. */
export interface SqliteStatement {
  /** True when it returns rows. */
  readonly reader: boolean
  /**
   * Runs the statement and returns all rows.
   * @throws {SqliteError}
   */
  all(parameters: readonly unknown[]): unknown[]
  /**
   * Runs the statement and returns the number of changed rows.
   * @throws {SqliteError}
   */
  run(parameters: readonly unknown[]): { changes: number; lastInsertRowid: number | bigint }
  /**
   * Reads row by row; the statement must not run again before the end.
   * @throws {SqliteError}
   */
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>
}

/** One connection to a SQLite file. Its calls block the thread. */
export interface SqliteConnection {
  /**
   * Prepares a statement.
   * @throws {SqliteError} when the text is no SQL, or names what does not exist
   */
  prepare(text: string): SqliteStatement
  /**
   * Runs statements that return no rows.
   * @throws {SqliteError}
   */
  exec(text: string): void
  /** Makes a function of text available to SQL. */
  function(name: string, call: (cell: unknown) => string): void
  close(): void
}

/** The primary result codes in their order, from 1. @see https://sqlite.org/rescode.html */
const PRIMARY_CODES =
  `ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL CANTOPEN
  PROTOCOL EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB`.split(/\s+/)
/** Extended codes that the service compares by name. */
const EXTENDED_CODES: Readonly<Record<number, string>> = {
  787: 'CONSTRAINT_FOREIGNKEY',
  1555: 'CONSTRAINT_PRIMARYKEY',
  2067: 'CONSTRAINT_UNIQUE',
}

/** An error of SQLite, with `code` as its documentation writes it: `SQLITE_BUSY`, `SQLITE_CONSTRAINT_UNIQUE`. */
export class SqliteError extends Error {
  readonly code: string

  constructor(message: string, resultCode: number, cause: unknown) {
    super(message, { cause })
    this.name = 'SqliteError'
    // The low byte of an extended code is its primary one.
    this.code = `SQLITE_${EXTENDED_CODES[resultCode] ?? PRIMARY_CODES[(resultCode & 255) - 1] ?? 'ERROR'}`
  }
}

/** Calls the driver, and replaces the numeric codes of its errors by SQLite's names. */
const named = <T>(call: () => T): T => {
  try {
    return call()
  } catch (error) {
    const { errcode, message } = error as { errcode?: unknown; message: string }
    throw typeof errcode === 'number' ? new SqliteError(message, errcode, error) : error
  }
}

/**
 * Returns the values as the driver takes them.
 * @throws {SqliteError} `SQLITE_MISMATCH` for a text with U+0000, at which the driver would silently cut it, and
 *   which PostgreSQL refuses as well
 */
const bound = (parameters: readonly unknown[]): Bound[] =>
  parameters.map((value) => {
    if (typeof value === 'string' && value.includes('\0'))
      throw new SqliteError('A text must not have the character U+0000', 20, undefined)
    return (value ?? null) as Bound
  })

const statementOf = (statement: StatementSyncInstance): SqliteStatement => ({
  reader: statement.columns().length > 0,
  all: (parameters) => named(() => statement.all(...bound(parameters))),
  run: (parameters) => named(() => statement.run(...bound(parameters))),
  iterate: (parameters) => named(() => statement.iterate(...bound(parameters))),
})

/**
 * Opens a SQLite file, and creates it unless it is opened for reading only. Foreign keys are enforced.
 * @param busyMs time for which a statement waits for another connection's write
 * @throws {SqliteError} `SQLITE_CANTOPEN`, `SQLITE_NOTADB`
 * @see https://nodejs.org/api/sqlite.html for the driver, whose interface is that of Node's own from version 22
 */
export const openSqlite = (
  path: string,
  { busyMs, readOnly = false }: { busyMs: number; readOnly?: boolean },
): SqliteConnection => {
  const database = named(() => new DatabaseSync(path, { timeout: busyMs, readOnly }))
  return {
    prepare(text) {
      const statement = named(() => statementOf(database.prepare(text)))
      if (text !== 'rollback') return statement
      // Where the disk fails SQLite undoes the transaction by itself, and nothing is left to undo.
      const undone = { changes: 0, lastInsertRowid: 0 }
      return {
        ...statement,
        run: (parameters) => (database.isTransaction ? statement.run(parameters) : undone),
      }
    },
    exec: (text) => named(() => database.exec(text)),
    function: (name, call) => database.function(name, { deterministic: true }, call),
    close() {
      // The driver closes the file only when its statements are garbage-collected, so the log is written into the
      // file before.
      if (!readOnly) database.exec('pragma wal_checkpoint(truncate)')
      database.close()
    },
  }
}
