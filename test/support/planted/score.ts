import { ANOMALY_TYPES, type Anomaly, type AnomalyType } from '../../../src/protocol/investigation.ts'
import type { PlantedFile } from './file.ts'

export interface Score {
  type: AnomalyType
  planted: number
  reported: number
  right: number
  precision: number
  recall: number
  /** Decoys reported, as `why: id`. */
  decoys: string[]
  missed: string[]
  /** Reported, but not planted. */
  wrong: string[]
}

/** What a finding says, in the words of the truth; null for the whole file's digits, which nobody planted. */
const keyOf = (finding: Anomaly): string | null => {
  const { evidence } = finding
  switch (finding.anomaly_type) {
    case 'duplicate_contract':
    case 'split_purchase':
      return (evidence.contracts ?? [])
        .map((row) => row.contract_id)
        .sort()
        .join(' ')
    case 'vendor_concentration':
      return `${evidence.buyer} ${evidence.supplier_id?.slice(0, 8)}`
    case 'temporal_pattern':
      return `${evidence.buyer} ${evidence.year} ${evidence.month}`
    case 'benford_deviation':
      return evidence.group === 'whole file' ? null : (evidence.buyer ?? null)
    default:
      return finding.contract_id
  }
}

const named = (finding: Anomaly): Set<string> => {
  const single = finding.anomaly_type === 'price_deviation' || finding.anomaly_type === 'payment_pattern'
  const listed = single ? [] : (finding.evidence.contracts ?? []).map((row) => row.contract_id)
  return new Set([...listed, ...(finding.contract_id === null ? [] : [finding.contract_id])])
}

/** Precision and recall of each type against the planted truth. */
export const score = (file: PlantedFile, findings: readonly Anomaly[]): Score[] =>
  ANOMALY_TYPES.map((type) => {
    const ofType = findings.filter((finding) => finding.anomaly_type === type && keyOf(finding) !== null)
    const truth = new Set(
      file.planted.filter((planted) => planted.type === type).map((planted) => planted.key),
    )
    const keys = new Set(ofType.map((finding) => keyOf(finding) as string))
    const right = [...keys].filter((key) => truth.has(key)).length
    const decoys = file.decoys
      .filter((decoy) => decoy.type === type)
      .filter((decoy) =>
        ofType.some((finding) => {
          if (decoy.buyer !== undefined) return finding.evidence.buyer === decoy.buyer
          const ids = named(finding)
          return decoy.contracts.some((id) => ids.has(id))
        }),
      )
    return {
      type,
      planted: truth.size,
      reported: keys.size,
      right,
      precision: keys.size === 0 ? 1 : right / keys.size,
      recall: truth.size === 0 ? 1 : right / truth.size,
      decoys: decoys.map((decoy) => `${decoy.why}: ${decoy.contracts[0] ?? decoy.buyer}`),
      missed: [...truth].filter((key) => !keys.has(key)),
      wrong: [...keys].filter((key) => !truth.has(key)),
    }
  })
