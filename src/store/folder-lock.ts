import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openSqlite, SqliteError } from './sqlite.ts'

/** One process's hold on the folder of its store. */
export interface FolderLock {
  /** Tells whether another process uses the folder; takes the lock once that one has ended. */
  isShared(): boolean
  /** Gives the lock up, for good. */
  release(): void
}

/**
 * Locks the folder of a SQLite store for a process that hears of no other. The lock is one of the kernel's on an empty
 * SQLite file, so it ends with its process, also by `kill -9`.
 */
export const lockFolder = (folder: string): FolderLock => {
  mkdirSync(folder, { recursive: true })
  const file = openSqlite(join(folder, 'process.lock'), { busyMs: 0 })
  let isHeld = false
  return {
    isShared() {
      if (isHeld) return false
      try {
        file.exec('begin exclusive')
        isHeld = true
      } catch (error) {
        if (!(error instanceof SqliteError && error.code === 'SQLITE_BUSY')) throw error
      }
      return !isHeld
    },
    release() {
      if (isHeld) file.exec('rollback')
      file.close()
    },
  }
}
