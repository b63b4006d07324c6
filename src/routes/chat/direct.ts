import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Problem } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import type { ChatRequest } from '../../llm/provider.ts'
import { directVocabulary } from '../../vocabulary/direct.ts'
import { Name } from '../documents/text.ts'
import { askProvider, type CompletionOptions, startCompletion } from '../openai/completion-turn.ts'
import { startServed } from '../turn-start.ts'

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
  model: Type.Optional({ ...Name, description: "the provider's name of it" }),
  temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 2 })),
  max_tokens: Type.Optional(Type.Integer({ minimum: 1 })),
  stream: Type.Optional(Type.Literal(true, { description: 'this path streams' })),
})

/** Document 004: one provider as it is, without agents and without the service's own data. */
export const directRoutes: FastifyPluginAsyncTypebox<CompletionOptions> = async (app, options) => {
  const { meansFor, feed, streaming } = options

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
      if (!means.router.has(provider))
        throw new Problem('NOT_FOUND', say('thing.no_such', { thing: 'provider' }))
      const { messages, model, temperature, max_tokens: maxTokens = means.maxTokens } = body
      const start = () =>
        startCompletion(
          request,
          options,
          { provider },
          askProvider(means, {
            messages: messages as ChatRequest['messages'],
            provider,
            model,
            temperature,
            maxTokens,
          }),
        )
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
