import type { Position } from '../channel/broker.ts'
import type { Hub } from '../channel/hub.ts'
import type { Store } from '../store/database.ts'
import type { Stream } from './stream.ts'

/** How long a running stream may be without its beginning in the store; whoever looks then reads its whole channel. */
const NOTE_BEGINNING_MS = 200

export interface ExecutionLogOptions {
  /** Does another holder go on with streams of the kind? */
  isResumable(kind: string): boolean
  onError(error: unknown, streamId: string): void
}

/** What streams say in their channels, and where in them they began and ended, as the store has it. */
export class ExecutionLog {
  readonly #store: Store
  readonly #hub: Hub
  readonly #options: ExecutionLogOptions
  /** Of the streams that run here, the beginnings that are still to be noted. */
  readonly #noting = new Map<string, NodeJS.Timeout | undefined>()

  constructor(store: Store, hub: Hub, options: ExecutionLogOptions) {
    this.#store = store
    this.#hub = hub
    this.#options = options
  }

  /** A stream runs here from now on. */
  open({ id }: Stream): void {
    this.#noting.set(id, undefined)
  }

  /** It does not any more: what is not noted by now stands in its end. */
  close({ id }: Stream): void {
    clearTimeout(this.#noting.get(id))
    this.#noting.delete(id)
  }

  /**
   * @param idempotencyKey a repeat publishes nothing more
   * @throws {Problem} `FENCED`, `BUS_UNAVAILABLE`
   */
  publish(stream: Stream, data: readonly string[], idempotencyKey?: string): Promise<Position> {
    const fence = { producer: stream.id, token: stream.fence }
    const options = idempotencyKey === undefined ? { fence } : { fence, idempotencyKey }
    const published = this.#hub.publish(stream.channel, data, options)
    return stream.epoch === null ? this.#begun(stream, data.length, published) : published
  }

  /** Publishes an end that is in the store; a repeat is harmless. */
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

  /** Publishes ends that were stored by an instance that died, or lost the bus, before it could. */
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

  /** Notes where the first publication of a stream went. */
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

  /** A stream that no other holder goes on with has time; most short ones note it with their end. */
  #noteBeginningLater(stream: Stream): void {
    if (!this.#noting.has(stream.id)) return
    const note = () => {
      this.#noteBeginning(stream).catch((error) => this.#options.onError(error, stream.id))
    }
    this.#noting.set(stream.id, setTimeout(note, NOTE_BEGINNING_MS))
  }
}
