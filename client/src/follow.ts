import { ApiError, ownError } from './error.ts'
import { readEventStream, type StreamEvent } from './event-stream.ts'
import { type Connecting, type Outcome, persist } from './persist.ts'
import { PATIENCE_MS, SILENCE_MS } from './policy.ts'
import type { Link } from './state.ts'

/** One event-stream that is followed through all its connections. */
export interface FollowOptions extends Connecting {
  link: Link
  /** Returns the path of the next connection. */
  path(): string
  /** Returns the position to go on behind; undefined for the beginning. */
  position?(): string | undefined
  /** An open answer to read first, as a `POST` gives one. */
  first?: Response | undefined
  /** @returns true when it was the last event */
  event(event: StreamEvent): boolean
  /** A connection is open. */
  opened?(response: Response): void
  signal: AbortSignal
}

const secondsOf = (response: Response, header: string): number =>
  Number(response.headers.get(header) ?? Number.NaN)

/**
 * Reads an event-stream to its last event, over as many connections as that takes: each goes on behind the position of
 * the last event. One that is silent for two of the service's heartbeats counts as dead.
 * @throws {ApiError} a refusal that another try cannot change; `ENDED` where the stream was over (`204`)
 * @throws the signal's reason once it aborts
 */
export const follow = (options: FollowOptions): Promise<void> => {
  const { http, session, link, signal } = options
  let { first } = options
  let retryMs: number | undefined
  return persist(options, async (): Promise<Outcome> => {
    const position = options.position?.()
    const response =
      first ??
      (await http.send(options.path(), {
        headers: {
          accept: 'text/event-stream',
          ...(position === undefined ? {} : { 'last-event-id': position }),
        },
        signal,
        patienceMs: PATIENCE_MS,
      }))
    first = undefined
    if (response.status === 204 || response.body === null)
      throw ownError('ENDED', 'The stream is over, and its end was seen before')
    options.opened?.(response)
    link.set('open')
    const retryAfterMs = secondsOf(response, 'retry-after') * 1000 || undefined
    const silenceMs = secondsOf(response, 'x-keepalive-interval') * 2000 || SILENCE_MS
    const token = await session.token()
    let wasOpen = false
    let isExpired = false
    const reader = {
      event(event: StreamEvent) {
        isExpired = event.event === 'token_expired'
        wasOpen = true
        return isExpired || options.event(event)
      },
      retry(ms: number) {
        retryMs = ms
      },
    }
    const isOver = await readEventStream(response.body, reader, silenceMs, signal).catch((error) => {
      signal.throwIfAborted()
      if (error instanceof ApiError) throw error
      return false
    })
    const next = isExpired ? 'renew' : isOver ? 'done' : 'retry'
    return { next, wasOpen, token, retryMs, retryAfterMs }
  })
}
