import {
  type Adaptation,
  ALTERNATING,
  type Form,
  WHOLE,
  WITHOUT_TEMPERATURE,
  WITHOUT_TOP_P,
  withoutTools,
} from './adaptation.ts'
import { type VendorOptions, vendorOf } from './dialect.ts'
import { openAiAnswer } from './openai-answer.ts'
import type { ChatMessage, ChatRequest } from './provider.ts'
import type { Vendor } from './upstream.ts'

const toMessage = ({ role, content, toolCalls, toolCallId }: ChatMessage) => ({
  role,
  content: toolCalls?.length && content === '' ? null : content,
  ...(toolCalls?.length && {
    tool_calls: toolCalls.map(({ id, name, arguments: input }) => ({
      id,
      type: 'function',
      // Servers that parse the arguments refuse an empty text.
      function: { name, arguments: input || '{}' },
    })),
  }),
  ...(toolCallId !== undefined && { tool_call_id: toolCallId }),
})

const toBody = (request: ChatRequest, model: string, form: Form): Record<string, unknown> => ({
  model,
  messages: request.messages.map(toMessage),
  stream: form.streaming,
  ...(form.streaming && !form.has('stream_options') && { stream_options: { include_usage: true } }),
  temperature: request.temperature,
  top_p: request.topP,
  [form.has('max_tokens') ? 'max_completion_tokens' : 'max_tokens']: request.maxTokens,
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

/**
 * The forms that servers refuse although OpenAI accepts them; OpenAI's reasoning models accept the limit of tokens
 * under its new name only.
 */
const ADAPTATIONS: readonly Adaptation[] = [
  {
    name: 'stream_options',
    named: /stream_options|include_usage/i,
    byVendor: true,
    concerns: (_, streaming) => streaming,
  },
  withoutTools(/\btools?\b|tool_choice|function.?call/i),
  WITHOUT_TEMPERATURE,
  WITHOUT_TOP_P,
  {
    name: 'max_tokens',
    named: /max_completion_tokens/,
    concerns: ({ maxTokens }) => maxTokens !== undefined,
  },
  WHOLE,
  ALTERNATING,
]

/** The address at which a kind of server takes requests, and the header of its key. */
interface Endpoint {
  url(options: VendorOptions, model: string): URL
  headers(apiKey: string): Record<string, string>
}

const withoutSlash = (baseUrl: string): string => baseUrl.replace(/\/+$/, '')

const PLAIN: Endpoint = {
  url: ({ baseUrl }) => new URL(`${withoutSlash(baseUrl)}/chat/completions`),
  headers: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
}

const AZURE: Endpoint = {
  url({ baseUrl, own }, model) {
    // `.` and `..` would be steps of the path; escaped twice they are names, which no deployment has.
    const name = /^\.{1,2}$/.test(model) ? model.replaceAll('.', '%2E') : model
    const path = `openai/deployments/${encodeURIComponent(name)}/chat/completions`
    const url = new URL(`${withoutSlash(baseUrl)}/${path}`)
    if (own?.API_VERSION) url.searchParams.set('api-version', own.API_VERSION)
    return url
  },
  headers: (apiKey) => ({ 'api-key': apiKey }),
}

const openAt =
  (endpoint: Endpoint) =>
  (options: VendorOptions): Vendor => {
    const headers = options.apiKey === undefined ? {} : endpoint.headers(options.apiKey)
    return vendorOf(options, {
      adaptations: ADAPTATIONS,
      askFor: (request, model, form) => ({
        url: endpoint.url(options, model),
        headers,
        body: toBody(request, model, form),
      }),
      answer: openAiAnswer,
    })
  }

/**
 * Opens a vendor that speaks OpenAI's chat completions.
 * @param options.baseUrl ends where `/chat/completions` follows
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export const openAiCompatible = openAt(PLAIN)

/**
 * Opens OpenAI's models at Azure, where the deployment is part of the path.
 * @param options.baseUrl the resource's address, without a path; `model` is the deployment
 * @see https://learn.microsoft.com/azure/ai-services/openai/reference
 */
export const azure = openAt(AZURE)
