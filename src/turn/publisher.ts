import { setTimeout as sleep } from 'node:timers/promises'
import type { Position, Publication } from '../channel/broker.ts'
import type { Hub } from '../channel/hub.ts'
import { atTurnEnd } from '../channel/turn-end.ts'
import { Problem } from '../errors.ts'
import { chunkWriter } from '../protocol/chunk-text.ts'
import { type TurnEvent, turnEventHead, turnEventText, type Unaddressed } from '../protocol/turn.ts'
import type { Execution } from '../stream/stream.ts'

/** How long a turn goes on without the bus before it fails. */
const BUS_PATIENCE_MS = 30_000
const BUS_RETRY_MS = 200
/** Text that may wait for the bus; above it the vendor is read no further. */
const MAX_WAITING_CHARS = 262_144
const HISTORY_PAGE = 1000

/** An answer as far as the channel has it. */
export interface PublishedText extends Position {
  content: string
}

/** What is published at once: the answer is `content` with it, and the bus has been asked since then. */
interface Sent {
  readonly texts: readonly string[]
  readonly content: string
  readonly since: number
}

/**
 * Publishes one turn, in order: events as they are, text joined with what comes in the same turn of the event loop
 * (or within `flushMs`); the first text goes out at once.
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
  #told: PublishedText
  #scheduled = false
  #publishing: Promise<void> | undefined
  /** What is on its way, or was last. */
  #sent: Sent = { texts: [], content: '', since: 0 }
  #failed: { error: unknown } | undefined

  /** @param began where the turn's next publication goes */
  constructor(
    execution: Execution,
    began: Position,
    history: Hub['history'],
    flushMs: number,
    now: () => number = () => performance.now(),
  ) {
    this.#execution = execution
    this.#told = { ...began, content: '' }
    this.#history = history
    this.#flushMs = flushMs
    this.#chunkText = chunkWriter(execution.stream.id)
    this.#now = now
  }

  /** The answer so far. */
  get content(): string {
    return this.#content
  }

  /** The answer as far as viewers have it, and where in the channel that is. */
  get told(): PublishedText {
    return this.#told
  }

  /**
   * The answer as viewers have it, at a position of the log as it is now: a log that was lost goes on under another
   * epoch, in which nothing of the answer may stand yet.
   * @throws {Problem} `BUS_UNAVAILABLE`, `FENCED`
   */
  async placed(): Promise<PublishedText> {
    for (;;) {
      await this.flush()
      const told = this.#told
      const { epoch, top } = await this.#history(this.#execution.stream.channel, Number.MAX_SAFE_INTEGER, 1)
      if (told.epoch === epoch) return told
      const isIdle = this.#publishing === undefined && this.#queue.length === 0 && this.#piece === ''
      if (isIdle && this.#told === told) return { content: told.content, epoch, offset: top }
    }
  }

  /** Adds to the answer. */
  text(piece: string): void {
    if (piece === '') return
    const isFirst = this.#content === '' && this.#piece === ''
    this.#content += piece
    this.#piece += piece
    if (isFirst) this.#publish()
    else this.#schedule()
  }

  /** Tells an event behind all text so far. */
  event(event: Unaddressed<TurnEvent>): void {
    this.#cut()
    this.#queue.push(turnEventText(this.#execution.stream.id, event))
    this.#schedule()
  }

  /** Takes the answer back. */
  reset(reason: string): void {
    this.event({ type: 'reset', reason })
    this.#content = ''
    this.#index = 0
  }

  /**
   * @returns resolves when the vendor may be read on; undefined when it may at once
   * @throws {Problem} `BUS_UNAVAILABLE`, `FENCED`
   */
  drained(): Promise<void> | undefined {
    this.#check()
    if (this.#piece.length > MAX_WAITING_CHARS) return this.flush()
    return undefined
  }

  /**
   * Resolves when what was told before the call is published.
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

  /** Publishes what waits, once what is on its way has arrived. Who tells next is told of a failure. */
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
    this.#told = { epoch, offset, content: this.#sent.content }
    this.#publishing = undefined
    this.#publish()
  }

  readonly #lost = (error: unknown): Promise<void> =>
    this.#again(this.#sent, error).then(this.#arrived, (failure) => {
      this.#failed = { error: failure }
      this.#publishing = undefined
    })

  /** Publishes once, however often the bus has to be asked. */
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

  /** A publish that failed may have taken effect: no other event has the same text behind the same position. */
  async #find(texts: readonly string[]): Promise<Position | undefined> {
    const { epoch, offset } = this.#told
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

/** What the publications of a stream do to its answer. */
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
 * The answer of a stream at a position of its channel, from what is known of it at another one.
 * @returns undefined when the channel has lost what lies between them
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
  // What follows the position takes the answer back, whatever it was there.
  const reset = turnEventHead('reset', streamId)
  if (between.some(({ data }) => data.startsWith(reset))) return ''
  return known.content.endsWith(ahead)
    ? known.content.slice(0, known.content.length - ahead.length)
    : undefined
}

/**
 * Where a stream began, as far as its channel still has it; searched from the newest publication back.
 * @param opening publications of the stream up to its `start`, that one included
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
