import { ChannelBook, type ChannelLink, OpenSubscription, type Since } from './channel-book.ts'
import type { Publication } from './channels.ts'
import { ApiError } from './error.ts'
import type { LinksOptions } from './links.ts'
import { persist } from './persist.ts'
import { beginNow } from './standing.ts'
import type { Link, LinkState } from './state.ts'

/** A message between tabs. `turn` counts a tab's requests for a channel: what belongs to an older one is left out. */
type Message =
  | { type: 'leader' }
  | { type: 'wants'; from: string; channel: string; turn: number; since: Since | undefined }
  | { type: 'gone'; from: string }
  | { type: 'state'; state: LinkState }
  | { type: 'publication'; to: string; turn: number; publication: Publication }
  | { type: 'lost'; to: string; turn: number; channel: string; reason: string | undefined }
  | { type: 'ended'; to: string; turn: number; channel: string; error: RefusedChannel | undefined }

interface RefusedChannel {
  status: number
  code: string
  detail: string
}

export interface ShareOptions extends LinksOptions {
  /** Makes the one connection, in the tab that leads. */
  connect(options: LinksOptions): ChannelLink
}

/** True where tabs can find each other; elsewhere each client has a connection of its own. */
export const canShare = (): boolean =>
  typeof navigator !== 'undefined' && 'locks' in navigator && typeof BroadcastChannel === 'function'

const refusedOf = ({ status, code, detail }: ApiError): RefusedChannel => ({ status, code, detail })

/** The work of the tab that leads: one connection, and a subscription of it for each channel of each tab. */
const lead = (options: ShareOptions, tell: (message: Message) => void, resign: (error: ApiError) => void) => {
  const book = new ChannelBook()
  const taken = new Map<string, OpenSubscription>()
  let state: LinkState = 'connecting'
  const link: Link = {
    set(next) {
      state = next
      tell({ type: 'state', state })
    },
    release: () => undefined,
  }
  const connection = options.connect({ ...options, book, state: { link: () => link } })

  const forward = async (subscription: OpenSubscription, to: string, turn: number): Promise<void> => {
    const { channel } = subscription
    try {
      for await (const item of subscription)
        if ('type' in item) tell({ type: 'lost', to, turn, channel, reason: item.reason })
        else tell({ type: 'publication', to, turn, publication: item })
      if (taken.get(`${to} ${channel}`) === subscription)
        tell({ type: 'ended', to, turn, channel, error: undefined })
    } catch (error) {
      const failure = error as ApiError
      // The credentials of this tab have ended; another one may have better ones.
      if (failure.status === 401) resign(failure)
      else tell({ type: 'ended', to, turn, channel, error: refusedOf(failure) })
    }
  }
  const drop = (key: string): void => {
    const known = taken.get(key)
    taken.delete(key)
    known?.end(undefined)
  }
  return {
    wants(from: string, channel: string, turn: number, since: Since | undefined): void {
      const key = `${from} ${channel}`
      drop(key)
      tell({ type: 'state', state })
      if (since === undefined || since === 'now') return
      const subscription = new OpenSubscription(channel, since, options.bufferEvents, {
        left(one) {
          book.remove(one)
          connection.changed(channel)
        },
        changed: () => connection.changed(channel),
      })
      taken.set(key, subscription)
      book.add(subscription)
      connection.changed(channel)
      void forward(subscription, from, turn)
    },
    gone(tab: string): void {
      for (const key of [...taken.keys()]) if (key.startsWith(`${tab} `)) drop(key)
    },
    close(): void {
      for (const key of [...taken.keys()]) drop(key)
      connection.close()
    },
  }
}

/** Holds a lock until the signal aborts. @returns resolves once it is held */
const hold = (name: string, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const held = () => {
      resolve()
      return new Promise<void>((done) => {
        if (signal.aborted) done()
        else signal.addEventListener('abort', () => done(), { once: true })
      })
    }
    navigator.locks.request(name, { signal }, held).catch(() => undefined)
  })

/**
 * Carries a client's subscriptions over the connection of one tab, which leads all tabs in which the same user is signed
 * in to the same service. Where that tab is gone, another one leads: each tab asks it for what follows its own positions,
 * so that nothing is lost and nothing comes twice.
 */
export const sharedLink = (options: ShareOptions): ChannelLink => {
  const { book, http, url } = options
  const link = options.state.link()
  const closed = new AbortController()
  const signal = AbortSignal.any([options.signal, closed.signal])
  const tab = crypto.randomUUID()
  const turns = new Map<string, number>()
  let leader: ReturnType<typeof lead> | undefined
  let bus: BroadcastChannel | undefined
  let joined = new AbortController()

  const heard = (message: Message): void => {
    if ('to' in message && (message.to !== tab || turns.get(channelOf(message)) !== message.turn)) return
    switch (message.type) {
      case 'leader':
        for (const channel of book.channels) void want(channel)
        return
      case 'wants':
        leader?.wants(message.from, message.channel, message.turn, message.since)
        if (leader && message.from !== tab) watch(message.from)
        return
      case 'gone':
        leader?.gone(message.from)
        return
      case 'state':
        link.set(message.state)
        return
      case 'publication':
        book.take(message.publication)
        return
      case 'lost':
        book.lose(message.channel, message.reason)
        return
      case 'ended':
        book.end(message.channel, message.error && new ApiError(message.error))
        return
      default:
    }
  }
  const tell = (message: Message): void => {
    if (!('to' in message) || message.to !== tab) bus?.postMessage(message)
    if (!('to' in message) || message.to === tab) heard(message)
  }
  const want = async (channel: string): Promise<void> => {
    const turn = (turns.get(channel) ?? 0) + 1
    turns.set(channel, turn)
    try {
      await persist({ ...options, link, signal: joined.signal }, async () => {
        await beginNow(http, book, [channel], joined.signal)
        return { next: 'done' }
      })
    } catch (error) {
      if (!joined.signal.aborted) book.end(channel, error as ApiError)
      return
    }
    if (turns.get(channel) === turn)
      tell({ type: 'wants', from: tab, channel, turn, since: book.ask(channel) })
  }
  /** A tab that has crashed says nothing, but its lock is free. */
  let watched = new Set<string>()
  const watch = (other: string): void => {
    if (watched.has(other)) return
    watched.add(other)
    const gone = (): void => {
      watched.delete(other)
      leader?.gone(other)
    }
    navigator.locks.request(`tributary tab ${other}`, { signal: joined.signal }, gone).catch(() => undefined)
  }
  const leave = (): void => {
    tell({ type: 'gone', from: tab })
    joined.abort()
    leader?.close()
    leader = undefined
    bus?.close()
    bus = undefined
  }
  const join = async (here: AbortSignal): Promise<void> => {
    const { user } = (await http.json('GET', '/api/v1/auth/session', undefined, { signal: here })) as {
      user: { id: string } | null
    }
    const name = `tributary ${url} ${user?.id ?? ''}`
    await hold(`tributary tab ${tab}`, here)
    if (here.aborted) return
    bus = new BroadcastChannel(name)
    bus.onmessage = ({ data }) => heard(data as Message)
    for (const channel of book.channels) void want(channel)
    await hold(name, here)
    if (here.aborted) return
    watched = new Set()
    leader = lead(options, tell, (error) => {
      leave()
      book.endAll(error)
    })
    tell({ type: 'leader' })
  }
  const begin = (): void => {
    joined = new AbortController()
    const here = AbortSignal.any([signal, joined.signal])
    persist({ ...options, link, signal: here }, async () => {
      await join(here)
      return { next: 'done' }
    }).catch((error) => {
      if (!here.aborted) book.endAll(error as ApiError)
    })
  }
  // A page that is put aside keeps neither the connection nor the lead; one that comes back takes part again.
  const shown = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) begin()
  }
  addEventListener('pagehide', leave)
  addEventListener('pageshow', shown)
  begin()
  return {
    changed(channel) {
      if (bus) void want(channel)
    },
    close() {
      removeEventListener('pagehide', leave)
      removeEventListener('pageshow', shown)
      leave()
      closed.abort()
      link.release()
    },
  }
}

const channelOf = (message: Extract<Message, { to: string }>): string =>
  message.type === 'publication' ? message.publication.channel : message.channel
