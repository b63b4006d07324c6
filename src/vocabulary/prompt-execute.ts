import type { ServerEvent } from '../protocol/frame.ts'
import { irrevocable, type StatefulVocabulary } from './phrases.ts'

const bare = (fields: object): ServerEvent[] => [{ data: JSON.stringify(fields) }]

/**
 * Makes the vocabulary of `/api/prompts/execute/stream`: `start`, `model_loading`, `chunk`…, `done` or `error`,
 * without `event:` lines.
 */
export function promptExecuteVocabulary(): StatefulVocabulary<'fatal'> {
  return irrevocable({
    start: ({ type, about, stream_id, timestamp }) => bare({ type, ...about, stream_id, timestamp }),
    model_loading: bare,
    chunk: ({ json }) => [{ data: `{"type":"chunk","content":${json}}` }],
    complete: ({ stream_id, provider, model, total_tokens, usage, finish_reason, duration_ms, ttft_ms }) =>
      bare({
        type: 'done',
        stream_id,
        provider,
        model,
        total_tokens,
        usage,
        finish_reason,
        duration_ms,
        ttft_ms,
      }),
    error: bare,
  })
}
