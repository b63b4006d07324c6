import type { Language } from '../../language/language.ts'
import type {
  AnomalyType,
  Filters,
  ReviewedAnomaly,
  Severity,
  Skipped,
} from '../../protocol/investigation.ts'
import type { AnomalyRules } from '../detectors.ts'

export type ReportFormat = 'md' | 'html' | 'json' | 'csv'

/** The content of a report; times are ISO 8601 in UTC, texts are in `language` already. */
export interface ReportInput {
  language: Language
  rules: AnomalyRules
  investigation: {
    id: string
    query: string
    status: 'pending' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled'
    /** Name of the dataset, or of the source; null when it was removed. */
    dataset: string | null
    /** Whether the data was made up. */
    synthetic: boolean
    created_at: string
    ended_at: string | null
    filters: Filters
    /** The anomaly types that were asked for. */
    anomaly_types: readonly AnomalyType[]
    /** Thresholds that differ from the defaults, by type and name. */
    thresholds: Readonly<Partial<Record<AnomalyType, Readonly<Record<string, number>>>>>
  }
  /** Null until the run is complete. */
  summary: ReportSummary | null
  /** The findings in the order of the report; read once. */
  anomalies: AsyncIterable<ReviewedAnomaly>
  /** The choice that a filter made; undefined where the report has every finding. */
  choice?: ReportChoice | undefined
  /** Whether CSV is written for the spreadsheet of the language. */
  spreadsheet?: boolean
}

/** A filter's fields, the number of findings that it chose, and of how many. */
export interface ReportChoice {
  filter: Readonly<Record<string, string | number>>
  chosen: number
  total: number
}

export interface ReportSummary {
  total_anomalies: number
  by_type: Readonly<Partial<Record<AnomalyType, number>>>
  by_severity: Readonly<Partial<Record<Severity, number>>>
  records_processed: number
  /** 0–10. */
  risk_score: number
  skipped: readonly Skipped[]
  warnings: readonly string[]
}
