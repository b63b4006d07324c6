import type { Where } from '../../protocol/plan.ts'
import { AFTER, BEFORE, type BoundKind, LINKS } from './bounds.ts'
import { may } from './concepts.ts'
import type { Draft, Token } from './draft.ts'
import { numeralAt } from './number.ts'
import { phraseBook } from './phrases.ts'
import type { Concept } from './words.ts'

/** The part of a question that is about costs beyond initial values. */
export interface Amendment {
  readonly increase?: Where['increase']
  /** By what the largest of them are meant: the amount, or its part of the initial value. */
  readonly order?: 'added' | 'increase'
  /** True when the sum that was added is asked for. */
  readonly sum: boolean
}

type Kind = 'added' | 'initial' | 'grew' | 'percent' | 'had' | 'value' | 'ended'

const WORDS = phraseBook<Kind>({
  added:
    'aditivo, aditivos, aditivad*, aditad*, aditament*, acrescimo*, acrescid*, reajust*, adenda*, adendo*, modificado, modificados, ampliacion, ampliaciones, ampliad*, amendment*, amended, addend*, prorrogacao de valor, prorrogacoes de valor',
  initial:
    'inicial, iniciais, inicialmente, iniciales, initial, initially, original, originally, originalmente, originais, originales, inicialmente previsto, inicialmente contratado, originalmente contratado, originalmente previsto, initially agreed, originally agreed, originally signed, initially signed, previsto inicialmente, prevista inicialmente, previstos inicialmente, contratado inicialmente, acordado inicialmente, previsto originalmente, originally contracted, inicialmente pactado, originalmente acordado, inicialmente acordado',
  grew: 'cresc*, aument*, subi*, encarec*, grew, grow, grown, rose, risen, increas*, crec*, incremento*',
  percent:
    'percentua*, por centual, porcent*, percent*, proporcional*, proporcao, proporcion*, proportion*, por cento, por ciento, relativ*, em percentual, em termos percentuais, en porcentaje, in percent',
  had: 'sofr*, tiver*, tuvier*, tuvo, teve, com, con, with, receb*, had, were, was, foram, foi, fueron, tem, tiene, tienen, sufrio, teve, houve, hubo, have, has, did, upwards',
  value:
    'valor, valores, preco, precos, precio, precios, importe, importes, monto, montos, value, values, price, prices',
  ended:
    'ended up, ended, end up, end, acabaram, terminaram, saiu, sairam, terminaron, acabaron, custando, custaram, custou, custam, costing, cost, costs, costaron, costando, valor final, valor atual, final value',
})
/** Words between an initial value and what it is held against. */
const BEFORE_INITIAL =
  /^(?:o|a|os|as|el|la|los|las|the|their|its|seu|seus|su|sus|sobre|em|en|relacao|relacion|de|do|da|dos|del|al|ao|que|than|con|over|from|valor|valores|preco|precos|precio|precios|importe|importes|monto|montos|values?|prices?|agreed)$/
/** Beyond a bound that is not in it itself. */
const BEYOND = 1e-6
const RANGES: Readonly<Record<BoundKind, (percent: number) => Where['increase']>> = {
  over: (percent) => ({ min: percent + BEYOND }),
  from: (percent) => ({ min: percent }),
  under: (percent) => ({ max: percent - BEYOND, min: BEYOND }),
  to: (percent) => ({ max: percent, min: BEYOND }),
}
const ABOVE: Where['increase'] = { min: BEYOND }
const BELOW: Where['increase'] = { max: -BEYOND }
/** Words between a rank and what it ranks. */
const MOST_BETWEEN = 3

/** Contracts that grew, rather than what is spent on them: "contracts whose value grew by more than 10 %". */
const GREW =
  /\b(?:contrat\w+|contracts?|compras?|purchases?|deals?) (?:[a-z]+ ){0,4}?(?:whose|cuj[oa]s?|cuy[oa]s?|that|which|que) (?:[a-z]+ ){0,3}?(?:cresc|aument|subi|encarec|grew|grow|rose|increas|crec)|\b(?:contrat\w+|contracts?) (?:[a-z]+ ){0,5}?(?:tiveram|teve|sofreram|sofreu|tuvieron|sufrieron|com|con|with|had) (?:algum |um |un |an? )?(?:aumento|incremento|increase)s?\b/

const TOO_MUCH = /\b(?:demais|demasiado|too much|excessiv\w+|suspeit\w+)\b/
/** The contract that grew most, rather than what grew most of what is spent. */
const GREATEST =
  /\b(?:contratos?|contracts?) (?:[a-z]+ ){0,4}?(?:maior(?:es)?|mayor(?:es)?|largest|biggest|highest) (?:aumento|incremento|increase|alta|subida)|\b(?:maior(?:es)?|mayor(?:es)?|largest|biggest|highest) (?:aumentos?|incrementos?|increases?) (?:percentual |percentuais |porcentual |percentage )?(?:de valor |of value |in value )?(?:de|do|dos|del|de los|of|em|in|en) (?:um |uma |un |a |the )?(?:contrat|contract)/

interface Span {
  readonly kind: Kind
  readonly from: number
  readonly to: number
}

/** Finds the phrases of a message that are about amendments and initial values, the longest at each place. */
const spansIn = (draft: Draft): Span[] => {
  const found: Span[] = []
  for (let at = 0; at < draft.tokens.length; at++) {
    const span = draft.isFree(at) ? WORDS.at(draft, at) : undefined
    if (!span) continue
    found.push(span)
    at = span.to - 1
  }
  return found
}

/** Reads a bound of percents, "acima de 25 %", and where it stands. */
const percentIn = (
  draft: Draft,
): { bound: BoundKind; percent: number; from: number; to: number } | undefined => {
  for (const { at } of draft.tokens) {
    const number = numeralAt(draft, at)
    if (!number) continue
    const sign = /^\s*%/.test(draft.gap(number.to))
    const word = WORDS.at(draft, number.to)
    const to = word?.kind === 'percent' ? word.to : number.to
    if (!sign && to === number.to) continue
    let from = at
    while (from > 0 && draft.isFree(from - 1) && LINKS.test(draft.word(from - 1))) from -= 1
    const limit = /^limites?$|^limit$/.test(draft.word(from - 1)) ? from - 1 : from
    let before = limit
    while (before > 0 && draft.isFree(before - 1) && LINKS.test(draft.word(before - 1))) before -= 1
    const found = BEFORE.before(draft, before) ?? BEFORE.before(draft, at)
    const after = AFTER.at(draft, to)
    return {
      bound: found?.kind ?? after?.kind ?? 'from',
      percent: number.value,
      from: found?.from ?? at,
      to: after?.to ?? to,
    }
  }
  return undefined
}

/** Returns the word by which the largest amendments are asked for; undefined where none is. */
const rankOf = (draft: Draft, spans: readonly Span[]): Token | undefined =>
  spans
    .filter(({ kind }) => kind === 'added' || kind === 'grew')
    .flatMap(({ kind, from, to }) => {
      const near = draft.tokens.slice(Math.max(0, from - MOST_BETWEEN), to + MOST_BETWEEN)
      const isRank = ({ at, word }: Token) =>
        draft.isFree(at) &&
        (kind === 'grew'
          ? ((at < from ? at >= from - 1 : at <= to + 1) && may(word, 'most')) ||
            (at === from - 1 && GREATEST.test(draft.folded) && may(word, 'largest'))
          : at < from
            ? may(word, 'largest') || (at === from - 1 && may(word, 'most')) || /^gord[oa]s?$/.test(word)
            : at <= to + 1 && may(word, 'most') && may(draft.word(at + 1), 'largest'))
      return near.filter(isRank)
    })[0]

/** Reads what a message asks of amendments, and claims its words. */
export const readAmendment = (draft: Draft): Amendment | undefined => {
  const spans = spansIn(draft)
  const has = (kind: Kind) => spans.find((one) => one.kind === kind)
  const grown = has('grew') && GREW.test(draft.folded) && !TOO_MUCH.test(draft.folded)
  const [added, initial] = [has('added'), has('initial')]
  const ranked = GREATEST.test(draft.folded)
  if (!added && !initial && !grown && !ranked) return undefined
  const claim = (...kinds: readonly Kind[]): void => {
    for (const { kind, from, to } of spans) {
      if (!kinds.includes(kind)) continue
      let begins = from
      if (kind === 'initial')
        while (begins > 0 && draft.isFree(begins - 1) && BEFORE_INITIAL.test(draft.word(begins - 1)))
          begins -= 1
      draft.claimWords(begins, to)
    }
  }
  const says = (...concepts: Concept[]) =>
    draft.tokens.filter(({ at, word }) => draft.isFree(at) && may(word, ...concepts))
  const percent = percentIn(draft)
  if (percent) {
    draft.claimWords(percent.from, percent.to)
    claim('added', 'initial', 'grew', 'percent', 'value')
    return { sum: false, increase: RANGES[percent.bound](percent.percent) }
  }
  if (grown && !added && !initial && !ranked) {
    claim('grew', 'value')
    return { sum: false, increase: ABOVE }
  }
  const rank = rankOf(draft, spans)
  if (rank) {
    const order = has('percent') ? 'increase' : 'added'
    const behind = draft.tokens[rank.at + 1]
    draft.claim(rank)
    if (behind && may(behind.word, 'largest')) draft.claim(behind)
    claim('added', 'initial', 'grew', 'percent', 'value')
    return { sum: false, order, increase: ABOVE }
  }
  const counts = says('howmany').some(({ at }) => may(draft.word(at + 1), 'contracts'))
  if (
    added &&
    !counts &&
    says('howmuch').some(({ at, word }) => word !== 'much' || draft.word(at - 1) === 'how')
  ) {
    claim('added', 'initial', 'grew', 'value')
    return { sum: true }
  }
  // "What was the initial value of contract 12?" asks for that.
  const asksValue =
    initial &&
    says('list').some(
      ({ at, word }) =>
        /^(?:qual|what|cual|quais)$/.test(word) && at < initial.from && at >= initial.from - 4,
    )
  if (initial && !asksValue) {
    const downs = [...says('least', 'smallest', 'fall'), ...boundsOf(draft, 'under')]
    const ups = [...says('most', 'largest'), ...boundsOf(draft, 'over')]
    const first = [...downs, ...ups].sort((a, b) => a.at - b.at)[0]
    if (!first) return undefined
    draft.claim(first)
    const than = draft.tokens[first.at + 1]
    if (than && /^(?:que|do|than|d[eo]l?|a|ao|al)$/.test(than.word)) draft.claim(than)
    claim('initial', 'ended')
    return { sum: false, increase: downs.includes(first) ? BELOW : ABOVE }
  }
  if (added && has('had')) {
    claim('added')
    for (const { from, to } of spans.filter(({ kind }) => kind === 'value'))
      if (/^(?:de|em|in|en)$/.test(draft.word(from - 1))) draft.claimWords(from - 1, to)
    for (const { word, at } of draft.tokens)
      if (/^(?:sofr|sufr|upward)/.test(word)) draft.claimWords(at, at + 1)
    return { sum: false, increase: ABOVE }
  }
  return undefined
}

const boundsOf = (draft: Draft, kind: BoundKind): Token[] =>
  draft.tokens.filter(({ at }) => draft.isFree(at) && BEFORE.at(draft, at)?.kind === kind)
