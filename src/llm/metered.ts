import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import { type Attempt, isToken } from './attempt.ts'
import { AttemptFailure, LeftAlone, Unwanted } from './attempt-failure.ts'
import { type RoutedAnswer, spread } from './cached.ts'
import { costOf } from './prices.ts'
import type { ChatRequest, FinishReason, Part, Provider } from './provider.ts'
import { EmptyAnswer } from './provider-failure.ts'
import { problemOf } from './retry.ts'
import type { Routed } from './routing.ts'
import { tally } from './token-estimate.ts'
import { inWords } from './whole-answer.ts'

/** Tells whether a part is passed on unchanged: all but usage and `finish`, which is sent after the usage. */
const isPassedOn = (part: Part): part is Exclude<Part, { type: 'usage' | 'finish' }> =>
  part.type !== 'usage' && part.type !== 'finish'

const reasonOf = (last: readonly Part[]): FinishReason =>
  last.find((part) => part.type === 'finish')?.reason ?? 'stop'

/**
 * Wraps an attempt in a meter: passes its parts on, with its `attempt-usage` before the `finish`, or after what a
 * failed or aborted attempt gave.
 * @param request the request that the attempt makes
 * @throws {AttemptFailure} where the provider failed, or refused the whole answer
 */
export const metered =
  (provider: Provider, request: ChatRequest, attempt: Attempt): RoutedAnswer =>
  async ({ signal, take }) => {
    const { name } = provider
    const model = request.model ?? null
    const counted = tally(request)
    const usage = (isWhole: boolean): Routed[] => {
      const used = counted.used(isWhole)
      if (used === undefined) return []
      const costUsd = costOf(provider, model, used.usage)
      return [{ type: 'attempt-usage', provider: name, model, ...used, costUsd }]
    }
    const sendSpent = async (): Promise<void> => {
      const spent = usage(false)
      if (spent.length > 0) await take(spent)
    }
    let batches = 0
    let isAnswered = false
    /** True once the answer has text or a call. */
    let hasContent = false
    /** Counts a batch, and returns the parts that are passed on. */
    const countParts = (batch: readonly Part[]): readonly Routed[] => {
      batches++
      for (const part of batch) {
        counted.add(part)
        isAnswered ||= isToken(part)
        hasContent ||= part.type === 'text-delta' || part.type === 'tool-call-delta'
      }
      return batch.every(isPassedOn) ? batch : batch.filter(isPassedOn)
    }

    try {
      const last = await attempt({
        signal,
        take(batch) {
          const parts = countParts(batch)
          return parts.length > 0 ? take(parts) : undefined
        },
      })
      const parts = countParts(last)
      const reason = reasonOf(last)
      if (reason === 'content_filter' && !hasContent)
        throw new Problem('CONTENT_FILTERED', say('provider.refused', { name }))
      const pieces = batches === 1 ? inWords(parts) : [parts]
      const end = pieces.pop() ?? []
      await spread(pieces, { signal, take })
      await take([...end, ...usage(true), { type: 'finish', reason }])
    } catch (error) {
      if (signal.aborted) {
        await sendSpent()
        throw signal.reason
      }
      if (error instanceof Unwanted || error instanceof LeftAlone) throw error
      const problem = problemOf(error, name)
      await sendSpent()
      // Reasoning without an answer need not be taken back by a reset.
      throw new AttemptFailure(problem, isAnswered && !(problem.cause instanceof EmptyAnswer))
    }
  }
