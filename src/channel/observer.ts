import type { LossReason } from './subscriber.ts'

/** What happens on the bus, for whoever counts it. Callbacks must not throw. */
export interface ChannelObserver {
  /** Publications this instance has appended. */
  published?(publications: number): void
  /** Publications handed to subscribers of this instance, counted once for each. */
  delivered?(publications: number): void
  /** The way of a probe through the bus and back. */
  roundtrip?(ms: number): void
  /** A subscriber asked for a position: `recovered`, or why not. */
  recovered?(outcome: 'recovered' | LossReason): void
  /** A running subscription lost its continuity. */
  lost?(reason: LossReason): void
  /** A subscriber threw; its subscription has been closed. */
  failed?(error: unknown): void
}
