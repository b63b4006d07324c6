import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'
import type { AuditEventFields, AuditEventType } from './events.ts'
import type { AuditLog } from './log.ts'

/** Records an event in the transaction of the change that it belongs to. */
export type RecordEvent = (
  trx: Kysely<Schema>,
  type: AuditEventType,
  event?: AuditEventFields,
) => Promise<void>

/**
 * Makes a change whose events are recorded in its own transaction, so that there is neither without the other.
 * @param who fields of the caller, for events that do not give them
 * @param change handed the function that records an event in a transaction
 * @param waits false for a result that shall not wait for the chain: its events are durable with the change, and in the
 *   chain before somebody reads the log over HTTP
 * @returns the change's result, once its events are durable in the log
 */
export const audited = async <T>(
  log: Pick<AuditLog, 'record' | 'settle' | 'settleSoon'>,
  who: () => AuditEventFields,
  change: (record: RecordEvent) => Promise<T>,
  waits = true,
): Promise<T> => {
  const recorded: string[] = []
  const record: RecordEvent = async (trx, type, event = {}) => {
    recorded.push(await log.record(trx, { ...who(), ...event, event_type: type }))
  }
  try {
    return await change(record)
  } finally {
    // Also after a failure: the transaction of the change may have been committed before it. Nothing happens to
    // events that were rolled back.
    if (recorded.length > 0) {
      if (waits) await log.settle(recorded)
      else log.settleSoon(recorded)
    }
  }
}

/** Writes the events of one call, each with who called and from where. */
export interface AuditTrail {
  /** Appends an event; resolves when it is durable. */
  append(type: AuditEventType, event?: AuditEventFields): Promise<unknown>
  /**
   * Makes a change whose events are written in its own transaction, so that there is neither without the other.
   * @param change is handed the function that writes an event in a transaction
   * @param waits see {@link audited}
   * @returns the change's result, once its events are durable in the log
   * @example
   * await audit.change((record) =>
   *   prompts.remove(id, (trx) => record(trx, 'prompt.deleted', { resource_type: 'prompt', resource_id: String(id) })),
   * )
   */
  change<T>(change: (record: RecordEvent) => Promise<T>, waits?: boolean): Promise<T>
}

/**
 * Makes the trail of a call that came with no request, as one that a conversation makes for its user.
 * @param caller the user whose call it is
 */
export const auditTrail = (
  log: Pick<AuditLog, 'append' | 'record' | 'settle' | 'settleSoon'>,
  caller: { id: string; email: string | null },
): AuditTrail => {
  const who = () => ({ user_id: caller.id, user_email: caller.email })
  return {
    append: (event_type, event) => log.append({ ...who(), ...event, event_type }),
    change: (change, waits) => audited(log, who, change, waits),
  }
}
