import type { Block } from './lines.ts'

const LF = 10
const CR = 13
const QUOTE = 34

const countLines = (bytes: Buffer): number => {
  let rows = 0
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) rows++
  return rows
}

/**
 * Counts the rows that end in each piece of a text; for CSV the line ends become CRLF as RFC 4180 has them, those
 * inside of quotes stay as they are.
 */
export const recordEnds = (csv: boolean): ((bytes: Buffer) => Block) => {
  let quoted = false
  if (!csv) return (bytes) => ({ bytes, rows: countLines(bytes) })
  return (bytes) => {
    const ends: number[] = []
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]
      if (byte === QUOTE) quoted = !quoted
      else if (byte === LF && !quoted) ends.push(at)
    }
    const ended = Buffer.allocUnsafe(bytes.length + ends.length)
    let from = 0
    let written = 0
    for (const at of ends) {
      written += bytes.copy(ended, written, from, at)
      ended[written++] = CR
      ended[written++] = LF
      from = at + 1
    }
    bytes.copy(ended, written, from)
    return { bytes: ended, rows: ends.length }
  }
}
