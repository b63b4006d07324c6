import { type Contract, MAPPABLE_COLUMNS } from '../../../src/protocol/contract.ts'

const cell = (value: unknown): string => (value === null ? '' : `"${String(value).replaceAll('"', '""')}"`)

/** `contracts` as CSV under the names of the canonical columns, and the mapping that reads it back as it is. */
export const csvOf = (contracts: readonly Contract[]): { text: string; mapping: Record<string, string> } => ({
  text: [
    MAPPABLE_COLUMNS.join(','),
    ...contracts.map((row) => MAPPABLE_COLUMNS.map((column) => cell(row[column])).join(',')),
  ].join('\n'),
  mapping: Object.fromEntries(MAPPABLE_COLUMNS.map((column) => [column, column])),
})
