import { setImmediate as turn } from 'node:timers/promises'

/** Milliseconds for which work may hold the event loop. */
const TURN_MS = 8

/**
 * A pause to await inside a long loop: hands the event loop on where the work since the last turn has held
 * it for long enough, else costs nothing but the check.
 * @throws the signal's reason
 */
export const pacer = (signal: AbortSignal): (() => Promise<void> | undefined) => {
  let since = performance.now()
  const hand = async () => {
    await turn()
    signal.throwIfAborted()
    since = performance.now()
  }
  return () => (performance.now() - since > TURN_MS ? hand() : undefined)
}
