import type { Position, Publication } from '../../src/channel/broker.ts'
import type { LossReason, Subscriber } from '../../src/channel/subscriber.ts'

/** As many publications of numbers, the first and the last included. */
export const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i))

/** A subscriber that keeps what it got, checks its order as it comes, and can be waited for. */
export class Reader implements Subscriber {
  readonly got: Publication[] = []
  readonly losses: { reason: LossReason; position: Position }[] = []
  readonly faults: string[] = []
  deliveries = 0
  /** Where delivery stands; set it to the subscription's position before `start`. */
  at: Position | undefined
  #waiting: { done: () => boolean; resolve: () => void }[] = []
  readonly #drain: () => Promise<void>

  constructor(drain: () => Promise<void> = async () => {}) {
    this.#drain = drain
  }

  deliver(publications: readonly Publication[]): void {
    this.deliveries++
    if (publications.length === 0) this.faults.push('an empty delivery')
    for (const { epoch, offset } of publications) {
      const { at } = this
      if (at && (at.epoch !== epoch || at.offset + 1 !== offset)) {
        this.faults.push(`${epoch}:${offset} after ${at.epoch}:${at.offset}`)
      }
      this.at = { epoch, offset }
    }
    this.got.push(...publications)
    this.#settle()
  }

  drained(): Promise<void> {
    return this.#drain()
  }

  lost(reason: LossReason, position: Position, restart: () => void): void {
    this.losses.push({ reason, position })
    this.at = { ...position }
    this.#settle()
    restart()
  }

  get texts(): string[] {
    return this.got.map(({ data }) => data)
  }

  #settle(): void {
    this.#waiting = this.#waiting.filter(({ done, resolve }) => {
      if (!done()) return true
      resolve()
      return false
    })
  }

  /** @throws what was got when it does not come true in time */
  until(done: (reader: Reader) => boolean, withinMs = 10_000): Promise<void> {
    if (done(this)) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const last = JSON.stringify({ count: this.got.length, at: this.at, losses: this.losses })
        reject(new Error(`not within ${withinMs} ms: ${last}`))
      }, withinMs)
      this.#waiting.push({
        done: () => done(this),
        resolve: () => {
          clearTimeout(timer)
          resolve()
        },
      })
    })
  }
}
