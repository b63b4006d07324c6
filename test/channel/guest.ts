import type { Publication } from '../../src/channel/broker.ts'
import type { Party, PartyKind, PartyMember, Seat } from '../../src/channel/subscriber.ts'
import type { Reader } from './reader.ts'

/** A reader as the member of a party, which it joins as soon as it may after each delivery. */
export class Guest implements PartyMember {
  readonly seat: Seat
  readonly reader: Reader
  isOccupied = false

  constructor(seat: Seat, reader: Reader, kind: PartyKind) {
    this.seat = seat
    this.reader = reader
    const deliver = reader.deliver.bind(reader)
    reader.deliver = (publications) => {
      deliver(publications)
      queueMicrotask(() => {
        if (seat.sit(kind, this)) this.isOccupied = false
      })
    }
  }

  /** Cannot be served by the party from now on, which notices it when it delivers. */
  occupy(): void {
    this.isOccupied = true
  }
}

class PartyOfGuests implements Party {
  readonly #guests = new Set<Guest>()
  readonly #served: () => void

  constructor(served: () => void) {
    this.#served = served
  }

  get size(): number {
    return this.#guests.size
  }

  join(guest: Guest): void {
    this.#guests.add(guest)
  }

  leave(guest: Guest): void {
    this.#guests.delete(guest)
  }

  dissolve(): void {
    for (const { seat } of [...this.#guests]) seat.rise()
  }

  deliver(publications: readonly Publication[]): void {
    for (const { seat, reader, isOccupied } of [...this.#guests])
      if (isOccupied) {
        seat.rise()
        seat.deliver(publications)
      } else {
        this.#served()
        reader.deliver(publications)
      }
  }
}

/** Founds parties that deliver to each guest's reader. @param served called for each delivery of a party */
export const partyOfGuests = (served: () => void): PartyKind => ({ found: () => new PartyOfGuests(served) })
