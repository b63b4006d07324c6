import { Problem } from '../errors.ts'
import type { AnomalyType, Filters, Phase } from '../protocol/investigation.ts'
import type { Store } from '../store/database.ts'
import type { Execution } from '../stream/stream.ts'
import type { InvestigationRow } from './row.ts'
import type { Skip, Warning } from './warning.ts'

/** The state of a run, from which another instance can continue it. */
export interface Checkpoint {
  /** Detectors that have finished. */
  done: AnomalyType[]
  skipped: Skip[]
  warnings: Warning[]
  /** Filters that the source has applied already. */
  applied?: (keyof Filters)[]
}

/** The part of 0–100 that belongs to each phase. */
const SPAN: Readonly<Record<Phase, readonly [number, number]>> = {
  collecting_data: [0, 15],
  profiling: [15, 20],
  analyzing_contracts: [20, 95],
  consolidating: [95, 100],
}

/** Milliseconds between two progress notes at least. */
const NOTE_EVERY_MS = 250

/** Ignores that the bus is down: the store has the progress, and later publications repeat it. */
const unlessBusIsDown = (error: unknown): void => {
  if (!(error instanceof Problem && error.code === 'BUS_UNAVAILABLE')) throw error
}

/** Publishes the progress of a run, into the store first, then to its subscribers; progress never decreases. */
export class ProgressLog {
  readonly #store: Store
  readonly #execution: Execution
  readonly #row: InvestigationRow
  readonly #checkpoint: Checkpoint
  #noted = 0
  #publishing: Promise<void> = Promise.resolve()

  constructor(store: Store, execution: Execution, row: InvestigationRow, checkpoint: Checkpoint) {
    this.#store = store
    this.#execution = execution
    this.#row = row
    this.#checkpoint = checkpoint
  }

  async begin(): Promise<void> {
    await this.#execution.transact(async (db) => {
      await db
        .updateTable('investigations')
        .set({ started_at: this.#row.started_at ?? Date.now() })
        .where('id', '=', this.#row.id)
        .execute()
      await db
        .updateTable('investigations')
        .set({ status: 'running' })
        .where('id', '=', this.#row.id)
        .where('status', '=', 'pending')
        .execute()
    })
  }

  /**
   * Publishes that a point of the run was reached; waits while the investigation is paused.
   * @param share part of the phase that is done, 0–1
   * @param recordsTotal number of records, as soon as it is known
   */
  async reach(phase: Phase, share: number, recordsTotal?: number): Promise<void> {
    this.#advance(phase, share, recordsTotal)
    await this.published()
    await this.#publishProgress()
    await this.#whilePaused()
  }

  /** Publishes progress within a phase, unless some was published less than `NOTE_EVERY_MS` ago. */
  note(phase: Phase, share: number, recordsTotal: number): void {
    if (Date.now() - this.#noted < NOTE_EVERY_MS) return
    this.#noted = Date.now()
    this.#advance(phase, share, recordsTotal)
    this.#publishing = this.#publishing.then(() => this.#publishProgress()).catch(() => undefined)
  }

  /** Resolves when all noted progress has been published. */
  published(): Promise<void> {
    return this.#publishing
  }

  async #publishProgress(): Promise<void> {
    await this.save()
    await this.#publish(this.#progress())
  }

  /** Sets the number of findings for the next progress event. */
  found(total: number): void {
    this.#row.anomalies_detected = total
  }

  async save(): Promise<void> {
    const { progress, phase, records_processed, records_total, anomalies_detected, id } = this.#row
    await this.#execution.transact(async (db) => {
      await db
        .updateTable('investigations')
        .set({
          progress,
          phase,
          records_processed,
          records_total,
          anomalies_detected,
          checkpoint_json: JSON.stringify(this.#checkpoint),
        })
        .where('id', '=', id)
        .execute()
    })
  }

  #advance(phase: Phase, share: number, recordsTotal: number | undefined): void {
    const row = this.#row
    const [from, to] = SPAN[phase]
    const progress = from + (to - from) * Math.min(1, Math.max(0, share))
    if (progress >= row.progress) {
      row.progress = Math.round(progress * 10) / 10
      row.phase = phase
    }
    if (recordsTotal !== undefined) row.records_total = recordsTotal
    if (phase === 'analyzing_contracts')
      row.records_processed = Math.max(row.records_processed, Math.round(row.records_total * share))
  }

  #progress(): string {
    const row = this.#row
    return JSON.stringify({
      type: 'progress',
      investigation_id: row.id,
      progress: row.progress,
      current_phase: row.phase,
      records_processed: row.records_processed,
      records_total: row.records_total,
      anomalies_detected: row.anomalies_detected,
      timestamp: new Date().toISOString(),
    })
  }

  async #publish(event: string): Promise<void> {
    await this.#execution.publish([event]).catch(unlessBusIsDown)
  }

  async #status(): Promise<string> {
    const { status } = await this.#store.db
      .selectFrom('investigations')
      .select('status')
      .where('id', '=', this.#row.id)
      .executeTakeFirstOrThrow()
    return status
  }

  async #whilePaused(): Promise<void> {
    if ((await this.#status()) !== 'paused') return
    const publish = (type: 'paused' | 'resumed') =>
      this.#publish(
        JSON.stringify({
          type,
          investigation_id: this.#row.id,
          progress: this.#row.progress,
          timestamp: new Date().toISOString(),
        }),
      )
    await publish('paused')
    await this.#execution.whilePaused(async () => (await this.#status()) === 'paused')
    await publish('resumed')
  }
}
