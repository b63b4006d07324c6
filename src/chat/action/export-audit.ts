import type { AuditTrail } from '../../audit/audited.ts'
import { countEvents } from '../../audit/event-count.ts'
import type { AuditFilter, AuditFilterQuery } from '../../audit/filter.ts'
import type { AuditLog } from '../../audit/log.ts'
import { verifyLog } from '../../audit/verify-log.ts'
import { understand } from '../../intent/intent.ts'
import type { Store } from '../../store/database.ts'
import type { AnswerOutcome, TurnWriter } from '../../turn/turn.ts'
import type { Question } from '../agent-answer.ts'
import { WORDS } from './action-words.ts'

export interface AuditExportOrder {
  filter: AuditFilter
  /** The filter and the format, as in the query of the export's URL. */
  query: AuditFilterQuery & { format?: string | undefined }
  /** Records the verification. */
  audit: AuditTrail
}

const STEPS = 3
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
  ({ message, agentId }: Question) =>
  async (turn: TurnWriter): Promise<AnswerOutcome> => {
    const { signal } = turn
    const words = WORDS[understand(message).language]
    const report = (step: number, message: string): void =>
      turn.emit({ type: 'execution_progress', step, total: STEPS, message })
    report(1, words.counting)
    await log.collect()
    const events = await countEvents(store, filter, signal)
    report(2, words.verifying(events))
    const { valid, checked, first_broken } = await verifyLog(log, audit, { signal })
    report(3, words.ready)
    turn.text(words.exportable(events, checked, valid))
    return {
      agentId: agentId ?? null,
      provider: null,
      model: null,
      finishReason: 'stop',
      result: { events, verification: { valid, checked, first_broken }, export_url: urlOf(query) },
    }
  }
