import type { InvestigationEvent } from '@tributary/client'
import { CATALOGUES } from '../words/catalogue.ts'

/** A finding, as the service tells it. */
export type Finding = Extract<InvestigationEvent, { type: 'anomaly' }>

/** The verdicts of a review. */
export const VERDICTS = ['to_check', 'confirmed', 'dismissed'] as const
export type Verdict = (typeof VERDICTS)[number]
export interface Review {
  verdict: Verdict
  note: string
  reviewer: string
  reviewed_at: string
}

/** A dataset, as the service answers an upload and lists it. */
export interface Dataset {
  dataset_id: string
  name: string
  synthetic?: boolean
  rows: number
  lines?: number
  merged?: number
  rejected?: number
  currencies?: Record<string, number>
  source?: Partial<
    Record<'format' | 'encoding' | 'delimiter' | 'title_lines' | 'sheet', string | number | null>
  >
  columns: Record<string, string>
  unmapped?: string[]
  warnings: string[]
  rejects?: { line: number; reason: string }[]
  created_at?: string
}

/** An investigation, as the service lists it. */
export interface Investigation {
  investigation_id: string
  stream_id: string
  status: 'pending' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled'
  query: string
  dataset_id: string | null
  data_source: 'portal' | 'pncp' | null
  filters: Record<string, string | number>
  anomaly_types: Finding['anomaly_type'][]
  /** Those that differ from the rules' own. */
  thresholds: Partial<Record<Finding['anomaly_type'], Record<string, number>>>
  language: string
  progress: number
  anomalies_detected: number
  created_at: string
}

/** Tells whether a run in this state goes on no more. */
export const isEnd = (status: Investigation['status']): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled'

const USUAL = Object.values(CATALOGUES).map(({ investigate }) => investigate.queryDefault)

/** The name of an investigation: its question, or the file's name where nobody asked for anything in particular. */
export const titleOf = (
  run: Pick<Investigation, 'query'> | undefined,
  file: string | undefined,
): string | undefined => (run && USUAL.includes(run.query) ? (file ?? run.query) : run?.query)

/** A rule, as `GET /api/v1/anomaly-types` describes it. */
export interface Rule {
  anomaly_type: Finding['anomaly_type']
  title: string
  rule: string
  sources: string[]
  blind_spots: string[]
  thresholds: Record<string, { default: number; minimum?: number; maximum?: number; meaning: string }>
}

/** Pages of a list. */
export interface Page<T> {
  items: T[]
  next: string | null
}

export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
/** The highest first. */
export const rankOf = (severity: Finding['severity']): number =>
  SEVERITIES.length - SEVERITIES.indexOf(severity)
