import { type RawBuilder, sql } from 'kysely'

/**
 * Returns the condition of rows that come after a cursor's place in a list, newest first.
 * @param column the list's time
 * @param cursor as `cursorOf` in protocol/page.ts returns it
 */
export const isBehind = (column: 'created_at' | 'started_at', cursor: string): RawBuilder<boolean> => {
  const dash = cursor.indexOf('-')
  const [at, id] = [Number(cursor.slice(0, dash)), cursor.slice(dash + 1)]
  return sql<boolean>`(${sql.ref(column)}, ${sql.ref('id')}) < (${at}, ${id})`
}
