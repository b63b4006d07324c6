export const ROLES = ['viewer', 'analyst', 'auditor', 'publisher', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** A right of a role; `read` allows reading what the caller has access to. */
export type Capability = 'read' | 'start' | 'audit' | 'publish' | 'administer'

const CAPABILITIES: Readonly<Record<Role, readonly Capability[]>> = {
  viewer: ['read'],
  analyst: ['read', 'start'],
  auditor: ['read', 'start', 'audit'],
  publisher: ['read', 'publish'],
  admin: ['read', 'start', 'audit', 'publish', 'administer'],
}

export const can = (role: Role, capability: Capability): boolean => CAPABILITIES[role].includes(capability)

/** Id and name of callers without a token, where such callers are allowed. */
export const ANONYMOUS_ID = 'anonymous'

/** The caller of a request, for as long as the caller's credentials hold. */
export interface Identity {
  readonly id: string
  readonly username: string
  readonly email: string | null
  readonly role: Role
  /** The time when the credentials end, in milliseconds since the epoch; null for a session without an end. */
  readonly expiresAt: number | null
  /** Aborted, on every instance within 5 s, when the user is disabled or these credentials are revoked. */
  readonly revoked: AbortSignal
}
