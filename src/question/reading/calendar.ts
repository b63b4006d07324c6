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

/** Parts that a year has by the word for one of them, in one word for all languages. */
const PARTS: readonly (readonly [RegExp, number])[] = [
  [/^(?:semestres?|half|halves|metade|mitad)$/, 2],
  [/^(?:quadrimestre|cuatrimestre)s?$/, 3],
  [/^(?:trimestre|quarter)s?$/, 4],
  [/^bimestres?$/, 6],
]
export const partsOf = (word: string): number | undefined => PARTS.find(([words]) => words.test(word))?.[1]

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

const pad = (number: number): string => String(number).padStart(2, '0')
export const iso = (year: number, month: number, day: number): string => `${year}-${pad(month)}-${pad(day)}`
export const lastDayOf = (year: number, month: number): string =>
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

export const times = ({ days, months }: { days?: number; months?: number }, count: number) => ({
  ...(days ? { days: days * count } : {}),
  ...(months ? { months: months * count } : {}),
})

/** Returns a period of a year in another one; the last day of a month stays its last. */
export const inYear = ({ from, to }: Period, year: number): Period => {
  const isLast = to !== undefined && to === lastDayOf(Number(to.slice(0, 4)), Number(to.slice(5, 7)))
  return {
    ...(from === undefined ? {} : { from: `${year}${from.slice(4)}` }),
    ...(to === undefined
      ? {}
      : { to: isLast ? lastDayOf(year, Number(to.slice(5, 7))) : `${year}${to.slice(4)}` }),
  }
}

export const daySpan = (day: string, end: number): Span => ({ from: day, to: day, end, unit: 'day' })
export const monthSpan = (year: number, month: number, end: number, yearless = false): Span => ({
  from: iso(year, month, 1),
  to: lastDayOf(year, month),
  end,
  unit: 'month',
  ...(yearless ? { yearless: true as const } : {}),
})
export const yearSpan = (year: number, end: number): Span => ({
  from: iso(year, 1, 1),
  to: iso(year, 12, 31),
  end,
  unit: 'year',
})
export const partSpan = (
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

export const isDay = (year: number, month: number, day: number): boolean => {
  const text = iso(year, month, day)
  return !Number.isNaN(Date.parse(text)) && shifted(text, {}) === text
}

/** Returns the day, week, month or part of a year that a day is in, or that many after it. */
export const around = (
  today: string,
  unit: { days?: number; months?: number },
  by: number,
): Required<Period> => {
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
