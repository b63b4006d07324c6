import { Counter, Histogram, type Registry } from 'prom-client'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

/** Makes the metrics of what is read: lines of datasets, and contracts that an investigation's rules look at. */
export const dataMeters = (registry: Registry) => {
  const registers = [registry]
  const lines = new Counter({
    name: 'dataset_lines_total',
    help: 'Lines read from files and sources: kept as a contract, merged into one, or rejected',
    labelNames: ['outcome'],
    registers,
  })
  const contracts = new Counter({
    name: 'investigation_contracts_total',
    help: 'Contracts that investigations have read',
    registers,
  })
  const rules = new Histogram({
    name: 'investigation_rule_seconds',
    help: 'Time of one rule over the contracts of one investigation',
    labelNames: ['anomaly_type'],
    buckets: SECONDS,
    registers,
  })
  for (const outcome of ['kept', 'merged', 'rejected']) lines.inc({ outcome }, 0)
  return {
    /** Begins the series of a rule. */
    known: (anomaly_type: string): void => rules.zero({ anomaly_type }),
    /** Counts the lines of a file that was read whole. */
    dataset({ rows, merged, rejected }: { rows: number; merged: number; rejected: number }): void {
      lines.inc({ outcome: 'kept' }, rows)
      lines.inc({ outcome: 'merged' }, merged)
      lines.inc({ outcome: 'rejected' }, rejected)
    },
    /** Counts the contracts that an investigation has read. */
    contracts: (count: number): void => contracts.inc(count),
    /** Measures a rule that has finished. */
    rule: (anomaly_type: string, ms: number): void => rules.observe({ anomaly_type }, ms / 1000),
  }
}
