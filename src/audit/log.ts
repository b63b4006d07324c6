import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { badField, Problem } from '../errors.ts'
import type { Store } from '../store/database.ts'
import type { AuditEventTable, Schema } from '../store/schema.ts'
import { canonicalJson, storableJson, storableText } from './canonical.ts'
import { BEGINNING, hashEvent, type Place, toAuditEvent } from './chain.ts'
import type { Checkpoint } from './checkpoint.ts'
import { AUDIT_EVENTS, type AuditEvent, type NewAuditEvent } from './events.ts'
import { type AuditFilter, filterEvents } from './filter.ts'
import { type Cut, cutLog, listCheckpoints, takeCheckpoint } from './retention.ts'
import { freshSigningKey, type SigningKey } from './signing-key.ts'
import { type Verification, verifyChain } from './verification.ts'

/** What a cut or a checkpoint's own event says of who asked for it. */
export type Asked = Omit<NewAuditEvent, 'event_type'>

export interface AuditLog {
  /**
   * Appends an event at the end of the one chain; resolves when it is durable. Events that arrive while others are
   * written go together in the next transaction, in the order of their arrival.
   */
  append(event: NewAuditEvent): Promise<AuditEvent>
  /**
   * Recomputes the chain in constant memory, from its first event on or from a checkpoint.
   * @param since id of a checkpoint
   * @throws {Problem} `VALIDATION_FAILED` naming `?since`
   */
  verify(since?: string): Promise<Verification>
  /** Signs where the log ends; an event of its own follows. */
  checkpoint(asked?: Asked): Promise<Checkpoint>
  /** Newest first. @param page `after`: id of the last one seen */
  checkpoints(page: { limit: number; after?: string }): Promise<Checkpoint[]>
  /**
   * Removes the events older than `before`, behind a signed checkpoint; the log says so in an event.
   * @param before milliseconds since the epoch
   * @returns undefined when nothing is older
   * @throws {Problem} `INVALID_STATE` when the log does not hold
   */
  cut(before: number, asked?: Asked): Promise<Cut | undefined>
  /**
   * Events in chain order, or from the newest on when `newestFirst`.
   * @param page `after`: id of the last event seen; `limit`: 1–1000
   * @throws {Problem} `VALIDATION_FAILED` when `after` is no event's id
   */
  events(
    filter: AuditFilter,
    page: { limit: number; after?: string; newestFirst?: boolean },
  ): Promise<AuditEvent[]>
  /** Calls back with the events that this instance appended, after they are durable, in order; it must not throw. @returns stop */
  onAppended(listener: (events: readonly AuditEvent[]) => void): () => void
}

interface Waiting {
  event: NewAuditEvent
  at: number
  resolve: (event: AuditEvent) => void
  reject: (error: unknown) => void
}

/** As many as one turn of the event loop hashes in a few milliseconds. */
const EVENTS_A_TRANSACTION = 250

/** Longest text kept of what a client sends about itself. */
const MAX_TEXT = 2048

/** Empty text is none: a CSV cell does not tell the two apart. */
const text = (value: string | null | undefined): string | null =>
  value ? storableText(value.slice(0, MAX_TEXT)) : null

/** An event at its place in the chain, as it is kept and as it is on the wire. */
const linked = ({ event: told, at }: Waiting, seq: number, prevHash: string) => {
  const { severity, message } = AUDIT_EVENTS[told.event_type]
  const row: AuditEventTable = {
    seq,
    id: randomUUID(),
    timestamp: at,
    event_type: told.event_type,
    severity,
    message: text(told.message) ?? message,
    user_id: text(told.user_id),
    user_email: text(told.user_email),
    success: told.success === false ? 0 : 1,
    error_code: text(told.error_code),
    resource_type: text(told.resource_type),
    resource_id: text(told.resource_id),
    ip_address: text(told.ip_address),
    user_agent: text(told.user_agent),
    request_id: text(told.request_id),
    details_json: told.details ? canonicalJson(storableJson(told.details)) : null,
    prev_hash: prevHash,
    hash: '',
  }
  const event = toAuditEvent(row)
  event.hash = hashEvent(event, prevHash)
  row.hash = event.hash
  return { row, event }
}

const COLUMNS = [
  'seq',
  'id',
  'timestamp',
  'event_type',
  'severity',
  'message',
  'user_id',
  'user_email',
  'success',
  'error_code',
  'resource_type',
  'resource_id',
  'ip_address',
  'user_agent',
  'request_id',
  'details_json',
  'prev_hash',
  'hash',
] as const satisfies readonly (keyof AuditEventTable)[]

const columns = sql.join(COLUMNS.map((column) => sql.ref(column)))

/** One statement and one parameter, whatever the number of rows: a parameter for each cell costs more than the rows. */
const insertRows = (dialect: Store['dialect'], rows: readonly AuditEventTable[]) =>
  dialect === 'sqlite'
    ? sql`insert into audit_events (${columns})
        select ${sql.join(COLUMNS.map((_, index) => sql`value ->> ${sql.lit(index)}`))}
        from json_each(${JSON.stringify(rows.map((row) => COLUMNS.map((column) => row[column])))})`
    : sql`insert into audit_events (${columns})
        select ${columns} from json_populate_recordset(null::audit_events, ${JSON.stringify(rows)}::json)`

/**
 * The audit log: one chain in the store, whatever number of instances append to it. Whoever writes holds the lock of
 * the chain's head from before it reads it until its rows are durable, so the chain neither forks nor loses an event.
 * @param options `key`: signs checkpoints; made for this process when there is none
 */
export const auditLog = (
  store: Store,
  { now = Date.now, key = freshSigningKey() }: { now?: () => number; key?: SigningKey } = {},
): AuditLog => {
  const { db, dialect } = store
  const listeners = new Set<(events: readonly AuditEvent[]) => void>()
  const waiting: Waiting[] = []
  let writing = false

  /** Takes the lock, then reads where the chain ends: rows that were put in past the head are gone on from. */
  const lockedEnd = async (trx: Kysely<Schema>): Promise<Place> => {
    const head = await trx
      .insertInto('audit_head')
      .values({ one: 1, event_id: '', ...BEGINNING })
      .onConflict((conflict) => conflict.column('one').doUpdateSet({ one: 1 }))
      .returning(['seq', 'hash'])
      .executeTakeFirstOrThrow()
    const last = await trx
      .selectFrom('audit_events')
      .select(['seq', 'hash'])
      .where('seq', '>', head.seq)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    return last ?? head
  }

  const write = (batch: readonly Waiting[]): Promise<AuditEvent[]> =>
    db.transaction().execute(async (trx) => {
      let { seq, hash } = await lockedEnd(trx)
      let event_id = ''
      const links = batch.map((entry) => {
        const link = linked(entry, ++seq, hash)
        hash = link.row.hash
        event_id = link.row.id
        return link
      })
      await insertRows(
        dialect,
        links.map(({ row }) => row),
      ).execute(trx)
      await trx.updateTable('audit_head').set({ seq, hash, event_id }).execute()
      return links.map(({ event }) => event)
    })

  const commit = async (batch: readonly Waiting[]) => {
    let events: AuditEvent[]
    try {
      events = await write(batch)
    } catch (error) {
      for (const { reject } of batch) reject(error)
      return
    }
    batch.forEach(({ resolve }, index) => {
      resolve(events[index] as AuditEvent)
    })
    for (const listener of listeners) listener(events)
  }

  const drain = async () => {
    writing = true
    try {
      while (waiting.length > 0) {
        await commit(waiting.splice(0, EVENTS_A_TRANSACTION))
        // SQLite answers within the same turn of the event loop; others have theirs before the next transaction.
        await setImmediate()
      }
    } finally {
      writing = false
    }
  }

  const seqOf = async (id: string): Promise<number> => {
    const row = await db.selectFrom('audit_events').select('seq').where('id', '=', id).executeTakeFirst()
    if (!row) throw badField('?after', 'is the id of no event')
    return row.seq
  }

  const append = (event: NewAuditEvent): Promise<AuditEvent> =>
    new Promise((resolve, reject) => {
      waiting.push({ event, at: now(), resolve, reject })
      if (!writing) void drain()
    })

  /** The checkpoint's own event, beside what is told of who asked. */
  const aboutCheckpoint = ({ id, event_id, hash, count }: Checkpoint, asked: Asked): Asked => ({
    ...asked,
    resource_type: 'checkpoint',
    resource_id: id,
    details: { ...asked.details, event_id, hash, count },
  })

  return {
    append,
    verify: (since) => verifyChain(store, key, since),

    async checkpoint(asked = {}) {
      const checkpoint = await takeCheckpoint(store, key, now())
      if (!checkpoint) throw new Problem('INVALID_STATE', 'The log has no event yet')
      await append({ ...aboutCheckpoint(checkpoint, asked), event_type: 'audit.checkpoint' })
      return checkpoint
    },

    checkpoints: (page) => listCheckpoints(store, page),

    cut: (before, asked = {}) =>
      cutLog(
        store,
        key,
        { before, at: now() },
        {
          verify: () => verifyChain(store, key),
          announce: (checkpoint) =>
            append({ ...aboutCheckpoint(checkpoint, asked), event_type: 'audit.cut' }),
        },
      ),

    async events(filter, { limit, after, newestFirst = false }) {
      let query = filterEvents(db.selectFrom('audit_events'), filter).selectAll()
      if (after !== undefined) query = query.where('seq', newestFirst ? '<' : '>', await seqOf(after))
      const rows = await query
        .orderBy('seq', newestFirst ? 'desc' : 'asc')
        .limit(limit)
        .execute()
      return rows.map(toAuditEvent)
    },

    onAppended(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
