import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../errors.ts'
import type { Anomaly } from '../protocol/investigation.ts'
import type { Store } from '../store/database.ts'
import type { Execution } from '../stream/stream.ts'
import type { Finding } from './detector.ts'
import type { ProgressLog } from './progress-log.ts'

/** Findings written by one transaction at most; the first finding is written at once. */
const BATCH = 100
const BATCH_MS = 100
const RETRY_MS = 500

/** Returns the event of a finding as JSON text. */
export const anomalyEvent = (investigationId: string, anomaly: Anomaly): string =>
  JSON.stringify({ type: 'anomaly', investigation_id: investigationId, ...anomaly })

/** A finding and its words in the language of the investigation. */
interface WordedFinding {
  finding: Finding
  anomaly: Anomaly
}

/**
 * Writes the findings of a run into the store first, then into the channel, each exactly once, even when another
 * instance takes the run over in between: a finding's id is its idempotency key, and a finding is marked once it is
 * known to be in the channel.
 */
export class Findings {
  readonly #store: Store
  readonly #execution: Execution
  readonly #investigationId: string
  readonly #progress: ProgressLog
  readonly #describe: (finding: Finding) => Anomaly
  #batch: WordedFinding[] = []
  #flushed = 0

  /** @param describe words a finding in the investigation's language */
  constructor(
    store: Store,
    execution: Execution,
    investigationId: string,
    progress: ProgressLog,
    describe: (finding: Finding) => Anomaly,
  ) {
    this.#store = store
    this.#execution = execution
    this.#investigationId = investigationId
    this.#progress = progress
    this.#describe = describe
  }

  async add(finding: Finding): Promise<void> {
    this.#batch.push({ finding, anomaly: this.#describe(finding) })
    if (this.#batch.length >= BATCH || Date.now() - this.#flushed >= BATCH_MS) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#batch.length === 0) return
    const batch = this.#batch
    this.#batch = []
    const total = await this.#execution.transact(async (db) => {
      const { last } = await db
        .selectFrom('anomalies')
        .select((eb) => eb.fn.coalesce(eb.fn.max('seq'), eb.lit(0)).as('last'))
        .where('investigation_id', '=', this.#investigationId)
        .executeTakeFirstOrThrow()
      const known = await db
        .selectFrom('anomalies')
        .select('anomaly_id')
        .where('investigation_id', '=', this.#investigationId)
        .where(
          'anomaly_id',
          'in',
          batch.map(({ finding }) => finding.anomaly_id),
        )
        .execute()
      const ids = new Set(known.map(({ anomaly_id }) => anomaly_id))
      const fresh = batch.filter(({ finding }) => !ids.has(finding.anomaly_id))
      if (fresh.length > 0)
        await db
          .insertInto('anomalies')
          .values(
            fresh.map(({ finding, anomaly }, index) => ({
              investigation_id: this.#investigationId,
              anomaly_id: anomaly.anomaly_id,
              seq: Number(last) + index + 1,
              anomaly_type: anomaly.anomaly_type,
              severity: anomaly.severity,
              published: 0,
              body_json: JSON.stringify(anomaly),
              facts_json: JSON.stringify(finding.facts),
            })),
          )
          .execute()
      return Number(last) + fresh.length
    })
    this.#progress.found(total)
    await this.republish()
    this.#flushed = Date.now()
  }

  /** Publishes the findings that are not known to be in the channel; returns false while the bus is down. */
  async republish(): Promise<boolean> {
    const { db } = this.#store
    const waiting = await db
      .selectFrom('anomalies')
      .select(['anomaly_id', 'seq', 'body_json'])
      .where('investigation_id', '=', this.#investigationId)
      .where('published', '=', 0)
      .orderBy('seq')
      .execute()
    const last = waiting.at(-1)
    if (!last) return true
    try {
      await Promise.all(
        waiting.map(({ anomaly_id, body_json }) =>
          this.#execution.publish(
            [anomalyEvent(this.#investigationId, JSON.parse(body_json))],
            `${this.#investigationId}:${anomaly_id}`,
          ),
        ),
      )
    } catch (error) {
      if (error instanceof Problem && error.code === 'BUS_UNAVAILABLE') return false
      throw error
    }
    await db
      .updateTable('anomalies')
      .set({ published: 1 })
      .where('investigation_id', '=', this.#investigationId)
      .where('seq', '<=', last.seq)
      .execute()
    return true
  }

  /** Waits until every finding is in the channel, however long the bus is down. */
  async settle(): Promise<void> {
    while (!(await this.republish())) {
      const { signal } = this.#execution
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined)
      signal.throwIfAborted()
    }
  }
}
