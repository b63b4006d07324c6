/**
 * Waits for work no longer than a time: settles as the work does, or as `late` once the time has passed first. What had
 * arrived by then and was not read, since this process was busy, is read before that is decided. The work itself goes
 * on; the timer ends with the wait.
 * @param ms from now
 * @throws what the work rejects with, and what `late` throws
 * @example
 * const count = await within(redis.incr(key), 250, () => { throw new Error('Redis did not answer') })
 */
export const within = async <Done, Late>(
  work: PromiseLike<Done>,
  ms: number,
  late: () => Late,
): Promise<Done | Late> => {
  let timer: NodeJS.Timeout | undefined
  let lastRead: NodeJS.Immediate | undefined
  const passed = new Promise<Late>((resolve, reject) => {
    const end = (): void => {
      try {
        resolve(late())
      } catch (error) {
        reject(error)
      }
    }
    timer = setTimeout(() => {
      lastRead = setImmediate(end)
    }, ms)
  })
  try {
    return await Promise.race([work, passed])
  } finally {
    clearTimeout(timer)
    clearImmediate(lastRead)
  }
}
