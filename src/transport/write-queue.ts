import { atTurnEnd } from '../channel/turn-end.ts'
import { SHARED_WRITES } from './shared-write.ts'
import type { WireCount } from './wire-count.ts'

/** The bounds of one connection's unsent bytes. */
export interface WriteQueueLimits {
  /** Number of unsent bytes above which a reader counts as slow. */
  bufferBytes: number
  /** Time for which a slow reader may take nothing before it is cut off, in ms. */
  graceMs: number
}

/**
 * The writing end of a connection. `done` is called when bytes have left, or could be buffered within a fixed bound.
 * Each write returns the number of bytes that it hands to the socket.
 */
export interface Sink {
  /** Counts of the connection's kind. */
  readonly count: WireCount
  /** Writes whole frames as one write. */
  write(frames: readonly Buffer[], done: () => void): number
  /**
   * Writes a part of a frame that is too large for one write.
   * @param last the part ends the frame
   */
  writePart(bytes: Buffer, last: boolean, done: () => void): number
}

/** The place from where a reader gets bytes past its queue while nothing waits in it. */
export interface QueueSeat {
  /** Called when nothing waits any more. */
  sit(): void
  /** Called before something waits, and before the end; idempotent. */
  rise(): void
}

export type CutReason = 'stalled' | 'overflow'

/** Number of bytes under way at once; the rest waits here, where it costs no copy. */
const WINDOW_BYTES = 32_768
/** Multiple of `bufferBytes` at which even a reader that does take bytes is cut off. */
const OVERFLOW_FACTOR = 16

/** The queues that got frames in this event-loop turn. */
let dirty: WriteQueue[] = []

function flushDirty(): void {
  const queues = dirty
  dirty = []
  SHARED_WRITES.together(() => {
    for (const queue of queues) queue.flush()
  })
}

/** Calls the queue's `flush` at the end of this event-loop turn, with all frames of the turn. */
function schedule(queue: WriteQueue): void {
  if (dirty.length === 0) atTurnEnd('write', flushDirty)
  dirty.push(queue)
}

/** The queues whose frames wait for more, by how long they may. */
const held = new Map<number, WriteQueue[]>()

/** Flushes the queue after a time, together with all that wait so long: the first one of them sets the end. */
function hold(queue: WriteQueue, ms: number): void {
  const queues = held.get(ms)
  if (queues !== undefined) {
    queues.push(queue)
    return
  }
  const first = [queue]
  held.set(ms, first)
  setTimeout(() => {
    held.delete(ms)
    for (const queue of first) queue.release(ms)
  }, ms).unref()
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
  #isDirty = false
  /** Time for which its frames wait for more, in ms; infinite while they do not. */
  #heldMs = Number.POSITIVE_INFINITY
  #seat: QueueSeat | undefined

  constructor(sink: Sink, limits: WriteQueueLimits, cut: (reason: CutReason) => void) {
    this.#sink = sink
    this.#limits = limits
    this.#cut = cut
  }

  /** Number of bytes that have not left the process. */
  get unsentBytes(): number {
    return this.#waiting + this.#underWay
  }

  /**
   * Queues one frame; the bytes are shared and must not change.
   * @param mayWaitMs time for which it may wait for more, with all before it; a frame that may not takes all along
   */
  send(frame: Buffer, mayWaitMs = 0): void {
    if (this.#closed || this.#finishing !== undefined || frame.length === 0) return
    this.#seat?.rise()
    if (!this.#isDirty) {
      if (this.#isOverflowing()) {
        this.#stop('overflow')
        return
      }
      if (mayWaitMs === 0 || this.#waiting + frame.length > WINDOW_BYTES) this.#flushSoon()
      else if (mayWaitMs < this.#heldMs) {
        this.#heldMs = mayWaitMs
        hold(this, mayWaitMs)
      }
    }
    this.#frames.push(frame)
    this.#waiting += frame.length
  }

  /** Sets the place that its reader may take while nothing waits; undefined for none. */
  seatAt(seat: QueueSeat | undefined): void {
    this.#seat?.rise()
    this.#seat = seat
  }

  /**
   * Takes over bytes of which the socket did not take all when they went past the queue.
   * @param write writes the rest, whose length is given
   */
  owe(length: number, write: (done: () => void) => void): void {
    this.#underWay = length
    write(this.#moved)
  }

  /** Lets go of frames that have waited so long for more. */
  release(ms: number): void {
    if (this.#heldMs === ms) this.#heldMs = Number.POSITIVE_INFINITY
    if (!this.#closed && !this.#isDirty && this.#frames.length > 0) this.#flushSoon()
  }

  #flushSoon(): void {
    this.#isDirty = true
    schedule(this)
  }

  /** Resolves when few enough bytes are unsent for a replay to go on, or when the connection is over. */
  drained(): Promise<void> {
    if (this.#closed || this.unsentBytes <= this.#limits.bufferBytes / 2) return Promise.resolve()
    return new Promise((resolve) => this.#waiters.push(resolve))
  }

  /** Writes the frames of this event-loop turn. */
  flush(): void {
    this.#isDirty = false
    this.#pump()
    if (this.#isBehind()) this.#watch()
  }

  /** Accepts no more frames; resolves when everything has been sent or the connection is over. */
  finish(): Promise<void> {
    if (this.#closed || this.#finishing !== undefined) return Promise.resolve()
    this.#seat?.rise()
    return new Promise((resolve) => {
      this.#finishing = resolve
      this.#settle()
      if (!this.#closed && !this.#isDirty) this.#flushSoon()
    })
  }

  /** Drops unsent frames; idempotent. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#seat?.rise()
    clearTimeout(this.#watchdog)
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
    const [first] = this.#frames
    if (this.#closed || this.#underWay > 0 || first === undefined) return
    if (this.#sent > 0 || first.length > WINDOW_BYTES) {
      this.#pumpPart(first)
      return
    }
    let frames = this.#frames
    let bytes = this.#waiting
    if (bytes > WINDOW_BYTES) {
      bytes = 0
      let count = 0
      for (; bytes + (frames[count] as Buffer).length <= WINDOW_BYTES; count++)
        bytes += (frames[count] as Buffer).length
      this.#frames = frames.slice(count)
      frames = frames.slice(0, count)
    } else this.#frames = []
    this.#waiting -= bytes
    this.#underWay = bytes
    const { count } = this.#sink
    count.bytesBefore += bytes
    count.bytesAfter += this.#sink.write(frames, this.#moved)
  }

  #pumpPart(frame: Buffer): void {
    const part = frame.subarray(this.#sent, this.#sent + WINDOW_BYTES)
    this.#sent += part.length
    const isLast = this.#sent === frame.length
    if (isLast) {
      this.#frames.shift()
      this.#sent = 0
    }
    this.#waiting -= part.length
    this.#underWay = part.length
    const { count } = this.#sink
    count.bytesBefore += part.length
    count.bytesAfter += this.#sink.writePart(part, isLast, this.#moved)
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
    if (this.unsentBytes > 0) return
    if (this.#finishing !== undefined) this.close()
    else this.#seat?.sit()
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
