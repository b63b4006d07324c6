import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Broker, History, Position, Publication, PublishOptions } from './broker.ts'
import { Continuity } from './continuity.ts'
import { FanOut, type Recipient } from './fan-out.ts'
import type { ChannelObserver } from './observer.ts'
import { lossOf } from './recovery.ts'
import type { LossReason, Since, Subscriber, Subscription } from './subscriber.ts'

export interface HubOptions {
  /** Publications per channel that may wait for a reader; above it history is read again. Default 1024. */
  bufferSize?: number
  /** Publications per page of a replay, 1–1000. Default 500. */
  historyPage?: number
  /** How often each channel's position is compared with the broker's, in ms, ± a fifth. Default 10,000. */
  positionCheckMs?: number
  /** Milliseconds; never going back. */
  now?: () => number
  observer?: ChannelObserver
}

/** What this instance serves now. */
export interface HubStats {
  channels: number
  subscribers: number
  /** Channels whose continuity is being looked up. */
  unsettled: number
  /** False between a failed call to the bus and the next one that succeeds. */
  busUp: boolean
}

const BEYOND = Number.MAX_SAFE_INTEGER

/**
 * Subscriptions of one instance over a broker: one broker subscription per channel, shared by all its subscribers.
 *
 * A subscriber gets an ordered, gapless, duplicate-free sequence or is told that it was lost. A push that does not
 * follow, an interrupted push connection and the periodic position check all lead to the same step: history is read
 * once for the channel, from where it stands. While the bus is down subscribers stay, and the step is tried again.
 */
export class Hub {
  readonly #broker: Broker
  readonly #bufferSize: number
  readonly #page: number
  readonly #continuity: Continuity
  readonly #observer: ChannelObserver
  readonly #feeds = new Map<string, FanOut>()
  readonly #closers = new Set<() => void>()
  readonly #signals = new Set<(message: string) => void>()
  readonly #checking: NodeJS.Timeout
  #closed = false

  constructor(broker: Broker, options: HubOptions = {}) {
    this.#broker = broker
    this.#bufferSize = options.bufferSize ?? 1024
    this.#page = options.historyPage ?? 500
    this.#observer = options.observer ?? {}
    const positionCheckMs = options.positionCheckMs ?? 10_000
    const now = options.now ?? (() => performance.now())
    this.#continuity = new Continuity(broker, { historyPage: this.#page, positionCheckMs, now })
    this.#checking = setInterval(
      () => this.#continuity.checkDue(this.#feeds.values()),
      Math.max(10, positionCheckMs / 10),
    )
    this.#checking.unref()
    broker.listen({
      publication: (publication) => this.#push(publication),
      signal: (message) => {
        for (const listener of this.#signals) listener(message)
      },
      interrupted: () => {
        for (const feed of this.#feeds.values()) this.#continuity.recheck(feed)
      },
    })
  }

  /** {@link Broker.publish} */
  async publish(channel: string, data: readonly string[], options?: PublishOptions): Promise<Position> {
    const position = await this.#broker.publish(channel, data, options)
    this.#observer.published?.(data.length)
    return position
  }

  /** {@link Broker.requireWritable} */
  requireWritable(channel: string): Promise<void> {
    return this.#broker.requireWritable(channel)
  }

  /** {@link Broker.history} */
  history(channel: string, after: number, limit: number): Promise<History> {
    return this.#broker.history(channel, after, limit)
  }

  /** {@link Broker.signal} */
  signal(message: string): Promise<void> {
    return this.#broker.signal(message)
  }

  /** Calls the listener with every signal of any instance until the returned function is called. */
  onSignal(listener: (message: string) => void): () => void {
    this.#signals.add(listener)
    return () => this.#signals.delete(listener)
  }

  /**
   * Registers a subscriber, then reads where its channel stands; nothing is delivered before `start`.
   * @param signal gives up before that; a made subscription is ended with its own `close`
   * @throws {Problem} `BUS_UNAVAILABLE`
   */
  async subscribe(
    channel: string,
    subscriber: Subscriber,
    since: Since,
    signal?: AbortSignal,
  ): Promise<Subscription> {
    signal?.throwIfAborted()
    if (this.#closed) throw new Problem('BUS_UNAVAILABLE', say('publication.bus_closed'))
    const feed = this.#feeds.get(channel) ?? new FanOut(channel, this.#bufferSize, this.#observer)
    this.#feeds.set(channel, feed)
    feed.users++
    const cursor = { epoch: '', offset: 0 }
    const viewer: Recipient = { subscriber, cursor, state: 'waiting', slot: -1, page: [], handed: undefined }
    const end = (): void => {
      if (!this.#closers.delete(end)) return
      feed.close(viewer)
      feed.users--
      this.#settle(feed).catch(() => {})
    }
    this.#closers.add(end)
    try {
      while (feed.position === undefined && !this.#closed) await this.#settle(feed)
      feed.register(viewer)
      const after = since === 'now' ? BEYOND : since === 'beginning' ? 0 : since.offset
      const history = await this.#broker.history(
        channel,
        Number.isSafeInteger(after) ? after : BEYOND,
        this.#page,
      )
      signal?.throwIfAborted()
      if (this.#closed) throw new Problem('BUS_UNAVAILABLE', say('publication.bus_closed'))
      return this.#admit(feed, viewer, since, history, end)
    } catch (error) {
      end()
      throw error
    }
  }

  #admit(feed: FanOut, viewer: Recipient, since: Since, history: History, end: () => void): Subscription {
    const { epoch, top, first } = history
    let reason: LossReason | undefined
    let position: Position = { epoch, offset: top }
    if (since === 'beginning') {
      if (first === 1 || top === 0) position = { epoch, offset: 0 }
      else reason = 'trimmed'
    } else if (since !== 'now') {
      reason =
        Number.isSafeInteger(since.offset) && since.offset >= 0 ? lossOf(since, history) : 'offset_ahead'
      if (reason === undefined) position = { epoch, offset: since.offset }
    }
    if (since !== 'now') this.#observer.recovered?.(reason ?? 'recovered')
    viewer.cursor = { ...position }
    const page = position.offset === top ? [] : history.publications
    this.#continuity.offer(feed, history.publications)
    return {
      position,
      top: { epoch, offset: top },
      recovered: since === 'now' ? undefined : reason === undefined,
      reason,
      start: () => {
        if (viewer.state !== 'waiting') return
        viewer.state = 'replaying'
        this.#continuity.begin(feed, viewer, page)
      },
      close: end,
    }
  }

  #push(publication: Publication): void {
    const feed = this.#feeds.get(publication.channel)
    if (feed !== undefined && !feed.push(publication)) this.#continuity.recheck(feed)
  }

  /** Brings the broker's subscription to what the users of the feed need; one step at a time per channel. */
  #settle(feed: FanOut): Promise<void> {
    if (feed.settling !== undefined) return feed.settling
    const settling = this.#steps(feed).finally(() => {
      feed.settling = undefined
      if (feed.users === 0 && feed.subscribed) this.#settle(feed).catch(() => {})
      else if (feed.users === 0) this.#feeds.delete(feed.channel)
    })
    feed.settling = settling
    return settling
  }

  async #steps(feed: FanOut): Promise<void> {
    for (;;) {
      if (feed.users > 0 && !feed.subscribed) {
        await this.#broker.subscribe(feed.channel)
        feed.subscribed = true
      } else if (feed.users > 0 && feed.position === undefined) {
        await this.#continuity.catchUp(feed)
      } else if (feed.users === 0 && feed.subscribed) {
        await this.#continuity.abandon(feed)
        if (feed.users > 0 || feed.reading) continue
        feed.position = undefined
        await this.#broker.unsubscribe(feed.channel).catch(() => {})
        feed.subscribed = false
      } else return
    }
  }

  numSubscribers(channel: string): number {
    return this.#feeds.get(channel)?.users ?? 0
  }

  stats(): HubStats {
    return {
      channels: this.#feeds.size,
      subscribers: this.#closers.size,
      unsettled: this.#continuity.unsettled,
      busUp: !this.#continuity.busDown,
    }
  }

  /** Ends every subscription without a word to its subscriber; the broker stays open. */
  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#checking)
    for (const end of this.#closers) end()
    this.#continuity.close()
    await Promise.allSettled(Array.from(this.#feeds.values(), (feed) => feed.settling))
  }
}
