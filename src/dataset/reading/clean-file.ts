import { closeSync, openSync, writeSync } from 'node:fs'

/** Separates cells in a clean file: a character that cleaned text never contains. */
export const CELL_SEPARATOR = '\u001f'

/** UTF-16 units written at a time, about. */
const FLUSH = 64 * 1024

/** A file of cleaned rows in one fixed format, which DuckDB reads without guessing. */
export interface CleanFile {
  readonly path: string
  write(row: string): void
  close(): void
}

/** Opens a file of clean rows for writing. */
export function cleanFile(path: string): CleanFile {
  const file = openSync(path, 'wx', 0o600)
  /** Holds the UTF-8 of what is written, at most three bytes a unit; what one long row makes longer is given its own. */
  const room = Buffer.allocUnsafeSlow(4 * FLUSH)
  let pending = ''
  let open = true
  const flush = (): void => {
    const bytes =
      3 * pending.length > room.length ? Buffer.from(pending) : room.subarray(0, room.write(pending))
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    pending = ''
  }
  return {
    path,
    write: (row) => {
      pending += `${row}\n`
      if (pending.length > FLUSH) flush()
    },
    close: () => {
      if (!open) return
      open = false
      flush()
      closeSync(file)
    },
  }
}

/** Tells whether a text has characters that a clean file has in quoted cells only. */
export const needsQuotes = (text: string): boolean =>
  text.includes('"') || text.includes('\n') || text.includes('\r')

/** Converts cleaned text (no control characters but tabs and line breaks) into a cell of a clean file. */
export const cleanCell = (text: string): string =>
  needsQuotes(text) ? `"${text.replaceAll('"', '""')}"` : text
