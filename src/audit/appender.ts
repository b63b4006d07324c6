import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { Store } from '../store/database.ts'
import type { AuditEventTable, Schema } from '../store/schema.ts'
import { canonicalJson, storableJson, storableText } from './canonical.ts'
import { BEGINNING, hashEvent, type Place, toAuditEvent } from './chain.ts'
import { AUDIT_COLUMNS, AUDIT_EVENTS, type AuditEvent, type NewAuditEvent } from './events.ts'
import { takeRecorded, type UnchainedEvent } from './outbox.ts'

/** What goes into the chain next: one event, events of the outbox, or up to so many of those that are there. */
type Task = { told: UnchainedEvent } | { recorded: readonly string[] } | { leftBehind: number }

type Waiting = { task: Task; resolve(events: readonly AuditEvent[]): void; reject(error: unknown): void }

/** As many as one turn of the event loop hashes in a few milliseconds. */
const EVENTS_A_TRANSACTION = 250

/** Longest text kept of what a client sends about itself. */
const MAX_TEXT = 2048

/** Empty text is none: a CSV cell does not tell the two apart. */
const text = (value: string | null | undefined): string | null =>
  value ? storableText(value.slice(0, MAX_TEXT)) : null

/** An event at its place in the chain, as it is kept and as it is on the wire. */
const linked = ({ id, at, event: told }: UnchainedEvent, seq: number, prevHash: string) => {
  const { severity, message } = AUDIT_EVENTS[told.event_type]
  const row: AuditEventTable = {
    seq,
    id,
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

const COLUMNS: readonly (keyof AuditEventTable)[] = [
  'seq',
  ...AUDIT_COLUMNS.map((column) => (column === 'details' ? 'details_json' : column)),
]

const columns = sql.join(COLUMNS.map((column) => sql.ref(column)))

/** One statement and one parameter, whatever the number of rows: a parameter for each cell costs more than the rows. */
const insertRows = (dialect: Store['dialect'], rows: readonly AuditEventTable[]) =>
  dialect === 'sqlite'
    ? sql`insert into audit_events (${columns})
        select ${sql.join(COLUMNS.map((_, index) => sql`value ->> ${sql.lit(index)}`))}
        from json_each(${JSON.stringify(rows.map((row) => COLUMNS.map((column) => row[column])))})`
    : sql`insert into audit_events (${columns})
        select ${columns} from json_populate_recordset(null::audit_events, ${JSON.stringify(rows)}::json)`

/** Takes the lock of the chain, which whoever writes to it holds until the end of the transaction. */
export const lockHead = (trx: Kysely<Schema>): Promise<Place> =>
  trx
    .insertInto('audit_head')
    .values({ one: 1, event_id: '', ...BEGINNING })
    .onConflict((conflict) => conflict.column('one').doUpdateSet({ one: 1 }))
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow()

/** Where the locked chain ends: rows that were put in past the head are gone on from. */
const lockedEnd = async (trx: Kysely<Schema>): Promise<Place> => {
  const head = await lockHead(trx)
  const last = await trx
    .selectFrom('audit_events')
    .select(['seq', 'hash'])
    .where('seq', '>', head.seq)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last ?? head
}

export interface Appender {
  /** Gives an event its place; resolves when it is durable. */
  append(event: NewAuditEvent, at: number): Promise<AuditEvent>
  /** Gives events of the outbox theirs, if nobody has yet; resolves when they are durable. */
  settle(recorded: readonly string[]): Promise<void>
  /** Gives whatever is in the outbox its place, the oldest first. @returns how many events */
  collect(): Promise<number>
}

/**
 * Writes to the end of the one chain, in groups: what arrives while others are written goes together in the next
 * transaction, in the order of its arrival. The lock of the chain's head is held from before the head is read until
 * the rows are durable, so that the chain neither forks nor loses an event, whatever number of instances write to it.
 * @param onAppended told of events after they are durable, in their order
 */
export const appender = (
  { db, dialect }: Store,
  onAppended: (events: readonly AuditEvent[]) => void,
): Appender => {
  const waiting: Waiting[] = []
  let writing = false

  const write = (tasks: readonly Task[]): Promise<AuditEvent[][]> =>
    db.transaction().execute(async (trx) => {
      let { seq, hash } = await lockedEnd(trx)
      const recorded = await takeRecorded(
        trx,
        tasks.flatMap((task) => ('recorded' in task ? task.recorded : [])),
        tasks.reduce((sum, task) => sum + ('leftBehind' in task ? task.leftBehind : 0), 0),
      )
      const take = (task: Task): UnchainedEvent[] => {
        if ('told' in task) return [task.told]
        const ids = 'recorded' in task ? task.recorded : [...recorded.keys()].slice(0, task.leftBehind)
        const taken = ids.map((id) => recorded.get(id)).filter((told) => told !== undefined)
        for (const { id } of taken) recorded.delete(id)
        return taken
      }
      const rows: AuditEventTable[] = []
      const link = (told: UnchainedEvent): AuditEvent => {
        const { row, event } = linked(told, ++seq, hash)
        hash = row.hash
        rows.push(row)
        return event
      }
      const given = tasks.map((task) => take(task).map(link))
      const last = rows.at(-1)
      if (!last) return given
      await insertRows(dialect, rows).execute(trx)
      await trx.updateTable('audit_head').set({ seq, hash, event_id: last.id }).execute()
      return given
    })

  const commit = async (batch: readonly Waiting[]) => {
    let given: AuditEvent[][]
    try {
      given = await write(batch.map(({ task }) => task))
    } catch (error) {
      for (const { reject } of batch) reject(error)
      return
    }
    batch.forEach(({ resolve }, index) => {
      resolve(given[index] as AuditEvent[])
    })
    const events = given.flat()
    if (events.length > 0) onAppended(events)
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

  const enqueue = (task: Task): Promise<readonly AuditEvent[]> =>
    new Promise((resolve, reject) => {
      waiting.push({ task, resolve, reject })
      if (!writing) void drain()
    })

  return {
    async append(event, at) {
      const [appended] = await enqueue({ told: { id: randomUUID(), at, event } })
      return appended as AuditEvent
    },
    async settle(recorded) {
      await enqueue({ recorded })
    },
    async collect() {
      // Nobody's lock is taken for nothing.
      if (!(await db.selectFrom('audit_outbox').select('id').limit(1).executeTakeFirst())) return 0
      for (let collected = 0; ; ) {
        const { length } = await enqueue({ leftBehind: EVENTS_A_TRANSACTION })
        collected += length
        if (length < EVENTS_A_TRANSACTION) return collected
      }
    },
  }
}
