import { Problem } from '../../../errors.ts'
import { say } from '../../../language/sentence.ts'
import { cleanFile } from '../clean-file.ts'
import { scalar } from '../flat.ts'

/** A sheet as a text file for the reader of delimited files, with a line for each of its rows. */
export interface Sheet {
  name: string
  path: string
}

/** Writes the rows of a sheet, in any order and with gaps. */
export interface SheetFile {
  /** Writes a row. @param row its number, from 1; rows before the last one written are ignored */
  write(row: number, cells: readonly string[]): void
  close(): void
}

/** Most rows and columns of a spreadsheet. */
const MOST_ROWS = 1_048_576
export const MOST_COLUMNS = 16_384

/**
 * Opens the text file of a sheet; line numbers and row numbers are the same.
 * @throws {Problem} `PAYLOAD_TOO_LARGE` while writing beyond `maxBytes`
 */
export function sheetFile(path: string, maxBytes: number): SheetFile {
  const file = cleanFile(path)
  let next = 1
  let size = 0
  return {
    write: (row, cells) => {
      if (row < next || row > MOST_ROWS) return
      let width = cells.length
      while (width > 0 && !cells[width - 1]) width--
      if (width === 0) return
      for (; next < row; next++) file.write('')
      const line = Array.from({ length: width }, (_, at) => cellText(cells[at] ?? '')).join('\t')
      size += line.length + 1
      if (size > maxBytes)
        throw new Problem('PAYLOAD_TOO_LARGE', say('unusable.sheet_too_large', { bytes: maxBytes }))
      file.write(line)
      next++
    },
    close: file.close,
  }
}

const cellText = (text: string): string => {
  const plain = /[\t\r\n]/.test(text) ? text.replace(/[\t\r\n]+/g, ' ') : text
  return plain.includes('"') ? `"${plain.replaceAll('"', '""')}"` : plain
}

/** Returns a number of a sheet as text, without rounding errors of binary fractions: `0.3` for `0.1 + 0.2`. */
export const numberText = (text: string): string => {
  const number = Number(text)
  return text.trim() === '' || !Number.isFinite(number) ? text : scalar(Number(number.toPrecision(15)))
}

const DAY_MS = 86_400_000

/** Returns the day of a spreadsheet's serial number as `YYYY-MM-DD`. */
export const serialDay = (serial: number, since1904: boolean): string => {
  const days = Math.floor(serial) + (since1904 ? 1462 : 0)
  const time = (days - (days < 60 ? 25_568 : 25_569)) * DAY_MS
  return Math.abs(time) < 8.64e15 ? new Date(time).toISOString().slice(0, 10) : String(serial)
}
