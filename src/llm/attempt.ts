import { Problem } from '../errors.ts'
import type { Clock, Timer } from './clock.ts'
import type { ChatRequest, Part, Provider } from './provider.ts'

/** Comes once, instead of a batch, when the first token is slow. */
export const SLOW = Symbol('the first token is slow')

export interface AttemptOptions {
  /** 0 sets no limit. */
  firstTokenTimeoutMs: number
  /** Between two batches; 0 sets no limit. */
  idleTimeoutMs: number
  /** When the first token counts as slow; 0 never. */
  slowMs: number
  clock: Clock
  signal: AbortSignal
}

type Batch = readonly Part[]
type Outcome = Batch | typeof SLOW | undefined

/** How long a provider that has finished may take to end, before its socket is closed. */
const LINGER_MS = 1000

const isToken = ({ type }: Part): boolean =>
  type === 'text-delta' || type === 'tool-call-delta' || type === 'reasoning-delta'

const noop = (): void => {}

/**
 * One request to one provider, with its time-outs. The abort and the time-outs do not wait for the provider to hear of
 * them. Time runs only while `next` waits, so a slow consumer is nobody's fault.
 */
export class Attempt {
  /** Whether the first token has come. */
  isAnswered = false
  readonly #provider: Provider
  readonly #options: AttemptOptions
  readonly #abort = new AbortController()
  readonly #parts: AsyncIterator<Batch>
  /** Who waits for the next outcome. */
  #waiting: { resolve(outcome: Outcome): void; reject(error: unknown): void } | undefined
  /** The provider has been asked for a batch and has not given it. */
  #isAsked = false
  /** What came while nobody waited. */
  #early: (() => void) | undefined
  #deadline: Timer | undefined
  #isLapsed = false
  #slow: Timer | undefined
  #isSlow = false
  #isClosed = false

  /** @throws the signal's reason */
  constructor(provider: Provider, request: ChatRequest, options: AttemptOptions) {
    options.signal.throwIfAborted()
    this.#provider = provider
    this.#options = options
    this.#parts = provider.stream(request, { signal: this.#abort.signal })[Symbol.asyncIterator]()
    options.signal.addEventListener('abort', this.#onAbort, { once: true })
    this.#deadline = this.#timer(this.#onDeadline, options.firstTokenTimeoutMs)
    this.#slow = this.#timer(this.#onSlow, options.slowMs)
  }

  /**
   * The next batch; undefined at the end, and {@link SLOW} at most once.
   * @throws {Problem} the provider's, or `PROVIDER_TIMEOUT`
   * @throws the signal's reason
   */
  next(): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      if (this.#abort.signal.aborted) {
        reject(this.#abort.signal.reason)
        return
      }
      this.#waiting = { resolve, reject }
      if (this.isAnswered || this.#isLapsed) this.#deadline?.refresh()
      this.#isLapsed = false
      if (this.#early) {
        const early = this.#early
        this.#early = undefined
        early()
      } else if (this.#isSlow) {
        this.#isSlow = false
        this.#settle()?.resolve(SLOW)
      } else if (!this.#isAsked) {
        this.#isAsked = true
        this.#parts.next().then(this.#onNext, this.#onError)
      }
    })
  }

  /** Ends it; a provider that has not ended by itself is aborted. */
  close(): void {
    if (this.#isClosed) return
    this.#stop()
    this.#abort.abort(new Error('no more of the answer is wanted'))
    this.#parts.return?.().catch(noop)
  }

  /** Ends it after its `finish`: the provider may read its answer to the end, so that its socket can be used again. */
  leave(): void {
    this.#stop()
    const { clock } = this.#options
    const limit = clock.setTimeout(() => this.#abort.abort(new Error('the answer had ended')), LINGER_MS)
    const end = (): void => {
      clock.clearTimeout(limit)
      this.#parts.return?.().catch(noop)
    }
    this.#parts.next().then(end, end)
  }

  #stop(): void {
    this.#isClosed = true
    this.#options.signal.removeEventListener('abort', this.#onAbort)
    this.#clear('deadline')
    this.#clear('slow')
  }

  #timer(run: () => void, ms: number): Timer | undefined {
    return ms > 0 ? this.#options.clock.setTimeout(run, ms) : undefined
  }

  #clear(which: 'deadline' | 'slow'): void {
    const timer = which === 'deadline' ? this.#deadline : this.#slow
    if (timer) this.#options.clock.clearTimeout(timer)
    if (which === 'deadline') this.#deadline = undefined
    else this.#slow = undefined
  }

  #settle() {
    const waiting = this.#waiting
    this.#waiting = undefined
    return waiting
  }

  readonly #onNext = (result: IteratorResult<Batch>): void => {
    this.#isAsked = false
    if (this.#waiting === undefined) {
      this.#early = () => this.#onNext(result)
      return
    }
    if (!result.done && !this.isAnswered) this.#look(result.value)
    this.#settle()?.resolve(result.done ? undefined : result.value)
  }

  readonly #onError = (error: unknown): void => {
    this.#isAsked = false
    if (this.#waiting === undefined) this.#early = () => this.#onError(error)
    else this.#settle()?.reject(error)
  }

  /** From the first token on, the other limit holds; before it, a notice is a sign of life. */
  #look(batch: Batch): void {
    if (batch.some(isToken)) {
      this.isAnswered = true
      this.#clear('slow')
      this.#clear('deadline')
      this.#deadline = this.#timer(this.#onDeadline, this.#options.idleTimeoutMs)
    } else if (batch.some(({ type }) => type === 'notice')) this.#deadline?.refresh()
  }

  readonly #onSlow = (): void => {
    this.#slow = undefined
    if (this.#waiting) this.#settle()?.resolve(SLOW)
    else this.#isSlow = true
  }

  readonly #onDeadline = (): void => {
    if (this.#waiting === undefined) {
      this.#isLapsed = true
      return
    }
    const { name } = this.#provider
    const { firstTokenTimeoutMs, idleTimeoutMs } = this.#options
    this.#fail(
      new Problem(
        'PROVIDER_TIMEOUT',
        this.isAnswered
          ? `${name} sent nothing for ${idleTimeoutMs} ms.`
          : `${name} did not begin to answer in ${firstTokenTimeoutMs} ms.`,
      ),
    )
  }

  readonly #onAbort = (): void => this.#fail(this.#options.signal.reason)

  #fail(reason: unknown): void {
    this.#abort.abort(reason)
    this.#settle()?.reject(reason)
  }
}
