import type { Language } from '../language/language.ts'
import type { AnomalyType, Severity } from '../protocol/investigation.ts'
import { riskScore } from '../protocol/risk-score.ts'
import type { Store } from '../store/database.ts'
import type { AnomalyRules } from './detectors.ts'
import type { Summary } from './investigations.ts'
import type { Checkpoint } from './progress-log.ts'
import type { InvestigationRow } from './row.ts'
import { describeSkip, describeWarning } from './warning.ts'

/** Sums up a run from the store, in the language of its investigation. */
export const summarise = async (
  { db }: Store,
  rules: AnomalyRules,
  row: InvestigationRow,
  checkpoint: Checkpoint,
  language: Language,
): Promise<Summary> => {
  const counts = await db
    .selectFrom('anomalies')
    .select(['anomaly_type', 'severity', (eb) => eb.fn.countAll<number>().as('count')])
    .where('investigation_id', '=', row.id)
    .groupBy(['anomaly_type', 'severity'])
    .orderBy('anomaly_type')
    .orderBy('severity')
    .execute()
  const by_type: Partial<Record<AnomalyType, number>> = {}
  const by_severity: Partial<Record<Severity, number>> = {}
  let total = 0
  for (const { anomaly_type, severity, count } of counts) {
    const type = anomaly_type as AnomalyType
    const grade = severity as Severity
    by_type[type] = (by_type[type] ?? 0) + Number(count)
    by_severity[grade] = (by_severity[grade] ?? 0) + Number(count)
    total += Number(count)
  }
  const duration = Date.now() - (row.started_at ?? row.created_at)
  return {
    total_anomalies: total,
    by_type,
    by_severity,
    records_processed: row.records_processed,
    risk_score: riskScore(by_severity),
    skipped: checkpoint.skipped.map((skip) => describeSkip(rules, skip, language)),
    warnings: checkpoint.warnings.map((warning) => describeWarning(rules, warning, language)),
    execution_time: `${(duration / 1000).toFixed(1)}s`,
    duration_ms: duration,
  }
}
