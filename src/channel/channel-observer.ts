import type { Publication } from './broker.ts'
import type { LossReason } from './subscriber.ts'

/** The callbacks by which events of the bus are counted. They must not throw. */
export interface ChannelObserver {
  /** Counts publications that this instance has appended. */
  published?(publications: number): void
  /**
   * Counts publications handed to subscribers of this instance.
   * @param deliveries their number, one for each publication and subscriber
   */
  delivered?(deliveries: number, publications: readonly Publication[]): void
  /** Measures the time of a probe through the bus and back. */
  roundtrip?(ms: number): void
  /** Counts a connection to the bus that was made again: for commands, or for pushes. */
  reconnected?(connection: 'commands' | 'pushes'): void
  /** Counts a subscriber that asked for a position: `recovered`, or the reason of its loss. */
  recovered?(outcome: 'recovered' | LossReason): void
  /** Counts a running subscription that lost its continuity. */
  lost?(reason: LossReason): void
  /** Reports the error of a subscriber that threw; its subscription has been closed. */
  failed?(error: unknown): void
}
