import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { foldedSql } from '../../language/folding.ts'
import { type Sentence, say } from '../../language/sentence.ts'
import { CONTRACT_SQL_TYPES } from '../../protocol/contract.ts'
import { quoted, ROWS_PER_GROUP } from '../duckdb.ts'
import type { JoinPlan } from './join-columns.ts'

/** Most rows of one contract; a number that occurs more often belongs to no contract. */
const MOST_ROWS = 200
/** Most rows of one contract whose suppliers have rows of their own. */
const MOST_MEMBERS = 10_000
/** Rows that are joined at a time, about: DuckDB's windows and lists of a batch are in memory together. */
const BATCH_ROWS = 100_000
/** Leading characters of an object's folded text by which two objects differ. */
const SUBJECT = 24

export interface JoinRequest {
  plan: Pick<JoinPlan, 'by' | 'additive' | 'whole' | 'members'>
  /** Columns of `rows`: canonical and join columns. */
  columns: readonly string[]
  /**
   * SQL of a table of `line`, `key` (a hash), `dated` (whether the key has a year) and `amendment` of each row whose key
   * occurs more than once.
   */
  again: string
  /** SQL of the rows, for a `FROM`, in parts of which each has the lines from `first` to `last`. */
  parts: readonly { rows: string; first: number; last: number }[]
  /** Currency of rows without one. */
  currency: string
  /** Directory for a file of rows that come again. */
  directory: string
}

/** The result of joining. */
export interface Joined {
  /** Number of rows that were merged into another one's contract. */
  merged: number
  warnings: Sentence[]
}

/**
 * Joins the rows that belong to one contract. It leaves two tables: `joined`, with the line of the row that
 * represents each contract of several rows, and its changed values; and `dropped`, with the lines of all other
 * rows. It works in batches, in memory that does
 * not grow with the rows.
 */
export async function joinRows(connection: DuckDBConnection, request: JoinRequest): Promise<Joined> {
  const { plan, again, columns } = request
  await connection.run(`CREATE TEMP TABLE joined (line BIGINT, source_lines BIGINT[], initial_value DOUBLE,
    final_value DOUBLE, end_at DATE, items ${CONTRACT_SQL_TYPES.items})`)
  await connection.run('CREATE TEMP TABLE dropped (line BIGINT)')
  const [some] = await numbers(connection, `SELECT count(*) FROM ${again}`)
  if (plan.by === 'none' || some === 0 || !columns.includes('final_value')) return { merged: 0, warnings: [] }
  const path = join(request.directory, 'again.parquet')
  for (const [at, part] of request.parts.entries()) {
    await connection.run(
      `COPY (${rowsAgain(request, part)}) TO ${quoted(path)} (FORMAT parquet, ROW_GROUP_SIZE ${ROWS_PER_GROUP})`,
    )
    await connection.run(
      `${at === 0 ? 'CREATE TEMP TABLE listed AS' : 'INSERT INTO listed'} ${listed(request, path)}`,
    )
  }
  await rm(path)
  const [rows = 0] = await numbers(connection, 'SELECT count(*) FROM listed')
  const batches = Math.ceil(rows / BATCH_ROWS)
  const unlike = { count: 0, line: Number.POSITIVE_INFINITY }
  for (let batch = 0; batch < batches; batch++) {
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE candidate AS ${candidates(plan.members, batch, batches)}`,
    )
    if (plan.by === 'stages') await connection.run(`INSERT INTO joined ${STAGES}`)
    if (plan.by === 'items' || plan.by === 'either')
      await connection.run(`INSERT INTO joined ${items(plan.whole)}`)
    if (plan.by === 'either')
      await connection.run(
        `DELETE FROM candidate ${ITEMISED} OR line IN (SELECT unnest(source_lines) FROM joined)`,
      )
    if (plan.by === 'amendments' || plan.by === 'either') {
      await connection.run(`INSERT INTO joined ${amendments(plan)}`)
      const [count = 0, line = 0] = await numbers(connection, UNLIKE)
      unlike.count += count
      if (count > 0) unlike.line = Math.min(unlike.line, line)
    }
  }
  await connection.run(
    'INSERT INTO dropped SELECT l FROM (SELECT line, unnest(source_lines) AS l FROM joined) WHERE l <> line',
  )
  const [shared = 0, line = 0] = plan.members || plan.by === 'stages' ? [] : await numbers(connection, SHARED)
  await connection.run('DROP TABLE listed')
  await connection.run('DROP TABLE candidate')
  const [merged = 0] = await numbers(connection, 'SELECT count(*) FROM dropped')
  const warnings: Sentence[] = []
  if (unlike.count > 0) warnings.push(say('dataset.numbers_unlike', unlike))
  if (shared > 0) warnings.push(say('dataset.numbers_shared', { count: shared, line }))
  return { merged, warnings }
}

async function numbers(connection: DuckDBConnection, sql: string): Promise<number[]> {
  const result = await connection.runAndReadAll(sql)
  return (result.getRowsJS()[0] ?? []).map(Number)
}

/** Returns SQL that folds a text as {@link fold} does, for comparisons. */
const folded = (text: string): string => `nullif(${foldedSql(text)}, '')`

/** Columns of items, which keep their texts. */
const OF_ITEMS = [
  ['item', 'VARCHAR'],
  ['item_code', 'VARCHAR'],
  ['unit_of_measure', 'VARCHAR'],
  ['object', 'VARCHAR'],
  ['quantity', 'DOUBLE'],
  ['unit_price', 'DOUBLE'],
  ['reference_price', 'DOUBLE'],
] as const

const isItemised = ({ by }: JoinRequest['plan']): boolean => by === 'items' || by === 'either'

/** SQL of the months that an object names: a purchase of each month is one of its own. */
const MONTHS = `array_to_string(regexp_extract_all(lower(own.object),
  '\\b(janeiro|fevereiro|mar[çc]o|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|enero|febrero|marzo|mayo|junio|julio|septiembre|octubre|noviembre|diciembre|january|february|april|june|july|august|september|october|november|december)\\b'), ' ')`

/** Returns SQL for the rows of a part whose number comes again, as they are. */
function rowsAgain(
  { plan, columns, again }: JoinRequest,
  { rows, first, last }: JoinRequest['parts'][number],
): string {
  const own = (name: string, type = 'VARCHAR'): string =>
    columns.includes(name) ? `own.${name}` : `CAST(NULL AS ${type})`
  const party = (id: string, name: string): string => `coalesce(${own(id)}, ${own(name)})`
  const ofItems = isItemised(plan) ? OF_ITEMS.map(([name, type]) => `, ${own(name, type)} AS ${name}`) : []
  return `
    SELECT own.line, again.key, again.dated,
      coalesce(again.amendment, TRY_CAST(${own('amendment')} AS INTEGER)) AS amendment,
      ${party('buyer_id', 'buyer_name')} AS buyer, ${party('unit_id', 'unit_name')} AS unit,
      ${own('supplier_id')} AS supplier_id, ${own('supplier_name')} AS supplier_name,
      left(${own('object')}, ${2 * SUBJECT}) AS subject, ${columns.includes('object') ? MONTHS : 'CAST(NULL AS VARCHAR)'} AS months,
      ${own('part_of')} AS part_of,
      ${own('currency')} AS currency, ${own('year')} AS year,
      ${own('entry')} AS entry, ${own('entry_kind')} AS entry_kind, ${own('percent')} = '1' AS percent,
      ${own('item_number')} AS item_number,
      own.final_value, ${own('initial_value', 'DOUBLE')} AS initial_value,
      ${own('signed_at', 'DATE')} AS signed_at, ${own('end_at', 'DATE')} AS end_at ${ofItems.join('')}
    FROM ${rows} AS own
    JOIN (SELECT * FROM ${again} WHERE line BETWEEN ${first} AND ${last}) AS again ON again.line = own.line`
}

/**
 * Returns SQL for rows that come again, with a hash of what all rows of one contract share but the supplier. Texts are kept
 * of items only. It reads them from a Parquet file, of whose columns DuckDB folds each text once for many rows.
 */
const listed = ({ plan, currency }: JoinRequest, path: string): string => `
  SELECT line,
    hash(key, concat_ws('|', ${folded('buyer')}, ${folded('unit')}), coalesce(currency, ${quoted(currency)}),
      CASE WHEN NOT dated THEN year END) AS shared,
    ${hashed(folded('supplier_id'))} AS supplier_id, ${hashed(folded('supplier_name'))} AS supplier_name,
    ${hashed(`nullif(concat_ws('|', left(${folded('subject')}, ${SUBJECT}), nullif(months, ''), part_of), '')`)} AS subject,
    amendment, entry, entry_kind, percent, item_number, final_value, initial_value, signed_at, end_at
    ${isItemised(plan) ? OF_ITEMS.map(([name]) => `, ${name}`).join('') : ''}
  FROM read_parquet(${quoted(path)})`

/**
 * Returns SQL for one batch of the listed rows, with the hash of their contract: a supplier without a tax number has that
 * which another row of the number gives its name, and a row without a supplier goes with the only one of its number. With
 * `members`, the suppliers of one day and amount are one party. All rows of a contract are in one batch.
 */
const candidates = (members: boolean, batch: number, batches: number): string => `
  WITH supplied AS (
    SELECT * EXCLUDE (supplier_id, supplier_name), coalesce(supplier_id, CASE WHEN supplier_name IS NOT NULL
      THEN max(supplier_id) OVER (PARTITION BY shared, supplier_name) END, supplier_name) AS supplier
    FROM listed WHERE shared % ${batches} = ${batch}),
  parties AS (
    SELECT * EXCLUDE (supplier), ${members ? 'min(supplier) OVER (PARTITION BY shared, signed_at, final_value)' : 'supplier'} AS supplier
    FROM supplied)
  SELECT * EXCLUDE (shared, supplier),
    hash(shared, coalesce(supplier, CASE WHEN min(supplier) OVER party = max(supplier) OVER party
      THEN min(supplier) OVER party END)) AS contract
  FROM parties WINDOW party AS (PARTITION BY shared)`

/** Returns SQL for a text's hash; null where the text is. */
const hashed = (text: string): string => `nullif(hash(${text}), hash(CAST(NULL AS VARCHAR)))`

/**
 * SQL that sums up the entries of one commitment: committed, reinforced and annulled amounts count; verified and
 * paid ones only where no row has a committed one. An original of one item that is listed twice with the same amount
 * counts once, and what is carried into another year counts no more.
 */
const STAGES = `
  WITH entry AS (
    SELECT *, coalesce(nullif(split_part(coalesce(entry, '/'), '/', 1), ''),
        nullif(split_part(coalesce(entry_kind, '/'), '/', 1), ''), 'committed') AS stage,
      concat_ws(' ', split_part(entry, '/', 2), split_part(entry_kind, '/', 2)) AS change
    FROM candidate),
  known AS (
    SELECT *, change NOT LIKE '%annulment%' AND change NOT LIKE '%reinforcement%'
        AND change NOT LIKE '%carried%' AS original,
      row_number() OVER (PARTITION BY contract, stage, change, final_value, item_number ORDER BY line) > 1
        AND stage = 'committed' AND change NOT LIKE '%annulment%' AND change NOT LIKE '%reinforcement%' AS repeated,
      CASE WHEN bool_or(stage = 'committed') OVER (PARTITION BY contract) THEN 'committed'
        WHEN bool_or(stage = 'verified') OVER (PARTITION BY contract) THEN 'verified' ELSE 'paid' END AS counted
    FROM entry)
  SELECT coalesce(min(line) FILTER (WHERE stage = counted AND original), min(line)), list(line ORDER BY line),
    round(sum(final_value) FILTER (WHERE stage = counted AND original AND NOT repeated), 2),
    round(sum(final_value) FILTER (WHERE stage = counted AND NOT repeated AND change NOT LIKE '%carried%'), 2),
    max(end_at), NULL
  FROM known GROUP BY contract HAVING count(*) BETWEEN 2 AND ${MOST_ROWS}`

/**
 * Returns SQL for items with the total of all beside each: the total counts once, and the items are kept for their
 * prices. Prices tell it, or, where the total is named as the contract's, numbers of the items.
 */
const items = (whole: boolean): string => `
  SELECT min(line), list(line ORDER BY line), any_value(initial_value ORDER BY line), min(final_value), max(end_at),
    list({item: coalesce(item, object), item_code: item_code, unit_of_measure: unit_of_measure, quantity: quantity,
      unit_price: unit_price, reference_price: reference_price} ORDER BY line)
  FROM candidate GROUP BY contract
  HAVING count(*) BETWEEN 2 AND 10000 AND count(final_value) = count(*) AND min(final_value) = max(final_value)
    AND min(final_value) > 0
    AND ((bool_or(abs(unit_price * quantity - final_value) > 0.02 * final_value)
        AND sum(unit_price * quantity) <= 1.3 * min(final_value))
      ${whole ? 'OR count(DISTINCT item_number) = count(*)' : ''})`

/** Contracts with items, whatever else their rows tell. */
const ITEMISED = 'WHERE contract IN (SELECT contract FROM candidate WHERE unit_price IS NOT NULL)'

/**
 * SQL that separates the rows of one number by their objects; amendments go with the contract whose number they
 * have, where the file lists it.
 */
const PARTED = `
  SELECT *, amendment IS NOT NULL AND amendment > 0 AS amends,
    CASE WHEN subject IS NULL OR (coalesce(amendment, 0) > 0
        AND bool_or(coalesce(amendment, 0) = 0 AND subject IS NOT NULL) OVER (PARTITION BY contract))
      THEN first_value(subject) OVER (PARTITION BY contract
        ORDER BY (coalesce(amendment, 0) > 0 OR subject IS NULL), line)
      ELSE subject END AS part
  FROM candidate`

/**
 * Returns SQL for the rows of one contract in the order of its amendments: the last total counts, the first is the
 * initial one. A percentage is of the initial total; a negative amount and, where `additive`, every amount is added
 * to the total before.
 */
function amendments({ additive, members }: Pick<JoinPlan, 'additive' | 'members'>): string {
  return `
  WITH parted AS (${PARTED}),
  placed AS (
    SELECT *, row_number() OVER (PARTITION BY contract, part
      ORDER BY amends, coalesce(amendment, 0), coalesce(signed_at, DATE '0001-01-01'), line) AS place,
      ${additive ? 'false' : 'final_value > 0 AND NOT coalesce(percent, false)'} AS total
    FROM parted),
  based AS (
    SELECT *, max(place) FILTER (WHERE total) OVER (PARTITION BY contract, part) AS last_total,
      min(place) FILTER (WHERE total) OVER (PARTITION BY contract, part) AS first_total
    FROM placed),
  valued AS (
    SELECT *, max(final_value) FILTER (WHERE place = first_total) OVER (PARTITION BY contract, part) AS first_value
    FROM based)
  SELECT arg_min(line, place), list(line ORDER BY line),
    coalesce(arg_min(initial_value, place) FILTER (WHERE initial_value IS NOT NULL), any_value(first_value),
      arg_min(final_value, place)),
    round(coalesce(max(final_value) FILTER (WHERE place = last_total), 0)
      + coalesce(sum(CASE WHEN percent THEN first_value * final_value / 100 ELSE final_value END)
          FILTER (WHERE NOT total AND place > coalesce(last_total, 0) AND final_value IS NOT NULL), 0), 2)
      + CASE WHEN count(final_value) = 0 THEN NULL ELSE 0 END,
    arg_max(end_at, place) FILTER (WHERE end_at IS NOT NULL), NULL
  FROM valued GROUP BY contract, part HAVING count(*) BETWEEN 2 AND ${members ? MOST_MEMBERS : MOST_ROWS}`
}

/**
 * SQL for the numbers that have several suppliers with one amount on one day, and the first line of one: whether they
 * share a contract is unknown.
 */
const SHARED = `
  SELECT count(DISTINCT shared), coalesce(min(line), 0) FROM (
    SELECT shared, min(line) AS line FROM listed WHERE final_value > 0
    GROUP BY shared, subject, signed_at, final_value
    HAVING count(DISTINCT coalesce(supplier_id, supplier_name)) > 1)`

/**
 * SQL for the numbers of one buyer and supplier that have different objects, and the first line of one: whether they
 * are one contract is unknown.
 */
const UNLIKE = `
  SELECT count(*), coalesce(min(line), 0) FROM (
    SELECT min(line) AS line FROM (${PARTED}) GROUP BY contract HAVING count(DISTINCT coalesce(part, 0)) > 1)`
