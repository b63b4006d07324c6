import { type Kysely, type Migration, sql } from 'kysely'

/**
 * Adds to each dataset the lines it was read from, those that were joined, its currencies, the form of its file and the
 * headers that were not used. Datasets of before were read line by line, as Brazilian reais.
 */
export const datasetLines = (): Migration => ({
  async up(db: Kysely<unknown>) {
    for (const column of ['lines', 'merged'])
      await db.schema
        .alterTable('datasets')
        .addColumn(column, 'integer', (c) => c.notNull().defaultTo(0))
        .execute()
    const texts = { currencies_json: '{}', source_json: 'null', unmapped_json: '[]' }
    for (const [column, empty] of Object.entries(texts))
      await db.schema
        .alterTable('datasets')
        .addColumn(column, 'text', (c) => c.notNull().defaultTo(empty))
        .execute()
    await sql`update datasets set lines = rows + rejected, currencies_json = '{"BRL":' || rows || '}'`.execute(
      db,
    )
  },
})
