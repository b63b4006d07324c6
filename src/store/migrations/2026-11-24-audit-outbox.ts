import { type Kysely, type Migration, sql } from 'kysely'

/**
 * Creates the outbox, where audit events of changes wait for their place in the chain, and the times of the log's
 * upkeep.
 */
export const auditOutbox = (): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('audit_outbox')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('event_json', 'text', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('audit_upkeep')
      .addColumn('task', 'text', (c) => c.primaryKey())
      .addColumn('ran_at', 'bigint', (c) => c.notNull())
      .execute()
    await sql`insert into audit_upkeep (task, ran_at) values ('retention', 0)`.execute(db)
  },
})
