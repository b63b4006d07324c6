import type { FastifyRequest } from 'fastify'
import type { AnswerContext } from '../../chat/answer.ts'
import type { Identity } from '../../identity/identity.ts'
import type { ChatRequest } from '../../llm/provider.ts'
import { relay } from '../../turn/relay.ts'
import type { Turn, TurnRequest } from '../../turn/turn.ts'
import type { Turns } from '../../turn/turns.ts'
import { checkBudget } from '../../turn/usage.ts'
import { recordStart } from '../chat/saying.ts'
import { countingFailure } from '../failure.ts'
import type { ShowingOptions } from '../turn-start.ts'

/** What the interfaces of single answers, which are part of no conversation, are handed. */
export interface CompletionOptions extends ShowingOptions {
  turns: Turns
  meansFor(identity: Identity): AnswerContext
  /** Tokens of a user and day; 0 sets no limit. */
  maxTokensPerDay: number
}

/**
 * Passes a request on to one provider as it is, and its answer back.
 * @param tellTools the tools that it calls are the asker's
 */
export const askProvider =
  (
    { router, local, observer = {} }: AnswerContext,
    request: ChatRequest & { provider: string },
    tellTools = false,
  ): TurnRequest['answer'] =>
  async (turn) => {
    const { provider, model, finishReason, cached } = await relay(
      turn,
      (taking) => router.answer({ ...request, mayReset: false }, { extra: [local], ...taking }),
      { observer, tellTools },
    )
    return { provider, model, finishReason, cached }
  }

/**
 * Starts an answer for the caller, with its event in the audit log.
 * @param details of that event
 * @throws {Problem} `BUDGET_EXCEEDED`, `TOO_MANY_STREAMS`, `DRAINING`
 */
export const startCompletion = async (
  request: FastifyRequest,
  { turns, feed, maxTokensPerDay }: CompletionOptions,
  details: Record<string, unknown>,
  answer: TurnRequest['answer'],
): Promise<Turn> => {
  const owner = request.identity.id
  await checkBudget(feed.store, owner, maxTokensPerDay)
  const turn = await request.audited((record) =>
    turns.start({
      kind: 'completion',
      owner,
      onDisconnect: 'cancel',
      insert: recordStart(record, 'chat.started', details),
      answer,
    }),
  )
  return countingFailure(request, turn)
}
