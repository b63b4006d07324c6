import { setImmediate } from 'node:timers/promises'
import type { AuditEventFields } from '../../audit/events.ts'
import { type AuditFilter, type AuditFilterQuery, filterEvents } from '../../audit/filter.ts'
import type { AuditLog } from '../../audit/log.ts'
import { understand } from '../../intent/intent.ts'
import type { Store } from '../../store/database.ts'
import type { AnswerOutcome, TurnWriter } from '../../turn/turn.ts'
import type { AnswerContext, Question } from '../answer.ts'
import { WORDS } from './words.ts'

export interface AuditExportOrder {
  filter: AuditFilter
  /** As the export's URL has it. */
  query: AuditFilterQuery & { format?: string | undefined }
  /** For the event of the verification. */
  asked: AuditEventFields
}

const STEPS = 3
/** Events that one look counts; the event loop turns between two. */
const SLICE = 20_000

const countEvents = async ({ db }: Store, filter: AuditFilter, signal: AbortSignal): Promise<number> => {
  const { first, last } = await db
    .selectFrom('audit_events')
    .select(({ fn }) => [fn.min('seq').as('first'), fn.max('seq').as('last')])
    .executeTakeFirstOrThrow()
  let count = 0
  for (let from = Number(first ?? 1); from <= Number(last ?? 0); from += SLICE) {
    signal.throwIfAborted()
    const { found } = await filterEvents(db.selectFrom('audit_events'), filter)
      .select(({ fn }) => fn.countAll().as('found'))
      .where('seq', '>=', from)
      .where('seq', '<', Math.min(from + SLICE, Number(last) + 1))
      .executeTakeFirstOrThrow()
    count += Number(found)
    await setImmediate()
  }
  return count
}

/** Rejects with the signal's reason; a verification takes none. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

const urlOf = (query: AuditExportOrder['query']): string => {
  const parameters = new URLSearchParams()
  for (const [name, given] of Object.entries(query))
    for (const value of [given ?? []].flat()) parameters.append(name, value)
  const text = parameters.toString()
  return text === '' ? '/api/v1/audit/export' : `/api/v1/audit/export?${text}`
}

/** Counts and verifies what an export of the audit log would hold, and says where it is to be had. */
export const exportAudit =
  (store: Store, log: AuditLog, { filter, query, asked }: AuditExportOrder) =>
  (_means: AnswerContext, question: Question) =>
  async (turn: TurnWriter): Promise<AnswerOutcome> => {
    const { signal } = turn
    const words = WORDS[understand(question.message).language]
    const tell = (step: number, message: string): void =>
      turn.emit({ type: 'execution_progress', step, total: STEPS, message })
    tell(1, words.counting)
    const events = await countEvents(store, filter, signal)
    tell(2, words.verifying(events))
    const { valid, checked, first_broken } = await Promise.race([log.verify(), aborted(signal)])
    signal.throwIfAborted()
    await log.append({
      ...asked,
      event_type: valid ? 'audit.verified' : 'audit.broken',
      details: { checked, first_broken, since: null },
    })
    tell(3, words.ready)
    turn.text(words.exportable(events, checked, valid))
    return {
      agentId: question.agentId ?? null,
      provider: null,
      model: null,
      finishReason: 'stop',
      result: { events, verification: { valid, checked, first_broken }, export_url: urlOf(query) },
    }
  }
