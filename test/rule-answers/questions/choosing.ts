import type { Having, Slice, Where } from '../../../src/protocol/plan.ts'
import type { TownRow } from './town.ts'

type Names = NonNullable<Where['except']>

const wordsIn = (text: string): string[] =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(
      (word) =>
        word.length > 1 && !['de', 'da', 'do', 'das', 'dos', 'e', 'para', 'the', 'of', 'for'].includes(word),
    )

/** Words are one in singular and plural, as far as the suite's words go. */
const root = (word: string): string =>
  word.length > 3
    ? word
        .replace(/eis$/, 'el')
        .replace(/s$/, '')
        .replace(/[aeo]$/, '')
    : word
const isAbout = (text: string, phrase: string): boolean => {
  const roots = new Set(wordsIn(text).map(root))
  return wordsIn(phrase).every((word) => roots.has(root(word)))
}
const isCalled = (name: string | null, wanted: string): boolean =>
  name !== null && wordsIn(name).join(' ') === wordsIn(wanted).join(' ')
const isNumber = (number: string | null, wanted: string): boolean =>
  number !== null && number === wanted.replace(/[./-]/g, '')

const inSlice = (row: TownRow, { start_date, end_date, min_value, max_value }: Slice): boolean =>
  (start_date === undefined || row.signed >= start_date) &&
  (end_date === undefined || row.signed <= end_date) &&
  (min_value === undefined || (row.cents !== null && row.cents >= Math.round(min_value * 100))) &&
  (max_value === undefined || (row.cents !== null && row.cents <= Math.round(max_value * 100)))

const testsOf = ({
  buyer,
  supplier,
  category,
  modality,
  topic,
  within,
}: Names): ((row: TownRow) => boolean)[] => {
  const tests: ((row: TownRow) => boolean)[] = []
  if (buyer) tests.push((row) => buyer.some((one) => isCalled(row.buyer, one) || isCalled(row.unit, one)))
  if (supplier)
    tests.push((row) => supplier.some((one) => isCalled(row.supplier, one) || isNumber(row.supplierId, one)))
  if (category) tests.push((row) => category.some((one) => isCalled(row.category, one)))
  if (modality) tests.push((row) => modality.some((one) => isCalled(row.modality, one)))
  if (topic) tests.push((row) => topic.some((one) => isAbout(`${row.object} ${row.category}`, one)))
  if (within) tests.push((row) => within.some((one) => inSlice(row, one)))
  return tests
}

const LACKS: Readonly<Record<NonNullable<Where['missing']>, (row: TownRow) => boolean>> = {
  value: (row) => row.cents === null,
  date: () => false,
  supplier: (row) => row.supplier === null,
  buyer: () => false,
  object: () => false,
  end: (row) => row.ends === null,
}
const plain = (number: string): string => number.replace(/^[^0-9]*0*/, '')

/** Chooses the contracts of a restriction by their cells; names are whole names, as the suite writes them. */
export const chosen = (rows: readonly TownRow[], { beside, ...where }: Where): TownRow[] => {
  if (beside !== undefined) {
    const all = chosen(rows, where)
    const middle = (currency: string): number => {
      const cents = all.flatMap((row) => (row.currency === currency && row.cents !== null ? [row.cents] : []))
      const sorted = cents.sort((a, b) => a - b)
      const half = (cents.length - 1) / 2
      return beside.endsWith('mean')
        ? cents.reduce((sum, one) => sum + one, 0) / cents.length
        : ((sorted[Math.floor(half)] as number) + (sorted[Math.ceil(half)] as number)) / 2
    }
    return all.filter(
      ({ cents, currency }) =>
        cents !== null && (beside.startsWith('above') ? cents > middle(currency) : cents < middle(currency)),
    )
  }
  const { contract, ends_from, ends_to, in_force_on, currency, missing, increase, months, weekday, except } =
    where
  const named = testsOf(where)
  const excluded = testsOf(except ?? {})
  return rows.filter((row) => {
    const ends = row.ends
    return (
      named.every((test) => test(row)) &&
      !excluded.some((test) => test(row)) &&
      (contract === undefined || plain(row.number) === plain(contract)) &&
      inSlice(row, where) &&
      (increase === undefined || isWithin(increaseOf(row), increase)) &&
      (months === undefined || lasts(row, months)) &&
      (weekday === undefined || weekday.includes(new Date(row.signed).getUTCDay() || 7)) &&
      (ends_from === undefined || (ends !== null && ends >= ends_from)) &&
      (ends_to === undefined || (ends !== null && ends <= ends_to)) &&
      (in_force_on === undefined || (ends !== null && row.signed <= in_force_on && ends >= in_force_on)) &&
      (currency === undefined || row.currency === currency) &&
      (missing === undefined || LACKS[missing](row))
    )
  })
}

/** Returns the day some calendar months later, the last of the month where that has no such day. */
const monthsLater = (day: string, months: number): string => {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + months, 0))
  return last.getUTCDate() < date
    ? last.toISOString().slice(0, 10)
    : new Date(Date.UTC(year, month - 1 + months, date)).toISOString().slice(0, 10)
}
const dayBefore = (day: string): string => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10)
/** Tells how long a contract runs: a year ends on the eve of its day or on that, and what is beyond a bound on neither. */
const lasts = ({ signed, ends }: TownRow, { min, max }: NonNullable<Where['months']>): boolean => {
  if (ends === null) return false
  const isLong =
    min === undefined ||
    (Number.isInteger(min)
      ? ends >= dayBefore(monthsLater(signed, min))
      : ends > monthsLater(signed, Math.floor(min)))
  const isShort =
    max === undefined ||
    (Number.isInteger(max)
      ? ends <= monthsLater(signed, max)
      : ends < dayBefore(monthsLater(signed, Math.ceil(max))))
  return isLong && isShort
}

const isWithin = (value: number | null, { min, max }: NonNullable<Having['total']>): boolean =>
  value !== null && (min === undefined || value >= min) && (max === undefined || value <= max)
/** Percent by which a contract became dearer. */
const increaseOf = ({ cents, initialCents }: TownRow): number | null =>
  cents === null || initialCents === null ? null : (100 * (cents - initialCents)) / initialCents

const different = (values: readonly (string | null)[]): number =>
  new Set(values.filter((value) => value !== null)).size

/** Leaves those groups of rows that fulfil what a plan says of groups; `rowsOf` gives other rows under a restriction. */
export const fulfilling = (
  groups: ReadonlyMap<string, readonly TownRow[]>,
  { contracts, total, share, suppliers, buyers, also = [], never = [] }: Having,
  keysOf: (where: Where) => ReadonlySet<string>,
): TownRow[] => {
  const sum = (rows: readonly TownRow[], currency: string): number =>
    rows.filter((row) => row.currency === currency).reduce((cents, row) => cents + (row.cents ?? 0), 0)
  const all = [...groups.values()].flat()
  return [...groups].flatMap(([key, rows]) => {
    if (contracts && !isWithin(rows.length, contracts)) return []
    if (suppliers && !isWithin(different(rows.map((row) => row.supplier)), suppliers)) return []
    if (buyers && !isWithin(different(rows.map((row) => row.unit)), buyers)) return []
    if (!also.every((one) => keysOf(one).has(key)) || never.some((one) => keysOf(one).has(key))) return []
    return rows.filter(
      ({ currency }) =>
        (!total || isWithin(sum(rows, currency) / 100, total)) &&
        (!share || isWithin((100 * sum(rows, currency)) / sum(all, currency), share)),
    )
  })
}
