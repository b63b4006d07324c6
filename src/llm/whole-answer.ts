import type { Routed } from './routing.ts'

/** Matches a word with the space after it; text without spaces is cut after sixteen characters. */
const WORD = /\S{1,16}\s*|\s+/gu

const wordsOf = (part: Routed): Routed[] =>
  part.type === 'text-delta' || part.type === 'reasoning-delta'
    ? (part.text.match(WORD) ?? []).map((text) => ({ ...part, text }))
    : [part]

/**
 * Returns the batches in which an answer's only batch is sent. The text of a provider that does not stream comes in
 * one piece and is cut into words. Text that came in pieces is left as it is.
 */
export const inWords = (batch: readonly Routed[]): (readonly Routed[])[] => {
  const texts = batch.filter(({ type }) => type === 'text-delta')
  return texts.length === 1 ? batch.flatMap(wordsOf).map((part) => [part]) : [batch]
}
