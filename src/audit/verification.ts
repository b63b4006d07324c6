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
  /** Events that hold, from where the verification began. */
  checked: number
  first_broken: Break | null
}

/** Rows of one slice; the event loop turns between two. */
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

/** How much of the log: all that is there, unless told otherwise. */
export interface Extent {
  /** Id of the checkpoint where it begins. */
  since?: string
  /** The event where it ends, which must be there with this hash. */
  until?: AuditPlace
}

/** The checkpoint where verification begins; undefined for the log's first event. */
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

/** What the events must agree with at their places, beside one another. */
interface Witnesses {
  /** Where the log ended before it was read, or where the reading ends. */
  head: AuditPlace | undefined
  checkpoints: readonly AuditCheckpointTable[]
}

const against = (row: AuditEventTable, { head }: Witnesses, signed: ReadonlyMap<number, string>) => {
  const kept = signed.get(row.seq)
  if (kept !== undefined && kept !== row.hash) return 'a signed checkpoint has another hash for it'
  if (head?.seq === row.seq && head.hash !== row.hash) return 'it is not the event that was written last'
  return undefined
}

/** A checkpoint or a head that lies behind the last event. */
const missingEnd = (place: Place, { head, checkpoints }: Witnesses): Break | null => {
  const beyond = [...checkpoints, ...(head ? [head] : [])]
    .filter(({ seq }) => seq > place.seq)
    .sort((a, b) => a.seq - b.seq)[0]
  if (!beyond) return null
  const reason = `events are missing at the end: the log ends at place ${place.seq}, and had this one at ${beyond.seq}`
  return { id: beyond.event_id, reason }
}

/** Events behind the head: whoever appends moves it in the same transaction. */
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
  // Before the first place there is nothing: what stands there was put in.
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

/** Where verification begins and what its checkpoints say; a break when one that must be believed cannot be. */
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
  // Those of another key prove nothing here, and are only compared; where the log begins must be proved.
  const doubtful = checkpoints.filter(({ id, key_id }) => key_id === key.id || id === anchor?.id)
  for (const row of doubtful) {
    const reason = reasonAgainstCheckpoint(row, key)
    if (reason !== undefined) return { forged: { id: row.event_id, reason } }
  }
  return { witnesses: { head, checkpoints } }
}

/**
 * Recomputes the chain in constant memory, a slice at a time: from the first event on, from the last cut, or from the
 * checkpoint `since`. Finds what was changed, removed, inserted or swapped, at the end too, and a chain that was
 * computed anew against the signed checkpoints.
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
    // What was removed lawfully while it was read is no break.
    if (result.valid || (await lastCut(store))?.id === cut?.id) return result
  }
}
