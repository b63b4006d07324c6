import { sql } from 'kysely'
import type { Hub } from '../channel/hub.ts'
import { within } from '../deadline.ts'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'
import { type Recurring, recurring } from './every.ts'
import { ExecutionLog } from './execution-log.ts'
import { claim, fenced, type Hold, release, renew } from './lease.ts'
import type { EndCause, Ending, Execution, Runner, Stream } from './stream.ts'

export interface WorkerOptions {
  instance: string
  leaseMs: number
  orphanGraceMs: number
  /** Longest run of a stream, in milliseconds; 0 sets no limit. */
  maxDurationMs: number
  /** Takes errors of background work, which have no caller to be thrown at. */
  onError(error: unknown, streamId: string | null): void
  observer?: LeaseObserver
}

/** The callbacks by which changes of holders are counted. */
export interface LeaseObserver {
  /** Counts a stream of another holder that this instance takes over. */
  takenOver?(kind: string): void
  /** Counts a stream of this instance that another holder has taken. */
  takenAway?(kind: string): void
}

/** Least time between two searches for streams without viewers, which are a fifth of their grace apart otherwise. */
const LEAST_WATCH_MS = 100
const MOST_WATCH_MS = 3000

/** Time between two searches for streams that run longer than they may; the limit is kept to half a second. */
const EXPIRY_LOOK_MS = 200

export type Abort = 'cancelled' | 'fenced' | 'shutdown' | 'expired'

interface Run {
  stream: Stream
  abort: AbortController
  parked: boolean
  /** True once its work is over and its end is being stored: there is nothing left to abort. */
  isEnding: boolean
  nudge: () => void
  unwatchedSince: number | null
  done: Promise<void>
}

/** Tells whether a channel has a subscriber on any instance. */
type IsWatched = (channel: string) => Promise<boolean>

/** Runs the streams of this instance: takes them, renews their leases, and brings each to its one end. */
export class Worker {
  readonly #store: Store
  readonly #log: ExecutionLog
  readonly #isWatched: IsWatched
  readonly #options: WorkerOptions
  readonly #runners = new Map<string, Runner>()
  readonly #runs = new Map<string, Run>()
  #recurring: readonly Recurring[] = []
  #kept = Date.now()
  #filling: Promise<void> | null = null
  #fillAgain = false
  #draining = false

  constructor(store: Store, hub: Hub, isWatched: IsWatched, options: WorkerOptions) {
    this.#store = store
    this.#isWatched = isWatched
    this.#options = options
    this.#log = new ExecutionLog(store, hub, {
      isResumable: (kind) => this.#runners.get(kind)?.resumable === true,
      onError: options.onError,
    })
  }

  /** Begins to take streams of the runners' kinds, those of dead instances included. */
  work(runners: readonly Runner[]): void {
    for (const runner of runners) this.#runners.set(runner.kind, runner)
    const { leaseMs, orphanGraceMs, maxDurationMs } = this.#options
    const onError = (error: unknown) => this.#options.onError(error, null)
    const watchMs = Math.min(MOST_WATCH_MS, Math.max(LEAST_WATCH_MS, orphanGraceMs / 5))
    this.#recurring = [
      recurring(Math.max(250, leaseMs / 5), () => this.#tick(), onError),
      recurring(watchMs, () => this.#watch(), onError),
      ...(maxDurationMs > 0 ? [recurring(EXPIRY_LOOK_MS, async () => this.#expire(), onError)] : []),
    ]
    this.fill()
  }

  get isDraining(): boolean {
    return this.#draining
  }

  /** True while the leases are renewed in time. */
  get isKeeping(): boolean {
    return this.#recurring.length === 0 || Date.now() - this.#kept <= this.#options.leaseMs
  }

  /** Milliseconds for which the leases still hold; undefined before there is work. */
  get leaseLeftMs(): number | undefined {
    return this.#recurring.length === 0 ? undefined : this.#kept + this.#options.leaseMs - Date.now()
  }

  running(): { running: number; parked: number } {
    const runs = [...this.#runs.values()]
    const parked = runs.filter((run) => run.parked).length
    return { running: runs.length - parked, parked }
  }

  /**
   * Aborts a stream.
   * @returns false when the stream does not run here
   */
  abort(id: string, reason: Abort): boolean {
    const run = this.#runs.get(id)
    if (run) stop(run, reason)
    return run !== undefined
  }

  /**
   * Makes a stream's run read its changed state again.
   * @returns false when the stream does not run here
   */
  nudge(id: string): boolean {
    const run = this.#runs.get(id)
    run?.nudge()
    return run !== undefined
  }

  /**
   * Takes no more streams, waits for the running ones until `deadlineMs` from now, then releases the rest. Leases are
   * renewed meanwhile: a drain may outlast them.
   */
  async drain(deadlineMs: number): Promise<void> {
    this.#draining = true
    await this.#filling
    const finished = Promise.all([...this.#runs.values()].map(({ done }) => done))
    await within(finished, deadlineMs, () => undefined)
    for (const id of this.#runs.keys()) this.abort(id, 'shutdown')
    await finished
    await Promise.all(this.#recurring.map((one) => one.stop()))
  }

  /** Claims streams as long as some wait and there is room for them; one claimer at a time. */
  fill(): void {
    if (this.#filling) {
      this.#fillAgain = true
      return
    }
    this.#filling = this.#claimAll()
      .catch((error) => this.#options.onError(error, null))
      .finally(() => {
        this.#filling = null
        if (this.#fillAgain) {
          this.#fillAgain = false
          this.fill()
        }
      })
  }

  async #claimAll(): Promise<void> {
    while (!this.#draining) {
      const roomFor = [...this.#runners.values()].map(({ kind }) => kind).filter((kind) => !this.isFull(kind))
      const stream = await claim(
        this.#store,
        [...this.#runners.keys()],
        roomFor,
        [...this.#runs.keys()],
        this.#options.instance,
        this.#options.leaseMs,
      )
      if (!stream) break
      if (stream.fence > 1) this.#options.observer?.takenOver?.(stream.kind)
      this.begin(stream)
    }
  }

  #count(kind: string): number {
    return [...this.#runs.values()].filter((run) => run.stream.kind === kind && !run.parked).length
  }

  /** Tells whether there is no room for one more stream of the kind, or no runner for it. */
  isFull(kind: string): boolean {
    return this.#count(kind) >= (this.#runners.get(kind)?.concurrency ?? 0)
  }

  /** Returns the lease columns of a new stream that runs here without waiting to be taken. */
  firstLease() {
    const { instance, leaseMs } = this.#options
    return { instance, lease_until: sql<number>`${this.#store.now} + ${sql.lit(leaseMs)}`, fence: 1 }
  }

  /** Runs a stream whose lease this instance holds. */
  begin(stream: Stream): void {
    const run: Run = {
      stream,
      abort: new AbortController(),
      parked: false,
      isEnding: false,
      nudge: () => undefined,
      unwatchedSince: null,
      done: Promise.resolve(),
    }
    this.#runs.set(stream.id, run)
    this.#log.open(stream)
    run.done = this.#execute(run)
      .catch((error) => this.#options.onError(error, stream.id))
      .finally(() => {
        this.#runs.delete(stream.id)
        this.#log.close(stream)
        this.#runners.get(stream.kind)?.left?.(stream)
        // A stream that never waits for room frees none for another.
        if (!this.#draining && this.#runners.get(stream.kind)?.resumable) this.fill()
      })
  }

  async #execute(run: Run): Promise<void> {
    const { stream, abort } = run
    const runner = this.#runners.get(stream.kind) as Runner
    const ending = await this.#outcome(runner, run)
    run.isEnding = true
    if (ending) await this.#end(runner, stream, ending).catch(unlessFenced)
    else if (abort.signal.reason === ('shutdown' satisfies Abort)) await release(this.#store, stream)
  }

  /** Runs a stream and returns its end; null when another holder is to end it. */
  async #outcome(runner: Runner, run: Run): Promise<Ending | null> {
    const { stream, abort } = run
    if (stream.cancel_requested) return runner.conclude(stream, { state: 'cancelled' })
    if (stream.fence > 1 && !runner.resumable) return runner.conclude(stream, interrupted())
    try {
      return await runner.run(this.#execution(run))
    } catch (error) {
      const reason = abort.signal.aborted ? (abort.signal.reason as Abort) : null
      if (reason === 'fenced' || isFenced(error)) return null
      if (reason === 'cancelled') return runner.conclude(stream, { state: 'cancelled' })
      if (reason === 'shutdown') return runner.resumable ? null : runner.conclude(stream, interrupted())
      this.#options.onError(error, stream.id)
      return runner.conclude(stream, causeOf(error, reason))
    }
  }

  #execution(run: Run): Execution {
    const { stream, abort } = run
    const fill = () => this.fill()
    return {
      stream,
      signal: abort.signal,
      transact: (work) => fenced(this.#store, stream, work),
      publish: (data, idempotencyKey) => this.#log.publish(stream, data, idempotencyKey),
      async whilePaused(paused) {
        while (await paused()) {
          abort.signal.throwIfAborted()
          run.parked = true
          fill()
          await new Promise<void>((resolve) => {
            run.nudge = resolve
            abort.signal.addEventListener('abort', () => resolve(), { once: true })
          })
        }
        run.parked = false
        abort.signal.throwIfAborted()
      },
    }
  }

  /** Stores the end, unless another holder has done so, and publishes it. */
  async #end(runner: Runner, stream: Stream, ending: Ending): Promise<void> {
    const ended = {
      state: ending.state,
      terminal_json: JSON.stringify(ending.event),
      ended_at: Date.now(),
      epoch: stream.epoch,
      start_offset: stream.start_offset,
    }
    await fenced(this.#store, stream, (trx) => runner.settle(trx, stream, ending), ended)
    await runner.ended(stream, ending)
    await this.#log.announce({ ...stream, terminal_json: JSON.stringify(ending.event) })
  }

  async #tick(): Promise<void> {
    await this.#keep()
    this.#kept = Date.now()
    this.fill()
    await this.#log.announceForgotten()
  }

  /** Renews the leases; aborts streams that were lost, and does what a missed signal would have asked for. */
  async #keep(): Promise<void> {
    const held = [...this.#runs.values()].map(({ stream }): Hold => stream)
    const rows = new Map(
      (await renew(this.#store, held, this.#options.instance, this.#options.leaseMs)).map((row) => [
        row.id,
        row,
      ]),
    )
    for (const { id } of held) {
      const run = this.#runs.get(id)
      const row = rows.get(id)
      if (!run) continue
      if (!row) {
        if (!run.abort.signal.aborted && !run.isEnding) this.#options.observer?.takenAway?.(run.stream.kind)
        stop(run, 'fenced')
      } else if (row.cancel_requested) stop(run, 'cancelled')
      run.nudge()
    }
  }

  /** Cancels streams that end with their viewers, once no instance has had one for the grace. */
  async #watch(): Promise<void> {
    for (const run of this.#runs.values()) {
      if (run.stream.on_disconnect !== 'cancel') continue
      if (await this.#isWatched(run.stream.channel)) run.unwatchedSince = null
      else if (run.unwatchedSince === null) run.unwatchedSince = Date.now()
      else if (Date.now() - run.unwatchedSince >= this.#options.orphanGraceMs) stop(run, 'cancelled')
    }
  }

  /** Ends the streams that have run longer than they may. */
  #expire(): void {
    const before = Date.now() - this.#options.maxDurationMs
    for (const run of this.#runs.values()) if (run.stream.started_at < before) stop(run, 'expired')
  }
}

const stop = (run: Run, reason: Abort): void => {
  if (!run.isEnding) run.abort.abort(reason)
}

const isFenced = (error: unknown): boolean => error instanceof Problem && error.code === 'FENCED'

const unlessFenced = (error: unknown): void => {
  if (!isFenced(error)) throw error
}

const interrupted = (): EndCause => ({
  state: 'failed',
  problem: new Problem('INTERRUPTED', say('stream.instance_stopped'), { retryAfter: 1 }),
})

const causeOf = (error: unknown, reason: Abort | null): EndCause => ({
  state: 'failed',
  problem:
    reason === 'expired'
      ? new Problem('INTERRUPTED', say('stream.ran_too_long'))
      : error instanceof Problem
        ? error
        : new Problem('INTERNAL', say('stream.failed'), { cause: error }),
})
