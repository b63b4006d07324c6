import type { Kysely } from 'kysely'
import { badField, Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'
import type { Schema } from '../store/schema.ts'
import { appender } from './appender.ts'
import { toAuditEvent } from './chain.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { AuditEvent, AuditEventFields, NewAuditEvent } from './events.ts'
import { type AuditFilter, filterEvents } from './filter.ts'
import { recordEvent } from './outbox.ts'
import {
  type Cut,
  cutLog,
  type Due,
  listCheckpoints,
  takeCheckpoint,
  takeDueCheckpoint,
} from './retention.ts'
import { freshSigningKey, type SigningKey } from './signing-key.ts'
import { type Verification, verifyChain } from './verification.ts'

export interface AuditLog {
  /**
   * Appends an event at the end of the one chain; resolves when it is durable. Events that arrive while others are
   * written go together in the next transaction, in the order of their arrival.
   */
  append(event: NewAuditEvent): Promise<AuditEvent>
  /**
   * Writes an event down in the transaction of the change that it tells of, with which it is kept or undone.
   * @returns what `settle` takes after that transaction
   */
  record(trx: Kysely<Schema>, event: NewAuditEvent): Promise<string>
  /**
   * Puts recorded events into the chain, as `append` does; resolves when they are durable there. Those whose change
   * was undone are passed over.
   */
  settle(recorded: readonly string[]): Promise<void>
  /**
   * Puts into the chain what was recorded on any instance and is not there yet: its process was killed, or the store
   * could not be reached, between the change and `settle`.
   * @returns how many events
   */
  collect(): Promise<number>
  /**
   * Recomputes the chain in constant memory, from its first event on or from a checkpoint.
   * @param since id of a checkpoint
   * @throws {Problem} `VALIDATION_FAILED` naming `?since`
   */
  verify(since?: string): Promise<Verification>
  /** Signs where the log ends; an event of its own follows. @throws {Problem} `INVALID_STATE` while there is no event */
  checkpoint(asked?: AuditEventFields): Promise<Checkpoint>
  /** Signs it if that is due; of instances that ask at once, one does. @returns undefined when it is not */
  checkpointWhenDue(due: Due, asked?: AuditEventFields): Promise<Checkpoint | undefined>
  /** Newest first. @param page `after`: id of the last one seen */
  checkpoints(page: { limit: number; after?: string }): Promise<Checkpoint[]>
  /**
   * Removes the events older than `before`, behind a signed checkpoint; the log says so in an event.
   * @param before milliseconds since the epoch
   * @returns undefined when nothing is older
   * @throws {Problem} `INVALID_STATE` when what is to go does not hold
   */
  cut(before: number, asked?: AuditEventFields): Promise<Cut | undefined>
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

/**
 * The audit log: one chain in the store, whatever number of instances append to it.
 * @param options `key`: signs checkpoints; made for this process when there is none
 */
export const auditLog = (
  store: Store,
  { now = Date.now, key = freshSigningKey() }: { now?: () => number; key?: SigningKey } = {},
): AuditLog => {
  const { db } = store
  const listeners = new Set<(events: readonly AuditEvent[]) => void>()
  const chain = appender(store, (events) => {
    for (const listener of listeners) listener(events)
  })

  const seqOf = async (id: string): Promise<number> => {
    const row = await db.selectFrom('audit_events').select('seq').where('id', '=', id).executeTakeFirst()
    if (!row) throw badField('?after', say('field.no_event'))
    return row.seq
  }

  const append = (event: NewAuditEvent): Promise<AuditEvent> => chain.append(event, now())

  /** The checkpoint's own event, beside what is told of who asked. */
  const announce = (
    event_type: 'audit.checkpoint' | 'audit.cut',
    { id, event_id, hash, count }: Checkpoint,
    asked: AuditEventFields,
  ): Promise<AuditEvent> =>
    append({
      ...asked,
      event_type,
      resource_type: 'checkpoint',
      resource_id: id,
      details: { ...asked.details, event_id, hash, count },
    })

  return {
    append,
    record: (trx, event) => recordEvent(trx, event, now()),
    settle: chain.settle,
    collect: chain.collect,
    verify: (since) => verifyChain(store, key, since === undefined ? {} : { since }),

    async checkpoint(asked = {}) {
      const checkpoint = await takeCheckpoint(store, key, now())
      if (!checkpoint) throw new Problem('INVALID_STATE', say('audit.empty'))
      await announce('audit.checkpoint', checkpoint, asked)
      return checkpoint
    },

    async checkpointWhenDue(due, asked = {}) {
      const checkpoint = await takeDueCheckpoint(store, key, now(), due)
      if (checkpoint) await announce('audit.checkpoint', checkpoint, asked)
      return checkpoint
    },

    checkpoints: (page) => listCheckpoints(store, page),

    cut: (before, asked = {}) =>
      cutLog(
        store,
        key,
        { before, at: now() },
        {
          verify: (until) => verifyChain(store, key, { until }),
          announce: (checkpoint) => announce('audit.cut', checkpoint, asked),
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
