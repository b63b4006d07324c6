import type { Values } from '../investigation/duckdb-rows.ts'
import type { Having, Slice, Where } from '../protocol/plan.ts'
import { KIND_COLUMNS, type NamedKind, namesCalled, type Register } from './register.ts'
import { wordsOf } from './stem.ts'
import { formsOf } from './topic.ts'

/** Separates the values of a list that is one parameter. */
const BETWEEN = '\u001f'

/**
 * Returns SQL for a contract's number without letter case, leading zeros and what precedes its first letter or digit;
 * what stands between two parts of it is one space.
 */
const bare = (column: string) =>
  `regexp_replace(regexp_replace(lower(trim(${column})), '^[^0-9a-z]*0*', ''), '[ ./_-]+', ' ', 'g')`

type Called = 'buyer' | 'supplier' | 'category' | 'modality' | 'status'
type Named = Pick<Where, Called | 'topic' | 'within'>

/** Names and words of a plan that the dataset does not have. */
export interface Unknown {
  readonly field: Called | 'topic'
  readonly text: string
}

const KINDS: Readonly<Record<Called, readonly NamedKind[]>> = {
  buyer: ['buyer', 'unit'],
  supplier: ['supplier'],
  category: ['category'],
  modality: ['modality'],
  status: ['status'],
}

/** Returns what a restriction leaves beside another one, whose period and names come before its own. */
export const beside = (where: Where, other: Where): Where => {
  const { start_date, end_date, ...rest } = where
  return {
    ...rest,
    ...((other.start_date ?? other.end_date) ? {} : JSON.parse(JSON.stringify({ start_date, end_date }))),
    ...other,
  }
}

/** SQL for the percent by which a contract's value is above its initial one. */
export const INCREASE = '100 * CAST(cents - initial AS DOUBLE) / nullif(initial, 0)'

/** Makes the conditions of one statement; the parameters of all of them have different names. */
export const conditions = (register: Register) => {
  const values: Values = {}
  const unknown: Unknown[] = []
  let made = 0
  const parameter = (value: Values[string]): string => {
    const name = `p${made++}`
    values[name] = value
    return `$${name}`
  }
  /** Returns SQL that is true where a column has one of the given values. */
  const among = (column: string, keys: readonly string[]): string =>
    `${column} IN (SELECT unnest(string_split(${parameter(keys.join(BETWEEN))}, chr(31))))`

  const called = (field: Called, texts: readonly string[]): string => {
    const tests: string[] = []
    for (const kind of KINDS[field]) {
      const keys = new Set<string>()
      for (const text of texts) for (const { key } of namesCalled(register, kind, text)) keys.add(key)
      if (keys.size > 0) tests.push(among(KIND_COLUMNS[kind].key, [...keys]))
    }
    for (const text of texts)
      if (KINDS[field].every((kind) => namesCalled(register, kind, text).length === 0))
        unknown.push({ field, text })
    return tests.length > 0 ? `(${tests.join(' OR ')})` : 'false'
  }

  const about = (phrases: readonly string[]): string => {
    const tests = phrases.map((phrase) => {
      const words = wordsOf(phrase).map((word) => formsOf(register, word))
      if (words.length === 0 || words.some((forms) => forms.length === 0)) {
        unknown.push({ field: 'topic', text: phrase })
        return 'false'
      }
      return words
        .map((forms) => `(${forms.map((form) => `contains(text, ${parameter(` ${form} `)})`).join(' OR ')})`)
        .join(' AND ')
    })
    return `(${tests.map((test) => `(${test})`).join(' OR ')})`
  }

  const day = (value: string) => `CAST(${parameter(value)} AS DATE)`
  const cents = (amount: number) => `CAST(${parameter(Math.round(amount * 100))} AS DOUBLE)`

  const inSlice = ({ start_date, end_date, min_value, max_value }: Slice): string[] => [
    ...(start_date === undefined ? [] : [`day >= ${day(start_date)}`]),
    ...(end_date === undefined ? [] : [`day <= ${day(end_date)}`]),
    ...(min_value === undefined ? [] : [`cents >= ${cents(min_value)}`]),
    ...(max_value === undefined ? [] : [`cents <= ${cents(max_value)}`]),
  ]

  const namedTests = (named: Named): string[] => [
    ...(['buyer', 'supplier', 'category', 'modality', 'status'] as const).flatMap((field) => {
      const texts = named[field]
      return texts === undefined ? [] : [called(field, texts)]
    }),
    ...(named.topic === undefined ? [] : [about(named.topic)]),
    ...(named.within === undefined
      ? []
      : [named.within.map((one) => `(${inSlice(one).join(' AND ')})`).join(' OR ')]),
  ]

  const inRange = (column: string, range: Having['contracts'], factor = 1): string[] => [
    ...(range?.min === undefined ? [] : [`${column} >= ${parameter(range.min * factor)}`]),
    ...(range?.max === undefined ? [] : [`${column} <= ${parameter(range.max * factor)}`]),
  ]
  /** Tests how long contracts run; a contract of a year ends on the day before the same day, or on that. */
  const lasting = ({ min, max }: NonNullable<Where['months']>): string[] => {
    const from = 'coalesce(start_at, day)'
    const after = (months: number) => `${from} + to_months(CAST(${parameter(months)} AS INTEGER))`
    return [
      ...(min === undefined
        ? []
        : [
            Number.isInteger(min)
              ? `end_at >= ${after(min)} - INTERVAL 1 DAY`
              : `end_at > ${after(Math.floor(min))}`,
          ]),
      ...(max === undefined
        ? []
        : [
            Number.isInteger(max)
              ? `end_at <= ${after(max)}`
              : `end_at < ${after(Math.ceil(max))} - INTERVAL 1 DAY`,
          ]),
    ]
  }
  const LACKING = {
    value: 'cents IS NULL',
    date: 'day IS NULL',
    supplier: 'supplier_key IS NULL',
    buyer: 'buyer_key IS NULL',
    object: 'object IS NULL AND item IS NULL',
    end: 'end_at IS NULL',
  } as const

  /** Returns SQL that is true for the contracts of a restriction. */
  const where = (restriction: Where): string => {
    const tests = namedTests(restriction)
    const { contract, ends_from, ends_to, in_force_on, currency, missing, increase, except } = restriction
    if (contract !== undefined) {
      const wanted = bare(parameter(contract))
      const columns = ['contract_number', 'contract_id', 'process_number']
      tests.push(columns.map((column) => `${bare(column)} = ${wanted}`).join(' OR '))
    }
    tests.push(...inSlice(restriction), ...inRange(INCREASE, increase), ...lasting(restriction.months ?? {}))
    if (ends_from !== undefined) tests.push(`end_at >= ${day(ends_from)}`)
    if (ends_to !== undefined) tests.push(`end_at <= ${day(ends_to)}`)
    if (in_force_on !== undefined) {
      const on = day(in_force_on)
      tests.push(`coalesce(start_at, day) <= ${on} AND end_at >= ${on}`)
    }
    if (restriction.beside !== undefined) {
      const { beside: side, ...all } = restriction
      const middle = side.endsWith('mean') ? 'avg' : 'median'
      tests.push(
        `cents ${side.startsWith('above') ? '>' : '<'} (SELECT ${middle}(o.cents) FROM deals AS o
          WHERE o.money = deals.money AND ${where(all)})`,
      )
    }
    if (currency !== undefined) tests.push(`money = ${parameter(currency)}`)
    if (restriction.weekday !== undefined)
      tests.push(`isodow(day) IN (${restriction.weekday.map((one) => parameter(one)).join(', ')})`)
    if (missing !== undefined) tests.push(LACKING[missing])
    for (const test of namedTests(except ?? {})) tests.push(`NOT coalesce((${test}), false)`)
    return tests.map((test) => `(${test})`).join(' AND ') || 'true'
  }

  /** Returns SQL that is true for the contracts of a restriction whose group fulfils something. */
  const grouped = (key: string, restriction: Where, having: Having): string => {
    const { contracts, total, share, suppliers, buyers, also = [], never = [] } = having
    const of = () => `FROM deals WHERE ${where(restriction)} AND (${key}) IS NOT NULL GROUP BY (${key})`
    const counts = [
      ...inRange('count(*)', contracts),
      ...inRange('count(DISTINCT supplier_key)', suppliers),
      ...inRange('count(DISTINCT unit_key)', buyers),
    ]
    const sums = [...inRange('cents', total, 100), ...inRange('part', share)]
    const has = (other: Where): string =>
      `(${key}) IN (SELECT (${key}) FROM deals WHERE ${where(beside(restriction, other))} AND (${key}) IS NOT NULL)`
    const tests = [
      ...(counts.length > 0 ? [`(${key}) IN (SELECT (${key}) ${of()} HAVING ${counts.join(' AND ')})`] : []),
      ...(sums.length > 0
        ? [
            `((${key}), money) IN (SELECT (key, money) FROM (
               SELECT *, 100 * cents / sum(cents) OVER (PARTITION BY money) AS part FROM (
                 SELECT (${key}) AS key, money, CAST(sum(cents) AS DOUBLE) AS cents ${of()}, money))
               WHERE ${sums.join(' AND ')})`,
          ]
        : []),
      ...also.map(has),
      ...never.map((one) => `NOT ${has(one)}`),
    ]
    return [`(${key}) IS NOT NULL`, ...tests].join(' AND ')
  }

  return { where, grouped, among, values, unknown: unknown as readonly Unknown[] }
}

/** Returns a restriction without what names or describes some contracts among those of its period. */
export const withoutNames = ({
  start_date,
  end_date,
  ends_from,
  ends_to,
  in_force_on,
  currency,
}: Where): Where =>
  Object.fromEntries(
    Object.entries({ start_date, end_date, ends_from, ends_to, in_force_on, currency }).filter(
      ([, value]) => value !== undefined,
    ),
  )
