import type { Having } from '../../protocol/plan.ts'
import { may } from './concepts.ts'
import { asksParties } from './deed.ts'
import type { Draft } from './draft.ts'

/** Beyond a bound that is not in it itself. */
const BEYOND = 1e-6
const PART =
  /\b(?:(mais d[ae]|mas de|more than|over|acima d[ae]|menos d[ae]|less than|under|pelo menos|al menos|at least) )?(?:(?:a|la|the|um|un|one) )?(metade|mitad|half|terco|tercio|third)(?= (?:d[aoe]s?|del|of|what|all|its|their) )/
/** Parts of a time: "the first half of 2024". */
const PERIOD =
  /\b(?:primeir[ao]|segund[ao]|primer[ao]?|first|second|terceir[ao]|tercer[ao]?|ultim[ao]|last|d[ao]) $/
const TOGETHER = /\b(?:juntos|juntas|together|combined|somados|somadas|soma|sumados)\b/
const SIZES: Readonly<Record<string, number>> = { terco: 100 / 3, tercio: 100 / 3, third: 100 / 3 }

/**
 * Reads the part of the money that each asked-for party has at least or at most, "quem levou mais da metade dos gastos",
 * and claims its words. How many parties have half of it together is another question.
 */
export const readPartOfAll = (draft: Draft): Having['share'] | undefined => {
  const found = draft.find(PART)
  if (!found || !asksParties(draft, draft.tokens.length)) return undefined
  const { folded } = draft
  const end = found.index + found[0].length
  if (PERIOD.test(folded.slice(0, found.index)) || TOGETHER.test(folded)) return undefined
  const free = draft.tokens.filter(({ at }) => draft.isFree(at))
  if (free.some(({ word }) => may(word, 'howmany', 'growth', 'fall', 'compare'))) return undefined
  // Half of the contracts is a part of their number.
  const [, ...behind] = draft.tokens.filter(({ start }) => start >= end)
  if (behind.slice(0, 2).some(({ word }) => may(word, 'contracts', 'suppliers', 'buyers', 'units')))
    return undefined
  draft.claimSpan(found.index, end)
  const percent = SIZES[found[2] as string] ?? 50
  const bound = found[1] ?? ''
  if (/^(?:menos|less|under)/.test(bound)) return { max: percent - BEYOND }
  return { min: /^(?:mais|mas|more|over|acima)/.test(bound) ? percent + BEYOND : percent }
}
