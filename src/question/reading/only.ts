import { AFTER_DEED, asksParties, isDeed } from './deed.ts'
import type { Draft } from './draft.ts'
import { type Placed, targetFrom } from './exclusion.ts'

const ONLY =
  /^(?:so|somente|apenas|exclusiv(?:[oa]s?|e)|exclusivamente|unicamente|solo|solamente|only|just|exclusively|solely)$/
const WHICH = /^(?:que|who|that|which|quem|quien|quienes)$/
/** Words behind the verb that say nothing of what it is about. */
const isBetween = { test: (word: string) => AFTER_DEED.test(word) || isDeed(word) }

/** The one name, thing or time that parties have contracts with, and no other: "que só venderam para a saúde". */
export interface Only {
  readonly at: number
  readonly target: Placed
}

/**
 * Reads "only" as what a party does and nothing else, where the message asks which parties: behind "that", or beside a
 * verb. "Fornecedores só da saúde" restricts the contracts, and is not read here. Claims the words before the target.
 */
export const readOnly = (draft: Draft, targets: readonly Placed[]): Only | undefined => {
  for (const { at, word } of draft.tokens) {
    if (!ONLY.test(word) || !draft.isFree(at) || !asksParties(draft, at)) continue
    const isOfDeed =
      /^exclusiv(?:[oa]s?|e)$/.test(word) ||
      WHICH.test(draft.word(at - 1)) ||
      isDeed(draft.word(at - 1)) ||
      isDeed(draft.word(at + 1))
    // "With direct awards only".
    const before = targets.find((one) => one.to === at)
    if (before && /^(?:with|com|con|por|by|via|in|em|en)$/.test(draft.word(before.from - 1))) {
      draft.claimWords(at, at + 1)
      return { at, target: before }
    }
    const target = isOfDeed ? targetFrom(draft, at + 1, targets, [isBetween]) : undefined
    if (!target) continue
    draft.claimWords(at, at + 1)
    return { at, target }
  }
  return undefined
}
