import { ALTERNATING, withoutTools } from './adaptation.ts'
import { type AnswerDialect, count, isText, usageOf } from './answer.ts'
import { argumentsOf } from './call-arguments.ts'
import { type VendorOptions, vendorOf } from './dialect.ts'
import { ndjson } from './event-source.ts'
import type { ChatMessage, ChatRequest, FinishReason, Part } from './provider.ts'
import type { Vendor } from './upstream.ts'

/** A line of an answer, or a whole one, parsed but not validated. */
interface Line {
  message?: { content?: unknown; thinking?: unknown; tool_calls?: unknown } | null
  done?: unknown
  done_reason?: unknown
  error?: unknown
  prompt_eval_count?: unknown
  eval_count?: unknown
}
interface Call {
  id?: unknown
  function?: { name?: unknown; arguments?: unknown } | null
}

/** Begins to read one answer's lines; each call comes whole. */
const open = (): ReturnType<AnswerDialect['open']> => {
  let calls = 0
  return (said, parts: Part[]) => {
    const { message } = said as Line
    if (isText(message?.thinking)) parts.push({ type: 'reasoning-delta', text: message.thinking })
    if (isText(message?.content)) parts.push({ type: 'text-delta', text: message.content })
    if (!Array.isArray(message?.tool_calls)) return
    for (const call of message.tool_calls as (Call | null)[]) {
      const index = calls++
      parts.push({
        type: 'tool-call-delta',
        index,
        id: isText(call?.id) ? call.id : `call_${index}`,
        name: String(call?.function?.name ?? ''),
        arguments: JSON.stringify(call?.function?.arguments ?? {}),
      })
    }
  }
}

/** Matches the reasons of lines that report the loading or unloading of a model: nothing was answered. */
const NO_ANSWER = /^(load|unload)$/

/**
 * The answers of Ollama's own chat interface: a line of JSON for each token, the last one `done`.
 * @see https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion
 */
export const ollamaAnswer: AnswerDialect = {
  wire: ndjson,
  isLast: (line) => (line as Line).done === true,
  isOwn: (line) => typeof (line as Line).message === 'object' || typeof (line as Line).done === 'boolean',
  errorOf: (line) => (line as Line).error,
  finishOf(said): FinishReason | null {
    const { done, done_reason: reason } = said as Line
    if (done !== true || NO_ANSWER.test(String(reason))) return null
    return reason === 'length' ? 'length' : 'stop'
  },
  usageOf(said) {
    const { prompt_eval_count: prompt, eval_count: completion } = said as Line
    return usageOf(count(prompt), count(completion))
  },
  open,
}

const toMessages = (messages: readonly ChatMessage[]) => {
  const names = new Map<string, string>()
  return messages.map(({ role, content, toolCalls = [], toolCallId = '' }) => {
    for (const { id, name } of toolCalls) names.set(id, name)
    return {
      role,
      content,
      ...(toolCalls.length > 0 && {
        tool_calls: toolCalls.map((call) => ({
          function: { name: call.name, arguments: argumentsOf(call) },
        })),
      }),
      ...(role === 'tool' && { tool_name: names.get(toolCallId) ?? toolCallId }),
    }
  })
}

/** Returns the vendor's value for OpenAI's `response_format`. */
const formatOf = (format: ChatRequest['responseFormat']): unknown =>
  format?.type === 'json_schema'
    ? (format.json_schema as { schema?: unknown } | undefined)?.schema
    : format?.type === 'json_object'
      ? 'json'
      : undefined

const toBody = (request: ChatRequest, model: string, streaming: boolean): Record<string, unknown> => ({
  model,
  messages: toMessages(request.messages),
  stream: streaming,
  format: formatOf(request.responseFormat),
  options: {
    temperature: request.temperature,
    top_p: request.topP,
    num_predict: request.maxTokens,
    stop: request.stop?.length ? request.stop : undefined,
    seed: request.seed,
  },
  ...(request.tools?.length &&
    request.toolChoice !== 'none' && {
      tools: request.tools.map((tool) => ({ type: 'function', function: tool })),
    }),
})

/** The forms that some models refuse: many have no tools. */
const ADAPTATIONS = [withoutTools(/does not support tools/i), ALTERNATING]

/**
 * Opens a vendor that speaks Ollama's own chat interface.
 * @param options.baseUrl ends in `/api`
 * @see https://github.com/ollama/ollama/blob/main/docs/api.md
 */
export const ollama = (options: VendorOptions): Vendor => {
  const { apiKey } = options
  const url = new URL(`${options.baseUrl.replace(/\/*$/, '')}/chat`)
  const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  return vendorOf(options, {
    adaptations: ADAPTATIONS,
    askFor: (request, model, { streaming }) => ({ url, headers, body: toBody(request, model, streaming) }),
    answer: ollamaAnswer,
  })
}
