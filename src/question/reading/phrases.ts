import type { Draft } from './draft.ts'

/** Phrases by kind, in one string between commas; a word that ends in `*` stands for all that begin so. */
export type Phrases<Kind extends string> = Readonly<Partial<Record<Kind, string>>>

interface Known<Kind> {
  readonly kind: Kind
  readonly words: readonly string[]
}

/** A phrase that was found, from its first place to the one after its last. */
export interface Found<Kind> {
  readonly kind: Kind
  readonly from: number
  readonly to: number
}

const fits = (word: string, wanted: string): boolean =>
  wanted.endsWith('*') ? word.startsWith(wanted.slice(0, -1)) : word === wanted

const START = 3

const PHRASED = new Set<string>()
/** Tells whether a word is a whole word of some phrase. */
export const isPhrased = (word: string): boolean => PHRASED.has(word)

/** Makes a finder of phrases, of which the longest is found. */
export const phraseBook = <Kind extends string>(phrases: Phrases<Kind>) => {
  const byStart = new Map<string, Known<Kind>[]>()
  const byEnd = new Map<string, Known<Kind>[]>()
  const add = (map: typeof byStart, word: string, known: Known<Kind>): void => {
    const key = word.slice(0, START)
    map.set(
      key,
      [...(map.get(key) ?? []), known].sort((a, b) => b.words.length - a.words.length),
    )
  }
  for (const [kind, list] of Object.entries(phrases) as [Kind, string][])
    for (const phrase of list.split(',')) {
      const words = phrase.trim().split(' ')
      for (const word of words) PHRASED.add(word)
      add(byStart, words[0] as string, { kind, words })
      add(byEnd, words.at(-1) as string, { kind, words })
    }
  const isAt = ({ words }: Known<Kind>, draft: Draft, from: number): boolean =>
    words.every((wanted, place) => draft.isFree(from + place) && fits(draft.word(from + place), wanted))
  return {
    /** Finds the longest phrase that begins at a place. */
    at: (draft: Draft, from: number): Found<Kind> | undefined => {
      const found = byStart.get(draft.word(from).slice(0, START))?.find((one) => isAt(one, draft, from))
      return found && { kind: found.kind, from, to: from + found.words.length }
    },
    /** Finds the longest phrase that ends right before a place. */
    before: (draft: Draft, to: number): Found<Kind> | undefined => {
      const found = byEnd
        .get(draft.word(to - 1).slice(0, START))
        ?.find((one) => to >= one.words.length && isAt(one, draft, to - one.words.length))
      return found && { kind: found.kind, from: to - found.words.length, to }
    },
  }
}
