import { setMaxListeners } from 'node:events'
import { LRUCache } from 'lru-cache'
import type { Store } from '../store/database.ts'
import { ROLES, type Role } from './identity.ts'

/** The claims of a token, ticket or cookie about its user. */
export interface Credential {
  readonly userId: string
  /** The family of refresh tokens that the credential belongs to: revoking the family ends it. */
  readonly session: string | null
  /** `tokens_valid_from` of the user when the credential was made; a later value in the store ends it. */
  readonly generation: number
  /** Milliseconds since the epoch; null without an end. */
  readonly expiresAt: number | null
}

/** The current state of a user, which credentials are compared with. */
export interface UserState {
  readonly id: string
  readonly username: string
  readonly email: string | null
  readonly role: Role
  readonly disabled: boolean
  readonly generation: number
}

export interface Revocation {
  /**
   * Returns the user of a credential, at most `freshMs` old.
   * @returns undefined when the user is removed or disabled, or the credential was revoked
   */
  userOf(credential: Credential): Promise<UserState | undefined>
  /** Returns the user as {@link userOf} does where no read of the store is needed; undefined where one is. */
  known(credential: Credential): UserState | undefined
  /**
   * Returns the signal that is aborted when the credential is revoked: one for each credential, however many
   * streams use it.
   */
  signal(credential: Credential): AbortSignal
  /** Ends the user's older credentials on this instance at once; other instances read the change from the store. */
  userChanged(userId: string): Promise<void>
  sessionRevoked(session: string): void
  close(): void
}

export interface RevocationOptions {
  now?: () => number
  /** Milliseconds between two reads of the store about credentials that live connections use. */
  pollMs?: number
  /** Milliseconds for which a user's row is used without reading the store. */
  freshMs?: number
  onError?: (error: unknown) => void
}

interface Live {
  credential: Credential
  controller: AbortController
}

/** Rows of one query: both databases allow several ten thousand parameters, and this stays far below. */
const ROWS_A_QUERY = 2000
const MAX_REMEMBERED = 10_000

/** A read of the store with its time; `value` is set once it is there. */
interface Remembered<T> {
  readonly at: number
  readonly reading: Promise<T>
  value?: T
}

const roleOf = (role: string): Role => ROLES.find((known) => known === role) ?? 'viewer'

/**
 * Makes the check for revoked credentials. The store is the truth: users have `tokens_valid_from`, sessions a mark
 * on their refresh tokens; instances with live streams read both, so revocation needs no bus.
 */
export const revocation = (store: Store, options: RevocationOptions = {}): Revocation => {
  const { now = Date.now, pollMs = 2000, freshMs = 1000, onError } = options
  const { db } = store
  const live = new Map<string, Live>()
  const users = new LRUCache<string, Remembered<UserState | undefined>>({ max: MAX_REMEMBERED })
  const revocations = new LRUCache<string, Remembered<boolean>>({ max: MAX_REMEMBERED })
  let timer: NodeJS.Timeout | undefined

  const fresh = <T>(cache: LRUCache<string, Remembered<T>>, key: string): Remembered<T> | undefined => {
    const known = cache.get(key)
    return known && Math.abs(now() - known.at) < freshMs ? known : undefined
  }

  const remember = <T>(
    cache: LRUCache<string, Remembered<T>>,
    key: string,
    read: (key: string) => Promise<T>,
  ): Promise<T> => {
    const known = fresh(cache, key)
    if (known) return known.reading
    const entry: Remembered<T> = { at: now(), reading: read(key) }
    cache.set(key, entry)
    entry.reading.then(
      (value) => {
        entry.value = value
      },
      () => cache.delete(key),
    )
    return entry.reading
  }

  const readUser = async (userId: string): Promise<UserState | undefined> => {
    const row = await db
      .selectFrom('users')
      .select(['id', 'username', 'email', 'role', 'disabled', 'tokens_valid_from'])
      .where('id', '=', userId)
      .executeTakeFirst()
    return (
      row && {
        id: row.id,
        username: row.username,
        email: row.email,
        role: roleOf(row.role),
        disabled: row.disabled !== 0,
        generation: row.tokens_valid_from,
      }
    )
  }

  const readRevoked = async (session: string): Promise<boolean> => {
    const row = await db
      .selectFrom('refresh_tokens')
      .select('family')
      .where('family', '=', session)
      .where('revoked_at', 'is not', null)
      .limit(1)
      .executeTakeFirst()
    return row !== undefined
  }

  const holds = (credential: Credential, user: UserState | undefined): user is UserState =>
    user !== undefined && !user.disabled && credential.generation >= user.generation

  const abortWhere = (revoked: (credential: Credential) => boolean) => {
    for (const [key, { credential, controller }] of live) {
      if (!revoked(credential)) continue
      live.delete(key)
      controller.abort()
    }
  }

  const check = async (part: readonly Live[]) => {
    const userIds = [...new Set(part.map(({ credential }) => credential.userId))]
    const sessions = [...new Set(part.flatMap(({ credential }) => credential.session ?? []))]
    const rows = await db
      .selectFrom('users')
      .select(['id as subject', 'tokens_valid_from as generation', 'disabled as ended'])
      .where('id', 'in', userIds)
      .unionAll((query) =>
        query
          .selectFrom('refresh_tokens')
          .select((e) => ['family as subject', e.val(0).as('generation'), e.val(2).as('ended')])
          .where('family', 'in', sessions.length > 0 ? sessions : [''])
          .where('revoked_at', 'is not', null),
      )
      .execute()
    const found = new Map(rows.filter(({ ended }) => ended !== 2).map((row) => [row.subject, row]))
    const revokedSessions = new Set(rows.filter(({ ended }) => ended === 2).map(({ subject }) => subject))
    const checked = new Set(part.map(({ credential }) => credential))
    abortWhere((credential) => {
      if (!checked.has(credential)) return false
      const user = found.get(credential.userId)
      if (user === undefined || user.ended !== 0 || credential.generation < Number(user.generation))
        return true
      return credential.session !== null && revokedSessions.has(credential.session)
    })
  }

  const poll = async () => {
    for (const [key, { credential }] of live) {
      if (credential.expiresAt !== null && credential.expiresAt + 60_000 < now()) live.delete(key)
    }
    const all = [...live.values()]
    for (let from = 0; from < all.length; from += ROWS_A_QUERY)
      await check(all.slice(from, from + ROWS_A_QUERY))
  }

  const schedule = () => {
    timer ??= setTimeout(async () => {
      await poll().catch((error) => onError?.(error))
      timer = undefined
      if (live.size > 0) schedule()
    }, pollMs).unref()
  }

  return {
    async userOf(credential) {
      const { userId, session } = credential
      const [user, revoked] = await Promise.all([
        remember(users, userId, readUser),
        session === null ? false : remember(revocations, session, readRevoked),
      ])
      return holds(credential, user) && !revoked ? user : undefined
    },
    known(credential) {
      const { userId, session } = credential
      const user = fresh(users, userId)?.value
      const isRevoked = session === null ? false : fresh(revocations, session)?.value
      return holds(credential, user) && isRevoked === false ? user : undefined
    },
    signal(credential) {
      const key = JSON.stringify([credential.userId, credential.session, credential.generation])
      let entry = live.get(key)
      if (!entry) {
        entry = { credential, controller: new AbortController() }
        setMaxListeners(0, entry.controller.signal)
        live.set(key, entry)
        schedule()
      } else if ((credential.expiresAt ?? Infinity) > (entry.credential.expiresAt ?? Infinity)) {
        entry.credential = credential
      }
      return entry.controller.signal
    },
    async userChanged(userId) {
      users.delete(userId)
      const user = await readUser(userId)
      abortWhere((credential) => credential.userId === userId && !holds(credential, user))
    },
    sessionRevoked(session) {
      revocations.delete(session)
      abortWhere((credential) => credential.session === session)
    },
    close() {
      clearTimeout(timer)
      live.clear()
    },
  }
}
