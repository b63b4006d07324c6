import {
  type Calendar,
  daySpan,
  isDay,
  iso,
  monthSpan,
  partSpan,
  partsOf,
  type Span,
  yearSpan,
} from './calendar.ts'
import type { Draft } from './draft.ts'
import { countedAt, earlierAt, relativeAt, relativeYear } from './relative-date.ts'
import { isNumeric, yearAt, yearBehind } from './year.ts'

const names = (months: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    months.split(';').flatMap((list, at) =>
      list
        .trim()
        .split(' ')
        .map((name) => [name, at + 1]),
    ),
  )
const MONTHS = names(
  'janeiro enero january; fevereiro febrero february; marco marzo march; abril april; maio mayo may; junho junio june; julho julio july; agosto august; setembro septiembre setiembre september; outubro octubre october; novembro noviembre november; dezembro diciembre december',
)
/** Short names, of which some are words too: they need a year or a day beside them. */
const SHORT_MONTHS = names(
  'jan ene; fev feb; mar; abr apr; mai; jun; jul; ago aug; set sep sept; out oct; nov; dez dic dec',
)
const ORDINALS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      [1, 'primeiro primeira primer primero primera first 1o 1a 1st 1'],
      [2, 'segundo segunda second 2o 2a 2nd 2'],
      [3, 'terceiro terceira tercer tercero tercera third 3o 3a 3rd 3'],
      [4, 'quarto quarta cuarto cuarta fourth 4o 4a 4th 4'],
      [5, 'quinto quinta fifth 5o 5a 5th 5'],
      [6, 'sexto sexta sixth 6o 6a 6th 6'],
      [-1, 'ultimo ultima last'],
    ] as const
  ).flatMap(([number, words]) => words.split(' ').map((word) => [word, number])),
)
/** Reads digits joined by marks: "12/03/2023", "12.03.2023", "2023-03-12", "03/2023", "2023-03". */
const numericAt = (draft: Draft, at: number): Span | undefined => {
  const dotted = /^(\d{1,2})\.(\d{1,2})$/.exec(draft.word(at))
  if (dotted) {
    const year = draft.gap(at + 1) === '.' ? yearAt(draft, at + 1) : undefined
    const [day, month] = [Number(dotted[1]), Number(dotted[2])]
    return year !== undefined && isDay(year, month, day) ? daySpan(iso(year, month, day), at + 2) : undefined
  }
  if (
    !/^\d{1,4}$/.test(draft.word(at)) ||
    (at > 0 && /^[/-]$/.test(draft.gap(at)) && /\d$/.test(draft.word(at - 1)))
  )
    return undefined
  const parts = [draft.word(at)]
  while (
    parts.length < 3 &&
    draft.isFree(at + parts.length) &&
    /^[/-]$/.test(draft.gap(at + parts.length)) &&
    /^\d{1,4}$/.test(draft.word(at + parts.length))
  )
    parts.push(draft.word(at + parts.length))
  const end = at + parts.length
  if (isNumeric(draft, end)) return undefined
  const [first = '', second = '', third = ''] = parts
  const [a, b, c] = parts.map(Number) as [number, number, number]
  if (parts.length === 3) {
    if (first.length === 4 && isDay(a, b, c)) return daySpan(iso(a, b, c), end)
    const year = third.length === 4 ? c : third.length === 2 ? 2000 + c : 0
    return year > 1900 && isDay(year, b, a) ? daySpan(iso(year, b, a), end) : undefined
  }
  if (parts.length === 2) {
    if (second.length === 4 && b > 1900 && a >= 1 && a <= 12) return monthSpan(b, a, end)
    if (first.length === 4 && a > 1900 && second.length === 2 && b >= 1 && b <= 12)
      return monthSpan(a, b, end)
  }
  return undefined
}

const monthAt = (draft: Draft, at: number): number | undefined =>
  draft.isFree(at) ? (MONTHS[draft.word(at)] ?? SHORT_MONTHS[draft.word(at)]) : undefined

/** Reads a month by its name, with a day before or behind it: "12 de março de 2023", "March 12, 2023", "março". */
const namedMonthAt = (draft: Draft, from: number, calendar: Calendar): Span | undefined => {
  const { latest } = calendar
  const dayFirst =
    /^(\d{1,2})(?:o|a|st|nd|rd|th)?$/.exec(draft.word(from))?.[1] ??
    (/^(?:primeiro|primero)$/.test(draft.word(from)) ? '1' : undefined)
  let at = from
  if (dayFirst !== undefined) {
    at += 1
    while (/^(?:de|of|del)$/.test(draft.word(at))) at += 1
  }
  const month = monthAt(draft, at)
  if (month === undefined) return undefined
  const isShort = !(draft.word(at) in MONTHS)
  const dayAfter =
    dayFirst === undefined ? /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(draft.word(at + 1))?.[1] : undefined
  const past = dayAfter === undefined ? at + 1 : at + 2
  const year = yearBehind(draft, past) ?? relativeYear(draft, past, calendar)
  const day = Number(dayFirst ?? (year || !isShort ? dayAfter : undefined) ?? 0)
  const end = year?.end ?? (day && dayAfter !== undefined ? at + 2 : at + 1)
  if (day) {
    if (!isDay(year?.year ?? latest, month, day)) return undefined
    const date = daySpan(iso(year?.year ?? latest, month, day), end)
    return year ? date : { ...date, yearless: true }
  }
  if (isShort && !year) return undefined
  // "May" is a verb and "march" too: without a year they need "in".
  if (
    !year &&
    /^(?:may|march)$/.test(draft.word(at)) &&
    !/^(?:in|since|until|before|after|during|of|for|between|and|to|from)$/.test(draft.word(at - 1))
  )
    return undefined
  return monthSpan(year?.year ?? latest, month, end, !year)
}

/** Reads "the first fortnight of March 2023", from the first to the fifteenth, or the rest. */
const fortnightAt = (draft: Draft, from: number, calendar: Calendar): Span | undefined => {
  const nth = ORDINALS[draft.word(from)]
  if (!/^(?:quinzena|quincena)$/.test(draft.word(from + 1)) || (nth !== 1 && nth !== 2)) return undefined
  const month = namedMonthAt(draft, from + 3, calendar)
  if (month?.unit !== 'month' || !/^(?:de|del|do)$/.test(draft.word(from + 2))) return undefined
  const start = month.from.slice(0, 8)
  return nth === 1
    ? { ...month, to: `${start}15`, unit: 'part' }
    : { ...month, from: `${start}16`, unit: 'part' }
}

/** Reads a part of a year: "1º semestre de 2023", "last quarter of 2023", "Q1 2023", "2T2023". */
const partAt = (draft: Draft, from: number, calendar: Calendar): Span | undefined => {
  const { latest } = calendar
  const short = /^(?:q([1-4])|([1-4])(?:t|tri))((?:19|20)\d\d)?$/.exec(draft.word(from))
  const half = /^(?:h([12])|([12])(?:s|sem))((?:19|20)\d\d)?$/.exec(draft.word(from))
  const code = short ?? half
  if (code) {
    const year = code[3] ? { year: Number(code[3]), end: from + 1 } : yearBehind(draft, from + 1)
    return year && partSpan(year.year, Number(code[1] ?? code[2]), short ? 4 : 2, year.end)
  }
  const nth = ORDINALS[draft.word(from)]
  if (nth === undefined) return undefined
  const parts = partsOf(draft.word(from + 1))
  if (parts === undefined) {
    // "No primeiro ou no segundo semestre": what follows says of what it is a part.
    let other = from + 1
    while (/^(?:e|ou|o|y|and|or|no|na|do|el|del|the|in|en|com|contra|versus)$/.test(draft.word(other)))
      other += 1
    const shared =
      other > from + 1 && draft.word(other) in ORDINALS ? partsOf(draft.word(other + 1)) : undefined
    return shared && /^\D/.test(draft.word(from)) ? partSpan(latest, nth, shared, from + 1, true) : undefined
  }
  if (!draft.isFree(from + 1)) return undefined
  const year = yearBehind(draft, from + 2)
  const past = relativeYear(draft, from + 2, calendar)
  if (year) return partSpan(year.year, nth, parts, year.end)
  if (past) return partSpan(past.year, nth, parts, past.end)
  return nth === -1 ? undefined : partSpan(latest, nth, parts, from + 2, true)
}
/** Reads the date that begins at a place, the most particular way first. */
export const dateAt = (draft: Draft, at: number, calendar: Calendar): Span | undefined => {
  if (!draft.isFree(at)) return undefined
  const found =
    numericAt(draft, at) ??
    namedMonthAt(draft, at, calendar) ??
    fortnightAt(draft, at, calendar) ??
    partAt(draft, at, calendar) ??
    earlierAt(draft, at, calendar) ??
    countedAt(draft, at, calendar) ??
    relativeAt(draft, at, calendar)
  if (found) return found
  const year = yearAt(draft, at)
  if (
    year === undefined ||
    isNumeric(draft, at + 1) ||
    (at > 0 && /^[/.-]$/.test(draft.gap(at)) && /\d$/.test(draft.word(at - 1)))
  )
    return undefined
  return yearSpan(year, at + 1)
}
