import type { Feed } from './feed.ts'
import { type Channels, type FeedSink, subscribeToFeed } from './subscription.ts'

/** Largest number of events that may wait for their reader; a slower reader is refused the rest. */
const MAX_WAITING = 10_000

/**
 * Reads a feed's events from its beginning to its terminal one, for a reader inside the service; a replay from the
 * store where the log is lost, as for every other subscriber.
 * @throws {Problem} `BUS_UNAVAILABLE`; the signal's reason once it aborts
 */
export async function* readFeed(
  channels: Channels,
  feed: Feed,
  signal: AbortSignal,
): AsyncGenerator<Readonly<Record<string, unknown>>, void, undefined> {
  const waiting: string[] = []
  let ended = false
  let failed: { error: unknown } | undefined
  let wake = (): void => undefined
  const gone = new AbortController()
  const enqueue = (data: string): void => {
    if (waiting.length < MAX_WAITING) waiting.push(data)
    else failed ??= { error: new Error(`${feed.channel} is told faster than it is read`) }
    wake()
  }
  const sink: FeedSink = {
    show: (publications) => {
      for (const { data } of publications) enqueue(data)
    },
    lost: () => undefined,
    snapshot: () => undefined,
    replay: (data) => enqueue(data),
    reached: () => undefined,
    drained: async () => undefined,
    ended() {
      ended = true
      wake()
    },
    failed(error) {
      failed = { error }
      wake()
    },
  }
  const stop = (): void => {
    gone.abort(signal.reason)
    wake()
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    const { begin } = await subscribeToFeed(channels, feed, 'beginning', sink, gone.signal)
    begin()
    for (;;) {
      signal.throwIfAborted()
      const next = waiting.shift()
      if (next !== undefined) yield JSON.parse(next)
      else if (failed) throw failed.error
      else if (ended) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    signal.removeEventListener('abort', stop)
    gone.abort()
  }
}
