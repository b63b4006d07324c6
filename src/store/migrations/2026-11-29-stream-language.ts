import type { Kysely, Migration } from 'kysely'

/** Keeps the language that a stream's starter reads, so that whichever instance ends it tells its error in it. */
export const streamLanguage = (): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('streams')
      .addColumn('language', 'text', (c) => c.notNull().defaultTo('en'))
      .execute()
  },
})
