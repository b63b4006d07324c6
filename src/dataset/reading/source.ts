import { Problem } from '../../errors.ts'
import { type Sentence, say } from '../../language/sentence.ts'
import { ocdsHistory } from '../joining/ocds-history.ts'
import { type Node, node } from '../joining/ocds-merge.ts'
import { joinDecimals } from './decimal-comma.ts'
import { delimitedReader } from './delimited.ts'
import { flatten } from './flat.ts'
import { jsonElements } from './json-elements.ts'
import { findLayout } from './layout.ts'
import type { Notes } from './notes.ts'
import { entriesOf, isOcds, OCDS_COLUMNS, type OcdsRow, processRows, releasesOf } from './ocds.ts'
import { pageMover } from './page-layout.ts'
import { type Encoding, readText, type SourceFile } from './source-bytes.ts'

/** The form of a file that was read. */
export interface SourceForm {
  format: 'csv' | 'ndjson' | 'json' | 'ocds' | 'xlsx' | 'ods'
  /** Encoding of the text; null for workbooks. */
  encoding: string | null
  /** Character between cells; null for workbooks and JSON. */
  delimiter: string | null
  /** Number of lines above the header. */
  title_lines: number
  /** Name of the sheet of a workbook; else null. */
  sheet: string | null
}

/** Takes a source's records as they are read. */
export interface RecordSink {
  /** Takes a record. @param lines that the record stands for, where it is not one */
  record(cells: string[], line: number, broken?: boolean, lines?: number): void
  reject(line: number, reason: Sentence, lines?: number): void
  note: Notes['add']
}

/**
 * A file as a table: names of its columns, a sample of its rows, and a way to read all of them, as often as needed.
 */
export interface TableSource {
  form: Omit<SourceForm, 'encoding'>
  names: string[]
  sample: string[][]
  headerRows: string[][]
  titles: string[]
  /** Whether commas separate cells. */
  commas: boolean
  /** Notices about the file for its uploader. */
  warnings: Sentence[]
  /** Columns whose meaning the format itself defines: canonical column → name. */
  fixed?: Readonly<Record<string, string>>
  /** Indexes of the columns that reading derives. */
  derived?: Readonly<Partial<Record<'source_lines' | 'items', number>>>
  read(sink: RecordSink, signal: AbortSignal): Promise<void>
}

export type ContentType = 'text/csv' | 'application/x-ndjson' | 'application/json'

const SAMPLE_CHARACTERS = 1024 * 1024
const SAMPLED_RECORDS = 3000
const LONGEST_LINE = 16 * 1024 * 1024

const unusable = (detail: Sentence): Problem => new Problem('UNUSABLE_DATASET', detail)

/**
 * Opens a file as a table.
 * @param asked names of columns that the caller's mapping needs
 * @param directory for data that does not fit into memory
 * @throws {Problem} `UNUSABLE_DATASET` where it has no table
 */
export async function openSource(
  file: SourceFile,
  encoding: Encoding,
  contentType: ContentType,
  asked: readonly string[],
  directory: string,
  signal: AbortSignal,
): Promise<TableSource> {
  const { text, whole } = await sampleText(file, encoding, signal)
  const texts = (inner: AbortSignal): AsyncIterable<string> => readText(file, encoding, inner)
  if (contentType === 'text/csv') {
    if (/^\s*[[{]\s*["{[]/.test(text)) {
      throw unusable(say('unusable.json_as_csv'))
    }
    return delimitedSource(text, whole, asked, texts)
  }
  const lines = contentType === 'application/x-ndjson' ? !/^\s*\[/.test(text) : isLines(text)
  return objectSource(text, whole, texts, lines ? 'ndjson' : 'json', directory)
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
    warnings: layout.decimalCommas ? [say('dataset.decimal_commas')] : [],
    read: async (sink, signal) => {
      const { firstDataLine, headerLine, headerRows } = layout
      const move = pageMover(headerRows[0] as string[], width)
      const reader = delimitedReader({
        delimiter: layout.delimiter,
        width,
        onRecord: (cells, line, broken) => {
          if (line < headerLine) return
          const own = move(cells)
          if (line >= firstDataLine)
            sink.record(layout.decimalCommas ? joinDecimals(own, width) : own, line, broken)
        },
      })
      for await (const part of texts(signal)) reader.push(part)
      reader.end()
    },
  }
}

/** Tells whether a file sent as one JSON value has a value on each line. */
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

/** Reads JSON values, one on each line. */
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
      if (rest.length > LONGEST_LINE) throw unusable(say('unusable.line_too_long', { line }))
    },
    end: () => take(rest),
  }
}

/** Reads the records of one JSON value, counted from 1. */
const valueElements: Elements = (onElement) => {
  let position = 0
  return jsonElements((element) => onElement(element, ++position))
}

function objectSource(
  text: string,
  whole: boolean,
  texts: (signal: AbortSignal) => AsyncIterable<string>,
  format: 'ndjson' | 'json',
  directory: string,
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
  if (objects.length === 0) throw unusable(say('unusable.no_object'))
  const form = { format, delimiter: null, title_lines: 0, sheet: null }
  const table = { form, headerRows: [], titles: [], commas: true, warnings: [] }
  if (objects.filter(isOcds).length * 2 > objects.length)
    return { ...table, ...ocdsTable(objects as Node[], elements, texts, directory) }
  const names = new Set<string>()
  const flat = objects.map(flatten)
  for (const row of flat) for (const name of row.keys()) names.add(name)
  const columns = [...names].slice(0, 500)
  const cells = (row: Map<string, string>): string[] => columns.map((name) => row.get(name) ?? '')
  return {
    ...table,
    names: unwrapped(columns),
    sample: flat.map(cells),
    read: async (sink, signal) => {
      const reader = elements(
        (element, line) => {
          if (typeof element !== 'object' || element === null) sink.reject(line, say('reject.not_object'))
          else sink.record(cells(flatten(element)), line)
        },
        (line) => sink.reject(line, say('reject.not_json')),
      )
      for await (const part of texts(signal)) reader.push(part)
      reader.end()
    },
  }
}

/** Part of a table's names from which a path that they share is a wrapper, and no name of a thing. */
const MOST_WRAPPED = 0.6

/** Returns names without the path in front that most of them share: `Vlr. Global` for `dados.Vlr. Global`. */
function unwrapped(names: readonly string[]): string[] {
  const path = (name: string): string => name.slice(0, name.indexOf('.') + 1)
  const counts = new Map<string, number>()
  for (const name of names) counts.set(path(name), (counts.get(path(name)) ?? 0) + 1)
  const [wrapper = '', count = 0] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? []
  if (wrapper === '' || count < 3 || count < MOST_WRAPPED * names.length) return [...names]
  const bare = names.map((name) => (name.startsWith(wrapper) ? name.slice(wrapper.length) : name))
  return new Set(bare).size === names.length ? bare : [...names]
}

type OcdsTable = Pick<TableSource, 'names' | 'sample' | 'fixed' | 'derived' | 'read' | 'form'>

/** Columns that are read of every OCDS file, even where its beginning has none. */
const ALWAYS: ReadonlySet<string> = new Set(['contract_number', 'final_value', 'currency', 'supplier_name'])

/**
 * Reads OCDS elements as a table of contracts: the releases of one process are merged, wherever in the file they
 * are.
 */
function ocdsTable(
  objects: readonly Node[],
  elements: Elements,
  texts: (signal: AbortSignal) => AsyncIterable<string>,
  directory: string,
): OcdsTable {
  const names = OCDS_COLUMNS.map(([, path]) => path)
  const processes = new Map<unknown, { release: Node; position: number }[]>()
  for (const [at, release] of objects.flatMap(releasesOf).entries()) {
    const ocid = release.ocid ?? at
    processes.set(ocid, [...(processes.get(ocid) ?? []), { release: node(release), position: 1 }])
  }
  const sample = [...processes.values()].flatMap(processRows).map(({ cells }) => cells)
  const used = OCDS_COLUMNS.filter(
    ([name, path], column) =>
      path !== '' && (ALWAYS.has(name) || sample.some((cells) => cells[column] !== '')),
  )
  const at = (name: string): number => OCDS_COLUMNS.findIndex(([column]) => column === name)
  const show = ({ cells, lines, rejected, note }: OcdsRow, sink: RecordSink): void => {
    const line = lines[0] as number
    if (rejected !== undefined) {
      sink.reject(line, rejected, lines.length)
      return
    }
    if (note !== undefined) sink.note('dataset.items_of_two_currencies', line, { example: note })
    sink.record(cells, line, false, lines.length)
  }
  return {
    form: { format: 'ocds', delimiter: null, title_lines: 0, sheet: null },
    names,
    sample,
    fixed: Object.fromEntries(used),
    derived: { source_lines: at('source_lines'), items: at('items') },
    read: async (sink, signal) => {
      let position = 1
      let bytes = 0
      for await (const part of texts(signal)) bytes += part.length
      const history = await ocdsHistory(directory, bytes)
      try {
        const reader = elements(
          (element) => {
            if (typeof element !== 'object' || element === null)
              return sink.reject(position++, say('reject.not_object'))
            for (const release of releasesOf(element)) {
              const ocid = typeof release.ocid === 'string' ? release.ocid : `#${position}`
              if (entriesOf(release) > 0) history.add(ocid, { release: node(release), position })
              position += entriesOf(release)
            }
          },
          () => sink.reject(position++, say('reject.not_json')),
        )
        for await (const part of texts(signal)) reader.push(part)
        reader.end()
        for await (const process of history.processes(signal))
          for (const row of processRows(process)) show(row, sink)
      } finally {
        await history.close()
      }
    },
  }
}
