import { type Kysely, type Migration, sql } from 'kysely'
import type { Dialect } from '../sql-dialect.ts'

/** Creates the tables of conversations, prompts, models and used tokens. */
export const chat = (dialect: Dialect): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    const number = dialect === 'postgres' ? 'bigserial' : 'integer'
    await schema.alterTable('streams').addColumn('start_offset', 'bigint').execute()
    // Running streams are few beside those that have ended.
    await schema
      .createIndex('streams_running')
      .on('streams')
      .columns(['owner', 'channel'])
      .where(sql.ref('state'), '=', sql.lit('running'))
      .execute()
    await schema.createIndex('streams_epoch').on('streams').columns(['epoch', 'start_offset']).execute()

    await schema
      .createTable('chat_sessions')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('owner', 'text', (c) => c.notNull())
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .execute()
    await schema
      .createIndex('chat_sessions_owner')
      .on('chat_sessions')
      .columns(['owner', 'updated_at'])
      .execute()

    await schema
      .createTable('chat_messages')
      .addColumn('seq', number, (c) =>
        dialect === 'sqlite' ? c.primaryKey().autoIncrement() : c.primaryKey(),
      )
      .addColumn('id', 'text', (c) => c.notNull().unique())
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
      .execute()
    await schema
      .createIndex('chat_messages_session')
      .on('chat_messages')
      .columns(['session_id', 'seq'])
      .execute()
    await schema.createIndex('chat_messages_stream').on('chat_messages').column('stream_id').execute()

    await schema
      .createTable('token_usage')
      .addColumn('user_id', 'text', (c) => c.notNull())
      .addColumn('day', 'text', (c) => c.notNull())
      .addColumn('provider', 'text', (c) => c.notNull())
      .addColumn('model', 'text', (c) => c.notNull())
      .addColumn('prompt_tokens', 'bigint', (c) => c.notNull())
      .addColumn('completion_tokens', 'bigint', (c) => c.notNull())
      .addColumn('cost_usd', 'double precision', (c) => c.notNull())
      .addPrimaryKeyConstraint('token_usage_key', ['user_id', 'day', 'provider', 'model'])
      .execute()

    await schema
      .createTable('models')
      .addColumn('id', number, (c) =>
        dialect === 'sqlite' ? c.primaryKey().autoIncrement() : c.primaryKey(),
      )
      .addColumn('owner', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('provider', 'text', (c) => c.notNull())
      .addColumn('model_id', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .execute()

    await schema
      .createTable('prompts')
      .addColumn('id', number, (c) =>
        dialect === 'sqlite' ? c.primaryKey().autoIncrement() : c.primaryKey(),
      )
      .addColumn('owner', 'text', (c) => c.notNull())
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('content', 'text', (c) => c.notNull())
      .addColumn('model_id', 'bigint')
      .addColumn('temperature', 'double precision')
      .addColumn('max_tokens', 'integer')
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .execute()
    await schema.createIndex('prompts_owner').on('prompts').columns(['owner', 'id']).execute()
  },
})
