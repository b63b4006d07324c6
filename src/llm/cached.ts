import { setImmediate as nextTurn } from 'node:timers/promises'
import { type CachedAnswer, type ResponseCache, recording } from './cache.ts'
import type { FinishReason, Taking } from './provider.ts'
import type { Routed } from './routing.ts'
import { inWords } from './whole-answer.ts'

/** Gives one routed answer to a `take` function. */
export type RoutedAnswer = (taking: Taking<Routed>) => Promise<void>

/**
 * Gives batches one by one, each in an event-loop turn of its own, so that a receiver that joins the batches of a
 * turn does not join these.
 */
export const spread = async (
  batches: readonly (readonly Routed[])[],
  { signal, take }: Taking<Routed>,
): Promise<void> => {
  for (const batch of batches) {
    signal.throwIfAborted()
    await take(batch)
    await nextTurn()
  }
}

/** Gives a cached answer again in its pieces. */
const replay = async (
  provider: string,
  { model, batches }: CachedAnswer,
  taking: Taking<Routed>,
): Promise<void> => {
  const { take } = taking
  await take([{ type: 'chosen', provider, model, cached: true }])
  const [only, ...others] = batches as readonly Routed[][]
  await spread(only && others.length === 0 ? inWords(only) : (batches as readonly Routed[][]), taking)
  await take([{ type: 'finish', reason: 'stop' }])
}

/**
 * Wraps an answer in a cache: gives the cached answer where there is one, else the new one, which is cached where the
 * first provider gave it whole and ended it with `stop`.
 * @param provider name of the first provider
 */
export const withCache =
  (cache: ResponseCache, key: string, provider: string, answer: RoutedAnswer): RoutedAnswer =>
  async (taking) => {
    const kept = await cache.get(key)
    taking.signal.throwIfAborted()
    if (kept) return replay(provider, kept, taking)
    let record = recording()
    let model: string | null = null
    let isFirst = true
    let reason: FinishReason | undefined
    const note = (part: Routed): void => {
      if (part.type === 'chosen') {
        model = part.model
        isFirst &&= part.provider === provider
      } else if (part.type === 'fallback' || part.type === 'reset') isFirst = false
      else if (part.type === 'finish') reason = part.reason
      else if (part.type !== 'attempt-usage') record.add(part)
    }
    await answer({
      ...taking,
      take(batch) {
        for (const part of batch) note(part)
        record.endBatch()
        // Text of a failed attempt is no part of the next one's answer.
        if (reason === undefined && batch.some(({ type }) => type === 'attempt-usage')) record = recording()
        return taking.take(batch)
      },
    })
    const whole = isFirst && reason === 'stop' ? record.answer(model) : undefined
    if (whole) cache.set(key, whole)
  }
