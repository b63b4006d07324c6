import type { Language } from '../../language/language.ts'
import type { Anomaly, AnomalyType, Filters, Severity, Skipped } from '../../protocol/investigation.ts'
import type { AnomalyRules } from '../detectors.ts'

export type ReportFormat = 'md' | 'html' | 'json' | 'csv'

/** Holds what a report is made of; times are ISO 8601 in UTC, words are in `language` already. */
export interface ReportInput {
  language: Language
  rules: AnomalyRules
  investigation: {
    id: string
    query: string
    status: 'pending' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled'
    /** The dataset's name, or the source's; null when it is gone. */
    dataset: string | null
    /** The data was made up. */
    synthetic: boolean
    created_at: string
    ended_at: string | null
    filters: Filters
    /** The rules that were asked for. */
    anomaly_types: readonly AnomalyType[]
    /** Settings that differ from the defaults, by type and name. */
    thresholds: Readonly<Partial<Record<AnomalyType, Readonly<Record<string, number>>>>>
  }
  /** Null until the run is complete. */
  summary: ReportSummary | null
  /** In the order in which the report shows them; read once. */
  anomalies: AsyncIterable<Anomaly>
  /** CSV is written for the spreadsheet of the language. */
  spreadsheet?: boolean
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
