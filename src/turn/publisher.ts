import { setTimeout as sleep } from 'node:timers/promises'
import type { Position, Publication } from '../channel/broker.ts'
import type { Hub } from '../channel/hub.ts'
import { atTurnEnd } from '../channel/turn-end.ts'
import { Problem } from '../errors.ts'
import { chunkWriter } from '../protocol/chunk-text.ts'
import { type TurnEvent, turnEventHead, turnEventText, type Unaddressed } from '../protocol/turn-event.ts'
import type { Execution } from '../stream/stream.ts'

/** Milliseconds for which a turn waits for the bus before it fails. */
const BUS_PATIENCE_MS = 30_000
const BUS_RETRY_MS = 200
/** Characters that may wait for the bus; while there are more, the vendor's answer is not read on. */
const MAX_WAITING_CHARS = 262_144
const HISTORY_PAGE = 1000

/** The published part of an answer, with its position in the channel. */
export interface PublishedText extends Position {
  content: string
}

/** The events of one publication, the answer's content with them, and the time of the first attempt. */
interface Sent {
  readonly texts: readonly string[]
  readonly content: string
  readonly since: number
}

/**
 * Publishes one turn, in order: events as they are, text joined with further text of the same turn of the event
 * loop (or within `flushMs`); the first text is published at once.
 */
export class TurnPublisher {
  readonly #execution: Execution
  readonly #history: Hub['history']
  readonly #flushMs: number
  readonly #chunkText: ReturnType<typeof chunkWriter>
  readonly #now: () => number
  #queue: string[] = []
  #piece = ''
  #index = 0
  #content = ''
  #published: PublishedText
  #scheduled = false
  #publishing: Promise<void> | undefined
  /** The publication that is under way, or the last one. */
  #sent: Sent = { texts: [], content: '', since: 0 }
  #failed: { error: unknown } | undefined

  /** @param began the position of the turn's next publication */
  constructor(
    execution: Execution,
    began: Position,
    history: Hub['history'],
    flushMs: number,
    now: () => number = () => performance.now(),
  ) {
    this.#execution = execution
    this.#published = { ...began, content: '' }
    this.#history = history
    this.#flushMs = flushMs
    this.#chunkText = chunkWriter(execution.stream.id)
    this.#now = now
  }

  /** Returns the answer so far, including text that is not published yet. */
  get content(): string {
    return this.#content
  }

  /** Returns the published part of the answer, with its position in the channel. */
  get published(): PublishedText {
    return this.#published
  }

  /**
   * Returns the published answer at a current position of the log: a log that was lost goes on under another epoch,
   * which may not have any of the answer yet.
   * @throws {Problem} `BUS_UNAVAILABLE`, `FENCED`
   */
  async placed(): Promise<PublishedText> {
    for (;;) {
      await this.flush()
      const published = this.#published
      const { epoch, top } = await this.#history(this.#execution.stream.channel, Number.MAX_SAFE_INTEGER, 1)
      if (published.epoch === epoch) return published
      const isIdle = this.#publishing === undefined && this.#queue.length === 0 && this.#piece === ''
      if (isIdle && this.#published === published) return { content: published.content, epoch, offset: top }
    }
  }

  /** Adds text to the answer. */
  text(piece: string): void {
    if (piece === '') return
    const isFirst = this.#content === '' && this.#piece === ''
    this.#content += piece
    this.#piece += piece
    if (isFirst) this.#publish()
    else this.#schedule()
  }

  /** Publishes an event after all text so far. */
  event(event: Unaddressed<TurnEvent>): void {
    this.#cut()
    this.#queue.push(turnEventText(this.#execution.stream.id, event))
    this.#schedule()
  }

  /** Takes the answer back and publishes the event `reset`. */
  reset(reason: string): void {
    this.event({ type: 'reset', reason })
    this.#content = ''
    this.#index = 0
  }

  /**
   * Returns a promise for the time when the vendor's answer may be read on; undefined when it may be now.
   * @throws {Problem} `BUS_UNAVAILABLE`, `FENCED`
   */
  drained(): Promise<void> | undefined {
    this.#check()
    if (this.#piece.length > MAX_WAITING_CHARS) return this.flush()
    return undefined
  }

  /**
   * Resolves when everything that was added before the call is published.
   * @throws {Problem} `BUS_UNAVAILABLE`, `FENCED`
   */
  async flush(): Promise<void> {
    await this.#publishing
    this.#publish()
    await this.#publishing
    this.#check()
  }

  #check(): void {
    if (this.#failed) throw this.#failed.error
  }

  #schedule(): void {
    if (this.#scheduled || this.#failed) return
    this.#scheduled = true
    if (this.#flushMs === 0) atTurnEnd('publish', this.#go)
    else setTimeout(this.#go, this.#flushMs)
  }

  readonly #go = (): void => {
    this.#scheduled = false
    this.#publish()
  }

  #cut(): void {
    if (this.#piece === '') return
    this.#queue.push(this.#chunkText(this.#piece, this.#index))
    this.#index++
    this.#piece = ''
  }

  /** Publishes waiting events once the publication under way is done. The next caller receives a failure. */
  #publish(): void {
    if (this.#publishing || this.#failed) return
    this.#cut()
    const texts = this.#queue
    if (texts.length === 0) return
    this.#queue = []
    this.#sent = { texts, content: this.#content, since: this.#now() }
    this.#publishing = this.#execution.publish(texts).then(this.#arrived, this.#lost)
  }

  readonly #arrived = ({ epoch, offset }: Position): void => {
    this.#published = { epoch, offset, content: this.#sent.content }
    this.#publishing = undefined
    this.#publish()
  }

  readonly #lost = (error: unknown): Promise<void> =>
    this.#again(this.#sent, error).then(this.#arrived, (failure) => {
      this.#failed = { error: failure }
      this.#publishing = undefined
    })

  /** Repeats a publication until the bus takes it, or `BUS_PATIENCE_MS` are over. */
  async #again({ texts, since }: Sent, failure: unknown): Promise<Position> {
    for (let error = failure; ; ) {
      const isLost = error instanceof Problem && error.code === 'BUS_UNAVAILABLE'
      if (!isLost || this.#now() - since > BUS_PATIENCE_MS) throw error
      this.#execution.signal.throwIfAborted()
      await sleep(BUS_RETRY_MS * (0.5 + Math.random()))
      const arrived = await this.#find(texts).catch(() => undefined)
      if (arrived) return arrived
      try {
        return await this.#execution.publish(texts)
      } catch (next) {
        error = next
      }
    }
  }

  /**
   * Searches for a publication that failed but may have taken effect: no other event has the same text at the same
   * position.
   */
  async #find(texts: readonly string[]): Promise<Position | undefined> {
    const { epoch, offset } = this.#published
    const last = texts.at(-1)
    let after = offset
    for (;;) {
      const page = await this.#history(this.#execution.stream.channel, after, HISTORY_PAGE)
      if (page.epoch !== epoch) return undefined
      const found = page.publications.find(({ data }) => data === last)
      if (found) return { epoch, offset: found.offset }
      after = page.publications.at(-1)?.offset ?? page.top
      if (after >= page.top) return undefined
    }
  }
}

/** Applies the publications of a stream to its answer. */
const applied = (content: string, publications: readonly Publication[], streamId: string): string => {
  const [chunk, reset] = [turnEventHead('chunk', streamId), turnEventHead('reset', streamId)]
  let text = content
  for (const { data } of publications) {
    if (data.startsWith(chunk)) text += JSON.parse(data).content
    else if (data.startsWith(reset)) text = ''
  }
  return text
}

/**
 * Computes the answer of a stream at a position of its channel from the answer at another position.
 * @returns undefined when the channel has lost events between the two
 */
export const contentAt = async (
  history: Hub['history'],
  channel: string,
  streamId: string,
  known: PublishedText,
  position: Position,
): Promise<string | undefined> => {
  if (known.epoch !== position.epoch) return undefined
  const [from, to] = [known.offset, position.offset].sort((a, b) => a - b) as [number, number]
  const between: Publication[] = []
  for (let after = from; after < to; ) {
    const page = await history(channel, after, HISTORY_PAGE)
    if (page.epoch !== position.epoch || page.first > after + 1) return undefined
    between.push(...page.publications.filter(({ offset }) => offset <= to))
    after = page.publications.at(-1)?.offset ?? to
  }
  if (known.offset <= position.offset) return applied(known.content, between, streamId)
  const ahead = applied('', between, streamId)
  // A later reset would take back any text.
  const reset = turnEventHead('reset', streamId)
  if (between.some(({ data }) => data.startsWith(reset))) return ''
  return known.content.endsWith(ahead)
    ? known.content.slice(0, known.content.length - ahead.length)
    : undefined
}

/**
 * Returns the position at which a stream began, if its channel still has it; searches from the newest publication
 * back.
 * @param opening number of publications of the stream up to and including its `start`
 */
export const beginningOf = async (
  history: Hub['history'],
  channel: string,
  streamId: string,
  opening: number,
): Promise<Position | undefined> => {
  const start = turnEventHead('start', streamId)
  const { epoch, top, first } = await history(channel, Number.MAX_SAFE_INTEGER, 1)
  for (let to = top; to >= first; to -= HISTORY_PAGE) {
    const page = await history(channel, Math.max(0, to - HISTORY_PAGE), HISTORY_PAGE)
    if (page.epoch !== epoch) return undefined
    const found = page.publications.find(({ data }) => data.startsWith(start))
    if (found) return { epoch, offset: found.offset - opening }
  }
  return undefined
}
