import { Bell } from './bell.ts'
import { type ApiError, ownError } from './error.ts'

/** Events that a run adds to those of its stream, where continuity was lost. */
export type ContinuityEvent =
  | { type: 'recovery'; recovered: false; reason?: string }
  | { type: 'snapshot'; state: unknown }

/** Answers to the start of a run. */
export interface Started {
  stream_id: string
  [field: string]: unknown
}

/** One event that a run has received, and the position behind it. */
export interface Received<E> {
  event: E
  position: string | undefined
}

/** A source of a run's events, over however many connections. */
export interface RunSource<E> {
  /**
   * Delivers events behind a position until the terminal one.
   * @param from undefined for the beginning
   * @param started called once the stream is known
   * @param deliver returns true when nothing more is wanted
   * @throws {ApiError} where the run was refused or cannot go on
   */
  pump(
    from: string | undefined,
    handlers: { started(started: Started): void; deliver(received: Received<E>): boolean },
    signal: AbortSignal,
  ): Promise<void>
  cancel(streamId: string): Promise<void>
}

/** The reading of a run's events: its text, its end, the identity of what may come twice. */
export interface Reading<E> {
  isTerminal(event: E): boolean
  /** The text after an event. */
  text(before: string, event: E): string
  /** Identity of an event that may come twice, once live and once in a replay from the store. */
  key?(event: E): string | undefined
}

/** Options of one run. */
export interface RunOptions {
  /** Events that wait for their reader. */
  bufferEvents: number
  /** The position to begin behind; undefined for the beginning. */
  from?: string | undefined
}

/**
 * Follows one stream of the service: an async iterable of its events that ends behind the terminal one. It survives
 * broken connections and restarts of the service.
 *
 * Events come to whoever iterates; without a reader, the newest are not kept beyond the buffer's bound, and a reader
 * that comes later is given the whole stream again from the service.
 */
export class Run<E extends { type: string }, T extends E = E> implements AsyncIterable<E | ContinuityEvent> {
  /** Resolves once the service has accepted the start; rejects with an {@link ApiError} where it was refused. */
  readonly started: Promise<Started>
  /**
   * Settles with the terminal event, an `error` event included. Rejects where the start was refused, on
   * {@link detach}, on the client's `close()`, and where the connection cannot come back.
   */
  readonly result: Promise<T>

  readonly #source: RunSource<E>
  readonly #reading: Reading<E>
  readonly #options: RunOptions
  readonly #released: () => void
  #queue: Received<E | ContinuityEvent>[] = []
  #keys = new Set<string>()
  #text = ''
  #position: string | undefined
  /** Position of the newest event received. */
  #received: string | undefined
  #isRead = false
  #dropped = false
  #terminal = false
  #failure: { error: unknown } | undefined
  #connection = new AbortController()
  readonly #bell = new Bell()
  #begin!: { resolve(started: Started): void; reject(error: unknown): void }
  #end!: { resolve(event: T): void; reject(error: unknown): void }

  constructor(source: RunSource<E>, reading: Reading<E>, options: RunOptions, released: () => void) {
    this.#source = source
    this.#reading = reading
    this.#options = options
    this.#released = released
    this.#position = this.#received = options.from
    this.started = new Promise((resolve, reject) => {
      this.#begin = { resolve, reject }
    })
    this.result = new Promise((resolve, reject) => {
      this.#end = { resolve, reject }
    })
    // Nobody has to look at both.
    this.started.catch(() => undefined)
    this.result.catch(() => undefined)
    void this.#pump()
  }

  /** The answer so far, as far as the events that were read tell it; empty again behind a `reset`. */
  get text(): string {
    return this.#text
  }

  /** The reader's position: give it to `attach` to go on behind it, also in another process. Survives JSON. */
  get position(): string | undefined {
    return this.#position
  }

  /** Asks the service to end the stream; its terminal event follows. One that has ended already stays as it is. */
  async cancel(): Promise<void> {
    const { stream_id } = await this.started
    await this.#source.cancel(stream_id)
  }

  /** Stops following; the stream itself goes on as its `on_disconnect` says. Idempotent. */
  detach(): void {
    this.fail(ownError('DETACHED', 'The run is not followed any more'))
  }

  /** Ends the run here with an error, unless it has ended. */
  fail(error: ApiError): void {
    if (this.#failure === undefined && !this.#terminal) this.#settle(error)
    this.#failure ??= { error }
    this.#connection.abort(error)
    this.#bell.ring()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<E | ContinuityEvent, void, undefined> {
    this.#isRead = true
    if (this.#dropped) this.#rewind()
    try {
      for (;;) {
        const next = this.#queue.shift()
        if (next !== undefined) {
          this.#apply(next)
          if (this.#isHeld && this.#queue.length <= this.#options.bufferEvents / 2) void this.#pump()
          yield next.event
          if (this.#isTerminal(next.event)) return
        } else if (this.#failure) {
          if (isDetached(this.#failure.error)) return
          throw this.#failure.error
        } else await this.#bell.wait()
      }
    } finally {
      this.detach()
    }
  }

  #isHeld = false

  async #pump(): Promise<void> {
    this.#isHeld = false
    const connection = new AbortController()
    this.#connection = connection
    try {
      await this.#source.pump(
        this.#received,
        {
          started: (started) => this.#begin.resolve(started),
          deliver: (received) => this.#take(received),
        },
        connection.signal,
      )
    } catch (error) {
      if (this.#connection !== connection || this.#isHeld) return
      this.#settle(error)
      this.#failure ??= { error }
    } finally {
      if (!this.#isHeld && this.#connection === connection) this.#released()
      this.#bell.ring()
    }
  }

  /** @returns true when nothing more is wanted from this connection */
  #take(received: Received<E | ContinuityEvent>): boolean {
    const { event, position } = received
    const key = this.#isContinuity(event) ? undefined : this.#reading.key?.(event)
    if (position !== undefined) this.#received = position
    if (key !== undefined) {
      if (this.#keys.has(key)) return false
      this.#keys.add(key)
    }
    const isTerminal = this.#isTerminal(event)
    if (isTerminal) {
      this.#terminal = true
      this.#end.resolve(event as T)
    }
    if (!this.#isRead) this.#apply(received)
    if (!this.#dropped) this.#queue.push(received)
    this.#bell.ring()
    if (isTerminal) return true
    if (this.#queue.length < this.#options.bufferEvents) return false
    if (!this.#isRead) {
      this.#queue = []
      this.#dropped = true
      return false
    }
    // Only behind an event with a position can the rest be had later.
    if (position === undefined) return false
    this.#isHeld = true
    this.#connection.abort(ownError('DETACHED', 'The reader is slower than the stream'))
    return true
  }

  /** Reads the stream once more from where it began: what was not kept is still at the service. */
  #rewind(): void {
    this.#connection.abort(ownError('DETACHED', 'The stream is read from its beginning'))
    this.#dropped = false
    this.#queue = []
    this.#keys = new Set()
    this.#text = ''
    this.#position = this.#received = this.#options.from
    void this.#pump()
  }

  #apply({ event, position }: Received<E | ContinuityEvent>): void {
    if (position !== undefined) this.#position = position
    if (this.#isContinuity(event)) {
      if (event.type === 'snapshot') this.#text = contentOf(event.state) ?? this.#text
    } else this.#text = this.#reading.text(this.#text, event)
  }

  #isContinuity(event: E | ContinuityEvent): event is ContinuityEvent {
    return event.type === 'recovery' || event.type === 'snapshot'
  }

  #isTerminal(event: E | ContinuityEvent): boolean {
    return !this.#isContinuity(event) && this.#reading.isTerminal(event)
  }

  #settle(error: unknown): void {
    this.#begin.reject(error)
    this.#end.reject(error)
  }
}

const isDetached = (error: unknown): boolean => (error as ApiError | undefined)?.code === 'DETACHED'

const contentOf = (state: unknown): string | undefined => {
  const content = (state as { content?: unknown } | null)?.content
  return typeof content === 'string' ? content : undefined
}
