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

/** Writes the events of one call, each with who called and from where. */
export interface AuditTrail {
  /** Appends an event; resolves when it is durable. */
  append(type: AuditEventType, event?: AuditEventFields): Promise<unknown>
  /**
   * Makes a change whose events are written in its own transaction, so that there is neither without the other.
   * @param change is handed the function that writes an event in a transaction
   * @returns the change's result, once its events are durable in the log
   */
  change<T>(change: (record: RecordEvent) => Promise<T>): Promise<T>
}

/**
 * Makes the trail of a call that came with no request, as one that a conversation makes for its user.
 * @param caller the user whose call it is
 */
export const auditTrail = (
  log: Pick<AuditLog, 'append' | 'record' | 'settle'>,
  caller: { id: string; email: string | null },
): AuditTrail => {
  const who = () => ({ user_id: caller.id, user_email: caller.email })
  return {
    append: (event_type, event) => log.append({ ...who(), ...event, event_type }),
    change: (change) => audited(log, who, change),
  }
}
