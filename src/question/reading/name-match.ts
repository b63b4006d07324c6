import { otherWordsFor } from '../purchases.ts'
import type { KnownName, Register } from '../register.ts'
import { stem } from '../stem.ts'
import { BODIES, LINKS } from './bodies.ts'
import { isKnown, isWhole, may } from './concepts.ts'
import type { Draft, Token } from './draft.ts'
import type { NameField } from './mention.ts'
import { speller } from './spelling.ts'

export interface Match {
  readonly to: number
  readonly found: readonly KnownName[]
  readonly matched: number
  readonly respelt: boolean
  readonly translated: boolean
}

/** Returns those of some names that have one more word, looked for among whichever are fewer. */
const having = (
  found: readonly KnownName[],
  parts: readonly string[],
  named: readonly KnownName[],
  part: string,
): readonly KnownName[] =>
  named.length < found.length
    ? named.filter((name) => parts.every((one) => name.stems.includes(one)))
    : found.filter((name) => name.stems.includes(part))

/** Makes the reader of names in one message. */
export const reader = (draft: Draft, register: Register) => {
  const { tokens } = draft
  const respelt = speller()
  const inText = (word: string): boolean => register.words.has(word) || register.wordsByStem.has(stem(word))
  const namedBy = (word: string): readonly KnownName[] => register.namesByStem.get(stem(word)) ?? []

  const candidates = (token: Token): Pick<Match, 'found' | 'respelt' | 'translated'> & { stem: string } => {
    const { word } = token
    const direct = namedBy(word)
    if (direct.length > 0) return { found: direct, stem: stem(word), respelt: false, translated: false }
    if (isKnown(word) || isWhole(word)) return { found: [], stem: '', respelt: false, translated: false }
    const others = inText(word) ? [] : otherWordsFor([word])
    for (const other of others) {
      if (other.includes(' ')) continue
      const found = namedBy(other).filter(({ kind }) => kind !== 'supplier')
      if (found.length > 0) return { found, stem: stem(other), respelt: false, translated: true }
    }
    if (others.length > 0 || inText(word)) return { found: [], stem: '', respelt: false, translated: false }
    const right = respelt(word, (one) =>
      isWhole(one)
        ? Number.MAX_SAFE_INTEGER
        : (register.namesWithWord.get(one) ?? 0) * 2 + (register.words.get(one) ?? 0),
    )
    return right !== undefined && !isWhole(right)
      ? { found: namedBy(right), stem: stem(right), respelt: true, translated: false }
      : { found: [], stem: '', respelt: false, translated: false }
  }

  /** Finds the names that have the most words from one place on, links between them left out. */
  const matchAt = (from: number): Match | undefined => {
    const first = candidates(tokens[from] as Token)
    if (first.found.length === 0) return undefined
    let match: Match = { ...first, to: from + 1, matched: 1 }
    const seen = new Set([first.stem])
    for (let at = from + 1; at < tokens.length; at++) {
      const token = tokens[at] as Token
      if (draft.isClaimed(token)) break
      if (/[,;:!?\n]/.test(draft.text.slice((tokens[at - 1] as Token).end, token.start))) break
      const part = stem(token.word)
      const kept = seen.has(part) ? [] : having(match.found, [...seen], namedBy(token.word), part)
      if (kept.length > 0) {
        seen.add(part)
        match = { ...match, found: kept, to: at + 1, matched: match.matched + 1 }
        continue
      }
      if (LINKS.has(token.word)) continue
      const slip = isKnown(token.word) || token.word.length < 5 ? undefined : candidates(token)
      const mended = slip?.respelt ? match.found.filter((name) => name.stems.includes(slip.stem)) : []
      if (mended.length === 0) break
      match = { ...match, found: mended, to: at + 1, matched: match.matched + 1, respelt: true }
    }
    return match
  }

  /** Returns the kind of name that the word before announces: "the company X". */
  const announced = (from: number): { kind: NameField; direct: boolean; at: number } | undefined => {
    let at = from - 1
    let direct = true
    while (at >= 0 && LINKS.has((tokens[at] as Token).word)) {
      if (/^(?:de|da|do|das|dos|del|of|for|para)$/.test((tokens[at] as Token).word)) direct = false
      at -= 1
    }
    const cue = tokens[at]
    if (!cue || from - at > 4 || draft.isClaimed(cue)) return undefined
    const { word } = cue
    const many = /s$/.test(word) && !/ss$/.test(word)
    if (may(word, 'suppliers'))
      return many && !direct ? undefined : direct ? { kind: 'supplier', direct, at } : undefined
    if (may(word, 'categories')) return { kind: 'category', direct, at }
    if (may(word, 'modality') && !many) return { kind: 'modality', direct, at }
    if (may(word, 'buyers', 'units') || (BODIES.has(word) && word.length > 5))
      return many ? undefined : { kind: 'buyer', direct, at }
    return undefined
  }

  /** Is a word one of a category's, so that contracts "of" it are contracts of that kind? */
  const inCategory = (word: string): boolean => namedBy(word).some(({ kind }) => kind === 'category')

  return { tokens, inText, inCategory, matchAt, announced, draft }
}

export const coverage = (name: KnownName, matched: number): number => matched / Math.max(1, name.words.length)

/** Finds the names that have a word's letters as initials; two letters, in capitals, are those of a body only. */
export const initialsOf = ({ word, written }: Token, { namesByInitials }: Register): readonly KnownName[] => {
  const names = namesByInitials.get(word) ?? []
  if (word.length > 2) return names
  return written === written.toUpperCase()
    ? names.filter(({ kind }) => kind === 'buyer' || kind === 'unit')
    : []
}

/** Words for bodies of any kind, which are no part of a body's name. */
const ANY_BODY =
  /^(?:orgao|comprador\w*|unidade|unidad|entidade|entidad|organismo|buyer|agency|purchaser|entity|unit|contratante|instituicao|institucion)$/
export const isParticular = ({ word }: Token): boolean => !ANY_BODY.test(word)

/** Does only one body have these words, and does its own name begin with the first? */
export const isOnly = (names: readonly KnownName[], { word }: Token, asThings: boolean): boolean => {
  const bodies = names.filter(({ kind }) => kind === 'buyer' || kind === 'unit')
  const [name] = bodies
  if (!name || new Set(bodies.map((one) => one.name)).size > 1) return false
  // A word that no contract speaks of can only be the name's, wherever it stands in it.
  if (!asThings) return true
  const [first] = core(name)
  return first !== undefined && stem(first) === stem(word)
}

/** Returns the words of a name that tell it from other bodies. */
export const core = (name: KnownName): readonly string[] => name.words.filter((word) => !BODIES.has(word))

export type Reader = ReturnType<typeof reader>
