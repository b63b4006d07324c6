import { ownError } from './error.ts'

/** The bounds of one exchange with the service. */
export interface ExchangeBounds {
  /** Aborts with its reason: the client was closed, or nobody wants the answer any more. */
  signals: readonly AbortSignal[]
  /** Longest wait until the answer is read; none by default. */
  patienceMs?: number | undefined
}

/**
 * Sends one request and reads its answer.
 * @param read takes what is wanted of the answer: its head alone, or its body too
 * @throws {ApiError} `CONNECTION_LOST` without an answer, or with a part of it
 * @throws the reason of the signal that aborted
 */
export const exchange = async <T>(
  fetcher: typeof fetch,
  url: string,
  init: RequestInit,
  { signals, patienceMs }: ExchangeBounds,
  read: (response: Response) => T | Promise<T>,
): Promise<T> => {
  const impatience = new AbortController()
  const timer = patienceMs === undefined ? undefined : setTimeout(() => impatience.abort(), patienceMs)
  try {
    return await read(
      await fetcher(url, { ...init, signal: AbortSignal.any([...signals, impatience.signal]) }),
    )
  } catch (cause) {
    for (const signal of signals) signal.throwIfAborted()
    throw ownError('CONNECTION_LOST', 'The service cannot be reached', cause)
  } finally {
    clearTimeout(timer)
  }
}
