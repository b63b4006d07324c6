import { Problem } from '../errors.ts'
import type { Broker, History, Position, Publication, PublishOptions } from './broker.ts'
import { Feed, type Viewer } from './feed.ts'
import type { ChannelObserver } from './observer.ts'
import { lossOf, recover } from './recovery.ts'
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

const RETRY_MS = 250
const CHECKS_AT_ONCE = 32
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
  readonly #checkMs: number
  readonly #now: () => number
  readonly #observer: ChannelObserver
  readonly #feeds = new Map<string, Feed>()
  readonly #closers = new Set<() => void>()
  readonly #signals = new Set<(message: string) => void>()
  readonly #dirty = new Set<Feed>()
  readonly #checking: NodeJS.Timeout
  #checks = 0
  #outage: { over: Promise<void>; end: () => void; timer: NodeJS.Timeout } | undefined
  #closed = false

  constructor(broker: Broker, options: HubOptions = {}) {
    this.#broker = broker
    this.#bufferSize = options.bufferSize ?? 1024
    this.#page = options.historyPage ?? 500
    this.#checkMs = options.positionCheckMs ?? 10_000
    this.#now = options.now ?? (() => performance.now())
    this.#observer = options.observer ?? {}
    this.#checking = setInterval(() => this.#checkDue(), Math.max(10, this.#checkMs / 10))
    this.#checking.unref()
    broker.listen({
      publication: (publication) => this.#push(publication),
      signal: (message) => {
        for (const listener of this.#signals) listener(message)
      },
      interrupted: () => {
        for (const feed of this.#feeds.values()) this.#recheck(feed)
      },
    })
  }

  /** {@link Broker.publish} */
  async publish(channel: string, data: readonly string[], options?: PublishOptions): Promise<Position> {
    const position = await this.#broker.publish(channel, data, options)
    this.#observer.published?.(data.length)
    return position
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
    if (this.#closed) throw new Problem('BUS_UNAVAILABLE', 'The bus is closed')
    const feed = this.#feeds.get(channel) ?? new Feed(channel, this.#bufferSize, this.#observer)
    this.#feeds.set(channel, feed)
    feed.users++
    const cursor = { epoch: '', offset: 0 }
    const viewer: Viewer = { subscriber, cursor, state: 'waiting', slot: -1, page: [], handed: undefined }
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
      if (this.#closed) throw new Problem('BUS_UNAVAILABLE', 'The bus is closed')
      return this.#admit(feed, viewer, since, history, end)
    } catch (error) {
      end()
      throw error
    }
  }

  #admit(feed: Feed, viewer: Viewer, since: Since, history: History, end: () => void): Subscription {
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
    this.#offer(feed, history.publications)
    return {
      position,
      top: { epoch, offset: top },
      recovered: since === 'now' ? undefined : reason === undefined,
      reason,
      start: () => {
        if (viewer.state !== 'waiting') return
        viewer.state = 'replaying'
        this.#begin(feed, viewer, page)
      },
      close: end,
    }
  }

  #begin(feed: Feed, viewer: Viewer, page: readonly Publication[]): void {
    this.#replay(feed, viewer, page).catch((error) => feed.fail(viewer, error))
  }

  /** Pages from history or the feed's tail until the viewer stands where the feed stands. */
  async #replay(feed: Feed, viewer: Viewer, first: readonly Publication[]): Promise<void> {
    let page = first
    for (;;) {
      if (await feed.hand(viewer, page)) return
      if (page.length > 0) await viewer.subscriber.drained()
      if (viewer.state !== 'replaying') return
      const next = feed.following(viewer.cursor, this.#page) ?? (await this.#next(feed, viewer))
      if (next === undefined || viewer.state !== 'replaying') return
      page = next
    }
  }

  /** The next page of history; undefined when the viewer is gone or was told that it is lost. */
  async #next(feed: Feed, viewer: Viewer): Promise<Publication[] | undefined> {
    while (viewer.state === 'replaying') {
      let history: History
      try {
        history = await this.#broker.history(feed.channel, viewer.cursor.offset, this.#page)
      } catch {
        await this.#outageOver()
        continue
      }
      if (viewer.state !== 'replaying') return
      this.#offer(feed, history.publications)
      if (history.epoch !== feed.position?.epoch) this.#recheck(feed)
      const recovery = recover(viewer.cursor, [history])
      if (recovery.lost === undefined) return recovery.publications
      this.#lose(feed, viewer, recovery.lost, recovery.position)
      return
    }
    return
  }

  #lose(feed: Feed, viewer: Viewer, reason: LossReason, position: Position): void {
    feed.lose(viewer, reason, position, () => {
      if (viewer.state !== 'lost') return
      viewer.state = 'replaying'
      this.#begin(feed, viewer, [])
    })
  }

  #push(publication: Publication): void {
    const feed = this.#feeds.get(publication.channel)
    if (feed !== undefined && !feed.push(publication)) this.#recheck(feed)
  }

  /** What was read for one viewer may be news for all. */
  #offer(feed: Feed, publications: readonly Publication[]): void {
    const { position } = feed
    const last = publications.at(-1)
    if (!position || !last || (last.epoch === position.epoch && last.offset <= position.offset)) return
    for (const publication of publications) {
      if (!feed.push(publication)) {
        this.#recheck(feed)
        return
      }
    }
  }

  #recheck(feed: Feed): void {
    if (feed.position === undefined) return
    if (feed.reading) feed.again = true
    else this.#dirty.add(feed)
    this.#pump()
  }

  #pump(): void {
    if (this.#outage !== undefined) return
    for (const feed of this.#dirty) {
      if (this.#checks >= CHECKS_AT_ONCE) return
      this.#dirty.delete(feed)
      if (feed.reading || feed.position === undefined) continue
      this.#checks++
      this.#catchUp(feed)
        .catch(() => {
          this.#dirty.add(feed)
          void this.#outageOver()
        })
        .finally(() => {
          this.#checks--
          this.#pump()
        })
    }
  }

  /** Reads history from where the feed stands until nothing is missing, or its subscribers have been told. */
  async #catchUp(feed: Feed): Promise<void> {
    feed.reading = true
    feed.checkAt = this.#nextCheck()
    try {
      do {
        feed.again = false
        feed.held = []
        const after = feed.position?.offset ?? BEYOND
        const history = await this.#broker.history(feed.channel, after, this.#page)
        feed.again = !this.#apply(feed, history) || feed.again
      } while (feed.again && feed.users > 0)
    } finally {
      const { held } = feed
      feed.reading = false
      feed.held = []
      for (const publication of held) if (!feed.push(publication)) this.#dirty.add(feed)
    }
  }

  /** @returns false when history has to be read once more */
  #apply(feed: Feed, history: History): boolean {
    const top = { epoch: history.epoch, offset: history.top }
    feed.position ??= { ...top }
    const recovery = recover(feed.position, [history], feed.held)
    if (recovery.lost !== undefined) {
      for (const viewer of feed.move(top)) this.#lose(feed, viewer, recovery.lost, top)
      return false
    }
    feed.take(recovery.publications, recovery.position)
    if (recovery.complete || recovery.position.offset >= top.offset) return recovery.complete
    for (const viewer of feed.move(top)) this.#begin(feed, viewer, [])
    return false
  }

  #checkDue(): void {
    const now = this.#now()
    for (const feed of this.#feeds.values()) {
      if (feed.checkAt > now || feed.position === undefined) continue
      feed.checkAt = this.#nextCheck()
      this.#recheck(feed)
    }
  }

  #nextCheck(): number {
    return this.#now() + this.#checkMs * (0.8 + 0.4 * Math.random())
  }

  /** Resolves when the bus is worth another try. */
  #outageOver(): Promise<void> {
    if (this.#outage === undefined) {
      let end = (): void => {}
      const over = new Promise<void>((resolve) => {
        end = resolve
      })
      const timer = setTimeout(
        () => {
          this.#outage = undefined
          end()
          this.#pump()
        },
        RETRY_MS * (0.75 + 0.5 * Math.random()),
      )
      this.#outage = { over, end, timer }
    }
    return this.#outage.over
  }

  /** Brings the broker's subscription to what the users of the feed need; one step at a time per channel. */
  #settle(feed: Feed): Promise<void> {
    if (feed.settling !== undefined) return feed.settling
    const settling = this.#steps(feed).finally(() => {
      feed.settling = undefined
      if (feed.users === 0 && feed.subscribed) this.#settle(feed).catch(() => {})
      else if (feed.users === 0) this.#feeds.delete(feed.channel)
    })
    feed.settling = settling
    return settling
  }

  async #steps(feed: Feed): Promise<void> {
    for (;;) {
      if (feed.users > 0 && !feed.subscribed) {
        await this.#broker.subscribe(feed.channel)
        feed.subscribed = true
      } else if (feed.users > 0 && feed.position === undefined) {
        await this.#catchUp(feed)
      } else if (feed.users === 0 && feed.subscribed) {
        feed.position = undefined
        this.#dirty.delete(feed)
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
      unsettled: this.#dirty.size + this.#checks,
      busUp: this.#outage === undefined,
    }
  }

  /** Ends every subscription without a word to its subscriber; the broker stays open. */
  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#checking)
    for (const end of this.#closers) end()
    if (this.#outage !== undefined) {
      clearTimeout(this.#outage.timer)
      this.#outage.end()
    }
    await Promise.allSettled(Array.from(this.#feeds.values(), (feed) => feed.settling))
  }
}
