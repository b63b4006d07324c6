import { type ApiError, ownError } from './error.ts'

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

/** Reads a position as {@link Subscription.position} gives it. */
export const readPosition = (recover: Exclude<Recover, 'all'>): ChannelPosition => {
  if (typeof recover !== 'string') return { epoch: recover.epoch, offset: recover.offset }
  const at = recover.lastIndexOf(':')
  return { epoch: recover.slice(0, at), offset: Number(recover.slice(at + 1)) }
}

/** A connection's request for a channel, one for all its subscribers. */
export interface Wanted {
  channel: string
  since: 'now' | 'all' | ChannelPosition
}

/** The connection that all subscriptions of a client share. */
export interface ChannelLink {
  /** Brings the connection to what {@link ChannelBook.wanted} names. */
  changed(channel: string): void
  close(): void
}

/** A subscription of one channel: an async iterable of its publications, over however many connections. */
export class Subscription implements AsyncIterable<Publication | Loss> {
  readonly channel: string
  readonly #bound: number
  readonly #left: (subscription: Subscription) => void
  readonly #refetch: (subscription: Subscription) => void
  #since: 'now' | 'all' | ChannelPosition
  #queue: (Publication | Loss)[] = []
  #received: ChannelPosition | undefined
  #position: ChannelPosition | undefined
  #isHeld = false
  #over: { error: ApiError | undefined } | undefined
  #wake: () => void = () => undefined

  constructor(
    channel: string,
    recover: Recover | undefined,
    bound: number,
    hooks: { left(subscription: Subscription): void; refetch(subscription: Subscription): void },
  ) {
    this.channel = channel
    this.#bound = bound
    this.#left = hooks.left
    this.#refetch = hooks.refetch
    this.#since = recover === undefined ? 'now' : recover === 'all' ? 'all' : readPosition(recover)
    if (typeof this.#since === 'object') this.#received = this.#position = this.#since
  }

  /** The reader's position, for `recover` of a later subscription; undefined before the first publication. */
  get position(): string | undefined {
    return this.#position && `${this.#position.epoch}:${this.#position.offset}`
  }

  /** The place from which the next connection has to deliver to this subscription. */
  get since(): 'now' | 'all' | ChannelPosition {
    return this.#received ?? this.#since
  }

  /** Waits for its reader: it wants nothing more for now. */
  get isHeld(): boolean {
    return this.#isHeld
  }

  /** Ends the subscription and the loop over it. Idempotent. */
  unsubscribe(): void {
    this.end(undefined)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Publication | Loss, void, undefined> {
    try {
      for (;;) {
        const next = this.#queue.shift()
        if (next !== undefined) {
          if (!('type' in next)) this.#position = { epoch: next.epoch, offset: next.offset }
          if (this.#isHeld && this.#queue.length <= this.#bound / 2) {
            this.#isHeld = false
            this.#refetch(this)
          }
          yield next
        } else if (this.#over) {
          if (this.#over.error) throw this.#over.error
          return
        } else
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
      }
    } finally {
      this.unsubscribe()
    }
  }

  /** Takes the log's top as the position of a subscription that begins now and has received nothing yet. */
  begin(position: ChannelPosition): void {
    if (this.#received === undefined && this.#since === 'now') this.#received = position
  }

  /** Takes a publication; one that was received before is left out. */
  take(publication: Publication): void {
    if (this.#over || this.#isHeld) return
    const last = this.#received
    if (last !== undefined && last.epoch === publication.epoch && publication.offset <= last.offset) return
    this.#received = { epoch: publication.epoch, offset: publication.offset }
    this.#queue.push(publication)
    if (this.#queue.length >= this.#bound) this.#isHeld = true
    this.#wake()
  }

  /** Notes that the log has lost what follows the received position; later publications begin anew. */
  lose(reason: string | undefined): void {
    if (this.#over || this.#isHeld || this.#received === undefined) return
    this.#received = undefined
    this.#since = 'all'
    this.#queue.push({
      type: 'recovery',
      recovered: false,
      channel: this.channel,
      ...(reason === undefined ? {} : { reason }),
    })
    this.#wake()
  }

  end(error: ApiError | undefined): void {
    if (this.#over) return
    this.#over = { error }
    this.#wake()
    this.#left(this)
  }
}

/** All subscriptions of a client, by channel. */
export class ChannelBook {
  readonly #byChannel = new Map<string, Set<Subscription>>()

  get channels(): string[] {
    return [...this.#byChannel.keys()]
  }

  add(subscription: Subscription): void {
    const known = this.#byChannel.get(subscription.channel)
    if (known) known.add(subscription)
    else this.#byChannel.set(subscription.channel, new Set([subscription]))
  }

  remove(subscription: Subscription): void {
    const known = this.#byChannel.get(subscription.channel)
    known?.delete(subscription)
    if (known?.size === 0) this.#byChannel.delete(subscription.channel)
  }

  of(channel: string): readonly Subscription[] {
    return [...(this.#byChannel.get(channel) ?? [])]
  }

  /** Returns the earliest place that a channel's subscriptions need, so that none of them misses anything. */
  sinceOf(channel: string): Wanted['since'] {
    const wanted = this.of(channel)
      .filter(({ isHeld }) => !isHeld)
      .map(({ since }) => since)
    if (wanted.includes('all')) return 'all'
    const positions = wanted.filter((since): since is ChannelPosition => typeof since === 'object')
    const [first] = positions
    if (first === undefined) return 'now'
    // Positions of two lives of the log: only its beginning serves both.
    if (positions.some(({ epoch }) => epoch !== first.epoch)) return 'all'
    return positions.reduce((least, one) => (one.offset < least.offset ? one : least))
  }

  take(publication: Publication): void {
    for (const subscription of this.of(publication.channel)) subscription.take(publication)
  }

  end(channel: string, error: ApiError | undefined): void {
    for (const subscription of this.of(channel)) subscription.end(error)
  }

  endAll(error: ApiError): void {
    for (const channel of this.channels) this.end(channel, error)
  }
}

/** The error of a channel that may not be read, or is not there. */
export const refused = (channel: string, code: string, message: string): ApiError =>
  ownError(code, `${channel}: ${message}`)
