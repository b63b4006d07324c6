import type { Kysely, Migration } from 'kysely'

/** Stores the language of a stream's starter, so that the instance that ends it writes its error in that language. */
export const streamLanguage = (): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('streams')
      .addColumn('language', 'text', (c) => c.notNull().defaultTo('en'))
      .execute()
  },
})
