import type { Store } from '../store/database.ts'
import type { Block } from '../store/lines/lines.ts'
import type { AuditEventType } from './events.ts'
import { type ExportRequest, exportType, openExport } from './export-request.ts'

/** An export of the audit log as a file, and the audit event of it. */
export interface AuditFile {
  contentType: string
  name: string
  read(signal: AbortSignal): AsyncGenerator<Block, void, undefined>
  event: AuditEventType
  details: Record<string, unknown>
}

/**
 * Opens the audit log as a file, with the events that it has at the call.
 * @throws {Problem} `VALIDATION_FAILED` when `after` is no event's id
 */
export const openAuditFile = async (store: Store, request: ExportRequest): Promise<AuditFile> => {
  const { filter, format, after } = request
  return {
    read: await openExport(store, request),
    contentType: exportType(format, after !== undefined),
    name: `audit-${new Date().toISOString().slice(0, 10)}.${format}`,
    event: 'audit.exported',
    details: { format, filter, after: after ?? null },
  }
}
