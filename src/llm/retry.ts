import { type ErrorCode, Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import { AttemptFailure, LeftAlone } from './attempt-failure.ts'
import type { RoutedAnswer } from './cached.ts'
import { type Clock, pause } from './clock.ts'
import { VendorFailure } from './provider-failure.ts'

/** Longest `Retry-After` that is waited for: another provider answers sooner. */
const LONGEST_RETRY_AFTER_SECONDS = 10
const LONGEST_BACKOFF_MS = 10_000

/** Returns an error of a provider as a problem; an error that is none becomes the cause of one. */
export const problemOf = (error: unknown, provider: string): Problem =>
  error instanceof Problem
    ? error
    : new Problem('PROVIDER_ERROR', say('provider.failed', { name: provider }), { cause: error })

const PASSING: readonly ErrorCode[] = [
  'PROVIDER_UNAVAILABLE',
  'PROVIDER_TIMEOUT',
  'PROVIDER_RATE_LIMITED',
  'PROVIDER_PROTOCOL_ERROR',
]

/**
 * Tells whether the provider is at fault and may do better soon: it is asked again, and the failure counts against
 * it. A 4xx is about the request or the key and is none: one caller's bad request must not keep the others from the
 * provider.
 */
export const isPassing = ({ code, cause }: Problem): boolean =>
  PASSING.includes(code) ||
  (code === 'PROVIDER_ERROR' && cause instanceof VendorFailure && cause.status === undefined)

/**
 * Tells whether another provider may do better. A request that is refused for its content is not sent to the next
 * one.
 */
export const mayFallBack = ({ code }: Problem): boolean => code.startsWith('PROVIDER_')

/**
 * Returns how long to wait before asking again: anything up to a bound that doubles ("full jitter"), after the vendor's
 * `Retry-After`.
 * @param retry 0 for the first
 * @returns milliseconds; undefined where the vendor asks for more than is worth waiting
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const retryDelayMs = (
  retry: number,
  { retryAfter = 0 }: Problem,
  { baseMs, random }: { baseMs: number; random: () => number },
): number | undefined =>
  retryAfter > LONGEST_RETRY_AFTER_SECONDS
    ? undefined
    : retryAfter * 1000 + random() * Math.min(LONGEST_BACKOFF_MS, baseMs * 2 ** retry)

export interface RetryOptions {
  /** Times that the provider is asked again. */
  readonly maxRetries: number
  readonly retryBaseMs: number
  readonly clock: Clock
  /** From 0 to 1. */
  random(): number
  /** Tells whether the provider may be asked again at all. */
  mayRetry(): boolean
}

/**
 * Wraps an answer in retries: asks again, after a pause, where the provider failed before its first token and may do
 * better soon.
 * @throws {AttemptFailure} the last attempt's
 * @throws {LeftAlone} where the first attempt was not let through
 */
export const withRetry =
  (answer: RoutedAnswer, { maxRetries, retryBaseMs, clock, random, mayRetry }: RetryOptions): RoutedAnswer =>
  async (taking) => {
    let failure: AttemptFailure | undefined
    for (let retries = 0; ; retries++) {
      try {
        return await answer(taking)
      } catch (error) {
        if (failure && error instanceof LeftAlone) throw failure
        if (!(error instanceof AttemptFailure)) throw error
        failure = error
      }
      const { problem, isAnswered } = failure
      if (isAnswered || !isPassing(problem) || retries >= maxRetries) throw failure
      const delayMs = retryDelayMs(retries, problem, { baseMs: retryBaseMs, random })
      if (delayMs === undefined || !mayRetry()) throw failure
      await pause(delayMs, { clock, signal: taking.signal })
    }
  }
