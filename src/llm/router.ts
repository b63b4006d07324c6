import type { ChatRequest, Part, Provider, Usage } from './provider.ts'

/** What an answer is made of once it is routed, in order. `usage` never comes: `attempt-usage` says it. */
export type Routed =
  | Exclude<Part, { type: 'usage' }>
  /** Before the first part of a provider reaches you. */
  | {
      readonly type: 'chosen'
      readonly provider: string
      readonly model: string | null
      readonly cached?: boolean
    }
  /** Another provider is asked; `reason` begins with an error code: `PROVIDER_TIMEOUT: xai did not …`. */
  | { readonly type: 'fallback'; readonly from: string; readonly to: string; readonly reason: string }
  /** Discard the text so far. */
  | { readonly type: 'reset'; readonly reason: string }
  /** Once for each attempt that cost something, broken and aborted ones too; before the `finish` of a whole one. */
  | {
      readonly type: 'attempt-usage'
      readonly provider: string
      readonly model: string | null
      readonly usage: Usage
      /** Counted here by rule of thumb, in part at least. */
      readonly estimated: boolean
      /** By the price table; 0 where it knows no price. */
      readonly costUsd: number
    }

export interface RouteRequest extends ChatRequest {
  /** Asks this provider and no other. */
  readonly provider?: string | undefined
  /** False: no other provider is asked after the first token. */
  readonly mayReset: boolean
}

export interface ProviderState {
  readonly name: string
  readonly configured: boolean
  readonly state: 'closed' | 'open' | 'half_open'
  readonly model: string | null
}

export interface Router {
  /**
   * The answer of the first provider that gives one whole. A request's `model` is for the provider asked first; those
   * after it use their own.
   *
   * Guarantees: `finish` is the last part; the text deltas since the last `reset` are one provider's. After an abort
   * one batch with an `attempt-usage` may still come, then it throws the signal's reason, so iterate to the end.
   * @param options.extra providers of this call only, such as a `local` that answers for one caller
   * @throws {Problem} the last attempt's when all failed; `VALIDATION_FAILED` for a `provider` that there is not
   */
  stream(
    request: RouteRequest,
    options: { extra?: readonly Provider[]; signal: AbortSignal },
  ): AsyncIterable<readonly Routed[]>
  /** Whether `provider` of a request may have this name. */
  has(name: string): boolean
  states(): ProviderState[]
  /** Names in the order in which they are asked. */
  readonly order: readonly string[]
}
