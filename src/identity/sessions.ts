import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import type { Schema, UserTable } from '../store/schema.ts'
import type { Role } from './identity.ts'
import { type Lockout, lockout } from './lockout.ts'
import type { Passwords } from './passwords.ts'
import type { Credential, Revocation } from './revocation.ts'
import type { Tokens } from './tokens.ts'

/** The tokens and the cookie that a login or a refresh returns. */
export interface Grant {
  accessToken: string
  refreshToken: string
  /** Value of the session cookie. */
  cookie: string
  userId: string
  username: string
  email: string | null
  session: string
}

/** Signs users in and keeps their sessions. `alongside` is written in the transaction of a change. */
export interface Sessions {
  /** Signs a user in. @throws {Problem} `INVALID_CREDENTIALS`, `LOCKED_OUT` */
  login(
    login: { username: string; password: string; address: string },
    alongside?: Alongside<Grant>,
  ): Promise<Grant>
  /**
   * Exchanges a refresh token for the next of its family. Of several concurrent attempts exactly one succeeds, and
   * the family lives; a later attempt with a used token ends the family.
   * @throws {ReusedToken} `UNAUTHENTICATED`, when a used token came again and its family was revoked
   * @throws {Problem} `UNAUTHENTICATED`
   */
  refresh(refreshToken: string, alongside?: Alongside<Grant>): Promise<Grant>
  /**
   * Gives a session that was shown by its cookie new tokens and a new cookie.
   * @throws {Problem} `UNAUTHENTICATED` where the session has ended
   */
  prolong(
    credential: Pick<Credential, 'userId' | 'session' | 'generation'>,
    alongside?: Alongside<Grant>,
  ): Promise<Grant>
  /** Ends a session: its refresh tokens, access tokens and cookies, and the live connections that use them. */
  revoke(session: string, alongside?: Alongside): Promise<void>
  /** Returns the session that a refresh token, used or not, belongs to. */
  sessionOf(refreshToken: string): Promise<{ session: string; userId: string } | undefined>
}

/** Thrown when a used refresh token comes again: it or its successor was stolen. */
export class ReusedToken extends Problem {
  readonly userId: string
  readonly session: string

  constructor(userId: string, session: string) {
    super('UNAUTHENTICATED', 'The refresh token has been used before; sign in again')
    this.userId = userId
    this.session = session
  }
}

export interface SessionOptions {
  tokens: Tokens
  passwords: Passwords
  revocation: Revocation
  refreshTtlSeconds: number
  lockout?: Lockout
  now?: () => number
}

/**
 * Milliseconds by which refresh tokens outlive the access tokens of their family, so that a revoked family is not
 * forgotten.
 */
const KEPT_AFTER_EXPIRY_MS = 2 * 86_400_000

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

export const sessions = (store: Store, options: SessionOptions): Sessions => {
  const { tokens, passwords, revocation, refreshTtlSeconds, now = Date.now } = options
  const { db } = store
  const guard = options.lockout ?? lockout(store, { now })
  const refreshing = new Set<string>()

  /** Locks the user's row, so that a change of password or a disabling comes wholly before or wholly after. */
  const holdUser = async (trx: Kysely<Schema>, userId: string, generation?: number) => {
    let query = trx
      .updateTable('users')
      .set({ disabled: 0 })
      .where('id', '=', userId)
      .where('disabled', '=', 0)
    if (generation !== undefined) query = query.where('tokens_valid_from', '=', generation)
    const held = await query.executeTakeFirst()
    if (held.numUpdatedRows === 0n) return undefined
    return trx.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirst()
  }

  const grant = async (
    trx: Kysely<Schema>,
    user: UserTable,
    session: string,
    alongside?: Alongside<Grant>,
  ): Promise<Grant> => {
    const refreshToken = randomBytes(32).toString('base64url')
    await trx
      .insertInto('refresh_tokens')
      .values({
        hash: hashOf(refreshToken),
        family: session,
        user_id: user.id,
        expires_at: now() + refreshTtlSeconds * 1000,
        used_at: null,
        revoked_at: null,
      })
      .execute()
    const subject = {
      userId: user.id,
      username: user.username,
      role: user.role as Role,
      session,
      generation: user.tokens_valid_from,
    }
    const granted: Grant = {
      accessToken: tokens.access(subject),
      refreshToken,
      cookie: tokens.cookie(subject),
      userId: user.id,
      username: user.username,
      email: user.email,
      session,
    }
    await alongside?.(trx, granted)
    return granted
  }

  const revoke = async (session: string, alongside?: Alongside) => {
    await db.transaction().execute(async (trx) => {
      // A refresh that has begun holds this row: it comes wholly before, and its new token is revoked as well, or wholly after.
      await trx
        .updateTable('users')
        .set({ disabled: 0 })
        .where('disabled', '=', 0)
        .where('id', 'in', (query) =>
          query.selectFrom('refresh_tokens').select('user_id').where('family', '=', session),
        )
        .execute()
      await trx
        .updateTable('refresh_tokens')
        .set({ revoked_at: now() })
        .where('family', '=', session)
        .where('revoked_at', 'is', null)
        .execute()
      await alongside?.(trx)
    })
    revocation.sessionRevoked(session)
  }

  const refused = () => new Problem('UNAUTHENTICATED', say('identity.refresh_invalid'))

  const rotate = async (hash: string, alongside?: Alongside<Grant>): Promise<Grant> => {
    const startedAt = now()
    const token = await db
      .selectFrom('refresh_tokens')
      .selectAll()
      .where('hash', '=', hash)
      .executeTakeFirst()
    if (!token || token.expires_at <= startedAt || token.revoked_at !== null) throw refused()
    const granted = await db.transaction().execute(async (trx) => {
      const user = await holdUser(trx, token.user_id)
      const used = await trx
        .updateTable('refresh_tokens')
        .set({ used_at: startedAt })
        .where('hash', '=', hash)
        .where('used_at', 'is', null)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return user && used.numUpdatedRows === 1n ? grant(trx, user, token.family, alongside) : undefined
    })
    if (granted) return granted
    if (token.used_at !== null) {
      await revoke(token.family)
      throw new ReusedToken(token.user_id, token.family)
    }
    throw refused()
  }

  return {
    async login({ username, password, address }, alongside) {
      const user = await guard.guard({ username, address }, async () => {
        const row = await db
          .selectFrom('users')
          .selectAll()
          .where('username', '=', username)
          .executeTakeFirst()
        const right = await passwords.verify(password, row?.password_hash)
        return right && row?.disabled === 0 ? row : undefined
      })
      if (!user) throw new Problem('INVALID_CREDENTIALS', say('identity.wrong_credentials'))
      const forgotten = now() - KEPT_AFTER_EXPIRY_MS
      await db.deleteFrom('refresh_tokens').where('expires_at', '<', forgotten).execute()
      return db.transaction().execute(async (trx) => {
        const held = await holdUser(trx, user.id, user.tokens_valid_from)
        if (!held) throw new Problem('INVALID_CREDENTIALS', say('identity.wrong_credentials'))
        return grant(trx, held, randomUUID(), alongside)
      })
    },

    async refresh(refreshToken, alongside) {
      const hash = hashOf(refreshToken)
      if (refreshing.has(hash)) throw refused()
      refreshing.add(hash)
      try {
        return await rotate(hash, alongside)
      } finally {
        refreshing.delete(hash)
      }
    },

    prolong({ userId, session, generation }, alongside) {
      return db.transaction().execute(async (trx) => {
        const user = await holdUser(trx, userId, generation)
        const known = await trx
          .selectFrom('refresh_tokens')
          .select('hash')
          .where('family', '=', session)
          .where('revoked_at', 'is', null)
          .executeTakeFirst()
        if (!user || !known || session === null) throw refused()
        return grant(trx, user, session, alongside)
      })
    },

    revoke,

    async sessionOf(refreshToken) {
      const row = await db
        .selectFrom('refresh_tokens')
        .select(['family', 'user_id'])
        .where('hash', '=', hashOf(refreshToken))
        .executeTakeFirst()
      return row && { session: row.family, userId: row.user_id }
    },
  }
}
