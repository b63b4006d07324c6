import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { badField } from '../errors.ts'
import type { Store } from '../store/database.ts'
import type { AuditEventTable, Schema } from '../store/schema.ts'
import { canonicalJson, storableJson, storableText } from './canonical.ts'
import { type Break, chainCheck, GENESIS, hashEvent, toAuditEvent } from './chain.ts'
import { AUDIT_EVENTS, type AuditEvent, type NewAuditEvent } from './events.ts'
import { type AuditFilter, filterEvents } from './filter.ts'

export interface Verification {
  valid: boolean
  /** Events that hold, from the first on. */
  checked: number
  first_broken: Break | null
}

export interface AuditLog {
  /**
   * Appends an event at the end of the one chain; resolves when it is durable. Events that arrive while others are
   * written go together in the next transaction, in the order of their arrival.
   */
  append(event: NewAuditEvent): Promise<AuditEvent>
  /** Recomputes the whole chain, in constant memory. */
  verify(): Promise<Verification>
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

/** Any number that no other advisory lock uses. */
const CHAIN_LOCK = 7_211_002
/** 18 columns a row: 500 rows stay far below the parameters that one statement takes. */
const EVENTS_A_TRANSACTION = 500
const VERIFY_BATCH = 500

/** Longest text kept of what a client sends about itself. */
const MAX_TEXT = 2048

const text = (value: string | null | undefined): string | null =>
  value === undefined || value === null ? null : storableText(value.slice(0, MAX_TEXT))

/** The row of an event at its place in the chain. */
const toRow = ({ event, at }: Waiting, seq: number, prevHash: string): AuditEventTable => {
  const { severity, message } = AUDIT_EVENTS[event.event_type]
  const row: AuditEventTable = {
    seq,
    id: randomUUID(),
    timestamp: at,
    event_type: event.event_type,
    severity,
    message: text(event.message) ?? message,
    user_id: text(event.user_id),
    user_email: text(event.user_email),
    success: event.success === false ? 0 : 1,
    error_code: text(event.error_code),
    resource_type: text(event.resource_type),
    resource_id: text(event.resource_id),
    ip_address: text(event.ip_address),
    user_agent: text(event.user_agent),
    request_id: text(event.request_id),
    details_json: event.details ? canonicalJson(storableJson(event.details)) : null,
    prev_hash: prevHash,
    hash: '',
  }
  row.hash = hashEvent(toAuditEvent(row), prevHash)
  return row
}

/**
 * The audit log: one chain in the store, whatever number of instances append to it. Whoever writes holds the chain's
 * lock from before it reads the head until its rows are durable, so the chain neither forks nor loses an event.
 */
export const auditLog = (store: Store, { now = Date.now }: { now?: () => number } = {}): AuditLog => {
  const { db, dialect } = store
  const listeners = new Set<(events: readonly AuditEvent[]) => void>()
  const waiting: Waiting[] = []
  let writing = false

  const lockChain = async (trx: Kysely<Schema>) => {
    if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${CHAIN_LOCK})`.execute(trx)
    // SQLite begins without a lock; a write that changes nothing takes it before the head is read.
    else await trx.updateTable('audit_events').set({ seq: 0 }).where('seq', '=', -1).execute()
  }

  const write = (batch: readonly Waiting[]): Promise<AuditEvent[]> =>
    db.transaction().execute(async (trx) => {
      await lockChain(trx)
      const head = await trx
        .selectFrom('audit_events')
        .select(['seq', 'hash'])
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst()
      let seq = head?.seq ?? 0
      let prevHash = head?.hash ?? GENESIS
      const rows = batch.map((entry) => {
        const row = toRow(entry, ++seq, prevHash)
        prevHash = row.hash
        return row
      })
      await trx.insertInto('audit_events').values(rows).execute()
      return rows.map(toAuditEvent)
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
      while (waiting.length > 0) await commit(waiting.splice(0, EVENTS_A_TRANSACTION))
    } finally {
      writing = false
    }
  }

  const seqOf = async (id: string): Promise<number> => {
    const row = await db.selectFrom('audit_events').select('seq').where('id', '=', id).executeTakeFirst()
    if (!row) throw badField('?after', 'is the id of no event')
    return row.seq
  }

  return {
    append: (event) =>
      new Promise((resolve, reject) => {
        waiting.push({ event, at: now(), resolve, reject })
        if (!writing) void drain()
      }),

    async verify() {
      const chain = chainCheck()
      let after = Number.MIN_SAFE_INTEGER
      for (;;) {
        const rows = await db
          .selectFrom('audit_events')
          .selectAll()
          .where('seq', '>', after)
          .orderBy('seq')
          .limit(VERIFY_BATCH)
          .execute()
        const first_broken = chain.check(rows)
        if (first_broken) return { valid: false, checked: chain.count(), first_broken }
        if (rows.length < VERIFY_BATCH) return { valid: true, checked: chain.count(), first_broken: null }
        after = rows[rows.length - 1]?.seq as number
      }
    },

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
