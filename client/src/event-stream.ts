import { createParser } from 'eventsource-parser'

/** One event of an event-stream. */
export interface StreamEvent {
  /** The position behind it; undefined for events that have none. */
  id: string | undefined
  /** `message` where the stream names none. */
  event: string
  data: string
}

/** Takes what an event-stream says. */
export interface StreamReader {
  /** @returns true when nothing more is wanted */
  event(event: StreamEvent): boolean
  /** The reconnection time that the service asks for, in ms. */
  retry(ms: number): void
}

/**
 * Reads a response's body as an event-stream until it ends, breaks, or the reader has enough.
 * @param silenceMs without a byte for so long the connection counts as dead
 * @returns true when the reader had enough
 * @throws the network's error; the signal's reason
 */
export const readEventStream = async (
  body: ReadableStream<Uint8Array>,
  reader: StreamReader,
  silenceMs: number,
  signal: AbortSignal,
): Promise<boolean> => {
  let enough = false
  const parser = createParser({
    onEvent: ({ id, event = 'message', data }) => {
      if (!enough) enough = reader.event({ id, event, data })
    },
    onRetry: (ms) => reader.retry(ms),
  })
  const decoder = new TextDecoder()
  const source = body.getReader()
  const stop = (): void => void source.cancel(signal.reason).catch(() => undefined)
  signal.addEventListener('abort', stop, { once: true })
  let timer: ReturnType<typeof setTimeout> | undefined
  let dead = false
  const watch = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      dead = true
      stop()
    }, silenceMs)
  }
  try {
    if (signal.aborted) stop()
    watch()
    for (;;) {
      const { done, value } = await source.read()
      signal.throwIfAborted()
      if (dead) throw new Error(`Nothing came for ${silenceMs} ms`)
      if (done) return enough
      watch()
      parser.feed(decoder.decode(value, { stream: true }))
      if (enough) return true
    }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    stop()
  }
}
