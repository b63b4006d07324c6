/** Values of the cells of a column that have been read. */
export interface Memo<T> {
  get(cell: string): T | undefined
  set(cell: string, value: T): void
}

const MOST_CELLS = 8192
const LONGEST_CELL = 200
/** Look-ups after which the memo checks whether it pays. */
const TRIAL = 4096
const LEAST_SHARE = 0.25

/**
 * Makes a bounded memo of the values of a column's repeated cells, for columns whose cells cost more to read than to look
 * up; it stops remembering for columns whose cells seldom repeat. Cells are copied, since a slice of a chunk of the file would keep the whole chunk in memory.
 */
export function columnMemo<T>(): Memo<T> {
  const known = new Map<string, T>()
  let lookups = 0
  let hits = 0
  let givenUp = false
  return {
    get: (cell) => {
      if (givenUp) return undefined
      const value = known.get(cell)
      if (value !== undefined) hits++
      if (++lookups === TRIAL) {
        if (hits < LEAST_SHARE * TRIAL) {
          givenUp = true
          known.clear()
        }
        lookups = 0
        hits = 0
      }
      return value
    },
    set: (cell, value) => {
      if (givenUp || known.size >= MOST_CELLS || cell.length > LONGEST_CELL) return
      known.set(copyOf(cell), (typeof value === 'string' ? copyOf(value) : value) as T)
    },
  }
}

const copyOf = (text: string): string => Buffer.from(text).toString()
