import { all, type Values } from '../investigation/duckdb-rows.ts'
import { folded, unaccentedSql } from '../language/folding.ts'
import type { Name, Overview, Party, Ranking, Share, Slice } from './fact.ts'
import type { Question } from './open-datasets.ts'

/** SQL condition of the rows that are added up; see {@link Overview}. */
const COUNTED = 'cents > 0 AND NOT own_commitment'
/** Least likeness, 0–1, of names that do not have all searched words. */
const LEAST_LIKENESS = 0.78
/** Words of a name or of a search that are used. */
const MOST_WORDS = 12

/** Words that distinguish no name from another. */
const FILLERS = new Set(
  'a o as os de da do das dos e em y el la los las del of the and for para ltda me sa s'.split(' '),
)

const wordsOf = (text: string): string[] => {
  const words = folded(text)
    .split(' ')
    .filter((word) => word !== '')
  const distinctive = words.filter((word) => !FILLERS.has(word))
  return (distinctive.length > 0 ? distinctive : words).slice(0, MOST_WORDS)
}

const digitsOf = (text: string): string | undefined => {
  const digits = text.replace(/[\s./-]/g, '')
  return /^\d{8,14}$/.test(digits) ? digits : undefined
}

/** Returns SQL for the rows whose columns are exactly `$name` or, where the dataset has none, contain it. */
const calledOrPart = (columns: readonly string[], name: string, rows: (test: string) => string): string => {
  const wanted = unaccentedSql(`$${name}`)
  const called = columns.map((column) => `${unaccentedSql(column)} = ${wanted}`).join(' OR ')
  const part = columns.map((column) => `contains(${unaccentedSql(column)}, ${wanted})`).join(' OR ')
  return `CASE WHEN EXISTS (SELECT 1 FROM contracts WHERE ${called}) THEN ${rows(called)} ELSE ${rows(part)} END`
}

const within = (slice: Slice): { where: string; values: Values } => {
  const tests: string[] = []
  const values: Values = {}
  if (slice.supplier !== undefined) {
    const digits = digitsOf(slice.supplier)
    values.supplier = digits ?? slice.supplier
    const numbered = 'SELECT supplier_key FROM contracts WHERE starts_with(supplier_id, $supplier)'
    tests.push(
      digits
        ? `supplier_key IN (${numbered})`
        : calledOrPart(
            ['supplier_name'],
            'supplier',
            (test) => `supplier_key IN (SELECT supplier_key FROM contracts WHERE ${test})`,
          ),
    )
  }
  if (slice.buyer !== undefined) {
    values.buyer = slice.buyer
    tests.push(calledOrPart(['buyer_name', 'unit_name', 'buyer_id', 'unit_id'], 'buyer', (test) => test))
  }
  if (slice.startDate !== undefined) {
    values.startDate = slice.startDate
    tests.push('day >= CAST($startDate AS DATE)')
  }
  if (slice.endDate !== undefined) {
    values.endDate = slice.endDate
    tests.push('day <= CAST($endDate AS DATE)')
  }
  if (slice.minValue !== undefined) {
    values.minValue = slice.minValue
    tests.push('cents >= $minValue * 100')
  }
  return { where: tests.map((test) => `(${test})`).join(' AND ') || 'true', values }
}

/** Reads the figures of a dataset, or of a slice of it. */
export const overviewOf =
  (datasetId: string, slice: Slice): Question<Overview> =>
  async (connection, signal) => {
    const { where, values } = within(slice)
    const [figures] = await all<Omit<Overview, 'dataset_id' | 'years'>>(
      connection,
      `SELECT CAST(count(*) AS DOUBLE) AS rows, CAST(count(*) FILTER (${COUNTED}) AS DOUBLE) AS counted_rows,
         CAST(count(DISTINCT contract_key) FILTER (${COUNTED}) AS DOUBLE) AS contracts,
         coalesce(CAST(sum(cents) FILTER (${COUNTED}) AS DOUBLE) / 100, 0) AS total_value,
         median(cents) FILTER (${COUNTED}) / 100 AS median_value,
         CAST(max(cents) FILTER (${COUNTED}) AS DOUBLE) / 100 AS largest_value,
         CAST(min(day) AS VARCHAR) AS first_day, CAST(max(day) AS VARCHAR) AS last_day,
         CAST(count(DISTINCT buyer_key) AS DOUBLE) AS buyers,
         CAST(count(DISTINCT supplier_key) AS DOUBLE) AS suppliers
       FROM contracts WHERE ${where}`,
      values,
      signal,
    )
    const years = await all<Overview['years'][number]>(
      connection,
      `SELECT CAST(year(day) AS DOUBLE) AS year, CAST(count(DISTINCT contract_key) AS DOUBLE) AS contracts,
         CAST(sum(cents) AS DOUBLE) / 100 AS total_value
       FROM contracts WHERE ${where} AND ${COUNTED} AND day IS NOT NULL GROUP BY 1 ORDER BY 1`,
      values,
      signal,
    )
    return { dataset_id: datasetId, ...(figures as Omit<Overview, 'dataset_id' | 'years'>), years }
  }

const PARTIES = {
  supplier: { key: 'supplier_key', name: 'coalesce(supplier_name, supplier_id)', id: 'supplier_id' },
  buyer: { key: 'buyer_key', name: 'buyer', id: 'buyer_id' },
  unit: { key: 'unit_key', name: 'unit_name', id: 'unit_id' },
} as const

/** Reads the largest suppliers or buyers of a slice by value; equal ones by name. */
export const rankingOf =
  (datasetId: string, party: Party, slice: Slice, limit: number): Question<Ranking> =>
  async (connection, signal) => {
    const { where, values } = within(slice)
    const { key, name, id } = PARTIES[party]
    const rows = await all<Share & { of: number; whole: number }>(
      connection,
      `WITH counted AS (SELECT * FROM contracts WHERE ${where} AND ${COUNTED}),
       parties AS (SELECT min(${name}) AS name, min(${id}) AS id, count(DISTINCT contract_key) AS contracts,
           sum(cents) AS cents FROM counted WHERE ${key} IS NOT NULL GROUP BY ${key}),
       sums AS (SELECT (SELECT count(*) FROM parties) AS of, (SELECT sum(cents) FROM counted) AS whole)
       SELECT coalesce(name, id) AS name, id, CAST(contracts AS DOUBLE) AS contracts,
         CAST(cents AS DOUBLE) / 100 AS total_value, CAST(cents AS DOUBLE) / CAST(whole AS DOUBLE) AS share,
         CAST(of AS DOUBLE) AS of, CAST(whole AS DOUBLE) / 100 AS whole
       FROM parties, sums ORDER BY cents DESC, name, id LIMIT ${limit}`,
      values,
      signal,
    )
    return {
      dataset_id: datasetId,
      items: rows.map(({ of: _of, whole: _whole, ...share }) => share),
      of: rows[0]?.of ?? 0,
      total_value: rows[0]?.whole ?? 0,
    }
  }

/** Reads names that have every word of `text`, by value; else those that look alike, the likeliest first. */
export const namesLike =
  (party: keyof typeof PARTIES, text: string, limit: number): Question<Name[]> =>
  async (connection, signal) => {
    const words = wordsOf(text)
    if (words.length === 0) return []
    const { key, name, id } = PARTIES[party]
    const digits = party === 'supplier' ? digitsOf(text) : undefined
    const values: Values = { whole: folded(text), digits: digits ?? '-' }
    const hits = words.map((word, at) => {
      values[`w${at}`] = ` ${word}`
      return `CASE WHEN contains(' ' || folded, $w${at}) THEN 1 ELSE 0 END`
    })
    const found = await all<Name & { likeness: number }>(
      connection,
      `WITH spelt AS (SELECT ${key} AS key, ${name} AS name, fold(${name}) AS folded,
           bool_or(coalesce(starts_with(${id}, $digits), false)) AS numbered,
           count(DISTINCT contract_key) FILTER (${COUNTED}) AS contracts, sum(cents) FILTER (${COUNTED}) AS cents
         FROM contracts WHERE ${key} IS NOT NULL AND ${name} IS NOT NULL GROUP BY 1, 2),
       scored AS (SELECT *, (${hits.join(' + ')}) AS hits, jaro_winkler_similarity(folded, $whole) AS alike FROM spelt),
       parties AS (SELECT key, arg_max(name, coalesce(cents, 0)) AS name,
           bool_or(hits = ${words.length} OR numbered) AS exact, sum(contracts) AS contracts, sum(cents) AS cents,
           max(greatest(alike, CASE WHEN hits > 0 THEN 0.7 + 0.25 * hits / ${words.length} ELSE 0 END)) AS likeness
         FROM scored GROUP BY key)
       SELECT name, exact, CAST(coalesce(contracts, 0) AS DOUBLE) AS contracts,
         coalesce(CAST(cents AS DOUBLE) / 100, 0) AS total_value, likeness
       FROM parties WHERE exact OR likeness >= ${LEAST_LIKENESS}
       ORDER BY exact DESC, CASE WHEN exact THEN 0 ELSE likeness END DESC, cents DESC NULLS LAST, name
       LIMIT ${limit}`,
      values,
      signal,
    )
    const exact = found.filter((one) => one.exact)
    return (exact.length > 0 ? exact : found).map(({ likeness: _likeness, ...one }) => one)
  }
