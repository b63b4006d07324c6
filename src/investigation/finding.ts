import { createHash } from 'node:crypto'
import { type AnomalyType, type Evidence, SEVERITIES } from '../protocol/investigation.ts'
import type { Finding } from './detector.ts'

type Severity = Finding['severity']
export type EvidencedContract = NonNullable<Evidence['contracts']>[number]

/** Contracts listed in one finding's evidence; `n` says how many there are in all. */
export const LISTED_CONTRACTS = 50

/** SQL for one row of `contracts` as evidence lists it. */
export const EVIDENCED = `{'contract_id': contract_id, 'contract_number': contract_number, 'value': value,
  'date': CAST(day AS VARCHAR), 'object': left(coalesce(object, item), 200)}`

export interface FindingParts {
  type: AnomalyType
  /** What sets it apart from every other finding of its type: keys of the group, or the contract's id. */
  key: readonly (string | number)[]
  severity: Severity
  confidence: number
  contractId: string | null
  title: string
  explanation: string
  evidence: Evidence
  /** Reais. */
  impact: number | null
}

/** `figure` with as many decimals as a reader needs, so that the last bits of a sum never show. */
export const rounded = (figure: number, decimals = 4): number => Number(figure.toFixed(decimals))

const amounts = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

export const reais = (amount: number): string => `R$ ${amounts.format(amount)}`

export const percent = (share: number): string => `${rounded(share * 100, 1)} %`

/** The highest severity whose step `amount` reaches; steps are for medium, high and critical, ascending. */
export const graded = (amount: number, steps: readonly [number, number, number]): Severity =>
  SEVERITIES[steps.filter((step) => amount >= step).length] as Severity

/** The severity at `level` (0 low … 3 critical), held within the scale. */
export const severityAt = (level: number): Severity =>
  SEVERITIES[Math.min(Math.max(level, 0), SEVERITIES.length - 1)] as Severity

/** Reais at stake from which a finding is medium, high, critical. */
export const IMPACT_STEPS = [10_000, 100_000, 1_000_000] as const

/** A finding whose id comes from its type and content alone: never from the run, the dataset or the user. */
export const finding = (parts: FindingParts): Finding => {
  const content = JSON.stringify([parts.type, parts.key, parts.contractId, parts.evidence])
  return {
    anomaly_id: createHash('sha256').update(content).digest('hex').slice(0, 24),
    anomaly_type: parts.type,
    severity: parts.severity,
    confidence: rounded(parts.confidence, 2),
    contract_id: parts.contractId,
    title: parts.title,
    explanation: parts.explanation,
    evidence: parts.evidence,
    financial_impact: parts.impact === null ? null : rounded(parts.impact, 2),
  }
}

/** What every explanation ends with. */
export const CAUTION = 'This is a red flag to look into, not a proof of wrongdoing.'
