import { currencyIn } from './currency.ts'
import { headerWords } from './header-name.ts'

const CODES = 'BRL|USD|EUR|GBP|COP|CLP|MXN|PEN|ARS|UYU|PYG|BOB|CAD'
const UNIT = `(?:R\\$|US\\$|U\\$S|MX\\$|CO\\$|S\\/\\.?|[$€£]|\\b(?:${CODES}|reais|pesos|soles|d[oó]lar(?:es)?|dollars|euros?)\\b)`
const THOUSAND = `(?:mil(?:hares|es)?|thousands?|k|['’]?000['’]?s?|1[.,]000(?:[.,]00)?)`
const MILLION = `(?:milh[oõ]es|mill[oó]n(?:es)?|millions?|mm|mn|mi|m)`
/** Matches words for a thousand. A single letter is a scale only behind a currency: `m` alone means metres. */
const BARE_THOUSAND = '(?:mil(?:hares|es)?|thousands?)'
const BARE_MILLION = '(?:milh[oõ]es|mill[oó]n(?:es)?|millions?)'
const END = '(?![\\p{L}\\p{N}])'

const scaled = (behindUnit: string, bare: string): RegExp =>
  new RegExp(
    `${UNIT}\\s*${behindUnit}${END}|(?:[([]\\s*|\\b(?:em|en|in)\\s+|[([]\\s*(?:em|en|in)\\s+)${bare}${END}`,
    'iu',
  )
const THOUSANDS = scaled(THOUSAND, BARE_THOUSAND)
const MILLIONS = scaled(MILLION, BARE_MILLION)
const SCALES = new RegExp(`${THOUSANDS.source}|${MILLIONS.source}`, 'giu')
const ONES = /(?<=R\$|reais)\s*1,00(?!\d)/gi
const SYMBOLS = /R\$|US\$|U\$S|MX\$|CO\$|(?<![\p{L}\p{N}])S\/\.?(?![\p{L}\p{N}])|[$€£]/giu
const CODE = new RegExp(`(?<![\\p{L}\\p{N}])(?:${CODES})(?![\\p{L}\\p{N}])`, 'giu')
const CAMEL_CODE = /(?<=\p{Ll})(?:Brl|Usd|Eur|Gbp|Cop|Clp|Mxn)$/u
const TAXES =
  /(?:sem|sin|com|con|incl\w*|excl\w*|without|with|ex|net\s+of)[\s.]+(?:de\s+)?(?:iva|vat|tax(?:es)?|impostos?|impuestos?)(?![\p{L}\p{N}])/giu
const WORDED =
  /(?:[\s([,-]|_)+(?:(?:em|en|in|de)[\s_]+)?(?:reais|pesos|soles|d[oó]lar(?:es)?|dollars|euros?)\s*[)\]]*\s*$/iu

/**
 * Returns the factor of a column's amounts that its name or a title gives: 1, 1,000 (`R$ mil`) or 1,000,000 (`£m`).
 */
export function scaleOf(text: string): 1 | 1000 | 1_000_000 {
  if (THOUSANDS.test(text)) return 1000
  return MILLIONS.test(text) ? 1_000_000 : 1
}

/**
 * Returns a column's name without currency and scale: `Valor` for `Valor (em R$ mil)`; the name itself where
 * nothing is left.
 */
export function withoutUnit(name: string): string {
  const bare = name
    .replace(/_/g, ' ')
    .replace(SCALES, ' ')
    .replace(TAXES, ' ')
    .replace(ONES, ' ')
    .replace(SYMBOLS, ' ')
    .replace(CODE, ' ')
    .replace(CAMEL_CODE, ' ')
    .replace(WORDED, ' ')
    .replace(/(?:[([,-]|\b(?:em|en|in)\b)\s*(?:(?:em|en|in)\s*)?(?:de\s*)?[)\]]*\s*$/i, ' ')
  return /\p{L}/u.test(bare) ? bare : name
}

/** Matches a scale in a title: `Valores em R$ mil`, `(R$ mil)`; not `acima de R$ 10 mil`. */
const TITLED = new RegExp(
  `(?:\\b(?:valores|montos|importes|cifras|amounts|values|figures)\\b[^\\d]{0,30}\\b(?:em|en|in)\\s+|[([]\\s*(?:(?:em|en|in)\\s+)?|^(?:(?:em|en|in)\\s+)?(?=${UNIT}))([^\\d].{0,24})$`,
  'iu',
)

/** Returns the factor that a line above the table gives its amounts. */
export function titleScale(title: string): number {
  const scale = TITLED.exec(title.trim())?.[1]
  return scale ? scaleOf(`(${scale}`) : 1
}

/** Returns the currency in a column's name, also where its words are joined: `MONTOADJUDICADOSOLES`. */
export const currencyOfHeader = (name: string): string | undefined =>
  currencyIn(name) ?? currencyIn(headerWords(name))
