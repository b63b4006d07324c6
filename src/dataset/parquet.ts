import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CONTRACT_SQL_TYPES, type Contract } from '../protocol/contract.ts'
import { duckDb } from './duckdb.ts'
import { CELL_SEPARATOR } from './reading/clean-file.ts'

export interface ParquetRequest {
  /** Clean files, in order; they are removed as they are converted. */
  rows: readonly string[]
  /** A clean file of one column: each row's own number. */
  numbers: string
  /** Those of them that may have come before: every repeated number is among them. */
  repeats: string
  /** Columns of the clean files, in order. */
  columns: readonly (keyof Contract)[]
  /** Column the ids are made from. */
  identifier: 'contract_id' | 'contract_number' | null
  /** Of rows that name none. */
  currency: string
  /** Every row's buyer, where no column names it. */
  buyer: string | null
  directory: string
  threads: number
  /** DuckDB's notation, e.g. `128MB`. */
  memoryLimit: string
}

export interface Written {
  /** The Parquet files, in order. */
  parts: string[]
  /** Rows by currency. */
  currencies: Record<string, number>
}

/** Small, since DuckDB's writer holds a row group uncompressed, outside its memory limit. */
const ROWS_PER_GROUP = 20_480

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/**
 * Turns clean files into Parquet files with every canonical column, one for one, and gives each row its
 * `contract_id`: its own number where that is unique in the whole dataset, else `<number>#<line>`, or `#<line>`
 * without one. (A number that holds a `#` is never taken as it is, so that the two kinds cannot meet.)
 */
export async function writeParquet(request: ParquetRequest, signal: AbortSignal): Promise<Written> {
  const { directory } = request
  const { DuckDBInstance } = await duckDb()
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(request.threads),
    memory_limit: request.memoryLimit,
    temp_directory: join(directory, 'spill'),
    preserve_insertion_order: 'true',
  })
  const connection = await instance.connect()
  const interrupt = (): void => connection.interrupt()
  signal.addEventListener('abort', interrupt)
  try {
    const numbers = readClean(request.numbers, { number: 'VARCHAR' })
    const repeats = readClean(request.repeats, { number: 'VARCHAR' })
    await connection.run(
      `CREATE TEMP TABLE repeated AS SELECT number FROM ${numbers}
       WHERE number IN (SELECT number FROM ${repeats}) GROUP BY number HAVING count(*) > 1`,
    )
    const types = Object.fromEntries(request.columns.map((name) => [name, CONTRACT_SQL_TYPES[name]]))
    const parts: string[] = []
    for (const path of request.rows) {
      signal.throwIfAborted()
      const part = join(directory, `part-${String(parts.length).padStart(5, '0')}.parquet`)
      await connection.run(
        `COPY (${selection(request, readClean(path, types))}) TO ${quoted(part)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROWS_PER_GROUP})`,
      )
      await rm(path)
      parts.push(part)
    }
    const counted = await connection.runAndReadAll(
      `SELECT currency, CAST(count(*) AS DOUBLE) FROM read_parquet([${parts.map(quoted).join(', ')}])
       GROUP BY currency ORDER BY count(*) DESC, currency`,
    )
    return { parts, currencies: Object.fromEntries(counted.getRowsJS()) as Record<string, number> }
  } finally {
    signal.removeEventListener('abort', interrupt)
    connection.closeSync()
    instance.closeSync()
  }
}

function readClean(path: string, types: Readonly<Record<string, string>>): string {
  const columns = Object.entries(types).map(([name, type]) => `${quoted(name)}: ${quoted(type)}`)
  return (
    `read_csv(${quoted(path)}, auto_detect = false, header = false, delim = '${CELL_SEPARATOR}', quote = '"', ` +
    `escape = '"', new_line = '\\n', dateformat = '%Y-%m-%d', max_line_size = 2097152, buffer_size = 4194304, ` +
    `columns = {${columns.join(', ')}})`
  )
}

/** `value`: final, else updated initial, else initial, else unit price × quantity. */
function amountToAdd(columns: readonly (keyof Contract)[]): string {
  const amounts = (['final_value', 'updated_initial_value', 'initial_value'] as const)
    .filter((name) => columns.includes(name))
    .map((name) => `own.${name}`)
  if (columns.includes('unit_price') && columns.includes('quantity')) {
    amounts.push('round(own.unit_price * own.quantity, 2)')
  }
  return `coalesce(${[...amounts, 'CAST(NULL AS DOUBLE)'].join(', ')})`
}

/** A column's own text, else the one that holds for the whole file. */
function orElse({ columns, currency, buyer }: ParquetRequest, name: 'currency' | 'buyer_name'): string {
  const whole = quoted((name === 'currency' ? currency : buyer) as string)
  return columns.includes(name) ? `coalesce(own.${name}, ${whole})` : whole
}

function selection(request: ParquetRequest, source: string): string {
  const own = request.identifier === null ? 'NULL' : `own.${request.identifier}`
  const id =
    `CASE WHEN ${own} IS NULL THEN '#' || own.line ` +
    `WHEN repeated.number IS NOT NULL OR contains(${own}, '#') THEN ${own} || '#' || own.line ELSE ${own} END`
  const columns = Object.entries(CONTRACT_SQL_TYPES).map(([name, type]) => {
    if (name === 'contract_id') return `${id} AS contract_id`
    if (name === 'source_lines') return `[own.line] AS ${name}`
    if (name === 'currency' || (name === 'buyer_name' && request.buyer !== null))
      return `${orElse(request, name)} AS ${name}`
    if (name === 'value') return `${amountToAdd(request.columns)} AS value`
    return request.columns.includes(name as keyof Contract)
      ? `own.${name}`
      : `CAST(NULL AS ${type}) AS ${name}`
  })
  return `SELECT ${columns.join(', ')} FROM ${source} AS own LEFT JOIN repeated ON repeated.number = ${own}`
}
