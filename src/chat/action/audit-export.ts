import { setImmediate } from 'node:timers/promises'
import type { AuditTrail } from '../../audit/audited.ts'
import { type AuditFilter, type AuditFilterQuery, filterEvents } from '../../audit/filter.ts'
import type { AuditLog } from '../../audit/log.ts'
import { verifyLog } from '../../audit/verify-log.ts'
import { understand } from '../../intent/intent.ts'
import type { Store } from '../../store/database.ts'
import type { AnswerOutcome, TurnWriter } from '../../turn/turn.ts'
import type { AnswerContext, Question } from '../answer.ts'
import { WORDS } from './words.ts'

export interface AuditExportOrder {
  filter: AuditFilter
  /** The filter and the format, as in the query of the export's URL. */
  query: AuditFilterQuery & { format?: string | undefined }
  /** Records the verification. */
  audit: AuditTrail
}

const STEPS = 3
/** Events that one query counts; other work of the event loop runs between two. */
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

const urlOf = (query: AuditExportOrder['query']): string => {
  const parameters = new URLSearchParams()
  for (const [name, given] of Object.entries(query))
    for (const value of [given ?? []].flat()) parameters.append(name, value)
  const text = parameters.toString()
  return text === '' ? '/api/v1/audit/export' : `/api/v1/audit/export?${text}`
}

/** Makes the answer that counts and verifies the events of an audit export, and gives its URL. */
export const exportAudit =
  (store: Store, log: AuditLog, { filter, query, audit }: AuditExportOrder) =>
  (_means: AnswerContext, question: Question) =>
  async (turn: TurnWriter): Promise<AnswerOutcome> => {
    const { signal } = turn
    const words = WORDS[understand(question.message).language]
    const report = (step: number, message: string): void =>
      turn.emit({ type: 'execution_progress', step, total: STEPS, message })
    report(1, words.counting)
    const events = await countEvents(store, filter, signal)
    report(2, words.verifying(events))
    const { valid, checked, first_broken } = await verifyLog(log, audit, { signal })
    report(3, words.ready)
    turn.text(words.exportable(events, checked, valid))
    return {
      agentId: question.agentId ?? null,
      provider: null,
      model: null,
      finishReason: 'stop',
      result: { events, verification: { valid, checked, first_broken }, export_url: urlOf(query) },
    }
  }
