import type { FinishReason, Usage } from './provider.ts'

/** The record of one attempt at a provider, without anything that was asked or answered. */
export interface AttemptSpan {
  firstToken(): void
  used(usage: Usage): void
  finished(reason: FinishReason): void
  /** Ends the record. @param errorCode why the attempt failed; undefined where it did not */
  end(errorCode?: string): void
}

/** Begins the record of an attempt. @param model null where the provider has none */
export type OpenAttemptSpan = (provider: string, model: string | null) => AttemptSpan
