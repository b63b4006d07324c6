import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { ChatRequest, Part } from './provider.ts'

/**
 * A whole answer that ended with `stop`: text and reasoning in the pieces in which they came, without the `finish`.
 */
export interface CachedAnswer {
  readonly model: string | null
  readonly batches: readonly (readonly Part[])[]
}

/** Keeps answers to give them again. Neither method throws. */
export interface ResponseCache {
  get(key: string): Promise<CachedAnswer | undefined>
  set(key: string, answer: CachedAnswer): void
}

/** Returns JSON with its keys in order and without undefined values. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )

/**
 * Returns the key of an answer: SHA-256, in hex, of everything that it depends on.
 * @param asked names of the providers that may be asked, in order; the request's model is the first one's
 */
export const cacheKey = (asked: readonly string[], model: string | null, request: ChatRequest): string => {
  const { messages, temperature, topP, maxTokens, stop, seed, tools, toolChoice, responseFormat } = request
  const all = { temperature, topP, maxTokens, stop, seed, tools, toolChoice, responseFormat }
  return createHash('sha256')
    .update(canonical({ asked, model, messages, ...all }))
    .digest('hex')
}

/** Longest answer that is kept, in UTF-16 code units; it limits the memory of `maxEntries` answers. */
const MAX_CHARS = 65_536

export interface Recording {
  /** Records a part of the current batch, without the `finish`. */
  add(part: Part): void
  endBatch(): void
  /** Returns the answer; undefined where it cannot be given again: too long, or with calls of tools or notices. */
  answer(model: string | null): CachedAnswer | undefined
}

/** Makes the recording of an answer while it streams. */
export const recording = (): Recording => {
  const batches: Part[][] = []
  let batch: Part[] = []
  let chars = 0
  let isUsable = true
  return {
    add(part) {
      if (!isUsable || part.type === 'usage' || part.type === 'finish') return
      if (part.type !== 'text-delta' && part.type !== 'reasoning-delta') isUsable = false
      else {
        chars += part.text.length
        batch.push(part)
      }
      if (chars > MAX_CHARS) isUsable = false
      if (!isUsable) batches.length = 0
    },
    endBatch() {
      if (isUsable && batch.length > 0) batches.push(batch)
      batch = []
    },
    answer: (model) => (isUsable && chars > 0 ? { model, batches } : undefined),
  }
}

/**
 * Makes a cache of the newest `maxEntries` answers in this process; it keeps each for `ttlMs`.
 * @param now returns milliseconds
 */
export const memoryCache = (
  { ttlMs, maxEntries }: { ttlMs: number; maxEntries: number },
  now: () => number = Date.now,
): ResponseCache => {
  const entries = new LRUCache<string, CachedAnswer>({
    max: maxEntries,
    ttl: ttlMs,
    ttlResolution: 0,
    perf: { now },
  })
  return {
    get: async (key) => entries.get(key),
    set: (key, answer) => void entries.set(key, answer),
  }
}
