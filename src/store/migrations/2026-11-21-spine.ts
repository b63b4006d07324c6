import type { Kysely, Migration } from 'kysely'
import type { Dialect } from '../database.ts'

/** Users, datasets, streams, investigations and the audit log. */
export const spine = (dialect: Dialect): Migration => ({
  async up(db: Kysely<unknown>) {
    const blob = dialect === 'postgres' ? 'bytea' : 'blob'
    const schema = db.schema

    await schema
      .createTable('users')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('username', 'text', (c) => c.notNull().unique())
      .addColumn('email', 'text')
      .addColumn('role', 'text', (c) => c.notNull())
      .addColumn('password_hash', 'text', (c) => c.notNull())
      .addColumn('disabled', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('tokens_valid_from', 'bigint', (c) => c.notNull().defaultTo(0))
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .execute()

    await schema
      .createTable('refresh_tokens')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('family', 'text', (c) => c.notNull())
      .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('used_at', 'bigint')
      .addColumn('revoked_at', 'bigint')
      .execute()
    await schema.createIndex('refresh_tokens_family').on('refresh_tokens').column('family').execute()
    await schema.createIndex('refresh_tokens_user').on('refresh_tokens').column('user_id').execute()

    await schema
      .createTable('tickets')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('path', 'text')
      .execute()

    await schema
      .createTable('login_failures')
      .addColumn('id', dialect === 'postgres' ? 'bigserial' : 'integer', (c) => c.primaryKey())
      .addColumn('username', 'text', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .execute()
    await schema
      .createIndex('login_failures_who')
      .on('login_failures')
      .columns(['username', 'address', 'at'])
      .execute()

    await schema
      .createTable('shares')
      .addColumn('resource_type', 'text', (c) => c.notNull())
      .addColumn('resource_id', 'text', (c) => c.notNull())
      .addColumn('user_id', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('shares_pk', ['resource_type', 'resource_id', 'user_id'])
      .execute()

    await schema
      .createTable('datasets')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('owner', 'text', (c) => c.references('users.id').onDelete('cascade'))
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('synthetic', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('rows', 'bigint', (c) => c.notNull().defaultTo(0))
      .addColumn('rejected', 'bigint', (c) => c.notNull().defaultTo(0))
      .addColumn('bytes', 'bigint', (c) => c.notNull().defaultTo(0))
      .addColumn('columns_json', 'text', (c) => c.notNull().defaultTo('{}'))
      .addColumn('warnings_json', 'text', (c) => c.notNull().defaultTo('[]'))
      .addColumn('rejects_json', 'text', (c) => c.notNull().defaultTo('[]'))
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .execute()
    await schema.createIndex('datasets_owner').on('datasets').columns(['owner', 'created_at']).execute()

    await schema
      .createTable('dataset_chunks')
      .addColumn('dataset_id', 'text', (c) => c.notNull().references('datasets.id').onDelete('cascade'))
      .addColumn('part', 'integer', (c) => c.notNull())
      .addColumn('seq', 'integer', (c) => c.notNull())
      .addColumn('bytes', blob, (c) => c.notNull())
      .addPrimaryKeyConstraint('dataset_chunks_pk', ['dataset_id', 'part', 'seq'])
      .execute()

    await schema
      .createTable('streams')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('channel', 'text', (c) => c.notNull())
      .addColumn('owner', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('instance', 'text')
      .addColumn('lease_until', 'bigint', (c) => c.notNull())
      .addColumn('fence', 'integer', (c) => c.notNull())
      .addColumn('on_disconnect', 'text', (c) => c.notNull())
      .addColumn('cancel_requested', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('epoch', 'text')
      .addColumn('terminal_json', 'text')
      .addColumn('end_epoch', 'text')
      .addColumn('end_offset', 'bigint')
      .addColumn('started_at', 'bigint', (c) => c.notNull())
      .addColumn('ended_at', 'bigint')
      .execute()
    await schema.createIndex('streams_owner').on('streams').columns(['owner', 'started_at']).execute()
    await schema.createIndex('streams_lease').on('streams').columns(['end_offset', 'lease_until']).execute()

    await schema
      .createTable('investigations')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('stream_id', 'text', (c) => c.notNull().unique())
      .addColumn('owner', 'text', (c) => c.notNull())
      .addColumn('query', 'text', (c) => c.notNull())
      .addColumn('request_json', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('dataset_id', 'text')
      .addColumn('progress', 'double precision', (c) => c.notNull().defaultTo(0))
      .addColumn('phase', 'text')
      .addColumn('records_processed', 'bigint', (c) => c.notNull().defaultTo(0))
      .addColumn('records_total', 'bigint', (c) => c.notNull().defaultTo(0))
      .addColumn('anomalies_detected', 'bigint', (c) => c.notNull().defaultTo(0))
      .addColumn('summary_json', 'text')
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('started_at', 'bigint')
      .addColumn('ended_at', 'bigint')
      .execute()
    await schema
      .createIndex('investigations_owner')
      .on('investigations')
      .columns(['owner', 'created_at'])
      .execute()

    await schema
      .createTable('anomalies')
      .addColumn('investigation_id', 'text', (c) =>
        c.notNull().references('investigations.id').onDelete('cascade'),
      )
      .addColumn('anomaly_id', 'text', (c) => c.notNull())
      .addColumn('seq', 'integer', (c) => c.notNull())
      .addColumn('anomaly_type', 'text', (c) => c.notNull())
      .addColumn('severity', 'text', (c) => c.notNull())
      .addColumn('published', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('body_json', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('anomalies_pk', ['investigation_id', 'anomaly_id'])
      .execute()
    await schema
      .createIndex('anomalies_seq')
      .on('anomalies')
      .columns(['investigation_id', 'seq'])
      .unique()
      .execute()

    await schema
      .createTable('audit_events')
      .addColumn('seq', 'bigint', (c) => c.primaryKey())
      .addColumn('id', 'text', (c) => c.notNull().unique())
      .addColumn('timestamp', 'bigint', (c) => c.notNull())
      .addColumn('event_type', 'text', (c) => c.notNull())
      .addColumn('severity', 'text', (c) => c.notNull())
      .addColumn('message', 'text', (c) => c.notNull())
      .addColumn('user_id', 'text')
      .addColumn('user_email', 'text')
      .addColumn('success', 'integer', (c) => c.notNull())
      .addColumn('error_code', 'text')
      .addColumn('resource_type', 'text')
      .addColumn('resource_id', 'text')
      .addColumn('ip_address', 'text')
      .addColumn('user_agent', 'text')
      .addColumn('request_id', 'text')
      .addColumn('details_json', 'text')
      .addColumn('prev_hash', 'text', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .execute()
    await schema.createIndex('audit_events_time').on('audit_events').column('timestamp').execute()
  },
})
