import { CONTRACT_SQL_TYPES } from '../protocol/contract.ts'
import { quoted } from './duckdb.ts'

/** Columns that older datasets lack beside those that their file had none of, and the value that each had implicitly then. */
const LATER: Readonly<Record<string, string>> = {
  currency: "'BRL'",
  source_lines: '[line]',
}

const EMPTY = Object.entries(CONTRACT_SQL_TYPES)
  .map(([name, type]) => `CAST(NULL AS ${type}) AS ${name}`)
  .join(', ')
const COLUMNS = Object.keys(CONTRACT_SQL_TYPES)
  .map((name) => (name in LATER ? `coalesce(${name}, ${LATER[name]}) AS ${name}` : name))
  .join(', ')

/**
 * Returns the SQL, for a `FROM`, of a table with every canonical column over a dataset's Parquet files, whichever
 * of them they have.
 * @param partPaths at least one
 */
export const contractTable = (partPaths: readonly string[]): string =>
  `(SELECT ${COLUMNS} FROM (
      SELECT * FROM (SELECT ${EMPTY}) WHERE false
      UNION ALL BY NAME SELECT * FROM read_parquet([${partPaths.map(quoted).join(', ')}])))`
