import type { AuditLog } from './log.ts'

/** The user who published. */
export interface Publisher {
  id: string
  email: string | null
}

/** Sums up publications to topics for the audit log. */
export interface PublicationSums {
  /** Counts publications; the sum is in the log a minute later at most. */
  count(publisher: Publisher, channel: string, publications: number): void
  /** Appends the sums so far; resolves when they are durable. Sums that the store did not take are kept. */
  flush(): Promise<void>
  /** Appends the last sums and ends the timer. */
  close(): Promise<void>
}

const WINDOW_MS = 60_000
const LOOK_MS = 1000
/** Sums kept at once; when there are more, all are appended before their minute is over. */
const MAX_SUMS = 10_000

interface Sum {
  publisher: Publisher
  channel: string
  publications: number
  since: number
}

/**
 * Makes the sums: one event `channel.published` per publisher, channel and minute, with `details.publications`. A
 * row for each of thousands of publications a second would cost more than the publications.
 * @param onError called when sums could not be appended; they are kept
 */
export const publicationSums = (
  log: Pick<AuditLog, 'append'>,
  { now = Date.now, onError }: { now?: () => number; onError(error: unknown): void },
): PublicationSums => {
  const sums = new Map<string, Sum>()

  const add = (publisher: Publisher, channel: string, publications: number, since?: number): void => {
    // No channel has a blank in its name.
    const key = `${channel} ${publisher.id}`
    const sum = sums.get(key)
    if (sum) sum.publications += publications
    else sums.set(key, { publisher, channel, publications, since: since ?? now() })
  }

  const append = async (isDue: (sum: Sum) => boolean): Promise<void> => {
    const due = [...sums].filter(([, sum]) => isDue(sum))
    for (const [key] of due) sums.delete(key)
    await Promise.all(
      due.map(async ([, sum]) => {
        const { publisher, channel, publications } = sum
        try {
          await log.append({
            event_type: 'channel.published',
            user_id: publisher.id,
            user_email: publisher.email,
            resource_type: 'channel',
            resource_id: channel,
            details: { publications },
          })
        } catch (error) {
          add(publisher, channel, publications, sum.since)
          onError(error)
        }
      }),
    )
  }

  const flush = (): Promise<void> => append(() => true)
  const looking = setInterval(() => void append(({ since }) => now() - since >= WINDOW_MS), LOOK_MS)
  looking.unref()

  return {
    count(publisher, channel, publications) {
      if (publications === 0) return
      add(publisher, channel, publications)
      if (sums.size > MAX_SUMS) void flush()
    },
    flush,
    async close() {
      clearInterval(looking)
      await flush()
    },
  }
}
