import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'

/** Failures for one account and address within the window after which it is locked out. */
const MAX_FAILURES = 5
const WINDOW_MS = 3_600_000

export interface Lockout {
  /**
   * Runs one attempt at a time for each account and address, counts it when it fails and forgets the failures when
   * it succeeds. Unknown accounts are locked out alike.
   * @param attempt resolves with undefined when it failed
   * @throws {Problem} `LOCKED_OUT` with the seconds until the oldest failure is an hour old
   */
  guard<T>(
    account: { username: string; address: string },
    attempt: () => Promise<T | undefined>,
  ): Promise<T | undefined>
}

export const lockout = (store: Store, { now = Date.now }: { now?: () => number } = {}): Lockout => {
  const { db } = store
  const queues = new Map<string, Promise<unknown>>()

  const guarded = async <T>(username: string, address: string, attempt: () => Promise<T | undefined>) => {
    const since = now() - WINDOW_MS
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
    if (oldest) {
      const retryAfter = Math.max(1, Math.ceil((oldest.at - since) / 1000))
      throw new Problem('LOCKED_OUT', say('identity.locked_out', { seconds: retryAfter }), { retryAfter })
    }
    const result = await attempt()
    if (result === undefined) {
      await db.insertInto('login_failures').values({ username, address, at: now() }).execute()
      await db.deleteFrom('login_failures').where('at', '<=', since).execute()
    } else if (failures.length > 0) {
      await db
        .deleteFrom('login_failures')
        .where('username', '=', username)
        .where('address', '=', address)
        .execute()
    }
    return result
  }

  return {
    guard({ username, address }, attempt) {
      const key = JSON.stringify([username, address])
      const before = queues.get(key) ?? Promise.resolve()
      const mine = before.then(
        () => guarded(username, address, attempt),
        () => guarded(username, address, attempt),
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
