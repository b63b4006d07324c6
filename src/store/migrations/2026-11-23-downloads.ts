import type { Kysely, Migration } from 'kysely'

/** How far downloads have come, and the audit log by what its exports are filtered by. */
export const downloads = (): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    await schema.alterTable('streams').addColumn('progress_json', 'text').execute()
    await schema.dropIndex('audit_events_time').execute()
    for (const column of ['timestamp', 'event_type', 'severity', 'user_id'])
      await schema.createIndex(`audit_events_${column}`).on('audit_events').columns([column, 'seq']).execute()
  },
})
