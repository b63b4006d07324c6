import type { Cluster, Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { within } from '../deadline.ts'

/** Number of requests counted for a key in its window, and the rest of the window in milliseconds. */
export interface Count {
  current: number
  ttl: number
}

interface Window {
  current: number
  startedAt: number
}

/**
 * Counts a request on Redis. A new window begins with the first request after the old one, as in {@link localCounts}.
 */
const INCREMENT = `
local current = redis.call('INCR', KEYS[1])
local ttl = redis.call('PTTL', KEYS[1])
if ttl < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  ttl = tonumber(ARGV[1])
end
return {current, ttl}`

/**
 * Largest number of keys counted here; beyond it the oldest are forgotten, so that a flood of addresses takes bounded
 * memory.
 */
const MAX_KEYS = 100_000

/** Milliseconds that Redis may take to answer, and milliseconds without requests after it did not. */
const ANSWER_MS = 250
const LEFT_ALONE_MS = 2000

/**
 * Makes the counts of this process.
 * @returns a function that counts a request
 */
export const localCounts = (now: () => number = Date.now) => {
  const windows = new LRUCache<string, Window>({ max: MAX_KEYS })
  return (key: string, windowMs: number): Count => {
    const at = now()
    let window = windows.get(key)
    if (!window || at - window.startedAt >= windowMs) {
      window = { current: 0, startedAt: at }
      windows.set(key, window)
    }
    window.current++
    return { current: window.current, ttl: window.startedAt + windowMs - at }
  }
}

/**
 * Makes counts on Redis for all instances together. While Redis does not answer, each instance counts for itself, so
 * the limits hold and no request waits more than once.
 * @param onError called each time that Redis stops answering
 */
export const sharedCounts = (
  redis: Redis | Cluster,
  prefix: string,
  { now = Date.now, onError }: { now?: () => number; onError?: (error: unknown) => void } = {},
) => {
  const local = localCounts(now)
  let isGivenUp = false
  let askAgainAt = 0

  const ask = async (key: string, windowMs: number): Promise<Count> => {
    const answer = redis.eval(INCREMENT, 1, prefix + key, windowMs) as Promise<[number, number]>
    const [current, ttl] = await within(answer, ANSWER_MS, () => {
      throw new Error(`Redis did not answer in ${ANSWER_MS} ms`)
    })
    return { current, ttl }
  }
  const giveUp = (error: unknown): void => {
    if (!isGivenUp) onError?.(error)
    isGivenUp = true
    askAgainAt = now() + LEFT_ALONE_MS
  }

  return async (key: string, windowMs: number): Promise<Count> => {
    if (isGivenUp) {
      // One request now and then asks Redis again and does not wait: its answer is for those after it.
      if (now() >= askAgainAt) {
        askAgainAt = now() + LEFT_ALONE_MS
        ask(key, windowMs).then(() => {
          isGivenUp = false
        }, giveUp)
      }
      return local(key, windowMs)
    }
    try {
      return await ask(key, windowMs)
    } catch (error) {
      giveUp(error)
      return local(key, windowMs)
    }
  }
}
