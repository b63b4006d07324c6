import { ApiError } from './error.ts'

/** The longest wait between two tries, unless the service asks for a longer one. */
export const MAX_DELAY_MS = 30_000
const BASE_DELAY_MS = 500
/** The longest wait for an answer that the service gives at once. */
export const PATIENCE_MS = 30_000
/** Twice the service's default heartbeat: the longest silence of a stream that names no other. */
export const SILENCE_MS = 65_000

/**
 * A judgement on whether, and how, a failed connection is tried again: `retry` the fault may pass, later each time;
 * `soon` the service restarts or another instance is there; `renew` the credentials have ended; `give-up` another try
 * can only fail the same way.
 */
export type Verdict = 'retry' | 'soon' | 'renew' | 'give-up'

/** Judges an HTTP status that is no success, 0 for no status at all. Pure. */
export const verdictOfStatus = (status: number): Verdict => {
  if (status === 401) return 'renew'
  return status === 408 || status === 425 || status === 429 || status >= 500 ? 'retry' : 'give-up'
}

/** Tells an error that no other try changes from one that may pass. Pure. */
export const isFinal = (error: unknown): boolean =>
  error instanceof ApiError && error.code !== 'CONNECTION_LOST' && verdictOfStatus(error.status) !== 'retry'

/** Judges a WebSocket's close code; RFC 6455 section 7.4, and the service's own from 4000 on. Pure. */
export const verdictOfClose = (code: number): Verdict => {
  if (code === 4401) return 'renew'
  if (code === 1012) return 'soon'
  return code === 1008 || code === 1009 ? 'give-up' : 'retry'
}

/** The facts from which the pause before the next try is computed. */
export interface Attempt {
  /** Tries that failed in a row, from 1. */
  failures: number
  /** `retry:` of the event-stream, in ms. */
  retryMs?: number | undefined
  /** `Retry-After`, in ms: the least to wait. */
  retryAfterMs?: number | undefined
  soon?: boolean
}

/**
 * Computes the pause before the next try, in ms: full jitter over a bound that doubles up to 30 s. `retry:` takes the
 * place of the first bound, `Retry-After` is never undercut. Pure.
 * @param random uniform in [0, 1)
 */
export const nextDelay = (
  { failures, retryMs, retryAfterMs = 0, soon = false }: Attempt,
  random: number,
): number => {
  const base = soon ? 100 : (retryMs ?? BASE_DELAY_MS)
  const bound = Math.min(MAX_DELAY_MS, base * 2 ** Math.min(16, Math.max(0, failures - 1)))
  return retryAfterMs + Math.round(bound * random)
}

/** Events that end a wait early: the network is back, the page is looked at again. */
export interface Wakers {
  /** @returns stops listening */
  onWake(run: () => void): () => void
}

/** Listens to the browser's `online` and to the page becoming visible; does nothing elsewhere. */
export const browserWakers: Wakers = {
  onWake(run) {
    const target = globalThis as { addEventListener?: Window['addEventListener'] } & typeof globalThis
    if (typeof target.addEventListener !== 'function') return () => undefined
    const page = typeof document === 'undefined' ? undefined : document
    const seen = (): void => {
      if (page?.visibilityState === 'visible') run()
    }
    addEventListener('online', run)
    addEventListener('pageshow', run)
    page?.addEventListener('visibilitychange', seen)
    return () => {
      removeEventListener('online', run)
      removeEventListener('pageshow', run)
      page?.removeEventListener('visibilitychange', seen)
    }
  },
}

/**
 * Waits, at most `ms`; a waker ends it early.
 * @returns false when the signal aborted
 */
export const pause = (ms: number, signal: AbortSignal, wakers: Wakers = browserWakers): Promise<boolean> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve(false)
      return
    }
    const done = (): void => {
      clearTimeout(timer)
      stop()
      signal.removeEventListener('abort', done)
      resolve(!signal.aborted)
    }
    const timer = setTimeout(done, ms)
    const stop = wakers.onWake(done)
    signal.addEventListener('abort', done, { once: true })
  })
