import type { Draft } from './draft.ts'
import { type Placed, targetFrom } from './exclusion.ts'
import { phraseBook } from './phrases.ts'

const INSTEAD = phraseBook<'instead'>({
  instead:
    'em vez d*, em vez, ao inves d*, no lugar d*, em lugar d*, en vez de, en vez del, en lugar de, en lugar del, instead of, rather than, in place of, e nao mais',
})
/** Words between that and what it replaces. */
const BETWEEN =
  /^(?:de|do|da|dos|das|del|a|o|os|as|el|la|los|las|the|of|em|no|na|en|in|com|con|with|por|by|para|for|contratos?|contracts?|ano|year|secretaria|empresa)$/

/** Returns what a message replaces by something else, "instead of health", and claims the words for that. */
export const readInstead = <T extends Placed>(draft: Draft, targets: readonly T[]): T[] => {
  const replaced: T[] = []
  for (const { at } of draft.tokens) {
    const found = draft.isFree(at) ? INSTEAD.at(draft, at) : undefined
    if (!found) continue
    const target = targetFrom(draft, found.to, targets, [BETWEEN])
    if (target) {
      replaced.push(target)
      draft.claimWords(found.from, target.from)
      continue
    }
    // "Instead of money, by number": what it replaces is no name.
    const comma = draft.tokens.find((one) => one.at > found.to && /,/.test(draft.gap(one.at)))
    const isOpen = (to: number) =>
      draft.tokens.slice(found.to, to).every(({ at: place }) => !/[.;:!?]/.test(draft.gap(place)))
    if (comma && comma.at <= found.to + 3 && isOpen(comma.at)) draft.claimWords(found.from, comma.at)
  }
  return replaced
}

/** Finds the words of a replacement that was not understood. */
export const insteadAt = (draft: Draft): number | undefined =>
  draft.tokens.find(({ at }) => draft.isFree(at) && INSTEAD.at(draft, at))?.at
