import { LRUCache } from 'lru-cache'
import { LANGUAGES, type Language } from '../../language/language.ts'
import { type Role, rolesOf } from './operators.ts'
import { type Concept, WORDS } from './words.ts'

type Sense = readonly [Language, Concept]

const whole = new Map<string, Sense[]>()
const prefixes: [prefix: string, sense: Sense][] = []
for (const language of LANGUAGES)
  for (const [concept, list] of Object.entries(WORDS[language]) as [Concept, string][])
    for (const word of new Set(list.split(/\s+/))) {
      const sense: Sense = [language, concept]
      if (word.endsWith('*')) prefixes.push([word.slice(0, -1), sense])
      else whole.set(word, [...(whole.get(word) ?? []), sense])
    }

const remembered = new LRUCache<string, readonly Sense[]>({
  max: 5000,
  memoMethod: (word) => [
    ...(whole.get(word) ?? []),
    ...prefixes.filter(([prefix]) => word.startsWith(prefix)).map(([, sense]) => sense),
  ],
})

/** Returns the meanings that a folded word has in a question, by language; none for words of no list. */
export const sensesOf = (word: string): readonly Sense[] => remembered.memo(word)

/** Tells whether a folded word may do this in a question, in any of the languages. */
export const may = (word: string, ...concepts: readonly Concept[]): boolean =>
  sensesOf(word).some(([, concept]) => concepts.includes(concept))

/** Tells whether a folded word only binds other words and means nothing by itself. */
export const isFiller = (word: string): boolean => {
  const senses = sensesOf(word)
  return senses.length > 0 && senses.every(([, concept]) => concept === 'filler')
}

/** Roles of words that name things too. */
const OPEN: readonly Role[] = ['ratio', 'beyond']

/** Tells whether a folded word has a meaning in questions. */
export const isKnown = (word: string): boolean =>
  sensesOf(word).length > 0 || rolesOf(word).some((role) => !OPEN.includes(role))

/** Tells whether a word is in a list as a whole, so that misspelt ones are recognised by it. */
export const isWhole = (word: string): boolean => whole.has(word)

/** Endings that verbs have and things bought hardly ever. */
const VERBAL = /(?:[aei]ram|[ai]ron|ieron|[^aeio]ou|[^s]eu|iu|avam?|[aei]ndo|[bcdfghklmnprstvwz]ed)$/
/** Tells whether a word ends like a verb that tells what was done. */
export const isVerbal = (word: string): boolean => word.length > 4 && VERBAL.test(word)
