import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'
import { storableJson } from './canonical-json.ts'
import type { NewAuditEvent } from './events.ts'

/** An event that has no place in the chain yet. */
export interface UnchainedEvent {
  id: string
  /** Milliseconds since the epoch. */
  at: number
  event: NewAuditEvent
}

/** Records an event in the transaction of its change. @returns its id */
export const recordEvent = async (trx: Kysely<Schema>, event: NewAuditEvent, at: number): Promise<string> => {
  const id = randomUUID()
  await trx
    .insertInto('audit_outbox')
    .values({ id, at, event_json: JSON.stringify(storableJson(event)) })
    .execute()
  return id
}

/**
 * Takes events out of the outbox: of the named ones those that are there, in the order of their names, and up to
 * `others` more, the oldest first. The caller must hold the lock of the chain's head, so that each event is taken
 * once.
 */
export const takeRecorded = async (
  trx: Kysely<Schema>,
  ids: readonly string[],
  others: number,
): Promise<Map<string, UnchainedEvent>> => {
  const oldest =
    others > 0
      ? await trx.selectFrom('audit_outbox').select('id').orderBy('at').orderBy('id').limit(others).execute()
      : []
  const wanted = [...new Set([...ids, ...oldest.map(({ id }) => id)])]
  if (wanted.length === 0) return new Map()
  const rows = await trx.deleteFrom('audit_outbox').where('id', 'in', wanted).returningAll().execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  const taken = new Map<string, UnchainedEvent>()
  for (const id of wanted) {
    const row = byId.get(id)
    if (row) taken.set(id, { id, at: row.at, event: JSON.parse(row.event_json) as NewAuditEvent })
  }
  return taken
}
