import type { Position, Publication } from './broker.ts'

/** Why a position cannot be served from the log. */
export type LossReason = 'trimmed' | 'epoch_changed' | 'offset_ahead' | 'bus_unavailable'

/** The receiving end of a subscription: a transport, or a test. */
export interface Subscriber {
  /**
   * Takes publications: ascending, gapless, none twice, beginning right after the subscription's position.
   * Called once per event-loop turn with all that came in it. Must not block or throw: who throws is closed.
   * @param isAlone nobody else on this instance is given them now
   */
  deliver(publications: readonly Publication[], isAlone: boolean): void
  /** Resolves when a replay may go on; live publications do not wait for it. */
  drained(): Promise<void>
  /**
   * Continuity cannot be proved any more. Nothing is delivered until `restart` is called; what comes after it
   * begins above `position`, so the subscriber takes its snapshot first.
   */
  lost(reason: LossReason, position: Position, restart: () => void): void
}

/** What subscribing found out, before anything is delivered. */
export interface Subscription {
  /** Delivery begins right after it: the position asked for, or the top when that could not be served. */
  readonly position: Position
  /** The newest publication at that moment. */
  readonly top: Position
  /** Set when a position was asked for: could it be served? */
  readonly recovered: boolean | undefined
  readonly reason: LossReason | undefined
  /** Begins to deliver: first the replay, paced by `drained`, then live. Call once. */
  start(): void
  /** Ends it; idempotent. Nothing is delivered afterwards. */
  close(): void
}

/**
 * Where to begin: at a position, at the log's beginning (recovered only if its very first publication is still
 * kept), or with whatever comes next.
 */
export type Since = Position | 'beginning' | 'now'
