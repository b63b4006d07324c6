import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../errors.ts'
import type { Contract } from '../protocol/contract.ts'
import type { IngestReport, IngestRequest } from './ingest.ts'
import { writeParquet } from './parquet.ts'
import { CELL_SEPARATOR, type CleanFile, cleanCell, cleanFile } from './reading/clean-file.ts'
import { mapColumns } from './reading/mapping.ts'
import { collectNotes, type Notes } from './reading/notes.ts'
import { outlierWatch } from './reading/outlier.ts'
import { amendPlan, type Plan, planColumns, reportedColumns, scaleWarnings } from './reading/plan.ts'
import { recordReader, type Values } from './reading/record.ts'
import { seenBefore } from './reading/seen.ts'
import { openSource, type TableSource } from './reading/source.ts'
import { inspectText } from './reading/source-bytes.ts'
import { wholeFile } from './whole-file.ts'

const ROWS_PER_PART = 200_000
const MOST_REJECTS = 100
/** UTF-16 units of one clean row: far below the longest line DuckDB is told to take. */
const LONGEST_ROW = 600_000

/**
 * Reads a spooled file into Parquet files in `directory`, as an {@link IngestRequest} asks. The rows pass through once;
 * they pass a second time only where all of them prove the sample wrong about decimal marks or the order of days.
 */
export async function readDataset(
  request: IngestRequest,
  directory: string,
  signal: AbortSignal,
): Promise<IngestReport> {
  const file = { path: request.path, gzip: request.gzip, maxInflatedBytes: request.maxInflatedBytes }
  const { encoding, bytes, broken } = await inspectText(file, signal)
  const asked = request.mapping ?? {}
  const source = await openSource(file, encoding, request.contentType, Object.values(asked), signal)
  const mapping = mapColumns(source.names, source.sample, { ...source.fixed, ...asked })
  const plan = planColumns(source.names, mapping, source.commas, source.titles)
  let pass = await readRows(source, plan, directory, signal)
  if (amendPlan(plan)) {
    for (const path of [...pass.files, pass.numbers, pass.repeats]) await rm(path)
    pass = await readRows(source, plan, directory, signal)
  }
  if (pass.rows === 0) throw nothingRead(pass, source)
  const whole = wholeFile(request, source, mapping)
  const { parts, currencies } = await writeParquet(
    {
      rows: pass.files,
      numbers: pass.numbers,
      repeats: pass.repeats,
      columns: cleanColumns(plan),
      identifier: identifierOf(plan),
      currency: whole.currency,
      buyer: whole.buyer,
      directory,
      threads: request.threads,
      memoryLimit: request.memoryLimit,
    },
    signal,
  )
  for (const path of [pass.numbers, pass.repeats]) await rm(path)
  const warnings = [...source.warnings, ...mapping.warnings, ...scaleWarnings(plan), ...pass.warnings]
  warnings.push(...whole.warnings(Object.keys(currencies)))
  if (broken > 0) warnings.push(`${broken} byte sequences are no UTF-8 and were replaced`)
  const used = new Set(plan.columns.map(({ column }) => column))
  return {
    lines: pass.rows + pass.rejected,
    rows: pass.rows,
    merged: 0,
    rejected: pass.rejected,
    currencies,
    source: { ...source.form, encoding },
    unmapped: source.names.filter((name, column) => name !== '' && !used.has(column)),
    columns: reportedColumns(plan),
    warnings,
    rejects: pass.rejects,
    parts,
    bytes,
  }
}

interface Pass {
  rows: number
  rejected: number
  rejects: { line: number; reason: string }[]
  warnings: string[]
  files: string[]
  numbers: string
  /** Those of the numbers that may have come before. */
  repeats: string
}

const cleanColumns = (plan: Plan): (keyof Contract)[] => [
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
  let valued = 0
  const reject = (line: number, reason: string): void => {
    if (++rejected <= MOST_REJECTS) rejects.push({ line, reason })
  }
  try {
    await source.read(
      {
        reject,
        record: (cells, line, broken) => {
          const outcome = read(cells, line, broken)
          if (outcome.kind === 'rejected') reject(line, outcome.reason)
          else if (outcome.kind === 'contract') {
            if (!rows.write(outcome.values, line)) return reject(line, 'the record is too long')
            if (outcome.value !== null) {
              valued++
              outliers.see(outcome.value, line)
            }
          }
        },
      },
      signal,
    )
  } finally {
    rows.close()
  }
  if (valued === 0 && rows.count() > 0) notes.add('No row has an amount', 0)
  tellOutlier(outliers.absurd(), notes)
  const { files, numbers, repeats } = rows
  return { rows: rows.count(), rejected, rejects, warnings: notes.sentences(), files, numbers, repeats }
}

function tellOutlier(absurd: { value: number; line: number; median: number } | null, notes: Notes): void {
  if (!absurd) return
  const { value, line, median } = absurd
  notes.add(
    `The amount ${value} in line %l is absurd beside a median of ${median}; it is kept as it stands`,
    line,
  )
}

/** Clean files of a pass, a new one every {@link ROWS_PER_PART} rows, and the numbers the ids are made from. */
function rowFiles(plan: Plan, directory: string) {
  const identifier = identifierOf(plan)
  const identifierAt = plan.columns.findIndex(({ canonical }) => canonical === identifier)
  const texts = plan.columns.flatMap(({ kind }, index) => (kind === 'text' || kind === 'tax' ? [index] : []))
  const files: string[] = []
  const numbers = cleanFile(join(directory, 'numbers.txt'))
  const repeats = cleanFile(join(directory, 'repeats.txt'))
  const seen = seenBefore()
  let current: CleanFile | undefined
  let count = 0
  return {
    files,
    numbers: numbers.path,
    repeats: repeats.path,
    count: () => count,
    /** False where the row is too long to keep. */
    write: (values: Values, line: number): boolean => {
      const number = identifierAt < 0 ? null : (values[identifierAt] as string | null)
      for (const index of texts) {
        const text = values[index] as string | null
        if (text !== null) values[index] = cleanCell(text)
      }
      const row = `${line}${CELL_SEPARATOR}${values.join(CELL_SEPARATOR)}`
      if (row.length > LONGEST_ROW) return false
      if (count % ROWS_PER_PART === 0) {
        current?.close()
        current = cleanFile(join(directory, `rows-${String(files.length).padStart(5, '0')}.txt`))
        files.push(current.path)
      }
      current?.write(row)
      if (number !== null) {
        const cell = cleanCell(number)
        numbers.write(cell)
        if (seen(number)) repeats.write(cell)
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

function nothingRead(pass: Pass, source: TableSource): Problem {
  const [first] = pass.rejects
  if (first) {
    return new Problem(
      'UNUSABLE_DATASET',
      `None of the ${pass.rejected} records could be read; the first, in line ${first.line}: ${first.reason}`,
    )
  }
  const seen = source.names
    .filter((name) => name !== '')
    .slice(0, 20)
    .join(', ')
  return new Problem('UNUSABLE_DATASET', `The file has a header (${seen}) and no contract below it`)
}
