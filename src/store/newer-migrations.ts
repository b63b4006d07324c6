import { type Kysely, type Migration, sql } from 'kysely'
import type { Schema } from './schema.ts'
import type { Dialect } from './sql-dialect.ts'

const TABLE = 'kysely_migration'

/**
 * Returns migrations that do nothing, in the names of those that a newer release has run in this database. An instance that
 * is put back beside newer ones would refuse to start without them; tables that were only added to serve it as well.
 * @param known names of this release's own migrations
 */
export const newerMigrations = async (
  db: Kysely<Schema>,
  dialect: Dialect,
  known: readonly string[],
): Promise<Record<string, Migration>> => {
  const place =
    dialect === 'postgres'
      ? sql`to_regclass(${sql.lit(TABLE)})`
      : sql`(select name from sqlite_master where name = ${sql.lit(TABLE)})`
  const { rows } = await sql<{ place: string | null }>`select ${place} as place`.execute(db)
  if (rows[0]?.place == null) return {}
  const run = await sql<{ name: string }>`select name from ${sql.table(TABLE)}`.execute(db)
  const newer = run.rows.filter(({ name }) => !known.includes(name))
  return Object.fromEntries(newer.map(({ name }) => [name, { up: async () => undefined }]))
}
