import { type RawBuilder, sql } from 'kysely'

/**
 * Rows that come after a given one where the newest come first, by time and then by id.
 * @param column of the time, ms since the epoch
 */
export const isOlder = (column: 'created_at' | 'started_at', at: number, id: string): RawBuilder<boolean> =>
  sql<boolean>`(${sql.ref(column)}, ${sql.ref('id')}) < (${at}, ${id})`
