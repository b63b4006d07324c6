import type { AuditTrail } from '../audit/audited.ts'
import type { Language } from '../language/language.ts'
import type { Identity } from './identity.ts'

/**
 * The caller of a use case: HTTP, WebSocket and document routes make one of each call, and so does the service where it
 * acts for a user by itself.
 */
export interface Actor {
  /** Decides what the caller may do, and owns what the call makes. */
  readonly identity: Identity
  /** Records the events of this call. */
  readonly audit: AuditTrail
  /** The language of the caller, in which errors of the streams that the call starts are worded. */
  readonly language: Language
}
