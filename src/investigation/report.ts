import { csvRecord } from '../protocol/csv.ts'
import { Anomaly, type ReviewedAnomaly } from '../protocol/investigation.ts'
import { type CellKind, spreadsheetText } from '../store/lines/spreadsheet.ts'
import { htmlReport } from './report/html.ts'
import type { ReportFormat, ReportInput } from './report/input.ts'
import { markdownReport } from './report/markdown.ts'
import { reportWords } from './report/report-words.ts'

/** The `Content-Type` of each format. */
export const REPORT_MEDIA_TYPES: Readonly<Record<ReportFormat, string>> = {
  md: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
}

const ANOMALY_KEYS = [...Object.keys(Anomaly.properties), 'review']

async function* jsonReport(input: ReportInput): AsyncGenerator<string> {
  const { investigation, summary, language, choice } = input
  const words = reportWords(input)
  const head = JSON.stringify({
    language,
    notice: words.label('notice'),
    cautions: words.cautions(input),
    investigation,
    summary,
    ...(choice && { choice }),
    methods: words
      .methods(input)
      .map(({ type, blindSpots, ...method }) => ({ anomaly_type: type, ...method, blind_spots: blindSpots })),
  })
  yield `${head.slice(0, -1)},"anomalies":[`
  let separator = '\n'
  for await (const anomaly of input.anomalies) {
    const entries = Object.entries(anomaly).filter(([key]) => ANOMALY_KEYS.includes(key))
    yield separator + JSON.stringify(Object.fromEntries(entries))
    separator = ',\n'
  }
  yield '\n]}\n'
}

const CSV_COLUMNS = {
  anomaly_id: (anomaly) => anomaly.anomaly_id,
  anomaly_type: (anomaly) => anomaly.anomaly_type,
  severity: (anomaly) => anomaly.severity,
  confidence: (anomaly) => anomaly.confidence,
  contract_id: (anomaly) => anomaly.contract_id,
  title: (anomaly) => anomaly.title,
  explanation: (anomaly) => anomaly.explanation,
  financial_impact: (anomaly) => anomaly.financial_impact,
  buyer: (anomaly) => anomaly.evidence.buyer,
  supplier_id: (anomaly) => anomaly.evidence.supplier_id,
  supplier_name: (anomaly) => anomaly.evidence.supplier_name,
  law: (anomaly) => anomaly.evidence.law,
  evidence: (anomaly) => JSON.stringify(anomaly.evidence),
  review: (anomaly) => anomaly.review?.verdict,
  review_note: (anomaly) => anomaly.review?.note,
  reviewer: (anomaly) => anomaly.review?.reviewer,
} as const satisfies Record<string, (anomaly: ReviewedAnomaly) => string | number | null | undefined>

const CSV_KINDS = Object.keys(CSV_COLUMNS).map(
  (column): CellKind => (column === 'confidence' || column === 'financial_impact' ? 'number' : 'text'),
)

async function* csvReport({ anomalies }: ReportInput): AsyncGenerator<string> {
  yield csvRecord(Object.keys(CSV_COLUMNS))
  for await (const anomaly of anomalies)
    yield csvRecord(Object.values(CSV_COLUMNS).map((cell) => cell(anomaly)))
}

/**
 * Writes a report of an investigation for people (`md`, `html`) or programs (`json`: one object; `csv`: RFC 4180,
 * cells inert), in pieces, one finding at a time. It throws when the findings cannot be read to their end, so a cut
 * report never looks whole.
 */
export const report = (format: ReportFormat, input: ReportInput): AsyncIterable<string> => {
  switch (format) {
    case 'md':
      return markdownReport(input)
    case 'html':
      return htmlReport(input)
    case 'json':
      return jsonReport(input)
    case 'csv':
      return input.spreadsheet
        ? spreadsheetText(csvReport(input), input.language, CSV_KINDS)
        : csvReport(input)
  }
}
