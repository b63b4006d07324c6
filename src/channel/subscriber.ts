import type { Position, Publication } from './broker.ts'

/** The reasons why a position cannot be served from the log. */
export const LOSS_REASONS = ['trimmed', 'epoch_changed', 'offset_ahead', 'bus_unavailable'] as const
export type LossReason = (typeof LOSS_REASONS)[number]

/** The receiving end of a subscription: a transport, or a test. */
export interface Subscriber {
  /**
   * Takes publications: ascending, without holes or duplicates, beginning right after the subscription's position.
   * Called once per event-loop turn with all that came in it. Must not block or throw: a subscriber that throws is
   * closed.
   * @param isAlone no other subscriber on this instance gets them now
   */
  deliver(publications: readonly Publication[], isAlone: boolean): void
  /** Resolves when a replay may go on; live publications do not wait for it. */
  drained(): Promise<void>
  /**
   * Reports that continuity is lost. Nothing is delivered until `restart` is called; the next delivery begins above
   * `position`, so the subscriber takes its snapshot first.
   */
  lost(reason: LossReason, position: Position, restart: () => void): void
}

/**
 * Delivers to many subscribers of one channel at once, who all get the same bytes and for whom nothing waits. Between
 * two publications nothing of a single one has to be looked at.
 */
export interface Party {
  readonly size: number
  /** Takes a member in, which the party and those who make its members know. */
  join(member: PartyMember): void
  leave(member: PartyMember): void
  /** Makes all its members rise. */
  dissolve(): void
  /**
   * Delivers as {@link Subscriber.deliver} does to each of its members; one that it cannot serve now rises, and is
   * delivered to by its seat.
   */
  deliver(publications: readonly Publication[]): void
}

export interface PartyMember {
  readonly seat: Seat
}

/** Founds parties: the same object for all who get the same bytes. */
export interface PartyKind {
  found(): Party
}

/** The place of one subscription: among those that are delivered to one by one, or in a party. */
export interface Seat {
  /**
   * Joins the party of a kind, where the subscription is live and has company enough.
   * @returns false when it stays among those that are delivered to one by one
   */
  sit(kind: PartyKind, member: PartyMember): boolean
  /** Goes back to those that are delivered to one by one; idempotent. */
  rise(): void
  /** Delivers to this subscription alone. */
  deliver(publications: readonly Publication[]): void
}

/** A subscription whose position is known and whose delivery has not begun. */
export interface Subscription {
  /** Position right after which delivery begins: the one asked for, or the top when that could not be served. */
  readonly position: Position
  /** Position of the newest publication at that moment. */
  readonly top: Position
  /** Tells whether the position asked for could be served; undefined when none was asked for. */
  readonly recovered: boolean | undefined
  readonly reason: LossReason | undefined
  readonly seat: Seat
  /** Begins delivery: first the replay, paced by `drained`, then live publications. Call once. */
  start(): void
  /** Ends the subscription; idempotent. Nothing is delivered afterwards. */
  close(): void
}

/**
 * The place where a subscription begins: a position, the log's beginning (recovered only if its very first
 * publication is still kept), or the next publication.
 */
export type Since = Position | 'beginning' | 'now'
