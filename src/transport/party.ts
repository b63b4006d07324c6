import type { Socket } from 'node:net'
import type { Publication } from '../channel/broker.ts'
import type { Party, PartyKind, PartyMember, Seat } from '../channel/subscriber.ts'
import { GzipCount, type GzipPiece } from './gzip.ts'
import { SEND_MANY } from './shared-write.ts'
import type { WireCount } from './wire-count.ts'
import type { QueueSeat, WriteQueue } from './write-queue.ts'

/** Bytes that go past the queues at once; more than that is left to them, which give it in parts. */
const MOST_BYTES = 32_768
const FIRST_ROOM = 64

/** A socket with its handle, as Node keeps it. */
interface Wire extends Socket {
  _handle?: { fd?: number } | null
}

/** The ways in which all members of a party are served. */
export interface ServedAlike {
  count: WireCount
  /** Returns the frames of publications, and the number of publications that have some. */
  framesOf(publications: readonly Publication[]): { frames: readonly Buffer[]; shown: number }
  /** Makes of frames what goes on the wire, and the piece of a gzip body that it is. */
  pack(frames: readonly Buffer[]): { bytes: Buffer; piece?: GzipPiece }
  /** Counts what was sent to so many connections. */
  told?(shown: number, connections: number): void
}

/** Makes the kind of parties whose members are served alike. */
export const partyKind = (served: ServedAlike): PartyKind => ({ found: () => new WireParty(served) })

/** A connection's membership, which it takes whenever nothing waits in its queue. */
export class WireMember implements PartyMember, QueueSeat {
  readonly seat: Seat
  readonly queue: WriteQueue
  readonly #kind: PartyKind
  readonly #wireOf: () => Wire | undefined
  readonly #isOpen: (() => boolean) | undefined
  /** Set while it sits. */
  wire: Wire | undefined
  handle: Wire['_handle']
  slot = -1
  /** The count of its gzip body; undefined where it is not compressed. */
  readonly count: GzipCount | undefined
  /** Place at which it joined, in the count of its party. */
  joinedAt: GzipCount['place'] | undefined

  /**
   * @param wireOf returns the socket, once ready frames may be written to it
   * @param isOpen tells whether they still may; left out where `queue` knows
   */
  constructor(
    seat: Seat,
    kind: PartyKind,
    queue: WriteQueue,
    wireOf: () => Socket | undefined,
    { isOpen, count }: { isOpen?: () => boolean; count?: GzipCount | undefined } = {},
  ) {
    this.count = count
    this.seat = seat
    this.queue = queue
    this.#kind = kind
    this.#wireOf = wireOf
    this.#isOpen = isOpen
  }

  sit(): void {
    if (SEND_MANY === undefined) return
    this.wire = this.#wireOf()
    this.handle = this.wire?._handle
    if ((this.handle?.fd ?? -1) >= 0 && this.isClear()) this.seat.sit(this.#kind, this)
  }

  rise(): void {
    this.seat.rise()
  }

  /**
   * Tells whether its socket is still the one of the descriptor, and has nothing of its own to write: a descriptor that was
   * closed may be another connection's by now.
   */
  isClear(): boolean {
    const { wire } = this
    return (
      wire !== undefined &&
      wire._handle === this.handle &&
      wire.writableLength === 0 &&
      !wire.writableEnded &&
      this.#isOpen?.() !== false
    )
  }
}

/** Sends the same bytes to all its members in one call of the addon. */
class WireParty implements Party {
  readonly #served: ServedAlike
  readonly #members: WireMember[] = []
  #descriptors = new Int32Array(FIRST_ROOM)
  #taken = new Int32Array(FIRST_ROOM)
  /** Of all pieces that it has sent. */
  readonly #count = new GzipCount()

  constructor(served: ServedAlike) {
    this.#served = served
  }

  get size(): number {
    return this.#members.length
  }

  join(member: WireMember): void {
    member.slot = this.#members.length
    this.#members.push(member)
    if (member.slot === this.#descriptors.length) {
      const { length } = this.#descriptors
      const grown = new Int32Array(length * 2)
      grown.set(this.#descriptors)
      this.#descriptors = grown
      this.#taken = new Int32Array(length * 2)
    }
    this.#descriptors[member.slot] = member.handle?.fd ?? -1
    member.joinedAt = member.count && this.#count.place
  }

  leave(member: WireMember): void {
    const last = this.#members.pop()
    if (last !== undefined && last !== member) {
      this.#members[member.slot] = last
      this.#descriptors[member.slot] = this.#descriptors[last.slot] as number
      last.slot = member.slot
    }
    if (member.joinedAt !== undefined) member.count?.addSince(member.joinedAt, this.#count)
    member.joinedAt = undefined
    member.wire = undefined
    member.handle = undefined
  }

  dissolve(): void {
    for (let at = this.#members.length - 1; at >= 0; at--) this.#members[at]?.rise()
  }

  deliver(publications: readonly Publication[]): void {
    const { count, framesOf, pack, told } = this.#served
    const { frames, shown } = framesOf(publications)
    if (shown === 0) return
    const length = frames.reduce((sum, frame) => sum + frame.length, 0)
    const isLarge = length > MOST_BYTES
    for (let at = this.#members.length - 1; at >= 0; at--) {
      const member = this.#members[at] as WireMember
      if (!isLarge && member.isClear()) continue
      member.rise()
      member.seat.deliver(publications)
    }
    const connections = this.#members.length
    if (connections === 0) return
    const { bytes, piece } = pack(frames)
    if (piece) this.#count.add(piece)
    told?.(shown, connections)
    count.framesSent += shown * connections
    count.bytesBefore += length * connections
    count.bytesAfter += bytes.length * connections
    if (SEND_MANY?.(this.#descriptors, connections, bytes, this.#taken) === true) return
    for (let at = connections - 1; at >= 0; at--) {
      const taken = this.#taken[at] as number
      const { wire, queue } = this.#members[at] as WireMember
      if (taken === bytes.length || wire === undefined) continue
      ;(this.#members[at] as WireMember).rise()
      queue.owe(length, (done) => wire.write(bytes.subarray(taken), done))
    }
  }
}
