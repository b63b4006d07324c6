import { useMemo, useRef } from 'react'
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

/** Compares two findings by a view's column, in its direction. */
const orderOf = ({ sort, order }: View, reviews: Reviews): ((a: Finding, b: Finding) => number) => {
  const compare = comparing(sort, reviews)
  return order === 'ascending' ? compare : (a, b) => -compare(a, b)
}

/** The findings that a view shows, in its order. Pure. */
export const shownBy = (findings: readonly Finding[], view: View, reviews: Reviews): Finding[] => {
  const isShown = findingTest(filterOf(view))
  return findings
    .filter((finding) => isShown(finding, reviews.get(finding.anomaly_id)?.verdict))
    .sort(orderOf(view, reviews))
}

/** Joins two lists that are in one order; of equals, those of the first come first. Pure. */
const merged = (
  first: readonly Finding[],
  second: readonly Finding[],
  compare: (a: Finding, b: Finding) => number,
): Finding[] => {
  const all: Finding[] = []
  let at = 0
  for (const next of second) {
    for (; at < first.length && compare(first[at] as Finding, next) <= 0; at++) all.push(first[at] as Finding)
    all.push(next)
  }
  return all.concat(first.slice(at))
}

/** The findings that a view shows. Those that arrive are sorted in: thousands are not sorted anew for each of them. */
export const useShown = (findings: readonly Finding[], view: View, reviews: Reviews): readonly Finding[] => {
  const kept = useRef<{ findings: readonly Finding[]; view: View; reviews: Reviews; shown: Finding[] }>(
    undefined,
  )
  return useMemo(() => {
    const last = kept.current
    const count = last?.findings.length ?? 0
    const isGrown =
      last?.view === view &&
      last.reviews === reviews &&
      findings[0] === last.findings[0] &&
      findings[count - 1] === last.findings[count - 1]
    const shown = isGrown
      ? merged(last.shown, shownBy(findings.slice(count), view, reviews), orderOf(view, reviews))
      : shownBy(findings, view, reviews)
    kept.current = { findings, view, reviews, shown }
    return shown
  }, [findings, view, reviews])
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
