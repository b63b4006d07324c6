import { createHash } from 'node:crypto'
import type { AuditEventTable } from '../store/schema.ts'
import { canonicalJson, type Json } from './canonical-json.ts'
import type { AuditEvent, Severity } from './events.ts'

/** The `prev_hash` of the first event of a log. */
export const GENESIS = '0'.repeat(64)

/**
 * Returns the SHA-256, in hex, of `prevHash` and the canonical JSON of the event without its two hashes; nulls are
 * part of it.
 */
export const hashEvent = (event: Omit<AuditEvent, 'prev_hash' | 'hash'>, prevHash: string): string => {
  const { prev_hash: _, hash: __, ...content } = event as AuditEvent
  return createHash('sha256')
    .update(prevHash + canonicalJson(content as Json), 'utf8')
    .digest('hex')
}

/** Converts a row of the log into the event on the wire. */
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

/** The first event at which a chain is broken, and the reason. */
export interface Break {
  id: string
  reason: string
}

export const HASH_MISMATCH = 'hash does not match its content'
export const LINK_MISMATCH = 'prev_hash is not the hash of the event before it'
const UNREADABLE = 'its content cannot be read'
const NOT_AS_WRITTEN = 'it is not kept as it was written'

/** A place in the chain: after the event with the number `seq`, whose hash is `hash`. */
export interface Place {
  seq: number
  hash: string
}

export const BEGINNING: Place = { seq: 0, hash: GENESIS }

/**
 * Tells whether the row has the one text that the service writes: another text of the same value would have the
 * same hash.
 */
const isAsWritten = (row: AuditEventTable, event: AuditEvent): boolean =>
  (row.success === 0 || row.success === 1) &&
  (row.details_json === null || row.details_json === canonicalJson(event.details as Json))

/** Checks one row against the place before it. @returns the reason why it cannot follow; undefined when it does */
export const reasonAgainst = (row: AuditEventTable, { seq, hash }: Place): string | undefined => {
  if (row.seq !== seq + 1) return `events are missing before it: place ${seq} is followed by ${row.seq}`
  if (row.prev_hash !== hash) return LINK_MISMATCH
  try {
    const event = toAuditEvent(row)
    if (hashEvent(event, hash) !== row.hash) return HASH_MISMATCH
    return isAsWritten(row, event) ? undefined : NOT_AS_WRITTEN
  } catch {
    return UNREADABLE
  }
}
