import type { Where } from '../../../src/protocol/plan.ts'
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

const testsOf = ({ buyer, supplier, category, modality, topic }: Names): ((row: TownRow) => boolean)[] => {
  const tests: ((row: TownRow) => boolean)[] = []
  if (buyer) tests.push((row) => buyer.some((one) => isCalled(row.buyer, one) || isCalled(row.unit, one)))
  if (supplier)
    tests.push((row) => supplier.some((one) => isCalled(row.supplier, one) || isNumber(row.supplierId, one)))
  if (category) tests.push((row) => category.some((one) => isCalled(row.category, one)))
  if (modality) tests.push((row) => modality.some((one) => isCalled(row.modality, one)))
  if (topic) tests.push((row) => topic.some((one) => isAbout(`${row.object} ${row.category}`, one)))
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
export const chosen = (rows: readonly TownRow[], where: Where): TownRow[] => {
  const { contract, start_date, end_date, ends_from, ends_to, in_force_on, min_value, max_value } = where
  const { currency, missing, except } = where
  const named = testsOf(where)
  const excluded = testsOf(except ?? {})
  return rows.filter((row) => {
    const ends = row.ends
    return (
      named.every((test) => test(row)) &&
      !excluded.some((test) => test(row)) &&
      (contract === undefined || plain(row.number) === plain(contract)) &&
      (start_date === undefined || row.signed >= start_date) &&
      (end_date === undefined || row.signed <= end_date) &&
      (ends_from === undefined || (ends !== null && ends >= ends_from)) &&
      (ends_to === undefined || (ends !== null && ends <= ends_to)) &&
      (in_force_on === undefined || (ends !== null && row.signed <= in_force_on && ends >= in_force_on)) &&
      (min_value === undefined || (row.cents !== null && row.cents >= Math.round(min_value * 100))) &&
      (max_value === undefined || (row.cents !== null && row.cents <= Math.round(max_value * 100))) &&
      (currency === undefined || row.currency === currency) &&
      (missing === undefined || LACKS[missing](row))
    )
  })
}
