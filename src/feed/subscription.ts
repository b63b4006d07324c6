import type { History, Position, Publication } from '../channel/broker.ts'
import type { LossReason, Seat, Since, Subscriber, Subscription } from '../channel/subscriber.ts'
import type { Feed } from './feed.ts'

/** The part of the hub that transports need. */
export interface Channels {
  subscribe(
    channel: string,
    subscriber: Subscriber,
    since: Since,
    signal?: AbortSignal,
  ): Promise<Subscription>
  history(channel: string, after: number, limit: number): Promise<History>
}

/** Receives a feed's events: one connection, or one channel of it. */
export interface FeedSink {
  /**
   * Sends publications, live or replayed, in order.
   * @param isAlone see {@link Subscriber.deliver}
   */
  show(publications: readonly Publication[], isAlone: boolean): void
  /** Reports that continuity was lost in mid-stream; a snapshot and a replay from the store follow. */
  lost(reason: LossReason, position: Position): void
  snapshot(state: unknown): void
  /**
   * Sends an event from the store.
   * @param end position of the event when it is the terminal one
   */
  replay(data: string, end: Position | undefined): void
  /** Reports that everything up to this position has been sent. */
  reached(position: Position): void
  /** Resolves when the sink can take more. */
  drained(): Promise<void>
  /** Reports that the terminal event has been sent. */
  ended(): void
  /** Reports that the store failed during a replay. */
  failed(error: unknown): void
  /** Reports that the viewer may not see the channel any more; by default as {@link ended}. */
  withdrawn?(): void
}

/** A subscription to a feed of which nothing has been sent yet. */
export interface FeedSubscription {
  /** Position right after which delivery begins. */
  readonly position: Position
  /** Tells whether the position or beginning asked for could be served; undefined when none was asked for. */
  readonly recovered: boolean | undefined
  readonly reason: LossReason | undefined
  /** Its place in the channel, where every publication is shown as it is; undefined for a feed that leaves some out, or ends. */
  readonly seat: Seat | undefined
  /** Sends what the log or the store has, then live events. Call once. */
  begin(): void
  /** Ends the subscription; nothing is sent afterwards. Idempotent. */
  close(): void
}

/** Publications that one read of the log returns where the log takes the place of a snapshot. */
const LOG_PAGE = 1000

/** A position that no log ever has; a subscription from it learns the log's top. */
export const UNKNOWN_POSITION: Position = Object.freeze({ epoch: '', offset: 0 })

/**
 * Subscribes to a feed's channel. The store is read only after that, so that no event is missed between the two.
 * @param signal gives up, and ends a subscription that was begun
 * @throws {Problem} `BUS_UNAVAILABLE`; the signal's reason once it aborts
 */
export async function subscribeToFeed(
  channels: Channels,
  feed: Feed,
  since: Since,
  sink: FeedSink,
  signal: AbortSignal,
): Promise<FeedSubscription> {
  const sentKeys = feed.keyOf === undefined ? undefined : new Set<string>()
  let subscription: Subscription
  let over = false
  let release = (): void => undefined

  const close = (): void => {
    over = true
    release()
    subscription.close()
  }
  const end = (): void => {
    close()
    sink.ended()
  }
  const isNew = (key: string | undefined): boolean => {
    if (key === undefined || sentKeys === undefined) return true
    if (sentKeys.has(key)) return false
    sentKeys.add(key)
    return true
  }

  /** Shows all that the log still has up to a position. */
  const showLog = async (position: Position): Promise<void> => {
    const { first } = await channels.history(feed.channel, 0, 1)
    for (let after = Math.max(0, first - 1); after < position.offset && !over; ) {
      const { epoch, publications } = await channels.history(feed.channel, after, LOG_PAGE)
      const shown = publications.filter(({ offset }) => offset <= position.offset)
      const last = shown.at(-1)
      if (over || epoch !== position.epoch || last === undefined) return
      sink.show(shown, false)
      await sink.drained()
      after = last.offset
    }
  }

  const resend = async (withState: boolean, position: Position): Promise<void> => {
    if (feed.isLog === true) {
      await showLog(position)
      if (!over) sink.reached(position)
      return
    }
    if (feed.snapshot !== undefined && (withState || feed.replay === undefined)) {
      const state = await feed.snapshot(position)
      if (over) return
      sink.snapshot(state)
    }
    if (feed.replay !== undefined) {
      for await (const { data, key, terminal } of feed.replay(withState, position)) {
        if (over) return
        if (terminal === true) {
          sink.replay(data, (await feed.ended?.()) ?? undefined)
          if (!over) end()
          return
        }
        if (!isNew(key)) continue
        sink.replay(data, undefined)
        await sink.drained()
      }
    }
    if (!over) sink.reached(position)
  }
  const resendThen = (withState: boolean, position: Position, go: () => void): void => {
    resend(withState, position).then(
      () => {
        if (!over) go()
      },
      (error) => {
        if (over) return
        close()
        sink.failed(error)
      },
    )
  }

  const subscriber: Subscriber = {
    deliver(publications, isAlone) {
      if (over) return
      let shown: readonly Publication[] = publications
      if (sentKeys !== undefined) shown = shown.filter((publication) => isNew(feed.keyOf?.(publication)))
      const last = feed.isTerminal === undefined ? -1 : shown.findIndex((one) => feed.isTerminal?.(one))
      if (last >= 0) shown = shown.slice(0, last + 1)
      if (shown.length > 0) sink.show(shown, isAlone)
      if (last >= 0) end()
    },
    drained: () => sink.drained(),
    lost(reason, position, restart) {
      if (over) return
      sink.lost(reason, position)
      resendThen(true, position, restart)
    },
  }

  const subscribeAgain = async (from: Since): Promise<void> => {
    const next = await channels.subscribe(feed.channel, subscriber, from, signal)
    subscription.close()
    subscription = next
  }

  const from = since === 'beginning' ? (feed.began ?? since) : since
  subscription = await channels.subscribe(feed.channel, subscriber, from, signal)
  let { recovered, reason } = subscription
  try {
    if (since === 'beginning' && recovered && (await feed.beganIn?.(subscription.position.epoch)) === false) {
      recovered = false
      reason = 'epoch_changed'
      await subscribeAgain('now')
    }
    if (
      recovered === false &&
      (feed.isLog === true || (since === 'beginning' && feed.replay === undefined))
    ) {
      const { epoch, first } = await channels.history(feed.channel, 0, 1)
      await subscribeAgain({ epoch, offset: Math.max(0, first - 1) })
    }
  } catch (error) {
    close()
    throw error
  }
  if (signal.aborted) close()
  else signal.addEventListener('abort', close, { once: true })
  if (!over && feed.withdrawn !== undefined)
    release = feed.withdrawn(() => {
      if (over) return
      close()
      if (sink.withdrawn === undefined) sink.ended()
      else sink.withdrawn()
    })

  const { position, seat } = subscription
  const showsAll = feed.keyOf === undefined && feed.isTerminal === undefined
  return {
    position,
    recovered,
    reason,
    seat: showsAll ? seat : undefined,
    begin() {
      if (over) return
      if (recovered !== false || feed.isLog === true) subscription.start()
      else resendThen(since !== 'beginning', position, () => subscription.start())
    },
    close() {
      signal.removeEventListener('abort', close)
      close()
    },
  }
}
