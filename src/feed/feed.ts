import type { Position, Publication } from '../channel/broker.ts'
import type { EventVocabulary, ServerEvent } from '../protocol/frame.ts'

/** Who is watching, and for how long. */
export interface Viewer {
  readonly id: string
  readonly username: string
  /** Address of the client as limits count it. */
  readonly address: string
  /** When the credentials end, in milliseconds since the epoch; null when they do not. */
  readonly expiresAt: number | null
  /** Aborted when the credentials are taken back. */
  readonly revoked: AbortSignal
}

/** One event of a story. */
export interface ReplayedEvent {
  /** JSON text. */
  data: string
  /** {@link Feed.keyOf} */
  key?: string
  /** The stream ended with it; it is the last one. */
  terminal?: boolean
}

/** What a transport shows of one channel. */
export interface Feed {
  readonly channel: string
  /** What clients asked for when it is not the channel itself: `stream:<id>` is shown out of its kind's channel. */
  readonly name?: string
  readonly events: EventVocabulary
  /** Where a client that names no position begins. */
  readonly since: 'beginning' | 'now'
  /** Where the beginning is, of a feed that is one part of its channel. Default: before the first publication. */
  readonly began?: Position
  /** Ends the subscription after this publication. Asked by every subscriber, so it must be cheap. */
  isTerminal?(publication: Publication): boolean
  /**
   * Identity of what a publication tells (an anomaly's id), so that a story and the live stream never tell it
   * twice. Asked by every subscriber.
   */
  keyOf?(publication: Publication): string | undefined
  /**
   * For `since: 'beginning'`: does the log of this epoch begin where the stream began? Default: yes. A log that was
   * lost goes on under another epoch, and then only the story tells the rest.
   */
  beganIn?(epoch: string): Promise<boolean>
  /**
   * The current state, for `event: snapshot`.
   * @param position what follows it is shown afterwards
   */
  snapshot?(position: Position): Promise<unknown>
  /**
   * The interface has no words for `recovery`, `snapshot` and `token_expired`, and its clients take every event for one
   * of their own: {@link snapshot} gives the events that stand in place of one, as a list of {@link ServerEvent}.
   */
  readonly wordless?: boolean
  /**
   * Everything so far, from the store, when the log cannot serve it; its last event is the terminal one when the
   * stream has ended.
   * @param hasState the client has just been shown the snapshot
   * @param position what follows it is shown afterwards
   */
  replay?(hasState: boolean, position: Position): AsyncIterable<ReplayedEvent>
  /** Where the stream ended; null while it runs. */
  ended?(): Promise<Position | null>
  /**
   * Calls `run` when its viewer may not see it any more.
   * @returns ends that; idempotent
   */
  withdrawn?(run: () => void): () => void
}
