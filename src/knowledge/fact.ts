import type { Language } from '../language/language.ts'
import type { Anomaly, AnomalyType, Filters, Severity } from '../protocol/investigation.ts'
import type { InvestigationEvent } from '../protocol/investigation-event.ts'

/** A dataset that the caller may read. */
export interface KnownDataset {
  dataset_id: string
  name: string
  synthetic: boolean
  rows: number
  created_at: string
}

/** Which rows a question is about; each is left out where it does not matter. */
export interface Slice {
  /** A supplier's name, or a part of one where none is called so; or its CNPJ or CPF. */
  supplier?: string | undefined
  /** The name of a buyer or of a managing unit, or a part of one where none is called so. */
  buyer?: string | undefined
  /** `YYYY-MM-DD`, inclusive, by signature, else start. */
  startDate?: string | undefined
  endDate?: string | undefined
  /** Reais. */
  minValue?: number | undefined
}

/**
 * A dataset, or a slice of it, in figures. Sums leave out rows without a positive value, and budget commitments
 * whose contract is in the dataset too.
 */
export interface Overview {
  dataset_id: string
  rows: number
  /** Rows that the sums are made of. */
  counted_rows: number
  /** Of the counted rows; several rows can be one. */
  contracts: number
  /** Reais. */
  total_value: number
  /** Reais; null without a counted row. */
  median_value: number | null
  largest_value: number | null
  /** `YYYY-MM-DD`; null where the rows have no days. */
  first_day: string | null
  last_day: string | null
  buyers: number
  suppliers: number
  /** Counted rows by year, ascending; rows without a day are in none. */
  years: { year: number; contracts: number; total_value: number }[]
}

export type Party = 'supplier' | 'buyer'

/** A supplier or a buyer with its part of the whole. */
export interface Share {
  name: string
  /** CNPJ or CPF; null where the file has none. */
  id: string | null
  contracts: number
  /** Reais. */
  total_value: number
  /** Of the counted value of the slice, 0–1. */
  share: number
}

/** The largest by value, descending, and what they are a part of. */
export interface Ranking {
  dataset_id: string
  items: Share[]
  /** How many there are in all. */
  of: number
  /** Reais. */
  total_value: number
}

/** A name in the data that fits what was asked for. */
export interface Name {
  name: string
  /** Every word asked for is in it; otherwise it only looks alike. */
  exact: boolean
  contracts: number
  /** Reais. */
  total_value: number
}

export interface FoundContract {
  contract_id: string
  contract_number: string | null
  object: string | null
  supplier_name: string | null
  supplier_id: string | null
  buyer_name: string | null
  unit_name: string | null
  /** `YYYY-MM-DD`: signature, else start. */
  date: string | null
  /** Reais. */
  value: number | null
}

export interface ContractSearch extends Slice {
  /** Words that all stand in the object, item or category, however they are accented. */
  text?: string | undefined
  /** Contract number, contract id or process number. */
  number?: string | undefined
  /** 1–50. */
  limit: number
  /** Contracts to pass over. */
  after?: number | undefined
}

/** Contracts by value, the largest first. */
export interface ContractPage {
  dataset_id: string
  items: FoundContract[]
  /** All that fit. */
  total: number
  /** Reais, of all that fit. */
  total_value: number
  /** `after` of the next page; null at the end. */
  next: number | null
}

export interface KnownInvestigation {
  investigation_id: string
  query: string
  status: 'pending' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled'
  dataset_id: string | null
  filters: Filters
  /** 0–100. */
  progress: number
  anomalies_detected: number
  records_processed: number
  created_at: string
  ended_at: string | null
  /** 0–10; null before its end. */
  risk_score: number | null
  by_type: Partial<Record<AnomalyType, number>>
  by_severity: Partial<Record<Severity, number>>
}

export interface AnomalyFilter {
  /** Of its newest finished investigation; every dataset's when none is named. */
  datasetId?: string | undefined
  investigationId?: string | undefined
  type?: AnomalyType | undefined
  severity?: Severity | undefined
  /** Another language than those of the investigations. */
  language?: Language | undefined
  /** 1–100. */
  limit: number
  /** `severity`: the gravest first, then by money at stake; `discovery`: as they were found. */
  order: 'severity' | 'discovery'
}

/** What was found, and by which investigations. */
export interface AnomalyList {
  items: (Anomaly & { investigation_id: string })[]
  /** All that fit. */
  total: number
  investigations: KnownInvestigation[]
}

export interface InvestigationOrder {
  datasetId: string
  /** The question, in the asker's words. */
  query: string
  filters: Filters
  anomalyTypes?: readonly AnomalyType[] | undefined
  /** Of what it finds; English unless given. */
  language?: Language | undefined
}

interface Within {
  signal: AbortSignal
}

/**
 * What one caller may know. Nothing of anybody else's is ever in an answer.
 *
 * Every method that takes an id throws {Problem} `NOT_FOUND` when it is not there or not for this caller. Those
 * that read rows throw {Problem} `OVERLOADED` when the answer takes too long, and the signal's reason when it
 * aborts.
 */
export interface Knowledge {
  /** May it start investigations? */
  readonly mayInvestigate: boolean
  /** Its own, those shared with it and the sample, newest first, at most 100; every one for an admin. */
  datasets(): Promise<KnownDataset[]>
  overview(datasetId: string, slice: Slice, within: Within): Promise<Overview>
  /** @param limit 1–50 */
  ranking(datasetId: string, party: Party, slice: Slice, limit: number, within: Within): Promise<Ranking>
  /**
   * Names that have all the words of `text`, else at most `limit` that look alike, the likeliest first.
   * A `unit` is a managing unit inside a buyer.
   */
  names(datasetId: string, kind: Party | 'unit', text: string, limit: number, within: Within): Promise<Name[]>
  contracts(datasetId: string, search: ContractSearch, within: Within): Promise<ContractPage>
  /** Newest first. */
  investigations(limit: number): Promise<KnownInvestigation[]>
  investigation(id: string): Promise<KnownInvestigation>
  anomalies(filter: AnomalyFilter): Promise<AnomalyList>
  /**
   * One finding, newest investigation first.
   * @param id an anomaly's id or the first 6 and more characters of one, or a contract's id or number
   */
  anomaly(
    id: string,
    datasetId?: string,
    language?: Language,
  ): Promise<Anomaly & { investigation_id: string }>
  /**
   * Starts an investigation that is the caller's own.
   * @returns its id
   * @throws {Problem} `FORBIDDEN` without the right to start, `TOO_MANY_STREAMS`, `DRAINING`
   */
  investigate(order: InvestigationOrder): Promise<string>
  /** An investigation's events from the beginning. */
  follow(investigationId: string, signal: AbortSignal): AsyncIterable<InvestigationEvent>
}
