/** Matches text that a spreadsheet would run as a formula, however many apostrophes precede it. */
const FORMULA = /^'*[=+\-@\t\r]/
const PLAIN_NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/

/**
 * Returns the cell as text that no spreadsheet runs: with one more apostrophe in front where it would.
 * @example inert('=1+1') // "'=1+1"
 */
export const inert = (cell: string): string =>
  FORMULA.test(cell) && !PLAIN_NUMBER.test(cell) ? `'${cell}` : cell

/** Returns the cell that {@link inert} was called with. */
export const restored = (cell: string): string => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell)

export type CsvValue = string | number | boolean | null | undefined

/** Returns one field, inert, quoted where RFC 4180 §2 asks for it; an empty one for null. */
export const csvField = (value: CsvValue): string => {
  const cell = inert(value === null || value === undefined ? '' : String(value))
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** Returns one record with its line end. */
export const csvRecord = (values: readonly CsvValue[]): string => `${values.map(csvField).join(',')}\r\n`
