import { type Format, formatOf } from '../../language/format.ts'
import { type SentenceKey, say, tell } from '../../language/sentence.ts'
import {
  type Anomaly,
  type Evidence,
  type Review,
  type ReviewedAnomaly,
  SEVERITIES,
} from '../../protocol/investigation.ts'
import { thresholdsOf } from '../detectors.ts'
import { LISTED_CONTRACTS, rounded } from '../finding.ts'
import type { ReportInput, ReportSummary } from './input.ts'

/** A label and the text beside it. */
export type Pair = [label: string, text: string]

/** A rule as a report shows it: its comparison and its blind spots. */
export interface Method {
  type: Anomaly['anomaly_type']
  name: string
  rule: string
  thresholds: readonly { name: string; value: number; meaning: string }[]
  sources: readonly string[]
  blindSpots: readonly string[]
}

/** A key of the catalogue for a label without parameters. */
type Label =
  Extract<SentenceKey, `report.${string}`> extends infer Key
    ? Key extends
        | 'report.finding_id'
        | 'report.contracts_of'
        | 'report.digits_of'
        | 'report.score_of_ten'
        | 'report.unfinished'
        | 'report.chosen'
      ? never
      : Key extends `report.${infer Name}`
        ? Name
        : never
    : never

/** Names the fields of a filter with their values. */
const named = (fields: Readonly<Record<string, unknown>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name} = ${value}`)
    .join('; ')

const minutes = (instant: string, { day }: Format): string =>
  `${day(instant.slice(0, 10))} ${instant.slice(11, 16)} UTC`

/** Returns functions that word the parts of a report in its language. */
export const reportWords = ({ language, rules }: Pick<ReportInput, 'language' | 'rules'>) => {
  const format = formatOf(language)
  const { number, money, percent, day } = format
  const label = (name: Label): string => tell(say(`report.${name}`), language)
  const rulesOf = (type: Anomaly['anomaly_type']) => rules[type].words[language]
  const severity = (grade: Anomaly['severity']): string => label(`severity_${grade}`)
  const plain = (value: number): string => number(rounded(value, Math.abs(value) < 0.1 ? 6 : 2))

  /** Returns the evidence's single figures, in a fixed order. */
  const figures = ({ anomaly_type, evidence }: Anomaly): Pair[] => {
    const currency = evidence.currency ?? 'BRL'
    const amount = (value: number) => money(value, currency)
    const figure = rules[anomaly_type].figures === 'money' ? amount : plain
    const shown = <T>(name: Label, value: T | undefined, text: (value: T) => string): Pair[] =>
      value === undefined ? [] : [[label(name), text(value)]]
    return [
      ...shown('buyer', evidence.buyer, String),
      ...shown('supplier', evidence.supplier_name, String),
      ...shown('supplier_id', evidence.supplier_id, String),
      ...shown('group', evidence.group, String),
      ...shown('currency', evidence.currency, String),
      ...shown('observed', evidence.observed, figure),
      ...shown('expected', evidence.expected, figure),
      ...shown('median', evidence.median, amount),
      ...shown('mad', evidence.mad, plain),
      ...shown('z', evidence.z, plain),
      ...shown('ratio', evidence.ratio, plain),
      ...shown('share', evidence.share, percent),
      ...shown('hhi', evidence.hhi, plain),
      ...shown('year', evidence.year, String),
      ...shown('month', evidence.month, String),
      ...shown('limit', evidence.limit, amount),
      ...shown('n', evidence.n, number),
    ]
  }

  const reviewed = ({ verdict, note, reviewer }: Review): string =>
    [label(`review_${verdict}`), reviewer, ...(note === '' ? [] : [note])].join(' · ')

  return {
    label,
    severity,
    rulesOf,
    heading: label('heading'),
    findingId: ({ anomaly_id: id }: Anomaly): string => tell(say('report.finding_id', { id }), language),

    /** Returns the grounds of a finding. */
    grounds: (anomaly: ReviewedAnomaly): Pair[] => {
      const { confidence, financial_impact, evidence, anomaly_type, review } = anomaly
      return [
        ...(review ? [[label('review'), reviewed(review)] as Pair] : []),
        [label('confidence'), percent(confidence, 0)],
        ...(financial_impact === null
          ? []
          : [[label('at_stake'), money(financial_impact, evidence.currency ?? 'BRL')] as Pair]),
        ...figures(anomaly),
        [label('law'), evidence.law ?? rulesOf(anomaly_type).report.law],
      ]
    },

    /** Returns the numbers of findings, and the skipped rules with their reasons. */
    totals: ({ by_type, by_severity, skipped }: ReportSummary) => ({
      kinds: (Object.entries(by_type) as [Anomaly['anomaly_type'], number][]).map(
        ([type, count]): Pair => [rulesOf(type).report.name, number(count)],
      ),
      severities: SEVERITIES.toReversed().map(
        (grade): Pair => [severity(grade), number(by_severity[grade] ?? 0)],
      ),
      skipped: skipped.map(({ anomaly_type, reason }): Pair => [rulesOf(anomaly_type).report.name, reason]),
    }),

    contractHeadings: [
      label('contract'),
      label('contract_number'),
      label('value'),
      label('date'),
      label('object'),
    ] as const,
    contractCells: (
      contract: NonNullable<Evidence['contracts']>[number],
      { evidence: { currency = 'BRL' } }: Anomaly,
    ): string[] => [
      contract.contract_id,
      contract.contract_number ?? '–',
      contract.value === null ? '–' : money(contract.value, currency),
      contract.date === null ? '–' : day(contract.date),
      contract.object ?? '–',
    ],
    /** Returns the caption of the list of contracts, which states where it is not all of them. */
    contractsCaption: ({ evidence: { contracts = [], n = 0 } }: Anomaly, at: number): string => {
      const total = contracts.length >= LISTED_CONTRACTS ? Math.max(n, contracts.length) : contracts.length
      return tell(say('report.contracts_of', { number: at, shown: contracts.length, total }), language)
    },

    digitHeadings: [label('digits'), label('digits_found'), label('expected'), 'z'] as const,
    digitCells: (digit: NonNullable<Evidence['digits']>[number]): string[] => [
      String(digit.pair),
      number(digit.found),
      number(digit.expected, 1),
      number(digit.z, 2),
    ],
    digitsCaption: (at: number): string => tell(say('report.digits_of', { number: at }), language),

    /** Returns a finding's notes; codes are put into words. */
    notes: ({ evidence }: Anomaly): string[] =>
      (evidence.notes ?? []).map((note) => (note === 'year_end' ? label('year_end') : note)),

    /** Returns the data that was examined. */
    particulars: ({ investigation, summary, choice }: ReportInput): Pair[] => [
      [label('question'), investigation.query],
      [label('data'), investigation.dataset ?? label('no_longer_kept')],
      [label('started'), minutes(investigation.created_at, format)],
      [label('ended'), investigation.ended_at ? minutes(investigation.ended_at, format) : label('not_yet')],
      [label('filters'), named(investigation.filters) || label('none')],
      ...(summary
        ? ([
            [label('contracts_examined'), number(summary.records_processed)],
            [label('findings'), number(summary.total_anomalies)],
            [
              label('risk_score'),
              tell(say('report.score_of_ten', { score: rounded(summary.risk_score, 1) }), language),
            ],
          ] as Pair[])
        : []),
      ...(choice
        ? [
            [
              label('chosen_findings'),
              tell(
                say('report.chosen', {
                  shown: choice.chosen,
                  total: choice.total,
                  text: named(choice.filter),
                }),
                language,
              ),
            ] as Pair,
          ]
        : []),
      [label('investigation'), investigation.id],
    ],

    /** Returns what a reader must know before reading on: made-up data, a run that did not end, warnings. */
    cautions: ({ investigation: { synthetic, status }, summary }: ReportInput): string[] => [
      ...(synthetic ? [label('synthetic')] : []),
      ...(status === 'completed' ? [] : [tell(say('report.unfinished', { status }), language)]),
      ...(summary?.warnings ?? []),
    ],

    /** Returns each rule that was asked for, with the thresholds that were in force. */
    methods: ({ investigation: { anomaly_types, thresholds } }: ReportInput): Method[] =>
      Object.values(rules)
        .filter(({ type }) => anomaly_types.includes(type))
        .map((rule) => {
          const words = rulesOf(rule.type)
          return {
            type: rule.type,
            name: words.report.name,
            rule: words.rule,
            thresholds: Object.entries(thresholdsOf(rule, thresholds[rule.type])).map(([name, value]) => ({
              name,
              value,
              meaning: words.thresholds[name] ?? name,
            })),
            sources: rule.sources,
            blindSpots: words.blindSpots,
          }
        }),
    figure: (value: number): string => number(rounded(value, value < 0.01 ? 9 : 4), undefined),
  }
}
export type ReportWords = ReturnType<typeof reportWords>
