/** DuckDB, loaded at its first use: its library is a tenth of what a start costs in time and memory. */
export const duckDb = () => import('@duckdb/node-api')
