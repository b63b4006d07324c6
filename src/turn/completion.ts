import type { Actor } from '../identity/actor.ts'
import type { ChatRequest, Provider } from '../llm/provider.ts'
import type { Router } from '../llm/router.ts'
import type { Store } from '../store/database.ts'
import { type LlmObserver, relay } from './relay.ts'
import { recordStart } from './start-event.ts'
import type { Turn, TurnRequest } from './turn.ts'
import type { Turns } from './turns.ts'
import { checkBudget } from './usage.ts'

/** The providers that answer one caller. */
export interface Providers {
  router: Router
  /** Answers from the service's data, within what this caller may see. */
  local: Provider
  observer?: LlmObserver | undefined
}

/**
 * Makes an answer by passing a request on to the provider that it names, or to those of the router.
 * @param callsTools whether the client runs the tools itself, and gets the calls piece by piece
 */
export const askProvider =
  (
    { router, local, observer = {} }: Providers,
    request: ChatRequest & { provider?: string | undefined; mayReset: boolean },
    callsTools = false,
  ): TurnRequest['answer'] =>
  async (turn) => {
    const { provider, model, finishReason, cached } = await relay(
      turn,
      (taking) => router.answer(request, { extra: [local], ...taking }),
      { observer, forwardTools: callsTools },
    )
    return { provider, model, finishReason, cached }
  }

export interface CompletionOptions {
  store: Store
  turns: Turns
  /** Tokens that a user may use in a day; 0 sets no limit. */
  maxTokensPerDay: number
}

/**
 * Starts an answer that belongs to no conversation; it is cancelled when it has no reader.
 * @param details of the event in the audit log
 * @throws {Problem} `BUDGET_EXCEEDED`, `TOO_MANY_STREAMS`, `DRAINING`
 */
export type StartCompletion = (
  actor: Actor,
  details: Record<string, unknown>,
  answer: TurnRequest['answer'],
) => Promise<Turn>

/** Makes the use case that starts completions. */
export const completions =
  ({ store, turns, maxTokensPerDay }: CompletionOptions): StartCompletion =>
  async ({ identity, audit, language }, details, answer) => {
    await checkBudget(store, identity.id, maxTokensPerDay)
    return audit.change(
      (record) =>
        turns.start({
          kind: 'completion',
          owner: identity.id,
          language,
          onDisconnect: 'cancel',
          insert: recordStart(record, 'chat.started', details),
          answer,
        }),
      false,
    )
  }
