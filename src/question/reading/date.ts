import type { Draft } from './draft.ts'
import { countAt } from './number.ts'

/** Days, inclusive, `YYYY-MM-DD`; a missing end is open. */
export interface Period {
  from?: string
  to?: string
}

/** Days that a message names: a day, a month, a part of a year, a year, or some up to today. */
export interface Span extends Required<Period> {
  /** Place after its last word. */
  readonly end: number
  /** Month or part of a year without its year: the year of another date beside it may be meant. */
  readonly yearless?: true
  /** Lies ahead of the day of asking: "the next 30 days". */
  readonly ahead?: true
  readonly unit: 'day' | 'month' | 'part' | 'year'
}

/** The day of asking, `YYYY-MM-DD`, and the year that a month or part without a year belongs to. */
export interface Calendar {
  readonly today: string
  readonly latest: number
  /** The year that the conversation was about before. */
  readonly spoken?: number
}

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
/** Parts that a year has by the word for one of them, in one word for all languages. */
const PARTS: readonly (readonly [RegExp, number])[] = [
  [/^(?:semestres?|half|halves|metade|mitad)$/, 2],
  [/^(?:quadrimestre|cuatrimestre)s?$/, 3],
  [/^(?:trimestre|quarter)s?$/, 4],
  [/^bimestres?$/, 6],
]
const partsOf = (word: string): number | undefined => PARTS.find(([words]) => words.test(word))?.[1]

const UNITS: readonly (readonly [RegExp, { days?: number; months?: number }])[] = [
  [/^(?:dias?|days?)$/, { days: 1 }],
  [/^(?:semanas?|weeks?)$/, { days: 7 }],
  [/^(?:quinzenas?|quincenas?)$/, { days: 15 }],
  [/^fortnights?$/, { days: 14 }],
  [/^(?:mes|meses|months?)$/, { months: 1 }],
  [/^bimestres?$/, { months: 2 }],
  [/^(?:trimestres?|quarters?)$/, { months: 3 }],
  [/^(?:quadrimestres?|cuatrimestres?)$/, { months: 4 }],
  [/^semestres?$/, { months: 6 }],
  [/^(?:anos?|years?)$/, { months: 12 }],
  [/^(?:decadas?|decades?)$/, { months: 120 }],
]
/** Returns the length of a unit of time; undefined for other words. */
export const unitOf = (word: string): { days?: number; months?: number } | undefined =>
  UNITS.find(([words]) => words.test(word))?.[1]

const OF = /^(?:de|do|da|del|of|d|em|in|en|no|na|the|o|el|ano|year|exercicio|ejercicio)$/
const THIS =
  /^(?:este|esta|neste|nesta|deste|desta|nesse|nessa|desse|this|current|atual|actual|corrente|presente|vigente)$/
const LAST = /^(?:passado|passada|anterior|pasado|pasada|previous|last|ultimo|ultima|past)$/
const LASTS = /^(?:ultimos|ultimas|last|past|previous|passados|passadas)$/
const NEXT = /^(?:proximo|proxima|next|que vem|seguinte|siguiente|coming)$/
const NEXTS = /^(?:proximos|proximas|next|seguintes|siguientes|coming|following)$/
const AGO = /^(?:atras|ago)$/

const pad = (number: number): string => String(number).padStart(2, '0')
const iso = (year: number, month: number, day: number): string => `${year}-${pad(month)}-${pad(day)}`
const lastDayOf = (year: number, month: number): string =>
  iso(year, month, new Date(Date.UTC(year, month, 0)).getUTCDate())

/** Returns a day some days or months away; a day that its month does not have becomes the month's last. */
export const shifted = (day: string, by: { days?: number; months?: number }): string => {
  const at = new Date(`${day}T00:00:00Z`)
  if (by.months) {
    const date = at.getUTCDate()
    at.setUTCDate(1)
    at.setUTCMonth(at.getUTCMonth() + by.months)
    const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()
    at.setUTCDate(Math.min(date, last))
  }
  if (by.days) at.setUTCDate(at.getUTCDate() + by.days)
  return at.toISOString().slice(0, 10)
}

const times = ({ days, months }: { days?: number; months?: number }, count: number) => ({
  ...(days ? { days: days * count } : {}),
  ...(months ? { months: months * count } : {}),
})

const daySpan = (day: string, end: number): Span => ({ from: day, to: day, end, unit: 'day' })
const monthSpan = (year: number, month: number, end: number, yearless = false): Span => ({
  from: iso(year, month, 1),
  to: lastDayOf(year, month),
  end,
  unit: 'month',
  ...(yearless ? { yearless: true as const } : {}),
})
const yearSpan = (year: number, end: number): Span => ({
  from: iso(year, 1, 1),
  to: iso(year, 12, 31),
  end,
  unit: 'year',
})
const partSpan = (
  year: number,
  nth: number,
  parts: number,
  end: number,
  yearless = false,
): Span | undefined => {
  const size = 12 / parts
  const at = nth === -1 ? parts : nth
  if (at < 1 || at > parts) return undefined
  return {
    from: iso(year, (at - 1) * size + 1, 1),
    to: lastDayOf(year, at * size),
    end,
    unit: 'part',
    ...(yearless ? { yearless: true as const } : {}),
  }
}

const isDay = (year: number, month: number, day: number): boolean => {
  const text = iso(year, month, day)
  return !Number.isNaN(Date.parse(text)) && shifted(text, {}) === text
}

const yearAt = (draft: Draft, at: number): number | undefined =>
  draft.isFree(at) && /^(?:19|20)\d\d$/.test(draft.word(at)) ? Number(draft.word(at)) : undefined

/** Returns the year behind a month or part, with the words that bind it: "de 2023", "del año 2023", "2023". */
const yearBehind = (draft: Draft, at: number): { year: number; end: number } | undefined => {
  let place = at
  if (/^[/ .,-]*$/.test(draft.gap(place)) || OF.test(draft.word(place)))
    while (OF.test(draft.word(place)) && draft.isFree(place) && place < at + 4) place += 1
  const year = yearAt(draft, place)
  if (year !== undefined && !/[;!?]/.test(draft.gap(place)) && !isNumeric(draft, place + 1))
    return { year, end: place + 1 }
  const [, short] = place === at && /^\/$/.test(draft.gap(at)) ? (/^(\d\d)$/.exec(draft.word(at)) ?? []) : []
  return short === undefined ? undefined : { year: 2000 + Number(short), end: at + 1 }
}

/** Do digits follow that belong to the same number: "2023/11"? */
const isNumeric = (draft: Draft, at: number): boolean =>
  /^[/-]$/.test(draft.gap(at)) && /^\d/.test(draft.word(at))

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
const namedMonthAt = (draft: Draft, from: number, { latest }: Calendar): Span | undefined => {
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
  const year = yearBehind(draft, dayAfter === undefined ? at + 1 : at + 2)
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

/** Reads "este ano", "do ano passado", "last year" behind a part or month. */
const relativeYear = (
  draft: Draft,
  from: number,
  { today, spoken }: Calendar,
): { year: number; end: number } | undefined => {
  let at = from
  while (/^(?:do|da|de|del|of|the|el|no|o)$/.test(draft.word(at))) at += 1
  const year = Number(today.slice(0, 4))
  // "The year before" is the one before that which was spoken of.
  const other = spoken ?? year
  const [first, second] = [draft.word(at), draft.word(at + 1)]
  const noun = /^(?:ano|year|exercicio|ejercicio)$/
  if (noun.test(second) && draft.isFree(at) && draft.isFree(at + 1)) {
    if (THIS.test(first)) return { year, end: at + 2 }
    if (first === 'last') return { year: year - 1, end: at + 2 }
    if (/^(?:previous|prior)$/.test(first)) return { year: other - 1, end: at + 2 }
    if (/^(?:following)$/.test(first)) return { year: other + 1, end: at + 2 }
    if (NEXT.test(first)) return { year: year + 1, end: at + 2 }
  }
  if (noun.test(first) && draft.isFree(at)) {
    if (/^anterior$/.test(second)) return { year: other - 1, end: at + 2 }
    if (second === 'before' && draft.word(at + 2) !== 'last') return { year: other - 1, end: at + 2 }
    if (LAST.test(second) && second !== 'past') return { year: year - 1, end: at + 2 }
    if (/^(?:retrasado|antepasado)$/.test(second)) return { year: year - 2, end: at + 2 }
    if (THIS.test(second)) return { year, end: at + 2 }
    if (second === 'que' && /^(?:vem|viene)$/.test(draft.word(at + 2))) return { year: year + 1, end: at + 3 }
    if (second === 'before' && draft.word(at + 2) === 'last') return { year: year - 2, end: at + 3 }
    if (/^(?:seguinte|siguiente)$/.test(second)) return { year: other + 1, end: at + 2 }
    if (second === 'proximo') return { year: year + 1, end: at + 2 }
  }
  return undefined
}

/** Reads "this month", "semana passada", "o último trimestre", "hoje" by the day of asking. */
const relativeAt = (draft: Draft, from: number, calendar: Calendar): Span | undefined => {
  const { today } = calendar
  const year = relativeYear(draft, from, calendar)
  if (year) return yearSpan(year.year, year.end)
  const [first, second, third] = [draft.word(from), draft.word(from + 1), draft.word(from + 2)]
  if (/^(?:hoje|hoy|today)$/.test(first)) return daySpan(today, from + 1)
  if (/^(?:ontem|ayer|yesterday)$/.test(first)) return daySpan(shifted(today, { days: -1 }), from + 1)
  if (/^(?:ytd)$/.test(first)) return yearSpan(Number(today.slice(0, 4)), from + 1)
  if (first === 'year' && second === 'to' && third === 'date')
    return yearSpan(Number(today.slice(0, 4)), from + 3)
  const [word, noun, end] = unitOf(second)
    ? [first, second, from + 2]
    : unitOf(first)
      ? [second === 'que' ? `que ${third}` : second, first, second === 'que' ? from + 3 : from + 2]
      : ['', '', 0]
  const unit = unitOf(noun)
  if (!unit || noun.endsWith('s') !== /^mes$/.test(noun)) return undefined
  const which = THIS.test(word)
    ? 0
    : LAST.test(word)
      ? -1
      : NEXT.test(word) || /^que (?:vem|viene)$/.test(word)
        ? 1
        : undefined
  if (which === undefined || !draft.isFree(from) || !draft.isFree(from + 1)) return undefined
  // "The last month" is the one before this; "no último mês" the thirty days up to today.
  if (which === -1 && /^(?:ultimo|ultima|past)$/.test(word))
    return { from: shifted(today, times(unit, -1)), to: today, end, unit: 'day' }
  // A fortnight is none of the calendar's.
  if (unit.days === 14 || unit.days === 15)
    return which === 1
      ? { from: today, to: shifted(today, unit), end, unit: 'day', ahead: true }
      : { from: shifted(today, times(unit, -1)), to: today, end, unit: 'day' }
  return {
    ...around(today, unit, which),
    end,
    unit: 'part',
    ...(which === 1 ? { ahead: true as const } : {}),
  }
}

/** Returns the day, week, month or part of a year that a day is in, or that many after it. */
const around = (today: string, unit: { days?: number; months?: number }, by: number): Required<Period> => {
  if (unit.days) {
    const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7
    const from = shifted(today, { days: by * unit.days - (unit.days === 7 ? weekday : 0) })
    return { from, to: shifted(from, { days: unit.days - 1 }) }
  }
  const size = unit.months as number
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))]
  const begins = iso(year, Math.floor((month - 1) / size) * size + 1, 1)
  const from = shifted(begins, { months: by * size })
  return { from, to: shifted(shifted(from, { months: size }), { days: -1 }) }
}

/** Reads "os últimos 6 meses", "the next two years", "há dois anos", "3 primeiros meses de 2023". */
const countedAt = (draft: Draft, from: number, calendar: Calendar): Span | undefined => {
  const { today } = calendar
  const first = draft.word(from)
  const isPast = LASTS.test(first)
  const isNext = NEXTS.test(first)
  const isFirst = /^(?:primeiros|primeiras|primeros|primeras|first)$/.test(first)
  const open = isPast || isNext || isFirst
  const count = countAt(draft, open ? from + 1 : from)
  if (!count || !draft.isFree(from)) return undefined
  const behind = draft.word(count.to)
  const swapped =
    !open &&
    (LASTS.test(behind) ||
      NEXTS.test(behind) ||
      /^(?:primeiros|primeiras|primeros|primeras|first)$/.test(behind))
  const at = swapped ? count.to + 1 : count.to
  const unit = unitOf(draft.word(at))
  if (!unit || !draft.isFree(at)) return undefined
  const end = at + 1
  if (isFirst || (swapped && /^(?:prim|first)/.test(behind))) {
    const year = yearBehind(draft, end) ?? relativeYear(draft, end, calendar)
    if (!year || !unit.months) return undefined
    const begins = iso(year.year, 1, 1)
    return {
      from: begins,
      to: shifted(shifted(begins, times(unit, count.value)), { days: -1 }),
      end: year.end,
      unit: 'part',
    }
  }
  if (isPast || (swapped && LASTS.test(behind))) {
    const year = yearBehind(draft, end) ?? relativeYear(draft, end, calendar)
    if (year && unit.months && unit.months < 12)
      return {
        from: shifted(iso(year.year + 1, 1, 1), times(unit, -count.value)),
        to: iso(year.year, 12, 31),
        end: year.end,
        unit: 'part',
      }
    return { from: shifted(today, times(unit, -count.value)), to: today, end, unit: 'day' }
  }
  if (isNext || swapped)
    return { from: today, to: shifted(today, times(unit, count.value)), end, unit: 'day', ahead: true }
  if (AGO.test(draft.word(end))) {
    const day = shifted(today, times(unit, -count.value))
    return { from: day, to: day, end: end + 1, unit: 'day' }
  }
  if (/^(?:para|pra)$/.test(draft.word(end)) && /^(?:ca|aca)$/.test(draft.word(end + 1)))
    return { from: shifted(today, times(unit, -count.value)), to: today, end: end + 2, unit: 'day' }
  if (/^passados$/.test(draft.word(end)))
    return { from: shifted(today, times(unit, -count.value)), to: today, end: end + 1, unit: 'day' }
  return undefined
}

/** Reads the date that begins at a place, the most particular way first. */
export const dateAt = (draft: Draft, at: number, calendar: Calendar): Span | undefined => {
  if (!draft.isFree(at)) return undefined
  const found =
    numericAt(draft, at) ??
    namedMonthAt(draft, at, calendar) ??
    fortnightAt(draft, at, calendar) ??
    partAt(draft, at, calendar) ??
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
