import { type Static, Type } from 'typebox'
import { leadingMembers } from './event-text.ts'
import { ANOMALY_TYPES, Anomaly, PHASES, SEVERITIES, Skipped } from './investigation.ts'

const common = {
  investigation_id: Type.String(),
  timestamp: Type.String({ format: 'date-time' }),
}
const Count = Type.Integer({ minimum: 0 })
const counts = <K extends string>(keys: readonly K[]) =>
  Type.Partial(Type.Object(Object.fromEntries(keys.map((key) => [key, Count])) as Record<K, typeof Count>))
const Percent = Type.Number({ minimum: 0, maximum: 100 })

/** The events of an investigation, by `type`; the last three of them end it. */
export const InvestigationEvents = {
  progress: Type.Object({
    type: Type.Literal('progress'),
    ...common,
    /** Percentage that never falls. */
    progress: Percent,
    current_phase: Type.Union([...PHASES.map((phase) => Type.Literal(phase)), Type.Null()]),
    records_processed: Count,
    records_total: Count,
    anomalies_detected: Count,
  }),
  anomaly: Type.Object({
    type: Type.Literal('anomaly'),
    investigation_id: common.investigation_id,
    ...Anomaly.properties,
  }),
  paused: Type.Object({ type: Type.Literal('paused'), ...common, progress: Percent }),
  resumed: Type.Object({ type: Type.Literal('resumed'), ...common, progress: Percent }),
  complete: Type.Object({
    type: Type.Literal('complete'),
    ...common,
    total_anomalies: Count,
    by_type: counts(ANOMALY_TYPES),
    by_severity: counts(SEVERITIES),
    records_processed: Count,
    risk_score: Type.Number({ minimum: 0, maximum: 10 }),
    skipped: Type.Array(Skipped),
    warnings: Type.Array(Type.String()),
    /** Duration like `45.2s`. */
    execution_time: Type.String({ pattern: '^\\d+\\.\\ds$' }),
    duration_ms: Type.Number({ minimum: 0 }),
  }),
  error: Type.Object({
    type: Type.Literal('error'),
    ...common,
    error_code: Type.String(),
    message: Type.String(),
    /** Seconds after which a retry makes sense. */
    retry_after: Type.Union([Type.Number(), Type.Null()]),
  }),
  cancelled: Type.Object({ type: Type.Literal('cancelled'), ...common, anomalies_detected: Count }),
}

/** An event of an investigation: of the given `type`, or of any. */
export type InvestigationEvent<
  T extends keyof typeof InvestigationEvents = keyof typeof InvestigationEvents,
> = {
  [K in T]: Static<(typeof InvestigationEvents)[K]>
}[T]

const anomalyMembers = leadingMembers('type', 'investigation_id', 'anomaly_id')

/** Reads the anomaly's id in a published `anomaly` event without parsing it; undefined for any other event. */
export const anomalyIdOf = (data: string): string | undefined => {
  const members = anomalyMembers(data)
  return members?.[0] === ('anomaly' satisfies InvestigationEvent['type']) ? members[2] : undefined
}
