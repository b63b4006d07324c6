import type { Position, Publication } from './broker.ts'
import type { ChannelObserver } from './observer.ts'
import type { LossReason, Subscriber } from './subscriber.ts'
import { atTurnEnd } from './turn-end.ts'

/** One subscription's place in a feed. */
export interface Recipient {
  readonly subscriber: Subscriber
  /** What it has been handed; kept only while it is not live, since the live ones stand where the feed stands. */
  cursor: Position
  state: 'waiting' | 'replaying' | 'live' | 'lost' | 'closed'
  /** Index among the live ones. */
  slot: number
  /** A page on its way to it in this turn. */
  page: readonly Publication[]
  handed: ((done: boolean) => void) | undefined
}

/**
 * One channel's publications on this instance, in order and without a hole, and everyone who reads them. It knows
 * where it stands and takes only what follows; finding what is missing is the hub's part.
 *
 * Delivery happens once per event-loop turn, with one array for all live viewers.
 */
export class FanOut {
  readonly channel: string
  /** Everything up to here has been taken. Undefined until the broker has said where the channel stands. */
  position: Position | undefined
  /** Open subscriptions, and those being made. */
  users = 0
  /** The broker pushes this channel to us. */
  subscribed = false
  /** Brings the broker's subscription to what is wanted. */
  settling: Promise<void> | undefined
  /** A history call for the whole feed is under way; pushes wait for it. */
  reading = false
  /** Settles when that call has been used. */
  read: Promise<unknown> = Promise.resolve()
  /** Asked to look again while it was reading. */
  again = false
  held: Publication[] = []
  /** When its position is next compared with the broker's, in ms of the hub's clock. */
  checkAt = 0

  readonly #bufferSize: number
  readonly #observer: ChannelObserver
  #live: Recipient[] = []
  #batch: Publication[] = []
  #arriving: Recipient[] = []
  /** Publications taken while someone replays, so that the end of a replay needs no more history. */
  #tail: Publication[] = []
  #behind = new Set<Recipient>()
  #scheduled = false
  #flushing = false
  #departed = false

  constructor(channel: string, bufferSize: number, observer: ChannelObserver) {
    this.channel = channel
    this.#bufferSize = bufferSize
    this.#observer = observer
  }

  /**
   * Takes a push.
   * @returns false when it does not follow what was taken before: history has to tell
   */
  push(publication: Publication): boolean {
    const { position } = this
    if (this.reading) {
      if (this.held.length < this.#bufferSize) this.held.push(publication)
      else this.again = true
      return true
    }
    if (position === undefined || publication.epoch !== position.epoch) return false
    if (publication.offset <= position.offset) return true
    if (publication.offset !== position.offset + 1) return false
    position.offset++
    this.#append(publication)
    return true
  }

  /** Takes what is proven to follow. */
  take(publications: readonly Publication[], position: Position): void {
    this.position = { ...position }
    for (const publication of publications) this.#append(publication)
  }

  #append(publication: Publication): void {
    this.#batch.push(publication)
    if (this.#behind.size > 0) {
      if (this.#tail.length >= this.#bufferSize) this.#tail = []
      this.#tail.push(publication)
    }
    this.#schedule()
  }

  /** Keeps the tail for a viewer that is not live yet. */
  register(viewer: Recipient): void {
    this.#behind.add(viewer)
  }

  /** What follows a cursor, when the tail still has it. */
  following(cursor: Position, limit: number): Publication[] | undefined {
    const first = this.#tail[0]
    if (first === undefined || first.epoch !== cursor.epoch || this.position?.epoch !== cursor.epoch) return
    const from = cursor.offset + 1 - first.offset
    return from < 0 || from >= this.#tail.length ? undefined : this.#tail.slice(from, from + limit)
  }

  /**
   * Hands a replaying viewer a page at the end of this turn, and makes it live when nothing lies between them any
   * more.
   * @returns true when the replay is over: the viewer is live now, or gone
   */
  hand(viewer: Recipient, page: readonly Publication[]): Promise<boolean> {
    const last = page.at(-1)
    if (last !== undefined) viewer.cursor = { epoch: last.epoch, offset: last.offset }
    viewer.page = page
    this.#arriving.push(viewer)
    this.#schedule()
    return new Promise((resolve) => {
      viewer.handed = resolve
    })
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    atTurnEnd('deliver', this.#deliver)
  }

  readonly #deliver = (): void => {
    this.#scheduled = false
    this.flush()
  }

  flush(): void {
    const batch = this.#batch
    const arriving = this.#arriving
    this.#batch = []
    if (arriving.length === 0) {
      if (batch.length > 0) this.#deliverLive(batch)
      return
    }
    const end = this.position && { ...this.position }
    this.#arriving = []
    if (batch.length > 0) this.#deliverLive(batch)
    for (const viewer of arriving) this.#arrive(viewer, batch, end)
  }

  #deliverLive(batch: readonly Publication[]): void {
    const live = this.#live
    this.#flushing = true
    let reached = 0
    for (let i = 0; i < live.length; i++) {
      const viewer = live[i] as Recipient
      if (viewer.state !== 'live') continue
      reached++
      try {
        viewer.subscriber.deliver(batch, live.length === 1)
      } catch (error) {
        this.fail(viewer, error)
      }
    }
    this.#flushing = false
    if (this.#departed) this.#compact()
    this.#observer.delivered?.(reached * batch.length)
  }

  #arrive(viewer: Recipient, batch: readonly Publication[], end: Position | undefined): void {
    let page = viewer.page
    let joined = false
    viewer.page = []
    if (viewer.state === 'replaying' && end !== undefined && end.epoch === viewer.cursor.epoch) {
      const missing = end.offset - viewer.cursor.offset
      if (missing >= 0 && missing <= batch.length) {
        if (missing > 0) page = page.concat(batch.slice(batch.length - missing))
        this.#enliven(viewer)
        joined = true
      }
    }
    if (viewer.state !== 'closed' && page.length > 0) {
      try {
        viewer.subscriber.deliver(page, false)
        this.#observer.delivered?.(page.length)
      } catch (error) {
        this.fail(viewer, error)
      }
    }
    viewer.handed?.(joined)
    viewer.handed = undefined
  }

  #enliven(viewer: Recipient): void {
    this.leave(viewer)
    viewer.state = 'live'
    viewer.slot = this.#live.length
    this.#live.push(viewer)
  }

  /** A subscriber that throws gets nothing more. */
  fail(viewer: Recipient, error: unknown): void {
    this.close(viewer)
    this.#observer.failed?.(error)
  }

  #compact(): void {
    this.#departed = false
    this.#live = this.#live.filter((viewer) => viewer.state === 'live')
    for (let i = 0; i < this.#live.length; i++) (this.#live[i] as Recipient).slot = i
  }

  /** Ends a viewer's part in the feed. */
  close(viewer: Recipient): void {
    const wasLive = viewer.state === 'live'
    viewer.state = 'closed'
    this.leave(viewer)
    viewer.handed?.(true)
    viewer.handed = undefined
    if (!wasLive) return
    if (this.#flushing) {
      this.#departed = true
      return
    }
    const last = this.#live.pop()
    if (last === undefined || last === viewer) return
    this.#live[viewer.slot] = last
    last.slot = viewer.slot
  }

  /** The tail is no longer needed for this one. */
  leave(viewer: Recipient): void {
    if (this.#behind.delete(viewer) && this.#behind.size === 0) this.#tail = []
  }

  /**
   * Goes on elsewhere in the log: the live viewers get what was proven before, and are given back as replaying from
   * there.
   */
  move(position: Position): Recipient[] {
    this.flush()
    const moved = this.#live
    const cursor = this.position ?? position
    this.#live = []
    this.#tail = []
    for (const viewer of moved) {
      viewer.state = 'replaying'
      viewer.cursor = { ...cursor }
      this.#behind.add(viewer)
    }
    this.position = { ...position }
    return moved
  }

  /** A viewer's continuity is gone; it begins again above `position` once it has taken its snapshot. */
  lose(viewer: Recipient, reason: LossReason, position: Position, restart: () => void): void {
    if (viewer.state === 'closed') return
    viewer.state = 'lost'
    viewer.cursor = { ...position }
    this.#observer.lost?.(reason)
    try {
      viewer.subscriber.lost(reason, { ...position }, restart)
    } catch (error) {
      this.fail(viewer, error)
    }
  }
}
