import type { ResponseCache } from './cache.ts'
import type { Clock } from './clock.ts'
import type { ChatRequest, Part, Provider, Usage } from './provider.ts'

/** A part of a routed answer, in order. `usage` never comes: `attempt-usage` says it. */
export type Routed =
  | Exclude<Part, { type: 'usage' }>
  /** Names the provider whose parts follow. */
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
      /** The cost by the provider's price, or the price table; 0 where neither is known. */
      readonly costUsd: number
    }

export interface RouteRequest extends ChatRequest {
  /** Asks this provider and no other. */
  readonly provider?: string | undefined
  /** Asks this provider before the others. */
  readonly first?: string | undefined
  /** False: no other provider is asked after the first token. */
  readonly mayReset: boolean
}

export interface RouterOptions {
  /** Those that every call may use; others come with the call. */
  readonly providers: readonly Provider[]
  /** Names in the order in which they are asked; one that has no provider, here or in `extra`, is passed over. */
  readonly order: readonly string[]
  readonly firstTokenTimeoutMs: number
  readonly idleTimeoutMs: number
  /** Times that a provider is asked again before its first token. */
  readonly maxRetries: number
  readonly retryBaseMs: number
  readonly breakerThreshold: number
  readonly cooldownMs: number
  /** Most tokens of an answer; 0 leaves it to the vendor. */
  readonly maxTokens?: number
  /** Milliseconds after which viewers are told that the model is slow to begin; a third of the first-token time-out, 5 s at most. */
  readonly slowMs?: number
  readonly cache?: ResponseCache
  readonly clock?: Clock
  /** From 0 to 1. */
  readonly random?: () => number
}
