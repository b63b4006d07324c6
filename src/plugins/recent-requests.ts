/** Requests that ended within the last minute, by their outcome. */
export interface RequestCounts {
  /** Length of the time that was counted, at most a minute. */
  seconds: number
  answered: number
  /** Answered with a status of 400–499. */
  refused: number
  /** Answered with a status of 500–599. */
  failed: number
}

const SECONDS = 60

type Second = Omit<RequestCounts, 'seconds'> & { second: number }
const emptySecond = (second: number): Second => ({ second, answered: 0, refused: 0, failed: 0 })

/** Counts requests by the second at which they ended, and forgets them after a minute. */
export class RecentRequests {
  readonly #now: () => number
  readonly #startedAt: number
  readonly #counts = Array.from({ length: SECONDS }, () => emptySecond(Number.NEGATIVE_INFINITY))

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#startedAt = now()
  }

  /** Counts one request that has ended with a status. */
  add(status: number): void {
    const second = Math.floor(this.#now() / 1000)
    const place = second % SECONDS
    let count = this.#counts[place] as Second
    if (count.second !== second) {
      count = emptySecond(second)
      this.#counts[place] = count
    }
    count.answered++
    if (status >= 500) count.failed++
    else if (status >= 400) count.refused++
  }

  /** Sums up the last minute, or the time since the start where that is shorter. */
  counts(): RequestCounts {
    const now = this.#now()
    const since = Math.floor(now / 1000) - SECONDS
    const sum = { answered: 0, refused: 0, failed: 0 }
    for (const { second, answered, refused, failed } of this.#counts) {
      if (second <= since) continue
      sum.answered += answered
      sum.refused += refused
      sum.failed += failed
    }
    const seconds = Math.min(SECONDS, Math.max(1, Math.round((now - this.#startedAt) / 1000)))
    return { seconds, ...sum }
  }
}
