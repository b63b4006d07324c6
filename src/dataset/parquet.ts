import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Sentence } from '../language/sentence.ts'
import { CONTRACT_SQL_TYPES } from '../protocol/contract.ts'
import { duckDb, quoted, ROWS_PER_GROUP } from './duckdb.ts'
import { type Joined, joinRows } from './joining/join.ts'
import { isJoinColumn, type JoinColumn, type JoinPlan } from './joining/join-columns.ts'
import type { Canonical } from './reading/canonical.ts'
import { CELL_SEPARATOR } from './reading/clean-file.ts'

export interface ParquetRequest {
  /** The clean files, in order; each is removed once it is converted. */
  rows: readonly RowFile[]
  /** Path of a clean file with each row's line, own number, key of its contract and number of its amendment. */
  numbers: string
  /** Path of a file of keys that may have occurred before: every repeated key is among them. */
  repeats: string
  joins: JoinPlan
  /** Columns of the clean files, in order. */
  columns: readonly ('line' | 'source_lines' | 'items' | Canonical | JoinColumn)[]
  /** The column from which ids are made. */
  identifier: 'contract_id' | 'contract_number' | null
  /** Currency of rows without one. */
  currency: string
  /** Buyer of all rows, where no column names buyers. */
  buyer: string | null
  directory: string
  threads: number
  /** DuckDB's notation, e.g. `128MB`. */
  memoryLimit: string
}

/** A clean file of rows, and the lowest and the highest of their lines. */
export interface RowFile {
  path: string
  first: number
  last: number
}

export interface Written {
  /** Paths of the Parquet files, in order. */
  parts: string[]
  /** Number of rows that were merged into another one. */
  merged: number
  warnings: Sentence[]
  /** Number of rows by currency. */
  currencies: Record<string, number>
}

/**
 * Optimizers that would swap the sides of a join: the rows of a file must stream past the small table beside them, in
 * their order, and never be held in memory.
 */
const JOINS_AS_WRITTEN = 'join_order,build_side_probe_side'

/**
 * Converts clean files into Parquet files with the canonical columns that the file has, one for one, and gives each row its
 * `contract_id`: its own number where that is unique in the whole dataset, else `<number>#<line>`, or `#<line>`
 * without one. (A number that contains a `#` is never used as it is, so that the two forms cannot collide.)
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
  await connection.run(`SET disabled_optimizers = '${JOINS_AS_WRITTEN}'`)
  const interrupt = (): void => connection.interrupt()
  signal.addEventListener('abort', interrupt)
  try {
    const types = Object.fromEntries(
      request.columns.map((name) => [
        name,
        isJoinColumn(name) || name === 'items' ? 'VARCHAR' : CONTRACT_SQL_TYPES[name],
      ]),
    )
    const { merged, warnings } = await joinContracts(connection, request, types)
    const parts: string[] = []
    for (const file of request.rows) {
      signal.throwIfAborted()
      const part = join(directory, `part-${String(parts.length).padStart(5, '0')}.parquet`)
      await connection.run(
        `COPY (${selection(request, file, readClean(file.path, types))}) TO ${quoted(part)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROWS_PER_GROUP})`,
      )
      await rm(file.path)
      parts.push(part)
    }
    const counted = await connection.runAndReadAll(
      `SELECT currency, CAST(count(*) AS DOUBLE) FROM read_parquet([${parts.map(quoted).join(', ')}])
       GROUP BY currency ORDER BY count(*) DESC, currency`,
    )
    return {
      parts,
      merged,
      warnings,
      currencies: Object.fromEntries(counted.getRowsJS()) as Record<string, number>,
    }
  } finally {
    signal.removeEventListener('abort', interrupt)
    connection.closeSync()
    instance.closeSync()
  }
}

const NUMBERS = { line: 'BIGINT', number: 'VARCHAR', key: 'VARCHAR', amendment: 'INTEGER' }

/**
 * Joins rows into contracts and finds the numbers that several contracts share, as tables `joined`, `dropped` and
 * `repeated`.
 */
async function joinContracts(
  connection: DuckDBConnection,
  request: ParquetRequest,
  types: Readonly<Record<string, string>>,
): Promise<Joined> {
  const numbers = readClean(request.numbers, NUMBERS)
  const repeats = readClean(request.repeats, { key: 'VARCHAR' })
  await connection.run(
    `CREATE TEMP TABLE seen AS SELECT line, hash(number) AS number, hash(key) AS key, amendment,
       key NOT LIKE '#%' AS known, regexp_matches(key, '(19|20)[0-9]{2}') AS dated
     FROM ${numbers} WHERE hash(key) IN (SELECT hash(key) FROM ${repeats})`,
  )
  await connection.run(
    `CREATE TEMP TABLE again AS SELECT * FROM seen
     SEMI JOIN (SELECT key FROM seen GROUP BY key HAVING count(*) > 1) USING (key)`,
  )
  await connection.run('DROP TABLE seen')
  const joined = await joinRows(connection, {
    plan: request.joins,
    columns: request.columns,
    parts: request.rows.map((file) => ({ ...file, rows: readClean(file.path, types) })),
    again: '(SELECT * FROM again WHERE known)',
    currency: request.currency,
    directory: request.directory,
  })
  await connection.run(
    `CREATE TEMP TABLE repeated AS WITH kept AS (SELECT line, number FROM again ANTI JOIN dropped USING (line))
     SELECT DISTINCT line FROM kept WHERE number IN (
       SELECT number FROM kept GROUP BY number HAVING count(DISTINCT line) > 1)`,
  )
  await connection.run('DROP TABLE again')
  return joined
}

function readClean(path: string, types: Readonly<Record<string, string>>): string {
  const columns = Object.entries(types).map(([name, type]) => `${quoted(name)}: ${quoted(type)}`)
  return (
    `read_csv(${quoted(path)}, auto_detect = false, header = false, delim = '${CELL_SEPARATOR}', quote = '"', ` +
    `escape = '"', new_line = '\\n', dateformat = '%Y-%m-%d', max_line_size = 2097152, buffer_size = 4194304, ` +
    `columns = {${columns.join(', ')}})`
  )
}

/** Returns SQL for `value`: the final, else updated initial, else initial value, else unit price × quantity. */
function amountToAdd(request: ParquetRequest): string {
  const { columns } = request
  const amounts = (['final_value', 'updated_initial_value', 'initial_value'] as const)
    .filter((name) => columns.includes(name))
    .map((name) => (CHANGED.has(name) ? changed(request, name) : `own.${name}`))
  if (columns.includes('unit_price') && columns.includes('quantity')) {
    amounts.push('round(own.unit_price * own.quantity, 2)')
  }
  return `coalesce(${[...amounts, 'CAST(NULL AS DOUBLE)'].join(', ')})`
}

/** Columns in which a contract of several rows may differ from the row that represents it. */
const CHANGED: ReadonlySet<string> = new Set(['initial_value', 'final_value', 'end_at'])

function changed({ columns }: ParquetRequest, name: string): string {
  const own = columns.includes(name as Canonical) ? `own.${name}` : `NULL`
  return `CASE WHEN joined.line IS NULL THEN ${own} ELSE joined.${name} END`
}

/** Returns SQL for a column's own text or, without one, that of the whole file. */
function orElse({ columns, currency, buyer }: ParquetRequest, name: 'currency' | 'buyer_name'): string {
  const whole = quoted((name === 'currency' ? currency : buyer) as string)
  return columns.includes(name) ? `coalesce(own.${name}, ${whole})` : whole
}

/** The JSON type in which readers pass items on. */
const ITEMS_JSON = JSON.stringify([
  {
    item: 'VARCHAR',
    item_code: 'VARCHAR',
    unit_of_measure: 'VARCHAR',
    quantity: 'DOUBLE',
    unit_price: 'DOUBLE',
    reference_price: 'DOUBLE',
  },
])

/** Returns SQL for the test whether a repeated number is zero, and so no number. */
const zero = (number: string): string => `regexp_full_match(${number}, '0+([.,]0+)?')`

function selection(request: ParquetRequest, { first, last }: RowFile, source: string): string {
  const within = (table: string): string =>
    `(SELECT * FROM ${table} WHERE line BETWEEN ${first} AND ${last}) AS ${table}`
  const own = request.identifier === null ? 'NULL' : `own.${request.identifier}`
  const id =
    `CASE WHEN ${own} IS NULL OR (repeated.line IS NOT NULL AND ${zero(own)}) THEN '#' || own.line ` +
    `WHEN repeated.line IS NOT NULL OR contains(${own}, '#') THEN ${own} || '#' || own.line ELSE ${own} END`
  const has = (name: (typeof request.columns)[number]): boolean => request.columns.includes(name)
  const value = (name: string, type: string): string | null => {
    if (name === 'contract_id') return id
    if (name === 'source_lines')
      return `coalesce(joined.source_lines, ${has(name) ? 'own.source_lines' : '[own.line]'})`
    if (name === 'items')
      return `coalesce(joined.items, ${has(name) ? `CAST(from_json(own.items, '${ITEMS_JSON}') AS ${type})` : 'NULL'})`
    if (CHANGED.has(name)) return changed(request, name)
    if (name === 'currency' || (name === 'buyer_name' && request.buyer !== null)) return orElse(request, name)
    if (name === 'contract_number' && has(name))
      return `CASE WHEN repeated.line IS NULL OR NOT ${zero('own.contract_number')} THEN own.contract_number END`
    if (name === 'value') return amountToAdd(request)
    return has(name as Canonical) ? `own.${name}` : null
  }
  const columns = Object.entries(CONTRACT_SQL_TYPES).flatMap(([name, type]) => {
    const sql = value(name, type)
    return sql === null ? [] : [`${sql} AS ${name}`]
  })
  return `SELECT ${columns.join(', ')} FROM ${source} AS own LEFT JOIN ${within('repeated')} ON repeated.line = own.line
    LEFT JOIN ${within('joined')} ON joined.line = own.line ANTI JOIN ${within('dropped')} ON dropped.line = own.line`
}
