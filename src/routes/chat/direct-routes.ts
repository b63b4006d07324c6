import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { badField, noSuch } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import type { ChatRequest } from '../../llm/provider.ts'
import { askProvider } from '../../turn/completion.ts'
import { CHAT_INTERFACES, mayRestart } from '../../vocabulary/interfaces.ts'
import type { CompletionRoutesOptions } from '../openai/completions.ts'
import { Name } from '../text.ts'
import { present, startServed } from '../turn-stream.ts'

const { direct } = CHAT_INTERFACES
const MAX_MESSAGES = 1000
const MAX_STOPS = 16
const Text = Type.String({ minLength: 1, maxLength: 1000 })

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
  top_p: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  stop: Type.Optional(
    Type.Union([Text, Type.Array(Text, { maxItems: MAX_STOPS })], {
      description: 'texts before which the answer stops',
    }),
  ),
  stream: Type.Optional(Type.Literal(true, { description: 'this path streams' })),
})

/** Fields of other interfaces that would change an answer and are not supported here. */
const REFUSED = [
  ...['tools', 'tool_choice', 'functions', 'function_call', 'response_format', 'n', 'seed', 'logprobs'],
  ...['max_completion_tokens', 'frequency_penalty', 'presence_penalty', 'logit_bias', 'top_k', 'system'],
]

/** Refuses fields that are not supported. @throws {Problem} `VALIDATION_FAILED` naming the field */
const refuseUnhonoured = (body: object): void => {
  const field = REFUSED.find((name) => Object.hasOwn(body, name))
  if (field !== undefined) throw badField(`/${field}`, say('field.unknown'))
}

/** Serves one provider as it is, without agents and without the service's own data, as document 004 defines. */
export const directRoutes: FastifyPluginAsyncTypebox<CompletionRoutesOptions> = async (app, options) => {
  const { answerContextFor, startCompletion } = options

  app.post(
    direct.endpoint,
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
      const context = answerContextFor(identity, request.language)
      if (!context.router.has(provider)) throw noSuch('provider')
      refuseUnhonoured(body)
      const { messages, model, temperature, max_tokens, top_p: topP, stop } = body
      const maxTokens = max_tokens ?? context.maxTokens
      const start = () =>
        startCompletion(
          request.actor(),
          { provider },
          askProvider(context, {
            messages: messages as ChatRequest['messages'],
            provider,
            model,
            temperature,
            maxTokens,
            topP,
            stop: typeof stop === 'string' ? [stop] : stop,
            mayReset: mayRestart(direct),
          }),
        )
      return startServed(request, reply, start, present(direct, undefined), options)
    },
  )
}
