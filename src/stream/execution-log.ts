import type { Position } from '../channel/broker.ts'
import type { Hub } from '../channel/hub.ts'
import type { Store } from '../store/database.ts'
import type { Stream } from './stream.ts'

/**
 * Time for which the beginning of a running stream may be missing in the store, in milliseconds; a reader that needs
 * it meanwhile reads the whole channel.
 */
const NOTE_BEGINNING_MS = 200

export interface ExecutionLogOptions {
  /** Tells whether another holder goes on with streams of the kind. */
  isResumable(kind: string): boolean
  onError(error: unknown, streamId: string): void
}

/** Publishes the events of streams, and stores the positions at which each stream began and ended. */
export class ExecutionLog {
  readonly #store: Store
  readonly #hub: Hub
  readonly #options: ExecutionLogOptions
  /** Timers of the streams that run here and whose beginning is still to be stored. */
  readonly #noting = new Map<string, NodeJS.Timeout | undefined>()

  constructor(store: Store, hub: Hub, options: ExecutionLogOptions) {
    this.#store = store
    this.#hub = hub
    this.#options = options
  }

  /** Begins to keep the log of a stream that runs here from now on. */
  open({ id }: Stream): void {
    this.#noting.set(id, undefined)
  }

  /** Stops keeping the log of a stream; a beginning that is not stored by now is stored with its end. */
  close({ id }: Stream): void {
    clearTimeout(this.#noting.get(id))
    this.#noting.delete(id)
  }

  /**
   * Publishes JSON texts to the stream's channel.
   * @param idempotencyKey a repeat publishes nothing more
   * @throws {Problem} `FENCED`, `BUS_UNAVAILABLE`
   */
  publish(stream: Stream, data: readonly string[], idempotencyKey?: string): Promise<Position> {
    const fence = { producer: stream.id, token: stream.fence }
    const trace = stream.traceparent ?? undefined
    const options = { fence, trace, ...(idempotencyKey !== undefined && { idempotencyKey }) }
    const published = this.#hub.publish(stream.channel, data, options)
    return stream.epoch === null ? this.#begun(stream, data.length, published) : published
  }

  /** Publishes the terminal event of a stream whose end is in the store; a repeat is harmless. */
  async announce(stream: Stream): Promise<void> {
    const position = await this.publish(stream, [stream.terminal_json as string], `${stream.id}:end`)
    await this.#store.write((db) =>
      db
        .updateTable('streams')
        .set({ end_epoch: position.epoch, end_offset: position.offset })
        .where('id', '=', stream.id)
        .execute(),
    )
  }

  /**
   * Publishes terminal events that were stored by an instance that died, or lost the bus, before it could publish
   * them.
   */
  async announceForgotten(): Promise<void> {
    const forgotten = await this.#store.db
      .selectFrom('streams')
      .selectAll()
      .where('state', '!=', 'running')
      .where('end_offset', 'is', null)
      .where('lease_until', '<', this.#store.now)
      .limit(100)
      .execute()
    for (const stream of forgotten) await this.announce(stream)
  }

  /** Stores the position of a stream's first publication. */
  async #begun(stream: Stream, count: number, published: Promise<Position>): Promise<Position> {
    const position = await published
    if (stream.epoch !== null) return position
    stream.epoch = position.epoch
    stream.start_offset = position.offset - count
    if (this.#options.isResumable(stream.kind)) await this.#noteBeginning(stream)
    else this.#noteBeginningLater(stream)
    return position
  }

  async #noteBeginning({ id, epoch, start_offset }: Stream): Promise<void> {
    await this.#store.write((db) =>
      db
        .updateTable('streams')
        .set({ epoch, start_offset })
        .where('id', '=', id)
        .where('epoch', 'is', null)
        .execute(),
    )
  }

  /**
   * Delays the storing of a beginning for a stream that no other holder goes on with; most short ones store it with
   * their end.
   */
  #noteBeginningLater(stream: Stream): void {
    if (!this.#noting.has(stream.id)) return
    const note = () => {
      this.#noteBeginning(stream).catch((error) => this.#options.onError(error, stream.id))
    }
    this.#noting.set(stream.id, setTimeout(note, NOTE_BEGINNING_MS))
  }
}
