import type { Anomaly } from '../../protocol/investigation.ts'
import { html as text } from './cell.ts'
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
  type Pair,
  particulars,
  READINGS,
  TITLE,
  totals,
} from './words.ts'

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --dim: #545b62; --ground: #fff; --line: #c9ced3; --band: #f2f4f6;
  --low: #2b5c8a; --medium: #7a5200; --high: #a33a00; --critical: #a3001b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9ecef; --dim: #adb5bd; --ground: #16191d; --line: #444b53;
  --band: #20252b; --low: #8fc3f3; --medium: #f0c05a; --high: #ff9d66; --critical: #ff8a94; } }
body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { margin-top: 2.5rem; } h3 { margin: 0 0 .5rem; font-size: 1.1rem; }
.notice, .caution { border-left: .3rem solid var(--high); padding: .75rem 1rem; background: var(--band); }
.caution { border-color: var(--medium); }
article { border: 1px solid var(--line); border-radius: .5rem; padding: 1.25rem; margin: 1.25rem 0; }
.severity { display: inline-block; padding: 0 .6rem; border: 1px solid currentColor; border-radius: 1rem;
  font-size: .85rem; font-weight: 600; }
.low { color: var(--low); } .medium { color: var(--medium); } .high { color: var(--high); }
.critical { color: var(--critical); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-size: .92rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
thead th { background: var(--band); white-space: nowrap; } tbody th { width: 34%; font-weight: 500; color: var(--dim); }
.amount { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.name { min-width: 6rem; } .date { white-space: nowrap; }
footer, .id { color: var(--dim); font-size: .85rem; }
@media print { :root { color-scheme: light; --ink: #000; --dim: #444; --ground: #fff; --line: #999; --band: #eee;
  --low: #000; --medium: #000; --high: #000; --critical: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; } .scroll { overflow: visible; }
  h2, h3, caption { break-after: avoid; } tr, .notice { break-inside: avoid; } thead { display: table-header-group; }
}
@page { margin: 18mm; }`

/** A table of labels and texts. */
const pairs = (caption: string, rows: readonly Pair[]): string =>
  `<table><caption>${text(caption)}</caption><tbody>${rows
    .map(([label, value]) => `<tr><th scope="row">${text(label)}</th><td>${text(value)}</td></tr>`)
    .join('')}</tbody></table>\n`

const COLUMN_CLASSES: Readonly<Record<string, string>> = {
  Contract: ' class="name"',
  Value: ' class="amount"',
  Date: ' class="date"',
}
const columnClass = (heading: string): string => COLUMN_CLASSES[heading] ?? ''

/** A table that scrolls by itself where the page is narrow, by keyboard too. */
const grid = (caption: string, headings: readonly string[], rows: readonly (readonly string[])[]): string => {
  const head = headings
    .map((heading) => `<th scope="col"${columnClass(heading)}>${text(heading)}</th>`)
    .join('')
  const body = rows.map(
    (cells) =>
      `<tr>${cells.map((cell, at) => `<td${columnClass(headings[at] as string)}>${text(cell)}</td>`).join('')}</tr>`,
  )
  return (
    `<div class="scroll" role="region" tabindex="0" aria-label="${text(caption)}"><table>` +
    `<caption>${text(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>\n`
  )
}

const summed = (summary: ReportSummary): string => {
  const { kinds, severities, skipped } = totals(summary)
  return (
    `<h2>Summary</h2>\n` +
    (kinds.length > 0 ? pairs('Findings by kind', kinds) + pairs('Findings by severity', severities) : '') +
    (skipped.length > 0 ? pairs('Rules that could not be tried, and why', skipped) : '')
  )
}

const finding = (anomaly: Anomaly, number: number): string => {
  const { contracts = [], digits = [] } = anomaly.evidence
  const reading = READINGS[anomaly.anomaly_type]
  const notes = notesOf(anomaly)
  return (
    `<article aria-labelledby="finding-${number}">\n<h3 id="finding-${number}">${number}. ${text(anomaly.title)}</h3>\n` +
    `<p><span class="severity ${anomaly.severity}">Severity: ${anomaly.severity}</span></p>\n` +
    `<p>${text(anomaly.explanation ?? reading.meaning)}</p>\n` +
    pairs('Evidence', [['Kind', reading.name], ...grounds(anomaly)]) +
    (contracts.length > 0
      ? grid(contractsCaption(anomaly, number), CONTRACT_HEADINGS, contracts.map(contractCells))
      : '') +
    (digits.length > 0
      ? grid(`First digits of finding ${number}`, DIGIT_HEADINGS, digits.map(digitCells))
      : '') +
    (notes.length > 0 ? `<ul>${notes.map((note) => `<li>${text(note)}</li>`).join('')}</ul>\n` : '') +
    `<p>How to check it by hand:</p><ol>${reading.check.map((step) => `<li>${text(step)}</li>`).join('')}</ol>\n` +
    `<p class="id">Finding ${text(anomaly.anomaly_id)}</p>\n</article>\n`
  )
}

/** The report as one HTML page that needs nothing else: no script, no outside resource. */
export async function* htmlReport(input: ReportInput): AsyncGenerator<string> {
  yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n' +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n` +
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n' +
    `<title>${TITLE}: ${text(input.investigation.query)}</title>\n<style>${STYLE}\n</style>\n</head>\n<body>\n<main>\n` +
    `<h1>${TITLE}</h1>\n<p class="notice"><strong>${text(NOTICE)}</strong></p>\n`
  for (const caution of cautions(input)) yield `<p class="caution">${text(caution)}</p>\n`
  yield pairs('About this report', particulars(input))
  if (input.summary) yield summed(input.summary)
  yield '<h2>Findings</h2>\n'
  let number = 0
  for await (const anomaly of input.anomalies) {
    number += 1
    yield finding(anomaly, number)
  }
  if (number === 0) yield `<p>${text(NOTHING_FOUND)}</p>\n`
  yield '</main>\n<footer><p>Made from published data by stated rules; the same data and settings give the same findings.</p></footer>\n</body>\n</html>\n'
}
