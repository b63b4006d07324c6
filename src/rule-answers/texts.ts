import type { Severity } from '../protocol/investigation.ts'

export type Topic =
  | 'datasets'
  | 'statistics'
  | 'suppliers'
  | 'supplier'
  | 'contracts'
  | 'investigate'
  | 'anomalies'
  | 'explain'
  | 'status'
  | 'report'

/** The data that example questions may use. Its texts are escaped for Markdown. */
export interface ExampleData {
  dataset: string
  supplier: string | undefined
  buyer: string | undefined
}

/** All sentences of the answers in one language; values from the data are passed in formatted and escaped. */
export interface Texts {
  /** States that no language model answers; comes once in a conversation. */
  readonly notAModel: string
  readonly greeting: string
  readonly about: string
  readonly canDo: string
  readonly thanks: string
  readonly goodbye: string
  readonly unknown: string
  /** Answers a bare "why?" about figures. */
  readonly noReasons: string
  readonly examplesHead: string
  example(topic: Topic, at: ExampleData): string

  readonly synthetic: string
  readonly noDatasets: string
  /** States what is known of datasets that users uploaded. */
  readonly uploaded: string
  datasetNotFound(name: string, others: string): string
  anomalyNotFound(asked: string): string
  noInvestigations: string
  mayNotInvestigate: string
  refused(code: string): string

  datasetsHead: readonly [name: string, rows: string, made: string]
  andMore(count: string): string

  readonly severities: Readonly<Record<Severity, string>>
  readonly caution: string
  readonly notFraud: string
  evidenceHead: string
  confidence(share: string): string
  impact(amount: string): string
  id(id: string): string

  investigating(dataset: string): string
  follow(url: string): string
  progress(percent: string, phase: string): string
  readonly phases: Readonly<Record<string, string>>
  furtherFindings(count: string): string
  ended(total: string, records: string, score: string): string
  endedBadly(how: 'error' | 'cancelled'): string
  bySeverity(list: string): string
  byType(list: string): string
  skipped(list: string): string

  statusHead: readonly [what: string, dataset: string, state: string, found: string, risk: string]
  readonly states: Readonly<Record<string, string>>
  reportOf(query: string, dataset: string): string
  reportAt(url: string): string
  readonly law: string
  /** @param words quoted, between commas */
  notUnderstood(words: string): string
  stopped(query: string): string
  /** @param list of the ids and queries, in Markdown */
  stopWhich(list: string): string
  readonly nothingToStop: string
  readonly mayNotStop: string
  exportAt(csv: string, excel: string, json: string): string
  /** Says who receives reports of wrongdoing, and what to bring. */
  readonly wrongdoing: string
  readonly howUpload: string
  readonly howMap: string
  readonly howShare: string
  /** Describes the part of a dataset that an investigation looks at. */
  within(parts: string): string
  /** States that a part of the question does not restrict an investigation. */
  readonly wholeInvestigated: string
}
