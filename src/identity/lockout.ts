import { type Kysely, sql } from 'kysely'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'
import type { Schema } from '../store/schema.ts'

/** Failures for one account and address within the window after which it is locked out. */
const MAX_FAILURES = 5
const WINDOW_MS = 3_600_000

interface Account {
  username: string
  address: string
}

export interface Lockout {
  /**
   * Runs one attempt at a time for each account and address on this instance, counts it when it fails and forgets the
   * failures when it succeeds. Of attempts that run at once on several instances no more are told their outcome than
   * may fail. Unknown accounts are locked out alike.
   * @param attempt resolves with undefined when it failed
   * @throws {Problem} `LOCKED_OUT` with the seconds until the oldest failure is an hour old
   */
  guard<T>(account: Account, attempt: () => Promise<T | undefined>): Promise<T | undefined>
}

export const lockout = (store: Store, { now = Date.now }: { now?: () => number } = {}): Lockout => {
  const { db, dialect, transact } = store
  const queues = new Map<string, Promise<unknown>>()

  /** @throws {Problem} `LOCKED_OUT` */
  const requireOpen = async (db: Kysely<Schema>, { username, address }: Account, since: number) => {
    const failures = await db
      .selectFrom('login_failures')
      .select('at')
      .where('username', '=', username)
      .where('address', '=', address)
      .where('at', '>', since)
      .orderBy('at', 'desc')
      .limit(MAX_FAILURES)
      .execute()
    const oldest = failures[MAX_FAILURES - 1]
    if (!oldest) return
    const retryAfter = Math.max(1, Math.ceil((oldest.at - since) / 1000))
    throw new Problem('LOCKED_OUT', say('identity.locked_out', { seconds: retryAfter }), { retryAfter })
  }

  /**
   * Writes the outcome of an attempt, one at a time over all instances.
   * @throws {Problem} `LOCKED_OUT` when others have failed too often meanwhile
   */
  const settle = (account: Account, failed: boolean, since: number): Promise<void> =>
    transact(async (trx) => {
      const { username, address } = account
      if (dialect === 'postgres')
        await sql`select pg_advisory_xact_lock(hashtext(${`login:${username} ${address}`}))`.execute(trx)
      const own = trx
        .deleteFrom('login_failures')
        .where('username', '=', username)
        .where('address', '=', address)
      await own.where('at', '<=', since).execute()
      await requireOpen(trx, account, since)
      if (failed) await trx.insertInto('login_failures').values({ username, address, at: now() }).execute()
      else await own.execute()
    })

  const guarded = async <T>(account: Account, attempt: () => Promise<T | undefined>) => {
    await requireOpen(db, account, now() - WINDOW_MS)
    const result = await attempt()
    const since = now() - WINDOW_MS
    await settle(account, result === undefined, since)
    if (result === undefined) await db.deleteFrom('login_failures').where('at', '<=', since).execute()
    return result
  }

  return {
    guard(account, attempt) {
      const key = JSON.stringify([account.username, account.address])
      const before = queues.get(key) ?? Promise.resolve()
      const mine = before.then(
        () => guarded(account, attempt),
        () => guarded(account, attempt),
      )
      queues.set(key, mine)
      const leave = () => {
        if (queues.get(key) === mine) queues.delete(key)
      }
      mine.then(leave, leave)
      return mine
    },
  }
}
