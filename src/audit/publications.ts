import type { AuditLog } from './log.ts'

/** Who published. */
export interface Publisher {
  id: string
  email: string | null
}

/** The audit of publications to topics, in sums. */
export interface PublicationSums {
  /** Counts publications; they are in the log a minute later at most. */
  count(publisher: Publisher, channel: string, publications: number): void
  /** Appends what is counted by now; resolves when it is durable. What the store did not take is counted on. */
  flush(): Promise<void>
  /** Ends it with the last sums. */
  close(): Promise<void>
}

const WINDOW_MS = 60_000
const LOOK_MS = 1000
/** Sums that are kept at once; above them all are appended before their minute is over. */
const MAX_SUMS = 10_000

interface Sum {
  publisher: Publisher
  channel: string
  publications: number
  since: number
}

/**
 * Appends one `channel.published` per publisher, channel and minute, with `details.publications`: an audit row for
 * each of thousands of publications a second would cost more than they do.
 * @param onError told when sums could not be appended; they are kept
 */
export const publicationSums = (
  log: Pick<AuditLog, 'append'>,
  { now = Date.now, onError }: { now?: () => number; onError(error: unknown): void },
): PublicationSums => {
  const sums = new Map<string, Sum>()

  const add = ({ publisher, channel, publications, since }: Sum): void => {
    const key = JSON.stringify([publisher.id, channel])
    const sum = sums.get(key)
    if (sum) sum.publications += publications
    else sums.set(key, { publisher, channel, publications, since })
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
          add(sum)
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
      add({ publisher, channel, publications, since: now() })
      if (sums.size > MAX_SUMS) void flush()
    },
    flush,
    async close() {
      clearInterval(looking)
      await flush()
    },
  }
}
