/** What a spreadsheet would run as a formula, however many apostrophes stand in front of it. */
const FORMULA = /^'*[=+\-@\t\r]/
const PLAIN_NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/

/** The cell as text that no spreadsheet runs: one more apostrophe in front where it would. */
export const inert = (cell: string): string =>
  FORMULA.test(cell) && !PLAIN_NUMBER.test(cell) ? `'${cell}` : cell

/** The cell that {@link inert} was given. */
export const restored = (cell: string): string => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell)

export type CsvValue = string | number | boolean | null | undefined

/** One field, inert, quoted where RFC 4180 §2 asks for it; nothing for null. */
export const csvField = (value: CsvValue): string => {
  const cell = inert(value === null || value === undefined ? '' : String(value))
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** One record with its line end. */
export const csvRecord = (values: readonly CsvValue[]): string => `${values.map(csvField).join(',')}\r\n`
