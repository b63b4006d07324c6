import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'
import type { AuditEventFields, AuditEventType } from './events.ts'
import type { AuditLog } from './log.ts'

/** Writes an event down in a transaction. */
export type RecordEvent = (
  trx: Kysely<Schema>,
  type: AuditEventType,
  event?: AuditEventFields,
) => Promise<void>

/**
 * Makes a change whose events are written in its own transaction, so that there is neither without the other.
 * @param who of each event what it does not say itself
 * @param change is handed what writes an event down
 * @returns what the change gives, when the events are durable in the log
 */
export const audited = async <T>(
  log: Pick<AuditLog, 'record' | 'settle'>,
  who: () => AuditEventFields,
  change: (record: RecordEvent) => Promise<T>,
): Promise<T> => {
  const recorded: string[] = []
  const record: RecordEvent = async (trx, type, event = {}) => {
    recorded.push(await log.record(trx, { ...who(), ...event, event_type: type }))
  }
  try {
    return await change(record)
  } finally {
    // Also of a change that was committed before something else failed; of others there is nothing to settle.
    if (recorded.length > 0) await log.settle(recorded)
  }
}
