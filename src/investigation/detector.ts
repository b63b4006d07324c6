import type { DuckDBConnection } from '@duckdb/node-api'
import type { Anomaly, AnomalyType } from '../protocol/investigation.ts'

/** A number a rule compares with; every one is a setting. */
export interface Threshold {
  default: number
  /** What it is and its unit. */
  meaning: string
  minimum?: number
  maximum?: number
}

/** What is in the data, found once per run while profiling. */
export interface Profile {
  rows: number
  /** Rows in which a canonical column is not null. */
  filled: Readonly<Record<string, number>>
}

/** What a detector is handed. The connection holds the run's table `contracts` (see analysis.ts). */
export interface Analysis {
  connection: DuckDBConnection
  profile: Profile
  /** Every threshold of the detector, defaults filled in. */
  thresholds: Readonly<Record<string, number>>
}

/** A finding without its words switched off; `explanation` is always there. */
export type Finding = Anomaly & { explanation: string }

/** One rule, one file. */
export interface Detector {
  readonly type: AnomalyType
  readonly title: string
  /** The rule in a sentence or two, as shown in the documentation and in `GET /api/v1/anomaly-types`. */
  readonly rule: string
  /** Laws and papers it rests on. */
  readonly sources: readonly string[]
  readonly blindSpots: readonly string[]
  readonly thresholds: Readonly<Record<string, Threshold>>
  /** Why it cannot run on this data, or null. */
  missing(profile: Profile): string | null
  /**
   * Findings in a fixed order, each once; a `warning` is told to the reader beside them. `skipped` says
   * that the columns are there but too little stands in them, and is then the only thing yielded.
   */
  run(
    analysis: Analysis,
    signal: AbortSignal,
  ): AsyncIterable<Finding | { warning: string } | { skipped: string }>
}
