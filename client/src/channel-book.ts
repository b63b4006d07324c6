import { Bell } from './bell.ts'
import type { ChannelPosition, Loss, Opened, Publication, Recover } from './channels.ts'
import { type ApiError, ownError } from './error.ts'

/** Reads a position as a subscription gives it. */
const readPosition = (recover: Exclude<Recover, 'all'>): ChannelPosition => {
  if (typeof recover !== 'string') return { epoch: recover.epoch, offset: recover.offset }
  const at = recover.lastIndexOf(':')
  return { epoch: recover.slice(0, at), offset: Number(recover.slice(at + 1)) }
}

/** The place from which a channel is wanted. */
export type Since = 'now' | 'all' | ChannelPosition

/** The connection that all subscriptions of a client share. */
export interface ChannelLink {
  /** Brings the connection to what {@link ChannelBook.sinceOf} says of a channel. */
  changed(channel: string): void
  close(): void
}

/** A subscription's calls to the client that made it. */
export interface SubscriptionHooks {
  left(subscription: OpenSubscription): void
  /** It takes no more for now, or takes again. */
  changed(): void
}

/** A subscription of one channel: an async iterable of its publications, over however many connections. */
export class OpenSubscription implements Opened {
  readonly channel: string
  readonly #bound: number
  readonly #hooks: SubscriptionHooks
  readonly #bell = new Bell()
  #since: Since
  #queue: (Publication | Loss)[] = []
  #received: ChannelPosition | undefined
  #position: ChannelPosition | undefined
  #isHeld = false
  /** A position behind which publications may be lost: the next one shows it. */
  #doubt: string | undefined
  #over: { error: ApiError | undefined } | undefined

  constructor(channel: string, recover: Recover | undefined, bound: number, hooks: SubscriptionHooks) {
    this.channel = channel
    this.#bound = bound
    this.#hooks = hooks
    this.#since = recover === undefined ? 'now' : recover === 'all' ? 'all' : readPosition(recover)
    if (typeof this.#since === 'object') this.#received = this.#position = this.#since
  }

  /** The reader's position. */
  get position(): ChannelPosition | undefined {
    return this.#position
  }

  /** The place from which the next connection has to deliver to this subscription. */
  get since(): Since {
    return this.#received ?? this.#since
  }

  /** Waits for its reader: it wants nothing more for now. */
  get isHeld(): boolean {
    return this.#isHeld
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Publication | Loss, void, undefined> {
    try {
      for (;;) {
        const next = this.#queue.shift()
        if (next !== undefined) {
          if (!('type' in next)) this.#position = { epoch: next.epoch, offset: next.offset }
          if (this.#isHeld && this.#queue.length <= this.#bound / 2) {
            this.#isHeld = false
            this.#hooks.changed()
          }
          yield next
        } else if (this.#over) {
          if (this.#over.error) throw this.#over.error
          return
        } else await this.#bell.wait()
      }
    } finally {
      this.end(undefined)
    }
  }

  /** Takes the log's top as the position of a subscription that begins now and has received nothing yet. */
  begin(position: ChannelPosition): void {
    if (this.#received === undefined && this.#since === 'now') this.#received = position
  }

  /** Takes a publication; one that was received before is left out. */
  take(publication: Publication): void {
    if (this.#over || this.#isHeld) return
    const { epoch, offset } = publication
    const last = this.#received
    if (last?.epoch === epoch && offset <= last.offset) return
    if (last && last.epoch !== epoch) this.#tell(this.#doubt ?? 'epoch_changed')
    else if (last && this.#doubt !== undefined && last.offset + 1 < offset) this.#tell(this.#doubt)
    this.#doubt = undefined
    this.#received = { epoch, offset }
    this.#queue.push(publication)
    if (this.#queue.length >= this.#bound) {
      this.#isHeld = true
      this.#hooks.changed()
    }
    this.#bell.ring()
  }

  /** Notes that the log's beginning was asked for, which may lie behind the received position. */
  doubt(): void {
    if (this.#received) this.#doubt ??= 'trimmed'
  }

  /**
   * Notes that the log has lost what follows a position that was asked for.
   * @param asked the position; a subscription that is ahead of it has lost something only if the next publication says so
   */
  lose(reason = 'unknown', asked?: ChannelPosition): void {
    const last = this.#received
    if (this.#over || this.#isHeld || last === undefined) return
    if (reason === 'trimmed' && asked && asked.offset < last.offset) {
      this.#doubt = reason
      return
    }
    this.#received = undefined
    this.#since = 'all'
    this.#tell(reason)
  }

  end(error: ApiError | undefined): void {
    if (this.#over) return
    this.#over = { error }
    this.#bell.ring()
    this.#hooks.left(this)
  }

  #tell(reason: string): void {
    this.#queue.push({ type: 'recovery', recovered: false, channel: this.channel, reason })
    this.#bell.ring()
  }
}

/** All subscriptions of a client, by channel. */
export class ChannelBook {
  readonly #byChannel = new Map<string, Set<OpenSubscription>>()

  get channels(): string[] {
    return [...this.#byChannel.keys()]
  }

  add(subscription: OpenSubscription): void {
    const known = this.#byChannel.get(subscription.channel)
    if (known) known.add(subscription)
    else this.#byChannel.set(subscription.channel, new Set([subscription]))
  }

  remove(subscription: OpenSubscription): void {
    const known = this.#byChannel.get(subscription.channel)
    known?.delete(subscription)
    if (known?.size === 0) this.#byChannel.delete(subscription.channel)
  }

  of(channel: string): readonly OpenSubscription[] {
    return [...(this.#byChannel.get(channel) ?? [])]
  }

  /**
   * Returns the earliest place that a channel's subscriptions need, so that none of them misses anything; undefined
   * where none of them wants anything now.
   */
  sinceOf(channel: string): Since | undefined {
    const wanted = this.of(channel)
      .filter(({ isHeld }) => !isHeld)
      .map(({ since }) => since)
    if (wanted.includes('all')) return 'all'
    const positions = wanted.filter((since): since is ChannelPosition => typeof since === 'object')
    const [first] = positions
    if (first === undefined) return wanted[0]
    // Positions of two lives of the log: only its beginning serves both.
    if (positions.some(({ epoch }) => epoch !== first.epoch)) return 'all'
    return positions.reduce((least, one) => (one.offset < least.offset ? one : least))
  }

  take(publication: Publication): void {
    for (const subscription of this.of(publication.channel)) subscription.take(publication)
  }

  /** Returns what a connection has to ask for now, as {@link sinceOf} tells it. */
  ask(channel: string): Since | undefined {
    const since = this.sinceOf(channel)
    if (since === 'all') for (const one of this.of(channel)) one.doubt()
    return since
  }

  lose(channel: string, reason: string | undefined): void {
    const asked = this.sinceOf(channel)
    for (const one of this.of(channel)) one.lose(reason, typeof asked === 'object' ? asked : undefined)
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
