import { WHOLE, WITHOUT_TEMPERATURE, WITHOUT_TOP_P } from './adaptation.ts'
import { type AnswerDialect, count, isText, usageOf } from './answer.ts'
import { argumentsOf } from './call-arguments.ts'
import { type VendorOptions, vendorOf } from './dialect.ts'
import { eventStream } from './event-source.ts'
import type { ChatMessage, ChatRequest, FinishReason, Part, Usage } from './provider.ts'
import type { Vendor } from './upstream.ts'

const VERSION = '2023-06-01'
/** Value of the required field `max_tokens`; every current model takes as much. */
const DEFAULT_MAX_TOKENS = 8192

/** A block of content, parsed but not validated. */
interface Block {
  type?: unknown
  id?: unknown
  name?: unknown
  input?: unknown
  text?: unknown
  thinking?: unknown
  partial_json?: unknown
}
interface AnthropicUsage {
  input_tokens?: unknown
  cache_creation_input_tokens?: unknown
  cache_read_input_tokens?: unknown
  output_tokens?: unknown
}
interface Message {
  content?: unknown
  stop_reason?: unknown
  usage?: AnthropicUsage | null
}
interface Event extends Message {
  type?: unknown
  index?: unknown
  message?: Message | null
  content_block?: Block | null
  delta?: (Block & { stop_reason?: unknown }) | null
  error?: unknown
}

const finishReason = (reason: string): FinishReason => {
  switch (reason) {
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length'
    case 'tool_use':
      return 'tool_calls'
    case 'refusal':
      return 'content_filter'
    default:
      return 'stop'
  }
}

/**
 * Returns the usage of an event. Cached input is counted apart from the rest of it; later events leave out unchanged
 * counts.
 */
const countsOf = (usage: AnthropicUsage, before: Usage | null): Usage | null => {
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens } = usage
  const prompt = count(input_tokens) + count(cache_creation_input_tokens) + count(cache_read_input_tokens)
  const { promptTokens = 0, completionTokens = 0 } = before ?? {}
  return usageOf(prompt || promptTokens, count(output_tokens) || completionTokens)
}

/** Begins to read one answer's blocks: text, thinking, and calls of tools. */
const open = (): ReturnType<AnswerDialect['open']> => {
  /** The call whose arguments are being read. */
  let call: { index: number; block: unknown; empty: boolean } | undefined
  let calls = 0

  const takeBlock = (block: Block | null | undefined, at: unknown, parts: Part[]): void => {
    if (isText(block?.text)) parts.push({ type: 'text-delta', text: block.text })
    if (isText(block?.thinking)) parts.push({ type: 'reasoning-delta', text: block.thinking })
    if (block?.type !== 'tool_use') return
    const given = block.input && Object.keys(block.input).length > 0 ? JSON.stringify(block.input) : ''
    const index = calls++
    call = { index, block: at, empty: given === '' }
    const [id, name] = [String(block.id ?? `call_${index}`), String(block.name ?? '')]
    parts.push({ type: 'tool-call-delta', index, id, name, arguments: given })
  }

  const takeDelta = (delta: Block | null | undefined, at: unknown, parts: Part[]): void => {
    if (isText(delta?.text)) parts.push({ type: 'text-delta', text: delta.text })
    if (isText(delta?.thinking)) parts.push({ type: 'reasoning-delta', text: delta.thinking })
    if (!isText(delta?.partial_json) || !call || call.block !== at) return
    call.empty = false
    parts.push({ type: 'tool-call-delta', index: call.index, arguments: delta.partial_json })
  }

  /**
   * Ends a block; a call without arguments gets an empty object, since the vendor sends no text for it, which is no
   * JSON.
   */
  const endBlock = (at: unknown, parts: Part[]): void => {
    if (call && call.block === at && call.empty) {
      parts.push({ type: 'tool-call-delta', index: call.index, arguments: '{}' })
      call.empty = false
    }
  }

  return (said, parts) => {
    const event: Event = said
    switch (event.type) {
      case 'content_block_start':
        takeBlock(event.content_block, event.index, parts)
        break
      case 'content_block_delta':
        takeDelta(event.delta, event.index, parts)
        break
      case 'content_block_stop':
        endBlock(event.index, parts)
        break
      case 'message':
        for (const [at, block] of (event.content as Block[]).entries()) {
          takeBlock(block, at, parts)
          endBlock(at, parts)
        }
        break
    }
  }
}

const OWN_TYPES = new Set<unknown>([
  ...['message_start', 'message_delta', 'message_stop', 'message', 'ping'],
  ...['content_block_start', 'content_block_delta', 'content_block_stop'],
])

/**
 * The answers of Anthropic's messages, streamed or whole.
 * @see https://docs.claude.com/en/docs/build-with-claude/streaming
 */
export const anthropicAnswer: AnswerDialect = {
  wire: eventStream,
  isLast: ({ type }) => type === 'message_stop',
  isOwn: ({ type }) => OWN_TYPES.has(type),
  errorOf: ({ error }) => error,
  finishOf(said) {
    const event: Event = said
    const reason = event.stop_reason ?? event.delta?.stop_reason
    return isText(reason) ? finishReason(reason) : null
  },
  usageOf(said, before) {
    const event: Event = said
    const counts = event.usage ?? event.message?.usage
    return counts ? countsOf(counts, before) : null
  },
  text: { key: 'text', of: (said) => (said as Event).delta?.text },
  open,
}

/** Returns a call's id in the characters that the vendor accepts; ids by other vendors' models may have more. */
const idOf = (id: string): string => id.replace(/[^\w-]/g, '_')

const toBlocks = ({ role, content, toolCalls, toolCallId }: ChatMessage): Record<string, unknown>[] => {
  if (role === 'tool') return [{ type: 'tool_result', tool_use_id: idOf(toolCallId ?? ''), content }]
  return [
    // The vendor refuses an empty text.
    ...(content.trim() === '' ? [] : [{ type: 'text', text: content }]),
    ...(toolCalls ?? []).map((call) => ({
      type: 'tool_use',
      id: idOf(call.id),
      name: call.name,
      input: argumentsOf(call),
    })),
  ]
}

/**
 * Returns messages that alternate between user and model, as the vendor requires; results of tools are the user's.
 */
const toMessages = (messages: readonly ChatMessage[]) => {
  const turns: { role: 'user' | 'assistant'; content: Record<string, unknown>[] }[] = []
  for (const message of messages) {
    const blocks = message.role === 'system' ? [] : toBlocks(message)
    if (blocks.length === 0) continue
    const role = message.role === 'assistant' ? 'assistant' : 'user'
    const last = turns.at(-1)
    if (last?.role === role) last.content.push(...blocks)
    else turns.push({ role, content: blocks })
  }
  return turns
}

/**
 * Returns the tools of a request. The vendor refuses messages with calls where no tools are given: then the called
 * ones are named, with a choice that forbids to call them.
 */
const toolsOf = ({
  messages,
  tools = [],
  toolChoice,
}: ChatRequest): Pick<ChatRequest, 'tools' | 'toolChoice'> => {
  const called = new Set(messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ name }) => name)))
  if (tools.length > 0 || called.size === 0) return { tools, toolChoice }
  const parameters = { type: 'object' }
  return { tools: [...called].map((name) => ({ name, description: '', parameters })), toolChoice: 'none' }
}

const TOOL_CHOICES = { auto: { type: 'auto' }, none: { type: 'none' }, required: { type: 'any' } }

const toBody = (request: ChatRequest, model: string, streaming: boolean): Record<string, unknown> => {
  const { messages } = request
  const { tools, toolChoice } = toolsOf(request)
  const system = messages.flatMap(({ role, content }) => (role === 'system' ? [content] : [])).join('\n\n')
  return {
    model,
    max_tokens: request.maxTokens ?? DEFAULT_MAX_TOKENS,
    ...(system !== '' && { system }),
    messages: toMessages(messages),
    stream: streaming,
    temperature: request.temperature === undefined ? undefined : Math.min(request.temperature, 1),
    top_p: request.topP,
    stop_sequences: request.stop?.length ? request.stop : undefined,
    ...(tools?.length && {
      tools: tools.map(({ name, description, parameters }) => ({
        name,
        description,
        input_schema: parameters,
      })),
      tool_choice:
        typeof toolChoice === 'object'
          ? { type: 'tool', ...toolChoice }
          : toolChoice && TOOL_CHOICES[toolChoice],
    }),
  }
}

/** The forms that newer models refuse: temperature and `top_p`, or both at once. */
const ADAPTATIONS = [WITHOUT_TOP_P, WITHOUT_TEMPERATURE, WHOLE]

/**
 * Opens a vendor that speaks Anthropic's messages. System messages, wherever they are, become the one `system`;
 * `seed` and `responseFormat` are left out.
 * @see https://docs.claude.com/en/api/messages
 */
export const anthropic = (options: VendorOptions): Vendor => {
  const { apiKey } = options
  const url = new URL(`${options.baseUrl.replace(/(\/v1)?\/*$/, '')}/v1/messages`)
  const headers = { 'anthropic-version': VERSION, ...(apiKey !== undefined && { 'x-api-key': apiKey }) }
  return vendorOf(options, {
    adaptations: ADAPTATIONS,
    askFor: (request, model, { streaming }) => ({ url, headers, body: toBody(request, model, streaming) }),
    answer: anthropicAnswer,
  })
}
