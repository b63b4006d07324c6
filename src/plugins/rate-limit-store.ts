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
 * Counts requests on Redis. A new window begins with the first request after the old one, as in {@link localCounts}.
 */
const INCREMENT = `
local current = redis.call('INCRBY', KEYS[1], ARGV[2])
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

/** Milliseconds that a shared count may take, and milliseconds in which none is asked for after one took longer. */
const ANSWER_MS = 250
const LEFT_ALONE_MS = 2000

/**
 * Makes sums that this process keeps.
 * @returns a function that adds requests to a key's, and returns the number of the last one
 */
export const localSums = (now: () => number = Date.now) => {
  const windows = new LRUCache<string, Window>({ max: MAX_KEYS })
  return (key: string, windowMs: number, requests: number): Count => {
    const at = now()
    let window = windows.get(key)
    if (!window || at - window.startedAt >= windowMs) {
      window = { current: 0, startedAt: at }
      windows.set(key, window)
    }
    window.current += requests
    return { current: window.current, ttl: window.startedAt + windowMs - at }
  }
}

/**
 * Makes the counts of this process.
 * @returns a function that counts a request
 */
export const localCounts = (now: () => number = Date.now) => {
  const add = localSums(now)
  return (key: string, windowMs: number): Count => add(key, windowMs, 1)
}

/** Part of what is left of a limit that an instance counts ahead, so that few requests wait. */
const AHEAD = 0.01

/** Requests that were counted for all and have not come yet. */
interface Ahead {
  /** Number of the last one that came. */
  current: number
  left: number
  until: number
}

/** Counts a request against the limit `max`. */
export type CountRequest = (key: string, windowMs: number, max: number) => Count | Promise<Count>

/** Adds requests to a count that several processes share. @returns the last one's number, and the rest of the window in ms */
export type AddRequests = (
  key: string,
  windowMs: number,
  requests: number,
) => Promise<readonly [current: number, ttl: number]>

/** Returns the function that adds requests on Redis. */
export const addingOnRedis =
  (redis: Redis | Cluster, prefix: string): AddRequests =>
  (key, windowMs, requests) =>
    redis.eval(INCREMENT, 1, prefix + key, windowMs, requests) as Promise<[number, number]>

/**
 * Makes counts for all instances together. An instance counts a hundredth of what is left ahead: never more than
 * the limit are let through, and where an instance falls silent up to a hundredth less. Requests of one key that wait
 * are counted together. While no answer comes, each instance counts for itself, so the limits hold and no request
 * waits more than once.
 * @param onError called each time that answers stop coming
 */
export const sharedCounts = (
  add: AddRequests,
  { now = Date.now, onError }: { now?: () => number; onError?: (error: unknown) => void } = {},
): CountRequest => {
  const local = localCounts(now)
  const ahead = new LRUCache<string, Ahead>({ max: MAX_KEYS })
  /** The requests that wait while their key is counted. */
  const waiting = new Map<string, ((count: Count) => void)[]>()
  let isGivenUp = false
  let askAgainAt = 0

  /** Counts some requests, and some more ahead. @returns the first one's number */
  const ask = async (key: string, windowMs: number, max: number, requests: number): Promise<Count> => {
    const before = ahead.get(key)
    const left = before !== undefined && before.until > now() ? max - before.current - requests : 0
    const more = Math.max(0, Math.floor(left * AHEAD))
    const [last, ttl] = await within(add(key, windowMs, requests + more), ANSWER_MS, () => {
      throw new Error(`the count did not come in ${ANSWER_MS} ms`)
    })
    ahead.set(key, { current: last - more, left: more, until: now() + ttl })
    return { current: last - more - requests + 1, ttl }
  }

  const giveUp = (error: unknown): void => {
    if (!isGivenUp) onError?.(error)
    isGivenUp = true
    askAgainAt = now() + LEFT_ALONE_MS
  }

  /** Counts what waits for a key until nothing does. */
  const serve = async (
    key: string,
    windowMs: number,
    max: number,
    queue: ((count: Count) => void)[],
  ): Promise<void> => {
    while (queue.length > 0) {
      const served = queue.splice(0)
      try {
        if (isGivenUp) throw new Error('no count comes')
        const { current, ttl } = await ask(key, windowMs, max, served.length)
        for (const [index, take] of served.entries()) take({ current: current + index, ttl })
      } catch (error) {
        if (!isGivenUp) giveUp(error)
        for (const take of served) take(local(key, windowMs))
      }
    }
    waiting.delete(key)
  }

  const countedAhead = (key: string): Count | undefined => {
    const count = ahead.get(key)
    if (count === undefined || count.left === 0 || count.until <= now()) return undefined
    count.left--
    count.current++
    return { current: count.current, ttl: count.until - now() }
  }

  const wait = (key: string, windowMs: number, max: number): Promise<Count> =>
    new Promise((resolve) => {
      const queue = waiting.get(key)
      if (queue !== undefined) {
        queue.push(resolve)
        return
      }
      const begun = [resolve]
      waiting.set(key, begun)
      void serve(key, windowMs, max, begun)
    })

  return (key, windowMs, max) => {
    if (!isGivenUp) return countedAhead(key) ?? wait(key, windowMs, max)
    // One request now and then asks again and does not wait: its answer is for those after it.
    if (now() >= askAgainAt) {
      askAgainAt = now() + LEFT_ALONE_MS
      ask(key, windowMs, max, 1).then(() => {
        isGivenUp = false
      }, giveUp)
    }
    return local(key, windowMs)
  }
}
