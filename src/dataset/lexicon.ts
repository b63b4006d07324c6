import type { Canonical, ColumnNames } from './canonical.ts'
import { headerWords } from './header-name.ts'
import { FIGURE_NAMES } from './lexicon-figures.ts'
import { SUBJECT_NAMES } from './lexicon-subjects.ts'

const LEXICON: Readonly<Record<Canonical, ColumnNames>> = { ...SUBJECT_NAMES, ...FIGURE_NAMES }

/**
 * How well a column's name says that it is a canonical column: 0 (not at all) to 110 (its very name).
 * @param words the name in {@link headerWords}
 */
function nameScore(canonical: Canonical, name: string, words: string): number {
  if (name.trim().toLowerCase() === canonical) return 110
  const entry = LEXICON[canonical]
  for (const [score, pattern] of entry.names) {
    if (pattern.test(words)) return entry.never?.test(words) ? 0 : score
  }
  return 0
}

const CANONICAL = Object.keys(LEXICON) as Canonical[]
const remembered = new Map<string, readonly (readonly [Canonical, number])[]>()

/** Every canonical column that a name may mean, with its score. */
export function meanings(name: string): readonly (readonly [Canonical, number])[] {
  const known = remembered.get(name)
  if (known) return known
  const words = headerWords(name)
  const found: (readonly [Canonical, number])[] = []
  if (words !== '' && name.length <= 120) {
    for (const canonical of CANONICAL) {
      const score = nameScore(canonical, name, words)
      if (score > 0) found.push([canonical, score])
    }
  }
  if (remembered.size > 5000) remembered.clear()
  remembered.set(name, found)
  return found
}
