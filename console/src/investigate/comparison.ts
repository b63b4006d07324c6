import type { Finding } from './shapes.ts'

/** How a run differs from the one before it, finding by finding. */
export interface Comparison {
  fresh: readonly Finding[]
  gone: readonly Finding[]
  /** Found by both, as the later run tells it. */
  same: readonly Finding[]
}

/** Returns the subject of a finding; its id changes with the limit that its evidence names, this does not. */
const subjectOf = ({ anomaly_type, contract_id, evidence }: Finding): string =>
  JSON.stringify([
    anomaly_type,
    contract_id,
    evidence.buyer,
    evidence.supplier_id ?? evidence.supplier_name,
    evidence.year,
    evidence.month,
    evidence.group,
    evidence.currency,
  ])

/** Compares the findings of two runs: the same are those with one id, then those about one subject. Pure. */
export const compare = (before: readonly Finding[], after: readonly Finding[]): Comparison => {
  const ids = new Set(after.map(({ anomaly_id }) => anomaly_id))
  const known = new Set(before.map(({ anomaly_id }) => anomaly_id))
  const unmatched = new Map<string, Finding[]>()
  for (const finding of before)
    if (!ids.has(finding.anomaly_id)) {
      const subject = subjectOf(finding)
      unmatched.set(subject, [...(unmatched.get(subject) ?? []), finding])
    }
  const fresh: Finding[] = []
  const same: Finding[] = []
  for (const finding of after) {
    const isKnown = known.has(finding.anomaly_id) || unmatched.get(subjectOf(finding))?.shift() !== undefined
    ;(isKnown ? same : fresh).push(finding)
  }
  return { fresh, gone: [...unmatched.values()].flat(), same }
}
