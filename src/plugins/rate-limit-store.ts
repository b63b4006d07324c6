import type { Cluster, Redis } from 'ioredis'

/** Requests counted for a key in its window, and what is left of the window in milliseconds. */
export interface Count {
  current: number
  ttl: number
}

interface Window {
  current: number
  startedAt: number
}

/** A new window starts with the first request after the old one; the same on Redis and here. */
const INCREMENT = `
local current = redis.call('INCR', KEYS[1])
local ttl = redis.call('PTTL', KEYS[1])
if ttl < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  ttl = tonumber(ARGV[1])
end
return {current, ttl}`

/** Keys counted here at most; beyond them the oldest are forgotten, so a flood of addresses takes bounded memory. */
const MAX_KEYS = 100_000

/** How long Redis may take, and how long it is left alone after it did not answer. */
const ANSWER_MS = 250
const LEFT_ALONE_MS = 2000

/**
 * Counts in this process.
 * @returns counts a request
 */
export const localCounts = (now: () => number = Date.now) => {
  const windows = new Map<string, Window>()
  return (key: string, windowMs: number): Count => {
    const at = now()
    let window = windows.get(key)
    if (!window || at - window.startedAt >= windowMs) {
      windows.delete(key)
      window = { current: 0, startedAt: at }
      windows.set(key, window)
      if (windows.size > MAX_KEYS) windows.delete(windows.keys().next().value as string)
    }
    window.current++
    return { current: window.current, ttl: window.startedAt + windowMs - at }
  }
}

/**
 * Counts on Redis for all instances together; while Redis does not answer, each instance counts for itself, so the
 * limits hold and no request waits more than once.
 * @param onError told once each time Redis is given up
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
    let timer: NodeJS.Timeout | undefined
    try {
      const answer = redis.eval(INCREMENT, 1, prefix + key, windowMs) as Promise<[number, number]>
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`Redis did not answer in ${ANSWER_MS} ms`)), ANSWER_MS)
      })
      const [current, ttl] = await Promise.race([answer, late])
      return { current, ttl }
    } finally {
      clearTimeout(timer)
    }
  }
  const giveUp = (error: unknown): void => {
    if (!isGivenUp) onError?.(error)
    isGivenUp = true
    askAgainAt = now() + LEFT_ALONE_MS
  }

  return async (key: string, windowMs: number): Promise<Count> => {
    if (isGivenUp) {
      // One request in a while asks as well, and waits for nothing: its answer is for those that come after it.
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
