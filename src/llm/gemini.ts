import { LRUCache } from 'lru-cache'
import { ALTERNATING, WHOLE, withoutTools } from './adaptation.ts'
import { type AnswerDialect, count, isText, usageOf } from './answer.ts'
import { type VendorOptions, vendorOf } from './dialect.ts'
import { eventStream } from './event-source.ts'
import type { ChatMessage, ChatRequest, FinishReason, Part, ToolCall } from './provider.ts'
import type { Vendor } from './upstream.ts'

/**
 * Keeps the signatures that the vendor gave its calls, by the calls' ids. From its third generation on it accepts a
 * call in a message only with its signature, or with a word in its place; that word is sent for calls by another
 * model or instance.
 * @see https://ai.google.dev/gemini-api/docs/thought-signatures
 */
export interface Signatures {
  get(callId: string): string | undefined
  set(callId: string, signature: string): unknown
  has(callId: string): boolean
}
const MAX_SIGNATURES = 1000
const NO_SIGNATURE = 'skip_thought_signature_validator'
const UNSIGNED_MODELS = /^(models\/)?gemini-[012][.-]/

/** An event, parsed but not validated. */
interface Piece {
  text?: unknown
  thought?: unknown
  thoughtSignature?: unknown
  functionCall?: { id?: unknown; name?: unknown; args?: unknown } | null
}
interface Candidate {
  content?: { parts?: unknown } | null
  finishReason?: unknown
}
interface Event {
  error?: unknown
  responseId?: unknown
  candidates?: readonly (Candidate | null)[] | null
  promptFeedback?: { blockReason?: unknown } | null
  usageMetadata?: {
    promptTokenCount?: unknown
    toolUsePromptTokenCount?: unknown
    candidatesTokenCount?: unknown
    thoughtsTokenCount?: unknown
  } | null
}

const FINISH: Readonly<Record<string, FinishReason>> = {
  MAX_TOKENS: 'length',
  SAFETY: 'content_filter',
  RECITATION: 'content_filter',
  LANGUAGE: 'content_filter',
  BLOCKLIST: 'content_filter',
  PROHIBITED_CONTENT: 'content_filter',
  SPII: 'content_filter',
  IMAGE_SAFETY: 'content_filter',
}
/** Reasons for a call of a tool that the vendor could not read or did not allow. */
const FAILED = /^(MALFORMED_|UNEXPECTED_|TOO_MANY_)|MISSING_THOUGHT_SIGNATURE/

const candidateOf = (event: Event): Candidate | null | undefined =>
  event.candidates?.find((candidate) => candidate?.content ?? candidate?.finishReason)

/** Begins to read one answer, and keeps the signatures of its calls. */
const openAnswer = (signatures: Signatures): ReturnType<AnswerDialect['open']> => {
  let calls = 0

  const takeCall = (piece: Piece, responseId: unknown, parts: Part[]): void => {
    const index = calls++
    const { id: given, name, args } = piece.functionCall ?? {}
    const id = isText(given) ? given : `call_${isText(responseId) ? `${responseId}_` : ''}${index}`
    if (isText(piece.thoughtSignature)) signatures.set(id, piece.thoughtSignature)
    parts.push({
      type: 'tool-call-delta',
      index,
      id,
      name: String(name ?? ''),
      arguments: JSON.stringify(args ?? {}),
    })
  }

  return (said, parts) => {
    const event: Event = said
    const pieces = candidateOf(event)?.content?.parts
    if (!Array.isArray(pieces)) return
    for (const piece of pieces as (Piece | null)[]) {
      if (piece?.functionCall) takeCall(piece, event.responseId, parts)
      else if (isText(piece?.text)) {
        parts.push({ type: piece.thought === true ? 'reasoning-delta' : 'text-delta', text: piece.text })
      }
    }
  }
}

/**
 * Returns the description of Gemini's answers, streamed or whole; without `alt=sse` they come as one list. Only the
 * end of the body ends them: each event may carry a reason to stop.
 * @see https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse
 */
export const geminiAnswer = (signatures: Signatures): AnswerDialect => ({
  wire: eventStream,
  isOwn: (event) => 'candidates' in event || 'usageMetadata' in event || 'promptFeedback' in event,
  errorOf(said) {
    const event: Event = said
    if (event.error) return event.error
    const reason = candidateOf(event)?.finishReason
    return isText(reason) && FAILED.test(reason) ? { code: reason } : undefined
  },
  finishOf(said) {
    const event: Event = said
    const reason = candidateOf(event)?.finishReason
    if (isText(reason) && reason !== 'FINISH_REASON_UNSPECIFIED') return FINISH[reason] ?? 'stop'
    return isText(event.promptFeedback?.blockReason) ? 'content_filter' : null
  },
  usageOf(said) {
    const { usageMetadata: counts } = said as Event
    if (!counts) return null
    const prompt = count(counts.promptTokenCount) + count(counts.toolUsePromptTokenCount)
    return usageOf(prompt, count(counts.candidatesTokenCount) + count(counts.thoughtsTokenCount))
  },
  open: () => openAnswer(signatures),
})

/**
 * Returns the JSON object in a text, or an object with the text or value as its only member: the vendor takes nothing
 * but objects.
 */
const objectOf = (text: string, member: string): unknown => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // Not JSON: plain text.
  }
  return member === '' ? {} : { [member]: text }
}

const toContents = (messages: readonly ChatMessage[], model: string, signatures: Signatures) => {
  const turns: { role: 'user' | 'model'; parts: Record<string, unknown>[] }[] = []
  const asked = new Map<string, ToolCall>()
  /** Returns the parts of calls; of several in one message only the first is signed. */
  const callParts = (calls: readonly ToolCall[]) => {
    const signed = UNSIGNED_MODELS.test(model) || calls.some(({ id }) => signatures.has(id))
    return calls.map((call, at) => {
      asked.set(call.id, call)
      const signature = signatures.get(call.id) ?? (signed || at > 0 ? undefined : NO_SIGNATURE)
      return {
        functionCall: { name: call.name, args: objectOf(call.arguments, '') },
        ...(signature !== undefined && { thoughtSignature: signature }),
      }
    })
  }
  const partsOf = ({ role, content, toolCalls, toolCallId = '' }: ChatMessage): Record<string, unknown>[] =>
    role === 'tool'
      ? [
          {
            functionResponse: {
              name: asked.get(toolCallId)?.name ?? toolCallId,
              response: objectOf(content, 'result'),
            },
          },
        ]
      : [...(content === '' ? [] : [{ text: content }]), ...callParts(toolCalls ?? [])]

  for (const message of messages) {
    const parts = message.role === 'system' ? [] : partsOf(message)
    if (parts.length === 0) continue
    const role = message.role === 'assistant' ? 'model' : 'user'
    const last = turns.at(-1)
    if (last?.role === role) last.parts.push(...parts)
    else turns.push({ role, parts })
  }
  return turns
}

const TOOL_MODES = { auto: 'AUTO', none: 'NONE', required: 'ANY' }

const toolFields = ({ tools, toolChoice }: ChatRequest): Record<string, unknown> => {
  if (!tools?.length) return {}
  const declarations = tools.map(({ name, description, parameters }) => ({
    name,
    description,
    parametersJsonSchema: parameters,
  }))
  const mode =
    typeof toolChoice === 'object'
      ? { mode: 'ANY', allowedFunctionNames: [toolChoice.name] }
      : toolChoice && { mode: TOOL_MODES[toolChoice] }
  return {
    tools: [{ functionDeclarations: declarations }],
    ...(mode && { toolConfig: { functionCallingConfig: mode } }),
  }
}

/** Returns the vendor's fields for OpenAI's `response_format`. */
const formatFields = (format: ChatRequest['responseFormat']): Record<string, unknown> => {
  if (format?.type !== 'json_object' && format?.type !== 'json_schema') return {}
  const schema = (format.json_schema as { schema?: unknown } | undefined)?.schema
  return { responseMimeType: 'application/json', ...(schema ? { responseJsonSchema: schema } : {}) }
}

const toBody = (request: ChatRequest, model: string, signatures: Signatures): Record<string, unknown> => {
  const system = request.messages.flatMap(({ role, content }) => (role === 'system' ? [content] : []))
  return {
    ...(system.length > 0 && { systemInstruction: { parts: [{ text: system.join('\n\n') }] } }),
    contents: toContents(request.messages, model, signatures),
    generationConfig: {
      temperature: request.temperature,
      topP: request.topP,
      maxOutputTokens: request.maxTokens,
      stopSequences: request.stop?.length ? request.stop : undefined,
      seed: request.seed,
      ...formatFields(request.responseFormat),
    },
    ...toolFields(request),
  }
}

/** The forms that small models of this vendor refuse: tools, and system messages of their own. */
const ADAPTATIONS = [withoutTools(/function calling|tool use/i), ALTERNATING, WHOLE]

/**
 * Opens Google's Gemini. System messages, wherever they are, become the one `systemInstruction`.
 * @see https://ai.google.dev/api/generate-content
 */
export const gemini = (options: VendorOptions): Vendor => {
  const { apiKey } = options
  const signatures: Signatures = new LRUCache<string, string>({ max: MAX_SIGNATURES })
  const base = options.baseUrl.replace(/(\/v1(beta)?)?\/*$/, '')
  const headers: Record<string, string> = apiKey === undefined ? {} : { 'x-goog-api-key': apiKey }
  return vendorOf(options, {
    adaptations: ADAPTATIONS,
    askFor(request, model, { streaming }) {
      const method = streaming ? 'streamGenerateContent?alt=sse' : 'generateContent'
      const path = `/v1beta/models/${encodeURIComponent(model.replace(/^models\//, ''))}:${method}`
      return { url: new URL(base + path), headers, body: toBody(request, model, signatures) }
    },
    answer: geminiAnswer(signatures),
  })
}
