import type { Kysely, Migration } from 'kysely'

/** Stores the parameters of a finding's sentences, so that it can be written in another language later. */
export const findingFacts = (): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('anomalies').addColumn('facts_json', 'text').execute()
  },
})
