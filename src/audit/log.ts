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
   * Appends an event at the end of the chain; resolves when it is durable. Events that arrive during a transaction
   * go together into the next one, in the order of their arrival.
   */
  append(event: NewAuditEvent): Promise<AuditEvent>
  /**
   * Records an event in the transaction of its change, with which it is committed or rolled back.
   * @returns the id that `settle` takes after that transaction
   */
  record(trx: Kysely<Schema>, event: NewAuditEvent): Promise<string>
  /**
   * Puts recorded events into the chain, as `append` does; resolves when they are durable there. Events whose
   * transaction was rolled back are passed over.
   */
  settle(recorded: readonly string[]): Promise<void>
  /** Does the same for nobody who waits. What fails stays recorded; `collect` puts it into the chain. */
  settleSoon(recorded: readonly string[]): void
  /**
   * Puts into the chain what was recorded on any instance and is not there yet, because the process was killed or
   * the store could not be reached between the change and `settle`.
   * @returns how many events
   */
  collect(): Promise<number>
  /**
   * Recomputes the chain in constant memory, from its first event on or from a checkpoint.
   * @param since id of a checkpoint
   * @throws {Problem} `VALIDATION_FAILED` naming `?since`
   */
  verify(since?: string): Promise<Verification>
  /**
   * Signs the end of the log and appends an event about it. @throws {Problem} `INVALID_STATE` while there is no
   * event
   */
  checkpoint(asked?: AuditEventFields): Promise<Checkpoint>
  /** Signs the end of the log if that is due; of several instances one does. @returns undefined when it is not due */
  checkpointWhenDue(due: Due, asked?: AuditEventFields): Promise<Checkpoint | undefined>
  /** Lists checkpoints, newest first. @param page `after`: id of the last one seen */
  checkpoints(page: { limit: number; after?: string }): Promise<Checkpoint[]>
  /**
   * Removes the events older than `before`, behind a signed checkpoint, and appends an event about it.
   * @param before milliseconds since the epoch
   * @returns undefined when nothing is older
   * @throws {Problem} `INVALID_STATE` when the chain of the events to remove is broken
   */
  cut(before: number, asked?: AuditEventFields): Promise<Cut | undefined>
  /**
   * Lists events in chain order, or from the newest on when `newestFirst`.
   * @param page `after`: id of the last event seen; `limit`: 1–1000
   * @throws {Problem} `VALIDATION_FAILED` when `after` is no event's id
   */
  events(
    filter: AuditFilter,
    page: { limit: number; after?: string; newestFirst?: boolean },
  ): Promise<AuditEvent[]>
  /**
   * Registers a listener, which is called with the events that this instance appended after they are durable, in
   * order; it must not throw. @returns the function that removes it
   */
  onAppended(listener: (events: readonly AuditEvent[]) => void): () => void
}

export interface AuditLogOptions {
  now?: () => number
  key?: SigningKey
  onWaited?: (ms: number) => void
  onError?: (error: unknown) => void
}

/**
 * Makes the audit log: one chain in the store, however many instances append to it.
 * @param options `key` signs checkpoints; without one a key is made for this process. `onWaited` is told for how many
 *   milliseconds each caller has waited until its events were durable; `onError` of what failed for nobody who waits
 */
export const auditLog = (
  store: Store,
  {
    now = Date.now,
    key = freshSigningKey(),
    onWaited = () => undefined,
    onError = () => undefined,
  }: AuditLogOptions = {},
): AuditLog => {
  const { db } = store
  const listeners = new Set<(events: readonly AuditEvent[]) => void>()
  const chain = appender(
    store,
    (events) => {
      for (const listener of listeners) listener(events)
    },
    onWaited,
  )

  const seqOf = async (id: string): Promise<number> => {
    const row = await db.selectFrom('audit_events').select('seq').where('id', '=', id).executeTakeFirst()
    if (!row) throw badField('?after', say('field.no_event'))
    return row.seq
  }

  const append = (event: NewAuditEvent): Promise<AuditEvent> => chain.append(event, now())

  /** Appends the event about a checkpoint, with the fields of the caller who asked for it. */
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
    settleSoon: (recorded) => void chain.settle(recorded).catch(onError),
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
