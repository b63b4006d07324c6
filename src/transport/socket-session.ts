import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Presence } from '../channel/presence.ts'
import type { Since } from '../channel/subscriber.ts'
import { Problem } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import {
  type Channels,
  type FeedSink,
  type FeedSubscription,
  subscribeToFeed,
  UNKNOWN_POSITION,
} from '../feed/subscription.ts'
import type { Viewer } from '../feed/viewer.ts'
import { say } from '../language/sentence.ts'
import { type Command, CommonCommands, checkCommand } from '../protocol/command.ts'
import { CLOSE_CODES, type MessageVocabulary } from '../protocol/frame.ts'
import { feedVocabulary, messageFrames } from './frames.ts'
import { Peer, type PeerOptions, type PeerSettings } from './peer.ts'
import { WIRE } from './wire-count.ts'

/** The settings that all WebSockets of an instance share. */
export interface SocketSettings extends PeerSettings {
  hub: Channels
  presence?: Pick<Presence, 'enter' | 'leave' | 'members'>
}

export interface SocketOptions extends SocketSettings, Omit<PeerOptions, 'handle'> {
  vocabulary: MessageVocabulary
  /**
   * Returns the viewer that a fresh token identifies.
   * @throws {Problem} `UNAUTHENTICATED`, `TOKEN_EXPIRED`; `FORBIDDEN` when it is another user's
   */
  authenticate(token: string): Promise<Viewer>
  /** The commands that a session understands beside `ping` and `auth`, by the message's `type`. */
  commands: Readonly<Record<string, (command: Command, session: SocketSession) => Promise<void>>>
  /** Called after the terminal event of one of the session's feeds. */
  ended?: ((session: SocketSession) => void) | undefined
}

export const MAX_CHANNELS = 100

interface Subscribed {
  feed: Feed
  leaving: AbortController
  subscription: FeedSubscription | undefined
}

/** Keeps one WebSocket and its subscriptions to channels. */
export class SocketSession {
  readonly peer: Peer
  readonly #options: SocketOptions
  readonly #subscriptions = new Map<string, Subscribed>()

  constructor(peer: Peer, options: SocketOptions) {
    this.peer = peer
    this.#options = options
    peer.signal.addEventListener('abort', () => {
      for (const name of [...this.#subscriptions.keys()]) this.leave(name)
    })
  }

  /**
   * Subscribes to a feed; nothing is sent before the returned subscription begins.
   * @throws {Problem} `CONFLICT` when it is subscribed already, `FORBIDDEN` above {@link MAX_CHANNELS}
   */
  async enter(feed: Feed, since: Since): Promise<FeedSubscription> {
    const { channel, name = channel } = feed
    const { hub, presence } = this.#options
    if (this.#subscriptions.has(name)) throw new Problem('CONFLICT', say('socket.subscribed_already'))
    if (this.#subscriptions.size >= MAX_CHANNELS) {
      throw new Problem('FORBIDDEN', say('socket.many_channels', { most: MAX_CHANNELS }))
    }
    const entry: Subscribed = { feed, leaving: new AbortController(), subscription: undefined }
    this.#subscriptions.set(name, entry)
    try {
      entry.subscription = await subscribeToFeed(hub, feed, since, this.#sink(feed), entry.leaving.signal)
    } catch (error) {
      this.#subscriptions.delete(name)
      throw error
    }
    this.#takeSeat()
    if (!entry.leaving.signal.aborted) presence?.enter(channel, this.#member()).catch(this.#options.onError)
    if (since !== 'now') {
      const { recovered, reason } = entry.subscription
      this.#options.observer?.recovery?.(recovered === true ? 'recovered' : (reason ?? 'lost'))
    }
    return entry.subscription
  }

  /**
   * Ends the subscription to a channel.
   * @returns false when there was none
   */
  leave(name: string): boolean {
    const entry = this.#subscriptions.get(name)
    if (entry === undefined) return false
    this.#subscriptions.delete(name)
    entry.leaving.abort()
    entry.subscription?.close()
    this.#takeSeat()
    this.#options.presence?.leave(entry.feed.channel, this.#member()).catch(this.#options.onError)
    return true
  }

  /** Lets the frames of the only channel come together with those of its other readers. */
  #takeSeat(): void {
    const [only] = this.#subscriptions.size === 1 ? this.#subscriptions.values() : []
    const seat = only?.feed.coalesceMs ? undefined : only?.subscription?.seat
    const { events } = this.#options.vocabulary
    this.peer.takeSeat(seat, only === undefined ? events : feedVocabulary(events, only.feed))
  }

  #member(): { connection_id: string; user: string } {
    return { connection_id: this.peer.id, user: this.peer.viewer.username }
  }

  #sink(feed: Feed): FeedSink {
    const channel = feed.name ?? feed.channel
    const { peer } = this
    const { vocabulary, observer, endpoint, onError } = this.#options
    const frames = feedVocabulary(vocabulary.events, feed)
    return {
      show(publications, isAlone) {
        for (const publication of publications) {
          const messages = messageFrames(publication, frames, isAlone)
          if (messages === undefined) continue
          WIRE.websocket.framesSent++
          for (const message of messages) peer.sendBytes(message, feed.coalesceMs)
        }
      },
      lost(reason, position) {
        observer?.recovery?.(reason)
        peer.send({ type: 'recovery', channel, recovered: false, reason, ...position })
      },
      snapshot: (state) => peer.send({ type: 'snapshot', channel, state }),
      replay(data, end) {
        for (const event of feed.events({ channel, ...(end ?? UNKNOWN_POSITION), data })) {
          if (end === undefined) peer.sendBytes(Buffer.from(vocabulary.replayed(channel, event.data)))
          else {
            for (const frame of vocabulary.events({ channel, ...end, data: event.data })) {
              peer.sendBytes(Buffer.from(frame.data))
            }
          }
        }
      },
      reached() {},
      drained: () => peer.outlet.drained(),
      ended: () => {
        this.leave(channel)
        const last = vocabulary.ended?.(channel, 'ended')
        if (last !== undefined) peer.sendBytes(Buffer.from(last))
        this.#options.ended?.(this)
      },
      withdrawn: () => {
        this.leave(channel)
        const last = vocabulary.ended?.(channel, 'not_shared')
        if (last === undefined) peer.close(CLOSE_CODES.POLICY, 'it is not shared with you any more')
        else peer.sendBytes(Buffer.from(last))
      },
      failed: (error) => {
        onError(error)
        observer?.error?.('story', endpoint)
        peer.close(CLOSE_CODES.INTERNAL, 'the history cannot be read')
      },
    }
  }
}

/** Handles `auth`: replaces the credentials of the open connection by a fresh token's. */
async function authenticate(command: Command, session: SocketSession, options: SocketOptions): Promise<void> {
  const { token } = checkCommand(CommonCommands.auth, command)
  const viewer = await options.authenticate(token)
  if (viewer.id !== session.peer.viewer.id) throw new Problem('FORBIDDEN', say('socket.another_user'))
  session.peer.renew(viewer)
  session.peer.send({
    type: 'authenticated',
    user: viewer.username,
    expires_at: viewer.expiresAt === null ? null : new Date(viewer.expiresAt).toISOString(),
  })
}

/**
 * Serves one open WebSocket until it closes: sends `connected`, then answers commands in their order.
 * @param wire the TCP connection below the WebSocket
 */
export function serveSocket(socket: WebSocket, wire: Socket, options: SocketOptions): SocketSession {
  const { commands } = options
  const peer = new Peer(socket, wire, {
    ...options,
    async handle(command) {
      const run = Object.hasOwn(commands, command.type) ? commands[command.type] : undefined
      if (run !== undefined) await run(command, session)
      else if (command.type === 'auth') await authenticate(command, session, options)
      else
        throw new Problem(
          'INVALID_MESSAGE',
          say('socket.unknown_type', { types: [...Object.keys(commands), 'auth', 'ping'] }),
        )
    },
  })
  const session = new SocketSession(peer, options)
  peer.send({
    type: 'connected',
    connection_id: peer.id,
    user: peer.viewer.username,
    heartbeat_interval: options.pingSeconds,
    server_time: new Date().toISOString(),
  })
  return session
}
