import type { Dataset, Datasets } from '../dataset/datasets.ts'
import type { Workspaces } from '../dataset/workspace.ts'
import { existing, Problem } from '../errors.ts'
import type { AccessControl } from '../identity/access.ts'
import { can, type Identity } from '../identity/identity.ts'
import { sharedWith } from '../identity/share-rows.ts'
import type { Investigation, Investigations } from '../investigation/investigations.ts'
import type { InvestigationOrder } from '../investigation/steering.ts'
import { say } from '../language/sentence.ts'
import type { InvestigationEvent } from '../protocol/investigation-event.ts'
import { queries } from '../question/queries.ts'
import { run } from '../question/run.ts'
import type { Store } from '../store/database.ts'
import { findings } from './cases.ts'
import type { Knowledge, KnownDataset, KnownInvestigation } from './fact.ts'
import { namesLike, overviewOf, rankingOf } from './holdings.ts'
import { type OpenDatasetsOptions, openDatasets } from './open-datasets.ts'

export interface KnowledgeOptions extends OpenDatasetsOptions {
  store: Store
  access: AccessControl
  datasets: Datasets
  investigations: Investigations
  workspaces: Workspaces
  /** Reads an investigation's events from the beginning to its terminal one; the caller's access has been checked. */
  follow(investigationId: string, signal: AbortSignal): AsyncIterable<Readonly<Record<string, unknown>>>
  /**
   * Starts an investigation that belongs to the caller, with its event in the audit log.
   * @throws {Problem} `NOT_FOUND`, `VALIDATION_FAILED`, `TOO_MANY_STREAMS`, `DRAINING`
   */
  start(identity: Identity, order: InvestigationOrder): Promise<Investigation>
  /**
   * Cancels an investigation of the caller's, with its event in the audit log.
   * @throws {Problem} `NOT_FOUND`, `FORBIDDEN`, `INVALID_STATE`
   */
  stop(identity: Identity, id: string): Promise<void>
}

/** Gives each caller the part of the service's data that it may see. */
export interface KnowledgeBase {
  for(identity: Identity): Knowledge
  /** Closes the open datasets. */
  close(): Promise<void>
}

/** Datasets and investigations that are read at most. */
const MOST_DATASETS = 100
const MOST_SHARED = 100
/** Longest text of a slice or a search, in characters. */
const MOST_TEXT = 200

const datasetFact = (
  { dataset_id, name, synthetic, rows, created_at, owner }: Dataset,
  identity: Identity,
): KnownDataset => ({
  own: owner === identity.id,
  dataset_id,
  name,
  synthetic,
  rows,
  created_at,
})

const investigationFact = (investigation: Investigation, identity: Identity): KnownInvestigation => ({
  own: investigation.owner === identity.id,
  investigation_id: investigation.investigation_id,
  query: investigation.query,
  status: investigation.status,
  dataset_id: investigation.dataset_id,
  filters: investigation.filters,
  progress: investigation.progress,
  anomalies_detected: investigation.anomalies_detected,
  records_processed: investigation.records_processed,
  created_at: investigation.created_at,
  ended_at: investigation.ended_at,
  risk_score: investigation.result?.risk_score ?? null,
  by_type: investigation.result?.by_type ?? {},
  by_severity: investigation.result?.by_severity ?? {},
})

const bounded = (limit: number, most: number): number => Math.min(Math.max(Math.trunc(limit), 1), most)

/** Returns a copy whose texts are cut, so that a question's key and its cost have a bound. */
const trimmed = <T extends object>(slice: T): T =>
  Object.fromEntries(
    Object.entries(slice).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === 'string' ? value.slice(0, MOST_TEXT) : value]],
    ),
  ) as T

/**
 * Makes the reading of the service's data: rows of datasets through DuckDB, investigations and findings from the
 * store.
 */
export const knowledge = (options: KnowledgeOptions): KnowledgeBase => {
  const { store, access, datasets, investigations, workspaces, follow, threads, memoryLimit } = options
  const open = openDatasets(store, workspaces, { threads, memoryLimit })

  const sharedDatasets = async (identity: Identity): Promise<Dataset[]> => {
    const rows = await sharedWith(store.db, 'dataset', identity.id)
      .orderBy('created_at', 'desc')
      .limit(MOST_SHARED)
      .execute()
    const found = await Promise.all(
      [...new Set(rows.map((row) => row.resource_id))].map((id) => datasets.get(id)),
    )
    return found.filter((one) => one !== null)
  }

  const forIdentity = (identity: Identity): Knowledge => {
    const allowed = (type: 'dataset' | 'investigation', id: string) =>
      access.require(identity, { type, id }, 'shared')
    const isAdmin = identity.role === 'admin'

    const list = (limit: number, after: string | null): Promise<Investigation[]> =>
      investigations.list(isAdmin ? 'everybody' : identity.id, limit, after)
    const fact = (investigation: Investigation) => investigationFact(investigation, identity)
    const cases = findings(store, investigations, { list, allowed, fact })

    return {
      mayInvestigate: can(identity.role, 'start'),

      async datasets() {
        const own = await datasets.list(isAdmin ? 'everybody' : identity.id, MOST_DATASETS, null)
        const shared = isAdmin ? [] : await sharedDatasets(identity)
        return [...new Map([...own, ...shared].map((one) => [one.dataset_id, one])).values()]
          .sort((a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0))
          .slice(0, MOST_DATASETS)
          .map((one) => datasetFact(one, identity))
      },

      async overview(id, slice, within) {
        await allowed('dataset', id)
        const asked = trimmed(slice)
        return open.ask(id, `overview ${JSON.stringify(asked)}`, overviewOf(id, asked), within)
      },

      async ranking(id, party, slice, limit, within) {
        await allowed('dataset', id)
        const [asked, most] = [trimmed(slice), bounded(limit, 50)]
        const key = `${party} ranking ${most} ${JSON.stringify(asked)}`
        return open.ask(id, key, rankingOf(id, party, asked, most), within)
      },

      async names(id, kind, text, limit, within) {
        await allowed('dataset', id)
        const [asked, most] = [text.slice(0, MOST_TEXT), bounded(limit, 50)]
        return open.ask(id, `${kind} names ${most} ${asked}`, namesLike(kind, asked, most), within)
      },

      async register(id, within) {
        await allowed('dataset', id)
        return open.register(id, within)
      },

      async query(id, plan, { signal, language }) {
        await allowed('dataset', id)
        const { dataset: _named, place: _place, ...asked } = plan
        const outcome = await open.ask(
          id,
          `plan ${JSON.stringify(asked)}`,
          (connection, limit, register) => run(asked, register)(connection, limit),
          { signal },
        )
        if (plan.of !== 'findings') return outcome
        const { anomaly_type: _type, severity: _severity, ...contracts } = plan.where
        const among = (ids: readonly string[]) =>
          open.ask(
            id,
            null,
            (connection, limit, register) => queries(connection, register, limit).among(ids, contracts),
            { signal },
          )
        const restricted = Object.keys(contracts).length > 0
        const findings = await cases.matching(id, plan, language, restricted ? among : undefined)
        return { ...outcome, findings }
      },

      async lines(id, where, within) {
        await allowed('dataset', id)
        return open.ask(
          id,
          null,
          (connection, limit, register) => queries(connection, register, limit).lines(where),
          within,
        )
      },

      investigations: async (limit) => (await list(bounded(limit, 100), null)).map(fact),

      async investigation(id) {
        await allowed('investigation', id)
        return fact(existing(await investigations.get(id), 'investigation'))
      },

      anomalies: (filter) => cases.anomalies({ ...filter, limit: bounded(filter.limit, 100) }),
      anomaly: (id, datasetId, language) => cases.anomaly(id.slice(0, MOST_TEXT), datasetId, language),

      async investigate({ datasetId, query, filters, anomalyTypes, language = 'en' }) {
        if (!can(identity.role, 'start')) throw new Problem('FORBIDDEN', say('chat.may_not_investigate'))
        const started = await options.start(identity, {
          query: query.slice(0, 2000),
          dataset_id: datasetId,
          filters,
          anomaly_types: anomalyTypes,
          language,
        })
        return started.investigation_id
      },

      stop: (id) => options.stop(identity, id),

      async *follow(id, signal) {
        await allowed('investigation', id)
        yield* follow(id, signal) as AsyncIterable<InvestigationEvent>
      },
    }
  }

  return { for: forIdentity, close: () => open.close() }
}
