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
  readonly nothingBefore: string
  /** Answers a bare "why?" about figures. */
  readonly noReasons: string
  readonly examplesHead: string
  example(topic: Topic, at: ExampleData): string

  readonly synthetic: string
  readonly noDatasets: string
  /** States what is known of datasets that users uploaded. */
  readonly uploaded: string
  source(dataset: string, synthetic: boolean): string
  datasetNotFound(name: string, others: string): string
  /** States why a dataset was chosen that the question does not name. */
  chose(why: 'only' | 'sample' | 'newest', dataset: string): string
  buyerNotFound(asked: string, near: string): string
  buyerStandsFor(asked: string, found: string): string
  supplierNotFound(asked: string, near: string): string
  severalNames(asked: string, count: string): string
  contractNotFound(asked: string): string
  noContracts: string
  daysThere(from: string, to: string): string
  /** States that a list has no further rows. */
  readonly thatIsAll: string
  readonly noModality: string
  anomalyNotFound(asked: string): string
  notFlagged(contract: string): string
  ofInvestigation(query: string, dataset: string): string
  noSuchPlace(count: string): string
  noInvestigations: string
  notInvestigated(dataset: string): string
  noAnomalies: string
  mayNotInvestigate: string
  refused(code: string): string

  /** Formats a period, whose start or end may be missing. */
  period(from: string | undefined, to: string | undefined): string
  within(parts: string): string
  buyerPart(name: string): string
  supplierPart(name: string): string
  overPart(amount: string): string

  datasetsHead: readonly [name: string, rows: string, made: string]
  statisticsHead(dataset: string): string
  rows(rows: string): string
  contracts(count: string): string
  mean(amount: string): string
  largestYear(year: string, amount: string, mean: string): string
  counted(rows: string): string
  total(amount: string): string
  median(amount: string, largest: string): string
  days(from: string, to: string): string
  parties(buyers: string, suppliers: string): string
  yearsHead: readonly [year: string, contracts: string, amount: string]

  rankingHead(kind: 'supplier' | 'buyer', dataset: string): string
  rankingColumns: readonly [place: string, name: string, contracts: string, amount: string, share: string]
  leads(name: string, share: string, total: string): string
  firstThree(share: string): string
  andMore(count: string): string

  partyFigures(name: string, contracts: string, amount: string, share: string): string
  partnersHead(kind: 'supplier' | 'buyer'): string
  largestContracts: string
  contractColumns: readonly [number: string, day: string, object: string, supplier: string, amount: string]
  readonly smallestFirst: string
  readonly comparisonColumns: readonly [name: string, contracts: string, amount: string, median: string]
  together(amount: string): string
  timesAsMuch(first: string, second: string, times: string): string
  notCompared(missing: string): string
  /** States the word that was searched for in place of the user's own. */
  sought(word: string): string
  /** States that the file has several rows for one contract. */
  readonly rowsOfContracts: string
  contractsFound(total: string, amount: string): string
  contract(number: string): string
  contractFields: readonly [
    object: string,
    supplier: string,
    buyer: string,
    unit: string,
    day: string,
    amount: string,
  ]

  readonly severities: Readonly<Record<Severity, string>>
  readonly caution: string
  readonly notFraud: string
  anomaliesFound(total: string): string
  /** States that findings cannot be restricted to the period of the question. */
  readonly notByPeriod: string
  anomalyColumns: readonly [place: string, severity: string, type: string, finding: string, impact: string]
  evidenceHead: string
  more(shown: string, total: string): string
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
  chartHead(dataset: string): string
}
