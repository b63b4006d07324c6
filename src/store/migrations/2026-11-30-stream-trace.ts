import type { Kysely, Migration } from 'kysely'

/** Stores the trace in which a stream was asked for, so that whichever instance runs it goes on with that trace. */
export const streamTrace = (): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('streams').addColumn('traceparent', 'text').execute()
  },
})
