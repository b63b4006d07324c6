import { type RawBuilder, sql } from 'kysely'

/** Pattern of what {@link cursorOf} makes. */
export const CURSOR = '^[0-9]{1,15}-[A-Za-z0-9_-]{1,64}$'

/**
 * The place of a row where the newest come first, by time and then by id. A list goes on behind it also once the row
 * is gone.
 * @param at ms since the epoch
 */
export const cursorOf = (at: number, id: string): string => `${at}-${id}`

/**
 * Rows that come after a place.
 * @param column of the time
 * @param cursor of {@link cursorOf}
 */
export const isBehind = (column: 'created_at' | 'started_at', cursor: string): RawBuilder<boolean> => {
  const dash = cursor.indexOf('-')
  const [at, id] = [Number(cursor.slice(0, dash)), cursor.slice(dash + 1)]
  return sql<boolean>`(${sql.ref(column)}, ${sql.ref('id')}) < (${at}, ${id})`
}
