import { createHash } from 'node:crypto'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'

/** A place in a channel's log: every publication up to it has been read. */
export interface Position {
  /** The identity of one life of the log: a log that was lost, wholly or in part, goes on under a new epoch. */
  epoch: string
  /** The first publication of an epoch has offset 1; 0 is the position before it. */
  offset: number
}

/** The position of what was published. */
export interface Published extends Position {
  /** True where an earlier publish under the same key had appended it, and nothing was appended now. */
  readonly isRepeat?: true
}

/** One entry of a channel. Immutable; the same object is handed to every subscriber of the process. */
export interface Publication extends Position {
  readonly channel: string
  readonly epoch: string
  readonly offset: number
  /** JSON text, exactly as it was published. */
  readonly data: string
  /** The trace to which it belongs, as `traceparent` has it; clients do not see it. */
  readonly trace?: string
}

export interface PublishOptions {
  /**
   * Makes a repeat harmless: a second publish under the same key within five minutes appends nothing and returns the
   * first one's position, as long as the channel is in the same epoch. A log that was lost has lost that publication
   * too.
   */
  idempotencyKey?: string
  /** Refuses a second publish of other texts under that key with `IDEMPOTENCY_KEY_REUSED`. */
  isExact?: boolean
  fence?: Fence
  /** The trace to which the publications belong. @see https://www.w3.org/TR/trace-context/#traceparent-header */
  trace?: string | undefined
}

/**
 * A producer's fencing token, a number from 1. A channel remembers the highest token of each of its producers and
 * refuses a lower one, so a holder that was stopped, replaced and then continued can write nothing more. The memory
 * outlives a change of epoch, but not `remove`.
 */
export interface Fence {
  /** The id of what is written (a stream's id), the same for each of its holders. */
  producer: string
  token: number
}

/** A slice of a channel's log, with the bounds of that log. */
export interface History {
  epoch: string
  /** Offset of the newest publication; 0 when there has been none. */
  top: number
  /** Offset of the oldest publication still kept; `top + 1` when none is. */
  first: number
  /** Ascending and gapless, beginning at the first kept offset above the one asked for. */
  publications: Publication[]
}

/** A member of a channel's presence: one connection of one user. */
export interface Member {
  connection_id: string
  user: string
}

/** The callbacks by which a broker informs the hub. */
export interface BrokerListener {
  publication(publication: Publication): void
  /** Takes a message of {@link Broker.signal} from any instance, this one included. */
  signal(message: string): void
  /** Reports that pushes may have been lost: every subscribed channel has to be checked against its history. */
  interrupted(): void
}

/**
 * The log behind every channel, and its push side.
 *
 * Guarantees:
 * - offsets of one epoch are 1, 2, 3… without a hole, in the order in which `publish` took effect;
 * - `publish` resolves after the publication is in the history; a push may be lost, history may be trimmed, but
 *   neither happens silently: the offset or the epoch shows it;
 * - pushes reach an instance in offset order as long as its connection lives, and only for channels it subscribed to.
 */
export interface Broker {
  /**
   * Appends JSON texts, atomically and in order, and pushes them.
   * @returns the position of the last one; the channel's top when `data` is empty
   * @throws {Problem} `FENCED`, `IDEMPOTENCY_KEY_REUSED`; `BUS_UNAVAILABLE`, and then it may have taken effect all
   *   the same
   */
  publish(channel: string, data: readonly string[], options?: PublishOptions): Promise<Published>
  /**
   * Reads publications above the offset `after`, at most `limit` of them (1–1000). A channel that has never been
   * published to gets its epoch here, so that a subscriber's position can always be checked.
   * @throws {Problem} `BUS_UNAVAILABLE`
   */
  history(channel: string, after: number, limit: number): Promise<History>
  /** Starts the push of a channel to this instance; resolves once every later publication will be pushed. */
  subscribe(channel: string): Promise<void>
  unsubscribe(channel: string): Promise<void>
  /** Sends a short message to every instance, without keeping it. */
  signal(message: string): Promise<void>
  /** Notes that members, one at least, are subscribed to the channel; they are forgotten `ttlMs` later unless noted again. */
  enter(channel: string, members: readonly Member[], ttlMs: number): Promise<void>
  /** Removes members, one at least. */
  leave(channel: string, members: readonly Member[]): Promise<void>
  /** Returns the members of a channel on all instances. */
  members(channel: string): Promise<Member[]>
  /** Forgets a channel's log; its next life has a new epoch. */
  remove(channel: string): Promise<void>
  /**
   * Checks that the channel takes publications now.
   * @throws {Problem} `BUS_UNAVAILABLE` within the time of one command
   */
  requireWritable(channel: string): Promise<void>
  /**
   * Measures the bus: writes a key, publishes a message to this instance and waits until it comes back.
   * @returns milliseconds it took
   * @throws {Problem} `BUS_UNAVAILABLE` when nothing can be written or the message did not come back in time
   */
  probe(): Promise<number>
  listen(listener: BrokerListener): void
  close(): Promise<void>
}

/** Returns a digest of texts in their order, by which two publishes under one idempotency key are compared. */
export const digestOf = (data: readonly string[]): string => {
  const hash = createHash('sha256')
  for (const text of data) hash.update(`${Buffer.byteLength(text)}:`).update(text)
  return hash.digest('hex')
}

/** Makes the refusal of an idempotency key that was used for other texts. */
export const keyReused = (): Problem => new Problem('IDEMPOTENCY_KEY_REUSED', say('publication.key_reused'))
