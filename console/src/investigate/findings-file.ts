import { type CsvValue, csvRecord, inert } from '../../../src/protocol/csv.ts'
import type { Language } from '../words/words.tsx'
import type { Reviews } from './findings.ts'
import type { Finding } from './shapes.ts'

/** The columns of the service's own export. */
const COLUMNS = [
  'anomaly_id',
  'anomaly_type',
  'severity',
  'confidence',
  'contract_id',
  'title',
  'explanation',
  'evidence',
  'financial_impact',
  'review',
  'review_note',
  'reviewer',
] as const

const cellsOf = (finding: Finding, reviews: Reviews): CsvValue[] => {
  const { evidence, ...fields } = finding
  const { verdict, note, reviewer } = reviews.get(finding.anomaly_id) ?? {}
  const row = { ...fields, evidence: JSON.stringify(evidence), review: verdict, review_note: note, reviewer }
  return COLUMNS.map((column) => row[column])
}

/** One record for the spreadsheets of a language: where the comma is decimal, cells stand between semicolons. */
const spreadsheetRecord = (cells: readonly CsvValue[], language: Language): string => {
  if (language === 'en') return csvRecord(cells)
  const texts = cells.map((cell) => {
    const text = typeof cell === 'number' ? String(cell).replace('.', ',') : inert(String(cell ?? ''))
    return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  })
  return `${texts.join(';')}\r\n`
}

/** The findings as CSV with inert cells, in the columns of the service's export. @param spreadsheet its language */
export const csvOf = (findings: readonly Finding[], reviews: Reviews, spreadsheet?: Language): Blob => {
  const record = (cells: readonly CsvValue[]): string =>
    spreadsheet ? spreadsheetRecord(cells, spreadsheet) : csvRecord(cells)
  const lines = [COLUMNS, ...findings.map((finding) => cellsOf(finding, reviews))].map(record)
  return new Blob([spreadsheet ? '\uFEFF' : '', ...lines], { type: 'text/csv' })
}

/** The findings as JSON, each with its review. */
export const jsonOf = (findings: readonly Finding[], reviews: Reviews): Blob => {
  const items = findings.map(({ type: _, investigation_id: __, ...finding }) => ({
    ...finding,
    ...(reviews.has(finding.anomaly_id) && { review: reviews.get(finding.anomaly_id) }),
  }))
  return new Blob([JSON.stringify(items, null, 1)], { type: 'application/json' })
}

/** Hands a file to the reader's browser. */
export const saveFile = (name: string, content: Blob): void => {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
