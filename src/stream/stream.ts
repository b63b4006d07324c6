import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Position } from '../channel/broker.ts'
import type { Problem } from '../errors.ts'
import type { Schema, StreamTable } from '../store/schema.ts'

export type Stream = Selectable<StreamTable>
export type StreamState = Stream['state']
export type Db = Kysely<Schema> | Transaction<Schema>

/** Returns the position of a stream's terminal event; null while it is not in the channel. */
export const endOf = (stream: Pick<Stream, 'end_epoch' | 'end_offset'> | undefined): Position | null =>
  stream === undefined || stream.end_epoch === null || stream.end_offset === null
    ? null
    : { epoch: stream.end_epoch, offset: stream.end_offset }

/** The end of a stream: its state and its terminal event. */
export interface Ending {
  state: Exclude<StreamState, 'running'>
  event: Readonly<Record<string, unknown>>
}

/** The cause of an end that the runner did not decide: the stream was cancelled, or it cannot go on. */
export type EndCause = { state: 'cancelled' } | { state: 'failed'; problem: Problem }

/** Executes streams of one kind. */
export interface Runner {
  readonly kind: string
  /** Largest number of streams of this kind that run at once on one instance; the others wait in the store. */
  readonly concurrency: number
  /**
   * True when another instance can go on where the last one stopped. Otherwise a dead holder's streams end as
   * interrupted.
   */
  readonly resumable: boolean
  /**
   * Executes a stream until its end. Must settle soon after `execution.signal` aborts. An error ends the stream as
   * failed, or as cancelled when that was asked for.
   */
  run(execution: Execution): Promise<Ending>
  /** Makes the terminal event of an end that `run` did not return. */
  conclude(stream: Stream, cause: EndCause): Promise<Ending>
  /** Changes the domain's rows in the transaction that ends the stream. */
  settle(db: Db, stream: Stream, ending: Ending): Promise<void>
  /** Reports the end to other parts of the service, after that transaction. */
  ended(stream: Stream, ending: Ending): Promise<void>
  /** Called when this instance has finished with the stream, whether it ended or went to another holder. */
  left?(stream: Stream): void
}

/** One stream while this instance runs it. */
export interface Execution {
  readonly stream: Stream
  /** Aborts on cancel, on shutdown, and when another instance has taken the stream over. */
  readonly signal: AbortSignal
  /**
   * Runs `work` in a transaction that only commits while this instance holds the stream.
   * @throws {Problem} `FENCED`
   */
  transact<T>(work: (db: Transaction<Schema>) => Promise<T>): Promise<T>
  /**
   * Publishes JSON texts to the stream's channel.
   * @param idempotencyKey a repeat of the same call, also by the next holder, publishes nothing more
   * @throws {Problem} `FENCED`, `BUS_UNAVAILABLE`
   */
  publish(data: readonly string[], idempotencyKey?: string): Promise<Position>
  /**
   * Waits while `paused` resolves to true, without counting against the kind's concurrency; it is asked again at each
   * nudge of the stream.
   */
  whilePaused(paused: () => Promise<boolean>): Promise<void>
}
