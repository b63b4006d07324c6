export { DuckDBInstance, JsonDuckDBValueConverter, listValue } from '@duckdb/node-api'
