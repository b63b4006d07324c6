import type { Plan } from '../../protocol/plan.ts'
import type { Parts } from './parts.ts'

/** Most words of a question about one contract that was told before. */
const FEW_ASKED = 8
const OF_IT =
  /^\W*(?:(?:e|y|and) )?(?:(?:el[ea]|est[ea]|ess[ea]|esse contrato|este contrato|o contrato|it|this|that|the contract|(?:has|was|did|is) (?:it|this|that)|foi|fue|houve|hubo|teve|tem|tuvo|tiene|sofreu|sufrio|recebeu|ja|does) )/
/** What the story of a contract tells: its value, its length. */
const ITS_OWN =
  /^\W*(?:(?:e|y|and) )?(?:(?:qual|cual|what)(?: (?:e|eh|foi|era|es|fue|is|was)|s)? )?(?:o|a|el|la|the|its|seu|su)(?: seu)? (?:valor|preco|precio|importe|value|price|prazo|plazo|duracao|duracion|vigencia|length|duration)(?: (?:dele|del contrato|do contrato|desse contrato|deste contrato|de ese contrato|of it|of that contract|of the contract))?\W*$/
/** Tells whether a message of few words asks for the amendments of what was told before. */
const asksOfIt = ({ draft, mentions, topics, periods, amendment }: Parts): boolean =>
  draft.tokens.length <= FEW_ASKED &&
  OF_IT.test(draft.folded) &&
  mentions.length + topics.length + periods.length === 0 &&
  amendment?.order === undefined &&
  !/\b(?:algum|alguns|quais|quantos|que|outro|contratos|algun|otros?|any other|which|contracts)\b/.test(
    draft.folded.replace(/algum aditivo|algun aditivo/, ''),
  )

/**
 * Returns the plan that tells the story of the one contract of the plan before, where a message asks for its amendments,
 * "tem aditivo?": the story tells its first value beside. Undefined for other messages.
 */
export const storyOfIt = (before: Plan, parts: Parts): Plan | undefined => {
  const isOne =
    before.of === 'contracts' &&
    before.group === undefined &&
    (before.limit === 1 || before.where.contract !== undefined)
  const asks = ITS_OWN.test(parts.draft.folded) || (parts.amendment !== undefined && asksOfIt(parts))
  if (!isOne || !asks) return undefined
  parts.draft.claimWords(0, parts.draft.tokens.length)
  const { increase: _increase, ...where } = before.where
  return before.where.contract === undefined
    ? { ...before, where, place: before.place ?? 1 }
    : { measure: 'summary', of: 'contracts', where: before.where }
}
