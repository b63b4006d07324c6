/** The time for which events of the channels that a pattern matches may wait for more, in milliseconds. */
export interface Coalescing {
  readonly pattern: RegExp
  readonly ms: number
}

export const MAX_COALESCE_MS = 1000

/**
 * Reads one `<pattern>=<ms>`, where `*` stands for any characters; undefined where it is none.
 * @example readCoalescing('topic:prices.*=50')
 */
export const readCoalescing = (entry: string): Coalescing | undefined => {
  const [, pattern, ms] = /^(\S+)=(\d{1,4})$/.exec(entry) ?? []
  if (pattern === undefined || Number(ms) > MAX_COALESCE_MS) return undefined
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return { pattern: new RegExp(`^${parts.join('.*')}$`, 's'), ms: Number(ms) }
}

/** Returns the time of the first pattern that matches a channel's name; 0 where none does. */
export const coalesceMsOf = (coalescing: readonly Coalescing[], channel: string): number =>
  coalescing.find(({ pattern }) => pattern.test(channel))?.ms ?? 0
