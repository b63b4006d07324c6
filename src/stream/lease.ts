import type { Transaction, Updateable } from 'kysely'
import { sql } from 'kysely'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'
import type { Schema, StreamTable } from '../store/schema.ts'
import type { Stream } from './stream.ts'

/** The id and fencing token by which a holder proves that a stream is still its own. */
export type Hold = Pick<Stream, 'id' | 'fence'>

/**
 * Takes the oldest stream that waits, or whose holder's lease has run out; null when there is none. Exactly one of
 * several instances that try at once gets it, under a higher fencing token.
 * @param known kinds that this instance can run at all: a cancelled stream of theirs is always taken, to end it
 * @param roomFor kinds it has room for
 * @param running ids of the streams that it runs, which are never taken whatever their lease says
 * @see https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html
 */
export const claim = async (
  { db, now }: Store,
  known: readonly string[],
  roomFor: readonly string[],
  running: readonly string[],
  instance: string,
  leaseMs: number,
): Promise<Stream | null> => {
  if (known.length === 0) return null
  for (;;) {
    const candidate = await db
      .selectFrom('streams')
      .select(['id', 'fence'])
      .where('state', '=', 'running')
      .where('kind', 'in', known)
      .where((eb) =>
        roomFor.length === 0
          ? eb('cancel_requested', '=', 1)
          : eb.or([eb('kind', 'in', roomFor), eb('cancel_requested', '=', 1)]),
      )
      .where('lease_until', '<', now)
      .$if(running.length > 0, (query) => query.where('id', 'not in', running))
      .orderBy('started_at')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    if (!candidate) return null
    const taken = await db
      .updateTable('streams')
      .set({ instance, fence: candidate.fence + 1, lease_until: sql<number>`${now} + ${sql.lit(leaseMs)}` })
      .where('id', '=', candidate.id)
      .where('fence', '=', candidate.fence)
      .where('state', '=', 'running')
      .where('lease_until', '<', now)
      .returningAll()
      .executeTakeFirst()
    if (taken) return taken
  }
}

/** Prolongs the leases still held and returns their rows; a stream without a row was lost. */
export const renew = async (
  { db, now }: Store,
  held: readonly Hold[],
  instance: string,
  leaseMs: number,
): Promise<Stream[]> => {
  if (held.length === 0) return []
  const rows = await db
    .updateTable('streams')
    .set({ lease_until: sql<number>`${now} + ${sql.lit(leaseMs)}` })
    .where('instance', '=', instance)
    .where('state', '=', 'running')
    .where(
      'id',
      'in',
      held.map(({ id }) => id),
    )
    .returningAll()
    .execute()
  return rows.filter((row) => held.some(({ id, fence }) => id === row.id && fence === row.fence))
}

/** Releases a stream, so that any instance may take it. */
export const release = async ({ db }: Store, { id, fence }: Hold): Promise<void> => {
  await db
    .updateTable('streams')
    .set({ instance: null, lease_until: 0 })
    .where('id', '=', id)
    .where('fence', '=', fence)
    .where('state', '=', 'running')
    .execute()
}

/**
 * Runs `work` in a transaction whose first statement locks the stream's row against every other holder.
 * @param change columns of the row itself that change
 * @throws {Problem} `FENCED` when the stream has ended or has another holder
 */
export const fenced = <T>(
  { transact }: Store,
  { id, fence }: Hold,
  work: (db: Transaction<Schema>) => Promise<T>,
  change: Updateable<StreamTable> = {},
): Promise<T> =>
  transact(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('streams')
      .set({ fence, ...change })
      .where('id', '=', id)
      .where('fence', '=', fence)
      .where('state', '=', 'running')
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) throw new Problem('FENCED', say('stream.anothers', { id }))
    return work(trx)
  })
