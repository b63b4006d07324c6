import { createHash } from 'node:crypto'
import { type AnomalyType, type Evidence, SEVERITIES } from '../protocol/investigation.ts'
import type { Finding } from './detector.ts'

type Severity = Finding['severity']
export type EvidencedContract = NonNullable<Evidence['contracts']>[number]

/** Contracts listed in one finding's evidence; `n` is the number of all. */
export const LISTED_CONTRACTS = 50

/** Returns SQL for one row of `contracts`, under the name `table`, in the form of evidence. */
export const evidenced = (table: string): string =>
  `{'contract_id': ${table}.contract_id, 'contract_number': ${table}.contract_number, 'value': ${table}.value,
    'date': CAST(${table}.day AS VARCHAR), 'object': left(coalesce(${table}.object, ${table}.item), 200)}`

/** SQL for one row in the form of evidence, for queries in which only one table has its columns. */
export const EVIDENCED = evidenced('').replaceAll(/(?<=[ (])\./g, '')

export interface FindingParts<Facts extends object, Note extends string> {
  type: AnomalyType
  /** Distinguishes the finding from others of its type: keys of the group, or the contract's id. */
  key: readonly (string | number)[]
  severity: Severity
  confidence: number
  contractId: string | null
  /** Evidence in codes and numbers, without sentences. */
  evidence: Finding['evidence']
  notes: readonly Note[]
  facts: Facts
  /** Amount at stake in `evidence.currency`. */
  impact: number | null
}

/** Rounds `figure`, so that rounding errors of a sum never show. */
export const rounded = (figure: number, decimals = 4): number => Number(figure.toFixed(decimals))

/** Returns the highest severity whose step `amount` reaches; steps are for medium, high and critical, ascending. */
export const graded = (amount: number, steps: readonly [number, number, number]): Severity =>
  SEVERITIES[steps.filter((step) => amount >= step).length] as Severity

/** Returns the severity at `level` (0 low … 3 critical); other levels are clamped. */
export const severityAt = (level: number): Severity =>
  SEVERITIES[Math.min(Math.max(level, 0), SEVERITIES.length - 1)] as Severity

/** Amounts at stake from which a finding is medium, high, critical, in any currency. */
export const IMPACT_STEPS = [10_000, 100_000, 1_000_000] as const

/** Makes a finding. Its id comes from its type and content alone: never from the run, the user or the language. */
export const finding = <Facts extends object, Note extends string>(
  parts: FindingParts<Facts, Note>,
): Finding => {
  const content = JSON.stringify([parts.type, parts.key, parts.contractId, parts.evidence, parts.notes])
  return {
    anomaly_id: createHash('sha256').update(content).digest('hex').slice(0, 24),
    anomaly_type: parts.type,
    severity: parts.severity,
    confidence: rounded(parts.confidence, 2),
    contract_id: parts.contractId,
    evidence: parts.evidence,
    notes: parts.notes,
    facts: parts.facts,
    financial_impact: parts.impact === null ? null : rounded(parts.impact, 2),
  }
}

/** Returns the best name of a supplier that its row has. */
export const supplierName = (row: {
  supplier_name: string | null
  supplier_id: string | null
  supplier_key: string
}): string => row.supplier_name ?? row.supplier_id ?? row.supplier_key
