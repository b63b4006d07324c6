import { restored } from '../protocol/csv.ts'
import { type AuditEvent, AUDIT_COLUMNS as COLUMNS, NULLABLE_COLUMNS as NULLABLE } from './events.ts'

/** Thrown for a file that is no export of the audit log, or an incomplete one. */
export class UnreadableExport extends Error {}

/** Longest record, in characters: far above any that the service writes, and small enough for memory. */
const MAX_RECORD = 16 * 1024 * 1024

const TEXTS = COLUMNS.filter((column) => column !== 'success' && !NULLABLE.has(column))

const bounded = (text: string): string => {
  if (text.length > MAX_RECORD) throw new UnreadableExport('a record is larger than any of an export')
  return text
}

/** Checks that a value has the fields of an audit event. @throws {UnreadableExport} when one is missing */
const asEvent = (value: unknown, line: string): AuditEvent => {
  const event = value as AuditEvent
  const whole =
    typeof event === 'object' &&
    event !== null &&
    TEXTS.every((field) => typeof event[field] === 'string') &&
    typeof event.success === 'boolean'
  if (!whole) throw new UnreadableExport(`this is no audit event: ${line.slice(0, 80)}`)
  return Object.fromEntries(COLUMNS.map((column) => [column, event[column] ?? null])) as AuditEvent
}

const parsed = (text: string): AuditEvent => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UnreadableExport(`this is no JSON: ${text.slice(0, 80)}`)
  }
  return asEvent(value, text)
}

/** Reads the events of NDJSON. @throws {UnreadableExport} also when the last line has no end: the file was cut */
async function* ndjsonEvents(text: AsyncIterable<string>): AsyncGenerator<AuditEvent> {
  let rest = ''
  for await (const chunk of text) {
    const lines = bounded(rest + chunk).split('\n')
    rest = lines.pop() as string
    for (const line of lines) if (line.trim() !== '') yield parsed(line)
  }
  if (rest.trim() !== '') throw new UnreadableExport('the last line has no end')
}

/** Reads the events of one JSON array. @throws {UnreadableExport} also when the array has no end */
async function* jsonEvents(text: AsyncIterable<string>): AsyncGenerator<AuditEvent> {
  let rest = ''
  let depth = 0
  let ended = false
  for await (const chunk of text) {
    let begin = depth > 1 ? 0 : -1
    const from = rest.length
    rest = bounded(rest + chunk)
    let inString = false
    let at = begin === 0 ? 0 : from
    if (begin === 0) depth = 1
    for (; at < rest.length; at++) {
      const character = rest[at]
      if (inString) {
        if (character === '\\') at++
        else if (character === '"') inString = false
        continue
      }
      if (ended && !/\s/.test(character as string)) throw new UnreadableExport('something follows the array')
      if (character === '"') inString = true
      else if (character === '[' || character === '{') {
        if (depth === 1) begin = at
        depth++
      } else if (character === ']' || character === '}') {
        depth--
        if (depth === 1) {
          yield parsed(rest.slice(begin, at + 1))
          begin = -1
        }
        ended = depth === 0
      }
    }
    rest = begin === -1 ? '' : rest.slice(begin)
  }
  if (!ended) throw new UnreadableExport('the array has no end')
}

/** Reads the records of CSV (RFC 4180). @throws {UnreadableExport} also when the last one has no end */
async function* csvRecords(text: AsyncIterable<string>): AsyncGenerator<string[]> {
  let rest = ''
  for await (const chunk of text) {
    rest = bounded(rest + chunk)
    let begin = 0
    for (;;) {
      const record = readRecord(rest, begin)
      if (!record) break
      yield record.cells
      begin = record.end
    }
    rest = rest.slice(begin)
  }
  if (rest !== '') throw new UnreadableExport('the last record has no end')
}

/**
 * Returns the index of the quote that closes the quotation which begins at `begin`; undefined while the text ends
 * before it.
 */
const closingQuote = (text: string, begin: number): number | undefined => {
  let close = text.indexOf('"', begin + 1)
  while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
  return close === -1 || close + 1 >= text.length ? undefined : close
}

/** Reads the record that begins at `begin`; returns undefined while its end has not arrived. */
const readRecord = (text: string, begin: number): { cells: string[]; end: number } | undefined => {
  const cells: string[] = []
  let at = begin
  for (;;) {
    let cell: string
    if (text[at] === '"') {
      const close = closingQuote(text, at)
      if (close === undefined) return undefined
      cell = text.slice(at + 1, close).replaceAll('""', '"')
      at = close + 1
    } else {
      const rest = /[,\r\n]/g
      rest.lastIndex = at
      const end = rest.exec(text)?.index
      if (end === undefined) return undefined
      cell = text.slice(at, end)
      at = end
    }
    cells.push(cell)
    if (text[at] === ',') at++
    else if (text[at] === '\n') return { cells, end: at + 1 }
    else if (text[at] === '\r') {
      if (at + 1 >= text.length) return undefined
      return { cells, end: text[at + 1] === '\n' ? at + 2 : at + 1 }
    } else throw new UnreadableExport('something follows a closing quotation mark')
  }
}

const fromCells = (cells: readonly string[]): AuditEvent => {
  if (cells.length !== COLUMNS.length)
    throw new UnreadableExport(`a record has ${cells.length} cells instead of ${COLUMNS.length}`)
  const value = (column: keyof AuditEvent, cell: string): unknown => {
    if (cell === '' && NULLABLE.has(column)) return null
    if (column === 'success') return cell === 'true' ? true : cell === 'false' ? false : cell
    if (column !== 'details') return restored(cell)
    try {
      return JSON.parse(restored(cell))
    } catch {
      throw new UnreadableExport(`the details are no JSON: ${cell.slice(0, 80)}`)
    }
  }
  const event = COLUMNS.map((column, index) => [column, value(column, cells[index] as string)])
  return asEvent(Object.fromEntries(event), cells.join(','))
}

/** Reads the events of CSV, with a header line or without: a part that continues after an event has none. */
async function* csvEvents(text: AsyncIterable<string>): AsyncGenerator<AuditEvent> {
  let isFirst = true
  for await (const cells of csvRecords(text)) {
    if (!isFirst || cells.join(',') !== COLUMNS.join(',')) yield fromCells(cells)
    isFirst = false
  }
}

/** Reads up to the first chunk that holds more than white space, and returns it with all chunks. */
const peeked = async (text: AsyncIterable<string>) => {
  const chunks = text[Symbol.asyncIterator]()
  let first = ''
  for (;;) {
    const { value, done } = await chunks.next()
    if (done) break
    first += value.replace(first === '' ? /^\uFEFF/ : '', '')
    if (first.trim() !== '') break
  }
  const all = async function* () {
    yield first
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
  }
  return { first: first.trimStart()[0], all: all() }
}

/**
 * Reads the events of an exported file, one at a time; whether it is CSV, NDJSON or JSON is recognised by its
 * beginning. An empty text is an NDJSON export without events.
 * @throws {UnreadableExport}
 */
export async function* exportedEvents(text: AsyncIterable<string>): AsyncGenerator<AuditEvent> {
  const { first, all } = await peeked(text)
  if (first === undefined || first === '{') yield* ndjsonEvents(all)
  else if (first === '[') yield* jsonEvents(all)
  else yield* csvEvents(all)
}
