import { INVISIBLE } from './cell-text.ts'

/** The character between whole numbers and decimals. */
export type DecimalMark = ',' | '.'

/** Counts of what the amounts of a column prove about its decimal mark. */
export interface AmountTally {
  comma: number
  dot: number
  /** Amounts such as `1.234` or `1,234`, which can be read both ways. */
  unclearDot: number
  unclearComma: number
  /** Amounts with a currency before or behind the number. */
  signs?: number
}

export const amountTally = (): AmountTally => ({ comma: 0, dot: 0, unclearDot: 0, unclearComma: 0 })

/** Returns the mark that most of a column's values prove; `fallback` where none proves any. */
export function decimalMark(tally: AmountTally, fallback: DecimalMark): DecimalMark {
  if (tally.comma === tally.dot) return fallback
  return tally.comma > tally.dot ? ',' : '.'
}

/**
 * Matches the currency before a number. A `?` or U+FFFD there is a sign that a conversion lost; `R` is the rand's only
 * before an amount with decimals.
 */
const CURRENCY =
  /^(?:R\$|US\$|U\$S|MX\$|CO\$|CLP\$|RD\$|AR\$|\$U|C\$|GH₵|[$€£₡₲₱₦₹₵₴₾₺]|[?\ufffd](?=\s*\d)|S\/\.?|(?:Kshs?|Rs|Rp)(?![a-z])\.?|R(?=\s*\d[\d ,]*[.,]\d\d$)|(?:BRL|USD|EUR|GBP|COP|CLP|MXN|PEN|ARS|UYU|PYG|BOB|DOP|CAD|AUD|NZD|PHP|NGN|KES|UGX|TZS|GHS|ZAR|ZMW|MWK|INR|NPR|PKR|LKR|BDT|IDR|HNL|GTQ|CRC|NIO|UAH|MDL|GEL|RON|PLN|CZK|HUF)\b)\s*/i
const NUMBER = /^(\d[\d.,]*|[.,]\d+)(e[+-]?\d{1,3})?/i
/**
 * Matches the beginning of what may follow an amount: the same in words, a currency, a note in brackets; never a
 * second number.
 */
const TAIL = /^(?:[\s(.,;€£]|reais|real|BRL|USD|EUR|GBP|COP|CLP|MXN|R\$)/i
const CURRENCY_TAIL = /[€£]|\b(?:reais|real|BRL|USD|EUR|GBP|COP|CLP|MXN|euros?|d[oó]lares)\b/i
/** Matches what numbers that were copied from a page may have in them. */
const UNSEEN = new RegExp(`[${INVISIBLE}]`, 'g')
const COMMA = 44
const DOT = 46
/** Longest cell, in UTF-16 units, that may be an amount. */
const LONGEST = 300
const SCALE: readonly [RegExp, number][] = [
  [/^\s*(?:mil|thousand)(?=\s|$)(?!\s*(?:e\s)?\w+centos)/i, 1e3],
  [/^\s*(?:mi|milh[aã]o|milh[oõ]es|mill[oó]n|millones|million)(?=\s|$)/i, 1e6],
  [/^\s*(?:bi|bilh[aã]o|bilh[oõ]es|billion)(?=\s|$)/i, 1e9],
]

/**
 * Reads an amount in any of the forms of public portals: `1.234,56`, `1,234.56`, `R$ -1,00`, `(1,00)`, `1e+05`,
 * `1.234,56 reais`, `R$ 1.234,56 (mil duzentos…)`, `1 234,56`, `1,2 milhões`.
 * @param mark for amounts that can be read both ways (`1.234`)
 * @param tally counts what this value proves about the column's mark
 * @returns undefined where the text is no amount
 */
export function readAmount(text: string, mark: DecimalMark, tally?: AmountTally): number | undefined {
  const plain = plainAmount(text, tally)
  if (plain !== undefined) return plain
  if (text.length > LONGEST) return undefined
  let rest = text.replace(UNSEEN, '')
  let negative = false
  const first = rest.charCodeAt(0)
  if (first < 48 || first > 57) {
    rest = rest
      .replace(/[\u00a0\u2007\u202f]/g, ' ')
      .replace(/[−–]/g, '-')
      .replace(/^'/, '')
      .trim()
    const bracketed = /^(R?\$?\s*)\((.*\d.*)\)$/.exec(rest)
    if (bracketed) {
      negative = true
      rest = `${bracketed[1]}${bracketed[2]}`.trim()
    }
    for (let signs = 0; signs < 3; signs++) {
      const bare = rest.replace(CURRENCY, '')
      if (tally && bare !== rest && !/^\$(?!U)/.test(rest)) tally.signs = (tally.signs ?? 0) + 1
      if (bare.startsWith('-')) negative = !negative
      else if (bare === rest && !bare.startsWith('+')) break
      rest = bare.replace(/^[-+]\s*/, '')
    }
  }
  const found = NUMBER.exec(rest)
  if (!found) return undefined
  let number = found[1] as string
  let tail = rest.slice(found[0].length)
  if (tail !== '') {
    const grouped = /^(?:[ \u00a0\u202f'’]\d{3})+(?:[.,]\d+)?(?!\d)/.exec(tail)
    if (grouped && /^\d{1,3}$/.test(number)) {
      number += grouped[0].replace(/[ \u00a0\u202f'’]/g, '')
      tail = tail.slice(grouped[0].length)
    }
    if (/^\s*-\s*$/.test(tail)) {
      negative = true
      tail = ''
    }
  }
  const end = number.charCodeAt(number.length - 1)
  if ((end === 44 || end === 46) && tail !== '') number = number.slice(0, -1)
  const digits = unmarked(number, mark, tally)
  if (digits === undefined) return undefined
  let amount = Number(found[2] ? digits + found[2] : digits)
  if (tail !== '') {
    if (tally && CURRENCY_TAIL.test(tail)) tally.signs = (tally.signs ?? 0) + 1
    if (!TAIL.test(tail) || /[\d/%@:_*]/.test(tail.replace(/\([^()]*\)?/g, ''))) return undefined
    for (const [word, factor] of SCALE) if (word.test(tail)) amount = Math.round(amount * factor * 100) / 100
  }
  if (!Number.isFinite(amount)) return undefined
  return negative && amount !== 0 ? -amount : amount
}

/** Largest whole number that is exact beside two decimals. */
const MOST_EXACT = Number.MAX_SAFE_INTEGER / 100 - 1

/**
 * Reads the amounts that are most common, without a pattern: digits alone, and digits with two decimals that may have
 * thousands marks (`1.234,56`, `1234.56`). Every other text is left to the patterns.
 */
function plainAmount(text: string, tally: AmountTally | undefined): number | undefined {
  const { length } = text
  const decimal = text.charCodeAt(length - 3)
  const end = decimal === COMMA || decimal === DOT ? length - 3 : length
  const thousands = end === length ? -1 : COMMA + DOT - decimal
  if (end === 0 || length > 20) return undefined
  let whole = 0
  let marked = false
  let unmarked = false
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at)
    const place = (end - at) % 4 === 0
    if (code >= 48 && code <= 57) {
      whole = whole * 10 + code - 48
      unmarked ||= place
    } else if (code === thousands && place && at > 0) marked = true
    else return undefined
  }
  if ((marked && unmarked) || whole > MOST_EXACT) return undefined
  if (end === length) return whole
  const tens = text.charCodeAt(length - 2) - 48
  const ones = text.charCodeAt(length - 1) - 48
  if (!(tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9)) return undefined
  count(tally, decimal === COMMA ? ',' : '.')
  return (whole * 100 + tens * 10 + ones) / 100
}

/**
 * Returns the number with a dot as its decimal mark and without thousands marks; undefined where the marks
 * contradict each other.
 */
function unmarked(number: string, mark: DecimalMark, tally: AmountTally | undefined): string | undefined {
  const dot = number.lastIndexOf('.')
  const comma = number.lastIndexOf(',')
  if (dot < 0 && comma < 0) return number
  if (dot >= 0 && comma >= 0) {
    const decimal: DecimalMark = dot > comma ? '.' : ','
    const last = Math.max(dot, comma)
    if (number.indexOf(decimal) !== last) return undefined
    const whole = number.slice(0, last)
    if (!grouped(whole, decimal === '.' ? ',' : '.')) return undefined
    count(tally, decimal)
    return `${digitsOf(whole)}.${number.slice(last + 1)}`
  }
  const only: DecimalMark = dot >= 0 ? '.' : ','
  const last = Math.max(dot, comma)
  if (number.indexOf(only) !== last) {
    if (!grouped(number, only)) return undefined
    count(tally, only === '.' ? ',' : '.')
    return digitsOf(number)
  }
  const after = number.length - last - 1
  if (after !== 3 || last > 3 || last === 0 || number.charCodeAt(0) === 48) {
    count(tally, only)
    return only === '.' ? number : `${number.slice(0, last)}.${number.slice(last + 1)}`
  }
  if (tally) {
    if (only === '.') tally.unclearDot++
    else tally.unclearComma++
  }
  return mark === only ? `${number.slice(0, last)}.${number.slice(last + 1)}` : digitsOf(number)
}

function count(tally: AmountTally | undefined, decimal: DecimalMark): void {
  if (!tally) return
  if (decimal === ',') tally.comma++
  else tally.dot++
}

const digitsOf = (number: string): string => number.replace(/[.,]/g, '')

/** Tells whether the marks are three digits apart, as thousands marks are. */
const grouped = (number: string, mark: DecimalMark): boolean =>
  !number.includes(mark) || (mark === '.' ? /^\d{1,3}(?:\.\d{3})+$/ : /^\d{1,3}(?:,\d{3})+$/).test(number)
