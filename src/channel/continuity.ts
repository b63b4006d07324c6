import type { Broker, History, Position, Publication } from './broker.ts'
import type { FanOut } from './fan-out.ts'
import { Outage } from './outage.ts'
import type { Recipient } from './recipient.ts'
import { recover } from './recovery.ts'
import type { LossReason } from './subscriber.ts'

export interface ContinuityOptions {
  historyPage: number
  positionCheckMs: number
  now: () => number
}

const CHECKS_AT_ONCE = 32
const BEYOND = Number.MAX_SAFE_INTEGER
/** Length of the texts handed over at once in a replay: less than the unsent bytes for which a slow reader is cut off. */
const STEP_LENGTH = 65_536

/** Returns the beginning of a page that is short enough to be handed over at once: a publication at least. */
const stepOf = (page: readonly Publication[]): readonly Publication[] => {
  let length = 0
  const end = page.findIndex(({ data }, index) => {
    length += data.length
    return index > 0 && length > STEP_LENGTH
  })
  return end < 0 ? page : page.slice(0, end)
}

/**
 * Restores the continuity of a channel's subscribers: reads their missing publications from history, or reports to
 * them that they are lost. History is read once for all live recipients of a fan-out; when they are more than a page
 * behind, each replays at its own pace. A failed call to the bus is repeated as long as the channel has subscribers.
 */
export class Continuity {
  readonly #broker: Broker
  readonly #page: number
  readonly #checkMs: number
  readonly #now: () => number
  readonly #dirty = new Set<FanOut>()
  readonly #outage = new Outage(() => this.#pump())
  #checks = 0

  constructor(broker: Broker, { historyPage, positionCheckMs, now }: ContinuityOptions) {
    this.#broker = broker
    this.#page = historyPage
    this.#checkMs = positionCheckMs
    this.#now = now
  }

  /** Number of fan-outs whose continuity is being checked or waits for its check. */
  get unsettled(): number {
    return this.#dirty.size + this.#checks
  }

  /** True between a failed call to the bus and the next try. */
  get busDown(): boolean {
    return this.#outage.on
  }

  /**
   * Replays from a recipient's cursor until it is live.
   * @param page publications right after the cursor that have been read already
   */
  begin(fanOut: FanOut, recipient: Recipient, page: readonly Publication[]): void {
    this.#replay(fanOut, recipient, page).catch((error) => fanOut.fail(recipient, error))
  }

  /** Hands over pages of history or of the fan-out's tail until the recipient has everything that the fan-out has. */
  async #replay(fanOut: FanOut, recipient: Recipient, first: readonly Publication[]): Promise<void> {
    let page = first
    for (;;) {
      const step = stepOf(page)
      if (await fanOut.hand(recipient, step)) return
      if (step.length > 0) await recipient.subscriber.drained()
      if (recipient.state !== 'replaying') return
      page = page.slice(step.length)
      if (page.length > 0) continue
      const next = fanOut.following(recipient.cursor, this.#page) ?? (await this.#next(fanOut, recipient))
      if (next === undefined || recipient.state !== 'replaying') return
      page = next
    }
  }

  /** Reads the next page of history; undefined when the recipient is closed or was reported lost. */
  async #next(fanOut: FanOut, recipient: Recipient): Promise<Publication[] | undefined> {
    while (recipient.state === 'replaying') {
      let history: History
      try {
        history = await this.#broker.history(fanOut.channel, recipient.cursor.offset, this.#page)
      } catch {
        await this.#outage.over()
        continue
      }
      if (recipient.state !== 'replaying') return
      this.offer(fanOut, history.publications)
      if (history.epoch !== fanOut.position?.epoch) this.recheck(fanOut)
      const recovery = recover(recipient.cursor, [history])
      if (recovery.lost === undefined) return recovery.publications
      this.#lose(fanOut, recipient, recovery.lost, recovery.position)
      return
    }
    return
  }

  #lose(fanOut: FanOut, recipient: Recipient, reason: LossReason, position: Position): void {
    fanOut.lose(recipient, reason, position, () => {
      if (recipient.state !== 'lost') return
      recipient.state = 'replaying'
      this.begin(fanOut, recipient, [])
    })
  }

  /**
   * Offers publications that were read for one recipient to all of them, since they may be newer than the fan-out.
   */
  offer(fanOut: FanOut, publications: readonly Publication[]): void {
    const { position } = fanOut
    const last = publications.at(-1)
    if (!position || !last || (last.epoch === position.epoch && last.offset <= position.offset)) return
    for (const publication of publications) {
      if (!fanOut.push(publication)) {
        this.recheck(fanOut)
        return
      }
    }
  }

  /** Schedules a check of the fan-out's position against history. */
  recheck(fanOut: FanOut): void {
    if (fanOut.position === undefined) return
    if (fanOut.reading) fanOut.again = true
    else this.#dirty.add(fanOut)
    this.#pump()
  }

  #pump(): void {
    if (this.#outage.on) return
    for (const fanOut of this.#dirty) {
      if (this.#checks >= CHECKS_AT_ONCE) return
      this.#dirty.delete(fanOut)
      if (fanOut.reading || fanOut.position === undefined) continue
      this.#checks++
      this.catchUp(fanOut)
        .catch(() => {
          this.#dirty.add(fanOut)
          void this.#outage.over()
        })
        .finally(() => {
          this.#checks--
          this.#pump()
        })
    }
  }

  /** Reads history from the fan-out's position until nothing is missing, or its subscribers were reported lost. */
  catchUp(fanOut: FanOut): Promise<void> {
    const read = this.#readOn(fanOut)
    fanOut.read = read.catch(() => {})
    return read
  }

  async #readOn(fanOut: FanOut): Promise<void> {
    fanOut.reading = true
    fanOut.checkAt = this.#nextCheck()
    try {
      do {
        fanOut.again = false
        fanOut.held = []
        const after = fanOut.position?.offset ?? BEYOND
        const history = await this.#broker.history(fanOut.channel, after, this.#page)
        fanOut.again = !this.#apply(fanOut, history) || fanOut.again
      } while (fanOut.again && fanOut.users > 0)
    } finally {
      const { held } = fanOut
      fanOut.reading = false
      fanOut.held = []
      for (const publication of held) if (!fanOut.push(publication)) this.#dirty.add(fanOut)
    }
  }

  /**
   * Gives a slice of history to the fan-out.
   * @returns false when history has to be read once more
   */
  #apply(fanOut: FanOut, history: History): boolean {
    const top = { epoch: history.epoch, offset: history.top }
    fanOut.position ??= { ...top }
    const recovery = recover(fanOut.position, [history], fanOut.held)
    if (recovery.lost !== undefined) {
      for (const recipient of fanOut.move(top)) this.#lose(fanOut, recipient, recovery.lost, top)
      return false
    }
    fanOut.take(recovery.publications, recovery.position)
    if (recovery.complete || recovery.position.offset >= top.offset) return recovery.complete
    for (const recipient of fanOut.move(top)) this.begin(fanOut, recipient, [])
    return false
  }

  /** Compares the positions of the fan-outs whose check is due with the broker's. */
  checkDue(fanOuts: Iterable<FanOut>): void {
    const now = this.#now()
    for (const fanOut of fanOuts) {
      if (fanOut.checkAt > now || fanOut.position === undefined) continue
      fanOut.checkAt = this.#nextCheck()
      this.recheck(fanOut)
    }
  }

  #nextCheck(): number {
    return this.#now() + this.#checkMs * (0.8 + 0.4 * Math.random())
  }

  /** Cancels the checks of a fan-out without subscribers; resolves when no call is under way for it. */
  async abandon(fanOut: FanOut): Promise<void> {
    this.#dirty.delete(fanOut)
    await fanOut.read
  }

  close(): void {
    this.#dirty.clear()
    this.#outage.close()
  }
}
