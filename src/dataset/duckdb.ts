/** Loads DuckDB at its first use: its library is a tenth of the time and memory of a start. */
export const duckDb = () => import('./duckdb-api.ts')
