import type { Kysely, Migration } from 'kysely'

/** Adds the progress of downloads, and indexes of the audit log for the filters of its exports. */
export const downloads = (): Migration => ({
  async up({ schema }: Kysely<unknown>) {
    await schema.alterTable('streams').addColumn('progress_json', 'text').execute()
    await schema.dropIndex('audit_events_time').execute()
    for (const column of ['timestamp', 'event_type', 'severity', 'user_id'])
      await schema.createIndex(`audit_events_${column}`).on('audit_events').columns([column, 'seq']).execute()
  },
})
