import type { ReviewedAnomaly } from '../../protocol/investigation.ts'
import { html as text } from './cell.ts'
import type { ReportInput, ReportSummary } from './input.ts'
import { type Method, type Pair, type ReportWords, reportWords } from './report-words.ts'

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

/** Writes a table of labels and texts. */
const pairs = (caption: string, rows: readonly Pair[]): string =>
  `<table><caption>${text(caption)}</caption><tbody>${rows
    .map(([label, value]) => `<tr><th scope="row">${text(label)}</th><td>${text(value)}</td></tr>`)
    .join('')}</tbody></table>\n`

/** CSS classes of the columns of contracts: number, value, day. */
const CONTRACT_CLASSES = ['name', '', 'amount', 'date', '']

/** Writes a table that scrolls by itself where the page is narrow, by keyboard too. */
const grid = (
  caption: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  classes: readonly string[] = [],
): string => {
  const classOf = (at: number) => (classes[at] ? ` class="${classes[at]}"` : '')
  const head = headings.map((heading, at) => `<th scope="col"${classOf(at)}>${text(heading)}</th>`).join('')
  const body = rows.map(
    (cells) => `<tr>${cells.map((cell, at) => `<td${classOf(at)}>${text(cell)}</td>`).join('')}</tr>`,
  )
  return (
    `<div class="scroll" role="region" tabindex="0" aria-label="${text(caption)}"><table>` +
    `<caption>${text(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>\n`
  )
}

const list = (items: readonly string[]): string =>
  items.length > 0 ? `<ul>${items.map((item) => `<li>${text(item)}</li>`).join('')}</ul>\n` : ''

const summed = (summary: ReportSummary, { label, totals }: ReportWords): string => {
  const { kinds, severities, skipped } = totals(summary)
  return (
    `<h2>${text(label('summary'))}</h2>\n` +
    (kinds.length > 0 ? pairs(label('by_kind'), kinds) + pairs(label('by_severity'), severities) : '') +
    (skipped.length > 0 ? pairs(label('not_tried'), skipped) : '')
  )
}

const finding = (anomaly: ReviewedAnomaly, number: number, words: ReportWords): string => {
  const { contracts = [], digits = [] } = anomaly.evidence
  const { label } = words
  const { name, meaning, check } = words.rulesOf(anomaly.anomaly_type).report
  return (
    `<article aria-labelledby="finding-${number}">\n<h3 id="finding-${number}">${number}. ${text(anomaly.title)}</h3>\n` +
    `<p><span class="severity ${anomaly.severity}">${text(label('severity'))}: ${text(words.severity(anomaly.severity))}</span></p>\n` +
    `<p>${text(anomaly.explanation ?? meaning)}</p>\n` +
    pairs(label('evidence'), [[label('kind'), name], ...words.grounds(anomaly)]) +
    (contracts.length > 0
      ? grid(
          words.contractsCaption(anomaly, number),
          words.contractHeadings,
          contracts.map((one) => words.contractCells(one, anomaly)),
          CONTRACT_CLASSES,
        )
      : '') +
    (digits.length > 0
      ? grid(words.digitsCaption(number), words.digitHeadings, digits.map(words.digitCells))
      : '') +
    list(words.notes(anomaly)) +
    `<p>${text(label('check_by_hand'))}</p><ol>${check.map((step) => `<li>${text(step)}</li>`).join('')}</ol>\n` +
    `<p class="id">${text(words.findingId(anomaly))}</p>\n</article>\n`
  )
}

const method = (one: Method, { label, figure }: ReportWords): string =>
  `<section><h3>${text(one.name)} <code>${text(one.type)}</code></h3>\n<p>${text(one.rule)}</p>\n` +
  (one.thresholds.length > 0
    ? grid(
        `${label('threshold')}: ${one.name}`,
        [label('threshold'), label('threshold_value'), label('threshold_meaning')],
        one.thresholds.map(({ name, value, meaning }) => [name, figure(value), meaning]),
      )
    : '') +
  `<p>${text(label('sources'))}: ${text(one.sources.join('; '))}</p>\n` +
  `<p>${text(label('blind_spots'))}:</p>${list(one.blindSpots)}</section>\n`

/** Writes the report as one HTML page that needs nothing else: no script, no outside resource. */
export async function* htmlReport(input: ReportInput): AsyncGenerator<string> {
  const words = reportWords(input)
  const { label } = words
  yield `<!doctype html>\n<html lang="${input.language}">\n<head>\n<meta charset="utf-8">\n` +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n` +
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n' +
    `<title>${text(words.heading)}: ${text(input.investigation.query)}</title>\n<style>${STYLE}\n</style>\n</head>\n<body>\n<main>\n` +
    `<h1>${text(words.heading)}</h1>\n<p class="notice"><strong>${text(label('notice'))}</strong></p>\n`
  for (const caution of words.cautions(input)) yield `<p class="caution">${text(caution)}</p>\n`
  yield pairs(label('about'), words.particulars(input))
  if (input.summary) yield summed(input.summary, words)
  yield `<h2>${text(label('findings'))}</h2>\n`
  let number = 0
  for await (const anomaly of input.anomalies) {
    number += 1
    yield finding(anomaly, number, words)
  }
  if (number === 0) yield `<p>${text(label('nothing_found'))}</p>\n`
  yield `<h2>${text(label('method'))}</h2>\n`
  for (const one of words.methods(input)) yield method(one, words)
  yield `</main>\n<footer><p>${text(label('footer'))}</p></footer>\n</body>\n</html>\n`
}
