import type { Where } from '../../protocol/plan.ts'
import { may } from './concepts.ts'
import type { Draft } from './draft.ts'

const UP =
  '(?:acima|por encima|superior(?:es)?|maior(?:es)?|mayor(?:es)?|above|over|higher|larger|bigger|greater|more|mais|mas)'
const DOWN = '(?:abaixo|por debajo|inferior(?:es)?|menor(?:es)?|below|under|lower|smaller|less|cheaper|menos)'
const LINKS =
  '(?: (?:expensive|costly|car[oa]s?|barat[oa]s?|altos?|do|da|de|del|que|than|a|ao|o|la|el|al|the|valor|value))*'
const MIDDLE =
  '(?:(media|medio(?! (?:mill|mil\\b|ano|mes|dia))|promedio|average|mean|avg)|(?:mediana|median))(?: (?:geral|general|overall|value|valor))?'
/** Values beside the mean or the median of all: "acima da média", "cost more than average". */
const RELATION = new RegExp(
  `(?<!\\b(?:preco|precos|precio|precios|price|prices) )\\b(?:(${UP})|${DOWN})${LINKS} ${MIDDLE}\\b`,
)

/** Counts the words for a mean; of two, one is held against the other. */
const meansIn = (draft: Draft): number =>
  draft.tokens.filter(({ at, word }) => draft.isFree(at) && may(word, 'mean', 'median')).length

/** Reads on which side of the mean or the median the values of contracts lie, where it is contracts that are asked for. */
export const readRelation = (draft: Draft): Where['beside'] => {
  const free = draft.tokens.filter((token) => !draft.isClaimed(token))
  const isOfContracts =
    meansIn(draft) === 1 &&
    free.some(({ word }) => may(word, 'contracts')) &&
    // "Na secretaria de obras" names one.
    !free.some(
      ({ at, word }) =>
        may(word, 'suppliers', 'buyers', 'units', 'categories', 'who') &&
        !/^(?:de|da|do|del|of)$/.test(draft.word(at + 1)),
    )
  const found = isOfContracts ? draft.take(RELATION) : undefined
  if (!found) return undefined
  const side = found[1] === undefined ? 'below' : 'above'
  return found[2] === undefined ? `${side}_median` : `${side}_mean`
}

/** Tells whether a message speaks of values beside a mean that were not read as that of contracts. */
export const hasRelation = (draft: Draft): boolean =>
  meansIn(draft) === 1 && draft.find(RELATION) !== undefined
