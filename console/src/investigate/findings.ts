import { type Finding, type Review, rankOf, VERDICTS } from './shapes.ts'
import type { Column, View } from './view.ts'

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

export const numberOf = ({ contract_id, evidence }: Finding): string =>
  evidence.contracts?.find((one) => one.contract_id === contract_id)?.contract_number ??
  evidence.contracts?.[0]?.contract_number ??
  contract_id ??
  ''
export const supplierOf = ({ evidence }: Finding): string =>
  evidence.supplier_name ?? evidence.supplier_id ?? ''
/** The currency of a finding's amounts. */
export const currencyOf = ({ evidence }: Finding): string => evidence.currency ?? 'BRL'
export const buyerOf = ({ evidence }: Finding): string => evidence.buyer ?? ''
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

/** The reviews of findings by their ids. */
export type Reviews = ReadonlyMap<string, Review>

const standing = (review: Review | undefined): number => (review ? VERDICTS.indexOf(review.verdict) + 1 : 0)

/** Compares two findings by a column. */
const comparing = (column: Column, reviews: Reviews): ((a: Finding, b: Finding) => number) => {
  switch (column) {
    case 'severity':
      return (a, b) => rankOf(a.severity) - rankOf(b.severity) || amountOf(a) - amountOf(b)
    case 'type':
      return (a, b) => a.anomaly_type.localeCompare(b.anomaly_type)
    case 'contract':
      return (a, b) => NUMBERS.compare(numberOf(a), numberOf(b))
    case 'supplier':
      return (a, b) => NAMES.compare(supplierOf(a), supplierOf(b))
    case 'amount':
      return (a, b) => amountOf(a) - amountOf(b)
    case 'review':
      return (a, b) => standing(reviews.get(a.anomaly_id)) - standing(reviews.get(b.anomaly_id))
  }
}
// A collator compares ten thousand names in milliseconds; localeCompare makes one for each pair.
const NUMBERS = new Intl.Collator(undefined, { numeric: true })
const NAMES = new Intl.Collator()

/** The findings that a view shows, in its order. Pure. */
export const shownBy = (findings: readonly Finding[], view: View, reviews: Reviews): Finding[] => {
  const { text, type, severity, buyer, supplier, from, to, review } = view
  const words = fold(text).split(/\s+/).filter(Boolean)
  const direction = view.order === 'ascending' ? 1 : -1
  const compare = comparing(view.sort, reviews)
  return findings
    .filter(
      (finding) =>
        (type === '' || finding.anomaly_type === type) &&
        (severity === '' || finding.severity === severity) &&
        (buyer === '' || buyerOf(finding) === buyer) &&
        (supplier === '' || supplierOf(finding) === supplier) &&
        (from === undefined || amountOf(finding) >= from) &&
        (to === undefined || amountOf(finding) <= to) &&
        (review === '' || (reviews.get(finding.anomaly_id)?.verdict ?? 'none') === review) &&
        words.every((word) => textOf(finding).includes(word)),
    )
    .sort((a, b) => direction * compare(a, b))
}

/** Counts the findings that have each value, the most frequent value first; an empty value is none. */
export const countsOf = <V extends string>(
  findings: readonly Finding[],
  of: (finding: Finding) => V,
): Map<V, number> => {
  const counts = new Map<V, number>()
  for (const finding of findings) {
    const value = of(finding)
    if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return new Map([...counts].sort(([, a], [, b]) => b - a))
}
