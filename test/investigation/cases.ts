import type { Test } from 'tap'
import { ANOMALY_RULES } from '../../src/investigation/detectors.ts'
import type { Contract } from '../../src/protocol/contract.ts'
import type { AnomalyType } from '../../src/protocol/investigation.ts'
import { contract, investigate } from '../support/contract-rows.ts'

/** The cells of a row that matter. */
export type Cells = Partial<Contract>
/** Rows of one buyer, and whether the rule tells of them. */
interface Case {
  name: string
  rows: Cells[]
  found: boolean
}

export const yes = (name: string, ...rows: Cells[]): Case => ({ name, rows, found: true })
export const no = (name: string, ...rows: Cells[]): Case => ({ name, rows, found: false })
export const times = (count: number, cells: (i: number) => Cells): Cells[] =>
  Array.from({ length: count }, (_, i) => cells(i))

/** Runs the cases of one rule in one file, each under a buyer of its own. */
export const decide = async (type: AnomalyType, cases: readonly Case[]) => {
  let line = 1
  const owner = new Map<string, string>()
  const rows = cases.flatMap((one, i) =>
    one.rows.map((cells) => {
      line += 1
      const row = contract({
        line,
        buyer_id: `b${i}`,
        buyer_name: one.name,
        supplier_id: '11222333000181',
        ...cells,
      })
      owner.set(row.contract_id, one.name)
      return row
    }),
  )
  const told = await investigate(rows, { detectors: [ANOMALY_RULES[type]] })
  const names = new Set(
    told.findings.map((finding) => owner.get(finding.contract_id ?? '') ?? finding.evidence.buyer ?? ''),
  )
  return { ...told, names }
}

/** Decides the cases, and holds each to what was expected. */
export const check = async (t: Test, type: AnomalyType, cases: readonly Case[]) => {
  const told = await decide(type, cases)
  for (const one of cases) t.equal(told.names.has(one.name), one.found, one.name)
  return told
}
