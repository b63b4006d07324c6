import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { Store } from '../store/database.ts'
import type { AuditEventTable, Schema } from '../store/schema.ts'
import { canonicalJson, storableJson, storableText } from './canonical-json.ts'
import { BEGINNING, hashEvent, type Place, toAuditEvent } from './chain.ts'
import { AUDIT_COLUMNS, AUDIT_EVENTS, type AuditEvent, type NewAuditEvent } from './events.ts'
import { takeRecorded, type UnchainedEvent } from './outbox.ts'

/**
 * A piece of work for the chain: one new event, named events of the outbox, or at most `leftBehind` of its oldest
 * events.
 */
type Task = { event: UnchainedEvent } | { recorded: readonly string[] } | { leftBehind: number }

type Waiting = {
  task: Task
  /** Time at which it was asked for, by the process's clock. */
  since: number
  resolve(events: readonly AuditEvent[]): void
  reject(error: unknown): void
}

/** Events written by one transaction: as many as the event loop hashes in a few milliseconds. */
const EVENTS_A_TRANSACTION = 250

/** Longest text, in UTF-16 units, that is kept of a field that a client may fill. */
const MAX_TEXT = 2048

/** Returns a text as the log keeps it; an empty one becomes null, since a CSV cell cannot show the difference. */
const text = (value: string | null | undefined): string | null =>
  value ? storableText(value.slice(0, MAX_TEXT)) : null

/**
 * Links an event to the one before it: returns its row and the same event as it is on the wire, both with their
 * hash.
 */
const linked = ({ id, at, event: fields }: UnchainedEvent, seq: number, prevHash: string) => {
  const { severity, message } = AUDIT_EVENTS[fields.event_type]
  const row: AuditEventTable = {
    seq,
    id,
    timestamp: at,
    event_type: fields.event_type,
    severity,
    message: text(fields.message) ?? message,
    user_id: text(fields.user_id),
    user_email: text(fields.user_email),
    success: fields.success === false ? 0 : 1,
    error_code: text(fields.error_code),
    resource_type: text(fields.resource_type),
    resource_id: text(fields.resource_id),
    ip_address: text(fields.ip_address),
    user_agent: text(fields.user_agent),
    request_id: text(fields.request_id),
    details_json: fields.details ? canonicalJson(storableJson(fields.details)) : null,
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

/** Inserts rows by one statement with one parameter: a parameter for each cell costs more than the rows. */
const insertRows = (dialect: Store['dialect'], rows: readonly AuditEventTable[]) =>
  dialect === 'sqlite'
    ? sql`insert into audit_events (${columns})
        select ${sql.join(COLUMNS.map((_, index) => sql`value ->> ${sql.lit(index)}`))}
        from json_each(${JSON.stringify(rows.map((row) => COLUMNS.map((column) => row[column])))})`
    : sql`insert into audit_events (${columns})
        select ${columns} from json_populate_recordset(null::audit_events, ${JSON.stringify(rows)}::json)`

/** Locks the chain until the end of the transaction, as every writer of the chain must. @returns its last place */
export const lockHead = (trx: Kysely<Schema>): Promise<Place> =>
  trx
    .insertInto('audit_head')
    .values({ one: 1, event_id: '', ...BEGINNING })
    .onConflict((conflict) => conflict.column('one').doUpdateSet({ one: 1 }))
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow()

/**
 * Locks the chain and returns its last place; rows that were inserted behind the head by other means are counted
 * in.
 */
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
  /** Appends an event to the chain; resolves when it is durable. */
  append(event: NewAuditEvent, at: number): Promise<AuditEvent>
  /** Appends events of the outbox that are not in the chain yet; resolves when they are durable. */
  settle(recorded: readonly string[]): Promise<void>
  /** Appends all events of the outbox, the oldest first. @returns how many events */
  collect(): Promise<number>
}

/**
 * Makes the writer of the end of the chain. It writes in groups: events that arrive during a transaction go
 * together into the next one, in the order of their arrival. The lock of the chain's head is held from before the
 * head is read until the rows are durable, so that the chain neither forks nor loses an event, however many
 * instances write to it.
 * @param onAppended called with events after they are durable, in their order
 * @param onWaited called for each caller with the time until its events were durable, in ms
 */
export const appender = (
  { db, dialect }: Store,
  onAppended: (events: readonly AuditEvent[]) => void,
  onWaited: (ms: number) => void,
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
        if ('event' in task) return [task.event]
        const ids = 'recorded' in task ? task.recorded : [...recorded.keys()].slice(0, task.leftBehind)
        const taken = ids.map((id) => recorded.get(id)).filter((event) => event !== undefined)
        for (const { id } of taken) recorded.delete(id)
        return taken
      }
      const rows: AuditEventTable[] = []
      const link = (unchained: UnchainedEvent): AuditEvent => {
        const { row, event } = linked(unchained, ++seq, hash)
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
    const now = performance.now()
    batch.forEach(({ since, resolve }, index) => {
      onWaited(now - since)
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
        // SQLite's queries end in microtasks: without this, nothing else would run until all groups are written.
        await setImmediate()
      }
    } finally {
      writing = false
    }
  }

  const enqueue = (task: Task): Promise<readonly AuditEvent[]> =>
    new Promise((resolve, reject) => {
      waiting.push({ task, since: performance.now(), resolve, reject })
      if (!writing) void drain()
    })

  return {
    async append(event, at) {
      const [appended] = await enqueue({ event: { id: randomUUID(), at, event } })
      return appended as AuditEvent
    },
    async settle(recorded) {
      await enqueue({ recorded })
    },
    async collect() {
      // An empty outbox needs no lock.
      if (!(await db.selectFrom('audit_outbox').select('id').limit(1).executeTakeFirst())) return 0
      for (let collected = 0; ; ) {
        const { length } = await enqueue({ leftBehind: EVENTS_A_TRANSACTION })
        collected += length
        if (length < EVENTS_A_TRANSACTION) return collected
      }
    },
  }
}
