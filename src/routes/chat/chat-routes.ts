import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { ChatMessageInput } from '../../chat/chat.ts'
import { existing } from '../../errors.ts'
import type { AccessControl } from '../../identity/access.ts'
import { AGENTS } from '../../intent/roster.ts'
import type { Router } from '../../llm/router.ts'
import type { Turn } from '../../turn/turn.ts'
import { CHAT_INTERFACES, type ChatInterface, mayRestart } from '../../vocabulary/interfaces.ts'
import { countingFailure } from '../counted-failure.ts'
import { problemResponses } from '../problem-schema.ts'
import { MessageText, Name } from '../text.ts'
import { clientGone, present, requirePlace, serveStream, serveTurn } from '../turn-stream.ts'
import {
  contextText,
  MAX_CONTEXT_CHARS,
  type MessageOptions,
  OnDisconnect,
  SessionId,
} from './message-routes.ts'

export interface ChatRoutesOptions extends MessageOptions {
  access: AccessControl
  router: Router
}

const tags = ['chat']
const { chat: streamed, chatMessage } = CHAT_INTERFACES

const Body = Type.Object({
  message: MessageText,
  session_id: Type.Optional(SessionId),
  agent_id: Type.Optional(Name),
  context: Type.Optional(
    Type.Union([Type.String({ maxLength: MAX_CONTEXT_CHARS }), Type.Record(Type.String(), Type.Unknown())], {
      description: 'told to the model as words of the user',
    }),
  ),
  model: Type.Optional(Name),
  provider: Type.Optional(Name),
  on_disconnect: Type.Optional(OnDisconnect),
})

/** Serves messages of conversations: answers streamed, resumed or whole, and the agents and providers. */
export const chatRoutes: FastifyPluginAsyncTypebox<ChatRoutesOptions> = async (app, options) => {
  const { chat, access, router, feed, streaming } = options

  const ask = async (
    request: FastifyRequest,
    body: Static<typeof Body>,
    through: ChatInterface,
  ): Promise<Turn> => {
    const {
      message,
      session_id: sessionId = randomUUID(),
      agent_id: agentId,
      provider,
      model,
      context,
    } = body
    chat.checkNames({ agentId, provider })
    const turn = await chat.say(request.actor(), {
      message,
      sessionId,
      agentId,
      provider,
      model,
      context: typeof context === 'object' ? contextText('/context', context) : context,
      onDisconnect: body.on_disconnect as ChatMessageInput['onDisconnect'],
      mayReset: mayRestart(through),
    })
    return countingFailure(request, turn)
  }

  app.post(
    streamed.endpoint,
    {
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: 'Says something; the answer streams',
        produces: ['text/event-stream'],
        body: Body,
      },
    },
    async (request, reply) => {
      requirePlace(request, streaming)
      const turn = await ask(request, request.body, streamed)
      return serveTurn(request, reply, turn, present(streamed, undefined), options)
    },
  )

  app.get(
    streamed.resumedAt,
    {
      exposeHeadRoute: false,
      config: { access: 'anonymous', eventStream: true },
      schema: {
        tags,
        summary: 'Goes on with a stream, from Last-Event-ID or from its beginning',
        produces: ['text/event-stream'],
        params: Type.Object({ stream_id: Type.String({ minLength: 1, maxLength: 64 }) }),
        querystring: Type.Object({ last_event_id: Type.Optional(Type.String()) }),
      },
    },
    async (request, reply) => {
      const { stream_id: id } = request.params
      await access.require(request.identity, { type: 'stream', id }, 'shared')
      const stream = existing(await feed.streams.get(id), 'stream')
      return serveStream(request, reply, stream, present(streamed, undefined), options, streamed.resumedAt)
    },
  )

  app.post(
    chatMessage.endpoint,
    {
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: 'Says something; the whole answer at once',
        body: Body,
        response: {
          200: Type.Object({ content: Type.String() }, { additionalProperties: true }),
          ...problemResponses(400, 401, 403, 404, 422, 429, 502, 503, 504),
        },
      },
    },
    async (request, reply) => {
      const turn = await ask(request, request.body, chatMessage)
      reply.header('x-stream-id', turn.stream.id)
      const { type: _, ...answered } = await feed.turns.wholeAnswer(turn, clientGone(reply))
      return answered as never
    },
  )

  app.get(
    '/api/v1/agents',
    {
      config: { access: 'anonymous' },
      schema: { tags, summary: 'Who answers what' },
    },
    async () => ({
      items: AGENTS.map(({ id, name, purpose, intents }) => ({ id, name, purpose, intents })),
      next: null,
    }),
  )

  app.get(
    '/api/v1/providers',
    {
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: 'Configured providers in the order in which they are asked, and how they do',
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                name: Type.String(),
                configured: Type.Boolean(),
                state: Type.Enum(['closed', 'open', 'half_open']),
                model: Type.Union([Type.String(), Type.Null()]),
                adapted: Type.Array(
                  Type.Object({
                    model: Type.Union([Type.String(), Type.Null()], {
                      description: 'null for every model of the provider',
                    }),
                    adaptations: Type.Array(Type.String(), {
                      description:
                        'what the model refused and is asked without, or otherwise: stream, roles, tools, temperature, top_p, stream_options, max_tokens',
                    }),
                  }),
                ),
              }),
            ),
          }),
        },
      },
    },
    async () => ({ items: router.states() }) as never,
  )
}
