import { type Dialect, type VendorOptions, vendorOf } from './dialect.ts'
import { openAiAnswer } from './openai-answer.ts'
import type { ChatMessage, ChatRequest } from './provider.ts'
import { withoutCalls } from './retelling.ts'
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
    answer: openAiAnswer,
  })
}
