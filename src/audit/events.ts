import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

/**
 * Every type of audit event, with its severity and its message for when none is given. Changes by administrators
 * have the family of the changed thing: `user`, `model`, `audit`.
 */
export const AUDIT_EVENTS = {
  'auth.login': { severity: 'low', message: 'Signed in' },
  'auth.login_failed': { severity: 'medium', message: 'Sign-in refused' },
  'auth.locked_out': { severity: 'high', message: 'Sign-in locked after repeated failures' },
  'auth.refresh': { severity: 'low', message: 'Session renewed' },
  'auth.refresh_failed': { severity: 'medium', message: 'Session renewal refused' },
  'auth.refresh_reused': {
    severity: 'high',
    message: 'A used refresh token came again; its session was ended',
  },
  'auth.token_renewed': { severity: 'low', message: 'Fresh token shown on a live connection' },
  'auth.token_refused': { severity: 'medium', message: 'Token on a live connection refused' },
  'auth.logout': { severity: 'low', message: 'Signed out' },
  'auth.ticket': { severity: 'low', message: 'Ticket issued' },
  'user.created': { severity: 'medium', message: 'User created' },
  'user.updated': { severity: 'medium', message: 'User changed' },
  'user.deleted': { severity: 'high', message: 'User deleted' },
  'data.uploaded': { severity: 'low', message: 'Dataset uploaded' },
  'data.upload_failed': { severity: 'low', message: 'Dataset refused' },
  'data.exported': { severity: 'medium', message: 'Contracts exported' },
  'data.deleted': { severity: 'medium', message: 'Dataset deleted' },
  'chat.created': { severity: 'low', message: 'Chat session created' },
  'chat.started': { severity: 'low', message: 'Chat turn started' },
  'chat.shared': { severity: 'medium', message: 'Chat session shared' },
  'chat.unshared': { severity: 'medium', message: 'Share of a chat session ended' },
  'chat.message_replaced': { severity: 'medium', message: 'Chat message replaced' },
  'chat.deleted': { severity: 'medium', message: 'Chat session deleted' },
  'action.started': { severity: 'low', message: 'Action started' },
  'prompt.started': { severity: 'low', message: 'Prompt execution started' },
  'prompt.created': { severity: 'low', message: 'Prompt created' },
  'prompt.updated': { severity: 'low', message: 'Prompt changed' },
  'prompt.deleted': { severity: 'low', message: 'Prompt deleted' },
  'model.created': { severity: 'medium', message: 'Model created' },
  'model.updated': { severity: 'medium', message: 'Model changed' },
  'model.deleted': { severity: 'medium', message: 'Model deleted' },
  'investigation.created': { severity: 'low', message: 'Investigation created' },
  'investigation.paused': { severity: 'low', message: 'Investigation paused' },
  'investigation.resumed': { severity: 'low', message: 'Investigation resumed' },
  'investigation.cancelled': { severity: 'low', message: 'Investigation cancelled' },
  'investigation.completed': { severity: 'low', message: 'Investigation completed' },
  'investigation.failed': { severity: 'medium', message: 'Investigation failed' },
  'investigation.deleted': { severity: 'medium', message: 'Investigation deleted' },
  'investigation.shared': { severity: 'medium', message: 'Investigation shared' },
  'investigation.unshared': { severity: 'medium', message: 'Share of an investigation ended' },
  'investigation.finding_reviewed': { severity: 'low', message: 'Finding reviewed' },
  'investigation.exported': { severity: 'medium', message: 'Investigation report exported' },
  'stream.cancelled': { severity: 'low', message: 'Stream cancelled' },
  'channel.published': { severity: 'low', message: 'Published to a channel' },
  'security.refused': { severity: 'medium', message: 'Request refused' },
  'security.rate_limited': { severity: 'medium', message: 'Rate limit reached' },
  'audit.verified': { severity: 'low', message: 'Audit log verified' },
  'audit.broken': { severity: 'critical', message: 'Audit log found broken' },
  'audit.checkpoint': { severity: 'low', message: 'Audit log signed' },
  'audit.cut': { severity: 'high', message: 'Older audit events removed' },
  'audit.exported': { severity: 'medium', message: 'Audit log exported' },
  'system.started': { severity: 'low', message: 'Instance started' },
  'system.stopped': { severity: 'low', message: 'Instance stopped' },
} as const satisfies Record<string, { severity: Severity; message: string }>

export type AuditEventType = keyof typeof AUDIT_EVENTS

const nullableText = () => Type.Union([Type.String(), Type.Null()])

/** An audit event on the wire; `hash` covers every field but `prev_hash` and `hash`. */
export const AuditEvent = Type.Object({
  id: Type.String(),
  timestamp: Type.String({ description: 'ISO 8601 with milliseconds, UTC' }),
  event_type: Type.String(),
  severity: Type.Union([
    Type.Literal('low'),
    Type.Literal('medium'),
    Type.Literal('high'),
    Type.Literal('critical'),
  ]),
  message: Type.String(),
  user_id: nullableText(),
  user_email: nullableText(),
  success: Type.Boolean(),
  error_code: nullableText(),
  resource_type: nullableText(),
  resource_id: nullableText(),
  ip_address: nullableText(),
  user_agent: nullableText(),
  request_id: nullableText(),
  details: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]),
  prev_hash: Type.String({ description: 'hash of the event before it; 64 zeros for the first' }),
  hash: Type.String({ description: 'hex SHA-256 over prev_hash and the RFC 8785 JSON of the rest' }),
})
export type AuditEvent = Static<typeof AuditEvent>

/** The fields of an event, in the order of an export's columns. */
export const AUDIT_COLUMNS = Object.keys(AuditEvent.properties) as readonly (keyof AuditEvent)[]

/** The fields of an event that may be null. */
export const NULLABLE_COLUMNS: ReadonlySet<keyof AuditEvent> = new Set(
  AUDIT_COLUMNS.filter((column) => Value.Check(AuditEvent.properties[column], null)),
)

/** The fields that a caller gives of an event; the log fills in the others. */
export interface NewAuditEvent {
  event_type: AuditEventType
  message?: string
  user_id?: string | null
  user_email?: string | null
  /** true unless given */
  success?: boolean
  error_code?: string | null
  resource_type?: string | null
  resource_id?: string | null
  ip_address?: string | null
  user_agent?: string | null
  request_id?: string | null
  details?: Record<string, unknown> | null
}

/** The fields that a caller may give of an event beside its type. */
export type AuditEventFields = Omit<NewAuditEvent, 'event_type'>
