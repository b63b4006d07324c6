import { type ChannelBook, type ChannelLink, type ChannelPosition, refused } from './channels.ts'
import { ApiError } from './error.ts'
import type { Connecting } from './follow.ts'
import { nextDelay, pause, type Verdict, verdictOfClose, verdictOfStatus } from './policy.ts'
import type { StateTracker } from './state.ts'

/** A WebSocket as browsers and Node have it. */
export type SocketMaker = new (url: string) => WebSocket

/** The time that a WebSocket may take to say `connected` before it counts as blocked. */
const OPEN_MS = 10_000
const MAX_FAILED_OPENINGS = 2

export interface SocketOptions extends Connecting {
  WebSocket: SocketMaker
  state: StateTracker
  book: ChannelBook
  language: string | undefined
  /** WebSockets do not get through here although the service answers: somebody else takes over. */
  blocked(): void
  signal: AbortSignal
}

interface Frame {
  type: string
  channel?: string
  epoch?: string
  offset?: number
  [field: string]: unknown
}

/** Lets a service that is there be told from one whose WebSockets are blocked on the way. */
const answers = async ({ http, signal }: SocketOptions): Promise<boolean> => {
  try {
    await (await http.send('/health/live', { signal })).body?.cancel()
    return true
  } catch {
    return false
  }
}

/**
 * Carries all subscriptions over one WebSocket, subscribes again behind each channel's position whenever it comes
 * back, and renews the token of the live connection before it ends.
 */
export const socketLink = (options: SocketOptions): ChannelLink => {
  const { book, http, session, signal, random, wakers } = options
  const link = options.state.link()
  const closed = new AbortController()
  const stop = AbortSignal.any([signal, closed.signal])
  let socket: WebSocket | undefined
  /** Channels that this connection has been asked for. */
  let asked = new Set<string>()
  let isReady = false

  const send = (message: object): void => {
    if (isReady) socket?.send(JSON.stringify(message))
  }
  const subscribe = (channel: string): void => {
    if (asked.has(channel)) send({ type: 'unsubscribe', channel })
    asked.add(channel)
    const since = book.sinceOf(channel)
    send({ type: 'subscribe', channel, ...(since === 'now' ? {} : { recover: since }) })
  }

  const take = (frame: Frame): void => {
    const { type, channel = '' } = frame
    switch (type) {
      case 'event':
        if (frame.epoch !== undefined && frame.offset !== undefined)
          book.take({ channel, epoch: frame.epoch, offset: frame.offset, data: frame.data })
        return
      case 'subscribed':
      case 'recovery':
        for (const one of book.of(channel)) {
          if (frame.recovered === false && typeof one.since === 'object')
            one.lose(frame.reason as string | undefined)
          else one.begin({ epoch: frame.epoch, offset: frame.offset } as ChannelPosition)
        }
        return
      case 'unsubscribed':
        if (frame.reason === 'ended') book.end(channel, undefined)
        else if (frame.reason !== undefined)
          book.end(channel, refused(channel, 'FORBIDDEN', String(frame.reason)))
        return
      case 'token_expiring':
        void renew()
        return
      case 'error':
        if (frame.command === 'subscribe' && channel !== '') {
          asked.delete(channel)
          book.end(channel, refused(channel, String(frame.error_code), String(frame.message)))
        }
        return
      default:
    }
  }

  const renew = async (): Promise<void> => {
    try {
      await session.renew(await session.token())
      send({ type: 'auth', token: await session.token() })
    } catch {
      // The connection ends with its token, and the next one tells why.
    }
  }

  /** Returns the next connection's URL: a ticket stands in it, a token never does. */
  const address = async (): Promise<string> => {
    const query = new URLSearchParams({ batch: '1' })
    if ((await session.token()) !== undefined) {
      const { ticket } = (await http.json('POST', '/api/v1/auth/tickets', {})) as { ticket: string }
      query.set('ticket', ticket)
    }
    if (options.language !== undefined) query.set('lang', options.language)
    return `${http.url.replace(/^http/, 'ws')}/api/v1/ws?${query}`
  }

  /** One connection's whole life. @returns whether it was open, and what its end says of the next one */
  const connect = async (): Promise<{ wasOpen: boolean; verdict: Verdict; reason: string }> => {
    const url = await address()
    stop.throwIfAborted()
    return new Promise((resolve) => {
      const made = new options.WebSocket(url)
      socket = made
      let heartbeat: ReturnType<typeof setInterval> | undefined
      let isHeard = true
      const giveUp = setTimeout(() => made.close(), OPEN_MS)
      const end = (): void => made.close()
      stop.addEventListener('abort', end, { once: true })
      made.onmessage = ({ data }) => {
        isHeard = true
        const frame = JSON.parse(String(data)) as Frame
        for (const one of frame.type === 'batch' ? (frame.messages as Frame[]) : [frame])
          if (one.type === 'connected') open(one)
          else take(one)
      }
      const open = ({ heartbeat_interval }: Frame): void => {
        clearTimeout(giveUp)
        isReady = true
        asked = new Set()
        link.set('open')
        for (const channel of book.channels) subscribe(channel)
        // A browser does not show ping frames: two intervals without an answer are a dead connection.
        heartbeat = setInterval(
          () => {
            if (!isHeard) made.close()
            isHeard = false
            send({ type: 'ping' })
          },
          Number(heartbeat_interval ?? 30) * 1000,
        )
      }
      made.onerror = () => undefined
      made.onclose = ({ code, reason }) => {
        clearTimeout(giveUp)
        clearInterval(heartbeat)
        stop.removeEventListener('abort', end)
        const wasOpen = isReady
        isReady = false
        resolve({ wasOpen, verdict: verdictOfClose(code), reason })
      }
    })
  }

  const run = async (): Promise<void> => {
    let failures = 0
    let neverOpened = 0
    for (;;) {
      let soon = false
      let retryAfterMs: number | undefined
      try {
        const { wasOpen, verdict, reason } = await connect()
        stop.throwIfAborted()
        failures = wasOpen ? 1 : failures + 1
        neverOpened = wasOpen ? -1 : neverOpened < 0 ? -1 : neverOpened + 1
        if (neverOpened >= MAX_FAILED_OPENINGS && (await answers(options))) {
          options.blocked()
          return
        }
        if (verdict.next === 'give-up') {
          book.endAll(refused('the connection', 'FORBIDDEN', reason || 'it was closed'))
          return
        }
        if (verdict.next === 'renew') await session.renew(await session.token())
        soon = verdict.next === 'soon'
      } catch (error) {
        stop.throwIfAborted()
        if (error instanceof ApiError && error.code !== 'CONNECTION_LOST') {
          if (verdictOfStatus(error.status).next !== 'retry') {
            book.endAll(error)
            return
          }
          if (error.retryAfter !== undefined) retryAfterMs = error.retryAfter * 1000
        }
        failures++
      }
      link.set('reconnecting')
      await pause(nextDelay({ failures, soon, retryAfterMs }, random()), stop, wakers)
      stop.throwIfAborted()
    }
  }
  run().catch(() => undefined)

  return {
    changed(channel) {
      if (!isReady) return
      if (book.of(channel).length > 0) subscribe(channel)
      else if (asked.delete(channel)) send({ type: 'unsubscribe', channel })
    },
    close() {
      closed.abort()
      link.release()
    },
  }
}
