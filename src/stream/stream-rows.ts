import { type Expression, sql } from 'kysely'
import type { Position } from '../channel/broker.ts'
import type { Db, Stream } from './stream.ts'

/** A literal instead of a parameter: an index of running streams only is not used for a parameter. */
export const RUNNING = sql.lit<'running'>('running')

/** Returns the running streams of a channel on any instance, oldest first. */
export const runningIn = (db: Db, channel: string): Promise<Stream[]> =>
  db
    .selectFrom('streams')
    .selectAll()
    .where('channel', '=', channel)
    .where('state', '=', RUNNING)
    .orderBy('started_at')
    .execute()

/** Returns the streams of a channel that have not ended before a position: later events may belong to them. */
export const openAt = (db: Db, channel: string, { epoch, offset }: Position): Promise<Stream[]> =>
  db
    .selectFrom('streams')
    .selectAll()
    .where('channel', '=', channel)
    .where((eb) =>
      eb.or([
        eb('state', '=', 'running'),
        eb('end_offset', 'is', null),
        eb.and([eb('end_epoch', '=', epoch), eb('end_offset', '>', offset)]),
      ]),
    )
    .execute()

/**
 * Requests the end of running streams of a channel, in a transaction of their room.
 * @param among selects ids of streams; without it all of the channel are ended
 * @returns ids of the streams; their instances notice it when they renew their leases
 */
export const requestCancel = async (
  db: Db,
  channel: string,
  among?: Expression<string>,
): Promise<string[]> => {
  const asked = await db
    .updateTable('streams')
    .set({ cancel_requested: 1 })
    .where('channel', '=', channel)
    .where('state', '=', RUNNING)
    .$if(among !== undefined, (query) => query.where('id', 'in', among as Expression<string>))
    .returning('id')
    .execute()
  return asked.map(({ id }) => id)
}

/** Requests the end of all running streams of a user who is being removed, in the transaction that removes the user. */
export const requestCancelOf = async (db: Db, owner: string): Promise<void> => {
  await db
    .updateTable('streams')
    .set({ cancel_requested: 1 })
    .where('owner', '=', owner)
    .where('state', '=', RUNNING)
    .execute()
}

/** Removes the row of a stream that has ended, in the transaction that removes what it made. */
export const removeStream = async (db: Db, id: string): Promise<void> => {
  await db.deleteFrom('streams').where('id', '=', id).execute()
}

/** Figures about streams of some kinds. */
export interface StreamFigures {
  active: number
  total: number
  failed: number
  /** Average duration in milliseconds of those that have ended, whatever their end; 0 while there is none. */
  averageMs: number
}

/** Counts the streams of some kinds. @param owner null for those of all users */
export const streamFigures = async (
  db: Db,
  kinds: readonly string[],
  owner: string | null,
): Promise<StreamFigures> => {
  const found = await db
    .selectFrom('streams')
    .select(({ fn }) => [
      fn.countAll().as('total'),
      fn.sum(sql`case when state = 'running' then 1 else 0 end`).as('active'),
      fn.sum(sql`case when state = 'failed' then 1 else 0 end`).as('failed'),
      fn.avg(sql`ended_at - started_at`).as('average'),
    ])
    .where('kind', 'in', kinds)
    .$if(owner !== null, (query) => query.where('owner', '=', owner as string))
    .executeTakeFirstOrThrow()
  return {
    active: Number(found.active ?? 0),
    total: Number(found.total),
    failed: Number(found.failed ?? 0),
    averageMs: Math.round(Number(found.average ?? 0)),
  }
}
