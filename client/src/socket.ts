import { type ChannelLink, refused } from './channel-book.ts'
import type { ChannelPosition } from './channels.ts'
import { ApiError, ownError } from './error.ts'
import type { LinkOptions } from './event-link.ts'
import { persist } from './persist.ts'
import { PATIENCE_MS } from './policy.ts'
import { type Frame, type SendCommand, type SocketMaker, socketConnection } from './socket-connection.ts'
import { beginNow } from './standing.ts'

const MAX_FAILED_OPENINGS = 2

export interface SocketOptions extends LinkOptions {
  WebSocket: SocketMaker
  language: string | undefined
  /** WebSockets do not get through here although the service answers: somebody else takes over. */
  blocked: (() => void) | undefined
}

/** Lets a service that is there be told from one whose WebSockets are blocked on the way. */
const answers = async ({ http, signal }: SocketOptions): Promise<boolean> => {
  try {
    await http.json('GET', '/health/live', undefined, { signal, patienceMs: PATIENCE_MS })
    return true
  } catch {
    return false
  }
}

/**
 * Carries all subscriptions over one WebSocket, and subscribes again behind each channel's position whenever it comes
 * back.
 */
export const socketLink = (options: SocketOptions): ChannelLink => {
  const { book, http, language } = options
  const link = options.state.link()
  const closed = new AbortController()
  const signal = AbortSignal.any([options.signal, closed.signal])
  let send: SendCommand | undefined
  /** Channels that this connection has been asked for. */
  let asked = new Set<string>()
  /** Answers to `subscribe` that are still to come, by channel: what comes before the last is not wanted any more. */
  let pending = new Map<string, number>()

  const leave = (channel: string): void => {
    if (asked.delete(channel)) send?.({ type: 'unsubscribe', channel })
  }
  const subscribe = (channel: string): void => {
    leave(channel)
    const since = book.ask(channel)
    if (since === undefined || !send) return
    asked.add(channel)
    pending.set(channel, (pending.get(channel) ?? 0) + 1)
    send({ type: 'subscribe', channel, ...(since === 'now' ? {} : { recover: since }) })
  }
  /** Subscribes; one who begins now beside others who began before needs to know where now is. */
  const change = (channel: string): void => {
    const since = book.sinceOf(channel)
    if (since === undefined) leave(channel)
    else if (since === 'now' || !book.of(channel).some((one) => one.since === 'now')) subscribe(channel)
    else
      beginNow(http, book, [channel], signal).then(
        () => subscribe(channel),
        () => subscribe(channel),
      )
  }
  /** Counts an answer to `subscribe`. @returns whether it was the last */
  const isLast = (channel: string): boolean => {
    const left = (pending.get(channel) ?? 1) - 1
    pending.set(channel, left)
    return left === 0
  }

  const take = (frame: Frame): void => {
    const { type, epoch, offset, recovered, reason } = frame
    const channel = String(frame.channel ?? '')
    switch (type) {
      case 'event':
        if (pending.get(channel) === 0 && offset !== undefined)
          book.take({ channel, epoch, offset, data: frame.data } as never)
        return
      case 'subscribed':
        if (!isLast(channel)) return
        if (recovered === false && reason !== undefined) book.lose(channel, String(reason))
        else for (const one of book.of(channel)) one.begin({ epoch, offset } as ChannelPosition)
        return
      case 'recovery':
        if (recovered === false) book.lose(channel, reason as string | undefined)
        return
      case 'unsubscribed':
        if (reason === 'ended') book.end(channel, undefined)
        else if (reason !== undefined) book.end(channel, refused(channel, 'FORBIDDEN', String(reason)))
        return
      case 'error':
        if (frame.command !== 'subscribe' || channel === '' || !isLast(channel)) return
        asked.delete(channel)
        book.end(channel, refused(channel, String(frame.error_code), String(frame.message)))
        return
      default:
    }
  }

  let neverOpened = 0
  const connect = async () => {
    asked = new Set()
    pending = new Map()
    const query = new URLSearchParams({ batch: '1', ...(language === undefined ? {} : { lang: language }) })
    const outcome = await socketConnection({
      ...options,
      link,
      signal,
      path: '/api/v1/ws',
      query,
      opened(sender) {
        send = sender
        for (const channel of book.channels) change(channel)
      },
      frame: take,
    })
    send = undefined
    signal.throwIfAborted()
    if (outcome.wasOpen) neverOpened = Number.NEGATIVE_INFINITY
    else if (options.blocked && ++neverOpened >= MAX_FAILED_OPENINGS && (await answers(options))) {
      options.blocked()
      return { next: 'done' as const }
    }
    if (outcome.next === 'give-up')
      throw refused('the connection', 'FORBIDDEN', outcome.reason || 'it was closed')
    return outcome
  }
  persist({ ...options, link, signal }, connect).catch((error) => {
    if (!signal.aborted)
      book.endAll(error instanceof ApiError ? error : ownError('CONNECTION_LOST', String(error), error))
  })

  return {
    changed: (channel) => {
      if (send) change(channel)
    },
    close() {
      closed.abort()
      link.release()
    },
  }
}
