import { type AmountTally, amountTally, readAmount } from './amount.ts'
import { isBlank, isDash, saysNoAmount } from './blank.ts'
import type { ContentKind } from './canonical.ts'
import { trimmed } from './cell-text.ts'
import { currencyIn, readCurrency } from './currency.ts'
import { type DayTally, dayTally, readDay, termOf } from './day.ts'
import { fold } from './header-name.ts'
import { isCnpj, isCpf, partSupplier } from './tax-number.ts'

/** Counts of the cells of one source column, by what they look like. */
export interface Content {
  rows: number
  /** Cells that are not blank. */
  filled: number
  /** Different texts among them. */
  different: number
  /** Whole numbers without a sign, of at most five digits. */
  integers: number
  /** Those of them that are 0, 1 or 2. */
  fewest: number
  amounts: number
  /** Cells whose words state that there is no amount. */
  wordsForNone: number
  /** Amounts that are zero. */
  zeros: number
  /** Cells that name a state of Brazil or Mexico. */
  states: number
  /** Cells that are a year. */
  years: number
  days: number
  /** Plain numbers that could be days in a spreadsheet's count, or days without punctuation. */
  serials: number
  /** Numbers of commitments of Brazil's treasury: `2023NE000448`. */
  commitments: number
  /** Two days in one cell. */
  terms: number
  /** Cells with a letter. */
  lettered: number
  /** Cells with a digit and no word: no three letters before a space, no five letters in a row. */
  numbered: number
  /** Cells that name a currency and are no amounts. */
  currencies: number
  /** Amounts with the sign of a currency. */
  signs: number
  /** Valid CNPJs and CPFs, by their check digits. */
  taxNumbers: number
  /** Those with all their 11 or 14 digits. */
  longTaxNumbers: number
  /** Cells with both a tax number and a name. */
  joined: number
  /** Those of them whose tax number has the 11 or 14 digits of a CPF or CNPJ. */
  joinedBrazilian: number
  /** Cells of two or three capital letters, except `NA`. */
  codes: number
  /** Cells that are `NA` or `ND`. */
  notAvailable: number
  amountTally: AmountTally
  dayTally: DayTally
}

const STATES: ReadonlySet<string> = new Set(
  (
    'acre,alagoas,amapa,amazonas,bahia,ceara,distrito federal,espirito santo,goias,maranhao,mato grosso,' +
    'mato grosso do sul,minas gerais,para,paraiba,parana,pernambuco,piaui,rio de janeiro,rio grande do norte,' +
    'rio grande do sul,rondonia,roraima,santa catarina,sao paulo,sergipe,tocantins,aguascalientes,baja california,' +
    'baja california sur,campeche,chiapas,chihuahua,ciudad de mexico,coahuila,colima,durango,guanajuato,guerrero,' +
    'hidalgo,jalisco,mexico,michoacan,morelos,nayarit,nuevo leon,oaxaca,puebla,queretaro,quintana roo,san luis potosi,' +
    'sinaloa,sonora,tabasco,tamaulipas,tlaxcala,veracruz,yucatan,zacatecas'
  ).split(','),
)

/** Counts the cells of each column of a table's rows. */
export function describeColumns(rows: readonly (readonly string[])[], width: number): Content[] {
  return Array.from({ length: width }, (_, column) => describe(rows, column))
}

function describe(rows: readonly (readonly string[])[], column: number): Content {
  const content: Content = {
    rows: rows.length,
    filled: 0,
    different: 0,
    integers: 0,
    fewest: 0,
    amounts: 0,
    wordsForNone: 0,
    zeros: 0,
    states: 0,
    years: 0,
    days: 0,
    serials: 0,
    commitments: 0,
    terms: 0,
    lettered: 0,
    numbered: 0,
    currencies: 0,
    signs: 0,
    taxNumbers: 0,
    longTaxNumbers: 0,
    joined: 0,
    joinedBrazilian: 0,
    codes: 0,
    notAvailable: 0,
    amountTally: amountTally(),
    dayTally: dayTally(),
  }
  const texts = new Set<string>()
  for (const row of rows) {
    const text = trimmed(row[column] ?? '')
    if (/^N[AD]$/.test(text)) content.notAvailable++
    if (isDash(text) || isBlank(text)) continue
    content.filled++
    texts.add(text)
    if (/^\d{1,5}$/.test(text)) {
      content.integers++
      if (Number(text) <= 2) content.fewest++
    }
    const amount = readAmount(text, ',', content.amountTally)
    const isAmount = amount !== undefined && !isSentence(text)
    if (isAmount) content.amounts++
    else if (saysNoAmount(text)) content.wordsForNone++
    if (amount === 0) content.zeros++
    if (/^(?:19|20)\d\d$/.test(text)) content.years++
    if (!isPlain(text)) {
      if (isAmount) content.signs += currencyIn(text) ? 1 : 0
      else if (readCurrency(text)) content.currencies++
    }
    if (readDay(text, 'dmy', content.dayTally) !== undefined) {
      if (isAmount) content.serials++
      else content.days++
    }
    if (/^\d{4,}NE\d{5,6}$/i.test(text)) content.commitments++
    if (termOf(text)) content.terms++
    if (/\p{L}/u.test(text)) content.lettered++
    if (STATES.has(fold(text))) content.states++
    if (/^[A-Z]{2,3}$/.test(text)) content.codes++
    if (/\d/.test(text) && !/\p{L}{3,} |\p{L}{5}/u.test(text)) content.numbered++
    const bare = text.replace(/[.\-/\s]/g, '')
    if (bare.length <= 14 && bare.length >= 9) {
      if (isCnpj(bare.padStart(14, '0')) || isCpf(bare.padStart(11, '0').slice(-11))) {
        content.taxNumbers++
        if (bare.length === 11 || bare.length === 14) content.longTaxNumbers++
      }
    }
    const parted = text.length > 12 ? partSupplier(text) : null
    if (parted) {
      content.joined++
      const { length } = parted.number.replace(/[.\-/]/g, '')
      if (length === 11 || length === 14) content.joinedBrazilian++
    }
  }
  content.different = texts.size
  return content
}

/** Tells whether a text begins with a number: `1 Programas Federales`, `01 Poder Legislativo`. */
const isSentence = (text: string): boolean =>
  /^\d+ +(?!mil|milh|mill|reais|real|de reais|euros?|pesos|soles|d[oó]lar)\p{L}{3}/iu.test(text)

const isPlain = (text: string): boolean => /^[\d.,]+$/.test(text)

/** Tells whether a column has short codes (states, campuses), among which `NA` is a code too. */
export const holdsCodes = (content: Content): boolean =>
  content.filled >= 2 && content.codes >= 0.9 * content.filled && content.notAvailable <= content.filled

/** Returns how well content fits a kind: 1 (as expected), 0.6 (no evidence), 0.3 (unlikely), 0 (another kind). */
export function contentFit(content: Content, kind: ContentKind, words: boolean): number {
  if (content.filled === 0) return 0.6
  const share = (count: number): number => count / content.filled
  if (kind === 'amount') {
    const without = content.filled - content.wordsForNone
    if (content.amounts === 0 || content.amounts < 0.5 * without || share(content.days) >= 0.9) return 0
    return share(content.zeros) >= 0.95 ? 0.5 : 1
  }
  if (kind === 'currency') return share(content.currencies) >= 0.8 ? 1 : 0
  if (kind === 'day') return share(content.days + content.serials) >= 0.5 ? 1 : 0
  if (kind === 'tax') return share(content.numbered) >= 0.5 || share(content.joined) >= 0.5 ? 1 : 0.3
  if (words && share(content.numbered) >= 0.9 && share(content.codes) === 0) return 0.2
  if (words) return share(content.lettered) >= 0.5 ? 1 : share(content.lettered) < 0.1 ? 0.2 : 0.3
  return 1
}
