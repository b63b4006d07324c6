import { ChannelBook, type ChannelLink, OpenSubscription } from './channel-book.ts'
import type { Recover } from './channels.ts'
import { ownError } from './error.ts'
import type { LinkOptions } from './event-link.ts'
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

/** Services to which WebSockets were found not to get through; remembered for the page's life. */
const blockedUrls = new Set<string>()

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

/** Carries subscriptions over a WebSocket, and over an event-stream where that does not get through. */
const ownLink = (options: LinksOptions): ChannelLink => {
  const { url, transport = 'auto', language, book, signal } = options
  const WebSocket = options.WebSocket ?? (globalThis as { WebSocket?: SocketMaker }).WebSocket
  let link: ChannelLink = NONE
  let isClosed = false
  const overEvents = async () => (await import('./event-link.ts')).eventLink(options)
  const blocked = (): void => {
    blockedUrls.add(url)
    link.close()
    if (!isClosed) link = linkOnceLoaded(overEvents(), book)
  }
  if (transport === 'sse' || (transport === 'auto' && (WebSocket === undefined || blockedUrls.has(url))))
    link = linkOnceLoaded(overEvents(), book)
  else if (WebSocket === undefined)
    queueMicrotask(() => {
      if (!signal.aborted)
        book.endAll(ownError('NO_WEBSOCKET', 'There is no WebSocket here: give one to createClient'))
    })
  else
    link = linkOnceLoaded(
      import('./socket.ts').then(({ socketLink }) =>
        socketLink({
          ...options,
          WebSocket,
          language,
          // Whoever asks for a WebSocket alone waits until one gets through.
          blocked: transport === 'auto' ? blocked : undefined,
        }),
      ),
      book,
    )
  return {
    changed: (channel) => link.changed(channel),
    close() {
      isClosed = true
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
