import type { Broker, History, Position, Publication } from './broker.ts'
import type { FanOut, Recipient } from './fan-out.ts'
import { Outage } from './outage.ts'
import { recover } from './recovery.ts'
import type { LossReason } from './subscriber.ts'

export interface ContinuityOptions {
  historyPage: number
  positionCheckMs: number
  now: () => number
}

const CHECKS_AT_ONCE = 32
const BEYOND = Number.MAX_SAFE_INTEGER

/**
 * Finds what feeds and viewers are missing by reading history, or tells them that it cannot be found. History is read
 * once for all live viewers of a feed; when they are more than a page behind, each replays at its own pace. What
 * fails is tried again as long as someone is there to read.
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

  /** Feeds whose continuity is being looked up, or waits for it. */
  get unsettled(): number {
    return this.#dirty.size + this.#checks
  }

  /** A call to the bus has failed and the next try is still to come. */
  get busDown(): boolean {
    return this.#outage.on
  }

  /** Replays from a viewer's cursor until it is live; `page` follows the cursor and has been read already. */
  begin(feed: FanOut, viewer: Recipient, page: readonly Publication[]): void {
    this.#replay(feed, viewer, page).catch((error) => feed.fail(viewer, error))
  }

  /** Pages from history or the feed's tail until the viewer stands where the feed stands. */
  async #replay(feed: FanOut, viewer: Recipient, first: readonly Publication[]): Promise<void> {
    let page = first
    for (;;) {
      if (await feed.hand(viewer, page)) return
      if (page.length > 0) await viewer.subscriber.drained()
      if (viewer.state !== 'replaying') return
      const next = feed.following(viewer.cursor, this.#page) ?? (await this.#next(feed, viewer))
      if (next === undefined || viewer.state !== 'replaying') return
      page = next
    }
  }

  /** The next page of history; undefined when the viewer is gone or was told that it is lost. */
  async #next(feed: FanOut, viewer: Recipient): Promise<Publication[] | undefined> {
    while (viewer.state === 'replaying') {
      let history: History
      try {
        history = await this.#broker.history(feed.channel, viewer.cursor.offset, this.#page)
      } catch {
        await this.#outage.over()
        continue
      }
      if (viewer.state !== 'replaying') return
      this.offer(feed, history.publications)
      if (history.epoch !== feed.position?.epoch) this.recheck(feed)
      const recovery = recover(viewer.cursor, [history])
      if (recovery.lost === undefined) return recovery.publications
      this.#lose(feed, viewer, recovery.lost, recovery.position)
      return
    }
    return
  }

  #lose(feed: FanOut, viewer: Recipient, reason: LossReason, position: Position): void {
    feed.lose(viewer, reason, position, () => {
      if (viewer.state !== 'lost') return
      viewer.state = 'replaying'
      this.begin(feed, viewer, [])
    })
  }

  /** What was read for one viewer may be news for all. */
  offer(feed: FanOut, publications: readonly Publication[]): void {
    const { position } = feed
    const last = publications.at(-1)
    if (!position || !last || (last.epoch === position.epoch && last.offset <= position.offset)) return
    for (const publication of publications) {
      if (!feed.push(publication)) {
        this.recheck(feed)
        return
      }
    }
  }

  /** Continuity is in doubt. */
  recheck(feed: FanOut): void {
    if (feed.position === undefined) return
    if (feed.reading) feed.again = true
    else this.#dirty.add(feed)
    this.#pump()
  }

  #pump(): void {
    if (this.#outage.on) return
    for (const feed of this.#dirty) {
      if (this.#checks >= CHECKS_AT_ONCE) return
      this.#dirty.delete(feed)
      if (feed.reading || feed.position === undefined) continue
      this.#checks++
      this.catchUp(feed)
        .catch(() => {
          this.#dirty.add(feed)
          void this.#outage.over()
        })
        .finally(() => {
          this.#checks--
          this.#pump()
        })
    }
  }

  /** Reads history from where the feed stands until nothing is missing, or its subscribers have been told. */
  catchUp(feed: FanOut): Promise<void> {
    const read = this.#readOn(feed)
    feed.read = read.catch(() => {})
    return read
  }

  async #readOn(feed: FanOut): Promise<void> {
    feed.reading = true
    feed.checkAt = this.#nextCheck()
    try {
      do {
        feed.again = false
        feed.held = []
        const after = feed.position?.offset ?? BEYOND
        const history = await this.#broker.history(feed.channel, after, this.#page)
        feed.again = !this.#apply(feed, history) || feed.again
      } while (feed.again && feed.users > 0)
    } finally {
      const { held } = feed
      feed.reading = false
      feed.held = []
      for (const publication of held) if (!feed.push(publication)) this.#dirty.add(feed)
    }
  }

  /** @returns false when history has to be read once more */
  #apply(feed: FanOut, history: History): boolean {
    const top = { epoch: history.epoch, offset: history.top }
    feed.position ??= { ...top }
    const recovery = recover(feed.position, [history], feed.held)
    if (recovery.lost !== undefined) {
      for (const viewer of feed.move(top)) this.#lose(feed, viewer, recovery.lost, top)
      return false
    }
    feed.take(recovery.publications, recovery.position)
    if (recovery.complete || recovery.position.offset >= top.offset) return recovery.complete
    for (const viewer of feed.move(top)) this.begin(feed, viewer, [])
    return false
  }

  /** Compares the positions of feeds whose time has come with the broker's. */
  checkDue(feeds: Iterable<FanOut>): void {
    const now = this.#now()
    for (const feed of feeds) {
      if (feed.checkAt > now || feed.position === undefined) continue
      feed.checkAt = this.#nextCheck()
      this.recheck(feed)
    }
  }

  #nextCheck(): number {
    return this.#now() + this.#checkMs * (0.8 + 0.4 * Math.random())
  }

  /** Nobody reads the feed any more; resolves when no call is under way for it. */
  async abandon(feed: FanOut): Promise<void> {
    this.#dirty.delete(feed)
    await feed.read
  }

  close(): void {
    this.#dirty.clear()
    this.#outage.close()
  }
}
