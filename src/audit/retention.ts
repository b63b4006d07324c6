import { setImmediate } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'
import type { Schema } from '../store/schema.ts'
import { lockHead } from './appender.ts'
import { type Checkpoint, signCheckpoint, toCheckpoint } from './checkpoint.ts'
import type { SigningKey } from './signing-key.ts'
import type { AuditPlace } from './verification.ts'

export interface Cut {
  /** The signed place after which the remaining events follow. */
  checkpoint: Checkpoint
  /** Number of events that were removed. */
  removed: number
}

/**
 * The conditions under which the log is signed: after `events` events, or `afterMs` milliseconds after the last
 * checkpoint if any event came since.
 */
export interface Due {
  events: number
  afterMs: number
}

/** Rows removed by one statement; other work of the event loop runs between two. */
const SLICE = 500
/** Rows read by one statement, which takes a millisecond or two. */
const SCAN = 10_000

const insertCheckpoint = async (
  db: Kysely<Schema>,
  place: AuditPlace & { cut: 0 | 1; at: number },
  key: SigningKey,
): Promise<Checkpoint> => {
  const row = signCheckpoint(place, key)
  await db.insertInto('audit_checkpoints').values(row).execute()
  return toCheckpoint(row)
}

/** Returns the place of the last event, or of the last one with a number of at most `upTo`. */
const lastEvent = (db: Kysely<Schema>, upTo = Number.MAX_SAFE_INTEGER): Promise<AuditPlace | undefined> =>
  db
    .selectFrom('audit_events')
    .select(['seq', 'id as event_id', 'hash'])
    .where('seq', '<=', upTo)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()

/** Signs the end of the log. @returns undefined while there is no event */
export const takeCheckpoint = async (
  { db }: Store,
  key: SigningKey,
  at: number,
): Promise<Checkpoint | undefined> => {
  const last = await lastEvent(db)
  return last && insertCheckpoint(db, { ...last, cut: 0, at }, key)
}

const isDue = async (db: Kysely<Schema>, seq: number, at: number, due: Due): Promise<boolean> => {
  const last = await db
    .selectFrom('audit_checkpoints')
    .select(['seq', 'at'])
    .orderBy('seq', 'desc')
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  // The event that is appended about a checkpoint does not make the next one due.
  const fresh = last ? seq - last.seq - 1 : seq
  if (fresh <= 0 || fresh >= due.events) return fresh > 0
  const since =
    last?.at ??
    (
      await db
        .selectFrom('audit_events')
        .select('timestamp')
        .orderBy('seq')
        .limit(1)
        .executeTakeFirstOrThrow()
    ).timestamp
  return at - since >= due.afterMs
}

/**
 * Signs the end of the log if that is due; decides under the lock of the chain's head, so that one of several
 * instances does.
 */
export const takeDueCheckpoint = async (
  { db }: Store,
  key: SigningKey,
  at: number,
  due: Due,
): Promise<Checkpoint | undefined> => {
  const { seq } = (await lastEvent(db)) ?? { seq: 0 }
  if (!(await isDue(db, seq, at, due))) return undefined
  return db.transaction().execute(async (trx) => {
    await lockHead(trx)
    const last = await lastEvent(trx)
    if (!last || !(await isDue(trx, last.seq, at, due))) return undefined
    return insertCheckpoint(trx, { ...last, cut: 0, at }, key)
  })
}

/** Lists checkpoints, newest first. @param after id of the last one seen */
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

/** Returns the place up to which every event is older than `before`. */
const lastBefore = async ({ db }: Store, before: number): Promise<AuditPlace | undefined> => {
  const oldest = await db.selectFrom('audit_events').select('seq').orderBy('seq').limit(1).executeTakeFirst()
  let end = (await lastEvent(db))?.seq ?? 0
  for (let from = oldest?.seq ?? 1; from <= end; from += SCAN) {
    // The plus sign keeps SQLite from using the index of times, which would return every event that is not old.
    const kept = await db
      .selectFrom('audit_events')
      .select('seq')
      .where('seq', '>=', from)
      .where('seq', '<', from + SCAN)
      .where(sql<number>`+${sql.ref('timestamp')}`, '>=', before)
      .orderBy('seq')
      .limit(1)
      .executeTakeFirst()
    if (kept) end = kept.seq - 1
    await setImmediate()
  }
  return lastEvent(db, end)
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
 * Removes the events older than `before`, behind a signed checkpoint. An interrupted removal is completed by the
 * next call.
 * @param before milliseconds since the epoch
 * @param steps `verify` checks the chain up to the cut; `announce` appends the event about the cut before anything
 *   is removed
 * @returns undefined when nothing is older
 * @throws {Problem} `INVALID_STATE` when the chain is broken: a cut would hide it
 */
export const cutLog = async (
  store: Store,
  key: SigningKey,
  { before, at }: { before: number; at: number },
  steps: {
    verify(until: AuditPlace): Promise<{ valid: boolean }>
    announce(checkpoint: Checkpoint): Promise<unknown>
  },
): Promise<Cut | undefined> => {
  const place = await lastBefore(store, before)
  if (!place) return undefined
  if (!(await steps.verify(place)).valid) throw new Problem('INVALID_STATE', say('audit.broken'))
  const checkpoint = await insertCheckpoint(store.db, { ...place, cut: 1, at }, key)
  await steps.announce(checkpoint)
  return { checkpoint, removed: await removeUpTo(store, place.seq) }
}
