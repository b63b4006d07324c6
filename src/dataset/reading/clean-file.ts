import { closeSync, openSync, writeSync } from 'node:fs'

/** Separates cells in a clean file: a character that cleaned text never contains. */
export const CELL_SEPARATOR = '\u001f'

const FLUSH = 32 * 1024

/** A file of cleaned rows in one fixed format, which DuckDB reads without guessing. */
export interface CleanFile {
  readonly path: string
  write(row: string): void
  close(): void
}

/** Opens a file of clean rows for writing. */
export function cleanFile(path: string): CleanFile {
  const file = openSync(path, 'wx', 0o600)
  let pending = ''
  let open = true
  const flush = (): void => {
    const bytes = Buffer.from(pending)
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
