import { LRUCache } from 'lru-cache'
import type { Canonical, ColumnNames } from './canonical.ts'
import { headerWords } from './header-name.ts'
import { dialectMeanings } from './lexicon-dialects.ts'
import { FIGURE_NAMES } from './lexicon-figures.ts'
import { SUBJECT_NAMES } from './lexicon-subjects.ts'
import { withoutUnit } from './money-unit.ts'

const LEXICON: Readonly<Record<Canonical, ColumnNames>> = { ...SUBJECT_NAMES, ...FIGURE_NAMES }

/**
 * Scores a column's name for a canonical column: 0 (no match) to 110 (exact).
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
const remembered = new LRUCache<string, readonly (readonly [Canonical, number])[]>({ max: 5000 })

/** Matches the path of a release before a name in a flattened file. */
const RELEASE = /^(?:(?:releases|records)[/.]\d+[/.])?(?:compiledRelease[/.])?/
/** Matches the separator of a name of two halves, each of which may be a name: `Valor do Contrato/Valor Estimado`. */
const HALVES = /\s*\/\s*|\s+ou\s+|\s+or\s+/i

/** Returns every canonical column that a name may stand for, with its score. */
export function meanings(name: string): readonly (readonly [Canonical, number])[] {
  const known = remembered.get(name)
  if (known) return known
  let found = ownMeanings(name)
  if (found.length === 0 && name.length <= 120) {
    const halves = name.split(HALVES).filter((half) => half.length > 5)
    if (halves.length === 2) found = halves.flatMap(ownMeanings).map(([meant, score]) => [meant, 0.9 * score])
  }
  remembered.set(name, found)
  return found
}

function ownMeanings(name: string): readonly (readonly [Canonical, number])[] {
  const words = headerWords(withoutUnit(name.replace(RELEASE, '')))
  const own = dialectMeanings(name)
  const found: (readonly [Canonical, number])[] = [
    ...(own.length > 0 ? own : dialectMeanings(withoutUnit(name))),
  ]
  if (words !== '' && name.length <= 120) {
    for (const canonical of CANONICAL) {
      const score = nameScore(canonical, name, words)
      const known = found.findIndex(([meant]) => meant === canonical)
      if (known < 0 && score > 0) found.push([canonical, score])
      else if (known >= 0 && score > (found[known]?.[1] ?? 0)) found[known] = [canonical, score]
    }
  }
  return found
}
