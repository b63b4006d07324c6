import type { Group } from '../protocol/plan.ts'
import { KIND_COLUMNS } from './register.ts'

export type DealGroup = Exclude<Group, 'anomaly_type' | 'severity'>

const NO_ID = 'CAST(NULL AS VARCHAR)'
const period = (key: string) => ({ key, name: key, id: NO_ID })
export const GROUP_COLUMNS: Readonly<Record<DealGroup, { key: string; name: string; id: string }>> = {
  ...KIND_COLUMNS,
  unit: { ...KIND_COLUMNS.unit, name: 'coalesce(unit_name, buyer)' },
  year: period('CAST(year(day) AS VARCHAR)'),
  half: period("strftime(day, '%Y-H') || CAST(1 + (month(day) - 1) // 6 AS VARCHAR)"),
  quarter: period("strftime(day, '%Y-Q') || CAST(quarter(day) AS VARCHAR)"),
  weekday: period('CAST(isodow(day) AS VARCHAR)'),
  month: { key: "strftime(day, '%Y-%m')", name: "strftime(day, '%Y-%m')", id: NO_ID },
}

export const money = (cents: string) => `CAST(${cents} AS DOUBLE) / 100`
export const SUMS = `${money('sum(cents)')} AS total, ${money('sum(cents)')} / nullif(count(cents), 0) AS mean,
  median(cents) / 100 AS median, ${money('sum(cents - initial)')} AS added,
  CAST(count(*) FILTER (cents > initial) AS DOUBLE) AS grown`

/** Orders of groups, for SQL. */
export const GROUP_ORDERS = {
  value: 'total',
  count: 'contracts',
  added: 'added',
  date: 'key',
  name: 'name',
  growth: 'coalesce(total, 0) - coalesce(before, 0)',
  increase: '(total - before) / nullif(before, 0)',
} as const

/** SQL of the percent by which a group grew. */
export const GREW = `100 * ${GROUP_ORDERS.increase}`

/** SQL of one group, or of each of one in each of another. */
export const columnsOf = (group: DealGroup, split: DealGroup | undefined) => {
  const one = GROUP_COLUMNS[group]
  if (split === undefined) return one
  const other = GROUP_COLUMNS[split]
  return {
    key: `(${one.key}) || chr(31) || (${other.key})`,
    name: `(${one.name}) || ' · ' || (${other.name})`,
    id: NO_ID,
  }
}
