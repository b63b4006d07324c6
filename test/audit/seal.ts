import { sql } from 'kysely'
import { hashEvent, toAuditEvent } from '../../src/audit/chain.ts'
import type { Store } from '../../src/store/database.ts'
import type { AuditEventTable } from '../../src/store/schema.ts'

/** Takes the store's own protection of the log away, as somebody with the database in hand can. */
export const breakSeal = async ({ db, dialect }: Store): Promise<void> => {
  const tables = ['audit_events', 'audit_checkpoints']
  if (dialect === 'postgres') {
    for (const table of tables) await sql`alter table ${sql.table(table)} disable trigger user`.execute(db)
    return
  }
  const { rows } = await sql<{ name: string }>`select name from sqlite_master where type = 'trigger'`.execute(
    db,
  )
  for (const { name } of rows) await sql`drop trigger ${sql.ref(name)}`.execute(db)
}

/** The log as it is kept, in its order. */
export const keptRows = ({ db }: Store): Promise<AuditEventTable[]> =>
  db.selectFrom('audit_events').selectAll().orderBy('seq').execute()

/** Puts these rows in the place of the log's. */
export const replaceRows = async ({ db }: Store, rows: readonly AuditEventTable[]): Promise<void> => {
  await db.deleteFrom('audit_events').execute()
  for (let from = 0; from < rows.length; from += 100)
    await db
      .insertInto('audit_events')
      .values(rows.slice(from, from + 100))
      .execute()
}

/** The rows with places and hashes computed anew, as a forger would who knows the rule. */
export const rechained = (
  rows: readonly AuditEventTable[],
  { seq, hash }: { seq: number; hash: string },
): AuditEventTable[] => {
  let place = seq
  let prevHash = hash
  return rows.map((row) => {
    const link = { ...row, seq: ++place, prev_hash: prevHash }
    link.hash = hashEvent(toAuditEvent(link), prevHash)
    prevHash = link.hash
    return link
  })
}
