import { randomUUID } from 'node:crypto'
import { noSuch } from '../errors.ts'
import { endShares, sharedWith } from '../identity/share-rows.ts'
import type { Language } from '../language/language.ts'
import type { FindingFilter } from '../protocol/finding-filter.ts'
import type { Anomaly, AnomalyType, Filters, Phase } from '../protocol/investigation.ts'
import type { InvestigationEvent } from '../protocol/investigation-event.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import { isBehind } from '../store/keyset.ts'
import type { Stream } from '../stream/stream.ts'
import { removeStream } from '../stream/stream-rows.ts'
import type { Streams } from '../stream/streams.ts'
import { ANOMALY_RULES, type AnomalyRules } from './detectors.ts'
import { type FindingQuery, type FindingRow, type PlacedFinding, readFindings } from './finding-rows.ts'
import type { Checkpoint } from './progress-log.ts'
import type { InvestigationRow } from './row.ts'
import { describeSkip, describeWarning } from './warning.ts'
import { translateFinding } from './wording.ts'

export type Status = InvestigationRow['status']

/** The validated request for an investigation. */
export interface InvestigationRequest {
  query: string
  dataset_id?: string
  data_source?: 'portal' | 'pncp'
  filters: Filters
  anomaly_types: readonly AnomalyType[]
  /** Thresholds by anomaly type and name; only those that differ from the defaults. */
  thresholds: Readonly<Partial<Record<AnomalyType, Readonly<Record<string, number>>>>>
  include_explanations: boolean
  /** Language of the titles, explanations and notes of its findings, its warnings and its summary. */
  language: Language
}

/** The summary of a completed run. */
export type Summary = Omit<InvestigationEvent<'complete'>, 'type' | 'investigation_id' | 'timestamp'>

/** An investigation with the fields that clients see. */
export interface Investigation {
  investigation_id: string
  stream_id: string
  owner: string
  query: string
  status: Status
  dataset_id: string | null
  data_source: string | null
  filters: Filters
  anomaly_types: readonly AnomalyType[]
  thresholds: InvestigationRequest['thresholds']
  language: Language
  progress: number
  current_phase: Phase | null
  records_processed: number
  records_total: number
  anomalies_detected: number
  created_at: string
  started_at: string | null
  ended_at: string | null
  result: Summary | null
  error: { error_code: string; message: string } | null
}

/** The `kind` of streams that run investigations. */
export const INVESTIGATION_KIND = 'investigation'

export const investigationChannel = (id: string): string => `investigation:${id}`

/** Returns the id of the investigation to which a channel belongs. */
export const investigationOf = (channel: string): string => channel.slice(investigationChannel('').length)

const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

/** Reads the request of an investigation; those stored before languages existed are English. */
export const requestOf = (row: InvestigationRow): InvestigationRequest => ({
  language: 'en',
  ...(JSON.parse(row.request_json) as Omit<InvestigationRequest, 'language'>),
})

const fromRow = (row: InvestigationRow): Investigation => {
  const request = requestOf(row)
  const outcome = row.summary_json === null ? null : JSON.parse(row.summary_json)
  return {
    investigation_id: row.id,
    stream_id: row.stream_id,
    owner: row.owner,
    query: row.query,
    status: row.status,
    dataset_id: row.dataset_id,
    data_source: request.data_source ?? null,
    filters: request.filters,
    anomaly_types: request.anomaly_types,
    thresholds: request.thresholds,
    language: request.language,
    progress: row.progress,
    current_phase: row.phase as Phase | null,
    records_processed: row.records_processed,
    records_total: row.records_total,
    anomalies_detected: row.anomalies_detected,
    created_at: new Date(row.created_at).toISOString(),
    started_at: instant(row.started_at),
    ended_at: instant(row.ended_at),
    result: row.status === 'completed' ? outcome : null,
    error: row.status === 'failed' ? outcome : null,
  }
}

type Notices = Pick<Summary, 'skipped' | 'warnings'>

/** Words the skipped rules' reasons and the warnings of a run. */
const noticesOf = (
  row: Pick<InvestigationRow, 'checkpoint_json'> | undefined,
  rules: AnomalyRules,
  language: Language,
): Notices => {
  const { skipped = [], warnings = [] }: Partial<Checkpoint> = JSON.parse(row?.checkpoint_json ?? '{}')
  return {
    skipped: skipped.map((skip) => describeSkip(rules, skip, language)),
    warnings: warnings.map((warning) => describeWarning(rules, warning, language)),
  }
}

/** Stores investigations and their findings; `alongside` is written in the transaction of a change. */
export class Investigations {
  readonly #store: Store
  readonly #streams: Streams

  /** The anomaly types that an investigation may ask for, in the order of a run. */
  readonly rules: AnomalyRules

  constructor(store: Store, streams: Streams, rules: AnomalyRules = ANOMALY_RULES) {
    this.#store = store
    this.#streams = streams
    this.rules = rules
  }

  /**
   * Stores an investigation and its stream; it runs as soon as an instance has room.
   * @param alongside is handed the investigation's id
   * @throws {Problem} `TOO_MANY_STREAMS`, `DRAINING`
   */
  async start(
    request: InvestigationRequest,
    owner: string,
    onDisconnect: Stream['on_disconnect'],
    alongside?: Alongside<string>,
  ): Promise<Investigation> {
    const id = randomUUID()
    await this.#streams.start(
      {
        kind: INVESTIGATION_KIND,
        channel: investigationChannel(id),
        owner,
        onDisconnect,
        language: request.language,
      },
      async (db, stream) => {
        await db
          .insertInto('investigations')
          .values({
            id,
            stream_id: stream.id,
            owner,
            query: request.query,
            request_json: JSON.stringify(request),
            status: 'pending',
            dataset_id: request.dataset_id ?? null,
            progress: 0,
            records_processed: 0,
            records_total: 0,
            anomalies_detected: 0,
            checkpoint_json: '{}',
            created_at: stream.started_at,
          })
          .execute()
        await alongside?.(db, id)
      },
    )
    return (await this.get(id)) as Investigation
  }

  /** @param language of the skipped rules' reasons and the warnings; the investigation's own unless given */
  async get(id: string, language?: Language): Promise<Investigation | null> {
    const row = await this.#store.db
      .selectFrom('investigations')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    return row ? this.#shown(row, language) : null
  }

  /**
   * Lists investigations, newest first: those of `user` and those shared with it, or everybody's.
   * @param after an investigation's id
   * @param language as for {@link get}
   */
  async list(
    user: string | 'everybody',
    limit: number,
    after: string | null,
    language?: Language,
  ): Promise<Investigation[]> {
    let query = this.#store.db.selectFrom('investigations').selectAll()
    if (user !== 'everybody')
      query = query.where((eb) =>
        eb.or([eb('owner', '=', user), eb('id', 'in', sharedWith(this.#store.db, 'investigation', user))]),
      )
    if (after !== null) query = query.where(isBehind('created_at', after))
    const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
    return rows.map((row) => this.#shown(row, language))
  }

  #shown(row: InvestigationRow, language: Language | undefined): Investigation {
    const found = fromRow(row)
    if (language !== undefined && found.result !== null)
      found.result = { ...found.result, ...noticesOf(row, this.rules, language) }
    return found
  }

  /** Lists findings in the order of their discovery. */
  anomalies(id: string, query: FindingQuery): Promise<PlacedFinding[]> {
    return readFindings(this.#store.db, id, query, (row, language) => this.inLanguage(row, language))
  }

  /** Returns a stored finding, translated into `language` if one is given. */
  inLanguage({ body_json, facts_json }: FindingRow, language: Language | undefined): Anomaly {
    const anomaly = JSON.parse(body_json) as Anomaly
    if (language === undefined || facts_json === null) return anomaly
    return translateFinding(this.rules[anomaly.anomaly_type], anomaly, JSON.parse(facts_json), language)
  }

  /** Reads the skipped rules with their reasons, and the warnings, in `language`. */
  async notices(id: string, language: Language): Promise<Notices> {
    const row = await this.#store.db
      .selectFrom('investigations')
      .select('checkpoint_json')
      .where('id', '=', id)
      .executeTakeFirst()
    return noticesOf(row, this.rules, language)
  }

  /** Reads every finding, or those of a filter, page by page. */
  async *allAnomalies(
    id: string,
    language?: Language,
    filter: FindingFilter = {},
  ): AsyncGenerator<PlacedFinding> {
    for (let after = 0; ; ) {
      const page = await this.anomalies(id, { ...filter, limit: 500, after, language })
      yield* page
      const last = page.at(-1)
      if (!last || page.length < 500) return
      after = last.seq
    }
  }

  /**
   * Removes an investigation that has ended, with its findings and its stream.
   * @throws {Problem} `NOT_FOUND` when it was removed already
   */
  async remove(investigation: Investigation, alongside?: Alongside): Promise<void> {
    await this.#store.db.transaction().execute(async (trx) => {
      const { numDeletedRows } = await trx
        .deleteFrom('investigations')
        .where('id', '=', investigation.investigation_id)
        .executeTakeFirst()
      if (numDeletedRows === 0n) throw noSuch('investigation')
      await removeStream(trx, investigation.stream_id)
      await endShares(trx, { type: 'investigation', id: investigation.investigation_id })
      await alongside?.(trx)
    })
  }

  /**
   * Changes the status between running and paused, which the instance that runs it notices at once.
   * @returns false when its status is not in `from`
   */
  async #move(id: string, from: Status[], to: Status, alongside?: Alongside): Promise<boolean> {
    const row = await this.#store.db.transaction().execute(async (trx) => {
      const moved = await trx
        .updateTable('investigations')
        .set({ status: to })
        .where('id', '=', id)
        .where('status', 'in', from)
        .returning('stream_id')
        .executeTakeFirst()
      if (moved) await alongside?.(trx)
      return moved
    })
    if (row) await this.#streams.nudge(row.stream_id)
    return row !== undefined
  }

  pause(id: string, alongside?: Alongside): Promise<boolean> {
    return this.#move(id, ['pending', 'running'], 'paused', alongside)
  }

  resume(id: string, alongside?: Alongside): Promise<boolean> {
    return this.#move(id, ['paused'], 'running', alongside)
  }
}
