import type { Anomaly } from '../../protocol/investigation.ts'
import { markdown as text } from './cell.ts'
import type { ReportInput, ReportSummary } from './input.ts'
import {
  CONTRACT_HEADINGS,
  cautions,
  contractCells,
  contractsCaption,
  DIGIT_HEADINGS,
  digitCells,
  grounds,
  NOTHING_FOUND,
  NOTICE,
  notesOf,
  particulars,
  READINGS,
  TITLE,
  totals,
} from './words.ts'

const row = (cells: readonly string[]): string => `| ${cells.map(text).join(' | ')} |\n`
const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  `${row(headings)}|${' --- |'.repeat(headings.length)}\n${rows.map(row).join('')}\n`

const summed = (summary: ReportSummary): string => {
  const { kinds, severities, skipped } = totals(summary)
  return (
    `## Summary\n\n` +
    (kinds.length > 0
      ? table(['Kind of finding', 'Findings'], kinds) + table(['Severity', 'Findings'], severities)
      : '') +
    (skipped.length > 0 ? `### Rules that could not be tried\n\n${table(['Rule', 'Why'], skipped)}` : '')
  )
}

const finding = (anomaly: Anomaly, number: number): string => {
  const { contracts = [], digits = [] } = anomaly.evidence
  const reading = READINGS[anomaly.anomaly_type]
  const about = [['Kind', reading.name], ['Severity', anomaly.severity], ...grounds(anomaly)]
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
  if (input.summary) yield summed(input.summary)
  yield '## Findings\n\n'
  let number = 0
  for await (const anomaly of input.anomalies) {
    number += 1
    yield finding(anomaly, number)
  }
  if (number === 0) yield `${NOTHING_FOUND}\n`
}
