import type { Cluster, Redis } from 'ioredis'
import { within } from '../deadline.ts'
import type { CachedAnswer, ResponseCache } from './cache.ts'

/** Milliseconds that Redis may take to answer, and milliseconds without requests after it did not. */
const ANSWER_MS = 250
const LEFT_ALONE_MS = 2000

const isAnswer = (value: unknown): value is CachedAnswer =>
  typeof value === 'object' &&
  value !== null &&
  Array.isArray((value as CachedAnswer).batches) &&
  (value as CachedAnswer).batches.every(
    (batch) =>
      Array.isArray(batch) &&
      batch.every(
        (part) =>
          (part?.type === 'text-delta' || part?.type === 'reasoning-delta') && typeof part.text === 'string',
      ),
  )

/**
 * Makes a cache that all instances share; it keeps each answer for `ttlMs`. While Redis is down or takes more than
 * 250 ms, the cache has no answers, and does not ask again for two seconds.
 * @param redis client made with `enableOfflineQueue: false` and few retries, since requests wait for it
 * @param prefix first part of every key
 */
export const redisCache = (
  redis: Redis | Cluster,
  { prefix, ttlMs, now = () => performance.now() }: { prefix: string; ttlMs: number; now?: () => number },
): ResponseCache => {
  let askAgainAt = Number.NEGATIVE_INFINITY
  // The first question would have to connect, be refused at once, and pass for a Redis that is down.
  if (redis.status === 'wait') redis.connect().catch(() => undefined)
  const giveUp = (): undefined => {
    askAgainAt = now() + LEFT_ALONE_MS
  }
  const read = (key: string): Promise<string | null> =>
    within(redis.get(prefix + key), ANSWER_MS, () => {
      throw new Error(`Redis did not answer in ${ANSWER_MS} ms`)
    })
  return {
    async get(key) {
      if (now() < askAgainAt) return undefined
      const text = await read(key).catch(giveUp)
      if (typeof text !== 'string') return undefined
      try {
        const answer: unknown = JSON.parse(text)
        return isAnswer(answer) ? answer : undefined
      } catch {
        return undefined
      }
    },
    set(key, answer) {
      if (now() < askAgainAt) return
      redis.set(prefix + key, JSON.stringify(answer), 'PX', ttlMs).catch(giveUp)
    },
  }
}
