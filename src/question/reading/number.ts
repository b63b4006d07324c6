import type { Draft } from './draft.ts'

/** A number as a message writes it: in digits, in words, or both. */
export interface Numeral {
  readonly value: number
  readonly from: number
  /** Place after its last word. */
  readonly to: number
  /** The factor of its last word or letter of thousands or more; 1 without one. */
  readonly scale: number
  /** Whether it begins with digits. */
  readonly digits: boolean
  /** Whether it is a word like "um" that may be an article. */
  readonly article: boolean
}

const list = (words: string): string[] => words.split(' ')

/** The words for numbers below a thousand, folded, in the three languages. */
const SMALL: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      [1, 'um uma un una uno one a an'],
      [2, 'dois duas dos two'],
      [3, 'tres three'],
      [4, 'quatro cuatro four'],
      [5, 'cinco five'],
      [6, 'seis six'],
      [7, 'sete siete seven'],
      [8, 'oito ocho eight'],
      [9, 'nove nueve nine'],
      [10, 'dez diez ten'],
      [11, 'onze eleven'],
      [12, 'doze doce twelve'],
      [13, 'treze trece thirteen'],
      [14, 'quatorze catorze catorce fourteen'],
      [15, 'quinze quince fifteen'],
      [16, 'dezesseis dezasseis dieciseis sixteen'],
      [17, 'dezessete dezassete diecisiete seventeen'],
      [18, 'dezoito dieciocho eighteen'],
      [19, 'dezenove dezanove diecinueve nineteen'],
      [20, 'vinte veinte twenty'],
      [21, 'veintiuno veintiun'],
      [22, 'veintidos'],
      [23, 'veintitres'],
      [24, 'veinticuatro'],
      [25, 'veinticinco'],
      [26, 'veintiseis'],
      [27, 'veintisiete'],
      [28, 'veintiocho'],
      [29, 'veintinueve'],
      [30, 'trinta treinta thirty'],
      [40, 'quarenta cuarenta forty'],
      [50, 'cinquenta cincuenta fifty'],
      [60, 'sessenta sesenta sixty'],
      [70, 'setenta seventy'],
      [80, 'oitenta ochenta eighty'],
      [90, 'noventa ninety'],
      [100, 'cem cento cien ciento'],
      [200, 'duzentos duzentas doscientos doscientas'],
      [300, 'trezentos trezentas trescientos trescientas'],
      [400, 'quatrocentos quatrocentas cuatrocientos cuatrocientas'],
      [500, 'quinhentos quinhentas quinientos quinientas'],
      [600, 'seiscentos seiscentas seiscientos seiscientas'],
      [700, 'setecentos setecentas setecientos setecientas'],
      [800, 'oitocentos oitocentas ochocientos ochocientas'],
      [900, 'novecentos novecentas novecientos novecientas'],
    ] as const
  ).flatMap(([value, words]) => list(words).map((word) => [word, value])),
)
/** Words that multiply what stands before them. */
const SCALES: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      [10, 'dezena dezenas decena decenas'],
      [12, 'duzia duzias docena docenas dozen dozens'],
      [100, 'hundred hundreds centena centenas centenar centenares'],
      [1e3, 'mil thousand thousands milhar milhares millar millares'],
      [1e6, 'milhao milhoes millon millones million millions'],
      [1e9, 'bilhao bilhoes billion billions'],
      [1e12, 'billon billones'],
    ] as const
  ).flatMap(([value, words]) => list(words).map((word) => [word, value])),
)
/** Letters that do so right behind digits only. */
const SHORT_SCALES: Readonly<Record<string, number>> = {
  k: 1e3,
  mi: 1e6,
  mm: 1e6,
  mln: 1e6,
  m: 1e6,
  bi: 1e9,
  bn: 1e9,
  b: 1e9,
}
const ARTICLES: ReadonlySet<string> = new Set(list('um uma un una uno one a an'))
const HALVES: ReadonlySet<string> = new Set(list('meio meia media medio half'))
const QUARTERS: ReadonlySet<string> = new Set(list('quarto cuarto quarter'))
const AND: ReadonlySet<string> = new Set(list('e y and'))
/** Scales from this on begin a part of their own: "dois mil e trezentos". */
const LEAST_SCALE = 1000

/** Parses `1.234,56`, `1,234.56` or `1.5`: the last separator begins the decimals unless three digits follow it. */
export const figure = (digits: string): number => {
  const [, whole = '', part] = /^([\d.,]*?)(?:[.,](\d{1,2}))?$/.exec(digits) ?? []
  return Number(`${whole.replace(/[.,]/g, '') || '0'}.${part ?? '0'}`)
}

const scaleAt = (draft: Draft, at: number): number | undefined =>
  draft.isFree(at) && /^[\s\u00a0-]*$/.test(draft.gap(at)) ? SCALES[draft.word(at)] : undefined
const smallAt = (draft: Draft, at: number): number | undefined =>
  draft.isFree(at) && /^[\s\u00a0-]*$/.test(draft.gap(at)) ? SMALL[draft.word(at)] : undefined

/** Is a word a number's only beside another: "dos" is "of the" in Portuguese, "a" and "um" are articles? */
const isLoose = (word: string): boolean => word === 'dos' || ARTICLES.has(word)

/** Returns the place behind "and a half", or the same place where there is none. */
const pastHalf = (draft: Draft, at: number): number => {
  if (!AND.has(draft.word(at)) || !draft.isFree(at)) return at
  const next = ARTICLES.has(draft.word(at + 1)) ? at + 2 : at + 1
  return HALVES.has(draft.word(next)) && draft.isFree(next) ? next + 1 : at
}

/** Reads the digits at a place, with a scale written to them or behind them. */
const digitsAt = (draft: Draft, from: number): { value: number; to: number; scale: number } | undefined => {
  const [, digits, letters = ''] = /^(\d[\d.,]*)([a-z]*)$/.exec(draft.word(from)) ?? []
  if (digits === undefined) return undefined
  const value = figure(digits)
  if (letters === '') {
    const short =
      draft.isFree(from + 1) && /^\s?$/.test(draft.gap(from + 1))
        ? SHORT_SCALES[draft.word(from + 1)]
        : undefined
    return short === undefined
      ? { value, to: from + 1, scale: 1 }
      : { value: value * short, to: from + 2, scale: short }
  }
  const scale = SCALES[letters] ?? SHORT_SCALES[letters]
  return scale === undefined ? undefined : { value: value * scale, to: from + 1, scale }
}

/** Rounds away what binary fractions add to sums like 1.1 million. */
const exact = (value: number): number => Math.round(value * 1e4) / 1e4

/** Reads words for a number below a thousand: "cento e vinte e cinco", "two hundred". */
const belowThousand = (draft: Draft, from: number): { value: number; to: number } | undefined => {
  const first = smallAt(draft, from)
  if (first === undefined) return undefined
  let value = first
  let to = from + 1
  for (;;) {
    const scale = scaleAt(draft, to)
    if (scale !== undefined && scale < LEAST_SCALE && value < 100) {
      value *= scale
      to += 1
      continue
    }
    const next = AND.has(draft.word(to)) && draft.isFree(to) ? to + 1 : to
    const small = smallAt(draft, next)
    const room = value % 100 === 0 ? 100 : value % 10 === 0 && value >= 20 ? 10 : 0
    if (small === undefined || small >= room || isLoose(draft.word(next))) return { value, to }
    value += small
    to = next + 1
  }
}

const large = (scale: number): number => (scale >= LEAST_SCALE ? scale : 1)

/** Reads "half a million", "meio milhão" and "a quarter of a million". */
const halfAt = (draft: Draft, from: number): Numeral | undefined => {
  const half = ARTICLES.has(draft.word(from)) ? from + 1 : from
  const part = HALVES.has(draft.word(half)) ? 2 : QUARTERS.has(draft.word(half)) ? 4 : undefined
  if (part === undefined) return undefined
  let next = half + 1
  while (ARTICLES.has(draft.word(next)) || /^(?:of|de)$/.test(draft.word(next))) next += 1
  const scale = scaleAt(draft, next)
  return scale === undefined
    ? undefined
    : { value: scale / part, from, to: next + 1, scale: large(scale), digits: false, article: false }
}

/**
 * Reads the number at a place: "1,5 milhão", "mil e quinhentos", "two and a half million", "meia dúzia".
 * @example numeralAt(draft('meio milhão'), 0)?.value // 500000
 */
export const numeralAt = (draft: Draft, from: number): Numeral | undefined => {
  if (!draft.isFree(from)) return undefined
  const half = halfAt(draft, from)
  if (half) return half
  const digits = digitsAt(draft, from)
  const begun = digits ?? belowThousand(draft, from)
  let value = begun?.value ?? 1
  let to = begun?.to ?? from
  const halved = pastHalf(draft, to)
  if (begun && halved > to && scaleAt(draft, halved) !== undefined) {
    value += 0.5
    to = halved
  }
  let last = digits?.scale ?? 1
  for (let scale = scaleAt(draft, to); scale !== undefined; scale = scaleAt(draft, to)) {
    // "Mil millones" multiplies; a scale alone is a number only below a million.
    if (last > 1 && scale <= last) break
    if (begun === undefined && last === 1 && scale >= 1e6) break
    value *= scale
    last = scale
    to += 1
  }
  if (to === from) return undefined
  if (last >= LEAST_SCALE) {
    const past = pastHalf(draft, to)
    if (past > to) {
      value += last / 2
      to = past
    } else {
      const next = AND.has(draft.word(to)) && draft.isFree(to) ? to + 1 : to
      const rest = next > to || smallAt(draft, to) !== undefined ? numeralAt(draft, next) : undefined
      if (rest && !rest.article && rest.value < last) {
        value += rest.value
        to = rest.to
      }
    }
  }
  return {
    value: exact(value),
    from,
    to,
    scale: large(last),
    digits: digits !== undefined,
    article: to === from + 1 && isLoose(draft.word(from)),
  }
}

/** Reads a small whole number that counts things, at a place. */
export const countAt = (draft: Draft, from: number): Numeral | undefined => {
  const found = numeralAt(draft, from)
  return found && Number.isInteger(found.value) && found.value >= 1 && found.value <= 1000 ? found : undefined
}

/** Tells whether a word alone is a number and nothing else. */
export const isNumber = (word: string): boolean => word in SMALL && !isLoose(word)
