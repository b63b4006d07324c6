import type { Where } from '../../protocol/plan.ts'
import type { Draft } from './draft.ts'

/** The part of a question that is about costs beyond initial values. */
export interface Amendment {
  readonly increase?: Where['increase']
  /** By what the largest of them are meant: the amount, or its part of the initial value. */
  readonly order?: 'added' | 'increase'
  /** True when the sum that was added is asked for. */
  readonly sum: boolean
}

/** Beyond a bound that is not in it itself. */
const BEYOND = 1e-6
const ADDED =
  '(?:aditivos?|aditad[oa]s?|aditamentos?|acrescimos?|acrescid[oa]s?|reajustes?|adendas?|adendos?|modificados?|ampliaciones?|amendments?|amended|addend(?:um|a)|prorrogac(?:ao|oes) de valor)'
const WORDS = new RegExp(`\\b${ADDED}\\b`)
const GREW =
  /\b(?:cresc\p{L}+|aument\p{L}+|subi\p{L}+|encarec\p{L}+|grew|grow|rose|increas\p{L}+|crec\p{L}+)\b/u
const INITIAL =
  /\b(?:(?:d?[oe]l?|al|que o|que el|than|the|their|its|seu|su|sobre o|em relacao ao)? ?(?:valor(?:es)?|precos?|importes?|montos?|values?|prices?)? ?(?:iniciais|inicial(?:mente)?|iniciales|initial(?:ly)?|original(?:ly|mente)?|originais|originales)(?: values?| prices?)?(?: (?:agreed|contratad[oa]s?|pactuad[oa]s?|previst[oa]s?|acordad[oa]s?|signed|contracted))?)\b/
const PERCENT =
  /\b(?:(mais|mas|more|superior(?:es)?|acima|above|over|maior(?:es)?|mayor(?:es)?|exced\p{L}+|supera\p{L}*|ultrapass\p{L}+|passa\p{L}*|por encima|exceed\p{L}*)|(menos|less|inferior(?:es)?|abaixo|below|under|menor(?:es)?)|(pelo menos|no minimo|at least|al menos)|(ate|up to|hasta|no maximo|at most)) ?(?:que |do que |than |de |d[oe]s? |a |al |o |limite |limit |the |of |by )*(\d+(?:[.,]\d+)?) ?(?:%|por ?cento|por ciento|percent|per cent)/u
const LESS =
  /\b(?:menos|menor(?:es)?|inferior(?:es)?|less|lower|abaixo|below|baj\p{L}+|reduz\p{L}+|redu[cz]\p{L}+|supress\p{L}+|cut|cheaper|diminu\p{L}+)\b/u
const MORE =
  /\b(?:mais|maior(?:es)?|superior(?:es)?|more|higher|above|acima|mas|mayor(?:es)?|over|upwards?|alta|encima|gord[oa]s?|largest|biggest|most)\b/
const IN_PERCENT =
  /%|\b(?:por ?centua\p{L}+|percentua\p{L}+|porcent\p{L}+|percent\p{L}*|proporc\p{L}+|por ?cento|por ciento|relativ\p{L}+)\b/u
const TOTAL = /\b(?:quanto|total|soma\p{L}*|cuanto|suman?|how much|sum|altogether|montante)\b/u
const RANKED =
  /\b(?:(?:maior(?:es)?|mayor(?:es)?|largest|biggest|highest|mais (?:\p{L}+ )?(?:gord[oa]s?|altos?)|mas altos?) (?:\p{L}+ ){0,2}(?:aditivos?|acrescimos?|aumentos?|reajustes?|amendments?|increases?|incrementos?|adendas?)|(?:aditivos?|acrescimos?|amendments?|increases?) (?:mais|mas|most) (?:gord[oa]s?|altos?|car[oa]s?|grandes?)|(?:mais|mas|most) (?:cresceram|aumentaram|encareceram|crecieron|aumentaron|grew|increased)|(?:cresceram|cresceu|aumentaram|aumentou|encareceu|encareceram|crecieron|crecio|grew|increased|rose) (?:o |the |lo )?(?:mais|mas|most))\b/u

/** Reads what a message asks of amendments, and claims its words. */
export const readAmendment = (draft: Draft): Amendment | undefined => {
  const text = draft.folded
  const initial = draft.find(INITIAL)
  const word = draft.find(WORDS)
  const percent = draft.find(PERCENT)
  if (!initial && !word) return undefined
  // "Quais contratos de obras …": growth from year to year is another thing.
  const claim = (pattern: RegExp): void => {
    for (let hit = draft.find(pattern); hit; hit = draft.find(pattern))
      draft.claimSpan(hit.index, hit.index + hit[0].length)
  }
  const claimAll = (...patterns: readonly RegExp[]): void => {
    for (const pattern of patterns) claim(pattern)
  }
  const ranked = draft.find(RANKED)
  const inPercent = IN_PERCENT.test(text)
  if (percent && (word || initial)) {
    const [, over, under, from, upTo, digits = '0'] = percent
    const bound = Number(digits.replace(',', '.'))
    claimAll(PERCENT, WORDS, INITIAL, GREW, /\b(?:de|do|d[oe]l?)? ?valor\b/)
    return {
      sum: false,
      increase:
        over !== undefined
          ? { min: bound + BEYOND }
          : from !== undefined
            ? { min: bound }
            : under !== undefined
              ? { max: bound - BEYOND, min: BEYOND }
              : upTo !== undefined
                ? { max: bound, min: BEYOND }
                : { min: bound },
    }
  }
  if (ranked) {
    claimAll(
      RANKED,
      WORDS,
      INITIAL,
      IN_PERCENT,
      /\b(?:em|en|in) (?:reais|valor|money|dinheiro|dinero|reales)\b/,
    )
    return { sum: false, order: inPercent ? 'increase' : 'added', increase: { min: BEYOND } }
  }
  if (
    word &&
    TOTAL.test(text) &&
    !/\b(?:quantos?|quantas?|cuantos?|how many) (?:contrat|contract)/.test(text)
  ) {
    claimAll(WORDS, INITIAL, GREW, /\bvalor(?:es)?\b/)
    return { sum: true }
  }
  if (initial && !/\b(?:qual|what|cual|quais)\b.{0,14}\b(?:valor|value|preco)/.test(text)) {
    const less = draft.find(LESS)
    const more = draft.find(MORE)
    if (!less && !more) return undefined
    claimAll(
      less && !(more && more.index < less.index) ? LESS : MORE,
      INITIAL,
      /\b(?:valor|value) (?:final|atual)\b/,
      /\b(?:ended|end|acabaram|terminaram|saiu|sairam) ?(?:up )?(?:costing|custando|costando|por)?\b/,
      /\b(?:than|que|do que|a|ao|al)\b(?= *$)/,
      /\b(?:costing|custaram|custou|costaron|cost)\b/,
    )
    return {
      sum: false,
      increase: less && !(more && more.index < less.index) ? { max: -BEYOND } : { min: BEYOND },
    }
  }
  if (
    word &&
    /\b(?:sofr\p{L}+|tiver\p{L}+|tuvier\p{L}+|teve|com|con|with|receb\p{L}+|had|were|was|foram|foi|fueron|tem|have|upwards?)\b/u.test(
      text,
    )
  ) {
    claimAll(WORDS, /\b(?:de|em) valor\b/, /\b(?:sofreram|sofreu|sufrieron)\b/, /\bupwards?\b/)
    return { sum: false, increase: { min: BEYOND } }
  }
  return undefined
}
