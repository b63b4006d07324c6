import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Broker, History, Position, Publication, Published, PublishOptions } from './broker.ts'
import type { ChannelObserver } from './channel-observer.ts'
import { Continuity } from './continuity.ts'
import { FanOut } from './fan-out.ts'
import { NAMESPACES } from './name.ts'
import { Recipient } from './recipient.ts'
import { lossOf } from './recovery.ts'
import type { LossReason, Since, Subscriber, Subscription } from './subscriber.ts'

export interface HubOptions {
  /** Number of publications per channel that may wait for a reader; above it history is read again. Default 1024. */
  bufferSize?: number
  /** Number of publications per page of a replay, 1–1000. Default 500. */
  historyPage?: number
  /** Number of subscribers of a channel from which on a party of them is worth its upkeep. Default 3. */
  partyFrom?: number
  /** Time between two comparisons of a channel's position with the broker's, in ms, ± a fifth. Default 10,000. */
  positionCheckMs?: number
  /** Returns milliseconds of a clock that never goes back. */
  now?: () => number
  observer?: ChannelObserver
}

/** Figures of one instance's subscriptions at this moment. */
export interface HubStats {
  channels: number
  subscribers: number
  /** Channels whose continuity is being checked. */
  unsettled: number
  /** False between a failed call to the bus and the next one that succeeds. */
  busUp: boolean
}

const BEYOND = Number.MAX_SAFE_INTEGER

/**
 * Serves the subscriptions of one instance over a broker: one broker subscription per channel, shared by all its
 * subscribers.
 *
 * A subscriber gets a sequence in order, without holes or duplicates, or a report that it was lost. A push that does
 * not follow, an interrupted push connection and the periodic position check all lead to the same step: history is
 * read once for the channel, from its last known position. While the bus is down subscriptions stay, and the step is
 * tried again.
 */
export class Hub {
  readonly #broker: Broker
  readonly #bufferSize: number
  readonly #page: number
  readonly #partyFrom: number
  readonly #continuity: Continuity
  readonly #observer: ChannelObserver
  readonly #fanOuts = new Map<string, FanOut>()
  readonly #closers = new Set<() => void>()
  readonly #signals = new Set<(message: string) => void>()
  readonly #checking: NodeJS.Timeout
  #closed = false

  constructor(broker: Broker, options: HubOptions = {}) {
    this.#broker = broker
    this.#bufferSize = options.bufferSize ?? 1024
    this.#page = options.historyPage ?? 500
    this.#partyFrom = options.partyFrom ?? 3
    this.#observer = options.observer ?? {}
    const positionCheckMs = options.positionCheckMs ?? 10_000
    const now = options.now ?? (() => performance.now())
    this.#continuity = new Continuity(broker, { historyPage: this.#page, positionCheckMs, now })
    this.#checking = setInterval(
      () => this.#continuity.checkDue(this.#fanOuts.values()),
      Math.max(10, positionCheckMs / 10),
    )
    this.#checking.unref()
    broker.listen({
      publication: (publication) => this.#push(publication),
      signal: (message) => {
        for (const listener of this.#signals) listener(message)
      },
      interrupted: () => {
        for (const fanOut of this.#fanOuts.values()) this.#continuity.recheck(fanOut)
      },
    })
  }

  /** Publishes as {@link Broker.publish} does, and counts the publications. */
  async publish(channel: string, data: readonly string[], options?: PublishOptions): Promise<Published> {
    const position = await this.#broker.publish(channel, data, options)
    if (!position.isRepeat) this.#observer.published?.(data.length)
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
   * Subscribes to a channel and reads its top; nothing is delivered before the subscription's `start`.
   * @param since where to begin
   * @param signal gives up while subscribing; a finished subscription is ended with its own `close`
   * @throws {Problem} `BUS_UNAVAILABLE`; the signal's reason once it aborts
   */
  async subscribe(
    channel: string,
    subscriber: Subscriber,
    since: Since,
    signal?: AbortSignal,
  ): Promise<Subscription> {
    signal?.throwIfAborted()
    if (this.#closed) throw new Problem('BUS_UNAVAILABLE', say('publication.bus_closed'))
    const fanOut =
      this.#fanOuts.get(channel) ?? new FanOut(channel, this.#bufferSize, this.#partyFrom, this.#observer)
    this.#fanOuts.set(channel, fanOut)
    fanOut.users++
    const recipient = new Recipient(fanOut, subscriber)
    const end = (): void => {
      if (!this.#closers.delete(end)) return
      fanOut.close(recipient)
      fanOut.users--
      this.#settle(fanOut).catch(() => {})
    }
    this.#closers.add(end)
    try {
      while (fanOut.position === undefined && !this.#closed) await this.#settle(fanOut)
      fanOut.register(recipient)
      const after = since === 'now' ? BEYOND : since === 'beginning' ? 0 : since.offset
      const history = await this.#broker.history(
        channel,
        Number.isSafeInteger(after) ? after : BEYOND,
        this.#page,
      )
      signal?.throwIfAborted()
      if (this.#closed) throw new Problem('BUS_UNAVAILABLE', say('publication.bus_closed'))
      return this.#admit(fanOut, recipient, since, history, end)
    } catch (error) {
      end()
      throw error
    }
  }

  #admit(
    fanOut: FanOut,
    recipient: Recipient,
    since: Since,
    history: History,
    end: () => void,
  ): Subscription {
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
    recipient.cursor = { ...position }
    const page = position.offset === top ? [] : history.publications
    this.#continuity.offer(fanOut, history.publications)
    return {
      position,
      top: { epoch, offset: top },
      recovered: since === 'now' ? undefined : reason === undefined,
      reason,
      seat: recipient,
      start: () => {
        if (recipient.state !== 'waiting') return
        recipient.state = 'replaying'
        this.#continuity.begin(fanOut, recipient, page)
      },
      close: end,
    }
  }

  #push(publication: Publication): void {
    const fanOut = this.#fanOuts.get(publication.channel)
    if (fanOut !== undefined && !fanOut.push(publication)) this.#continuity.recheck(fanOut)
  }

  /**
   * Subscribes to or unsubscribes from the broker according to the fan-out's users; one step at a time per channel.
   */
  #settle(fanOut: FanOut): Promise<void> {
    if (fanOut.settling !== undefined) return fanOut.settling
    const settling = this.#steps(fanOut).finally(() => {
      fanOut.settling = undefined
      if (fanOut.users === 0 && fanOut.subscribed) this.#settle(fanOut).catch(() => {})
      else if (fanOut.users === 0) this.#fanOuts.delete(fanOut.channel)
    })
    fanOut.settling = settling
    return settling
  }

  async #steps(fanOut: FanOut): Promise<void> {
    for (;;) {
      if (fanOut.users > 0 && !fanOut.subscribed) {
        await this.#broker.subscribe(fanOut.channel)
        fanOut.subscribed = true
      } else if (fanOut.users > 0 && fanOut.position === undefined) {
        await this.#continuity.catchUp(fanOut)
      } else if (fanOut.users === 0 && fanOut.subscribed) {
        await this.#continuity.abandon(fanOut)
        if (fanOut.users > 0 || fanOut.reading) continue
        fanOut.position = undefined
        await this.#broker.unsubscribe(fanOut.channel).catch(() => {})
        fanOut.subscribed = false
      } else return
    }
  }

  numSubscribers(channel: string): number {
    return this.#fanOuts.get(channel)?.users ?? 0
  }

  stats(): HubStats {
    return {
      channels: this.#fanOuts.size,
      subscribers: this.#closers.size,
      unsettled: this.#continuity.unsettled,
      busUp: !this.#continuity.busDown,
    }
  }

  /** Counts subscribed channels and their subscribers by namespace. */
  kinds(): Map<string, { channels: number; subscribers: number }> {
    const counts = new Map(Object.keys(NAMESPACES).map((kind) => [kind, { channels: 0, subscribers: 0 }]))
    for (const [channel, { users }] of this.#fanOuts) {
      const count = counts.get(channel.split(':', 1)[0] as string)
      if (!count) continue
      count.channels++
      count.subscribers += users
    }
    return counts
  }

  /** Ends every subscription without informing its subscriber; the broker stays open. */
  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#checking)
    for (const end of this.#closers) end()
    this.#continuity.close()
    await Promise.allSettled(Array.from(this.#fanOuts.values(), (fanOut) => fanOut.settling))
  }
}
