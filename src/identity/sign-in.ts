import type { AuditTrail } from '../audit/audited.ts'
import { badField, Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Identity } from './identity.ts'
import type { Credential } from './revocation.ts'
import { type Grant, ReusedToken, type Sessions } from './sessions.ts'
import type { Tickets } from './tickets.ts'

export interface LogoutRequest {
  identity: Identity | undefined
  /** The session of the caller's credential. */
  session: string | null | undefined
  /** A refresh token of the session to end, for callers who show no other credential. */
  refreshToken: string | undefined
}

/**
 * Signs callers in and out, and records it in the audit log, refused attempts too. They take the record of a call instead
 * of an actor: who calls may be nobody yet.
 */
export interface SignIn {
  /**
   * Signs a user in.
   * @param login `address` counts failures of an account
   * @throws {Problem} `INVALID_CREDENTIALS`, `LOCKED_OUT`
   */
  login(audit: AuditTrail, login: Parameters<Sessions['login']>[0]): Promise<Grant>
  /** Exchanges a refresh token for new tokens. @throws {Problem} `UNAUTHENTICATED` */
  refresh(audit: AuditTrail, refreshToken: string): Promise<Grant>
  /** Gives the session of a cookie new tokens and a new cookie. @throws {Problem} `UNAUTHENTICATED` */
  prolong(audit: AuditTrail, credential: Credential): Promise<Grant>
  /**
   * Ends the sessions of a caller's credential and refresh token.
   * @throws {Problem} `UNAUTHENTICATED` without either; `VALIDATION_FAILED` naming `/refresh_token` of another user
   */
  logout(audit: AuditTrail, request: LogoutRequest): Promise<void>
  /** Issues a ticket for a caller's credential. @throws {Problem} `UNAUTHENTICATED` without one */
  ticket(audit: AuditTrail, credential: Credential | undefined): Promise<string>
}

const whose = ({ userId, email }: Grant) => ({ user_id: userId, user_email: email })

/** Makes the use cases that sign callers in and out. */
export const signIn = (sessions: Sessions, tickets: Pick<Tickets, 'issue'>): SignIn => ({
  async login(audit, login) {
    const details = { username: login.username }
    try {
      return await audit.change((record) =>
        sessions.login(login, (trx, granted) => record(trx, 'auth.login', { ...whose(granted), details })),
      )
    } catch (error) {
      if (error instanceof Problem) {
        const type = error.code === 'LOCKED_OUT' ? 'auth.locked_out' : 'auth.login_failed'
        await audit.append(type, { success: false, error_code: error.code, details })
      }
      throw error
    }
  },

  async refresh(audit, refreshToken) {
    try {
      return await audit.change((record) =>
        sessions.refresh(refreshToken, (trx, granted) => record(trx, 'auth.refresh', whose(granted))),
      )
    } catch (error) {
      if (error instanceof ReusedToken)
        await audit.append('auth.refresh_reused', {
          user_id: error.userId,
          success: false,
          error_code: error.code,
        })
      else if (error instanceof Problem)
        await audit.append('auth.refresh_failed', { success: false, error_code: error.code })
      throw error
    }
  },

  prolong: (audit, credential) =>
    audit.change((record) =>
      sessions.prolong(credential, (trx, granted) => record(trx, 'auth.refresh', whose(granted))),
    ),

  async logout(audit, { identity, session, refreshToken }) {
    const owned = refreshToken === undefined ? undefined : await sessions.sessionOf(refreshToken)
    if (!identity && !owned) throw new Problem('UNAUTHENTICATED', say('identity.no_session'))
    if (owned && identity && owned.userId !== identity.id)
      throw badField('/refresh_token', say('identity.anothers_token'))
    const ended = [...new Set([session ?? owned?.session, owned?.session])].filter((one) => one != null)
    const fields = { user_id: identity?.id ?? owned?.userId ?? null }
    if (ended.length === 0) await audit.append('auth.logout', fields)
    for (const [index, one] of ended.entries())
      await audit.change((record) =>
        sessions.revoke(one, async (trx) => {
          if (index === 0) await record(trx, 'auth.logout', fields)
        }),
      )
  },

  async ticket(audit, credential) {
    if (!credential) throw new Problem('UNAUTHENTICATED', say('identity.sign_in'))
    return audit.change((record) => tickets.issue(credential, (trx) => record(trx, 'auth.ticket')))
  },
})
