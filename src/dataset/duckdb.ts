/** Loads DuckDB at its first use: its library is a tenth of the time and memory of a start. */
export const duckDb = () => import('./duckdb-api.ts')

/** Returns a text as a literal of SQL. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Rows of one row group of Parquet: few, since DuckDB's writer holds a group uncompressed, outside its memory limit. */
export const ROWS_PER_GROUP = 20_480
