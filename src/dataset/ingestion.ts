import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../errors.ts'
import { type Sentence, say } from '../language/sentence.ts'
import type { IngestReport, IngestRequest } from './ingest.ts'
import { numberParts, partsKey } from './joining/contract-key.ts'
import { NO_JOINS, planJoins } from './joining/join-columns.ts'
import { type ParquetRequest, type RowFile, writeParquet } from './parquet.ts'
import { CELL_SEPARATOR, type CleanFile, cleanCell, cleanFile, needsQuotes } from './reading/clean-file.ts'
import { amendPlan, type Plan, planColumns, reportedColumns, scaleWarnings } from './reading/column-plan.ts'
import { type Mapping, mapColumns } from './reading/mapping.ts'
import { collectNotes } from './reading/notes.ts'
import { outlierWatch } from './reading/outlier.ts'
import { recordReader, type Values } from './reading/record.ts'
import { seenBefore } from './reading/seen.ts'
import { openSource, type TableSource } from './reading/source.ts'
import { inspectText, type SourceText } from './reading/source-bytes.ts'
import { type UnusableTable, unusableTable } from './reading/unusable.ts'
import { unpack } from './reading/workbook/unpack.ts'
import { silenceWatch } from './silence.ts'
import { wholeFile } from './whole-file.ts'

const ROWS_PER_PART = 200_000
const MOST_REJECTS = 100
/** Longest clean row in UTF-16 units: far below DuckDB's limit for a line. */
const LONGEST_ROW = 600_000

/**
 * Reads a spooled file into Parquet files in `directory`, as an {@link IngestRequest} asks. The rows are read once;
 * they are read a second time only where they contradict the sample about decimal marks or the order of days.
 */
export async function readDataset(
  request: IngestRequest,
  directory: string,
  signal: AbortSignal,
): Promise<IngestReport> {
  const { source, mapping, encoding, bytes, broken } = await openTable(request, directory, signal)
  const joins =
    source.form.format === 'ocds' || request.contracts
      ? NO_JOINS
      : planJoins({ names: source.names, rows: source.sample, columns: mapping.columns })
  const plan = planColumns(source.names, mapping, source.commas, source.titles, joins, source.derived)
  let pass = await readRows(source, plan, directory, signal)
  if (amendPlan(plan)) {
    for (const path of [...pass.files.map(({ path }) => path), pass.numbers, pass.repeats]) await rm(path)
    pass = await readRows(source, plan, directory, signal)
  }
  if (pass.rows === 0) throw nothingRead(pass, { ...mapping, names: source.names })
  const whole = wholeFile(request, source, mapping)
  const {
    parts,
    currencies,
    merged,
    warnings: joined,
  } = await writeParquet(
    {
      rows: pass.files,
      numbers: pass.numbers,
      repeats: pass.repeats,
      columns: cleanColumns(plan),
      identifier: identifierOf(plan),
      joins,
      currency: whole.currency,
      buyer: whole.buyer,
      directory,
      threads: request.threads,
      memoryLimit: request.memoryLimit,
    },
    signal,
  )
  for (const path of [pass.numbers, pass.repeats]) await rm(path)
  const warnings = [
    ...source.warnings,
    ...mapping.warnings,
    ...scaleWarnings(plan),
    ...pass.warnings,
    ...joined,
  ]
  warnings.push(...whole.warnings(Object.keys(currencies)))
  if (broken > 0) warnings.push(say('dataset.bytes_replaced', { count: broken }))
  const used = new Set(plan.columns.map(({ column }) => column))
  return {
    lines: pass.lines,
    rows: pass.rows - merged,
    merged: pass.lines - pass.rejected - pass.rows + merged,
    rejected: pass.rejected,
    currencies,
    source: { ...source.form, encoding: source.form.sheet === null ? encoding : null },
    unmapped: source.names.filter((name, column) => name !== '' && !used.has(column)),
    columns: reportedColumns(plan),
    warnings,
    rejects: pass.rejects,
    parts,
    bytes,
  }
}

interface OpenTable extends SourceText {
  source: TableSource
  mapping: Mapping
}

/** Opens the first usable table of a body: the body itself, a sheet of a workbook, the table of a zip. */
async function openTable(request: IngestRequest, directory: string, signal: AbortSignal): Promise<OpenTable> {
  const { path, gzip, maxInflatedBytes, contentType, sheet } = request
  const asked = request.mapping ?? {}
  let refused: Problem | undefined
  const sheets: string[] = []
  for await (const packed of unpack(
    { path, gzip, maxInflatedBytes },
    { contentType, directory, sheet },
    signal,
  )) {
    const { file, workbook } = packed
    if (workbook) sheets.push(workbook.sheet)
    else if (sheet !== undefined)
      throw new Problem('UNUSABLE_DATASET', say('unusable.no_workbook', { sheet }), {
        members: { sheets },
      })
    try {
      const text = await inspectText(file, signal)
      const source = await openSource(
        file,
        text.encoding,
        packed.contentType,
        Object.values(asked),
        directory,
        signal,
      )
      const mapping = mapColumns(source.names, source.sample, { ...source.fixed, ...asked })
      if (!workbook) return { ...text, source, mapping }
      source.form = { ...source.form, ...workbook, delimiter: null }
      source.commas = true
      return { ...text, source, mapping }
    } catch (error) {
      if (
        !workbook ||
        !(error instanceof Problem) ||
        !/^(?:UNUSABLE_DATASET|VALIDATION_FAILED)$/.test(error.code)
      )
        throw error
      refused ??= error
    }
  }
  if (refused && sheets.length > 1)
    throw new Problem(refused.code, say('unusable.sheets_unusable', { sheets, why: refused.detail }), {
      errors: refused.errors,
      members: { ...refused.members, sheets },
    })
  throw refused ?? new Problem('UNUSABLE_DATASET', say('unusable.no_sheets'))
}

interface Pass {
  /** Number of records; one may stand for several that were merged already. */
  lines: number
  rows: number
  rejected: number
  rejects: { line: number; reason: Sentence }[]
  warnings: Sentence[]
  files: RowFile[]
  numbers: string
  /** Path of the file of numbers that may have occurred before. */
  repeats: string
}

const quoted = (value: Values[number]): Values[number] =>
  typeof value === 'string' ? cleanCell(value) : value
/** Takes the place of {@link cleanCell} in rows without a character that needs quotes. */
const asItIs = (text: string): string => text

const cleanColumns = (plan: Plan): ParquetRequest['columns'] => [
  'line',
  ...plan.columns.map(({ canonical }) => canonical),
]

function identifierOf(plan: Plan): 'contract_id' | 'contract_number' | null {
  for (const name of ['contract_id', 'contract_number'] as const) {
    if (plan.columns.some(({ canonical }) => canonical === name)) return name
  }
  return null
}

async function readRows(
  source: TableSource,
  plan: Plan,
  directory: string,
  signal: AbortSignal,
): Promise<Pass> {
  const notes = collectNotes()
  const outliers = outlierWatch()
  const rows = rowFiles(plan, directory)
  const read = recordReader({ plan, headerRows: source.headerRows, titles: source.titles, notes })
  const rejects: Pass['rejects'] = []
  let rejected = 0
  const silence = silenceWatch(plan)
  let total = 0
  const reject = (line: number, reason: Sentence, lines = 1): void => {
    rejected += lines
    total += lines
    if (rejects.length < MOST_REJECTS) rejects.push({ line, reason })
  }
  /** The last contract, which is written when the next one begins: its text may run on. */
  let held: { values: Values; value: number | null; line: number; lines: number } | undefined
  const writeHeld = (): void => {
    if (!held) return
    const { values, value, line, lines } = held
    held = undefined
    if (!rows.write(values, line)) {
      reject(line, say('reject.too_long'), lines)
      return
    }
    total += lines
    silence.see(values, value, line)
    if (value !== null) outliers.see(value, line)
  }
  try {
    await source.read(
      {
        reject,
        note: notes.add,
        record: (cells, line, broken, lines = 1) => {
          const outcome = read(cells, line, broken)
          if (outcome.kind === 'rejected') reject(line, outcome.reason, lines)
          else if (outcome.kind === 'contract') {
            writeHeld()
            held = { values: outcome.values, value: outcome.value, line, lines }
          } else if (outcome.kind === 'continued' && held)
            held.values[outcome.index] = [held.values[outcome.index], outcome.text].filter(Boolean).join(' ')
        },
      },
      signal,
    )
    writeHeld()
  } finally {
    rows.close()
  }
  const absurd = outliers.absurd()
  const { files, numbers, repeats } = rows
  return {
    lines: total,
    rows: rows.count(),
    rejected,
    rejects,
    warnings: [
      ...notes.sentences(),
      ...silence.warnings(),
      ...(absurd ? [say('dataset.amount_absurd', absurd)] : []),
    ],
    files,
    numbers,
    repeats,
  }
}

/**
 * Makes the clean files of a pass, a new one every {@link ROWS_PER_PART} rows, and the files of the numbers from
 * which ids are made.
 */
function rowFiles(plan: Plan, directory: string) {
  const identifier = identifierOf(plan)
  const at = (name: string | null) => plan.columns.findIndex(({ canonical }) => canonical === name)
  const identifierAt = at(identifier)
  const numberAt = at('contract_number') < 0 ? identifierAt : at('contract_number')
  const refersAt = at('refers_to')
  const files: RowFile[] = []
  const numbers = cleanFile(join(directory, 'numbers.txt'))
  const repeats = cleanFile(join(directory, 'repeats.txt'))
  const seen = seenBefore()
  let current: CleanFile | undefined
  let count = 0
  /** Writes a number with its key, both as cells. */
  const writeNumber = (line: number, number: string, key: string, amendment: number | ''): void => {
    numbers.write(`${line}${CELL_SEPARATOR}${number}${CELL_SEPARATOR}${key}${CELL_SEPARATOR}${amendment}`)
    if (seen(key)) repeats.write(key)
  }
  return {
    files,
    numbers: numbers.path,
    repeats: repeats.path,
    count: () => count,
    /** Writes a row. @returns false where it is too long */
    write: (values: Values, line: number): boolean => {
      const text = (index: number): string | null => (index < 0 ? null : (values[index] as string | null))
      const number = text(identifierAt)
      const contractNumber = text(refersAt) ?? text(numberAt)
      let row = `${line}${CELL_SEPARATOR}${values.join(CELL_SEPARATOR)}`
      const cell = needsQuotes(row) ? cleanCell : asItIs
      if (cell === cleanCell) row = `${line}${CELL_SEPARATOR}${values.map(quoted).join(CELL_SEPARATOR)}`
      if (row.length > LONGEST_ROW) return false
      if (count % ROWS_PER_PART === 0) {
        current?.close()
        current = cleanFile(join(directory, `rows-${String(files.length).padStart(5, '0')}.txt`))
        files.push({ path: current.path, first: line, last: line })
      }
      const file = files.at(-1) as RowFile
      if (line < file.first) file.first = line
      if (line > file.last) file.last = line
      current?.write(row)
      if (number !== null) {
        const parts = numberParts(contractNumber ?? number)
        const key = partsKey(parts) || `#${contractNumber ?? number}`
        const amendment = contractNumber === null ? null : parts.amendment
        writeNumber(line, cell(number), cell(key), amendment ?? '')
        // A row whose key comes from another number has its own one beside.
        if (contractNumber !== number) writeNumber(line, cell(number), cell(`#${number}`), '')
      }
      count++
      return true
    },
    close: () => {
      current?.close()
      numbers.close()
      repeats.close()
    },
  }
}

function nothingRead(pass: Pass, table: UnusableTable): Problem {
  const [first] = pass.rejects
  if (first) {
    return unusableTable(
      say('unusable.nothing_read', { count: pass.rejected, line: first.line, why: first.reason }),
      table,
    )
  }
  const headers = table.names.filter((name) => name !== '').slice(0, 20)
  return unusableTable(say('unusable.no_contracts', { headers }), table)
}
