import { Problem } from '../../errors.ts'
import type { SourceForm } from '../ingest.ts'
import { joinDecimals } from './decimal-comma.ts'
import { delimitedReader } from './delimited.ts'
import { flatten } from './flat.ts'
import { jsonElements } from './json-elements.ts'
import { findLayout } from './layout.ts'
import { contractCells, isOcds, OCDS_COLUMNS, releasesOf } from './ocds.ts'
import { type Encoding, readText, type SourceFile } from './source-bytes.ts'

/** Takes a source's records as they are read. */
export interface RecordSink {
  record(cells: string[], line: number, broken?: boolean): void
  reject(line: number, reason: string): void
}

/** A file as a table: names of its columns, a sample of its rows, and a way to read all of them, again and again. */
export interface TableSource {
  form: Omit<SourceForm, 'encoding'>
  names: string[]
  sample: string[][]
  headerRows: string[][]
  titles: string[]
  /** Cells are parted by commas. */
  commas: boolean
  /** What a reader should look at. */
  warnings: string[]
  /** Columns whose meaning the format itself fixes. */
  fixed?: Readonly<Record<string, string>>
  read(sink: RecordSink, signal: AbortSignal): Promise<void>
}

export type ContentType = 'text/csv' | 'application/x-ndjson' | 'application/json'

const SAMPLE_CHARACTERS = 1024 * 1024
const SAMPLED_RECORDS = 3000
const LONGEST_LINE = 16 * 1024 * 1024

const unusable = (detail: string): Problem => new Problem('UNUSABLE_DATASET', detail)

/**
 * Opens a file as a table.
 * @param asked names of columns the caller's mapping needs
 * @throws {Problem} `UNUSABLE_DATASET` where it holds no table
 */
export async function openSource(
  file: SourceFile,
  encoding: Encoding,
  contentType: ContentType,
  asked: readonly string[],
  signal: AbortSignal,
): Promise<TableSource> {
  const { text, whole } = await sampleText(file, encoding, signal)
  const texts = (inner: AbortSignal): AsyncIterable<string> => readText(file, encoding, inner)
  if (contentType === 'text/csv') {
    if (/^\s*[[{]\s*["{[]/.test(text)) {
      throw unusable('The body is JSON; send it as application/json or application/x-ndjson, not as text/csv')
    }
    return delimitedSource(text, whole, asked, texts)
  }
  const lines = contentType === 'application/x-ndjson' ? !/^\s*\[/.test(text) : isLines(text)
  return objectSource(text, whole, texts, lines ? 'ndjson' : 'json')
}

async function sampleText(
  file: SourceFile,
  encoding: Encoding,
  signal: AbortSignal,
): Promise<{ text: string; whole: boolean }> {
  let text = ''
  for await (const part of readText(file, encoding, signal)) {
    text += part
    if (text.length > SAMPLE_CHARACTERS) return { text, whole: false }
  }
  return { text, whole: true }
}

function delimitedSource(
  text: string,
  whole: boolean,
  asked: readonly string[],
  texts: (signal: AbortSignal) => AsyncIterable<string>,
): TableSource {
  const layout = findLayout(text, whole, asked)
  const width = layout.names.length
  return {
    form: { format: 'csv', delimiter: layout.delimiter, title_lines: layout.titles.length, sheet: null },
    names: layout.names,
    sample: layout.sample.map(({ cells }) => cells).filter((cells) => Math.abs(cells.length - width) <= 1),
    headerRows: layout.headerRows,
    titles: layout.titles,
    commas: layout.delimiter === ',' && !layout.decimalCommas,
    warnings: layout.decimalCommas
      ? [
          'Decimal commas without quotation marks part the cells of this file; amounts were put together again',
        ]
      : [],
    read: async (sink, signal) => {
      const { firstDataLine } = layout
      const reader = delimitedReader({
        delimiter: layout.delimiter,
        width,
        onRecord: (cells, line, broken) => {
          if (line < firstDataLine) return
          sink.record(layout.decimalCommas ? joinDecimals(cells, width) : cells, line, broken)
        },
      })
      for await (const part of texts(signal)) reader.push(part)
      reader.end()
    },
  }
}

/** Whether what was sent as one JSON value is a value a line. */
function isLines(text: string): boolean {
  const [first, second] = text.split('\n', 2)
  if (!second?.trimStart().startsWith('{')) return false
  try {
    JSON.parse(first as string)
    return true
  } catch {
    return false
  }
}

type Elements = (
  onElement: (element: unknown, line: number) => void,
  onBad: (line: number) => void,
) => { push(text: string): void; end(): void }

/** JSON values a line each. */
const lineElements: Elements = (onElement, onBad) => {
  let rest = ''
  let line = 1
  const take = (text: string): void => {
    if (text.trim() !== '') {
      let element: unknown
      let bad = false
      try {
        element = JSON.parse(text)
      } catch {
        bad = true
      }
      if (bad) onBad(line)
      else onElement(element, line)
    }
    line++
  }
  return {
    push: (part) => {
      const text = rest + part
      let at = 0
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
        take(text.slice(at, end))
        at = end + 1
      }
      rest = text.slice(at)
      if (rest.length > LONGEST_LINE) throw unusable(`Line ${line} is longer than 16 MiB`)
    },
    end: () => take(rest),
  }
}

/** The records of one JSON value, counted from 1. */
const valueElements: Elements = (onElement) => {
  let position = 0
  return jsonElements((element) => onElement(element, ++position))
}

function objectSource(
  text: string,
  whole: boolean,
  texts: (signal: AbortSignal) => AsyncIterable<string>,
  format: 'ndjson' | 'json',
): TableSource {
  const elements = format === 'ndjson' ? lineElements : valueElements
  const sampled: unknown[] = []
  const probe = elements(
    (element) => {
      if (sampled.length < SAMPLED_RECORDS) sampled.push(element)
    },
    () => undefined,
  )
  probe.push(text)
  if (whole) probe.end()
  const objects = sampled.filter((element) => typeof element === 'object' && element !== null)
  if (objects.length === 0)
    throw unusable('No JSON object was found: neither a release, nor a list of contracts')
  const read =
    (rows: (element: object) => string[][], position: boolean): TableSource['read'] =>
    async (sink, signal) => {
      let count = 0
      const reader = elements(
        (element, line) => {
          if (typeof element !== 'object' || element === null) {
            sink.reject(position ? count + 1 : line, 'not a JSON object')
            return
          }
          for (const cells of rows(element)) sink.record(cells, position ? ++count : line)
        },
        (line) => sink.reject(position ? count + 1 : line, 'not valid JSON'),
      )
      for await (const part of texts(signal)) reader.push(part)
      reader.end()
    }
  const form = { format, delimiter: null, title_lines: 0, sheet: null }
  const table = { form, headerRows: [], titles: [], commas: true, warnings: [] }
  if (objects.filter(isOcds).length * 2 > objects.length) {
    const rows = (element: object): string[][] => releasesOf(element).flatMap(contractCells)
    const names = OCDS_COLUMNS.map(([, path]) => path)
    const sample = objects.flatMap(rows)
    const used = OCDS_COLUMNS.filter((_, column) => sample.some((cells) => cells[column] !== ''))
    const ocds = { ...form, format: 'ocds' as const }
    return { ...table, form: ocds, names, sample, fixed: Object.fromEntries(used), read: read(rows, true) }
  }
  const names = new Set<string>()
  const flat = objects.map(flatten)
  for (const row of flat) for (const name of row.keys()) names.add(name)
  const columns = [...names].slice(0, 500)
  const cells = (row: Map<string, string>): string[] => columns.map((name) => row.get(name) ?? '')
  const rows = (element: object): string[][] => [cells(flatten(element))]
  return { ...table, names: columns, sample: flat.map(cells), read: read(rows, false) }
}
