import type { ServerEvent } from '../protocol/frame.ts'
import { irrevocable, type StatefulVocabulary } from './phrases.ts'

const bare = (fields: object): ServerEvent => ({ data: JSON.stringify(fields) })

/**
 * Makes the vocabulary of `/api/v1/chat/direct/:provider/stream`: `token`…, `usage` and `done`, or `error`, without
 * `event:` lines.
 */
export function directVocabulary(): StatefulVocabulary<'fatal'> {
  return irrevocable({
    chunk: ({ json }) => [{ data: `{"type":"token","content":${json}}` }],
    complete: ({ stream_id, provider, model, total_tokens, usage, finish_reason, duration_ms }) => [
      bare({
        type: 'usage',
        tokens: total_tokens,
        prompt_tokens: usage.prompt_tokens,
        completion_tokens: usage.completion_tokens,
        cost: usage.cost_usd,
      }),
      bare({ type: 'done', stream_id, provider, model, finish_reason, duration_ms }),
    ],
    error: (event) => [bare(event)],
  })
}
