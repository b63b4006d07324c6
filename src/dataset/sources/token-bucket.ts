import { setTimeout as wait } from 'node:timers/promises'

/** The time for rate limits and back-offs; tests have their own. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Waits. @throws the signal's reason when it aborts first */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

export const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  async wait(ms, signal) {
    try {
      await wait(ms, undefined, { signal })
    } catch (error) {
      signal.throwIfAborted()
      throw error
    }
  },
}

/** Limits the rate of requests, first come first served. */
export interface TokenBucket {
  /** Resolves when one more request may be sent. An aborted wait frees its place. */
  take(signal: AbortSignal): Promise<void>
}

/**
 * Makes a limit of `perMinute` requests in any 60 seconds: a burst of a ninth of them, and a refill that leaves
 * room for it. All fetches with one key share one bucket.
 */
export const tokenBucket = (perMinute: number, clock: Clock = SYSTEM_CLOCK): TokenBucket => {
  const burst = Math.max(1, Math.floor(perMinute / 9))
  const perMs = Math.max(perMinute - burst, 0.5) / 60_000
  let tokens = burst
  let filledAt = clock.now()
  return {
    async take(signal) {
      signal.throwIfAborted()
      const now = clock.now()
      tokens = Math.min(burst, tokens + Math.max(0, now - filledAt) * perMs)
      filledAt = now
      tokens -= 1
      if (tokens >= 0) return
      try {
        await clock.wait(Math.ceil(-tokens / perMs), signal)
      } catch (error) {
        tokens += 1
        throw error
      }
    },
  }
}
