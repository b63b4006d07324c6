import type { Dataset, Datasets } from '../dataset/datasets.ts'
import { isPaymentList } from '../dataset/joining/join-columns.ts'
import type { Source } from '../dataset/sources/source.ts'
import { writeSource } from '../dataset/sources/source.ts'
import { layOutParts } from '../dataset/storage.ts'
import type { Workspaces } from '../dataset/workspace.ts'
import { Problem } from '../errors.ts'
import type { Language } from '../language/language.ts'
import { say } from '../language/sentence.ts'
import { MAPPABLE_COLUMNS } from '../protocol/contract.ts'
import type { AnomalyType, Filters } from '../protocol/investigation.ts'
import type { Store } from '../store/database.ts'
import type { Db, EndCause, Ending, Execution, Runner, Stream } from '../stream/stream.ts'
import { type OpenAnalysis, openAnalysis } from './analysis.ts'
import { type Detector, isMessage } from './detector.ts'
import { type AnomalyRules, thresholdsOf } from './detectors.ts'
import { Findings } from './findings.ts'
import { INVESTIGATION_KIND, type InvestigationRequest, requestOf } from './investigations.ts'
import { type Checkpoint, ProgressLog } from './progress-log.ts'
import type { InvestigationRow } from './row.ts'
import { summarise } from './summary.ts'
import type { Warning } from './warning.ts'
import { describeFinding } from './wording.ts'

export interface RunnerOptions {
  /** The anomaly types that an investigation may ask for. */
  rules: AnomalyRules
  concurrency: number
  threads: number
  memoryLimit: string
  sources: Readonly<Record<'portal' | 'pncp', Source>>
  maxSourceRecords: number
  observer?: RunObserver
  /**
   * Runs in the transaction that ends an investigation.
   * @returns work to do after its commit, before the end is published
   */
  onEnding(db: Db, row: InvestigationRow, ending: Ending): Promise<(() => Promise<void>) | undefined>
}

/** The callbacks by which the work of investigations is counted. */
export interface RunObserver {
  /** Counts the contracts that an investigation looks at. */
  contracts?(count: number): void
  /** Measures a rule that has finished. */
  rule?(type: AnomalyType, ms: number): void
}

const rowOf = async (db: Db, stream: Stream): Promise<InvestigationRow> => {
  const row = await db
    .selectFrom('investigations')
    .selectAll()
    .where('stream_id', '=', stream.id)
    .executeTakeFirst()
  if (!row) throw new Problem('NOT_FOUND', say('investigation.removed'))
  return row
}

/** Makes the runner of investigations: it collects the data, profiles it, runs every detector, and sums up. */
export const investigationRunner = (
  store: Store,
  datasets: Datasets,
  workspaces: Workspaces,
  options: RunnerOptions,
): Runner => {
  const fetchSource = async (
    progressLog: ProgressLog,
    source: Source,
    { request, row, checkpoint }: Job,
    signal: AbortSignal,
  ): Promise<Dataset> => {
    await using workspace = await workspaces.open('source')
    const path = `${workspace.path}/records.ndjson`
    const query = { filters: request.filters }
    const fetched = await writeSource(source, query, path, {
      signal,
      maxRecords: options.maxSourceRecords,
      onProgress: (progress) =>
        progressLog.note(
          'collecting_data',
          progress.totalPages ? progress.pages / progress.totalPages : 0,
          progress.records,
        ),
    }).finally(() => progressLog.published())
    checkpoint.warnings.push(...fetched.warnings)
    checkpoint.applied = source.applied(query)
    if (fetched.records === 0)
      throw new Problem('UNUSABLE_DATASET', say('investigation.nothing_fits', { name: source.name }))
    return await datasets.create(
      {
        path,
        name: `${source.name} ${new Date().toISOString().slice(0, 10)}`,
        owner: row.owner,
        contentType: 'application/x-ndjson',
        gzip: false,
        contracts: true,
        mapping: Object.fromEntries(MAPPABLE_COLUMNS.map((column) => [column, column])),
      },
      signal,
    )
  }

  /**
   * Returns the dataset to examine. Records of a source are stored as one, so that another instance which takes the
   * run over need not fetch again.
   */
  const collect = async (execution: Execution, progressLog: ProgressLog, job: Job): Promise<Dataset> => {
    const { request, row } = job
    const id = row.dataset_id
    if (id !== null) {
      const dataset = await datasets.get(id)
      if (!dataset) throw new Problem('NOT_FOUND', say('investigation.dataset_removed'))
      return dataset
    }
    const source = options.sources[request.data_source as 'portal' | 'pncp']
    const dataset = await fetchSource(progressLog, source, job, execution.signal)
    await execution.transact(async (db) => {
      await db
        .updateTable('investigations')
        .set({ dataset_id: dataset.dataset_id })
        .where('id', '=', row.id)
        .execute()
    })
    return dataset
  }

  const look = async (
    detector: Detector,
    analysis: OpenAnalysis,
    { request, checkpoint }: Job,
    findings: Findings,
    execution: Execution,
  ): Promise<void> => {
    const anomaly_type = detector.type
    const lack = detector.missing(analysis.profile)
    if (lack !== null) {
      checkpoint.skipped.push({ anomaly_type, lack })
      return
    }
    const startedMs = performance.now()
    const { connection, profile } = analysis
    const thresholds = thresholdsOf(detector, request.thresholds[detector.type])
    for await (const found of detector.run({ connection, profile, thresholds }, execution.signal)) {
      execution.signal.throwIfAborted()
      if (!isMessage(found)) await findings.add(found)
      else {
        const { kind, code, facts } = found
        checkpoint[kind === 'warning' ? 'warnings' : 'skipped'].push({ anomaly_type, code, facts })
      }
    }
    await findings.flush()
    options.observer?.rule?.(anomaly_type, performance.now() - startedMs)
  }

  const investigate = async (execution: Execution): Promise<Ending> => {
    const { stream, signal } = execution
    const row = await rowOf(store.db, stream)
    const request = requestOf(row)
    const checkpoint: Checkpoint = { done: [], skipped: [], warnings: [], ...JSON.parse(row.checkpoint_json) }
    const job: Job = { row, request, checkpoint }
    const progressLog = new ProgressLog(store, execution, row, checkpoint)
    const { rules } = options
    const findings = new Findings(store, execution, row.id, progressLog, (finding) =>
      describeFinding(rules[finding.anomaly_type], finding, request.language, request.include_explanations),
    )
    await progressLog.begin()
    await findings.republish()

    await progressLog.reach('collecting_data', 0)
    const dataset = await collect(execution, progressLog, job)
    await using workspace = await workspaces.open('analysis')
    const parts = await layOutParts(store, dataset.dataset_id, workspace.path, signal)
    await progressLog.reach('collecting_data', 1, dataset.rows)

    await progressLog.reach('profiling', 0)
    const analysis = await openAnalysis(
      {
        parts,
        filters: without(request.filters, checkpoint.applied ?? []),
        threads: options.threads,
        memoryLimit: options.memoryLimit,
        tempDirectory: workspace.path,
        body: dataset.name,
        payments: isPaymentList(dataset.columns),
      },
      signal,
    )
    try {
      options.observer?.contracts?.(analysis.rows - analysis.filtered)
      await progressLog.reach('profiling', 1, analysis.rows - analysis.filtered)
      if (checkpoint.done.length === 0) checkpoint.warnings.push(...warningsOf(analysis, dataset))
      const asked = Object.values(rules).filter(({ type }) => request.anomaly_types.includes(type))
      for (const [index, detector] of asked.entries()) {
        await progressLog.reach('analyzing_contracts', index / asked.length)
        if (checkpoint.done.includes(detector.type)) continue
        await look(detector, analysis, job, findings, execution)
        checkpoint.done.push(detector.type)
        await progressLog.save()
      }
      await progressLog.reach('analyzing_contracts', 1)
    } finally {
      analysis.close()
    }

    await progressLog.reach('consolidating', 0)
    await findings.settle()
    const summary = await summarise(store, rules, await rowOf(store.db, stream), checkpoint, request.language)
    await progressLog.reach('consolidating', 1)
    return {
      state: 'completed',
      event: { type: 'complete', investigation_id: row.id, ...summary, timestamp: new Date().toISOString() },
    }
  }

  const left = new WeakMap<Ending, (() => Promise<void>) | undefined>()

  return {
    kind: INVESTIGATION_KIND,
    concurrency: options.concurrency,
    resumable: true,
    run: investigate,
    async conclude(stream, cause) {
      const row = await rowOf(store.db, stream)
      return concluded(row, stream.language, cause)
    },
    async settle(db, stream, ending) {
      const { type: _, investigation_id: __, ...outcome } = ending.event
      await db
        .updateTable('investigations')
        .set({
          status: ending.state,
          summary_json: JSON.stringify(outcome),
          ended_at: Date.now(),
        })
        .where('stream_id', '=', stream.id)
        .execute()
      left.set(ending, await options.onEnding(db, await rowOf(db, stream), ending))
    },
    async ended(_stream, ending) {
      await left.get(ending)?.()
    },
  }
}

/** Returns warnings about the data as a whole: several currencies, no buyer. */
const warningsOf = ({ profile, oneBody }: OpenAnalysis, { name }: Dataset): Warning[] => {
  const currencies = Object.entries(profile.currencies).map(([currency, contracts]) => ({
    currency,
    contracts,
  }))
  return [
    ...(currencies.length > 1 ? [say('finding.several_currencies', { currencies })] : []),
    ...(oneBody ? [say('finding.one_body', { buyer: name })] : []),
  ]
}

interface Job {
  row: InvestigationRow
  request: InvestigationRequest
  checkpoint: Checkpoint
}

const without = (filters: Filters, names: readonly (keyof Filters)[]): Filters =>
  Object.fromEntries(Object.entries(filters).filter(([name]) => !names.includes(name as keyof Filters)))

const concluded = (row: InvestigationRow, language: Language, cause: EndCause): Ending => {
  const common = { investigation_id: row.id, timestamp: new Date().toISOString() }
  return cause.state === 'cancelled'
    ? {
        state: 'cancelled',
        event: { type: 'cancelled', ...common, anomalies_detected: row.anomalies_detected },
      }
    : {
        state: 'failed',
        event: {
          type: 'error',
          ...common,
          error_code: cause.problem.code,
          message: cause.problem.tell(language).detail,
          retry_after: cause.problem.retryAfter ?? null,
        },
      }
}
