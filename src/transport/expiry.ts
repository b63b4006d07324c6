import { onePerObject } from '../feed/memo.ts'

/** The longest delay of a timer, in ms. */
const MAX_DELAY_MS = 2_147_483_647

/**
 * Calls `run` at a time in milliseconds since the epoch, however far away, or in the next event-loop turn when it has
 * passed.
 * @returns a function that cancels it
 */
export function callAt(timestamp: number, run: () => void): () => void {
  let timer: NodeJS.Timeout
  const arm = (): void => {
    const left = timestamp - Date.now()
    timer = left > MAX_DELAY_MS ? setTimeout(arm, MAX_DELAY_MS) : setTimeout(run, Math.max(0, left))
  }
  arm()
  return () => clearTimeout(timer)
}

/** The work that waits for each signal. A signal looks through all its listeners for each new one, so it has one. */
const waitingFor = onePerObject((revoked: AbortSignal) => {
  const works = new Set<() => void>()
  const runAll = (): void => {
    for (const work of [...works]) work()
  }
  revoked.addEventListener('abort', runAll, { once: true })
  return works
})

/**
 * Calls `run` when credentials are revoked, at once when they are already. A user's signal may have thousands of
 * connections.
 * @returns a function that cancels it; idempotent
 */
export function whenRevoked(revoked: AbortSignal, run: () => void): () => void {
  if (revoked.aborted) {
    run()
    return () => {}
  }
  const works = waitingFor(revoked)
  works.add(run)
  return () => works.delete(run)
}
