import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import { Problem } from '../errors.ts'
import type { Store } from '../store/database.ts'
import type { AuditCheckpointTable } from '../store/schema.ts'
import { type Checkpoint, signCheckpoint, toCheckpoint } from './checkpoint.ts'
import type { SigningKey } from './signing-key.ts'

export interface Cut {
  /** What the events that are left follow. */
  checkpoint: Checkpoint
  /** Events that were removed. */
  removed: number
}

type SignedPlace = Pick<AuditCheckpointTable, 'seq' | 'event_id' | 'hash'>

/** Rows removed by one statement; the event loop turns between two. */
const SLICE = 500

const insertCheckpoint = async (
  { db }: Store,
  place: SignedPlace & { cut: 0 | 1; at: number },
  key: SigningKey,
): Promise<Checkpoint> => {
  const row = signCheckpoint(place, key)
  await db.insertInto('audit_checkpoints').values(row).execute()
  return toCheckpoint(row)
}

/** Signs where the log ends now. @returns undefined while there is no event */
export const takeCheckpoint = async (
  store: Store,
  key: SigningKey,
  at: number,
): Promise<Checkpoint | undefined> => {
  const last = await store.db
    .selectFrom('audit_events')
    .select(['seq', 'id as event_id', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last && insertCheckpoint(store, { ...last, cut: 0, at }, key)
}

/** Newest first. @param after id of the last one seen */
export const listCheckpoints = async (
  { db }: Store,
  { limit, after }: { limit: number; after?: string },
): Promise<Checkpoint[]> => {
  let query = db.selectFrom('audit_checkpoints').selectAll()
  if (after !== undefined)
    query = query.where(sql<boolean>`(at, id) < (select at, id from audit_checkpoints where id = ${after})`)
  const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return rows.map(toCheckpoint)
}

/** The last of the events that stand before every one that is not older than `before`. */
const lastBefore = async ({ db }: Store, before: number): Promise<SignedPlace | undefined> => {
  const kept = await db
    .selectFrom('audit_events')
    .select(({ fn }) => fn.min('seq').as('seq'))
    .where('timestamp', '>=', before)
    .executeTakeFirst()
  let query = db.selectFrom('audit_events').select(['seq', 'id as event_id', 'hash'])
  if (kept?.seq !== undefined && kept.seq !== null) query = query.where('seq', '<', kept.seq)
  return query.orderBy('seq', 'desc').limit(1).executeTakeFirst()
}

const removeUpTo = async ({ db }: Store, seq: number): Promise<number> => {
  let removed = 0
  for (;;) {
    const { numDeletedRows } = await db
      .deleteFrom('audit_events')
      .where('seq', 'in', (from) =>
        from.selectFrom('audit_events').select('seq').where('seq', '<=', seq).orderBy('seq').limit(SLICE),
      )
      .executeTakeFirstOrThrow()
    removed += Number(numDeletedRows)
    if (Number(numDeletedRows) < SLICE) return removed
    await setImmediate()
  }
}

/**
 * Removes the events older than `before`, behind a signed checkpoint. A cut that was broken off goes on at the next.
 * @param before milliseconds since the epoch
 * @param steps `verify` finds out whether what is signed holds; `announce` puts the cut into the log before it is done
 * @returns undefined when nothing is older
 * @throws {Problem} `INVALID_STATE` when the log does not hold: a cut would hide it
 */
export const cutLog = async (
  store: Store,
  key: SigningKey,
  { before, at }: { before: number; at: number },
  steps: { verify(): Promise<{ valid: boolean }>; announce(checkpoint: Checkpoint): Promise<unknown> },
): Promise<Cut | undefined> => {
  const place = await lastBefore(store, before)
  if (!place) return undefined
  if (!(await steps.verify()).valid)
    throw new Problem(
      'INVALID_STATE',
      'The log does not hold; nothing was removed, so that it can be looked into',
    )
  const checkpoint = await insertCheckpoint(store, { ...place, cut: 1, at }, key)
  await steps.announce(checkpoint)
  return { checkpoint, removed: await removeUpTo(store, place.seq) }
}
