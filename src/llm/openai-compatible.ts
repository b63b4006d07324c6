import { type Answer, isText, parseObject, type TakeEvent, takeCounts } from './answer.ts'
import { type Dialect, type VendorOptions, vendorOf } from './dialect.ts'
import { insideProblem } from './failure.ts'
import type { ChatMessage, ChatRequest, FinishReason, Part } from './provider.ts'
import { withoutCalls } from './retelling.ts'
import { textTemplate } from './text-template.ts'
import type { Vendor } from './upstream.ts'

export interface OpenAiCompatibleOptions extends VendorOptions {
  /** Ends where `/chat/completions` follows; of azure, the resource's address without a path. */
  baseUrl: string
  /** Of azure, the deployment. */
  model: string
  kind?: 'azure'
  /** Of azure only. */
  apiVersion?: string | undefined
}

/** What is read of a tool call, streamed or whole. */
interface CallDelta {
  index?: unknown
  id?: unknown
  function?: { name?: unknown; arguments?: unknown } | null
}

/** What is read of a chunk or of a whole completion; nothing of it is certain. */
interface Chunk {
  id?: unknown
  error?: unknown
  object?: unknown
  usage?: { prompt_tokens?: unknown; completion_tokens?: unknown } | null
  choices?:
    | readonly ({ delta?: Delta | null; message?: Delta | null; finish_reason?: unknown } | null)[]
    | null
}
interface Delta {
  content?: unknown
  refusal?: unknown
  reasoning_content?: unknown
  reasoning?: unknown
  tool_calls?: unknown
}

const finishReason = (reason: string): FinishReason | 'error' => {
  switch (reason) {
    case 'length':
    case 'max_tokens':
    case 'model_length':
      return 'length'
    case 'tool_calls':
    case 'function_call':
    case 'tool_use':
      return 'tool_calls'
    case 'content_filter':
      return 'content_filter'
    case 'error':
    case 'insufficient_system_resource':
      return 'error'
    default:
      return 'stop'
  }
}

/** Content that is a list of typed pieces, as some vendors' reasoning models send it. */
const takePieces = (pieces: readonly unknown[], parts: Part[]): void => {
  for (const piece of pieces as readonly ({ type?: unknown; text?: unknown; thinking?: unknown } | null)[]) {
    if (isText(piece?.text)) parts.push({ type: 'text-delta', text: piece.text })
    else if (Array.isArray(piece?.thinking)) {
      for (const { text } of piece.thinking) if (isText(text)) parts.push({ type: 'reasoning-delta', text })
    }
  }
}

/**
 * Which call a delta belongs to. Vendors give an index and, with the first delta, an id; some give no index, or 0 to
 * every call, or repeat the id, or give neither and the whole call at once.
 */
const callNumbers = (): ((call: CallDelta) => { index: number; isNew: boolean }) => {
  const byId = new Map<string, number>()
  const byIndex = new Map<unknown, number>()
  let calls = 0
  return ({ index: place, id, function: tool }) => {
    const given = typeof place === 'number' ? place : undefined
    const known = isText(id) ? byId.get(id) : given === undefined ? undefined : byIndex.get(given)
    const continued =
      known ??
      (!isText(id) && given === undefined && !isText(tool?.name) && calls > 0 ? calls - 1 : undefined)
    const index = continued ?? calls++
    if (isText(id)) byId.set(id, index)
    if (given !== undefined) byIndex.set(given, index)
    return { index, isNew: continued === undefined }
  }
}

const contentOf = (event: Record<string, unknown>): unknown => (event as Chunk).choices?.[0]?.delta?.content

/** Reads one answer's events: chunks, or one whole completion. */
export const openAiEvents = (): TakeEvent => {
  const template = textTemplate('content', contentOf)
  const numberOf = callNumbers()

  const takeCall = (call: CallDelta | null, answerId: unknown, parts: Part[]): void => {
    if (typeof call !== 'object' || call === null) return
    const { index, isNew } = numberOf(call)
    const { name, arguments: input } = call.function ?? {}
    const text = typeof input === 'string' ? input : input ? JSON.stringify(input) : ''
    const id = isText(call.id) ? call.id : `call_${isText(answerId) ? `${answerId}_` : ''}${index}`
    if (isNew) parts.push({ type: 'tool-call-delta', index, id, name: String(name ?? ''), arguments: text })
    else if (text !== '') parts.push({ type: 'tool-call-delta', index, arguments: text })
  }

  const takeDelta = (delta: Delta, id: unknown, answer: Answer): void => {
    const { parts } = answer
    // Some servers send the same reasoning under both names.
    const reasoning = isText(delta.reasoning_content) ? delta.reasoning_content : delta.reasoning
    if (isText(reasoning)) parts.push({ type: 'reasoning-delta', text: reasoning })
    if (isText(delta.content)) parts.push({ type: 'text-delta', text: delta.content })
    else if (Array.isArray(delta.content)) takePieces(delta.content, parts)
    if (isText(delta.refusal)) parts.push({ type: 'text-delta', text: delta.refusal })
    if (!Array.isArray(delta.tool_calls)) return
    for (const call of delta.tool_calls) takeCall(call, id, parts)
    answer.called ||= delta.tool_calls.length > 0
  }

  return (data, answer) => {
    const quick = template.match(data)
    if (quick !== undefined) {
      answer.parts.push({ type: 'text-delta', text: quick })
      return
    }
    if (data.charCodeAt(0) === 91 /* [ */ && data.trim() === '[DONE]') {
      answer.ended = true
      return
    }
    const event = parseObject(data, answer.site)
    const chunk: Chunk = event
    if (chunk.error || chunk.object === 'error') throw insideProblem(answer.site, chunk.error || chunk)
    const before = answer.parts.length
    const { usage } = chunk
    if (usage) takeCounts(usage.prompt_tokens, usage.completion_tokens, answer)
    const choice = chunk.choices?.[0]
    const delta = choice?.delta ?? choice?.message
    if (delta) takeDelta(delta, chunk.id, answer)
    if (isText(choice?.finish_reason)) {
      const reason = finishReason(choice.finish_reason)
      if (reason === 'error') throw insideProblem(answer.site, choice)
      answer.finish = reason
    } else if (isText(choice?.delta?.content) && answer.parts.length === before + 1 && !usage) {
      template.learn(data)
    }
  }
}

const toMessage = ({ role, content, toolCalls, toolCallId }: ChatMessage) => ({
  role,
  content: toolCalls?.length && content === '' ? null : content,
  ...(toolCalls?.length && {
    tool_calls: toolCalls.map(({ id, name, arguments: input }) => ({
      id,
      type: 'function',
      // Servers that parse it take no empty text.
      function: { name, arguments: input || '{}' },
    })),
  }),
  ...(toolCallId !== undefined && { tool_call_id: toolCallId }),
})

const toBody = (request: ChatRequest, model: string, streaming: boolean): Record<string, unknown> => ({
  model,
  messages: request.messages.map(toMessage),
  stream: streaming,
  ...(streaming && { stream_options: { include_usage: true } }),
  temperature: request.temperature,
  top_p: request.topP,
  max_tokens: request.maxTokens,
  stop: request.stop?.length ? request.stop : undefined,
  seed: request.seed,
  response_format: request.responseFormat,
  ...(request.tools?.length && {
    tools: request.tools.map((tool) => ({ type: 'function', function: tool })),
    tool_choice:
      typeof request.toolChoice === 'object'
        ? { type: 'function', function: request.toolChoice }
        : request.toolChoice,
  }),
})

/** What servers refuse although OpenAI takes it. */
const REFUSABLES: Dialect['refusables'] = {
  stream_options: {
    named: /stream_options|include_usage/i,
    byVendor: true,
    without: ({ stream_options, ...rest }) => rest,
  },
  tools: {
    named: /\btools?\b|tool_choice|function.?call/i,
    without: ({ tools, tool_choice, ...rest }, { messages }) => ({
      ...rest,
      messages: withoutCalls(messages).map(toMessage),
    }),
  },
  // OpenAI's reasoning models take none, and want the limit under its new name.
  temperature: { named: /temperature/, without: ({ temperature, ...rest }) => rest },
  max_tokens: {
    named: /max_completion_tokens/,
    without: ({ max_tokens, ...rest }) => ({ ...rest, max_completion_tokens: max_tokens }),
  },
}

const urlOf = ({ baseUrl, kind, apiVersion }: OpenAiCompatibleOptions, model: string): URL => {
  const base = baseUrl.replace(/\/+$/, '')
  if (kind !== 'azure') return new URL(`${base}/chat/completions`)
  const url = new URL(`${base}/openai/deployments/${encodeURIComponent(model)}/chat/completions`)
  if (apiVersion) url.searchParams.set('api-version', apiVersion)
  return url
}

const headersOf = ({ apiKey, kind }: OpenAiCompatibleOptions): Record<string, string> =>
  apiKey === undefined ? {} : kind === 'azure' ? { 'api-key': apiKey } : { authorization: `Bearer ${apiKey}` }

/**
 * A vendor that speaks OpenAI's chat completions.
 *
 * What a server refuses with a 400 that names it (`stream_options`, `tools`, …) is left out, or renamed, in
 * one more request, and from then on.
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export const openAiCompatible = (options: OpenAiCompatibleOptions): Vendor => {
  const { streaming = true } = options
  const headers = headersOf(options)
  return vendorOf(options, {
    refusables: REFUSABLES,
    askFor: (request, model) => ({
      url: urlOf(options, model),
      headers,
      body: toBody(request, model, streaming),
    }),
    events: openAiEvents,
  })
}
