import { type Kysely, type Migration, sql } from 'kysely'

/** Gives each conversation a channel of its own. Existing ones keep the channel that their id gave them. */
export const conversationChannel = (): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('chat_sessions')
      .addColumn('channel', 'text', (c) => c.notNull().defaultTo(''))
      .execute()
    await sql`update chat_sessions set channel = 'chat:' || id`.execute(db)
    await db.schema
      .createIndex('chat_sessions_channel')
      .unique()
      .on('chat_sessions')
      .column('channel')
      .execute()
  },
})
