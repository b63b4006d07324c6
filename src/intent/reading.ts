import { nearly, tokens } from '../language/folding.ts'
import { type Concept, PHRASES, WORDS } from './lexicon.ts'
import { LANGUAGES, type Language } from './understanding.ts'

type Meaning = Concept | 'about' | 'howto' | 'whatis'

/** The concepts that the words of a message express. */
export interface Reading {
  readonly words: readonly string[]
  readonly language: Language
  /** true where a word was only recognised as another one misspelt. */
  readonly misspelt: boolean
  /** Tells whether one of the concepts occurs and is not negated by a "not" shortly before it. */
  says(...any: readonly Meaning[]): boolean
  /** Returns the place of the concept's first word; Infinity when it does not occur. */
  at(concept: Meaning): number
}

type Sense = readonly [Language, Concept]

/** Words of a message that are read: later ones do not change its intent. */
const MOST_WORDS = 120
/** Unknown words that are tried as misspelt ones. */
const MOST_UNKNOWN = 16
const LEAST_LETTERS = 6
/** Words behind a "not" that it negates. */
const NEGATION_REACH = 3

const DENIALS: Readonly<Record<Language, ReadonlySet<string>>> = {
  pt: new Set(WORDS.pt.not.split(' ')),
  es: new Set(WORDS.es.not.split(' ')),
  en: new Set(WORDS.en.not.split(' ')),
}

/** Concepts that a "not" negates; others stay, as "I don't know where to begin" asks for help all the same. */
const DENIABLE: ReadonlySet<Meaning> = new Set<Meaning>([
  'investigate',
  'start',
  'report',
  'chart',
  'search',
  'list',
  'explain',
  'statistics',
])

const whole = new Map<string, Sense[]>()
const stems: [stem: string, sense: Sense][] = []
for (const language of LANGUAGES)
  for (const [concept, list] of Object.entries(WORDS[language]) as [Concept, string][])
    for (const word of list.split(/\s+/)) {
      const sense: Sense = [language, concept]
      if (word.endsWith('*')) stems.push([word.slice(0, -1), sense])
      else whole.set(word, [...(whole.get(word) ?? []), sense])
    }

/** Words and stems for misspelt ones, by first letter. */
const spellings = new Map<string, [right: string, stem: boolean, senses: Sense[]][]>()
const spell = (right: string, stem: boolean, senses: Sense[]) => {
  if (right.length < LEAST_LETTERS - 1) return
  const letter = right[0] as string
  spellings.set(letter, [...(spellings.get(letter) ?? []), [right, stem, senses]])
}
for (const [word, senses] of whole) spell(word, false, senses)
for (const [stem, sense] of stems) spell(stem, true, [sense])

const sensesOf = (word: string): Sense[] => [
  ...(whole.get(word) ?? []),
  ...stems.filter(([stem]) => word.startsWith(stem)).map(([, sense]) => sense),
]

const misspelling = (word: string): Sense[] => {
  if (word.length < LEAST_LETTERS || /\d/.test(word)) return []
  const slipped = (right: string, stem: boolean) =>
    nearly(word, right) ||
    (stem && [-1, 0, 1].some((more) => nearly(word.slice(0, right.length + more), right)))
  return spellings.get(word[0] as string)?.find(([right, stem]) => slipped(right, stem))?.[2] ?? []
}

/**
 * Spelling marks of one language, with their weights. Words that only one language has weigh more than shared ones,
 * and spelling marks weigh most.
 */
const MARKS: readonly (readonly [RegExp, Language, number])[] = [
  [/[ãõ]|ç|lh|nh|\b(você|não|são|é)\b/i, 'pt', 1.5],
  [/[ñ¿¡]|\b(el|los|las|y|del|muy|cuál|cómo|qué)\b/i, 'es', 1.5],
  [/\b(the|of|is|are|and|you|what|which|my)\b|'(s|t|re|m)\b/i, 'en', 1.5],
]

/**
 * Reads a message by the lexicon of three languages.
 * @param text as the user wrote it
 * @param folded the same text, folded
 * @param otherwise the language of a text whose words do not tell one
 */
export const read = (text: string, folded: string, otherwise: Language): Reading => {
  const words = tokens(folded).slice(0, MOST_WORDS)
  const places = new Map<Meaning, number[]>()
  const score: Record<Language, number> = { pt: 0, es: 0, en: 0, [otherwise]: 0.1 }
  const note = (concept: Meaning, at: number) => {
    const known = places.get(concept)
    if (!known) places.set(concept, [at])
    else if (known.at(-1) !== at) known.push(at)
  }
  let unknown = 0
  let misspelt = false
  for (const [at, word] of words.entries()) {
    let senses = sensesOf(word)
    if (senses.length === 0 && unknown < MOST_UNKNOWN) {
      unknown += 1
      senses = misspelling(word)
      misspelt ||= senses.length > 0
    }
    for (const [, concept] of senses) if (concept !== 'function' && concept !== 'not') note(concept, at)
    const languages = new Set(senses.map(([language]) => language))
    for (const language of languages) score[language] += 1 / languages.size
  }
  const line = words.join(' ')
  for (const [pattern, concept, language] of PHRASES) {
    const found = pattern.exec(line)
    if (!found) continue
    note(concept, line.slice(0, found.index).split(' ').length - 1)
    score[language] += 0.5
  }
  const opening = text.slice(0, 2000)
  for (const [mark, language, weight] of MARKS) if (mark.test(opening)) score[language] += weight
  const language = LANGUAGES.reduce((best, one) => (score[one] > score[best] ? one : best))
  // "No" means "in the" in Portuguese and "not" in the two others.
  const denials = words.flatMap((word, at) => (DENIALS[language].has(word) ? [at] : []))
  const denied = (at: number) => denials.some((not) => not < at && at - not <= NEGATION_REACH)
  return {
    words,
    language,
    misspelt,
    says: (...any) =>
      any.some(
        (concept) => places.get(concept)?.some((at) => !DENIABLE.has(concept) || !denied(at)) ?? false,
      ),
    at: (concept) => Math.min(...(places.get(concept) ?? [])),
  }
}
