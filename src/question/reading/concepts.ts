import { LRUCache } from 'lru-cache'
import { LANGUAGES, type Language } from '../../language/language.ts'
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

/** Returns what a folded word does in a question, by language; empty for words of no list. */
export const sensesOf = (word: string): readonly Sense[] => remembered.memo(word)

/** Tells whether a folded word may do this in a question, in any of the languages. */
export const may = (word: string, ...concepts: readonly Concept[]): boolean =>
  sensesOf(word).some(([, concept]) => concepts.includes(concept))

/** Tells whether a folded word means nothing but what binds others. */
export const isFiller = (word: string): boolean => {
  const senses = sensesOf(word)
  return senses.length > 0 && senses.every(([, concept]) => concept === 'filler')
}

/** Tells whether a folded word is in a list of what questions are made of. */
export const isKnown = (word: string): boolean => sensesOf(word).length > 0

/** Words of the lists by which misspelt ones are recognised. */
export const isWhole = (word: string): boolean => whole.has(word)
