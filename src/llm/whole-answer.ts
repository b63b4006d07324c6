import type { Routed } from './routing.ts'

/** A word with the space after it; what has no spaces is parted at sixteen characters. */
const WORD = /\S{1,16}\s*|\s+/gu

const wordsOf = (part: Routed): Routed[] =>
  part.type === 'text-delta' || part.type === 'reasoning-delta'
    ? (part.text.match(WORD) ?? []).map((text) => ({ ...part, text }))
    : [part]

/**
 * The batches in which the only batch of an answer is told. A provider that does not stream gives its text in one
 * piece: it comes word by word. What came in pieces already is left as it is.
 */
export const inWords = (batch: readonly Routed[]): (readonly Routed[])[] => {
  const texts = batch.filter(({ type }) => type === 'text-delta')
  return texts.length === 1 ? batch.flatMap(wordsOf).map((part) => [part]) : [batch]
}
