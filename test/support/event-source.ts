import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { createParser } from 'eventsource-parser'

export interface ReceivedEvent {
  /** The `id:` that came with the event; undefined when it had none. */
  id: string | undefined
  event: string | undefined
  data: string
}

export interface EventClientOptions {
  method?: string
  headers?: Record<string, string>
  body?: string
  lastEventId?: string
  /** An address of this machine to come from: `127.0.0.9`. */
  localAddress?: string
  /** Milliseconds that `next` and `ended` wait at most. Default 10,000. */
  patienceMs?: number
}

/** An event-stream client that shows all it got; it never reconnects. */
export interface EventClient {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly events: ReceivedEvent[]
  readonly comments: string[]
  readonly retries: number[]
  /** Everything received, inflated. */
  text(): string
  /** The next event nobody took yet that satisfies the predicate; those before it are skipped. */
  next(predicate?: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent>
  /** The next `count` events. */
  take(count: number): Promise<ReceivedEvent[]>
  /** Resolves with the first comment that was not awaited yet. */
  comment(): Promise<string>
  /** Resolves when the response is over: whole, or cut. */
  ended(): Promise<'whole' | 'cut'>
  readonly response: IncomingMessage
  close(): void
}

/** Opens a URL and resolves once its status line has come, whatever it is. */
export async function openEvents(url: string, options: EventClientOptions = {}): Promise<EventClient> {
  const { patienceMs = 10_000 } = options
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request(url, {
      method: options.method ?? 'GET',
      agent: false,
      ...(options.localAddress !== undefined && { localAddress: options.localAddress }),
      headers: {
        ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
        ...options.headers,
      },
    })
    outgoing.once('response', resolve)
    outgoing.once('error', reject)
    outgoing.end(options.body)
  })
  const events: ReceivedEvent[] = []
  const comments: string[] = []
  const retries: number[] = []
  let text = ''
  let taken = 0
  let commented = 0
  let over: 'whole' | 'cut' | undefined
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const look of [...waiting]) look()
  }
  const parser = createParser({
    onEvent: ({ id, event, data }) => events.push({ id, event, data }),
    onComment: (comment) => comments.push(comment),
    onRetry: (retry) => retries.push(retry),
  })
  const body: Readable =
    response.headers['content-encoding'] === 'gzip' ? response.pipe(createGunzip()) : response
  body.setEncoding('utf8')
  body.on('data', (chunk: string) => {
    text += chunk
    parser.feed(chunk)
    wake()
  })
  const finish = (): void => {
    over ??= response.complete ? 'whole' : 'cut'
    wake()
  }
  body.once('end', finish)
  // A body whose checksum is wrong is not whole either.
  body.once('error', () => {
    over ??= 'cut'
    wake()
  })
  response.once('error', finish)
  response.once('close', () => (response.complete ? undefined : finish()))

  const until = <T>(what: string, look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const attempt = (): void => {
        const found = look()
        if (found === undefined) {
          if (over === undefined || what === 'the end') return
          stop()
          reject(
            new Error(
              `the stream was over (${over}) before ${what}; events: ${JSON.stringify(events.slice(-5))}`,
            ),
          )
          return
        }
        stop()
        resolve(found)
      }
      const timer = setTimeout(() => {
        stop()
        reject(new Error(`no ${what} within ${patienceMs} ms; events: ${JSON.stringify(events.slice(-5))}`))
      }, patienceMs)
      const stop = (): void => {
        clearTimeout(timer)
        waiting.delete(attempt)
      }
      waiting.add(attempt)
      attempt()
    })

  const next = (predicate: (event: ReceivedEvent) => boolean = () => true): Promise<ReceivedEvent> =>
    until('such event', () => {
      while (taken < events.length) {
        const event = events[taken++] as ReceivedEvent
        if (predicate(event)) return event
      }
      return undefined
    })

  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    comments,
    retries,
    text: () => text,
    next,
    async take(count) {
      const received: ReceivedEvent[] = []
      while (received.length < count) received.push(await next())
      return received
    },
    comment: () => until('comment', () => (commented < comments.length ? comments[commented++] : undefined)),
    ended: () => until('the end', () => over),
    response,
    close: () => response.destroy(),
  }
}
