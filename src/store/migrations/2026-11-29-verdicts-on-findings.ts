import type { Kysely, Migration } from 'kysely'

/** Stores what people made of a finding: one review each, the last one counts. */
export const findingReviews = (): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('finding_reviews')
      .addColumn('investigation_id', 'text', (c) => c.notNull())
      .addColumn('anomaly_id', 'text', (c) => c.notNull())
      .addColumn('verdict', 'text', (c) => c.notNull())
      .addColumn('note', 'text', (c) => c.notNull())
      .addColumn('reviewer', 'text', (c) => c.notNull())
      .addColumn('reviewed_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('finding_reviews_pk', ['investigation_id', 'anomaly_id'])
      .addForeignKeyConstraint(
        'finding_reviews_finding',
        ['investigation_id', 'anomaly_id'],
        'anomalies',
        ['investigation_id', 'anomaly_id'],
        (c) => c.onDelete('cascade'),
      )
      .execute()
  },
})
