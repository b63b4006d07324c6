import { ERRORS } from '../errors.ts'
import type { ServerEvent } from '../protocol/frame.ts'
import type { TurnEventOf, TurnUsage } from '../protocol/turn-event.ts'
import { type AnswerPhrases, irrevocable, type StatefulVocabulary } from './phrases.ts'

/** The fields that all chunks of one completion share. */
export interface CompletionHead {
  streamId: string
  /** The model as the client named it. */
  model: string
  /** Seconds since the epoch. */
  created: number
}

export interface OpenAiOptions extends CompletionHead {
  /** `stream_options.include_usage` */
  includeUsage: boolean
}

/** The text, reasoning, tool calls and end of a whole answer. */
export interface Collected {
  content: string
  reasoning: string
  toolCalls: readonly { id: string; name: string; arguments: string }[]
  complete: Pick<TurnEventOf<'complete'>, 'finish_reason' | 'usage'>
}

/** The fields of an error: of a `Problem`, or of a turn's `error` event. */
export interface OpenAiProblem {
  code: string
  message: string
  errors?: readonly { field: string }[] | undefined
}

const usageOf = ({ prompt_tokens, completion_tokens }: TurnUsage) => ({
  prompt_tokens,
  completion_tokens,
  total_tokens: prompt_tokens + completion_tokens,
})

function typeOf(code: string, status: number): string {
  if (code === 'BUDGET_EXCEEDED') return 'insufficient_quota'
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  if (status === 429) return 'rate_limit_error'
  return status < 500 ? 'invalid_request_error' : 'api_error'
}

/** Converts the JSON pointer `/messages/0/content` into `messages[0].content`. */
const paramOf = (field: string): string =>
  field
    .replace(/^[/?]/, '')
    .replace(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.')

/**
 * Returns OpenAI's body for an error, and the status by which its SDK chooses the exception.
 * @see https://platform.openai.com/docs/guides/error-codes/api-errors
 */
export function openAiError({ code, message, errors }: OpenAiProblem) {
  const status = Object.hasOwn(ERRORS, code) ? ERRORS[code as keyof typeof ERRORS].status : 500
  const field = errors?.[0]?.field
  return {
    status,
    body: {
      error: {
        message,
        type: typeOf(code, status),
        code,
        param: field === undefined ? null : paramOf(field),
      },
    },
  }
}

/** Returns the `chat.completion` of an answer that was not streamed. */
export function completionOf({ streamId, model, created }: CompletionHead, collected: Collected) {
  const { content, reasoning, toolCalls, complete } = collected
  const message = {
    role: 'assistant',
    content: content === '' && toolCalls.length > 0 ? null : content,
    refusal: null,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(toolCalls.length === 0
      ? {}
      : {
          tool_calls: toolCalls.map(({ id, name, arguments: args }) => ({
            id,
            type: 'function',
            function: { name, arguments: args },
          })),
        }),
  }
  return {
    id: `chatcmpl-${streamId}`,
    object: 'chat.completion',
    created,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: complete.finish_reason }],
    usage: usageOf(complete.usage),
  }
}

/**
 * Returns the body of `GET /v1/models`.
 * @param created seconds since the epoch
 */
export const modelList = (models: readonly { id: string; ownedBy: string }[], created: number) => ({
  object: 'list',
  data: models.map(({ id, ownedBy }) => ({ id, object: 'model', created, owned_by: ownedBy })),
})

/**
 * Makes the vocabulary of `POST /v1/chat/completions` with `stream: true`: `chat.completion.chunk` objects and
 * `[DONE]`, or an error and no `[DONE]`. It has no other events, since OpenAI's SDK takes every frame for a chunk;
 * so the transport must not send `recovery` or `snapshot` either, and missed text comes as one more chunk.
 */
export function openAiVocabulary({
  streamId,
  model,
  created,
  includeUsage,
}: OpenAiOptions): StatefulVocabulary<'fatal'> {
  const head = `{"id":${JSON.stringify(`chatcmpl-${streamId}`)},"object":"chat.completion.chunk","created":${created},"model":${JSON.stringify(model)},"choices":`
  const tail = includeUsage ? ',"usage":null}' : '}'
  let isFirst = true

  const chunk = (fields: string, finishReason = 'null'): ServerEvent => {
    const role = isFirst ? `"role":"assistant"${fields === '' ? '' : ','}` : ''
    isFirst = false
    return {
      data: `${head}[{"index":0,"delta":{${role}${fields}},"finish_reason":${finishReason}}]${tail}`,
    }
  }

  const phrases: AnswerPhrases = {
    chunk: ({ json }) => [chunk(`"content":${json}`)],
    reasoning: ({ content }) => [chunk(`"reasoning_content":${JSON.stringify(content)}`)],
    tool_call({ index, id, name, arguments: args }) {
      const call = {
        index,
        ...(id === undefined ? {} : { id, type: 'function' }),
        function: { name, arguments: args },
      }
      return [chunk(`"tool_calls":[${JSON.stringify(call)}]`)]
    },
    complete: ({ finish_reason, usage }) => [
      chunk('', JSON.stringify(finish_reason)),
      ...(includeUsage ? [{ data: `${head}[],"usage":${JSON.stringify(usageOf(usage))}}` }] : []),
      { data: '[DONE]' },
    ],
    error: ({ error_code, message }) => [
      { data: JSON.stringify(openAiError({ code: error_code, message }).body) },
    ],
  }
  return irrevocable(phrases, false)
}
