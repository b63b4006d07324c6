import type { Position, Publication } from '../channel/broker.ts'
import type { Identity } from '../identity/identity.ts'
import type { Resource } from '../identity/owner.ts'
import type { Shares } from '../identity/shares.ts'
import type { EventVocabulary, ServerEvent } from '../protocol/frame.ts'

/** An event that is sent from the store, in place of publications that the log has lost. */
export interface ReplayedEvent {
  /** JSON text. */
  data: string
  /** Identity of its content, as {@link Feed.keyOf} returns it. */
  key?: string
  /** True for the stream's terminal event, which is the last one. */
  terminal?: boolean
}

/** A channel as one reader is shown it: the snapshot, the events, the replay from the store, the end. */
export interface Feed {
  readonly channel: string
  /**
   * Name by which clients know the channel, where it differs: `stream:<id>` may be one part of its kind's channel.
   */
  readonly name?: string
  readonly events: EventVocabulary
  /** The place where a client begins that names no position. */
  readonly since: 'beginning' | 'now'
  /** Position before the first publication, of a feed that is one part of its channel. Default: the log's beginning. */
  readonly began?: Position
  /** Tells whether the subscription ends with a publication. Called for every subscriber, so it must be cheap. */
  isTerminal?(publication: Publication): boolean
  /**
   * Returns the identity of a publication's content (an anomaly's id), so that no subscriber gets it both from the
   * store and live. Called for every subscriber, so it must be cheap.
   */
  keyOf?(publication: Publication): string | undefined
  /**
   * Tells, for `since: 'beginning'`, whether the log of this epoch begins where the stream began. Default: yes. A log
   * that was lost goes on under another epoch, and then only {@link replay} has the events before.
   */
  beganIn?(epoch: string): Promise<boolean>
  /** One reader is the rule, as of an answer: compressed bytes are worth a history of their own. */
  readonly isPersonal?: boolean
  /** Milliseconds for which its live events may wait for more, and leave with them; 0 by default. */
  readonly coalesceMs?: number
  /** Nothing but the log tells what the channel is about: where continuity is lost, all that it still has follows. */
  readonly isLog?: boolean
  /**
   * Returns the current state, for `event: snapshot`.
   * @param position publications after it are delivered afterwards
   */
  snapshot?(position: Position): Promise<unknown>
  /**
   * True where the interface has no events for `recovery`, `snapshot` and `token_expired`, and its clients take every
   * event for one of their own: {@link snapshot} then returns a list of {@link ServerEvent} that replaces the
   * snapshot.
   */
  readonly wordless?: boolean
  /**
   * Reads all events so far from the store, where the log has lost them; the last one is the terminal event when the
   * stream has ended.
   * @param hasState the client has just been sent the snapshot
   * @param position what follows it is delivered afterwards
   */
  replay?(hasState: boolean, position: Position): AsyncIterable<ReplayedEvent>
  /** Returns the position of the stream's terminal event; null while it runs. */
  ended?(): Promise<Position | null>
  /**
   * Calls `run` when the viewer may no longer see the channel.
   * @returns stops that; idempotent
   */
  withdrawn?(run: () => void): () => void
}

/**
 * Finds the feed that a caller gets of one channel of a namespace.
 * @param id what follows the colon in the channel's name; empty for a namespace of one channel
 * @throws {Problem} `NOT_FOUND`, `FORBIDDEN`
 */
export type NamespaceFeed = (identity: Identity, id: string) => Promise<Feed>

/** Ends a feed for a viewer who sees it by a share, once the share has ended. */
export const untilUnshared = (
  feed: Feed,
  shares: Pick<Shares, 'watch'>,
  identity: Identity,
  resource: Resource,
): Feed => ({ ...feed, withdrawn: (run) => shares.watch(identity, resource, run) })
