import { type Kysely, type Migration, sql } from 'kysely'
import type { Dialect } from '../sql-dialect.ts'

const REFUSAL = 'audit events are neither changed nor removed'

const sqliteTriggers = [
  sql`create trigger audit_events_unchanged before update on audit_events
      begin select raise(abort, ${sql.lit(REFUSAL)}); end`,
  sql`create trigger audit_events_kept before delete on audit_events
      when old.seq > coalesce((select max(seq) from audit_checkpoints where cut = 1), 0)
      begin select raise(abort, ${sql.lit(REFUSAL)}); end`,
  sql`create trigger audit_checkpoints_unchanged before update on audit_checkpoints
      begin select raise(abort, ${sql.lit(REFUSAL)}); end`,
  sql`create trigger audit_checkpoints_kept before delete on audit_checkpoints
      begin select raise(abort, ${sql.lit(REFUSAL)}); end`,
]

const postgresTriggers = [
  sql`create function audit_refuse() returns trigger language plpgsql as $$
      begin raise exception ${sql.lit(REFUSAL)}; end $$`,
  sql`create function audit_keep() returns trigger language plpgsql as $$
      begin
        if old.seq > coalesce((select max(seq) from audit_checkpoints where cut = 1), 0) then
          raise exception ${sql.lit(REFUSAL)};
        end if;
        return old;
      end $$`,
  sql`create trigger audit_events_unchanged before update on audit_events
      for each row execute function audit_refuse()`,
  sql`create trigger audit_events_kept before delete on audit_events
      for each row execute function audit_keep()`,
  sql`create trigger audit_events_whole before truncate on audit_events
      for each statement execute function audit_refuse()`,
  sql`create trigger audit_checkpoints_kept before update or delete on audit_checkpoints
      for each row execute function audit_refuse()`,
  sql`create trigger audit_checkpoints_whole before truncate on audit_checkpoints
      for each statement execute function audit_refuse()`,
]

/**
 * Creates the audit log's head and signed checkpoints, and lets the store refuse to change or remove events that no
 * cut covers.
 */
export const auditSeal = (dialect: Dialect): Migration => ({
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema
      .createTable('audit_checkpoints')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .addColumn('event_id', 'text', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('cut', 'integer', (c) => c.notNull())
      .addColumn('key_id', 'text', (c) => c.notNull())
      .addColumn('signature', 'text', (c) => c.notNull())
      .execute()
    await schema
      .createIndex('audit_checkpoints_seq')
      .on('audit_checkpoints')
      .columns(['cut', 'seq'])
      .execute()
    await schema
      .createTable('audit_head')
      .addColumn('one', 'integer', (c) => c.primaryKey().check(sql`one = 1`))
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .addColumn('event_id', 'text', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .execute()
    await sql`insert into audit_head (one, seq, event_id, hash) values (1, 0, '', ${sql.lit('0'.repeat(64))})`.execute(
      db,
    )
    await sql`update audit_head set (seq, event_id, hash) =
      (select seq, id, hash from audit_events order by seq desc limit 1)
      where exists (select 1 from audit_events)`.execute(db)
    for (const trigger of dialect === 'sqlite' ? sqliteTriggers : postgresTriggers) await trigger.execute(db)
  },
})
