import type { Position, Publication } from './broker.ts'
import type { ChannelObserver } from './channel-observer.ts'
import type { Recipient } from './recipient.ts'
import type { LossReason, Party, PartyKind, PartyMember } from './subscriber.ts'
import { atTurnEnd } from './turn-end.ts'

/**
 * Delivers one channel's publications on this instance to all its subscribers, in order and without a hole. It knows
 * its position and accepts only the publication that follows it; the hub reads the missing ones from history.
 *
 * Delivery happens once per event-loop turn, with one array for all live recipients.
 */
export class FanOut {
  readonly channel: string
  /** Position up to which publications were accepted. Undefined until the broker has reported the channel's top. */
  position: Position | undefined
  /** Number of subscriptions, those still being made included. */
  users = 0
  /** True while the broker pushes this channel to this instance. */
  subscribed = false
  /** Settles when the broker's subscription matches the number of users; undefined while nothing is changing. */
  settling: Promise<void> | undefined
  /** True while history is read for the whole fan-out; pushes wait for it. */
  reading = false
  /** Settles when that history has been applied. */
  read: Promise<unknown> = Promise.resolve()
  /** True when another check was asked for while history was read. */
  again = false
  held: Publication[] = []
  /** Time of the next comparison of its position with the broker's, in ms of the hub's clock. */
  checkAt = 0

  readonly #bufferSize: number
  readonly #partyFrom: number
  readonly #observer: ChannelObserver
  /** The live recipients that are delivered to one by one. */
  #live: Recipient[] = []
  readonly #parties = new Map<PartyKind, Party>()
  #batch: Publication[] = []
  #arriving: Recipient[] = []
  /** Publications accepted while a recipient replays, so that the end of a replay needs no more history. */
  #tail: Publication[] = []
  #behind = new Set<Recipient>()
  #scheduled = false
  #flushing = false
  #departed = false

  /** @param partyFrom number of users from which on they may form parties */
  constructor(channel: string, bufferSize: number, partyFrom: number, observer: ChannelObserver) {
    this.channel = channel
    this.#bufferSize = bufferSize
    this.#partyFrom = partyFrom
    this.#observer = observer
  }

  /**
   * Accepts a pushed publication when it follows the last one.
   * @returns false when it does not follow: history has to be read
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

  /** Accepts publications from history, which are proven to follow each other, and moves to their end. */
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

  /** Begins to keep the tail for a recipient that is not live yet. */
  register(recipient: Recipient): void {
    this.#behind.add(recipient)
  }

  /** Returns publications right after a cursor, at most `limit`; undefined when the tail does not have them. */
  following(cursor: Position, limit: number): Publication[] | undefined {
    const first = this.#tail[0]
    if (first === undefined || first.epoch !== cursor.epoch || this.position?.epoch !== cursor.epoch) return
    const from = cursor.offset + 1 - first.offset
    return from < 0 || from >= this.#tail.length ? undefined : this.#tail.slice(from, from + limit)
  }

  /**
   * Hands a page of its replay to a recipient at the end of this event-loop turn, and makes the recipient live when
   * nothing is missing between the two any more.
   * @returns true when the replay is over: the recipient is live, or closed
   */
  hand(recipient: Recipient, page: readonly Publication[]): Promise<boolean> {
    const last = page.at(-1)
    if (last !== undefined) recipient.cursor = { epoch: last.epoch, offset: last.offset }
    recipient.page = page
    this.#arriving.push(recipient)
    this.#schedule()
    return new Promise((resolve) => {
      recipient.handed = resolve
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
    for (const recipient of arriving) this.#arrive(recipient, batch, end)
  }

  #deliverLive(batch: readonly Publication[]): void {
    const live = this.#live
    this.#flushing = true
    const isAlone = live.length === 1 && this.#parties.size === 0
    let reached = 0
    for (let i = 0; i < live.length; i++) {
      const recipient = live[i] as Recipient
      if (recipient.state !== 'live') continue
      reached++
      this.deliverTo(recipient, batch, isAlone)
    }
    for (const [kind, party] of this.#parties) {
      reached += party.size
      party.deliver(batch)
      if (party.size === 0) this.#parties.delete(kind)
    }
    this.#flushing = false
    if (this.#departed) this.#compact()
    this.#observer.delivered?.(reached * batch.length, batch)
  }

  /** Delivers to one recipient, and closes it when it throws. */
  deliverTo(recipient: Recipient, publications: readonly Publication[], isAlone: boolean): void {
    try {
      recipient.subscriber.deliver(publications, isAlone)
    } catch (error) {
      this.fail(recipient, error)
    }
  }

  /** Moves a live recipient to the party of a kind; see {@link Seat.sit}. */
  sit(recipient: Recipient, kind: PartyKind, member: PartyMember): boolean {
    if (recipient.state !== 'live' || recipient.seated !== undefined) return false
    if (this.#flushing || this.users < this.#partyFrom) return false
    this.#takeOut(recipient)
    const party = this.#parties.get(kind) ?? kind.found()
    this.#parties.set(kind, party)
    party.join(member)
    recipient.seated = { party, member }
    return true
  }

  /** Takes a recipient out of its party, back to those that are delivered to one by one. */
  rise(recipient: Recipient): void {
    this.#leaveParty(recipient)
    recipient.slot = this.#live.length
    this.#live.push(recipient)
  }

  #leaveParty(recipient: Recipient): void {
    const { party, member } = recipient.seated ?? {}
    recipient.seated = undefined
    if (member !== undefined) party?.leave(member)
  }

  #arrive(recipient: Recipient, batch: readonly Publication[], end: Position | undefined): void {
    let page = recipient.page
    let joined = false
    recipient.page = []
    if (recipient.state === 'replaying' && end !== undefined && end.epoch === recipient.cursor.epoch) {
      const missing = end.offset - recipient.cursor.offset
      if (missing >= 0 && missing <= batch.length) {
        if (missing > 0) page = page.concat(batch.slice(batch.length - missing))
        this.#enliven(recipient)
        joined = true
      }
    }
    if (recipient.state !== 'closed' && page.length > 0) {
      this.deliverTo(recipient, page, false)
      this.#observer.delivered?.(page.length, page)
    }
    recipient.handed?.(joined)
    recipient.handed = undefined
  }

  #enliven(recipient: Recipient): void {
    this.leave(recipient)
    recipient.state = 'live'
    recipient.slot = this.#live.length
    this.#live.push(recipient)
  }

  /** Closes the subscription of a subscriber that threw. */
  fail(recipient: Recipient, error: unknown): void {
    this.close(recipient)
    this.#observer.failed?.(error)
  }

  #compact(): void {
    this.#departed = false
    this.#live = this.#live.filter((recipient) => recipient.state === 'live')
    for (let i = 0; i < this.#live.length; i++) (this.#live[i] as Recipient).slot = i
  }

  /** Ends a recipient's subscription. */
  close(recipient: Recipient): void {
    const wasLive = recipient.state === 'live'
    recipient.state = 'closed'
    this.leave(recipient)
    recipient.handed?.(true)
    recipient.handed = undefined
    if (recipient.seated !== undefined) this.#leaveParty(recipient)
    else if (wasLive && this.#flushing) this.#departed = true
    else if (wasLive) this.#takeOut(recipient)
  }

  /** Takes a recipient out of those that are delivered to one by one. */
  #takeOut(recipient: Recipient): void {
    const last = this.#live.pop()
    if (last === undefined || last === recipient) return
    this.#live[recipient.slot] = last
    last.slot = recipient.slot
  }

  /** Stops keeping the tail for a recipient. */
  leave(recipient: Recipient): void {
    if (this.#behind.delete(recipient) && this.#behind.size === 0) this.#tail = []
  }

  /**
   * Moves to another position in the log. The live recipients get the publications accepted before.
   * @returns those recipients, which have to replay from their cursors
   */
  move(position: Position): Recipient[] {
    this.flush()
    for (const party of this.#parties.values()) party.dissolve()
    this.#parties.clear()
    const moved = this.#live
    const cursor = this.position ?? position
    this.#live = []
    this.#tail = []
    for (const recipient of moved) {
      recipient.state = 'replaying'
      recipient.cursor = { ...cursor }
      this.#behind.add(recipient)
    }
    this.position = { ...position }
    return moved
  }

  /**
   * Reports to a recipient that its continuity is lost; it begins again above `position` once it has taken its
   * snapshot.
   */
  lose(recipient: Recipient, reason: LossReason, position: Position, restart: () => void): void {
    if (recipient.state === 'closed') return
    recipient.state = 'lost'
    recipient.cursor = { ...position }
    this.#observer.lost?.(reason)
    try {
      recipient.subscriber.lost(reason, { ...position }, restart)
    } catch (error) {
      this.fail(recipient, error)
    }
  }
}
