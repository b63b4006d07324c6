/** Work that is done again and again, one time after the other. */
export interface Recurring {
  /** Does it no more; resolves when it is not being done any more either. */
  stop(): Promise<void>
}

/**
 * Does the work every so many milliseconds; what is due while it is being done is left out.
 * @param onError told what it throws
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
