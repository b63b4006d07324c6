import { amountOf, contractNumberOf, findingTest, supplierOf } from '../../../src/protocol/finding-test.ts'
import { type Finding, type Review, rankOf, VERDICTS } from './shapes.ts'
import { type Column, filterOf, type View } from './view.ts'

export {
  amountOf,
  buyerOf,
  contractNumberOf as numberOf,
  supplierOf,
} from '../../../src/protocol/finding-test.ts'

/** The currency of a finding's amounts. */
export const currencyOf = ({ evidence }: Finding): string => evidence.currency ?? 'BRL'

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
      return (a, b) => NUMBERS.compare(contractNumberOf(a), contractNumberOf(b))
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
  const direction = view.order === 'ascending' ? 1 : -1
  const compare = comparing(view.sort, reviews)
  const isShown = findingTest(filterOf(view))
  return findings
    .filter((finding) => isShown(finding, reviews.get(finding.anomaly_id)?.verdict))
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
