/** A piece of work that is repeated until it is stopped. */
export interface Recurring {
  /** Stops the repetition; resolves when a run under way has ended. */
  stop(): Promise<void>
}

/**
 * Runs `work` every so many milliseconds; a run that is due while the last one is still under way is left out.
 * @param onError called with an error that `work` throws
 * @example
 * const sweeping = recurring(60_000, () => removeExpired(), (error) => log.error(error))
 * await sweeping.stop()
 */
export const recurring = (
  ms: number,
  work: () => Promise<void>,
  onError: (error: unknown) => void,
): Recurring => {
  let doing: Promise<void> | undefined
  const timer = setInterval(() => {
    doing ??= work()
      .catch(onError)
      .finally(() => {
        doing = undefined
      })
  }, ms)
  return {
    async stop() {
      clearInterval(timer)
      await doing
    },
  }
}
