const RETRY_MS = 250

/**
 * Shares one wait among all calls that failed because the bus is down; its length varies by ± a quarter, so that
 * instances do not retry at the same moment.
 */
export class Outage {
  readonly #onRetry: () => void
  #waiting: { over: Promise<void>; end: () => void; timer: NodeJS.Timeout } | undefined

  /** @param onRetry called when the wait is over and the bus may be tried again */
  constructor(onRetry: () => void) {
    this.#onRetry = onRetry
  }

  get on(): boolean {
    return this.#waiting !== undefined
  }

  /** Begins an outage unless there is one; resolves when the bus may be tried again. */
  over(): Promise<void> {
    if (this.#waiting === undefined) {
      let end = (): void => {}
      const over = new Promise<void>((resolve) => {
        end = resolve
      })
      const timer = setTimeout(() => this.#retry(), RETRY_MS * (0.75 + 0.5 * Math.random()))
      this.#waiting = { over, end, timer }
    }
    return this.#waiting.over
  }

  #retry(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.end()
    this.#onRetry()
  }

  /** Ends all waits at once. */
  close(): void {
    clearTimeout(this.#waiting?.timer)
    this.#waiting?.end()
    this.#waiting = undefined
  }
}
