import { may } from './concepts.ts'
import { isDeed } from './deed.ts'
import type { Token } from './draft.ts'
import { type Case, isParty } from './said.ts'

/** Words for how long contracts run. */
export const LENGTH =
  /^(?:duracao|duracoes|duracion|duraciones|prazos?|plazos?|vigencias|lengths?|durations?|duram|duran|dura|lasts?|lasted|lasting)$/
/** Returns the word for how long contracts run, where neither that nor an order by it is asked of the plan. */
const lengthLost = ({ plan, parts: { draft } }: Case): Token[] =>
  plan.measure === 'duration' ||
  plan.order?.by === 'duration' ||
  plan.of === 'findings' ||
  plan.where.months !== undefined ||
  (plan.where.ends_from ?? plan.where.ends_to ?? plan.where.in_force_on) !== undefined ||
  plan.where.contract !== undefined ||
  plan.place !== undefined
    ? []
    : draft.tokens.filter(({ at, word }) => draft.isFree(at) && LENGTH.test(word))

const NEARLY =
  /^(?:logo|pouco|just|slightly|marginally|justo|poco|ligeiramente|levemente|ligeramente|barely|rente)$/
const BESIDE_BOUND =
  /^(?:abaixo|acima|below|under|above|over|debajo|encima|menos|mais|mas|less|more|superior(?:es)?|inferior(?:es)?)$/
/** Returns the word that makes a bound a near one, "logo abaixo de 50 mil", which no range says. */
const nearBound = ({ parts: { draft } }: Case): Token[] =>
  draft.tokens.filter(
    ({ at, word }) =>
      NEARLY.test(word) &&
      (BESIDE_BOUND.test(draft.word(at + 1)) ||
        (/^(?:por|a|ao)$/.test(draft.word(at + 1)) && BESIDE_BOUND.test(draft.word(at + 2)))),
  )

const EDGE_DAY =
  /\b(?:primeir[oa]s?|ultim[oa]s?|primer|primeros|first|last|final) (?:dias?|days?) (?:d[oae]s?|del|de l[oa]s?|of(?: the| each| every)?|de cada) (?:anos?|mes|meses|years?|months?)\b/
/** Returns the words of the first or last day of some period, which is no period of its own in a plan. */
const edgeDay = ({ parts: { draft } }: Case): Token[] => {
  const found = EDGE_DAY.exec(draft.folded)
  return found === null
    ? []
    : draft.tokens.filter(({ start, end }) => start >= found.index && end <= found.index + found[0].length)
}

const IN_ONE =
  /\b(?:num|numa|em um|em uma|en un|en una|in a|in one|por um|de um) (unic[oa]|so|solo|sola|single)\b/
/** Returns the "single" of "more than a million in a single contract": it bounds that contract, not their number. */
const inOneContract = ({ plan, parts: { draft } }: Case): Token[] => {
  const found = plan.having?.contracts && plan.having.total ? IN_ONE.exec(draft.folded) : null
  return found === null ? [] : draft.tokens.filter(({ word }) => word === found[1]).slice(0, 1)
}

const BY_NUMBER =
  /\b(?:pel[oa]|por|by|em|en|segun) (?:o |a |el |la |the )?(numero|quantidade|cantidad|number|count) (?:de|of) (?:the )?([a-z]+)/
/** Returns the "number" by which parties are to be put in order that is not their number of contracts. */
const orderByParties = ({ plan, parts: { draft } }: Case): Token[] => {
  const found = plan.measure === 'count' ? null : BY_NUMBER.exec(draft.folded)
  return found !== null && may(found[2] as string, 'suppliers', 'buyers', 'units', 'categories')
    ? draft.tokens.filter(({ word }) => word === found[1]).slice(0, 1)
    : []
}

/** Returns the contracts of which parties have more than before, where the growth of their money is told. */
const growthOfNumbers = (one: Case): Token[] => {
  const { draft } = one.parts
  return one.plan.measure === 'growth' && isParty(one)
    ? draft.tokens.filter(
        ({ at, word }) =>
          draft.isFree(at) && may(word, 'contracts') && may(draft.word(at - 1), 'most', 'least', 'howmany'),
      )
    : []
}

/** Returns the "also" by which parties of before must have something besides, where the plan asks for that alone. */
const alsoOfThose = (one: Case): Token[] => {
  const { draft } = one.parts
  const asksWhich =
    isParty(one) ||
    draft.tokens.some(({ word }) => /^(?:qua(?:l|is)|cual(?:es)?|which|quem|quien(?:es)?|who)$/.test(word))
  return one.continues && asksWhich && one.plan.having?.also === undefined
    ? draft.tokens.filter(
        ({ at, word }) =>
          draft.isFree(at) &&
          /^(?:tambem|tambien|also)$/.test(word) &&
          (isDeed(draft.word(at + 1)) || isDeed(draft.word(at - 1))),
      )
    : []
}

/** Returns the words of a message that restrict or order what is asked in a way that its plan does not say. */
export const unsaid = (one: Case): Token[] => [
  ...lengthLost(one),
  ...nearBound(one),
  ...edgeDay(one),
  ...inOneContract(one),
  ...orderByParties(one),
  ...growthOfNumbers(one),
  ...alsoOfThose(one),
]
