import { type Attempt, isToken } from './attempt.ts'
import { LeftAlone, Unwanted } from './attempt-failure.ts'
import { isPassing, problemOf } from './retry.ts'

export type BreakerState = 'closed' | 'open' | 'half_open'

/** A permission to ask the provider once. Only the first call of `succeeded`, `failed` and `released` counts. */
export interface Pass {
  /**
   * Reports the first token: a provider on trial is open to everyone again, but its next failure opens the breaker.
   */
  answered(): void
  succeeded(): void
  failed(): void
  /** Ends the request without a result about the provider: it was aborted, or the request was at fault. */
  released(): void
}

export interface Breaker {
  readonly state: BreakerState
  /** Milliseconds until the next trial may be made; 0 when closed. */
  readonly waitMs: number
  /**
   * Returns a permission to ask; undefined while the breaker is open. Half-open, it lets one trial through at a time.
   */
  admit(): Pass | undefined
}

/**
 * Makes a circuit breaker that opens after `threshold` failures in a row, for `cooldownMs`.
 * @param now milliseconds, never falling
 */
export const breaker = (threshold: number, cooldownMs: number, now: () => number): Breaker => {
  let failures = 0
  let openUntil = 0
  let trial: Pass | undefined

  const stateNow = (): BreakerState =>
    failures < threshold ? 'closed' : now() < openUntil ? 'open' : 'half_open'

  const passOf = (): Pass => {
    let isUsed = false
    const once = (effect: () => void) => (): void => {
      if (isUsed) return
      isUsed = true
      if (trial === pass) trial = undefined
      effect()
    }
    const pass: Pass = {
      // While it is open, results of older requests do not shorten the cool-down.
      answered: () => {
        if (stateNow() !== 'half_open') return
        failures = threshold - 1
        trial = undefined
      },
      succeeded: once(() => {
        if (stateNow() !== 'open') failures = 0
      }),
      failed: once(() => {
        if (stateNow() === 'open') return
        failures++
        if (failures >= threshold) openUntil = now() + cooldownMs
      }),
      released: once(() => {}),
    }
    return pass
  }

  return {
    get state() {
      return stateNow()
    },
    get waitMs() {
      return failures < threshold ? 0 : Math.max(0, openUntil - now())
    },
    admit() {
      const state = stateNow()
      if (state === 'open' || (state === 'half_open' && trial !== undefined)) return undefined
      const pass = passOf()
      if (state === 'half_open') trial = pass
      return pass
    },
  }
}

/**
 * Wraps an attempt in a breaker: makes it where the breaker lets it through, and reports its outcome to the breaker.
 * @param provider name of the provider, for the problem
 * @throws {LeftAlone} where the breaker does not
 */
export const withBreaker =
  (breaker: Breaker, provider: string, attempt: Attempt): Attempt =>
  async ({ signal, take }) => {
    const pass = breaker.admit()
    if (pass === undefined) throw new LeftAlone()
    let isAnswered = false
    try {
      const last = await attempt({
        signal,
        take(batch) {
          if (!isAnswered && batch.some(isToken)) {
            isAnswered = true
            pass.answered()
          }
          return take(batch)
        },
      })
      pass.succeeded()
      return last
    } catch (error) {
      if (signal.aborted || error instanceof Unwanted) throw error
      const problem = problemOf(error, provider)
      if (isPassing(problem)) pass.failed()
      throw problem
    } finally {
      pass.released()
    }
  }
