/** The order of day and month where both are numbers. */
export type DayOrder = 'dmy' | 'mdy'

/** Counts of what the days of a column prove about their order. */
export interface DayTally {
  /** Days whose first number is over 12. */
  dayFirst: number
  /** Days whose second number is over 12. */
  monthFirst: number
  /** Days whose numbers are both 12 or less, and differ. */
  unclear: number
  /** Days that no calendar has. */
  impossible: number
}

export const dayTally = (): DayTally => ({ dayFirst: 0, monthFirst: 0, unclear: 0, impossible: 0 })

/** Returns month first only where more values prove it than day first. */
export const dayOrder = (tally: DayTally): DayOrder => (tally.monthFirst > tally.dayFirst ? 'mdy' : 'dmy')

const MONTHS = [
  'jan',
  'fev|feb',
  'mar',
  'abr|apr',
  'mai|may',
  'jun',
  'jul',
  'ago|aug',
  'set|sep',
  'out|oct',
  'nov',
  'dez|dec|dic',
]
const WORDED = MONTHS.map((names) => new RegExp(`^(?:${names}|ene)`, 'i'))
const NUMERIC = /^(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d{2})(?:$|[\sT,;(-].*$)/
const ISO = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:$|[\sT].*$)/
const COMPACT = /^((?:19|20)\d{2})(\d{2})(\d{2})$/
const NAMED =
  /^(\d{1,2})(?:º|°|st|nd|rd|th)?\s*(?:de\s+|[-/. ]\s*)?(\p{L}{3,10})\.?\s*(?:de\s+|[-/., ]\s*)?(\d{4}|\d{2})(?:$|[\s,].*$)/iu
const NAMED_FIRST = /^(\p{L}{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:$|[\s,].*$)/iu
const WEEKDAY =
  /^(?:mon|tue|wed|thu|fri|sat|sun|seg|ter|qua|qui|sex|s[aá]b|dom|lun|mar|mi[eé]|jue|vie)\p{L}*(?:-feira)?[.,]*\s+/iu
/** Matches milliseconds since 1970, from 2001 to 2286. */
const EPOCH = /^[1-9]\d{12}$/
/** Matches days since 1899-12-30 (a spreadsheet's 1900 system), 1954 to 2119. */
const SERIAL = /^([2-7]\d{4})(?:[.,]\d+)?$/

/**
 * Reads a day: `DD/MM/YYYY`, `D/M/YY`, `YYYY-MM-DD`, ISO timestamps (the day as written), `YYYYMMDD`,
 * `12 de março de 2024`, `12-Mar-24`, and a spreadsheet's serial number.
 * @returns `YYYY-MM-DD`; null for an impossible day; undefined where the text is no day
 */
export function readDay(text: string, order: DayOrder, tally?: DayTally): string | null | undefined {
  if (text.length >= 10) {
    if (text.charCodeAt(2) === 47 && text.charCodeAt(5) === 47) {
      const day = pair(text, 0)
      const month = pair(text, 3)
      const year = pair(text, 6) * 100 + pair(text, 8)
      if (day >= 0 && month >= 0 && year >= 0 && !(text.charCodeAt(10) >= 48))
        return numeric(day, month, year, order, tally)
    } else if (text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45) {
      const year = pair(text, 0) * 100 + pair(text, 2)
      const month = pair(text, 5)
      const day = pair(text, 8)
      if (year >= 0 && month >= 0 && day >= 0 && !(text.charCodeAt(10) >= 48 && text.charCodeAt(10) <= 57)) {
        return made(year, month, day, tally)
      }
    }
  }
  return rarer(text, order, tally)
}

function rarer(text: string, order: DayOrder, tally: DayTally | undefined): string | null | undefined {
  if (text.length > 80) return undefined
  let found = NUMERIC.exec(text)
  if (found) return numeric(Number(found[1]), Number(found[2]), fullYear(found[3] as string), order, tally)
  found = ISO.exec(text) ?? COMPACT.exec(text)
  if (found) return made(Number(found[1]), Number(found[2]), Number(found[3]), tally)
  found = NAMED.exec(text)
  if (found) {
    const month = monthOf(found[2] as string)
    return month ? made(fullYear(found[3] as string), month, Number(found[1]), tally) : undefined
  }
  found = NAMED_FIRST.exec(text)
  if (found) {
    const month = monthOf(found[1] as string)
    return month ? made(Number(found[3]), month, Number(found[2]), tally) : undefined
  }
  found = SERIAL.exec(text)
  if (found) return new Date((Number(found[1]) - 25_569) * 86_400_000).toISOString().slice(0, 10)
  if (EPOCH.test(text)) return new Date(Number(text)).toISOString().slice(0, 10)
  const named = text.replace(WEEKDAY, '')
  return named === text ? undefined : rarer(named, order, tally)
}

function numeric(
  first: number,
  second: number,
  year: number,
  order: DayOrder,
  tally?: DayTally,
): string | null {
  if (tally) {
    if (first > 12 && second <= 12) tally.dayFirst++
    else if (second > 12 && first <= 12) tally.monthFirst++
    else if (first !== second) tally.unclear++
  }
  return order === 'mdy' ? made(year, first, second, tally) : made(year, second, first, tally)
}

function made(year: number, month: number, day: number, tally: DayTally | undefined): string | null {
  if (month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && year >= 1) {
    return `${String(year).padStart(4, '0')}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}`
  }
  if (tally) tally.impossible++
  return null
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

const fullYear = (text: string): number =>
  text.length === 4 ? Number(text) : Number(text) + (Number(text) < 70 ? 2000 : 1900)

function monthOf(name: string): number {
  if (/^ene/i.test(name)) return 1
  return WORDED.findIndex((pattern) => pattern.test(name)) + 1
}

/** Returns two digits as a number; a negative one where they are no digits. */
function pair(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -10_000
}

/** Returns start and end of a term in one cell: `01/01/2024 a 31/12/2024`. */
export function termOf(text: string): [string, string] | null {
  if (text.length < 15) return null
  const found = /^(?:de\s+)?(\d[\d/.-]{5,9})\s*(?:a|à|até|ate|to|-|–|e)\s*(\d[\d/.-]{5,9})$/i.exec(text)
  return found ? [found[1] as string, found[2] as string] : null
}
