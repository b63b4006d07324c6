import type { Having } from '../../protocol/plan.ts'
import type { Draft } from './draft.ts'

type Bounds = NonNullable<Having['growth']>

/** What is done by so many times as much, before that. */
const SPENDS =
  '\\b(?:gast|receb|recib|cobr|fact|fat|pag|compr|contrat|gan|invest|invirt|spen|earn|receiv|paid|got|sold|vend)[a-z]* '

/** Ways to say how many times as much something became, and the growth in percent that each means. */
const MULTIPLES: readonly (readonly [RegExp, Bounds])[] = [
  [
    /\b(?:mais (?:do )?que |more than )?(?:dobrou|dobraram|duplicou|duplicaram|duplico|duplicaron|doubled)\b/,
    { min: 100 },
  ],
  [/\b(?:triplicou|triplicaram|triplico|triplicaron|tripled)\b/, { min: 200 }],
  [new RegExp(`(?<=${SPENDS})(?:(?:o|el) (?:dobro|doble)|twice as much|double)\\b`), { min: 100 }],
  [/\bdouble(?= (?:from|between|since|in|over)\b)/, { min: 100 }],
  [new RegExp(`(?<=${SPENDS})(?:o triplo|el triple|three times as much)\\b`), { min: 200 }],
  [
    /\b(?:(?:cai|ca|reduzi|encolhe|redu|baj|diminui)[a-z]* (?:pela|para a|a la|em|en) (?:metade|mitad)|(?:fell|dropped|shrank|cut|went down) (?:by|to|in) half|halved)\b/,
    { max: -50 },
  ],
]
const BEYOND = 1e-6

/** Reads by how much something must have grown or fallen from one period to the next, and claims the words. */
export const readMultiple = (draft: Draft): Bounds | undefined => {
  for (const [words, bounds] of MULTIPLES) {
    const found = draft.take(words)
    if (!found) continue
    return /^(?:mais|more)/.test(found[0]) && bounds.min !== undefined ? { min: bounds.min + BEYOND } : bounds
  }
  return undefined
}
