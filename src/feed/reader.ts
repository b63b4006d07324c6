import type { Feed } from './feed.ts'
import { type Channels, type FeedSink, subscribeToFeed } from './subscription.ts'

/** Events that may wait for their reader; above it the reader is too slow to be told the rest. */
const MAX_WAITING = 10_000

/**
 * A feed's events from its beginning to its terminal one, for a reader inside the service; a story from the store where
 * the log is lost, as for every other subscriber.
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
  const hear = (data: string): void => {
    if (waiting.length < MAX_WAITING) waiting.push(data)
    else failed ??= { error: new Error(`${feed.channel} is told faster than it is read`) }
    wake()
  }
  const screen: FeedSink = {
    show: (publications) => {
      for (const { data } of publications) hear(data)
    },
    lost: () => undefined,
    snapshot: () => undefined,
    replay: (data) => hear(data),
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
    const { begin } = await subscribeToFeed(channels, feed, 'beginning', screen, gone.signal)
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
