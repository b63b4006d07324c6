import type { Position, Publication } from './broker.ts'
import type { Party, PartyKind, PartyMember, Seat, Subscriber } from './subscriber.ts'

/** The part of a fan-out that its recipients call. */
interface Deliverer {
  sit(recipient: Recipient, kind: PartyKind, member: PartyMember): boolean
  rise(recipient: Recipient): void
  deliverTo(recipient: Recipient, publications: readonly Publication[], isAlone: boolean): void
}

/** Keeps one subscription's place in a fan-out. */
export class Recipient implements Seat {
  readonly subscriber: Subscriber
  readonly #fanOut: Deliverer
  /**
   * Position up to which publications were handed over. Kept only while the recipient is not live: a live one has the
   * fan-out's position.
   */
  cursor: Position = { epoch: '', offset: 0 }
  state: 'waiting' | 'replaying' | 'live' | 'lost' | 'closed' = 'waiting'
  /** Index in the list of live recipients that are delivered to one by one. */
  slot = -1
  /** The party that delivers to it, and its membership there; undefined while it is delivered to by itself. */
  seated: { party: Party; member: PartyMember } | undefined
  /** Page of a replay that is delivered at the end of this event-loop turn. */
  page: readonly Publication[] = []
  handed: ((done: boolean) => void) | undefined

  constructor(fanOut: Deliverer, subscriber: Subscriber) {
    this.#fanOut = fanOut
    this.subscriber = subscriber
  }

  sit(kind: PartyKind, member: PartyMember): boolean {
    return this.#fanOut.sit(this, kind, member)
  }

  rise(): void {
    if (this.seated !== undefined) this.#fanOut.rise(this)
  }

  deliver(publications: readonly Publication[]): void {
    this.#fanOut.deliverTo(this, publications, false)
  }
}
