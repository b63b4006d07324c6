import type { History, Position, Publication } from '../channel/broker.ts'
import type { LossReason, Since, Subscriber, Subscription } from '../channel/subscriber.ts'
import type { Feed } from './feed.ts'

/** What the transports need of the hub. */
export interface Channels {
  subscribe(
    channel: string,
    subscriber: Subscriber,
    since: Since,
    signal?: AbortSignal,
  ): Promise<Subscription>
  history(channel: string, after: number, limit: number): Promise<History>
}

/** Where a feed's events go: one connection, or one channel of it. */
export interface FeedSink {
  /** Live or replayed, in order. @param isAlone {@link Subscriber.deliver} */
  show(publications: readonly Publication[], isAlone: boolean): void
  /** Continuity was lost in mid-stream; a snapshot and the story follow. */
  lost(reason: LossReason, position: Position): void
  snapshot(state: unknown): void
  /** An event from the store. `end`: it is the terminal one, which stands at this position. */
  replay(data: string, end: Position | undefined): void
  /** What was shown or told is complete up to here. */
  reached(position: Position): void
  /** Resolves when more may be told. */
  drained(): Promise<void>
  /** The terminal event has been shown or told. */
  ended(): void
  /** The store failed while the story was told. */
  failed(error: unknown): void
  /** The viewer may not see it any more; by default the end of it. */
  withdrawn?(): void
}

/** A feed that is subscribed to and not yet shown. */
export interface FeedSubscription {
  /** Delivery begins right after it. */
  readonly position: Position
  /** Set when a position or the beginning was asked for: could it be served? */
  readonly recovered: boolean | undefined
  readonly reason: LossReason | undefined
  /** Shows what the log or the store has, then what is live. Call once. */
  begin(): void
  /** Nothing is shown afterwards; idempotent. */
  close(): void
}

/** A position that no log ever has; asking for it finds out where the log stands. */
export const UNKNOWN_POSITION: Position = Object.freeze({ epoch: '', offset: 0 })

/**
 * Subscribes to a feed's channel; only then the store is read, so that nothing falls between the two.
 * @param signal gives up, and ends what was begun
 * @throws {Problem} `BUS_UNAVAILABLE`
 */
export async function subscribeToFeed(
  channels: Channels,
  feed: Feed,
  since: Since,
  screen: FeedSink,
  signal: AbortSignal,
): Promise<FeedSubscription> {
  const told = feed.keyOf === undefined ? undefined : new Set<string>()
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
    screen.ended()
  }
  const isNews = (key: string | undefined): boolean => {
    if (key === undefined || told === undefined) return true
    if (told.has(key)) return false
    told.add(key)
    return true
  }

  const retell = async (withState: boolean, position: Position): Promise<void> => {
    if (feed.snapshot !== undefined && (withState || feed.replay === undefined)) {
      const state = await feed.snapshot(position)
      if (over) return
      screen.snapshot(state)
    }
    if (feed.replay !== undefined) {
      for await (const { data, key, terminal } of feed.replay(withState, position)) {
        if (over) return
        if (terminal === true) {
          screen.replay(data, (await feed.ended?.()) ?? undefined)
          if (!over) end()
          return
        }
        if (!isNews(key)) continue
        screen.replay(data, undefined)
        await screen.drained()
      }
    }
    if (!over) screen.reached(position)
  }
  const retellThen = (withState: boolean, position: Position, go: () => void): void => {
    retell(withState, position).then(
      () => {
        if (!over) go()
      },
      (error) => {
        if (over) return
        close()
        screen.failed(error)
      },
    )
  }

  const subscriber: Subscriber = {
    deliver(publications, isAlone) {
      if (over) return
      let shown: readonly Publication[] = publications
      if (told !== undefined) shown = shown.filter((publication) => isNews(feed.keyOf?.(publication)))
      const last = feed.isTerminal === undefined ? -1 : shown.findIndex((one) => feed.isTerminal?.(one))
      if (last >= 0) shown = shown.slice(0, last + 1)
      if (shown.length > 0) screen.show(shown, isAlone)
      if (last >= 0) end()
    },
    drained: () => screen.drained(),
    lost(reason, position, restart) {
      if (over) return
      screen.lost(reason, position)
      retellThen(true, position, restart)
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
    if (since === 'beginning' && recovered === false && feed.replay === undefined) {
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
      if (screen.withdrawn === undefined) screen.ended()
      else screen.withdrawn()
    })

  const { position } = subscription
  return {
    position,
    recovered,
    reason,
    begin() {
      if (over) return
      if (recovered !== false) subscription.start()
      else retellThen(since !== 'beginning', position, () => subscription.start())
    },
    close() {
      signal.removeEventListener('abort', close)
      close()
    },
  }
}
