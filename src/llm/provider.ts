import type { TurnNotice } from '../protocol/turn-event.ts'

export type MessageRole = 'system' | 'user' | 'assistant' | 'tool'

/** A call of a tool that a model asked for; `arguments` is JSON text as the model wrote it. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly arguments: string
}

/** One message of a conversation. A role is never taken from the text inside it. */
export interface ChatMessage {
  readonly role: MessageRole
  readonly content: string
  /** The calls that an assistant's message makes. */
  readonly toolCalls?: readonly ToolCall[]
  /** Id of the call whose result a tool's message is. */
  readonly toolCallId?: string
}

/** A tool as it is described to a model; `parameters` is JSON Schema. */
export interface ToolDescription {
  readonly name: string
  readonly description: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/** One request to a model. Fields that a vendor does not have are left out for it. */
export interface ChatRequest {
  readonly messages: readonly ChatMessage[]
  /** The vendor's name of the model; the provider's own when absent. */
  readonly model?: string | undefined
  readonly temperature?: number | undefined
  readonly topP?: number | undefined
  /** Largest number of tokens of the answer. */
  readonly maxTokens?: number | undefined
  readonly stop?: readonly string[] | undefined
  readonly seed?: number | undefined
  readonly tools?: readonly ToolDescription[] | undefined
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly name: string } | undefined
  /** OpenAI's `response_format`, passed on unchanged where the vendor has it. */
  readonly responseFormat?: Readonly<Record<string, unknown>> | undefined
}

/** Numbers of tokens as the vendor counts them. */
export interface Usage {
  readonly promptTokens: number
  readonly completionTokens: number
}

/** The price of a million tokens in USD. */
export interface Price {
  readonly prompt: number
  readonly completion: number
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter'

/** One piece of an answer; pieces come in order. `usage` may come more than once, and the last one counts. */
export type Part =
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly text: string }
  | {
      readonly type: 'tool-call-delta'
      /** Place among the answer's calls, from 0. */
      readonly index: number
      /** Present in the first delta of a call. */
      readonly id?: string
      readonly name?: string
      /** A further piece of the JSON text. */
      readonly arguments: string
    }
  | ({ readonly type: 'usage' } & Usage)
  | { readonly type: 'finish'; readonly reason: FinishReason }
  /** An event for the viewers that is no part of the answer. */
  | { readonly type: 'notice'; readonly event: TurnNotice }

/**
 * Takes a batch of an answer's parts, which is never empty. A returned promise delays the next batch until it has
 * resolved; an error ends the answer.
 */
export type Take<P> = (batch: readonly P[]) => Promise<void> | undefined

export interface Taking<P> {
  readonly signal: AbortSignal
  readonly take: Take<P>
  /** Called once a reason to stop has come: from then on the provider itself ends the answer when nothing follows. */
  readonly ending?: () => void
}

/**
 * Answers requests by one vendor. One call is one request; the answer's parts are given to `take` as they come,
 * without a promise for each token.
 *
 * Guarantees: parts come in batches, one for each read from the vendor's socket; a whole answer ends with exactly one
 * `finish`, and then the call resolves; an answer that the vendor cut short rejects. Aborting `signal` closes the
 * socket at once and rejects with the signal's reason, and an error of `take` does the same with that error. The
 * vendor is read no faster than its answer is taken.
 * @throws {Problem} `PROVIDER_UNAVAILABLE` (no answer: refused, reset, 408, 5xx; `retryAfter` in seconds where the
 *   vendor names it), `PROVIDER_RATE_LIMITED` (429), `PROVIDER_ERROR` (another status, or an error inside a 200),
 *   `PROVIDER_PROTOCOL_ERROR` (not the vendor's format, or an answer that broke off), `CONTENT_FILTERED`
 */
export interface Provider {
  readonly name: string
  /** Model of a request that names none; null for a provider that is no language model. */
  readonly model: string | null
  /**
   * Longest wait for the first token in milliseconds, of all models or of one; the router's own when absent, none
   * when 0.
   */
  readonly firstTokenTimeoutMs?: number | ((model: string | undefined) => number | undefined)
  /** Price of each of its models; the price table's when absent. */
  readonly price?: Price
  /** Returns the models that refused the usual form of a request and get another one. */
  adapted?(): readonly AdaptedModel[]
  answer(request: ChatRequest, taking: Taking<Part>): Promise<void>
}

/** A model that refused the usual form of a request, with the changes that it gets since. */
export interface AdaptedModel {
  /** Name of the model; null for every model of the provider. */
  readonly model: string | null
  /** Names of the changes: `stream`, `roles`, `tools`, `temperature`, `top_p`, `stream_options`, `max_tokens`. */
  readonly adaptations: readonly string[]
}

/** A provider as the settings describe it. */
export interface ProviderSettings {
  /** `[a-z][a-z0-9_-]*`; the variables' prefix is the same in capitals, with `_` for `-`. */
  readonly name: string
  readonly apiKey?: string
  /**
   * Address; absent for the vendor's own. Always present for names that are no vendor's, and for vendors without an
   * address.
   */
  readonly baseUrl?: string
  readonly model?: string
  /** False to request whole answers. */
  readonly streaming: boolean
  readonly firstTokenTimeoutMs: number
  /** Longest wait for the first token of a whole answer, which comes with its last. */
  readonly wholeTimeoutMs?: number
  /** Settings that only this vendor has, by their names without its prefix. */
  readonly own?: Readonly<Record<string, string>>
  /** Its own price; absent to use the price table. */
  readonly price?: Price
}
