import { setImmediate as turn } from 'node:timers/promises'

/** Milliseconds for which work may hold the event loop. */
const TURN_MS = 8

/**
 * Makes a pause to await inside long loops: it gives up the event loop where the work has held it for `TURN_MS`,
 * else it costs only the check.
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
