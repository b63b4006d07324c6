import { atTurnEnd } from '../channel/turn-end.ts'

/** The bounds of one connection's unsent bytes. */
export interface WriteQueueLimits {
  /** Number of unsent bytes above which a reader counts as slow. */
  bufferBytes: number
  /** Time for which a slow reader may take nothing before it is cut off, in ms. */
  graceMs: number
}

/** The writing end of a connection. */
export interface Sink {
  /**
   * Writes bytes; `done` is called when they have left the process, or could be buffered within a fixed bound.
   * @param last the bytes end a frame
   */
  write(bytes: Buffer, last: boolean, done: () => void): void
  /** True when frames of one event-loop turn may be joined into one write. */
  readonly joins: boolean
  /** Begins a run of writes that belong into one packet; {@link uncork} ends it. */
  cork?(): void
  uncork?(): void
}

export type CutReason = 'stalled' | 'overflow'

/** Number of bytes under way at once; the rest waits here, where it costs no copy. */
const WINDOW_BYTES = 32_768
/** Multiple of `bufferBytes` at which even a reader that does take bytes is cut off. */
const OVERFLOW_FACTOR = 16

const dirty = new Set<WriteQueue>()

function flushDirty(): void {
  const outlets = [...dirty]
  dirty.clear()
  for (const outlet of outlets) outlet.flush()
}

/** Calls the queue's `flush` at the end of this event-loop turn, with all frames of the turn. */
function schedule(outlet: WriteQueue): void {
  if (dirty.size === 0) atTurnEnd('write', flushDirty)
  dirty.add(outlet)
}

/**
 * Queues the unsent frames of one connection, whose bytes are shared with other connections, and cuts the connection
 * off when it reads too slowly. One frame alone, however large, never cuts: only bytes behind the frame under way
 * count.
 */
export class WriteQueue {
  readonly #sink: Sink
  readonly #limits: WriteQueueLimits
  readonly #cut: (reason: CutReason) => void
  #frames: Buffer[] = []
  /** Number of bytes of the first frame that are under way or sent. */
  #sent = 0
  #waiting = 0
  #underWay = 0
  #movedAt = 0
  #watchdog: NodeJS.Timeout | undefined
  #waiters: (() => void)[] = []
  #finishing: (() => void) | undefined
  #closed = false

  constructor(sink: Sink, limits: WriteQueueLimits, cut: (reason: CutReason) => void) {
    this.#sink = sink
    this.#limits = limits
    this.#cut = cut
  }

  /** Number of bytes that have not left the process. */
  get unsentBytes(): number {
    return this.#waiting + this.#underWay
  }

  /** Queues one frame; the bytes are shared and must not change. */
  send(frame: Buffer): void {
    if (this.#closed || this.#finishing !== undefined || frame.length === 0) return
    if (!dirty.has(this)) {
      if (this.#isOverflowing()) {
        this.#stop('overflow')
        return
      }
      schedule(this)
    }
    this.#frames.push(frame)
    this.#waiting += frame.length
  }

  /** Resolves when few enough bytes are unsent for a replay to go on, or when the connection is over. */
  drained(): Promise<void> {
    if (this.#closed || this.unsentBytes <= this.#limits.bufferBytes / 2) return Promise.resolve()
    return new Promise((resolve) => this.#waiters.push(resolve))
  }

  /** Writes the frames of this event-loop turn. */
  flush(): void {
    this.#pump()
    if (this.#isBehind()) this.#watch()
  }

  /** Accepts no more frames; resolves when everything has been sent or the connection is over. */
  finish(): Promise<void> {
    if (this.#closed || this.#finishing !== undefined) return Promise.resolve()
    return new Promise((resolve) => {
      this.#finishing = resolve
      this.#settle()
      if (!this.#closed) schedule(this)
    })
  }

  /** Drops unsent frames; idempotent. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#watchdog)
    dirty.delete(this)
    this.#frames = []
    this.#waiting = 0
    for (const resolve of this.#waiters.splice(0)) resolve()
    this.#finishing?.()
  }

  #stop(reason: CutReason): void {
    this.close()
    this.#cut(reason)
  }

  /** Number of bytes that wait behind the frame under way. */
  get #behind(): number {
    const [first] = this.#frames
    return first === undefined ? 0 : this.#waiting - (first.length - this.#sent)
  }

  #isBehind(): boolean {
    return !this.#closed && this.#behind > this.#limits.bufferBytes
  }

  /** Tells whether too much waits. A replay waits for its reader by itself, so its bytes only count as stalled. */
  #isOverflowing(): boolean {
    return this.#waiters.length === 0 && this.#behind > this.#limits.bufferBytes * OVERFLOW_FACTOR
  }

  #pump(): void {
    if (this.#closed || this.#underWay > 0 || this.#waiting === 0) return
    const [only] = this.#frames
    if (only !== undefined && this.#frames.length === 1 && this.#sent === 0 && only.length <= WINDOW_BYTES) {
      this.#frames = []
      this.#waiting = 0
      this.#underWay = only.length
      this.#sink.write(only, true, this.#moved)
      return
    }
    const run: { bytes: Buffer; last: boolean }[] = []
    let bytes = 0
    let taken = 0
    for (const frame of this.#frames) {
      const room = WINDOW_BYTES - bytes
      if (room <= 0) break
      const isWhole = this.#sent === 0 && frame.length <= room
      const piece = isWhole ? frame : frame.subarray(this.#sent, this.#sent + room)
      const last = this.#sent + piece.length === frame.length
      run.push({ bytes: piece, last })
      bytes += piece.length
      if (!last) {
        this.#sent += piece.length
        break
      }
      this.#sent = 0
      taken++
    }
    this.#frames = taken === this.#frames.length ? [] : this.#frames.slice(taken)
    this.#waiting -= bytes
    this.#underWay = bytes
    this.#write(run)
  }

  #write(run: readonly { bytes: Buffer; last: boolean }[]): void {
    const done = this.#moved
    const [only] = run
    if (run.length === 1 && only !== undefined) {
      this.#sink.write(only.bytes, only.last, done)
    } else if (this.#sink.joins) {
      this.#sink.write(Buffer.concat(run.map(({ bytes }) => bytes)), run.at(-1)?.last ?? true, done)
    } else {
      this.#sink.cork?.()
      run.forEach(({ bytes, last }, index) => {
        this.#sink.write(bytes, last, index === run.length - 1 ? done : () => {})
      })
      this.#sink.uncork?.()
    }
  }

  readonly #moved = (): void => {
    if (this.#closed) return
    this.#underWay = 0
    this.#movedAt = performance.now()
    this.#pump()
    this.#settle()
  }

  #settle(): void {
    if (this.#waiters.length > 0 && this.unsentBytes <= this.#limits.bufferBytes / 2) {
      for (const resolve of this.#waiters.splice(0)) resolve()
    }
    if (this.unsentBytes === 0 && this.#finishing !== undefined) this.close()
  }

  /** Checks again once a stall would have lasted the whole grace. */
  #watch(): void {
    if (this.#watchdog !== undefined) return
    const since = performance.now()
    const wait = (ms: number): void => {
      this.#watchdog = setTimeout(() => {
        this.#watchdog = undefined
        if (!this.#isBehind()) return
        if (this.#isOverflowing()) return this.#stop('overflow')
        const left = Math.max(since, this.#movedAt) + this.#limits.graceMs - performance.now()
        if (left <= 0) this.#stop('stalled')
        else wait(left)
      }, ms)
    }
    wait(this.#limits.graceMs)
  }
}
