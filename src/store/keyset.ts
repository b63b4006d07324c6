import { type RawBuilder, sql } from 'kysely'

/**
 * Rows that come after a place.
 * @param column of the time
 * @param cursor of `cursorOf` in protocol/page.ts
 */
export const isBehind = (column: 'created_at' | 'started_at', cursor: string): RawBuilder<boolean> => {
  const dash = cursor.indexOf('-')
  const [at, id] = [Number(cursor.slice(0, dash)), cursor.slice(dash + 1)]
  return sql<boolean>`(${sql.ref(column)}, ${sql.ref('id')}) < (${at}, ${id})`
}
