import type { Where } from '../../protocol/plan.ts'
import type { Draft } from './draft.ts'

const NUMBER_WORDS: Readonly<Record<string, number>> = {
  meio: 0.5,
  media: 0.5,
  medio: 0.5,
  half: 0.5,
  um: 1,
  uma: 1,
  un: 1,
  una: 1,
  one: 1,
  dois: 2,
  duas: 2,
  dos: 2,
  two: 2,
  tres: 3,
  three: 3,
  quatro: 4,
  cuatro: 4,
  four: 4,
  cinco: 5,
  five: 5,
  seis: 6,
  six: 6,
  sete: 7,
  siete: 7,
  seven: 7,
  oito: 8,
  ocho: 8,
  eight: 8,
  nove: 9,
  nueve: 9,
  nine: 9,
  dez: 10,
  diez: 10,
  ten: 10,
  doze: 12,
  doce: 12,
  twelve: 12,
  quinze: 15,
  quince: 15,
  fifteen: 15,
  vinte: 20,
  veinte: 20,
  twenty: 20,
  trinta: 30,
  treinta: 30,
  thirty: 30,
  quarenta: 40,
  cuarenta: 40,
  forty: 40,
  cinquenta: 50,
  cincuenta: 50,
  fifty: 50,
  sessenta: 60,
  sesenta: 60,
  sixty: 60,
  setenta: 70,
  seventy: 70,
  oitenta: 80,
  ochenta: 80,
  eighty: 80,
  noventa: 90,
  ninety: 90,
  cem: 100,
  cento: 100,
  ciento: 100,
  cien: 100,
  hundred: 100,
  duzentos: 200,
  doscientos: 200,
  trezentos: 300,
  trescientos: 300,
  quatrocentos: 400,
  cuatrocientos: 400,
  quinhentos: 500,
  quinientos: 500,
}
const WORDS = Object.keys(NUMBER_WORDS).join('|')
/** A number in words: "cinquenta", "cento e vinte", "twenty-five", "half a". */
const SPELT = `(?:half a|(?:${WORDS})(?:(?:\\s+(?:e|y|and)\\s+|[\\s-])(?:${WORDS})){0,2})`

/** Reads a small number written in digits or as a word; undefined for other words. */
export const countOf = (text: string): number | undefined =>
  /^\d+$/.test(text) ? Number(text) : NUMBER_WORDS[text]

/** A pattern of a small number, in digits or as a word. */
export const COUNT = `(?:\\d{1,4}|${WORDS})`

const SCALES: readonly (readonly [RegExp, number])[] = [
  [/^(?:milhao|milhoes|mi|mm|millon|millones|million|millions|m|mln)$/, 1e6],
  [/^(?:bilhao|bilhoes|bi|billon|billones|billion|billions|bn|b)$/, 1e9],
  [/^(?:mil|thousand|k)$/, 1e3],
]
const SCALE =
  '(?:milh(?:ao|oes)|mil(?:lon(?:es)?|lions?)?|mi|mm|mln|bi(?:lh(?:ao|oes)|llon(?:es)?|llions?)?|bn|thousand|k|m|b)'
const SIGN = '(?:r\\$|us\\$|mx\\$|\\$|€|£|brl|usd|eur)'
const UNIT = '(?:reais|real|contos|dolares|dolar|dollars?|euros?|pesos)'
const FIGURE = `(?:\\d[\\d.,]{0,20}(?<![.,])|(?:(?:a|${WORDS})\\s+hundred)(?=\\s+${SCALE}\\b)|(?:${SPELT}|a)(?=\\s+${SCALE}\\b))`
/** A figure with what tells that it is money: a sign, a scale or a unit; or none of them. */
const AMOUNT = `(?:${SIGN}\\s*)?(${FIGURE})(?:\\s*(${SCALE})(?:\\s+(?:e\\s+)?(?:meio|media|medio))?(?![\\p{L}\\p{N}]))?(?:\\s*(?:de\\s+)?${UNIT}\\b)?`
const NO_MONEY =
  '(?!\\s*(?:%|por cento|percent|dias?|days?|meses|mes|months?|anos?|years?|semanas?|weeks?|contratos?|contracts?|compras?|fornecedor|empresas?|suppliers?|proveedor|vezes|times|veces|orgaos?|[/-]\\d))'

/** Parses `1.234,56`, `1,234.56` or `1.5`: the last separator begins the decimals unless three digits follow it. */
const figure = (digits: string): number => {
  const hundreds = /^(\p{L}+)\s+hundred$/u.exec(digits)?.[1]
  if (hundreds !== undefined) return 100 * figure(hundreds)
  if (digits === 'a') return 1
  if (/^\p{L}/u.test(digits))
    return digits.split(/[\s-]+/).reduce((sum, word) => sum + (NUMBER_WORDS[word] ?? 0), 0)
  const [, whole = '', part] = /^([\d.,]*?)(?:[.,](\d{1,2}))?$/.exec(digits) ?? []
  return Number(`${whole.replace(/[.,]/g, '') || '0'}.${part ?? '0'}`)
}

const scaleOf = (scale: string | undefined): number =>
  scale === undefined ? 1 : (SCALES.find(([unit]) => unit.test(scale))?.[1] ?? 1)

const HALF_MORE = new RegExp(`\\b${SCALE}\\s+(?:e\\s+)?(?:meio|media|medio)\\b`)
const half = (whole: string): number => (HALF_MORE.test(whole) ? 0.5 : 0)

const money = (digits: string, scale: string | undefined, whole = ''): number =>
  Math.round((figure(digits) + half(whole)) * scaleOf(scale) * 100) / 100

const isYear = (digits: string, scale: string | undefined, whole: string): boolean =>
  scale === undefined && /^(?:19|20)\d\d$/.test(digits) && !new RegExp(`${SIGN}|${UNIT}`).test(whole)

const VALUE_WORDS =
  '(?:(?:com |de |with |con |in |of )?(?:o |um |the |a |el |un )?(?:valor(?:es)?|value[sd]?|custo|custam?|cost(?:ing|s)?|preco|montante|importe|monto|worth|que custa[mn]?|que valem?|que vale[mn]?|valendo)(?: total)?(?: (?:e|es|is|seja|sea|de|of|at|a|foi))? )?'
/** Of "between fifty and a hundred thousand" the first figure has the scale of the second. */
const LOW = `(?:${SIGN}\\s*)?(\\d[\\d.,]{0,20}(?<![.,])|${SPELT})(?:\\s*(${SCALE})(?![\\p{L}\\p{N}]))?(?:\\s*(?:de\\s+)?${UNIT}\\b)?`
const between = new RegExp(
  `\\b${VALUE_WORDS}(?:(?:entre|between|na faixa de)\\s+${LOW}\\s+(?:e|a|ate|and|to|y|hasta)|(?:de|from)\\s+${LOW}\\s+(?:a|ate|to|hasta))\\s+(?:os\\s+)?${AMOUNT}${NO_MONEY}`,
  'u',
)
const BOUNDS: readonly (readonly [before: string, kind: 'over' | 'from' | 'under' | 'to'])[] = [
  [
    '(?:(?:acima|alem) d[eo]s?|mais (?:caros? )?(?:d[eo]s?|(?:do )?que)|(?:que )?(?:pass(?:a|e|am|em|aram|ou)|exced(?:e[mn]?|a[mn]?|eram|ieron)|(?:super|sobrepas)(?:a|e|am|an|em|en|aram|aron|ou)|ultrapass(?:a|e|am|em|aram|ou)|exceed(?:s|ed|ing)?|top(?:s|ped)?)(?: (?:d[eo]s?|a|os|los|the))?|superior(?:es)? a|maior(?:es)? (?:(?:do )?que|a)|above|over|more (?:expensive )?than|(?:greater|larger|higher|bigger) than|mas (?:caros? )?(?:de|que)|mayor(?:es)? (?:a|que|de)|por (?:encima|arriba) de|>)',
    'over',
  ],
  [
    '(?:a partir d[eo]s?|pelo menos|no minimo|ao menos|minimo de|at least|no less than|starting at|al menos|por lo menos|como minimo|desde|igual ou (?:maior|superior)(?: que| a)?|>=|≥)',
    'from',
  ],
  [
    '(?:abaixo d[eo]s?|menos (?:d[eo]s?|(?:do )?que)|inferior(?:es)? a|menor(?:es)? (?:(?:do )?que|a)|below|under|less than|(?:smaller|lower|cheaper) than|por debajo de|menor(?:es)? (?:a|que|de)|<)',
    'under',
  ],
  ['(?:ate|no maximo|maximo de|up to|at most|no more than|hasta|como maximo|<=|≤)', 'to'],
]
const bounds = BOUNDS.map(
  ([before, kind]) =>
    [new RegExp(`(?:\\b|(?=[<>≤≥]))${VALUE_WORDS}${before}\\s*${AMOUNT}${NO_MONEY}`, 'u'), kind] as const,
)
/** Amounts that have a sign, cents, a unit or a scale are amounts without any word for a bound. */
const exactly = new RegExp(
  `\\b${VALUE_WORDS}(?:exatos? |exatamente |exactly |exactamente )?(?:${SIGN}\\s*(${FIGURE})(?:\\s*(${SCALE})\\b)?|(\\d[\\d.,]*[.,]\\d{2}(?!\\d))|(${FIGURE})\\s*(${SCALE})\\s+(?:de\\s+)?${UNIT})`,
  'u',
)
const OPEN = new RegExp(
  `${VALUE_WORDS}(?:d[eo] |of )?${AMOUNT}\\s+(?:(ou mais|or more|o mas|(?:pra|para) cima|e acima|and (?:up|above|over|more)|or (?:above|over)|ou acima)|ou menos|or (?:less|under|below)|o menos)\\b`,
  'u',
)
const CENT = 0.01
const cents = (amount: number): number => Math.round(amount * 100) / 100

/** Reads the amounts that bound the value of a contract. */
export const readAmounts = (draft: Draft): Pick<Where, 'min_value' | 'max_value'> => {
  const range = draft.find(between)
  if (range) {
    const [whole, inner, innerScale, outer, outerScale, high = '', highScale] = range
    const [low, lowScale] = inner === undefined ? [outer ?? '', outerScale] : [inner, innerScale]
    const marked = new RegExp(`${SIGN}|${UNIT}`).test(whole)
    if (
      !(isYear(low, lowScale, whole) && isYear(high, highScale, whole)) &&
      (marked || highScale !== undefined || figure(high) >= 100)
    ) {
      draft.claimSpan(range.index, range.index + whole.length)
      const [least, most] = [money(low, lowScale ?? highScale), money(high, highScale)].sort((a, b) => a - b)
      return { min_value: least as number, max_value: most as number }
    }
  }
  const open = draft.find(OPEN)
  if (open) {
    const [whole, digits = '', scale, more] = open
    draft.claimSpan(open.index, open.index + whole.length)
    return more === undefined ? { max_value: money(digits, scale) } : { min_value: money(digits, scale) }
  }
  const found: Pick<Where, 'min_value' | 'max_value'> = {}
  for (const [pattern, kind] of bounds) {
    const hit = draft.find(pattern)
    if (!hit) continue
    const [whole, digits = '', scale] = hit
    if (isYear(digits, scale, whole)) continue
    // "Mais de 3" without a unit says how many, not how much.
    if (scale === undefined && figure(digits) < 100 && !new RegExp(`${SIGN}|${UNIT}`).test(whole)) continue
    draft.claimSpan(hit.index, hit.index + whole.length)
    const amount = money(digits, scale, whole)
    if (kind === 'over') found.min_value = cents(amount + CENT)
    else if (kind === 'from') found.min_value = amount
    else if (kind === 'under') found.max_value = cents(amount - CENT)
    else found.max_value = amount
  }
  if (Object.keys(found).length > 0) return found
  const millions = draft.take(
    /\b(?:milionari[oa]s?|millonari[oa]s?|(?:multi)?million (?:dollar|real|euro)s?|bilionari[oa]s?)\b/,
  )
  if (millions) return { min_value: millions[0].startsWith('b') ? 1e9 : 1e6 }
  const exact = draft.take(exactly)
  if (exact) {
    const amount = money(exact[1] ?? exact[3] ?? exact[4] ?? '', exact[2] ?? exact[5])
    return { min_value: amount, max_value: amount }
  }
  return {}
}
