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
 * Reads a response's body chunk by chunk until it ends, breaks, or `take` has enough.
 * @param take returns true when it wants no more; the next chunk waits for it
 * @param silenceMs without a byte for so long the connection counts as dead
 * @returns true when `take` had enough
 * @throws the network's error; the signal's reason
 */
export const readBody = async (
  body: ReadableStream<Uint8Array>,
  take: (chunk: Uint8Array) => boolean | Promise<boolean>,
  silenceMs: number,
  signal: AbortSignal,
): Promise<boolean> => {
  const source = body.getReader()
  const stop = (): void => void source.cancel(signal.reason).catch(() => undefined)
  signal.addEventListener('abort', stop, { once: true })
  let timer: ReturnType<typeof setTimeout> | undefined
  let isDead = false
  try {
    if (signal.aborted) stop()
    for (;;) {
      timer = setTimeout(() => {
        isDead = true
        stop()
      }, silenceMs)
      const { done, value } = await source.read()
      clearTimeout(timer)
      signal.throwIfAborted()
      if (isDead) throw new Error(`Nothing came for ${silenceMs} ms`)
      if (done) return false
      if (await take(value)) return true
    }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    stop()
  }
}

/**
 * Reads a response's body as an event-stream, as {@link readBody} does.
 * @returns true when the reader had enough
 */
export const readEventStream = (
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
  const take = (chunk: Uint8Array): boolean => {
    parser.feed(decoder.decode(chunk, { stream: true }))
    return enough
  }
  return readBody(body, take, silenceMs, signal)
}
