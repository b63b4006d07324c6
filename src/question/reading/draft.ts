import { fold } from '../../language/folding.ts'

/** Characters of a message that are read. */
const MOST_CHARACTERS = 10_000

/** One word of a message. */
export interface Token {
  readonly at: number
  /** Folded. */
  readonly word: string
  /** As the person wrote it. */
  readonly written: string
  readonly start: number
  readonly end: number
  /** Begins with a capital letter inside a sentence, in a message that is not all capitals. */
  readonly capital: boolean
}

/**
 * A message while it is read: each reader claims the words that it understood, so that what nobody claims can be named.
 */
export interface Draft {
  readonly text: string
  /** {@link fold} of the text: each character at its place. */
  readonly folded: string
  readonly tokens: readonly Token[]
  isClaimed(token: Token): boolean
  /** Tells whether there is a word at a place that nobody has claimed. */
  isFree(at: number): boolean
  /** Returns the folded word at a place; empty beyond the ends. */
  word(at: number): string
  /** Returns what stands between the word at a place and the one before it. */
  gap(at: number): string
  /** Reads a misspelt word as another one from now on. */
  mend(token: Token, word: string): void
  /** Claims one word, all from one place to before another, or all between two places of the text. */
  claim(token: Token): void
  claimWords(from: number, to: number): void
  claimSpan(start: number, end: number): void
  /** Finds a pattern in the words that nobody has claimed yet, and claims it. */
  take(pattern: RegExp): RegExpExecArray | undefined
  /** Finds a pattern in the words that nobody has claimed yet, and claims nothing. */
  find(pattern: RegExp): RegExpExecArray | undefined
}

/** A number with its separators and what is written to it, "1.500,00" or "1,5mi"; or a word. */
const WORD = /\d+(?:[.,]\d{1,3}(?!\d))+\p{L}*|[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu

/** Opens a message for reading; text beyond 10,000 characters is left out. */
export const draft = (message: string): Draft => {
  const text = message.slice(0, MOST_CHARACTERS).normalize('NFC')
  // An ordinal's sign is the letter that it stands for: "2ª" is "2a".
  const folded = fold(text).replaceAll('ª', 'a').replaceAll('º', 'o')
  const shouts = text === text.toUpperCase()
  const claimed = new Set<number>()
  const tokens: Token[] = []
  for (const found of text.matchAll(WORD)) {
    const [written] = found
    const start = found.index
    const opens = /(?:^|[.!?¿¡:]\s*|["“«(]\s*)$/u.test(text.slice(Math.max(0, start - 3), start))
    tokens.push({
      at: tokens.length,
      word: folded.slice(start, start + written.length).replace(/['’]/g, ''),
      written,
      start,
      end: start + written.length,
      capital: !shouts && !opens && /^\p{Lu}/u.test(written),
    })
  }
  const within = (start: number, end: number): Token[] => {
    let low = 0
    let high = tokens.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((tokens[middle] as Token).end <= start) low = middle + 1
      else high = middle
    }
    const found: Token[] = []
    for (let at = low; at < tokens.length && (tokens[at] as Token).start < end; at++)
      found.push(tokens[at] as Token)
    return found
  }
  const claimSpan = (start: number, end: number): void => {
    for (const { at } of within(start, end)) claimed.add(at)
  }
  const find = (pattern: RegExp): RegExpExecArray | undefined => {
    const all = new RegExp(pattern.source, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`)
    for (let found = all.exec(folded); found !== null; found = all.exec(folded)) {
      const here = within(found.index, found.index + found[0].length)
      if (here.length > 0 && here.every(({ at }) => !claimed.has(at))) return found
      // What overlaps a claimed word may fit again further on.
      all.lastIndex = found.index + 1
    }
    return undefined
  }
  return {
    text,
    folded,
    tokens,
    isClaimed: ({ at }) => claimed.has(at),
    isFree: (at) => tokens[at] !== undefined && !claimed.has(at),
    word: (at) => tokens[at]?.word ?? '',
    gap: (at) => text.slice(tokens[at - 1]?.end ?? 0, tokens[at]?.start ?? text.length),
    mend: (token, word) => {
      tokens[token.at] = { ...token, word }
    },
    claim: ({ at }) => claimed.add(at),
    claimWords: (from, to) => {
      for (let at = from; at < to; at++) claimed.add(at)
    },
    claimSpan,
    find,
    take(pattern) {
      const found = find(pattern)
      if (found) claimSpan(found.index, found.index + found[0].length)
      return found
    },
  }
}
