import { type Kysely, type Migration, sql } from 'kysely'
import type { Dialect } from '../sql-dialect.ts'

/** Columns that messages had before. */
const COLUMNS = sql.raw(
  `seq, id, session_id, stream_id, author, role, content, content_at, state, agent_id, provider, model, usage_json,
  created_at`,
)

/** Makes the table again with its rows, since SQLite cannot drop the constraint of a column. */
const rebuild = async (db: Kysely<unknown>): Promise<void> => {
  await sql`alter table chat_messages rename to chat_messages_before`.execute(db)
  for (const index of ['chat_messages_session', 'chat_messages_stream'])
    await db.schema.dropIndex(index).execute()
  await db.schema
    .createTable('chat_messages')
    .addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('session_id', 'text', (c) => c.references('chat_sessions.id').onDelete('cascade'))
    .addColumn('stream_id', 'text')
    .addColumn('author', 'text')
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('content', 'text', (c) => c.notNull())
    .addColumn('content_at', 'text')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('agent_id', 'text')
    .addColumn('provider', 'text')
    .addColumn('model', 'text')
    .addColumn('usage_json', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('replaces_seq', 'integer')
    .execute()
  await sql`insert into chat_messages (${COLUMNS}) select ${COLUMNS} from chat_messages_before`.execute(db)
  await db.schema.dropTable('chat_messages_before').execute()
  await db.schema
    .createIndex('chat_messages_session')
    .on('chat_messages')
    .columns(['session_id', 'seq'])
    .execute()
  await db.schema.createIndex('chat_messages_stream').on('chat_messages').column('stream_id').execute()
}

/**
 * Makes the id of a message unique in its conversation, since clients give ids, and keeps with an answer that is to
 * replace others the first of them.
 */
export const uniqueMessageIds = (dialect: Dialect): Migration => ({
  async up(db: Kysely<unknown>) {
    if (dialect === 'sqlite') await rebuild(db)
    else {
      await db.schema.alterTable('chat_messages').dropConstraint('chat_messages_id_key').ifExists().execute()
      await db.schema.alterTable('chat_messages').addColumn('replaces_seq', 'bigint').execute()
    }
    await db.schema
      .createIndex('chat_messages_id')
      .unique()
      .on('chat_messages')
      .columns(['session_id', 'id'])
      .execute()
  },
})
