import { randomBytes } from 'node:crypto'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import { refuseRemoved } from './removed-user.ts'
import type { Credential } from './revocation.ts'
import { hashOf } from './sessions.ts'

export interface Tickets {
  readonly ttlSeconds: number
  /**
   * Issues a ticket for the user of a credential; it gives an identity that ends when the credential does.
   * @param alongside written in the same transaction
   * @throws {Problem} `UNAUTHENTICATED` when the user was removed meanwhile
   */
  issue(credential: Credential, alongside?: Alongside): Promise<string>
  /**
   * Redeems a ticket for a path: once, and again for the same path when a lost connection is `resumed` while the
   * ticket is valid. Of several concurrent attempts exactly one succeeds.
   * @returns undefined when the ticket is unknown, expired, used, or made for another path
   */
  redeem(ticket: string, path: string, resumed: boolean): Promise<Credential | undefined>
}

export const tickets = (
  store: Store,
  { ttlSeconds, now = Date.now }: { ttlSeconds: number; now?: () => number },
): Tickets => {
  const { db } = store
  return {
    ttlSeconds,

    async issue(credential, alongside) {
      const ticket = randomBytes(32).toString('base64url')
      const at = now()
      await db.deleteFrom('tickets').where('expires_at', '<=', at).execute()
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto('tickets')
          .values({
            hash: hashOf(ticket),
            user_id: credential.userId,
            expires_at: at + ttlSeconds * 1000,
            path: null,
            session: credential.session,
            generation: credential.generation,
            token_expires_at: credential.expiresAt,
          })
          .execute()
          .catch(refuseRemoved)
        await alongside?.(trx)
      })
      return ticket
    },

    async redeem(ticket, path, resumed) {
      const hash = hashOf(ticket)
      const at = now()
      const opened = await db
        .updateTable('tickets')
        .set({ path })
        .where('hash', '=', hash)
        .where('path', 'is', null)
        .where('expires_at', '>', at)
        .executeTakeFirst()
      if (opened.numUpdatedRows === 0n && !resumed) return undefined
      const row = await db
        .selectFrom('tickets')
        .selectAll()
        .where('hash', '=', hash)
        .where('path', '=', path)
        .where('expires_at', '>', at)
        .executeTakeFirst()
      return (
        row && {
          userId: row.user_id,
          session: row.session,
          generation: row.generation,
          expiresAt: row.token_expires_at,
        }
      )
    },
  }
}
