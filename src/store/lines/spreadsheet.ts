import type { Language } from '../../language/language.ts'
import type { Block } from './lines.ts'

/** The kind of a column as a spreadsheet should understand it: a number, a time of ISO 8601, or text as it is. */
export type CellKind = 'number' | 'time' | 'text'

const BOM = '\ufeff'
const CELL = /("[^"]*(?:""[^"]*)*"|[^",\r\n]*)(,|\r?\n)/y
const NUMBER = /^-?\d+(\.\d+)?$/
const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.\d+)?Z)?$/

const bareOf = (cell: string): string => (cell.startsWith('"') ? cell.slice(1, -1) : cell)

/** Returns one cell as the reader's spreadsheet takes it. */
const rewritten = (cell: string, kind: CellKind | undefined): string => {
  const bare = bareOf(cell)
  if (kind === 'number' && NUMBER.test(bare)) return bare.replace('.', ',')
  const time = kind === 'time' ? TIME.exec(bare) : null
  if (time) {
    const [, year, month, day, clock] = time
    return `${day}/${month}/${year}${clock ? ` ${clock}` : ''}`
  }
  return cell.includes(';') && !cell.startsWith('"') ? `"${cell}"` : cell
}

/**
 * Makes a function that rewrites CSV (RFC 4180) piece by piece, so that Excel opens it by a double click: Portuguese
 * and Spanish get `;` between cells, a comma for decimals and days first; English is left as it is.
 * @param kinds of the columns, in their order; those left out are text
 * @returns a function from a piece to as much as can be written so far; without an argument, the rest
 */
export const spreadsheetCells = (
  language: Language,
  kinds: readonly CellKind[],
): ((piece?: string) => string) => {
  if (language === 'en') return (piece = '') => piece
  let waiting = ''
  let column = 0
  return (piece) => {
    const text = waiting + (piece ?? '')
    let written = ''
    let at = 0
    for (CELL.lastIndex = 0; ; at = CELL.lastIndex) {
      // A quotation mark at the end may be the first of two, and a CR the first half of a line end.
      const found = CELL.exec(text)
      if (!found) break
      const [, cell = '', end] = found
      written += rewritten(cell, kinds[column]) + (end === ',' ? ';' : end)
      column = end === ',' ? column + 1 : 0
    }
    waiting = text.slice(at)
    if (piece !== undefined) return written
    const rest = rewritten(waiting, kinds[column])
    waiting = ''
    return written + rest
  }
}

/** Writes a CSV file that is read in blocks of UTF-8 for a spreadsheet, behind a byte order mark where it begins. */
export const spreadsheetFile = (
  read: (signal: AbortSignal) => AsyncIterable<Block>,
  { language, kinds, begins }: { language: Language; kinds: readonly CellKind[]; begins: boolean },
) =>
  async function* (signal: AbortSignal): AsyncGenerator<Block, void, undefined> {
    const rewrite = spreadsheetCells(language, kinds)
    if (begins) yield { bytes: Buffer.from(BOM), rows: 0 }
    // Bytes pass as characters of one byte each: no character beyond ASCII is looked at, so that none is split.
    for await (const { bytes, rows } of read(signal))
      yield { bytes: Buffer.from(rewrite(Buffer.from(bytes).toString('latin1')), 'latin1'), rows }
    const rest = rewrite()
    if (rest) yield { bytes: Buffer.from(rest, 'latin1'), rows: 0 }
  }

/** Writes CSV text for a spreadsheet, behind a byte order mark. */
export async function* spreadsheetText(
  pieces: AsyncIterable<string>,
  language: Language,
  kinds: readonly CellKind[],
): AsyncGenerator<string> {
  const rewrite = spreadsheetCells(language, kinds)
  yield BOM
  for await (const piece of pieces) yield rewrite(piece)
  yield rewrite()
}
