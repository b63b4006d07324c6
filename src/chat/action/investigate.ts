import { ERRORS, type ErrorCode, Problem } from '../../errors.ts'
import { understand } from '../../intent/intent.ts'
import { agentFor } from '../../intent/roster.ts'
import { chooseDataset, datasetMentioned } from '../../knowledge/choice.ts'
import type { Knowledge, KnownDataset } from '../../knowledge/fact.ts'
import { say } from '../../language/sentence.ts'
import { type Filters, PHASES } from '../../protocol/investigation.ts'
import type { InvestigationEvent } from '../../protocol/investigation-event.ts'
import type { AnswerOutcome, TurnWriter } from '../../turn/turn.ts'
import type { AnswerContext, Question } from '../agent-answer.ts'
import { WORDS } from './action-words.ts'

/**
 * Chooses the dataset of an action: the one that it names, else the one in its description, else the default one.
 * @returns undefined when the caller has no dataset with that name
 */
export const datasetFor = async (
  knowledge: Pick<Knowledge, 'datasets'>,
  named: string | undefined,
  description: string,
): Promise<KnownDataset | undefined> => {
  const datasets = await knowledge.datasets()
  if (named !== undefined) return chooseDataset(datasets, named)?.dataset ?? undefined
  const mentioned = datasetMentioned(datasets, description)
  return mentioned ?? chooseDataset(datasets, understand(description).entities.dataset)?.dataset ?? undefined
}

const failureOf = (event: InvestigationEvent<'error' | 'cancelled'>): Problem => {
  if (event.type === 'cancelled') return new Problem('INTERRUPTED', say('chat.investigation_cancelled'))
  const { error_code, message } = event
  return new Problem(Object.hasOwn(ERRORS, error_code) ? (error_code as ErrorCode) : 'INTERNAL', message)
}

/** Fields of an investigation's end that an action's result repeats. */
const SUMMARY = [
  'total_anomalies',
  'by_type',
  'by_severity',
  'records_processed',
  'risk_score',
  'skipped',
  'execution_time',
] as const satisfies readonly (keyof InvestigationEvent<'complete'>)[]

/**
 * Makes the answer that investigates a dataset; the phases are its steps. The investigation runs by itself, on any
 * instance: it is cancelled when this turn is cancelled, and goes on when this instance stops.
 * @param cancel cancels an investigation of the caller's
 */
export const investigate =
  (dataset: KnownDataset, filters: Filters, cancel: (investigationId: string) => Promise<void>) =>
  ({ knowledge, language }: AnswerContext, question: Question) =>
  async (turn: TurnWriter): Promise<AnswerOutcome> => {
    const words = WORDS[understand(question.message, language).language]
    const investigation_id = await knowledge.investigate({
      datasetId: dataset.dataset_id,
      query: question.message,
      filters,
    })
    const stream_url = `/api/v1/investigations/stream/${investigation_id}`
    turn.emit({ type: 'investigation_started', investigation_id, stream_url })
    let lastStep = 0
    const reportPhase = (event: InvestigationEvent<'progress'>): void => {
      const { current_phase: phase, records_processed, anomalies_detected } = event
      const step = phase === null ? 0 : PHASES.indexOf(phase) + 1
      if (phase === null || step <= lastStep) return
      lastStep = step
      const message = words.phase(phase, records_processed, anomalies_detected)
      turn.emit({ type: 'execution_progress', step, total: PHASES.length, message })
    }
    try {
      for await (const event of knowledge.follow(investigation_id, turn.signal)) {
        if (event.type === 'progress') reportPhase(event)
        if (event.type === 'error' || event.type === 'cancelled') throw failureOf(event)
        if (event.type !== 'complete') continue
        const { records_processed, total_anomalies, risk_score } = event
        turn.text(words.investigated(dataset.name, records_processed, total_anomalies, risk_score))
        return {
          agentId: question.agentId ?? agentFor('investigate').id,
          provider: null,
          model: null,
          finishReason: 'stop',
          result: {
            investigation_id,
            stream_url,
            dataset_id: dataset.dataset_id,
            filters,
            summary: Object.fromEntries(SUMMARY.map((key) => [key, event[key]])),
          },
        }
      }
    } catch (error) {
      if (turn.signal.reason === 'cancelled') await cancel(investigation_id)
      throw error
    }
    turn.signal.throwIfAborted()
    throw new Problem('INTERRUPTED', say('chat.no_end'))
  }
