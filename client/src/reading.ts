import type { Reading } from './run.ts'
import type { InvestigationEvent, TurnEvent } from './wire.ts'

type TurnEventOf<T extends TurnEvent['type']> = Extract<TurnEvent, { type: T }>
export type TurnEnd = TurnEventOf<'complete' | 'error' | 'cancelled'>
export type InvestigationEnd = Extract<InvestigationEvent, { type: 'complete' | 'error' | 'cancelled' }>

/** Events of the execution of a prompt. */
export type PromptEvent =
  | {
      type: 'start'
      promptId?: number
      modelId?: number | null
      modelName?: string
      stream_id: string
      timestamp: string
    }
  | { type: 'model_loading'; message: string }
  | { type: 'chunk'; content: string }
  | PromptEnd
/** The terminal events of the execution of a prompt. */
export type PromptEnd =
  | {
      type: 'done'
      stream_id: string
      provider: string | null
      model: string | null
      total_tokens: number
      usage: TurnEventOf<'complete'>['usage']
      finish_reason: TurnEventOf<'complete'>['finish_reason']
      duration_ms: number
      ttft_ms: number | null
    }
  | { type: 'error'; error_code: string; message: string; retry_after?: number | null }

/** Any event of a stream that is attached by its id alone. */
export type AnyEvent = TurnEvent | InvestigationEvent

const ENDS: ReadonlySet<string> = new Set(['complete', 'done', 'error', 'cancelled'])

/** The text of an answer: chunks since the last reset. */
const answer = <E extends { type: string }>(before: string, event: E): string => {
  if (event.type === 'reset') return ''
  return event.type === 'chunk' ? before + (event as unknown as { content: string }).content : before
}

/** Reads the events of turns, and of any stream: findings are told once, however often they come. */
export const reading = <E extends { type: string }>(): Reading<E> => ({
  isTerminal: ({ type }) => ENDS.has(type),
  text: answer,
  key: (event) =>
    event.type === 'anomaly' ? (event as unknown as { anomaly_id: string }).anomaly_id : undefined,
})
