import type { PromptEvent } from './reading.ts'
import type { TurnEvent } from './wire.ts'

/** Tells an event of a resumed prompt execution in the words of its own interface; undefined for what it has no word for. */
export const promptEventOf = (event: TurnEvent | PromptEvent): PromptEvent | undefined => {
  switch (event.type) {
    case 'start': {
      const { type, stream_id, timestamp } = event
      return { type, ...('about' in event ? event.about : event), stream_id, timestamp } as PromptEvent
    }
    case 'chunk':
      return { type: 'chunk', content: event.content }
    case 'model_loading':
      return { type: 'model_loading', message: event.message }
    case 'complete': {
      const { stream_id, provider, model, total_tokens, usage, finish_reason, duration_ms, ttft_ms } = event
      return {
        type: 'done',
        stream_id,
        provider,
        model,
        total_tokens,
        usage,
        finish_reason,
        duration_ms,
        ttft_ms,
      }
    }
    case 'cancelled':
      return { type: 'error', error_code: 'INTERRUPTED', message: 'The execution was cancelled' }
    case 'done':
    case 'error':
      return event as PromptEvent
    default:
      return undefined
  }
}
