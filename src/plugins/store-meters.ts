import { Histogram, type Registry } from 'prom-client'

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** Makes the metrics of the store's statements and of the audit log's writes, all of which somebody waits for. */
export const storeMeters = (registry: Registry) => {
  const registers = [registry]
  const queries = new Histogram({
    name: 'store_query_seconds',
    help: 'Statements of the store, from asking to the answer',
    labelNames: ['statement'],
    buckets: SECONDS,
    registers,
  })
  const appends = new Histogram({
    name: 'audit_append_seconds',
    help: 'From handing an event to the audit log until it is durable in the chain',
    buckets: SECONDS,
    registers,
  })
  return {
    /** Measures a statement. */
    query: (statement: string, ms: number): void => queries.observe({ statement }, ms / 1000),
    /** Measures the wait of one caller of the audit log. */
    appended: (ms: number): void => appends.observe(ms / 1000),
  }
}
