import { type Anomaly, SEVERITIES } from '../../protocol/investigation.ts'
import { reais } from '../finding.ts'
import { markdown as text } from './cell.ts'
import type { ReportInput, ReportSummary } from './input.ts'
import {
  CONTRACT_HEADINGS,
  cautions,
  contractCells,
  contractsCaption,
  DIGIT_HEADINGS,
  digitCells,
  figures,
  NOTHING_FOUND,
  NOTICE,
  notesOf,
  particulars,
  READINGS,
  TITLE,
} from './words.ts'

const row = (cells: readonly string[]): string => `| ${cells.map(text).join(' | ')} |\n`
const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  `${row(headings)}|${' --- |'.repeat(headings.length)}\n${rows.map(row).join('')}\n`

const totals = (summary: ReportSummary): string => {
  const types = Object.entries(summary.by_type) as [keyof typeof READINGS, number][]
  return (
    `## Summary\n\n` +
    (types.length > 0
      ? table(
          ['Kind of finding', 'Findings'],
          types.map(([type, count]) => [READINGS[type].name, String(count)]),
        ) +
        table(
          ['Severity', 'Findings'],
          SEVERITIES.toReversed().map((severity) => [severity, String(summary.by_severity[severity] ?? 0)]),
        )
      : '') +
    (summary.skipped.length > 0
      ? '### Rules that could not be tried\n\n' +
        table(
          ['Rule', 'Why'],
          summary.skipped.map((skip) => [READINGS[skip.anomaly_type].name, skip.reason]),
        )
      : '')
  )
}

const finding = (anomaly: Anomaly, number: number): string => {
  const { evidence } = anomaly
  const reading = READINGS[anomaly.anomaly_type]
  const about: [string, string][] = [
    ['Kind', reading.name],
    ['Severity', anomaly.severity],
    ['Confidence', `${Math.round(anomaly.confidence * 100)} %`],
    ...(anomaly.financial_impact === null
      ? []
      : ([['Amount at stake', reais(anomaly.financial_impact)]] as [string, string][])),
    ...figures(anomaly),
    ['Law', evidence.law ?? reading.law],
  ]
  const contracts = evidence.contracts ?? []
  const digits = evidence.digits ?? []
  return (
    `### ${number}. ${text(anomaly.title)}\n\n${text(anomaly.explanation ?? reading.meaning)}\n\n` +
    table(['Evidence', ''], about) +
    (contracts.length > 0
      ? `${text(contractsCaption(anomaly, number))}\n\n` +
        table(CONTRACT_HEADINGS, contracts.map(contractCells))
      : '') +
    (digits.length > 0 ? table(DIGIT_HEADINGS, digits.map(digitCells)) : '') +
    notesOf(anomaly)
      .map((note) => `- ${text(note)}\n`)
      .join('') +
    `\nHow to check it by hand:\n\n${reading.check.map((step, at) => `${at + 1}. ${text(step)}\n`).join('')}` +
    `\nFinding \`${anomaly.anomaly_id.replace(/[^\w-]/g, '')}\`\n\n`
  )
}

/** The report in Markdown, finding by finding. */
export async function* markdownReport(input: ReportInput): AsyncGenerator<string> {
  yield `# ${TITLE}\n\n**${NOTICE}**\n\n`
  yield cautions(input)
    .map((caution) => `> ${text(caution)}\n>\n`)
    .join('')
  yield `\n${table(['About this report', ''], particulars(input))}`
  if (input.summary) yield totals(input.summary)
  yield '## Findings\n\n'
  let number = 0
  for await (const anomaly of input.anomalies) {
    number += 1
    yield finding(anomaly, number)
  }
  if (number === 0) yield `${NOTHING_FOUND}\n`
}
