/** A reader's place among those that may read at once. */
export interface Place {
  /** Resolves when the place is the reader's; undefined while it still is. To be called before each block. */
  had(): Promise<void> | undefined
  /** Gives the place up, or stops waiting for it; idempotent. */
  leave(): void
}

export interface TurnstileOptions {
  /** Largest number of readers that read at once. */
  places: number
  /** Time for which a reader keeps its place while others wait, in ms. */
  sliceMs: number
  /**
   * Time for which it keeps the place without asking for a block, in ms: its consumer is slow, or its block is hard
   * to find.
   */
  idleMs: number
}

interface Reader {
  since: number
  askedAt: number
  enter: () => void
}

/** Limits the number of readers that read at once; the others wait in turn. Up to that number no reader waits. */
export const turnstile = ({ places, sliceMs, idleMs }: TurnstileOptions): { join(): Place } => {
  const inside = new Set<Reader>()
  const queue = new Set<Reader>()
  let looking: NodeJS.Timeout | undefined

  const admit = (): void => {
    for (const reader of queue) {
      if (inside.size >= places) break
      queue.delete(reader)
      inside.add(reader)
      reader.since = reader.askedAt = performance.now()
      reader.enter()
    }
    if (queue.size > 0) {
      looking ??= setTimeout(look, idleMs)
      return
    }
    clearTimeout(looking)
    looking = undefined
  }
  const look = (): void => {
    looking = undefined
    const now = performance.now()
    let waiting = queue.size
    for (const reader of inside) {
      if (waiting === 0) break
      if (now - reader.since < sliceMs && now - reader.askedAt < idleMs) continue
      inside.delete(reader)
      waiting--
    }
    admit()
  }

  return {
    join() {
      const reader: Reader = { since: 0, askedAt: 0, enter: () => undefined }
      return {
        had() {
          if (inside.has(reader)) {
            reader.askedAt = performance.now()
            return undefined
          }
          return new Promise((resolve) => {
            reader.enter = resolve
            queue.add(reader)
            admit()
          })
        },
        leave() {
          queue.delete(reader)
          inside.delete(reader)
          admit()
        },
      }
    },
  }
}
