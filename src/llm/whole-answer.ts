import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Part, Provider } from './provider.ts'

/** A word with the space after it; what has no spaces is parted at sixteen characters. */
const WORD = /\S{1,16}\s*|\s+/gu

const piecesOf = (part: Part): Part[] => {
  if (part.type !== 'text-delta' && part.type !== 'reasoning-delta') return [part]
  const words = part.text.match(WORD) ?? []
  return words.length < 2 ? [part] : words.map((text) => ({ ...part, text }))
}

/**
 * Streams a provider that answers in one piece: word by word, at the consumer's pace, each in an event-loop turn of
 * its own, so that whoever joins what comes in one turn does not join them again. The text is the same.
 */
export const wholeAnswer = (provider: Provider): Provider => ({
  name: provider.name,
  model: provider.model,
  ...(provider.firstTokenTimeoutMs !== undefined && { firstTokenTimeoutMs: provider.firstTokenTimeoutMs }),
  async *stream(request, { signal }) {
    for await (const batch of provider.stream(request, { signal })) {
      const pieces = batch.flatMap(piecesOf)
      for (const [at, piece] of pieces.entries()) {
        if (at > 0) await nextTurn()
        signal.throwIfAborted()
        yield [piece]
      }
    }
  },
})
