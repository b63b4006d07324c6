import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { type AnalysisOptions, openAnalysis } from '../../src/investigation/analysis.ts'
import { type Detector, isMessage } from '../../src/investigation/detector.ts'
import { ANOMALY_RULES, thresholdsOf } from '../../src/investigation/detectors.ts'
import { describeFinding, describeLack, describeMessage } from '../../src/investigation/wording.ts'
import type { Language } from '../../src/language/language.ts'
import { CONTRACT_SQL_TYPES, type Contract } from '../../src/protocol/contract.ts'
import type { Anomaly } from '../../src/protocol/investigation.ts'

const EMPTY = {
  ...Object.fromEntries(Object.keys(CONTRACT_SQL_TYPES).map((name) => [name, null])),
  currency: 'BRL',
}
const LINES_A_WRITE = 20_000

/** A contract with every column null but those given; `value` follows the rule of the column's own docstring. */
export const contract = (cells: Partial<Contract> & { line: number }): Contract => {
  const row = { ...EMPTY, contract_id: `c${cells.line}`, source_lines: [cells.line], ...cells } as Contract
  const lump = row.unit_price === null || row.quantity === null ? null : row.unit_price * row.quantity
  row.value = cells.value ?? row.final_value ?? row.updated_initial_value ?? row.initial_value ?? lump
  return row
}

/** Writes `contracts` as a Parquet file of canonical columns. */
export const writeParquet = async (contracts: readonly Contract[], path: string): Promise<void> => {
  const lines = `${path}.ndjson`
  await writeFile(lines, '')
  for (let at = 0; at < contracts.length; at += LINES_A_WRITE) {
    const some = contracts.slice(at, at + LINES_A_WRITE)
    await appendFile(lines, some.map((row) => `${JSON.stringify(row)}\n`).join(''))
  }
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const columns = Object.entries(CONTRACT_SQL_TYPES).map(([name, type]) => `${name}: '${type}'`)
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
  await connection.run(
    `COPY (SELECT * FROM read_json(${quoted(lines)}, format = 'newline_delimited', columns = {${columns.join(', ')}}))
     TO ${quoted(path)} (FORMAT parquet)`,
  )
  connection.closeSync()
  instance.closeSync()
  await rm(lines)
}

export interface Investigated {
  findings: Anomaly[]
  warnings: string[]
  skipped: { type: string; reason: string }[]
  rows: number
  filtered: number
}

export interface InvestigateOptions extends Partial<Omit<AnalysisOptions, 'parts'>> {
  detectors?: readonly Detector[]
  /** English unless given. */
  language?: Language
  thresholds?: Readonly<Record<string, Readonly<Record<string, number>>>>
  signal?: AbortSignal
}

/** Runs detectors (all, unless told) over Parquet files. */
export const investigateParts = async (
  parts: readonly string[],
  {
    detectors = Object.values(ANOMALY_RULES),
    thresholds = {},
    signal,
    language = 'en',
    ...options
  }: InvestigateOptions = {},
): Promise<Investigated> => {
  const stop = signal ?? new AbortController().signal
  const analysis = await openAnalysis(
    { parts, filters: {}, threads: 2, memoryLimit: '1GB', tempDirectory: tmpdir(), ...options },
    stop,
  )
  const found: Investigated = {
    findings: [],
    warnings: [],
    skipped: [],
    rows: analysis.rows,
    filtered: analysis.filtered,
  }
  try {
    for (const detector of detectors) {
      const lack = detector.missing(analysis.profile)
      if (lack !== null) {
        found.skipped.push({ type: detector.type, reason: describeLack(lack, language) })
        continue
      }
      const handed = { ...analysis, thresholds: thresholdsOf(detector, thresholds[detector.type]) }
      for await (const told of detector.run(handed, stop)) {
        if (!isMessage(told)) found.findings.push(describeFinding(detector, told, language))
        else {
          const text = describeMessage(detector, told, language)
          if (told.kind === 'warning') found.warnings.push(text)
          else found.skipped.push({ type: detector.type, reason: text })
        }
      }
    }
    return found
  } finally {
    analysis.close()
  }
}

/** Runs detectors over rows, through a Parquet file that is gone afterwards. */
export const investigate = async (
  contracts: readonly Contract[],
  options: InvestigateOptions = {},
): Promise<Investigated> => {
  const directory = await mkdtemp(join(tmpdir(), 'contracts-'))
  try {
    const path = join(directory, 'contracts.parquet')
    await writeParquet(contracts, path)
    return await investigateParts([path], options)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
