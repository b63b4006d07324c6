import type { RecordEvent } from '../audit/audited.ts'
import type { AuditEventType } from '../audit/events.ts'
import type { Db, Stream } from '../stream/stream.ts'

/** Returns the function that records the start of a stream, in the transaction that starts it. */
export const recordStart =
  (record: RecordEvent, type: AuditEventType, details: Record<string, unknown>) =>
  (trx: Db, { id }: Stream): Promise<void> =>
    record(trx, type, { resource_type: 'stream', resource_id: id, details })
