import type { OpenAttemptSpan } from './attempt-span.ts'
import type { ResponseCache } from './cache.ts'
import type { Clock } from './clock.ts'
import type { ChatRequest, Part, Provider, Usage } from './provider.ts'

/** A part of a routed answer, in order. `usage` never comes; `attempt-usage` has its counts. */
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
  /** The text so far is discarded. */
  | { readonly type: 'reset'; readonly reason: string }
  /**
   * The tokens of one attempt that cost something, broken and aborted ones included; before the `finish` of a whole
   * one.
   */
  | {
      readonly type: 'attempt-usage'
      readonly provider: string
      readonly model: string | null
      readonly usage: Usage
      /** True where at least a part was counted here by rule of thumb. */
      readonly estimated: boolean
      /** Cost by the provider's price, or the price table; 0 where neither is known. */
      readonly costUsd: number
    }

export interface RouteRequest extends ChatRequest {
  /** Name of the only provider to ask. */
  readonly provider?: string | undefined
  /** Name of the provider to ask before the others. */
  readonly first?: string | undefined
  /** False to ask no other provider after the first token. */
  readonly mayReset: boolean
}

export interface RouterOptions {
  /** The providers that every request may use; others come with the call. */
  readonly providers: readonly Provider[]
  /** Names in the order in which they are asked; a name without a provider, here or in `extra`, is skipped. */
  readonly order: readonly string[]
  readonly firstTokenTimeoutMs: number
  readonly idleTimeoutMs: number
  /** Number of times that a provider is asked again before its first token. */
  readonly maxRetries: number
  readonly retryBaseMs: number
  readonly breakerThreshold: number
  readonly cooldownMs: number
  /** Largest number of tokens of an answer; 0 leaves it to the vendor. */
  readonly maxTokens?: number
  /**
   * Milliseconds after which viewers get a notice that the model is slow to begin; by default a third of the
   * first-token time-out, 5 s at most.
   */
  readonly slowMs?: number
  readonly cache?: ResponseCache
  /** Records each attempt. */
  readonly openSpan?: OpenAttemptSpan | undefined
  readonly clock?: Clock
  /** Returns a random number from 0 to 1. */
  readonly random?: () => number
}
