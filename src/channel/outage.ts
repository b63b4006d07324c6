const RETRY_MS = 250

/** One wait, shared by everything that failed because the bus is down; ± a quarter, so that instances spread. */
export class Outage {
  readonly #onRetry: () => void
  #waiting: { over: Promise<void>; end: () => void; timer: NodeJS.Timeout } | undefined

  /** @param onRetry called when the bus is worth another try */
  constructor(onRetry: () => void) {
    this.#onRetry = onRetry
  }

  get on(): boolean {
    return this.#waiting !== undefined
  }

  /** Begins an outage unless there is one; resolves when the bus is worth another try. */
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

  /** Lets everyone go at once. */
  close(): void {
    clearTimeout(this.#waiting?.timer)
    this.#waiting?.end()
    this.#waiting = undefined
  }
}
