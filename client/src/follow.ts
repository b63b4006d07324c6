import { ApiError, ownError } from './error.ts'
import { readEventStream, type StreamEvent } from './event-stream.ts'
import { type Http, retryAfterMs } from './http.ts'
import { nextDelay, pause, SILENCE_MS, verdictOfStatus, type Wakers } from './policy.ts'
import type { Session } from './session.ts'
import type { Link } from './state.ts'

/** The parts that all connections of a client share. */
export interface Connecting {
  http: Http
  session: Session
  random(): number
  wakers: Wakers
}

/** One event-stream that is followed through all its connections. */
export interface FollowOptions extends Connecting {
  link: Link
  /** Returns the path of the next connection. */
  path(): string
  /** The position to go on behind; undefined for the beginning. */
  position(): string | undefined
  /** An open answer to read first, as a `POST` gives one. */
  first?: Response | undefined
  /** @returns true when it was the last event */
  event(event: StreamEvent): boolean
  /** A connection is open. */
  opened?(response: Response): void
  signal: AbortSignal
}

/** Settings of a client's own use; tests shorten them. */
const headersFor = (position: string | undefined): Record<string, string> => ({
  accept: 'text/event-stream',
  ...(position === undefined ? {} : { 'last-event-id': position }),
})

/**
 * Reads an event-stream to its last event, over as many connections as that takes: each goes on behind the position of
 * the last event. Waits between tries as {@link nextDelay} says; goes on for ever while what is wrong may pass.
 * @throws {ApiError} a refusal that another try cannot change; `ENDED` where the stream was over (`204`)
 * @throws the signal's reason once it aborts
 */
export const follow = async (options: FollowOptions): Promise<void> => {
  const { http, session, link, signal, random, wakers } = options
  let response = options.first
  let failures = 0
  let retryMs: number | undefined
  for (;;) {
    let retryAfter: number | undefined
    let events = 0
    let renew: string | undefined
    let isRenewed = false
    try {
      response ??= await http.send(options.path(), { headers: headersFor(options.position()), signal })
      if (response.status === 204 || response.body === null)
        throw ownError('ENDED', 'The stream is over, and its end was seen before')
      options.opened?.(response)
      link.set('open')
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
      if (Number.isFinite(seconds)) retryAfter = seconds * 1000
      const token = await session.token()
      const isOver = await readEventStream(
        response.body,
        {
          event(event) {
            if (event.event === 'token_expired') {
              renew = token
              isRenewed = true
              return true
            }
            events++
            return options.event(event)
          },
          retry(ms) {
            retryMs = ms
          },
        },
        SILENCE_MS,
        signal,
      )
      if (isRenewed) await session.renew(renew)
      else if (isOver) return
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof ApiError) {
        const { next } = verdictOfStatus(error.status)
        if (error.code !== 'CONNECTION_LOST' && next !== 'retry') throw error
        retryAfter = retryAfterMs(error)
      }
    }
    signal.throwIfAborted()
    response = undefined
    failures = events > 0 ? 1 : failures + 1
    link.set('reconnecting')
    const delay = nextDelay({ failures, retryMs, retryAfterMs: retryAfter }, random())
    await pause(delay, signal, wakers)
    signal.throwIfAborted()
  }
}
