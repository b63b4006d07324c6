import { ChannelBook, type ChannelLink, OpenSubscription } from './channel-book.ts'
import type { Recover } from './channels.ts'
import { ownError } from './error.ts'
import type { LinkOptions } from './event-link.ts'
import { pause } from './policy.ts'
import type { SocketMaker } from './socket-connection.ts'

/** Options of a client that decide how its subscriptions are carried. */
export interface LinksOptions extends LinkOptions {
  url: string
  bufferEvents: number
  transport?: 'auto' | 'sse' | 'websocket'
  language?: string | undefined
  WebSocket?: SocketMaker | undefined
  share?: boolean
}

/** Services to which WebSockets were last found not to get through. */
const blockedUrls = new Set<string>()
/** The mean pause before a WebSocket is tried again beside an event-stream. */
const SOCKET_RETRY_MS = 300_000

const NONE: ChannelLink = { changed: () => undefined, close: () => undefined }

/** Stands for a connection whose code is still on its way. */
const linkOnceLoaded = (loading: Promise<ChannelLink>, book: ChannelBook): ChannelLink => {
  let link = NONE
  let isClosed = false
  loading.then(
    (loaded) => {
      link = loaded
      if (isClosed) link.close()
    },
    (error) => book.endAll(ownError('CONNECTION_LOST', String(error), error)),
  )
  return {
    changed: (channel) => link.changed(channel),
    close() {
      isClosed = true
      link.close()
    },
  }
}

/** Opens a WebSocket and closes it again. @returns whether it got through */
const getsThrough = async (options: LinksOptions, WebSocket: SocketMaker, signal: AbortSignal) => {
  const enough = new AbortController()
  const { socketConnection } = await import('./socket-connection.ts')
  const { wasOpen } = await socketConnection({
    ...options,
    WebSocket,
    link: { set: () => undefined, release: () => undefined },
    signal: AbortSignal.any([signal, enough.signal]),
    path: '/api/v1/ws',
    query: new URLSearchParams(),
    opened: () => enough.abort(),
    frame: () => undefined,
  })
  return wasOpen === true
}

/**
 * Carries subscriptions over a WebSocket, and over an event-stream where that does not get through. Meanwhile another
 * is tried now and then, and when the network is back: it may be another network.
 */
const ownLink = (options: LinksOptions): ChannelLink => {
  const { url, transport = 'auto', book, random, wakers } = options
  const WebSocket = options.WebSocket ?? (globalThis as { WebSocket?: SocketMaker }).WebSocket
  const closed = new AbortController()
  const signal = AbortSignal.any([options.signal, closed.signal])
  let link: ChannelLink = NONE
  const carry = (loading: Promise<ChannelLink>): void => {
    link.close()
    link = signal.aborted ? NONE : linkOnceLoaded(loading, book)
  }
  const overEvents = (): void => carry(import('./event-link.ts').then(({ eventLink }) => eventLink(options)))
  const overSocket = (WebSocket: SocketMaker): void =>
    carry(
      import('./socket.ts').then(({ socketLink }) =>
        socketLink({
          ...options,
          WebSocket,
          language: options.language,
          // Whoever asks for a WebSocket alone waits until one gets through.
          blocked: transport === 'auto' ? () => overEventsFirst(WebSocket) : undefined,
        }),
      ),
    )
  const overEventsFirst = async (WebSocket: SocketMaker): Promise<void> => {
    blockedUrls.add(url)
    overEvents()
    while (await pause(SOCKET_RETRY_MS * (0.5 + random()), signal, wakers)) {
      if (!(await getsThrough(options, WebSocket, signal).catch(() => false))) continue
      blockedUrls.delete(url)
      overSocket(WebSocket)
      return
    }
  }
  if (transport === 'sse' || (transport === 'auto' && WebSocket === undefined)) overEvents()
  else if (WebSocket === undefined)
    queueMicrotask(() => {
      if (!signal.aborted)
        book.endAll(ownError('NO_WEBSOCKET', 'There is no WebSocket here: give one to createClient'))
    })
  else if (transport === 'auto' && blockedUrls.has(url)) void overEventsFirst(WebSocket)
  else overSocket(WebSocket)
  return {
    changed: (channel) => link.changed(channel),
    close() {
      closed.abort()
      link.close()
    },
  }
}

/** All subscriptions of one client, and the connection that they share. */
export interface Channels {
  subscribe(channel: string, recover: Recover | undefined): OpenSubscription
}

/** Opens a client's subscriptions; the connection is there while there is one of them. */
export const openChannels = (options: Omit<LinksOptions, 'book'>): Channels => {
  const { signal, bufferEvents } = options
  const book = new ChannelBook()
  let link: ChannelLink | undefined
  /** Alone, or together with the browser's other tabs. */
  const open = (book: ChannelBook): ChannelLink =>
    options.share && typeof document !== 'undefined'
      ? linkOnceLoaded(
          import('./share.ts').then(({ canShare, sharedLink }) =>
            canShare() ? sharedLink({ ...options, book, connect: ownLink }) : ownLink({ ...options, book }),
          ),
          book,
        )
      : ownLink({ ...options, book })
  signal.addEventListener('abort', () => {
    book.endAll(signal.reason)
    link?.close()
  })
  return {
    subscribe(channel, recover) {
      const subscription = new OpenSubscription(channel, recover, bufferEvents, {
        left(one) {
          book.remove(one)
          if (book.channels.length > 0) return link?.changed(channel)
          link?.close()
          link = undefined
        },
        changed: () => link?.changed(channel),
      })
      if (signal.aborted) {
        subscription.end(signal.reason)
        return subscription
      }
      book.add(subscription)
      if (link) link.changed(channel)
      else link = open(book)
      return subscription
    },
  }
}
