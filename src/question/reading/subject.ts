import type { Group, Subject } from '../../protocol/plan.ts'
import type { Register } from '../register.ts'
import { may } from './concepts.ts'
import type { Token } from './draft.ts'
import type { Mention } from './mention.ts'
import { subjectsOf } from './wishes.ts'

export const PARTIES: readonly Subject[] = ['suppliers', 'buyers', 'units', 'categories']

/** Is a word one for one thing in these languages, not for several? */
export const isOne = (word: string): boolean => !/s$/.test(word) || /(?:ss|us|business)$/.test(word)

/** Returns the party that a noun names, as the dataset has it: departments are units where there are several. */
export const partyOf = (token: Token, register: Register): Subject => {
  const subjects = subjectsOf(token)
  const found = subjects.find((subject) => PARTIES.includes(subject)) ?? 'contracts'
  if (found === 'units' && !register.names.some(({ kind }) => kind === 'unit')) return 'buyers'
  return found
}

export const groupOf = (of: Subject): Group =>
  of === 'suppliers' ? 'supplier' : of === 'units' ? 'unit' : of === 'categories' ? 'category' : 'buyer'

/** Returns the subject whose profile a single name asks for. */
export const subjectOfMention = ({ kind }: Mention): Subject =>
  kind === 'supplier'
    ? 'suppliers'
    : kind === 'buyer'
      ? 'buyers'
      : kind === 'unit'
        ? 'units'
        : kind === 'category'
          ? 'categories'
          : 'contracts'

/** Is a noun beside a word like "largest"? */
export const isRanked = ({ at }: Token, free: readonly Token[]): boolean =>
  free.some((one) => Math.abs(one.at - at) <= 2 && may(one.word, 'largest', 'smallest', 'most', 'least'))
