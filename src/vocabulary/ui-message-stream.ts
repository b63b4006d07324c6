import type { ServerEvent } from '../protocol/frame.ts'
import type { TurnEventOf } from '../protocol/turn-event.ts'
import { type AnswerPhrases, irrevocable, type StatefulVocabulary } from './phrases.ts'

/** The header of responses in this vocabulary, and its value. */
export const UI_MESSAGE_STREAM_HEADER = ['x-vercel-ai-ui-message-stream', 'v1'] as const

const FINISH_REASONS = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  content_filter: 'content-filter',
} as const satisfies Record<TurnEventOf<'complete'>['finish_reason'], string>

const say = (part: object): ServerEvent => ({ data: JSON.stringify(part) })
const DONE: ServerEvent = { data: '[DONE]' }

/**
 * Makes the vocabulary of the AI SDK's UI message stream, from `start` to `[DONE]`. The SDK refuses every frame
 * with an unknown type or field: so the transport must not send `recovery` or `snapshot`, a client that joins in
 * mid-answer gets the whole from the beginning, and missed text comes as one more delta. Parts that only show
 * progress are `transient`: they reach `onData` and stay out of the message.
 *
 * @param messageId of the answer, for a connection that does not get the turn's `start`|@see
 *   https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol `uiMessageChunkSchema` of `ai` 6
 */
export function uiMessageVocabulary({ messageId }: { messageId?: string } = {}): StatefulVocabulary<'fatal'> {
  let hasBegun = false
  let open: { kind: 'text' | 'reasoning'; id: string } | undefined
  let parts = 0
  /** Ids of the running calls of tools, by the tool's name. */
  const calls = new Map<string, string>()

  const begin = (id = messageId, messageMetadata?: object): ServerEvent[] => {
    if (hasBegun) return []
    hasBegun = true
    return [say({ type: 'start', messageId: id, messageMetadata }), say({ type: 'start-step' })]
  }
  const close = (): ServerEvent[] => {
    if (open === undefined) return []
    const { kind, id } = open
    open = undefined
    return [say({ type: `${kind}-end`, id })]
  }
  const delta = (kind: 'text' | 'reasoning', json: string): ServerEvent[] => {
    const before: ServerEvent[] = []
    if (open?.kind !== kind) {
      before.push(...begin(), ...close())
      open = { kind, id: `${kind}-${++parts}` }
      before.push(say({ type: `${kind}-start`, id: open.id }))
    }
    return [...before, { data: `{"type":"${kind}-delta","id":"${open.id}","delta":${json}}` }]
  }
  const part = (name: string, fields: object, more: object = {}): ServerEvent[] => [
    ...begin(),
    say({ type: `data-${name}`, ...more, data: fields }),
  ]
  const lasting =
    (name: string, more?: object) =>
    ({ type: _type, stream_id: _id, ...fields }: { type: string; stream_id: string }): ServerEvent[] =>
      part(name, fields, more)
  const passing = (name: string) => lasting(name, { transient: true })

  const phrases: AnswerPhrases = {
    start: ({ message_id, stream_id, session_id }) => begin(message_id, { stream_id, session_id }),
    detecting: passing('detecting'),
    thinking: passing('thinking'),
    model_loading: passing('model-loading'),
    progress: passing('progress'),
    execution_progress: passing('execution-progress'),
    intent: lasting('intent'),
    agent_selected: lasting('agent'),
    plan: lasting('plan'),
    investigation_started: lasting('investigation'),
    fallback: lasting('fallback'),
    tool({ name, state, message }) {
      const id = (state === 'started' ? undefined : calls.get(name)) ?? `tool-${++parts}`
      if (state === 'finished' || state === 'failed') calls.delete(name)
      else calls.set(name, id)
      return part('tool', { name, state, message }, { id })
    },
    reasoning: ({ content }) => delta('reasoning', JSON.stringify(content)),
    chunk: ({ json }) => delta('text', json),
    complete: ({
      finish_reason,
      agent_id,
      provider,
      model,
      total_tokens,
      usage,
      duration_ms,
      suggested_actions,
    }) => [
      ...begin(),
      ...close(),
      say({ type: 'finish-step' }),
      say({
        type: 'finish',
        finishReason: FINISH_REASONS[finish_reason],
        messageMetadata: { agent_id, provider, model, total_tokens, usage, duration_ms, suggested_actions },
      }),
      DONE,
    ],
    error: ({ message }) => [...close(), say({ type: 'error', errorText: message }), DONE],
    cancelled: () => [...close(), say({ type: 'abort' }), DONE],
  }
  return irrevocable(phrases, false)
}
