import { type Finding, rankOf } from './shapes.ts'

/** Filters and order of a list of findings; all of them stand in the page's address. */
export interface View {
  text: string
  type: string
  severity: string
  sort: 'severity' | 'type' | 'contract' | 'supplier' | 'amount'
  order: 'ascending' | 'descending'
}

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

export const numberOf = ({ contract_id, evidence }: Finding): string =>
  evidence.contracts?.find((one) => one.contract_id === contract_id)?.contract_number ??
  evidence.contracts?.[0]?.contract_number ??
  contract_id ??
  ''
export const supplierOf = ({ evidence }: Finding): string =>
  evidence.supplier_name ?? evidence.supplier_id ?? ''
export const amountOf = ({ financial_impact }: Finding): number => financial_impact ?? 0

/** The text that a search looks through. */
const searched = new WeakMap<Finding, string>()
const textOf = (finding: Finding): string => {
  const known = searched.get(finding)
  if (known !== undefined) return known
  const { title, explanation, evidence } = finding
  const text = fold(
    [title, explanation, numberOf(finding), supplierOf(finding), evidence.buyer, evidence.group].join(' '),
  )
  searched.set(finding, text)
  return text
}

const COMPARED: Readonly<Record<View['sort'], (a: Finding, b: Finding) => number>> = {
  severity: (a, b) => rankOf(a.severity) - rankOf(b.severity) || amountOf(a) - amountOf(b),
  type: (a, b) => a.anomaly_type.localeCompare(b.anomaly_type),
  contract: (a, b) => numberOf(a).localeCompare(numberOf(b), undefined, { numeric: true }),
  supplier: (a, b) => supplierOf(a).localeCompare(supplierOf(b)),
  amount: (a, b) => amountOf(a) - amountOf(b),
}

/** The findings that a view shows, in its order. Pure. */
export const shownBy = (
  findings: readonly Finding[],
  { text, type, severity, sort, order }: View,
): Finding[] => {
  const words = fold(text).split(/\s+/).filter(Boolean)
  const direction = order === 'ascending' ? 1 : -1
  return findings
    .filter(
      (finding) =>
        (type === '' || finding.anomaly_type === type) &&
        (severity === '' || finding.severity === severity) &&
        words.every((word) => textOf(finding).includes(word)),
    )
    .sort((a, b) => direction * COMPARED[sort](a, b))
}

/** Counts the findings that have each value of a field. */
export const countsOf = <K extends 'anomaly_type' | 'severity'>(
  findings: readonly Finding[],
  field: K,
): Map<Finding[K], number> => {
  const counts = new Map<Finding[K], number>()
  for (const finding of findings) counts.set(finding[field], (counts.get(finding[field]) ?? 0) + 1)
  return counts
}

/** Amounts at stake by supplier, the largest first. */
export const bySupplier = (findings: readonly Finding[], most: number) => {
  const sums = new Map<string, number>()
  for (const finding of findings) {
    const supplier = supplierOf(finding)
    if (supplier !== '' && amountOf(finding) > 0)
      sums.set(supplier, (sums.get(supplier) ?? 0) + amountOf(finding))
  }
  return [...sums]
    .map(([label, value]) => ({ key: label, label, value }))
    .sort((a, b) => b.value - a.value)
    .slice(0, most)
}
