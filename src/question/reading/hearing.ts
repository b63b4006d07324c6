import type { Group, Having, Plan, Subject, Where } from '../../protocol/plan.ts'
import type { Register } from '../register.ts'
import { isCompared, type Sides, sides, sinceYearBefore } from './comparison.ts'
import { may } from './concepts.ts'
import type { Token } from './draft.ts'
import { isLeftOut } from './exclusion.ts'
import type { Mention } from './mention.ts'
import type { Parts } from './parts.ts'
import { restriction } from './restriction.ts'
import { wholeOf } from './share.ts'
import { says, subjectsOf } from './wishes.ts'

/** The wish of a message: its figures, slice and order; each is undefined where the message leaves it open. */
export interface Wish {
  measure?: Plan['measure'] | undefined
  of?: Subject | undefined
  group?: Group | undefined
  order?: Plan['order']
  limit?: number | undefined
  place?: number | undefined
  compare?: Where[] | undefined
  having?: Having | undefined
  whole?: Where | undefined
  per?: Group | undefined
  split?: Group | undefined
  where: Where
}

const MORE_CONTRACTS =
  /\b(?:mais|mas) (?:us(?:a|ou|am|aram|o|an|aron)|utiliz\w+|recorr\w+|recurr\w+)\b|\b(?:mais|mas|more|most|menos|fewest|fewer|less|maior(?:es)? (?:numero|quantidade) de|maior volume de|mayor (?:numero|cantidad) de|(?:largest|highest|greatest) number of|menor (?:numero|quantidade|cantidad) de|(?:smallest|lowest) number of) (?:vezes )?(?:contrat\w*|contract\w*|compras|purchases|licita\w*|dispensas|preg(?:ao|oes)|inexigib\w*|concorrencias|(?:direct )?awards|adjudica\w*|deals|tenders|assin\w+|firm\w+|vezes|veces|times|often)\b|\b(?:em|por|by|in) (?:n[o.]|numero|quantidade|qtd|cantidad|number|count) (?:de|of) (?:contrat\w*|contract\w*|compras|purchases|licita\w*|dispensas|preg(?:ao|oes)|inexigib\w*|concorrencias|adjudica\w*|(?:direct )?awards)\b|\bmais contratad[oa]s?\b|\bmost (?:frequent|often)\b/
const BY_VALUE =
  /\b(?:em|por|in|by|en|of) (?:o |the )?(?:valor(?:es)?|value|dinheiro|dinero|reais|reales|money|montante|importe|volume financeiro|gasto)\b/
const GOES = /\b(?:go(?:es|ne|ing)?|went) (?:up|down)\b/
const SHARES = /%|\b(?:por ?cento|por ciento|percent(?:age)?)\b/
const OF_TOTAL =
  /\b(?:em relacao ao|en relacion (?:al|con el)|frente ao|respecto (?:al|del)|relative to the|in relation to the|compared (?:to|with) the) total\b/
const EACH = /\b(?:cada|each|every|cada um|cada una?)\b/

/** The words of a message taken together, before its subject is known. */
export interface Hearing {
  readonly parts: Parts
  readonly register: Register
  readonly text: string
  readonly words: ReturnType<typeof says>
  /** Words for contracts, parties and findings that nobody has claimed, in their order. */
  readonly nouns: readonly Token[]
  /** The names that are not left out. */
  readonly several: readonly Mention[]
  readonly verbs: { readonly received: boolean; readonly spent: boolean }
  readonly most: boolean
  readonly least: boolean
  readonly where: Where
  readonly asksShare: boolean
  readonly rises: boolean
  /** True where each of some things is asked for. */
  readonly each: boolean
  /** True where things are counted by their contracts rather than by money. */
  readonly byCount: boolean
  /** The sides of a comparison. */
  readonly beside: Sides | undefined
  readonly compared: boolean
  /** Makes the wish out of what a reader of it understood. */
  finish(made: Partial<Wish>): Wish
}

/** Hears what the words of a message say together. */
export const hear = (parts: Parts, register: Register): Hearing => {
  const { draft, mentions } = parts
  const words = says(draft)
  const text = draft.folded
  const { any, free } = words
  const where = restriction(parts)
  const rises = any('growth', 'fall') || GOES.test(text) || parts.grew !== undefined
  const compared = isCompared(parts, rises)
  return {
    parts,
    register,
    text,
    words,
    nouns: free.filter((token) => subjectsOf(token).length > 0 && !may(token.word, 'filler')),
    several: mentions.filter((one) => !isLeftOut(one, parts.exclusions)),
    verbs: { received: any('received'), spent: any('spent') },
    most: any('largest', 'most'),
    least: any('smallest', 'least'),
    where,
    asksShare:
      any('share') ||
      (SHARES.test(text) && where.increase === undefined && !parts.amendment) ||
      OF_TOTAL.test(text) ||
      parts.perHundred,
    rises,
    each: EACH.test(text),
    byCount: MORE_CONTRACTS.test(text) && !BY_VALUE.test(text),
    beside: (compared ? sides(parts) : undefined) ?? (rises ? sinceYearBefore(parts) : undefined),
    compared,
    finish(made) {
      const whole = made.measure === 'share' && made.of === 'contracts' ? wholeOf(parts, where) : undefined
      return { where, ...(whole ? { whole } : {}), ...made }
    },
  }
}
