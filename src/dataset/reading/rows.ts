import { CONTRACT_SQL_TYPES, type Contract } from '../../protocol/contract.ts'
import { contractTable } from '../contract-table.ts'
import { duckDb } from '../duckdb.ts'

const SELECTION = Object.entries(CONTRACT_SQL_TYPES)
  .map(([name, type]) => {
    if (type === 'DATE') return `strftime(${name}, '%Y-%m-%d') AS ${name}`
    return type.startsWith('BIGINT')
      ? `CAST(${name} AS ${type.replace('BIGINT', 'DOUBLE')}) AS ${name}`
      : name
  })
  .join(', ')

/**
 * Reads a dataset's contracts in the order of their lines, from its Parquet files.
 * @param page `after`: only lines after this one; `limit`: number of contracts at most; `lines`: only these
 */
export async function readRows(
  partPaths: readonly string[],
  page: { after?: number; limit: number; lines?: readonly number[] | undefined },
): Promise<Contract[]> {
  if (partPaths.length === 0) return []
  const { DuckDBInstance } = await duckDb()
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '128MB' })
  const connection = await instance.connect()
  try {
    const reader = await connection.runAndReadAll(
      `SELECT ${SELECTION} FROM ${contractTable(partPaths)}
       WHERE line > $after ${page.lines ? "AND line IN (SELECT unnest(CAST(string_split($lines, ',') AS BIGINT[])))" : ''}
       ORDER BY line LIMIT $limit`,
      {
        after: page.after ?? 0,
        limit: page.limit,
        ...(page.lines ? { lines: page.lines.join(',') } : {}),
      },
    )
    return reader.getRowObjectsJson() as unknown as Contract[]
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
