import type { Token } from './draft.ts'
import { omissions } from './omissions.ts'
import { type Case, isAccounted } from './said.ts'

/**
 * Returns the words of a message that change a figure and that its plan does not say: negations, bounds, times, ratios,
 * ranks, numbers, and names or things that were understood and dropped. Where there are any, the plan's figure would
 * answer another question.
 */
export const unaccounted = (one: Case): Token[] => [
  ...one.parts.draft.tokens.filter((token) => !one.parts.draft.isClaimed(token) && !isAccounted(one, token)),
  ...omissions(one),
]
