import type { Language } from '../language/language.ts'
import type { Anomaly, AnomalyType, Filters, Severity, Skipped } from '../protocol/investigation.ts'
import type { InvestigationEvent } from '../protocol/investigation-event.ts'
import type { Plan, Where } from '../protocol/plan.ts'
import type { Outcome, RestrictedLines } from '../question/outcome.ts'
import type { Register } from '../question/register.ts'

/** A dataset that the caller may read. */
export interface KnownDataset {
  dataset_id: string
  name: string
  synthetic: boolean
  /** Whether the caller uploaded it. */
  own: boolean
  rows: number
  created_at: string
}

/** The rows that a question is about; a missing field does not restrict them. */
export interface Slice {
  /** A supplier's name, or a part of one where no supplier has exactly that name; or its CNPJ or CPF. */
  supplier?: string | undefined
  /** The name of a buyer or of a managing unit, or a part of one where none has exactly that name. */
  buyer?: string | undefined
  /** First day, `YYYY-MM-DD`, inclusive; compared with the day of signature, else of the start. */
  startDate?: string | undefined
  endDate?: string | undefined
  /** Smallest value, in reais. */
  minValue?: number | undefined
}

/**
 * The figures of a dataset, or of a slice of it. Sums leave out rows without a positive value, and budget
 * commitments whose contract is in the dataset too.
 */
export interface Overview {
  dataset_id: string
  rows: number
  /** Rows that the sums are made of. */
  counted_rows: number
  /** Number of contracts of the counted rows; several rows can be one contract. */
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

/** A supplier or a buyer with its share of the slice. */
export interface Share {
  name: string
  /** CNPJ or CPF; null where the file has none. */
  id: string | null
  contracts: number
  /** Reais. */
  total_value: number
  /** Part of the counted value of the slice, 0–1. */
  share: number
}

/** The largest suppliers or buyers by value, descending, and the total. */
export interface Ranking {
  dataset_id: string
  items: Share[]
  /** Number of suppliers or buyers in all. */
  of: number
  /** Reais. */
  total_value: number
}

/** A name in the data that resembles the one that was searched for. */
export interface Name {
  name: string
  /** true where it has every searched word; otherwise it only looks alike. */
  exact: boolean
  contracts: number
  /** Reais. */
  total_value: number
}

export interface KnownInvestigation {
  investigation_id: string
  query: string
  /** Whether the caller started it. */
  own: boolean
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
  /** Dataset whose newest finished investigation is read; every dataset's when none is given. */
  datasetId?: string | undefined
  investigationId?: string | undefined
  type?: AnomalyType | undefined
  severity?: Severity | undefined
  /** Language of the findings; that of their investigations when none is given. */
  language?: Language | undefined
  /** 1–100. */
  limit: number
  /**
   * `severity`: the gravest first, then by the amount at stake; `discovery`: in the order in which they were found.
   */
  order: 'severity' | 'discovery'
}

/** Findings, and the investigations that they belong to. */
export interface AnomalyList {
  items: (Anomaly & { investigation_id: string })[]
  /** Number of all matching findings. */
  total: number
  investigations: KnownInvestigation[]
}

/** The findings that a plan asks for, out of a dataset's newest finished investigation. */
export interface FoundFindings {
  /** null where the dataset has no finished investigation. */
  investigation: KnownInvestigation | null
  /** Rules that looked at the contracts. */
  ran: readonly AnomalyType[]
  /** Rules that could not, with the reason in words. */
  skipped: readonly Skipped[]
  /** The listed ones, in the order of the plan; the gravest first unless it says otherwise. */
  items: (Anomaly & { investigation_id: string })[]
  /** Number of all that the plan leaves; those listed, counted and added up are of the first 5,000. */
  of: number
  by_type: Partial<Record<AnomalyType, number>>
  by_severity: Partial<Record<Severity, number>>
  /** The amounts at stake by currency. */
  at_stake: { currency: string; findings: number; total: number }[]
}

/** The outcome of a plan over one dataset; with `findings` where it asks about findings. */
export type Answered = Outcome & { findings?: FoundFindings }

export interface InvestigationOrder {
  datasetId: string
  /** The question, in the words of the user. */
  query: string
  filters: Filters
  anomalyTypes?: readonly AnomalyType[] | undefined
  /** Language of the findings; English unless given. */
  language?: Language | undefined
}

interface Within {
  signal: AbortSignal
}

/**
 * Reads the service's data within what one caller may see. No answer contains data of another user that is not
 * shared with the caller.
 *
 * Every method that takes an id throws {Problem} `NOT_FOUND` when it does not exist or the caller may not see it.
 * Those that read rows throw {Problem} `OVERLOADED` when the answer takes too long, and the signal's reason when it
 * aborts.
 */
export interface Knowledge {
  /** Whether the caller may start investigations. */
  readonly mayInvestigate: boolean
  /**
   * Lists the caller's own datasets, those shared with it and the sample, newest first, at most 100; every one for
   * an admin.
   */
  datasets(): Promise<KnownDataset[]>
  overview(datasetId: string, slice: Slice, within: Within): Promise<Overview>
  /** Ranks suppliers or buyers by value. @param limit 1–50 */
  ranking(datasetId: string, party: Party, slice: Slice, limit: number, within: Within): Promise<Ranking>
  /**
   * Finds names that have all the words of `text`; else at most `limit` that look alike, the likeliest first. A
   * `unit` is a managing unit inside a buyer.
   */
  names(datasetId: string, kind: Party | 'unit', text: string, limit: number, within: Within): Promise<Name[]>
  /** Returns the names and words of a dataset, by which questions about it are read. */
  register(datasetId: string, within: Within): Promise<Register>
  /** Runs a plan over a dataset; the one that the plan names is not looked at. */
  query(datasetId: string, plan: Plan, within: Within & { language: Language }): Promise<Answered>
  /** Returns the lines of the rows that a restriction leaves, ascending, and what it leaves out undecided. */
  lines(datasetId: string, where: Where, within: Within): Promise<RestrictedLines>
  /** Lists investigations, newest first. */
  investigations(limit: number): Promise<KnownInvestigation[]>
  investigation(id: string): Promise<KnownInvestigation>
  anomalies(filter: AnomalyFilter): Promise<AnomalyList>
  /**
   * Finds one finding, of the newest investigation that has it.
   * @param id an anomaly's id or at least its first 6 characters, or a contract's id or number
   */
  anomaly(
    id: string,
    datasetId?: string,
    language?: Language,
  ): Promise<Anomaly & { investigation_id: string }>
  /**
   * Starts an investigation that the caller owns.
   * @returns its id
   * @throws {Problem} `FORBIDDEN` without the right to start, `TOO_MANY_STREAMS`, `DRAINING`
   */
  investigate(order: InvestigationOrder): Promise<string>
  /**
   * Cancels an investigation of the caller's that has not ended.
   * @throws {Problem} `NOT_FOUND`, `FORBIDDEN`, `INVALID_STATE`
   */
  stop(investigationId: string): Promise<void>
  /** Reads an investigation's events from the beginning. */
  follow(investigationId: string, signal: AbortSignal): AsyncIterable<InvestigationEvent>
}
