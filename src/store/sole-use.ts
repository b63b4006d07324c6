import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { openSqlite, SqliteError } from './sqlite.ts'

/** The hold on a store of one process, or one primary and its workers, that hears of no other. */
export interface SoleUse {
  readonly of: 'folder' | 'database'
  /** Tells whether another process uses the store; takes the hold once that one has ended. */
  isShared(): Promise<boolean>
  /** Gives the hold up, for good. */
  release(): Promise<void>
}

/**
 * Locks the folder of a SQLite store. The lock is one of the kernel's on an empty SQLite file, so it ends with its
 * process, also by `kill -9`.
 */
export const folderUse = (folder: string): SoleUse => {
  mkdirSync(folder, { recursive: true })
  const file = openSqlite(join(folder, 'process.lock'), { busyMs: 0 })
  let isHeld = false
  return {
    of: 'folder',
    async isShared() {
      if (isHeld) return false
      try {
        file.exec('begin exclusive')
        isHeld = true
      } catch (error) {
        if (!(error instanceof SqliteError && error.code === 'SQLITE_BUSY')) throw error
      }
      return !isHeld
    },
    async release() {
      if (isHeld) file.exec('rollback')
      file.close()
    },
  }
}

/** First part of the lock's key, which sets it apart from other programs' locks: `trib` in ASCII. */
const LOCK_CLASS = 0x74726962

/**
 * Locks a PostgreSQL store, by an advisory lock on a connection of its own; the server ends it with the connection. A
 * database that cannot be reached counts as not shared: nothing can be used there.
 * @see https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 */
export const databaseUse = (url: string): SoleUse => {
  let client: pg.Client | undefined
  let isHeld = false
  let asking: Promise<boolean> | undefined
  let isReleased = false

  const connect = async (): Promise<pg.Client> => {
    const made = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, keepAlive: true })
    const lost = () => {
      if (client !== made) return
      client = undefined
      isHeld = false
    }
    made.on('error', lost)
    made.on('end', lost)
    await made.connect()
    return made
  }
  const ask = async (): Promise<boolean> => {
    client ??= await connect()
    const { rows } = await client.query<{ held: boolean }>(
      'select pg_try_advisory_lock($1, hashtext(current_schema())) as held',
      [LOCK_CLASS],
    )
    isHeld = rows[0]?.held === true
    return !isHeld
  }

  return {
    of: 'database',
    async isShared() {
      if (isHeld || isReleased) return false
      asking ??= ask()
        .catch(() => false)
        .finally(() => {
          asking = undefined
        })
      return asking
    },
    async release() {
      isReleased = true
      await asking
      await client?.end().catch(() => undefined)
    },
  }
}
