/** Time as the router sees it, so that tests need not wait for it. */
export interface Clock {
  /** Milliseconds from any start, never falling. */
  now(): number
  setTimeout(run: () => void, ms: number): Timer
  clearTimeout(timer: Timer): void
}

export interface Timer {
  /** Begins its time anew, also once it has run. */
  refresh(): unknown
}

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
}

/**
 * Resolves after `ms`.
 * @throws the signal's reason, at once
 */
export const pause = (ms: number, { clock, signal }: { clock: Clock; signal: AbortSignal }): Promise<void> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const onAbort = (): void => {
      clock.clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = clock.setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })
