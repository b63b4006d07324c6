import { type Anomaly, type AnomalyType, type Evidence, SEVERITIES } from '../../protocol/investigation.ts'
import { LISTED_CONTRACTS, percent, reais, rounded } from '../finding.ts'
import type { ReportInput, ReportSummary } from './input.ts'

export const TITLE = 'Investigation of public contracts'

export const NOTICE =
  'Each finding below is a red flag, not a proof. It shows where the published data departs from a stated rule; ' +
  'there may be a lawful reason that the data does not show. Check the original documents and hear those concerned ' +
  'before you draw a conclusion or publish a name.'

export const NOTHING_FOUND =
  'No red flag was found. That is not a proof that everything is in order: only the rules named here were tried, ' +
  'on the columns that the data has.'

/** A label and the text beside it. */
export type Pair = [label: string, text: string]

/** What a type of finding means to a reader, and how to check one without this service. */
export interface Reading {
  name: string
  meaning: string
  law: string
  check: readonly string[]
}

export const READINGS: Readonly<Record<AnomalyType, Reading>> = {
  price_deviation: {
    name: 'Price far from its reference',
    meaning: 'A unit price stands well above a reference price, or above what others paid for the same item.',
    law: 'Lei 14.133/2021, arts. 23 and 59 III',
    check: [
      'Open the contracts listed and confirm unit price, quantity and unit of measure: a box is not a piece.',
      'Divide the price paid by the reference or by the median given here; the ratio must be the one shown.',
      'Ask the buyer for the price research in the file of the purchase.',
    ],
  },
  vendor_concentration: {
    name: 'One supplier holds most of a buyer’s spending',
    meaning: 'A large share of what one buyer spends goes to one supplier.',
    law: 'Lei 14.133/2021, art. 11 II (fair competition)',
    check: [
      'Add up the buyer’s contracts in the data, then those of this supplier; the quotient is the share shown.',
      'See how each contract was awarded: some goods have one lawful supplier only.',
    ],
  },
  temporal_pattern: {
    name: 'A month with unusually many contracts',
    meaning: 'A buyer signed far more contracts in one month than in its other months.',
    law: 'Lei 4.320/1964, arts. 35 and 60 (the year’s budget and its commitments)',
    check: [
      'Count the buyer’s contracts by month of signature and compare the month with the others.',
      'Look for a lawful reason: a yearly renewal, an emergency, a programme that began.',
    ],
  },
  duplicate_contract: {
    name: 'Contracts that look like one contract paid twice',
    meaning: 'The same buyer has contracts with the same supplier for the same thing, value and time.',
    law: 'Lei 4.320/1964, arts. 62 and 63 (payment only for what was delivered)',
    check: [
      'Put the contracts listed side by side: object, lot, process, term and value.',
      'Ask for both documents; a record entered twice is an error of the portal, two payments are not.',
    ],
  },
  payment_pattern: {
    name: 'A contract grew beyond the legal limit',
    meaning: 'The final value stands further above the initial one than amendments may raise it.',
    law: 'Lei 14.133/2021, art. 125; Lei 8.666/1993, art. 65 § 1',
    check: [
      'Divide the final by the (updated) initial value; above 1.25, for renovations 1.5, the limit is passed.',
      'Read the amendments: a renewed term or a price adjustment is not an addition.',
    ],
  },
  split_purchase: {
    name: 'Purchases that together pass the limit for a waiver',
    meaning: 'Several purchases without tender, each under the legal limit, reach it together.',
    law: 'Lei 14.133/2021, art. 75 § 1; Lei 8.666/1993, art. 24',
    check: [
      'Add up the contracts listed: same unit, supplier, year and kind of purchase.',
      'Compare the sum with the limit in force on their dates, given as evidence.',
      'See whether the objects could have been foreseen and bought together.',
    ],
  },
  benford_deviation: {
    name: 'First digits that do not follow Benford’s law',
    meaning: 'In large sets of natural amounts the first digits follow a known distribution; these do not.',
    law: 'No law: a statistical convention (Nigrini, 2012)',
    check: [
      'Count the first two digits of the positive values and compare with the table of evidence.',
      'Look at the most repeated exact values: fixed fees and tariffs explain many departures.',
    ],
  },
}

/** Types whose observed and expected figures are reais. */
const IN_REAIS: ReadonlySet<AnomalyType> = new Set([
  'price_deviation',
  'vendor_concentration',
  'duplicate_contract',
  'payment_pattern',
  'split_purchase',
])

/** The evidence's single figures as label and text, in a fixed order. */
const figures = ({ anomaly_type, evidence }: Anomaly): Pair[] => {
  const figure = (value: number) => (IN_REAIS.has(anomaly_type) ? reais(value) : String(rounded(value)))
  const plain = (value: number) => String(rounded(value, Math.abs(value) < 0.1 ? 6 : 2))
  const rows: [string, string | undefined][] = [
    ['Buyer', evidence.buyer],
    ['Supplier', evidence.supplier_name],
    ['Supplier’s tax number', evidence.supplier_id],
    ['Compared within', evidence.group],
    ['Observed', shown(evidence.observed, figure)],
    ['Expected', shown(evidence.expected, figure)],
    ['Median', shown(evidence.median, figure)],
    ['Spread (MAD)', shown(evidence.mad, plain)],
    ['Robust z-score', shown(evidence.z, plain)],
    ['Ratio', shown(evidence.ratio, plain)],
    ['Share', shown(evidence.share, percent)],
    ['Concentration (HHI, of 10,000)', shown(evidence.hhi, plain)],
    ['Year', shown(evidence.year, String)],
    ['Month', shown(evidence.month, String)],
    ['Legal limit', shown(evidence.limit, reais)],
    ['Contracts or values counted', shown(evidence.n, String)],
  ]
  return rows.filter((row): row is Pair => row[1] !== undefined)
}

/** What a finding rests on, as label and text. */
export const grounds = (anomaly: Anomaly): Pair[] => {
  const { confidence, financial_impact, evidence, anomaly_type } = anomaly
  return [
    ['Confidence', `${Math.round(confidence * 100)} %`],
    ...(financial_impact === null ? [] : [['Amount at stake', reais(financial_impact)] as Pair]),
    ...figures(anomaly),
    ['Law', evidence.law ?? READINGS[anomaly_type].law],
  ]
}

/** What was found how often, and which rules could not be tried and why, as label and text. */
export const totals = ({ by_type, by_severity, skipped }: ReportSummary) => ({
  kinds: (Object.entries(by_type) as [AnomalyType, number][]).map(
    ([type, count]): Pair => [READINGS[type].name, String(count)],
  ),
  severities: SEVERITIES.toReversed().map((severity): Pair => [severity, String(by_severity[severity] ?? 0)]),
  skipped: skipped.map(({ anomaly_type, reason }): Pair => [READINGS[anomaly_type].name, reason]),
})

const shown = (value: number | undefined, format: (value: number) => string): string | undefined =>
  value === undefined ? undefined : format(value)

export const CONTRACT_HEADINGS = ['Contract', 'Number in the file', 'Value', 'Date', 'Object'] as const
export const contractCells = (contract: NonNullable<Evidence['contracts']>[number]): string[] => [
  contract.contract_id,
  contract.contract_number ?? '–',
  contract.value === null ? '–' : reais(contract.value),
  contract.date ?? '–',
  contract.object ?? '–',
]

/** What the list of contracts is called; it says so where it is not all of them. */
export const contractsCaption = ({ evidence: { contracts = [], n = 0 } }: Anomaly, number: number): string =>
  `Contracts of finding ${number}` +
  (contracts.length >= LISTED_CONTRACTS && n > contracts.length ? `: ${contracts.length} of ${n}` : '')

/** Notes that detectors write as keys. */
const NOTES: Readonly<Record<string, string>> = {
  year_end: 'The month is December: many budgets are spent at the end of the year.',
}
export const notesOf = ({ evidence }: Anomaly): string[] =>
  (evidence.notes ?? []).map((note) => NOTES[note] ?? note)

export const DIGIT_HEADINGS = ['First digits', 'Found', 'Expected', 'z'] as const
export const digitCells = (digit: NonNullable<Evidence['digits']>[number]): string[] => [
  String(digit.pair),
  String(digit.found),
  String(rounded(digit.expected, 1)),
  String(rounded(digit.z, 2)),
]

const time = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`

/** What was examined, as label and text. */
export const particulars = ({ investigation, summary }: ReportInput): Pair[] => {
  const { filters, thresholds } = investigation
  const listed = (entries: [string, unknown][]) =>
    entries.map(([name, value]) => `${name} = ${value}`).join('; ')
  const settings = Object.entries(thresholds).flatMap(([type, values]) =>
    Object.entries(values).map(([name, value]): [string, number] => [`${type}.${name}`, value]),
  )
  return [
    ['Question', investigation.query],
    ['Data', investigation.dataset ?? 'no longer kept'],
    ['Started', time(investigation.created_at)],
    ['Ended', investigation.ended_at ? time(investigation.ended_at) : 'not yet'],
    ['Filters', listed(Object.entries(filters)) || 'none'],
    ['Changed thresholds', listed(settings) || 'none; each rule’s documented defaults'],
    ...(summary
      ? ([
          ['Contracts examined', summary.records_processed.toLocaleString('en-US')],
          ['Findings', String(summary.total_anomalies)],
          ['Risk score', `${rounded(summary.risk_score, 1)} of 10`],
        ] as Pair[])
      : []),
    ['Investigation', investigation.id],
  ]
}

/** What a reader must know before reading on: made-up data, a run that did not end. */
export const cautions = ({ investigation, summary }: ReportInput): string[] => [
  ...(investigation.synthetic ? ['The data is synthetic: the names and contracts are made up.'] : []),
  ...(investigation.status === 'completed'
    ? []
    : [
        `This investigation is ${investigation.status}: the report has what was found so far, and may lack findings.`,
      ]),
  ...(summary?.warnings ?? []),
]
