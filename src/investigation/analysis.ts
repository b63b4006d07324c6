import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { contractTable } from '../dataset/contract-table.ts'
import { duckDb } from '../dataset/duckdb.ts'
import { foldedSql, unaccentedSql } from '../language/folding.ts'
import { CONTRACT_SQL_TYPES } from '../protocol/contract.ts'
import type { Filters } from '../protocol/investigation.ts'
import { all, execute, type Values } from './duckdb-rows.ts'
import { has } from './lack.ts'
import type { Profile } from './profile.ts'

export interface AnalysisOptions {
  /** Parquet files with the columns of `CONTRACT_SQL_TYPES`. */
  parts: readonly string[]
  filters: Filters
  threads: number
  /** As DuckDB writes it, e.g. `512MB`. */
  memoryLimit: string
  /** Directory for the database and for what DuckDB spills. */
  tempDirectory: string
  /**
   * Name of the public body to which all rows belong where no row names a buyer; without it such rows have no
   * buyer.
   */
  body?: string
  /** Whether the rows are payments, and nothing tells of the contracts behind them; false unless given. */
  payments?: boolean
}

export interface OpenAnalysis {
  connection: DuckDBConnection
  /** Rows of the dataset. */
  rows: number
  /** Rows that the filters excluded; `rows - filtered` are analysed. */
  filtered: number
  /** true where no row names a buyer and all were assigned to `AnalysisOptions.body`. */
  oneBody: boolean
  profile: Profile
  close(): void
}

/** Matches folded names that stand for suppliers who are not named, or for several, or for no supplier at all. */
const NOBODY =
  '(redacted|withheld|confidential|confidencial|sigilo|sigiloso|reservado|protegido|anonimo|anonymous)\\b.*' +
  '|.*\\b(data redacted|redacted data|redacted personal data|protegid[oa] por sigilo)' +
  '|(nao|sem|sin|no) (informad[oa]|identificad[oa]|informacao|informacion|fornecedor|proveedor|especificad[oa]|aplica|registra)' +
  '|unknown|desconhecido|desconocido|(outros|otros|others?|diversos|diversas|varios|varias|various|multiple|multiples|sundry|miscellaneous)' +
  '( (fornecedores|favorecidos|credores|proveedores|contratistas|beneficiarios|empresas|pessoas|suppliers?|vendors?|creditors?|payees?|persons?|individuals|payments?)\\b.*)?' +
  '|(fornecedores|favorecidos|credores|proveedores|contratistas|beneficiarios|suppliers|vendors) (diversos|varios|various)' +
  '|(rimborsi|fornitori|creditori|beneficiari|fournisseurs|creanciers|reembolsos) (vari|diversi|divers|diversos|varios)\\b.*' +
  '|(folha( de)? pagamento|payroll|nomina|planilla)\\b.*'

/** Matches folded objects that tell nothing of a purchase. */
const NOTHING =
  '(redacted|withheld|confidential|confidencial|sigilo|sigiloso|reservado)\\b.*|.*\\b(data redacted|redacted personal data)' +
  '|(nao|sem|sin|no) (informad[oa]|informacao|informacion|descricao|descripcion|objeto|description|especificad[oa]|aplica)' +
  '|diversos|diversas|varios|varias|various|outros|otros|others?|miscellaneous|sundry' +
  '|.*\\b(spese varie|minute spese|impegn[io] di spesa vari|gastos varios|gastos menores|despesas miudas|petty cash)\\b.*' +
  '|(ver|vide|see|conforme|segun|as per) \\S+( \\S+){0,3}'

/** Defines one reading of names, numbers and law texts for all detectors. */
const MACROS = [
  `fold(text) AS ${foldedSql('text')}`,
  `company(name) AS coalesce(nullif(trim(regexp_replace(fold(name),
    '( (ltda|me|epp|mei|eireli|s a|sa|s s|cia|em recuperacao judicial))+$', '')), ''), fold(name))`,
  `placeholder(id) AS regexp_full_match(id, '0+|9+')`,
  `nobody(name) AS regexp_full_match(fold(name), '${NOBODY}')`,
  `told(object) AS CASE WHEN NOT regexp_full_match(fold(object), '${NOTHING}') THEN object END`,
  `supplier_root(id, name) AS CASE
    WHEN regexp_full_match(id, '[0-9A-Z]{12}[0-9]{2}') AND NOT placeholder(id) THEN left(id, 8)
    WHEN regexp_full_match(id, '[0-9]{11}') AND NOT placeholder(id) THEN id
    ELSE coalesce(nullif(company(name), ''), CASE WHEN NOT placeholder(id) THEN nullif(trim(id), '') END)
      END`,
  `digits_of(number) AS regexp_replace(number, '[^0-9]', '', 'g')`,
  `process_digits(number) AS CASE
    WHEN length(digits_of(number)) >= 10 THEN digits_of(number)
    ELSE nullif(ltrim(regexp_replace(' ' || fold(number), ' 0+([0-9])', ' \\1', 'g')), '') END`,
  `numbered(number) AS number IS NOT NULL AND NOT regexp_full_match(trim(number), '[0\\-/. ]*')`,
]

/** The canonical columns that detectors read. */
const COLUMNS = Object.keys(CONTRACT_SQL_TYPES).filter((name) => name !== 'source_lines')

const KEYS = `
  coalesce(nullif(lower(trim(buyer_id)), ''), nullif(fold(buyer_name), ''), nullif(lower(trim(unit_id)), ''),
    nullif(fold(unit_name), '')) AS buyer_key,
  coalesce(buyer_name, unit_name, buyer_id, unit_id) AS buyer,
  concat_ws('|', nullif(lower(trim(buyer_id)), ''), coalesce(nullif(lower(trim(unit_id)), ''),
    nullif(fold(unit_name), ''), nullif(fold(buyer_name), ''))) AS unit_key,
  supplier_root(supplier_id, supplier_name) AS supplier_key,
  supplier_root(supplier_id, supplier_name) IS NULL OR coalesce(nobody(supplier_name), nobody(supplier_id), false)
    OR coalesce(supplier_root(supplier_id, supplier_name)
      IN (supplier_root(buyer_id, buyer_name), company(buyer_name), company(unit_name)), false) AS unnamed,
  CASE WHEN numbered(process_number) THEN process_digits(process_number) END AS process_key,
  CASE WHEN item IS NULL THEN contract_id
    WHEN numbered(contract_number) THEN 'number ' || contract_number
    WHEN numbered(process_number) THEN 'process ' || process_digits(process_number)
    ELSE contract_id END AS contract_key,
  coalesce(nullif(upper(trim(currency)), ''), 'BRL') AS money,
  coalesce(signed_at, start_at) AS day,
  CASE WHEN abs(value) < 9e13 THEN CAST(round(value * 100) AS BIGINT) END AS cents,
  coalesce(regexp_matches(${unaccentedSql('kind')}, 'empenho'), false)
    OR coalesce(regexp_matches(upper(contract_number), '(^|[^0-9A-Z])[0-9]{4,}(NE|NS|NL|NP|OB|RO|PF)[0-9]{3,}([^0-9A-Z]|$)'), false)
    AS commitment`

/**
 * Returns the filters as SQL over the canonical columns. Texts match a part of the cell, both folded; days are
 * inclusive.
 */
const wherever = (filters: Filters): { where: string; values: Values } => {
  const tests: string[] = []
  const values: Values = {}
  const within = (name: keyof Filters, columns: readonly string[]) => {
    values[name] = filters[name] as string
    return columns
      .map((column) => `contains(${unaccentedSql(column)}, ${unaccentedSql(`$${name}`)})`)
      .join(' OR ')
  }
  const compare = (name: keyof Filters, test: string) => {
    if (filters[name] === undefined) return
    values[name] = filters[name] as string | number
    tests.push(test)
  }
  if (filters.buyer !== undefined) {
    tests.push(within('buyer', ['buyer_name', 'buyer_id', 'unit_name', 'unit_id']))
  }
  if (filters.category !== undefined) tests.push(within('category', ['category']))
  if (filters.supplier !== undefined) {
    const digits = filters.supplier.replace(/[\s./-]/g, '')
    const byNumber = /^\d{3,}$/.test(digits)
    if (byNumber) values.digits = digits
    tests.push(
      within('supplier', ['supplier_name', 'supplier_id']) +
        (byNumber ? ` OR contains(regexp_replace(supplier_id, '[^0-9]', '', 'g'), $digits)` : ''),
    )
  }
  compare('start_date', 'coalesce(signed_at, start_at) >= CAST($start_date AS DATE)')
  compare('end_date', 'coalesce(signed_at, start_at) <= CAST($end_date AS DATE)')
  compare('min_value', 'value >= $min_value')
  compare('max_value', 'value <= $max_value')
  return { where: tests.map((test) => `(${test})`).join(' AND ') || 'true', values }
}

const load = async (connection: DuckDBConnection, options: AnalysisOptions, signal: AbortSignal) => {
  const { where, values } = wherever(options.filters)
  const stored = contractTable(options.parts)
  for (const macro of MACROS) await execute(connection, `CREATE MACRO ${macro}`, {}, signal)
  await execute(
    connection,
    `CREATE TABLE contracts AS SELECT ${COLUMNS.join(', ')}, ${KEYS}, false AS own_commitment
     FROM ${stored} WHERE ${where}`,
    values,
    signal,
  )
  for (const same of ['supplier_key, process_key', 'supplier_key, buyer_key']) {
    await execute(
      connection,
      `UPDATE contracts SET own_commitment = true
       WHERE commitment AND ${same.includes('process') ? 'process_key IS NOT NULL' : 'process_key IS NULL'}
         AND hash(${same}) IN (SELECT hash(${same}) FROM contracts
           WHERE NOT commitment AND ${same.replace(', ', ' IS NOT NULL AND ')} IS NOT NULL)
         AND ${same.replace(', ', ' IS NOT NULL AND ')} IS NOT NULL`,
      {},
      signal,
    )
  }
  const [counted] = await all<{ rows: number }>(
    connection,
    `SELECT CAST(count(*) AS DOUBLE) AS rows FROM ${stored}`,
    {},
    signal,
  )
  return counted?.rows ?? 0
}

/** Counts the filled cells of each column, and the rows with a value of each currency. */
const profiled = async (
  connection: DuckDBConnection,
  signal: AbortSignal,
): Promise<Omit<Profile, 'payments'>> => {
  const counts = COLUMNS.map((name) => `CAST(count(${name}) AS DOUBLE) AS ${name}`)
  const [filled = {}] = await all<Record<string, number>>(
    connection,
    `SELECT ${counts.join(', ')} FROM contracts`,
    {},
    signal,
  )
  const currencies = await all<{ money: string; contracts: number }>(
    connection,
    `SELECT money, CAST(count(*) AS DOUBLE) AS contracts FROM contracts WHERE value IS NOT NULL
     GROUP BY money ORDER BY count(*) DESC, money`,
    {},
    signal,
  )
  return {
    rows: filled.line ?? 0,
    filled,
    currencies: Object.fromEntries(currencies.map(({ money, contracts }) => [money, contracts])),
  }
}

/** Assigns every row to one buyer, where no row names one. */
const asOneBody = async (connection: DuckDBConnection, body: string, signal: AbortSignal) =>
  await execute(
    connection,
    'UPDATE contracts SET buyer_name = $body, buyer_key = fold($body), buyer = $body, unit_key = fold($body)',
    { body },
    signal,
  )

/**
 * Loads a dataset's rows into the table `contracts` of a new DuckDB database, and counts the filled cells of each
 * column.
 *
 * Beside the canonical columns the table has:
 * - `buyer_key` and `buyer` (its name to show), `unit_key` the managing unit, `supplier_key` the first 8 characters
 *   of a CNPJ, a CPF, else the company's folded name; `unnamed` whether there is none, or it stands for nobody
 *   (`REDACTED`, `Diversos`) or for the buyer itself; `process_key` the process number without its punctuation;
 * - `contract_key` is the same for the item rows of one supplier's contract, else the row's own id;
 * - `money` the currency, ISO 4217 (`XXX` where none is known); amounts of two are never added or compared;
 * - `day` the day of signature, else of the start; `cents` the value; `commitment` marks an Empenho and what follows
 *   from it, by its kind or a number like 2024NE000123, 2024NS000123 (verified), 2024OB000123 (paid); `own_commitment` an Empenho whose contract (same supplier and process) is in the file
 *   too, so that its value would be counted twice.
 *
 * The database is a file in the temporary directory, compressed, of which DuckDB holds in memory what its limit allows.
 * DuckDB works on its own threads. After loading, the connection can neither load extensions nor read files outside
 * the temporary directory.
 * @throws the signal's reason, promptly; what was opened is closed then
 */
export const openAnalysis = async (options: AnalysisOptions, signal: AbortSignal): Promise<OpenAnalysis> => {
  signal.throwIfAborted()
  const { DuckDBInstance } = await duckDb()
  const path = join(options.tempDirectory, `analysis-${randomUUID()}.duckdb`)
  const instance = await DuckDBInstance.create(path, {
    threads: String(options.threads),
    memory_limit: options.memoryLimit,
    temp_directory: options.tempDirectory,
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  const close = () => {
    connection.closeSync()
    instance.closeSync()
    for (const file of [path, `${path}.wal`]) rmSync(file, { force: true })
  }
  try {
    const loaded = await load(connection, options, signal)
    await execute(connection, 'PRAGMA disable_checkpoint_on_shutdown', {}, signal)
    await execute(connection, 'SET enable_external_access = false', {}, signal)
    await execute(connection, 'SET lock_configuration = true', {}, signal)
    let profile: Profile = { ...(await profiled(connection, signal)), payments: options.payments ?? false }
    const oneBody = options.body !== undefined && profile.rows > 0 && !has.buyer(profile)
    if (oneBody) {
      await asOneBody(connection, options.body as string, signal)
      profile = { ...profile, filled: { ...profile.filled, buyer_name: profile.rows } }
    }
    return { connection, rows: loaded, filtered: loaded - profile.rows, oneBody, profile, close }
  } catch (error) {
    close()
    throw error
  }
}
