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
