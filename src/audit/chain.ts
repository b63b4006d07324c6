import { createHash } from 'node:crypto'
import type { AuditEventTable } from '../store/schema.ts'
import { canonicalJson, type Json } from './canonical.ts'
import type { AuditEvent, Severity } from './events.ts'

/** What the first event of a log follows. */
export const GENESIS = '0'.repeat(64)

/** Hex SHA-256 over `prevHash` and the canonical JSON of the event without its two hashes; nulls are kept. */
export const hashEvent = (event: Omit<AuditEvent, 'prev_hash' | 'hash'>, prevHash: string): string => {
  const { prev_hash: _, hash: __, ...content } = event as AuditEvent
  return createHash('sha256')
    .update(prevHash + canonicalJson(content as Json), 'utf8')
    .digest('hex')
}

/** A row of the log as it is on the wire. */
export const toAuditEvent = (row: AuditEventTable): AuditEvent => ({
  id: row.id,
  timestamp: new Date(row.timestamp).toISOString(),
  event_type: row.event_type,
  severity: row.severity as Severity,
  message: row.message,
  user_id: row.user_id,
  user_email: row.user_email,
  success: row.success !== 0,
  error_code: row.error_code,
  resource_type: row.resource_type,
  resource_id: row.resource_id,
  ip_address: row.ip_address,
  user_agent: row.user_agent,
  request_id: row.request_id,
  details: row.details_json === null ? null : (JSON.parse(row.details_json) as Record<string, unknown>),
  prev_hash: row.prev_hash,
  hash: row.hash,
})

/** Why a chain does not hold at an event. */
export interface Break {
  id: string
  reason: string
}

/**
 * Checks a log piece by piece, from its first event on.
 * @returns `check` takes the next rows in order and returns the first break among them
 */
export const chainCheck = (): {
  check(rows: readonly AuditEventTable[]): Break | undefined
  count(): number
} => {
  let seq = 0
  let prevHash = GENESIS
  const reasonAgainst = (row: AuditEventTable): string | undefined => {
    if (row.seq !== seq + 1) return `events are missing before it: place ${seq + 1} is followed by ${row.seq}`
    if (row.prev_hash !== prevHash) return 'prev_hash is not the hash of the event before it'
    try {
      if (hashEvent(toAuditEvent(row), prevHash) !== row.hash) return 'hash does not match its content'
    } catch {
      return 'its content cannot be read'
    }
    return undefined
  }
  return {
    check(rows) {
      for (const row of rows) {
        const reason = reasonAgainst(row)
        if (reason !== undefined) return { id: row.id, reason }
        seq = row.seq
        prevHash = row.hash
      }
      return undefined
    },
    count: () => seq,
  }
}
