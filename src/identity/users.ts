import { createHash, randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { badField, noSuch, Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import type { Schema, UserTable } from '../store/schema.ts'
import { ANONYMOUS_ID, type Role } from './identity.ts'
import { makePassword, type Passwords } from './passwords.ts'
import type { Revocation } from './revocation.ts'

/** A user, with the fields that administrators see. */
export interface User {
  id: string
  username: string
  role: Role
  email: string | null
  disabled: boolean
}

export interface NewUser {
  username: string
  password: string
  role: Role
  email?: string | null
}

export interface UserChange {
  disabled?: boolean
  role?: Role
  password?: string
  email?: string | null
}

/** The user that an external issuer's token names. */
export interface ExternalSubject {
  issuer: string
  subject: string
  role: Role
  email: string | null
}

/** Creates, changes and removes users. `alongside` is written in the transaction of a change. */
export interface Users {
  /** Creates a user. @throws {Problem} `CONFLICT` when the username is taken */
  create(user: NewUser, alongside?: Alongside<User>): Promise<User>
  /** Lists users by username, ascending. @param after username of the last one seen */
  list(page: { limit: number; after?: string }): Promise<User[]>
  byUsername(username: string): Promise<User | undefined>
  /**
   * Changes a user. A new password, role or `disabled` ends every token of the user; a new password or `disabled`
   * every session.
   * @throws {Problem} `NOT_FOUND`; `CONFLICT` when no administrator would be left
   */
  change(id: string, change: UserChange, alongside?: Alongside<User>): Promise<User>
  /** Removes a user. @throws {Problem} `NOT_FOUND`; `CONFLICT` when no administrator would be left */
  remove(id: string, alongside?: Alongside<User>): Promise<User>
  /**
   * Creates the user of an external token, or updates role and e-mail.
   * @param alongside is handed whether the user is new
   * @returns the user's id
   */
  admit(subject: ExternalSubject, alongside?: Alongside<{ user: User; isNew: boolean }>): Promise<string>
  /**
   * Creates the first administrator while there is no user.
   * @returns the new user, with the password when it was generated; undefined when there are users already
   * @throws {Problem} `VALIDATION_FAILED` naming `ADMIN_PASSWORD` when `production` and none is given
   */
  ensureFirstUser(
    first: { username: string; password?: string | undefined; production: boolean },
    alongside?: Alongside<User>,
  ): Promise<{ user: User; madePassword: string | null } | undefined>
}

/** Names with another meaning: everyone in a share, and callers without a token. */
const RESERVED_NAMES: readonly string[] = ['*', ANONYMOUS_ID]

/** Number of the lock that serialises changes of administrators; no other lock uses it. */
const ADMINISTRATORS_LOCK = 7_211_001

const toUser = (row: UserTable): User => ({
  id: row.id,
  username: row.username,
  role: row.role as Role,
  email: row.email,
  disabled: row.disabled !== 0,
})

const isDuplicate = (error: unknown): boolean => {
  const { code } = error as { code?: string }
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
}

/**
 * The password hash of external users: they have no password here, and none can be set, since their issuer signs
 * them in.
 */
const NO_PASSWORD = ''

export const externalUserId = (issuer: string, subject: string): string =>
  `ext_${createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('hex')
    .slice(0, 32)}`

export const users = (
  store: Store,
  {
    passwords,
    revocation,
    now = Date.now,
  }: { passwords: Passwords; revocation: Revocation; now?: () => number },
): Users => {
  const { db, dialect } = store

  /** Runs transactions one at a time over all instances; takes the store's write lock before it reads anything. */
  const exclusively = <T>(work: (trx: Kysely<Schema>) => Promise<T>): Promise<T> =>
    db.transaction().execute(async (trx) => {
      if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${ADMINISTRATORS_LOCK})`.execute(trx)
      else await trx.updateTable('users').set({ disabled: 0 }).where('id', '=', '').execute()
      return work(trx)
    })

  const requireUser = async (trx: Kysely<Schema>, id: string) => {
    const row = await trx.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw noSuch('user')
    return row
  }

  const requireAnotherAdmin = async (trx: Kysely<Schema>, id: string) => {
    const other = await trx
      .selectFrom('users')
      .select('id')
      .where('role', '=', 'admin')
      .where('disabled', '=', 0)
      .where('id', '!=', id)
      .limit(1)
      .executeTakeFirst()
    if (!other) throw new Problem('CONFLICT', say('identity.last_admin'))
  }

  const revokeSessions = (trx: Kysely<Schema>, id: string) =>
    trx
      .updateTable('refresh_tokens')
      .set({ revoked_at: now() })
      .where('user_id', '=', id)
      .where('revoked_at', 'is', null)
      .execute()

  const insert = async (user: NewUser, alongside?: Alongside<User>): Promise<User> => {
    const row: UserTable = {
      id: randomUUID(),
      username: user.username,
      email: user.email ?? null,
      role: user.role,
      password_hash: await passwords.hash(user.password),
      disabled: 0,
      tokens_valid_from: 0,
      created_at: now(),
    }
    const made = toUser(row)
    await db.transaction().execute(async (trx) => {
      try {
        await trx.insertInto('users').values(row).execute()
      } catch (error) {
        if (isDuplicate(error)) throw new Problem('CONFLICT', say('identity.user_exists'))
        throw error
      }
      await alongside?.(trx, made)
    })
    return made
  }

  return {
    async create(user, alongside) {
      if (RESERVED_NAMES.includes(user.username)) throw badField('/username', say('identity.name_reserved'))
      return insert(user, alongside)
    },

    async list({ limit, after }) {
      let query = db.selectFrom('users').selectAll().orderBy('username').limit(limit)
      if (after !== undefined) query = query.where('username', '>', after)
      return (await query.execute()).map(toUser)
    },

    async byUsername(username) {
      const row = await db.selectFrom('users').selectAll().where('username', '=', username).executeTakeFirst()
      return row && toUser(row)
    },

    async change(id, { disabled, role, password, email }, alongside) {
      const passwordHash = password === undefined ? undefined : await passwords.hash(password)
      const changed = await exclusively(async (trx) => {
        const row = await requireUser(trx, id)
        if (passwordHash !== undefined && row.password_hash === NO_PASSWORD)
          throw badField('/password', say('identity.external_password'))
        const next: UserTable = {
          ...row,
          role: role ?? row.role,
          disabled: disabled === undefined ? row.disabled : Number(disabled),
          email: email === undefined ? row.email : email,
          password_hash: passwordHash ?? row.password_hash,
        }
        const wasAdmin = row.role === 'admin' && row.disabled === 0
        if (wasAdmin && (next.role !== 'admin' || next.disabled !== 0)) await requireAnotherAdmin(trx, id)
        const disabling = next.disabled !== 0 && row.disabled === 0
        if (disabling || passwordHash !== undefined || next.role !== row.role)
          next.tokens_valid_from = Math.max(now(), row.tokens_valid_from + 1)
        // The user's row is locked before the sessions': a concurrent login holds it, so its session is seen
        // afterwards.
        await trx.updateTable('users').set(next).where('id', '=', id).execute()
        if (disabling || passwordHash !== undefined) await revokeSessions(trx, id)
        await alongside?.(trx, toUser(next))
        return toUser(next)
      })
      await revocation.userChanged(id)
      return changed
    },

    async remove(id, alongside) {
      const removed = await exclusively(async (trx) => {
        const row = await requireUser(trx, id)
        if (row.role === 'admin' && row.disabled === 0) await requireAnotherAdmin(trx, id)
        await trx.deleteFrom('shares').where('user_id', '=', id).execute()
        await trx.deleteFrom('users').where('id', '=', id).execute()
        await alongside?.(trx, toUser(row))
        return toUser(row)
      })
      await revocation.userChanged(id)
      return removed
    },

    async admit({ issuer, subject, role, email }, alongside) {
      const id = externalUserId(issuer, subject)
      const known = await db
        .selectFrom('users')
        .select(['role', 'email'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (known?.role === role && known.email === email) return id
      const row: UserTable = {
        id,
        username: `${issuer}|${subject}`,
        role,
        email,
        password_hash: NO_PASSWORD,
        disabled: 0,
        tokens_valid_from: 0,
        created_at: now(),
      }
      await db.transaction().execute(async (trx) => {
        const { numInsertedOrUpdatedRows: made } = await trx
          .insertInto('users')
          .values(row)
          .onConflict((conflict) => conflict.column('id').doNothing())
          .executeTakeFirstOrThrow()
        const isNew = made === 1n
        if (!isNew) {
          // Of several concurrent first requests one has created the user, with the same role and e-mail.
          const { numUpdatedRows } = await trx
            .updateTable('users')
            .set({ role, email })
            .where('id', '=', id)
            .where(({ or, eb }) => or([eb('role', '!=', role), eb('email', 'is distinct from', email)]))
            .executeTakeFirst()
          if (numUpdatedRows === 0n) return
        }
        const user = await trx.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
        await alongside?.(trx, { user: toUser(user), isNew })
      })
      await revocation.userChanged(id)
      return id
    },

    async ensureFirstUser({ username, password, production }, alongside) {
      const anyone = await db.selectFrom('users').select('id').limit(1).executeTakeFirst()
      if (anyone) return undefined
      if (password === undefined && production)
        throw badField('ADMIN_PASSWORD', 'is required in production while there is no user')
      const madePassword = password === undefined ? makePassword() : null
      try {
        const user = await insert(
          { username, password: password ?? (madePassword as string), role: 'admin' },
          alongside,
        )
        return { user, madePassword }
      } catch (error) {
        // Another instance that started at the same time has created it.
        if (error instanceof Problem && error.code === 'CONFLICT') return undefined
        throw error
      }
    },
  }
}
