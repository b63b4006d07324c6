/** A position in a channel: everything up to it was received. */
export interface ChannelPosition {
  epoch: string
  offset: number
}

/** One publication of a channel. */
export interface Publication extends ChannelPosition {
  channel: string
  data: unknown
}

/** Stands before what follows a loss: what lay between could not be replayed. */
export interface Loss {
  type: 'recovery'
  recovered: false
  channel: string
  reason?: string
}

/** The beginning of a subscription: the oldest publication kept, or a position; left out, now. */
export type Recover = 'all' | string | ChannelPosition

/** A subscription of one channel: an async iterable of its publications, over however many connections. */
export class Subscription implements AsyncIterable<Publication | Loss> {
  readonly channel: string
  readonly #opening: Promise<Opened>
  #opened: Opened | undefined
  readonly #recover: Recover | undefined

  constructor(channel: string, recover: Recover | undefined, opening: Promise<Opened>) {
    this.channel = channel
    this.#recover = recover
    this.#opening = opening
    opening.then(
      (opened) => {
        this.#opened = opened
      },
      () => undefined,
    )
  }

  /** The reader's position, for `recover` of a later subscription; undefined before the first publication. */
  get position(): string | undefined {
    const at = this.#opened ? this.#opened.position : this.#recover
    return typeof at === 'object' ? `${at.epoch}:${at.offset}` : at === 'all' ? undefined : at
  }

  /** Ends the subscription and the loop over it. Idempotent. */
  unsubscribe(): void {
    this.#opening.then(
      (opened) => opened.end(undefined),
      () => undefined,
    )
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Publication | Loss, void, undefined> {
    yield* await this.#opening
  }
}

/** The part of a subscription that is loaded with the first of them. */
export interface Opened extends AsyncIterable<Publication | Loss> {
  readonly position: ChannelPosition | undefined
  end(error: undefined): void
}
