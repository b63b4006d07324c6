import { setImmediate } from 'node:timers/promises'
import { badField } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'
import type { AuditCheckpointTable, AuditEventTable, AuditHeadTable } from '../store/schema.ts'
import { BEGINNING, type Break, type Place, reasonAgainst } from './chain.ts'
import { reasonAgainstCheckpoint } from './checkpoint.ts'
import type { SigningKey } from './signing-key.ts'

/** An event's place, as the head and checkpoints name it. */
export type AuditPlace = Pick<AuditHeadTable, 'seq' | 'event_id' | 'hash'>

export interface Verification {
  valid: boolean
  /** Number of events that were verified before the end or the break. */
  checked: number
  first_broken: Break | null
}

/** Rows read at once; other work of the event loop runs between two reads. */
const SLICE = 250

const lastCut = ({ db }: Store): Promise<AuditCheckpointTable | undefined> =>
  db
    .selectFrom('audit_checkpoints')
    .selectAll()
    .where('cut', '=', 1)
    .orderBy('seq', 'desc')
    .orderBy('at')
    .limit(1)
    .executeTakeFirst()

/** The part of the log to verify; all of it where nothing is given. */
export interface Extent {
  /** Id of the checkpoint at which the verification begins. */
  since?: string
  /** The event at which it ends, which must exist with this hash. */
  until?: AuditPlace
}

/** Returns the checkpoint at which verification begins; undefined for the log's first event. */
const anchorOf = async (store: Store, since: string | undefined, cut: AuditCheckpointTable | undefined) => {
  if (since === undefined) return cut
  const found = await store.db
    .selectFrom('audit_checkpoints')
    .selectAll()
    .where('id', '=', since)
    .executeTakeFirst()
  if (!found) throw badField('?since', say('field.no_checkpoint'))
  if (cut && found.seq < cut.seq) throw badField('?since', say('field.checkpoint_cut'))
  return found
}

/** Hashes that the events must agree with at their places, beside the chain itself. */
interface Witnesses {
  /** The end of the log before it was read, or the end of the part that is read. */
  head: AuditPlace | undefined
  checkpoints: readonly AuditCheckpointTable[]
}

const against = (row: AuditEventTable, { head }: Witnesses, signed: ReadonlyMap<number, string>) => {
  const kept = signed.get(row.seq)
  if (kept !== undefined && kept !== row.hash) return 'a signed checkpoint has another hash for it'
  if (head?.seq === row.seq && head.hash !== row.hash) return 'it is not the event that was written last'
  return undefined
}

/** Returns a break when a checkpoint or the head has a place behind the last event. */
const missingEnd = (place: Place, { head, checkpoints }: Witnesses): Break | null => {
  const beyond = [...checkpoints, ...(head ? [head] : [])]
    .filter(({ seq }) => seq > place.seq)
    .sort((a, b) => a.seq - b.seq)[0]
  if (!beyond) return null
  const reason = `events are missing at the end: the log ends at place ${place.seq}, and had this one at ${beyond.seq}`
  return { id: beyond.event_id, reason }
}

/** Returns a break when there are events behind the head: an append moves the head in the same transaction. */
const putInBehind = async ({ db }: Store, last: Place): Promise<Break | null> => {
  const head = await db.selectFrom('audit_head').select('seq').executeTakeFirst()
  if (!head || head.seq >= last.seq) return null
  const { id } = await db
    .selectFrom('audit_events')
    .select('id')
    .where('seq', '>', head.seq)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirstOrThrow()
  return { id, reason: 'it was not appended, but put in: the log was at its end before it' }
}

const verifyFrom = async (
  store: Store,
  start: Place,
  witnesses: Witnesses,
  until: AuditPlace | undefined,
): Promise<Verification> => {
  let place = start
  let checked = 0
  const broken = (first_broken: Break): Verification => ({ valid: false, checked, first_broken })
  const signed = new Map(witnesses.checkpoints.map(({ seq, hash }) => [seq, hash]))
  // Numbers begin at 1: an event with a lower one was inserted by other means.
  let after = start === BEGINNING ? Number.MIN_SAFE_INTEGER : start.seq
  for (;;) {
    const rows = await store.db
      .selectFrom('audit_events')
      .selectAll()
      .where('seq', '>', after)
      .where('seq', '<=', until?.seq ?? Number.MAX_SAFE_INTEGER)
      .orderBy('seq')
      .limit(SLICE)
      .execute()
    for (const row of rows) {
      const reason = reasonAgainst(row, place) ?? against(row, witnesses, signed)
      if (reason !== undefined) return broken({ id: row.id, reason })
      place = row
      checked++
    }
    if (rows.length < SLICE) break
    after = place.seq
    await setImmediate()
  }
  const first_broken = missingEnd(place, witnesses) ?? (until ? null : await putInBehind(store, place))
  return first_broken ? broken(first_broken) : { valid: true, checked, first_broken }
}

/**
 * Reads the head and the checkpoints to compare with; returns a break when the signature of one that must hold does
 * not.
 */
const witnessesOf = async (
  store: Store,
  key: SigningKey,
  anchor: AuditCheckpointTable | undefined,
  until: AuditPlace | undefined,
) => {
  const head = until ?? (await store.db.selectFrom('audit_head').selectAll().executeTakeFirst())
  const checkpoints = await store.db
    .selectFrom('audit_checkpoints')
    .selectAll()
    .where('seq', '>=', anchor?.seq ?? 0)
    .where('seq', '<=', until?.seq ?? Number.MAX_SAFE_INTEGER)
    .orderBy('seq')
    .execute()
  // Checkpoints of another key prove nothing here and are only compared, except the one where verification begins.
  const doubtful = checkpoints.filter(({ id, key_id }) => key_id === key.id || id === anchor?.id)
  for (const row of doubtful) {
    const reason = reasonAgainstCheckpoint(row, key)
    if (reason !== undefined) return { forged: { id: row.event_id, reason } }
  }
  return { witnesses: { head, checkpoints } }
}

/**
 * Recomputes the chain in constant memory, a part at a time: from the first event, from the last cut, or from the
 * checkpoint `since`. Detects events that were changed, removed, inserted or swapped, at the end too, and, by the
 * signed checkpoints, a chain that was computed anew.
 * @throws {Problem} `VALIDATION_FAILED` naming `?since`
 */
export const verifyChain = async (
  store: Store,
  key: SigningKey,
  { since, until }: Extent = {},
): Promise<Verification> => {
  for (;;) {
    const cut = await lastCut(store)
    const anchor = await anchorOf(store, since, cut)
    const { forged, witnesses } = await witnessesOf(store, key, anchor, until)
    const start = anchor ? { seq: anchor.seq, hash: anchor.hash } : BEGINNING
    const result = forged
      ? { valid: false, checked: 0, first_broken: forged }
      : await verifyFrom(store, start, witnesses, until)
    // Events that a cut removed during the reading are no break: verify again from the new cut.
    if (result.valid || (await lastCut(store))?.id === cut?.id) return result
  }
}
