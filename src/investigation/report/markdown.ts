import type { ReviewedAnomaly } from '../../protocol/investigation.ts'
import { markdown as text } from './cell.ts'
import type { ReportInput, ReportSummary } from './input.ts'
import { type Method, type ReportWords, reportWords } from './report-words.ts'

const row = (cells: readonly string[]): string => `| ${cells.map(text).join(' | ')} |\n`
const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  `${row(headings)}|${' --- |'.repeat(headings.length)}\n${rows.map(row).join('')}\n`
const list = (items: readonly string[]): string => items.map((item) => `- ${text(item)}\n`).join('')

const summed = (summary: ReportSummary, { label, totals }: ReportWords): string => {
  const { kinds, severities, skipped } = totals(summary)
  return (
    `## ${label('summary')}\n\n` +
    (kinds.length > 0
      ? table([label('kind_of_finding'), label('findings')], kinds) +
        table([label('severity'), label('findings')], severities)
      : '') +
    (skipped.length > 0
      ? `### ${label('not_tried')}\n\n${table([label('rule'), label('why')], skipped)}`
      : '')
  )
}

const finding = (anomaly: ReviewedAnomaly, number: number, words: ReportWords): string => {
  const { contracts = [], digits = [] } = anomaly.evidence
  const { label } = words
  const { name, meaning, check } = words.rulesOf(anomaly.anomaly_type).report
  const about = [
    [label('kind'), name],
    [label('severity'), words.severity(anomaly.severity)],
    ...words.grounds(anomaly),
  ]
  return (
    `### ${number}. ${text(anomaly.title)}\n\n${text(anomaly.explanation ?? meaning)}\n\n` +
    table([label('evidence'), ''], about) +
    (contracts.length > 0
      ? `${text(words.contractsCaption(anomaly, number))}\n\n` +
        table(
          words.contractHeadings,
          contracts.map((one) => words.contractCells(one, anomaly)),
        )
      : '') +
    (digits.length > 0 ? table(words.digitHeadings, digits.map(words.digitCells)) : '') +
    list(words.notes(anomaly)) +
    `\n${label('check_by_hand')}\n\n${check.map((step, at) => `${at + 1}. ${text(step)}\n`).join('')}` +
    `\n${text(words.findingId(anomaly))}\n\n`
  )
}

const method = (one: Method, { label, figure }: ReportWords): string =>
  `### ${text(one.name)} (${text(one.type)})\n\n${text(one.rule)}\n\n` +
  (one.thresholds.length > 0
    ? table(
        [label('threshold'), label('threshold_value'), label('threshold_meaning')],
        one.thresholds.map(({ name, value, meaning }) => [name, figure(value), meaning]),
      )
    : '') +
  `${text(label('sources'))}: ${text(one.sources.join('; '))}\n\n` +
  `${text(label('blind_spots'))}:\n\n${list(one.blindSpots)}\n`

/** Writes the report in Markdown, finding by finding, in the reader's language. */
export async function* markdownReport(input: ReportInput): AsyncGenerator<string> {
  const words = reportWords(input)
  const { label } = words
  yield `# ${words.heading}\n\n**${label('notice')}**\n\n`
  yield words
    .cautions(input)
    .map((caution) => `> ${text(caution)}\n>\n`)
    .join('')
  yield `\n${table([label('about'), ''], words.particulars(input))}`
  if (input.summary) yield summed(input.summary, words)
  yield `## ${label('findings')}\n\n`
  let number = 0
  for await (const anomaly of input.anomalies) {
    number += 1
    yield finding(anomaly, number, words)
  }
  if (number === 0) yield `${label('nothing_found')}\n\n`
  yield `## ${label('method')}\n\n`
  for (const one of words.methods(input)) yield method(one, words)
}
