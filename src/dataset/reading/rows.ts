import { CONTRACT_SQL_TYPES, type Contract } from '../../protocol/contract.ts'
import { duckDb } from '../duckdb.ts'

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

const SELECTION = Object.entries(CONTRACT_SQL_TYPES)
  .map(([name, type]) => {
    if (type === 'DATE') return `strftime(${name}, '%Y-%m-%d') AS ${name}`
    return type === 'BIGINT' ? `CAST(${name} AS DOUBLE) AS ${name}` : name
  })
  .join(', ')

/**
 * A dataset's contracts in the order of their lines, from its Parquet files.
 * @param page `after`: only lines behind this one; `limit`: at most so many contracts
 */
export async function readRows(
  partPaths: readonly string[],
  page: { after?: number; limit: number },
): Promise<Contract[]> {
  if (partPaths.length === 0) return []
  const { DuckDBInstance } = await duckDb()
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '128MB' })
  const connection = await instance.connect()
  try {
    const reader = await connection.runAndReadAll(
      `SELECT ${SELECTION} FROM read_parquet([${partPaths.map(quoted).join(', ')}])
       WHERE line > $after ORDER BY line LIMIT $limit`,
      { after: page.after ?? 0, limit: page.limit },
    )
    return reader.getRowObjectsJS() as unknown as Contract[]
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
