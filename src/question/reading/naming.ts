import { MOST_NAMES, type Where } from '../../protocol/plan.ts'
import type { Mention, NameField } from './mention.ts'
import type { Topic } from './topics.ts'

type Named = Pick<Where, NameField | 'topic'>

/** Returns names and things as a restriction; several of one field stand for any of them. */
export const naming = (mentions: readonly Mention[], topics: readonly Topic[]): Named => {
  const named: Named = {}
  for (const { field, texts } of mentions)
    named[field] = [...new Set([...(named[field] ?? []), ...texts])].slice(0, MOST_NAMES)
  if (topics.length > 0) named.topic = [...new Set(topics.map(({ phrase }) => phrase))].slice(0, MOST_NAMES)
  return named
}
