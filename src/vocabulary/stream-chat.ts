import type { ServerEvent } from '../protocol/frame.ts'
import { irrevocable, NOTHING, type StatefulVocabulary } from './phrases.ts'

const named = (event: string, fields: object): ServerEvent => ({ event, data: JSON.stringify(fields) })

/**
 * Makes the vocabulary of `POST /stream/chat`: `start`, `chunk`…, `end` or `error`. Only the end shows which chunk
 * was the last: an empty one with `is_final` follows it, so that no token waits and the joined contents are the
 * answer.
 */
export function streamChatVocabulary({
  conversationId,
}: {
  conversationId: string
}): StatefulVocabulary<'fatal'> {
  const conversation_id = conversationId
  let next = 0
  const chunk = (json: string, index: number, isFinal: boolean): ServerEvent => ({
    event: 'chunk',
    data: `{"type":"content","content":${json},"chunk_index":${index},"is_final":${isFinal}}`,
  })

  const vocabulary = irrevocable({
    start: ({ stream_id, message_id }) => [
      named('start', { conversation_id, status: 'processing', stream_id, message_id }),
    ],
    chunk({ json, index }) {
      next = index + 1
      return [chunk(json, index, false)]
    },
    complete: ({ stream_id, message_id, agent_id, provider, model, total_tokens, usage, result }) => [
      chunk('""', next, true),
      named('end', {
        conversation_id,
        status: 'completed',
        message_count: result?.message_count ?? 1,
        stream_id,
        message_id,
        agent_id,
        provider,
        model,
        total_tokens,
        usage,
      }),
    ],
    error: ({ message, error_code, retry_after, stream_id }) => [
      named('error', {
        error: message,
        conversation_id,
        status: 'error',
        error_code,
        retry_after,
        stream_id,
      }),
    ],
  })
  return {
    ...vocabulary,
    resume(_content, index) {
      next = index
      return NOTHING
    },
  }
}
