import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { AnswerContext } from '../../chat/agent-answer.ts'
import { askAgents } from '../../chat/agent-completion.ts'
import { within } from '../../deadline.ts'
import type { Identity } from '../../identity/identity.ts'
import type { Language } from '../../language/language.ts'
import type { Router } from '../../llm/router.ts'
import type { TurnEventOf } from '../../protocol/turn-event.ts'
import { collecting } from '../../turn/collected.ts'
import { askProvider, type StartCompletion } from '../../turn/completion.ts'
import { CHAT_INTERFACES, mayRestart } from '../../vocabulary/interfaces.ts'
import { completionOf } from '../../vocabulary/openai.ts'
import { countingFailure } from '../counted-failure.ts'
import {
  cancelWhenLeft,
  clientGone,
  present,
  requirePlace,
  type ShowingOptions,
  serveTurn,
} from '../turn-stream.ts'
import { CompletionBody, chatRequestOf } from './completion-request.ts'
import { modelTarget } from './model-list-routes.ts'

/** Options of the interfaces for single answers, which belong to no conversation. */
export interface CompletionRoutesOptions extends ShowingOptions {
  router: Router
  /** Returns the context of a caller's answers. */
  answerContextFor(identity: Identity, language: Language): AnswerContext
  startCompletion: StartCompletion
}

type Ended = Pick<TurnEventOf<'complete'>, 'finish_reason' | 'usage'>

const { completion: streamed, wholeCompletion } = CHAT_INTERFACES
/** Largest body in bytes: prompts are long, and clients send the whole conversation with every request. */
const MAX_BODY_BYTES = 4 * 1_048_576

const tags = ['openai']

/**
 * Waits for the first piece of the answer, but at most `silenceMs`: proxies cut silent connections, so the
 * event-stream begins then, with its heartbeat, and a failure becomes one of its events.
 * @throws {Problem} that of `piece`, when it rejects before
 */
const pieceOrSilence = (piece: Promise<void>, silenceMs: number): Promise<void> =>
  within(piece, silenceMs, () => undefined)

/**
 * Serves chat completions, whole or streamed; an access token is the API key.
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export const completionRoutes: FastifyPluginAsyncTypebox<CompletionRoutesOptions> = async (app, options) => {
  const { router, answerContextFor, startCompletion, feed, streaming } = options

  app.post(
    '/chat/completions',
    {
      bodyLimit: MAX_BODY_BYTES,
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: 'A completion, whole or streamed',
        produces: ['application/json', 'text/event-stream'],
        body: CompletionBody,
      },
    },
    async (request, reply) => {
      const { body, identity } = request
      const { model: name } = body
      const { provider, model } = modelTarget(router, name)
      const asked = chatRequestOf(body)
      const isStreamed = body.stream === true
      const mayReset = mayRestart(isStreamed ? streamed : wholeCompletion)
      const context = answerContextFor(identity, request.language)
      const answering =
        provider === undefined
          ? askAgents(context, asked, mayReset)
          : askProvider(context, { ...asked, provider, model, mayReset }, true)
      const whole = isStreamed ? undefined : collecting(answering)
      if (isStreamed) requirePlace(request, streaming)
      const turn = await startCompletion(request.actor(), { model: name }, whole?.answer ?? answering)
      countingFailure(request, turn)
      cancelWhenLeft(reply, feed.streams, turn)
      const { id: streamId, started_at } = turn.stream
      const head = { streamId, model: name, created: Math.floor(started_at / 1000) }
      const gone = clientGone(reply)
      if (whole) {
        reply.header('x-stream-id', streamId)
        const { content, ...complete } = await feed.turns.wholeAnswer(turn, gone)
        return completionOf(head, { content, ...whole.collected(), complete: complete as Ended })
      }
      await pieceOrSilence(feed.turns.firstPiece(turn, gone), streaming.keepaliveSeconds * 1000)
      const includeUsage = body.stream_options?.include_usage === true
      return serveTurn(request, reply, turn, present(streamed, { ...head, includeUsage }), options)
    },
  )
}
