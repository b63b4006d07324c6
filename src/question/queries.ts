import type { DuckDBConnection } from '@duckdb/node-api'
import { all } from '../investigation/duckdb-rows.ts'
import type { Having, Where } from '../protocol/plan.ts'
import { conditions, INCREASE, type Unknown } from './condition.ts'
import { columnsOf, type DealGroup, GREW, GROUP_COLUMNS, money, SUMS } from './group-columns.ts'
import type {
  Amounts,
  Figures,
  FoundContract,
  GroupFigures,
  Lengths,
  Ranking,
  RestrictedLines,
} from './outcome.ts'
import { KEYED, KIND_COLUMNS, type NamedKind, type Register } from './register.ts'

/** Currencies of which groups are listed. */
const MOST_CURRENCIES = 3

/** SQL of what is told of one contract. */
const CONTRACT = `contract_id, contract_number, left(coalesce(object, item), 300) AS object, category, supplier_name,
  supplier_id, buyer_name, unit_name, modality, CAST(day AS VARCHAR) AS date, CAST(start_at AS VARCHAR) AS start_at,
  CAST(end_at AS VARCHAR) AS end_at, ${money('cents')} AS value, ${money('initial')} AS initial_value,
  ${INCREASE} AS increase, status, CAST(end_at - coalesce(start_at, day) AS DOUBLE) AS days, money AS currency`

export interface Page {
  /** SQL over the columns of the result, with its direction. */
  order: string
  limit: number
  skip?: number | undefined
  /** What each group is told apart by again. */
  split?: DealGroup | undefined
  /** Percents between which groups have grown since `before`. */
  growth?: Having['growth']
}

/** SQL of the commitments that `deals` leaves out, with the columns of restrictions. */
const OWN_COMMITMENTS = `SELECT * REPLACE (CASE WHEN cents > 0 THEN cents END AS cents), cents AS initial, ${KEYED}
  FROM contracts WHERE own_commitment`

/** Makes the queries of one plan over `deals`, of which groups that do not fulfil `having` are left out. */
export const queries = (
  connection: DuckDBConnection,
  register: Register,
  signal: AbortSignal,
  among?: { group: DealGroup; having: Having; currency: string | undefined } | undefined,
) => {
  const unknown: Unknown[] = []
  const note = (found: readonly Unknown[]) => {
    for (const one of found)
      if (!unknown.some(({ field, text }) => field === one.field && text === one.text)) unknown.push(one)
  }

  const query = async <Row>(
    sql: (...where: string[]) => string,
    ...restrictions: readonly Where[]
  ): Promise<Row[]> => {
    const made = conditions(register)
    const text = sql(
      ...restrictions.map((restriction) => {
        const where = `(${made.where(restriction)})`
        if (!among) return where
        // A table of one currency has the groups that fulfil it in all of them.
        const { currency: _currency, ...all } = restriction
        const own = among.currency === undefined ? all : restriction
        return `(${where} AND ${made.grouped(GROUP_COLUMNS[among.group].key, own, among.having)})`
      }),
    )
    note(made.unknown)
    return all<Row>(connection, text, made.values, signal)
  }

  const figures = async (restriction: Where): Promise<Figures> => {
    const [sums] = await query<Omit<Figures, 'amounts'>>(
      (
        where,
      ) => `SELECT CAST(count(*) AS DOUBLE) AS contracts, CAST(count(*) - count(cents) AS DOUBLE) AS unvalued,
          CAST(count(DISTINCT supplier_key) AS DOUBLE) AS suppliers,
          CAST(count(DISTINCT buyer_key) AS DOUBLE) AS buyers,
          CAST(count(DISTINCT CASE WHEN unit_name IS NOT NULL THEN unit_key END) AS DOUBLE) AS units,
          CAST(count(DISTINCT category_key) AS DOUBLE) AS categories,
          CAST(min(day) AS VARCHAR) AS "firstDay", CAST(max(day) AS VARCHAR) AS "lastDay"
        FROM deals WHERE ${where}`,
      restriction,
    )
    const amounts = await query<Amounts>(
      (where) => `SELECT money AS currency, CAST(count(cents) AS DOUBLE) AS contracts, ${SUMS},
          ${money('max(cents)')} AS largest, ${money('min(cents)')} AS smallest
        FROM deals WHERE ${where} AND cents IS NOT NULL GROUP BY money ORDER BY count(*) DESC, money`,
      restriction,
    )
    return { ...(sums as Omit<Figures, 'amounts'>), amounts }
  }

  const contracts = (restriction: Where, { order, limit, skip = 0 }: Page): Promise<FoundContract[]> =>
    query<FoundContract>(
      (where) =>
        `SELECT ${CONTRACT} FROM deals WHERE ${where} ORDER BY ${order}, line LIMIT ${Math.trunc(limit)} OFFSET ${Math.trunc(skip)}`,
      restriction,
    )

  /** Reads the first contract of each group in each currency, and the number of groups. */
  const firstOfEach = async (
    group: DealGroup,
    restriction: Where,
    direction: 'asc' | 'desc',
    { order, limit, skip = 0 }: Page,
  ): Promise<{ contracts: FoundContract[]; groups: number }> => {
    const { key, name } = GROUP_COLUMNS[group]
    const found = await query<FoundContract & { of: number }>(
      (
        where,
      ) => `WITH grouped AS (SELECT *, ${key} AS key, min(${name}) OVER (PARTITION BY ${key}) AS in_group
          FROM deals WHERE ${where} AND (${key}) IS NOT NULL AND cents IS NOT NULL)
        SELECT ${CONTRACT}, in_group, CAST(dense_rank() OVER (ORDER BY key DESC) + dense_rank() OVER (ORDER BY key)
          - 1 AS DOUBLE) AS of
        FROM grouped QUALIFY row_number() OVER (PARTITION BY key, money ORDER BY cents ${direction}, line) = 1
        ORDER BY ${order}, line LIMIT ${Math.trunc(limit)} OFFSET ${Math.trunc(skip)}`,
      restriction,
    )
    return { contracts: found.map(({ of: _of, ...one }) => one), groups: found[0]?.of ?? 0 }
  }

  /** Counts the different parties of one kind in each group, over all currencies. */
  const partiesOfEach = async (
    group: DealGroup,
    kind: NamedKind,
    restriction: Where,
    { order, limit, skip = 0 }: Page,
  ): Promise<Ranking[]> => {
    const { key, name, id } = GROUP_COLUMNS[group]
    const rows = await query<GroupFigures & { of: number }>(
      (
        where,
      ) => `SELECT ${key} AS key, min(${name}) AS name, min(${id}) AS id, CAST(count(*) AS DOUBLE) AS contracts,
          CAST(count(DISTINCT ${KIND_COLUMNS[kind].key}) AS DOUBLE) AS parties, CAST(count(*) OVER () AS DOUBLE) AS of
        FROM deals WHERE ${where} AND (${key}) IS NOT NULL GROUP BY 1
        ORDER BY ${order} NULLS LAST, name LIMIT ${Math.trunc(limit)} OFFSET ${Math.trunc(skip)}`,
      restriction,
    )
    const items = rows.map(({ of: _of, ...one }) => ({
      ...one,
      total: null,
      mean: null,
      median: null,
      added: null,
    }))
    return [{ currency: null, of: rows[0]?.of ?? 0, contracts: 0, total: 0, items }]
  }

  /** Reads the groups of a restriction in each of its currencies; with `before`, beside that of another period. */
  const rankings = async (
    group: DealGroup,
    restriction: Where,
    of: Figures,
    { order, limit, skip = 0, split, growth }: Page,
    before?: Where,
  ): Promise<Ranking[]> => {
    const { key, name, id } = columnsOf(group, split)
    const grown = [
      ...(growth?.min === undefined ? [] : [`${GREW} >= ${Number(growth.min)}`]),
      ...(growth?.max === undefined ? [] : [`${GREW} <= ${Number(growth.max)}`]),
    ]
    const found: Ranking[] = []
    const currencies = of.amounts.slice(0, MOST_CURRENCIES)
    for (const one of currencies.length > 0 ? currencies : [null]) {
      const within = (where: Where): Where => (one ? { ...where, currency: one.currency } : where)
      const earlier = (where: string) =>
        `(SELECT ${key} AS key, ${money('sum(cents)')} AS before, min(${name}) AS name, min(${id}) AS id
          FROM deals WHERE ${where} AND (${key}) IS NOT NULL GROUP BY 1)`
      const rows = await query<
        GroupFigures & { of: number; all_contracts: number; all_total: number | null }
      >(
        (where, past) => `WITH grouped AS (SELECT ${key} AS key, min(${name}) AS name, min(${id}) AS id,
            CAST(count(*) AS DOUBLE) AS contracts, ${SUMS}
          FROM deals WHERE ${where} AND (${key}) IS NOT NULL GROUP BY 1),
          listed AS (${
            past === undefined
              ? 'SELECT * FROM grouped'
              : `SELECT key, coalesce(g.name, p.name) AS name, coalesce(g.id, p.id) AS id,
                   coalesce(contracts, 0) AS contracts, coalesce(total, 0) AS total, mean, median, added, grown,
                   coalesce(before, 0) AS before
                 FROM grouped g FULL JOIN ${earlier(past)} p USING (key)`
          })
          SELECT *, CAST(count(*) OVER () AS DOUBLE) AS of, CAST(sum(contracts) OVER () AS DOUBLE) AS all_contracts,
            sum(total) OVER () AS all_total
          FROM listed WHERE ${grown.join(' AND ') || 'true'}
          ORDER BY ${order} NULLS LAST, name LIMIT ${Math.trunc(limit)} OFFSET ${Math.trunc(skip)}`,
        ...[restriction, ...(before ? [before] : [])].map(within),
      )
      found.push({
        currency: one?.currency ?? null,
        of: rows[0]?.of ?? 0,
        contracts: (growth ? rows[0]?.all_contracts : one?.contracts) ?? 0,
        total: (growth ? rows[0]?.all_total : one?.total) ?? 0,
        items: rows.map(({ of: _of, all_contracts: _contracts, all_total: _total, ...item }) => item),
      })
    }
    return found
  }

  /** Reads for how many days contracts run that have an end. */
  const lengths = async (restriction: Where): Promise<Lengths | undefined> => {
    const [found] = await query<Lengths>(
      (where) => `SELECT CAST(count(days) AS DOUBLE) AS contracts, avg(days) AS mean, median(days) AS median,
          max(days) AS longest, min(days) AS shortest
        FROM (SELECT CAST(end_at - coalesce(start_at, day) AS DOUBLE) AS days FROM deals WHERE ${where})
        WHERE days >= 0`,
      restriction,
    )
    return found && found.contracts > 0 ? found : undefined
  }

  /** Returns those of the given rows, by `contract_id`, that belong to contracts of a restriction. */
  const rowsAmong = async (ids: readonly string[], restriction: Where): Promise<Set<string>> => {
    const made = conditions(register)
    const listed = made.among('contract_id', ids)
    const rows = await all<{ contract_id: string }>(
      connection,
      `SELECT contract_id FROM contracts WHERE ${listed} AND (contract_key, coalesce(supplier_key, '')) IN
         (SELECT (contract_key, coalesce(supplier_key, '')) FROM deals WHERE ${made.where(restriction)})`,
      made.values,
      signal,
    )
    note(made.unknown)
    return new Set(rows.map((row) => row.contract_id))
  }

  /**
   * Returns the lines of the rows that belong to contracts of a restriction, ascending, and what the restriction leaves
   * out since it cannot be decided: commitments of listed contracts, rows without a value, rows without a day.
   */
  const lines = async (restriction: Where): Promise<RestrictedLines> => {
    const rowsOf = (test: string): string => `contracts WHERE NOT own_commitment
      AND (contract_key, coalesce(supplier_key, '')) IN
        (SELECT (contract_key, coalesce(supplier_key, '')) FROM deals WHERE ${test})`
    const rows = await query<{ line: number }>(
      (where) => `SELECT CAST(line AS DOUBLE) AS line FROM ${rowsOf(where)} ORDER BY contracts.line`,
      restriction,
    )
    const counted = async (from: (where: string) => string, less: Where): Promise<number> =>
      (
        await query<{ n: number }>(
          (where) => `SELECT CAST(count(*) AS DOUBLE) AS n FROM ${from(where)}`,
          less,
        )
      )[0]?.n ?? 0
    const { min_value, max_value, ...anyValue } = restriction
    const { start_date, end_date, ends_from, ends_to, in_force_on, ...anyDay } = restriction
    const lacking = [
      ...((start_date ?? end_date) ? ['day IS NULL'] : []),
      ...((ends_from ?? ends_to ?? in_force_on) ? ['end_at IS NULL'] : []),
    ].join(' OR ')
    return {
      lines: rows.map((row) => row.line),
      leftOut: {
        commitments: await counted((where) => `(${OWN_COMMITMENTS}) AS deals WHERE ${where}`, restriction),
        without_value:
          (min_value ?? max_value) === undefined
            ? 0
            : await counted((where) => rowsOf(`${where} AND cents IS NULL`), anyValue),
        without_date:
          lacking === '' ? 0 : await counted((where) => rowsOf(`${where} AND (${lacking})`), anyDay),
      },
    }
  }

  return {
    figures,
    contracts,
    rankings,
    firstOfEach,
    partiesOfEach,
    lengths,
    among: rowsAmong,
    lines,
    unknown: unknown as readonly Unknown[],
  }
}
