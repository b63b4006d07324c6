import type { Values } from '../investigation/duckdb-rows.ts'
import type { Where } from '../protocol/plan.ts'
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

type Named = Pick<Where, 'buyer' | 'supplier' | 'category' | 'modality' | 'topic'>

/** Names and words of a plan that the dataset does not have. */
export interface Unknown {
  readonly field: keyof Named
  readonly text: string
}

const KINDS: Readonly<Record<Exclude<keyof Named, 'topic'>, readonly NamedKind[]>> = {
  buyer: ['buyer', 'unit'],
  supplier: ['supplier'],
  category: ['category'],
  modality: ['modality'],
}

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

  const called = (field: Exclude<keyof Named, 'topic'>, texts: readonly string[]): string => {
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

  const namedTests = (named: Named): string[] => [
    ...(['buyer', 'supplier', 'category', 'modality'] as const).flatMap((field) => {
      const texts = named[field]
      return texts === undefined ? [] : [called(field, texts)]
    }),
    ...(named.topic === undefined ? [] : [about(named.topic)]),
  ]

  const day = (value: string) => `CAST(${parameter(value)} AS DATE)`
  const cents = (amount: number) => `CAST(${parameter(Math.round(amount * 100))} AS DOUBLE)`
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
    const { contract, start_date, end_date, ends_from, ends_to, in_force_on } = restriction
    const { min_value, max_value, currency, missing, except } = restriction
    if (contract !== undefined) {
      const wanted = bare(parameter(contract))
      const columns = ['contract_number', 'contract_id', 'process_number']
      tests.push(columns.map((column) => `${bare(column)} = ${wanted}`).join(' OR '))
    }
    if (start_date !== undefined) tests.push(`day >= ${day(start_date)}`)
    if (end_date !== undefined) tests.push(`day <= ${day(end_date)}`)
    if (ends_from !== undefined) tests.push(`end_at >= ${day(ends_from)}`)
    if (ends_to !== undefined) tests.push(`end_at <= ${day(ends_to)}`)
    if (in_force_on !== undefined) {
      const on = day(in_force_on)
      tests.push(`coalesce(start_at, day) <= ${on} AND end_at >= ${on}`)
    }
    if (min_value !== undefined) tests.push(`cents >= ${cents(min_value)}`)
    if (max_value !== undefined) tests.push(`cents <= ${cents(max_value)}`)
    if (currency !== undefined) tests.push(`money = ${parameter(currency)}`)
    if (missing !== undefined) tests.push(LACKING[missing])
    for (const test of namedTests(except ?? {})) tests.push(`NOT coalesce(${test}, false)`)
    return tests.map((test) => `(${test})`).join(' AND ') || 'true'
  }

  return { where, among, values, unknown: unknown as readonly Unknown[] }
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
