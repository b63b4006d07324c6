import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Means } from '../chat/answer.ts'
import { Problem } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'
import type { ChatRequest } from '../llm/provider.ts'
import type { EventStreamSettings } from '../transport/sse.ts'
import { relay } from '../turn/relay.ts'
import type { Answered, Telling } from '../turn/turn.ts'
import type { Turns } from '../turn/turns.ts'
import { checkBudget } from '../turn/usage.ts'
import { directVocabulary } from '../vocabulary/direct.ts'
import type { TurnFeedOptions } from './turn-feed.ts'
import { startServed } from './turn-start.ts'

export interface DirectRoutesOptions {
  turns: Turns
  meansFor(identity: Identity): Means
  feed: TurnFeedOptions
  streaming: EventStreamSettings
  /** Tokens of a user and day; 0 sets no limit. */
  maxTokensPerDay: number
}

const endpoint = '/api/v1/chat/direct/:provider/stream'
const MAX_MESSAGES = 1000

const Body = Type.Object({
  messages: Type.Array(
    Type.Object({
      role: Type.Enum(['system', 'user', 'assistant']),
      content: Type.String({ minLength: 1, pattern: '\\S' }),
    }),
    { minItems: 1, maxItems: MAX_MESSAGES },
  ),
  model: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: "the provider's name of it" }),
  ),
  temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 2 })),
  max_tokens: Type.Optional(Type.Integer({ minimum: 1 })),
  stream: Type.Optional(Type.Literal(true, { description: 'this path streams' })),
})

/** Passes the messages on to the one provider, and its answer back. */
const passing =
  ({ router, local, observer = {} }: Means, request: ChatRequest & { provider: string }) =>
  async (turn: Telling): Promise<Answered> => {
    const { provider, model, finishReason, cached } = await relay(
      turn,
      router.stream({ ...request, mayReset: false }, { extra: [local], signal: turn.signal }),
      { observer },
    )
    return { provider, model, finishReason, cached }
  }

/** Document 004: one provider as it is, without agents and without the service's own data. */
export const directRoutes: FastifyPluginAsyncTypebox<DirectRoutesOptions> = async (app, options) => {
  const { turns, meansFor, feed, streaming, maxTokensPerDay } = options

  app.post(
    endpoint,
    {
      config: { access: 'anonymous' },
      schema: {
        tags: ['chat'],
        summary: 'Asks one provider; the answer streams as token, usage and done',
        produces: ['text/event-stream'],
        params: Type.Object({ provider: Type.String({ minLength: 1, maxLength: 100 }) }),
        body: Body,
      },
    },
    async (request, reply) => {
      const { identity, body } = request
      const { provider } = request.params
      const means = meansFor(identity)
      if (!means.router.has(provider)) throw new Problem('NOT_FOUND', 'There is no such provider')
      const { messages, model, temperature, max_tokens: maxTokens = means.maxTokens } = body
      const start = async () => {
        await checkBudget(feed.store, identity.id, maxTokensPerDay)
        return request.audited((record) =>
          turns.start({
            kind: 'completion',
            owner: identity.id,
            onDisconnect: 'cancel',
            insert: (trx, stream) =>
              record(trx, 'chat.started', {
                resource_type: 'stream',
                resource_id: stream.id,
                details: { provider },
              }),
            answer: passing(means, {
              messages: messages as ChatRequest['messages'],
              provider,
              model,
              temperature,
              maxTokens,
            }),
          }),
        )
      }
      return startServed(request, reply, start, {
        feed,
        streaming,
        endpoint,
        resumable: false,
        spoken: { vocabulary: directVocabulary() },
      })
    },
  )
}
