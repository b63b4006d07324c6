import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { ChatMessageInput } from '../../chat/chat.ts'
import type { Router } from '../../llm/router.ts'
import type { CancelStream } from '../../stream/cancellation.ts'
import { CHAT_INTERFACES, mayRestart } from '../../vocabulary/interfaces.ts'
import { cancelRoute } from '../channels/cancel.ts'
import { type MessageOptions, OnDisconnect, SessionId } from '../chat/message-routes.ts'
import { problemResponses } from '../problem-schema.ts'
import { KEPT, MessageText, Name } from '../text.ts'
import { present, resumedStream, serveStream, startServed } from '../turn-stream.ts'

export interface StreamApiRoutesOptions extends MessageOptions {
  cancelStream: CancelStream
  router: Router
}

const tags = ['stream']
const { streamApiChat } = CHAT_INTERFACES

/** Query parameters of every `GET` of this interface. */
export const streamQuery = {
  agent: Type.Optional(Name),
  session_id: Type.Optional(SessionId),
  on_disconnect: Type.Optional(OnDisconnect),
  named: Type.Optional(
    Type.Enum(['0', '1'], { description: '0: without event: lines, for clients that listen to onmessage' }),
  ),
  last_event_id: Type.Optional(Type.String({ maxLength: 200 })),
}

/**
 * Reads the parameter `?model=`: `provider/model`, the name of a provider, or that of a model, at the provider that
 * is configured with it, else at the first one.
 */
const askedModel = (
  router: Router,
  { model, provider }: { model?: string | undefined; provider?: string | undefined },
): { provider?: string | undefined; model?: string | undefined } => {
  if (model === undefined || provider !== undefined) return { provider, model }
  const slash = model.indexOf('/')
  const named = slash < 0 ? model : model.slice(0, slash)
  if (router.has(named))
    return { provider: named, model: (slash < 0 ? '' : model.slice(slash + 1)) || undefined }
  return { provider: router.states().find((state) => state.model === model)?.name, model }
}

/** Serves document 000: a chat over a `GET`, and the state of the caller's streams. */
export const streamApiRoutes: FastifyPluginAsyncTypebox<StreamApiRoutesOptions> = async (app, options) => {
  const { chat, router, cancelStream, feed } = options
  const { turns, streams } = feed

  app.get(
    streamApiChat.endpoint,
    {
      exposeHeadRoute: false,
      config: { access: 'anonymous', capability: 'start', eventStream: true },
      schema: {
        tags,
        summary: 'Says something; the answer streams as start, token and response_complete',
        description:
          'With a Last-Event-ID it goes on with the stream that the same request started; 204 once that has ended.',
        produces: ['text/event-stream'],
        querystring: Type.Object({
          message: MessageText,
          model: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 300,
              pattern: KEPT,
              description: "provider/model, a provider's or a model's name",
            }),
          ),
          provider: Type.Optional(Name),
          ...streamQuery,
        }),
      },
    },
    async (request, reply) => {
      const {
        message,
        agent: agentId,
        session_id: sessionId = randomUUID(),
        named,
        on_disconnect,
      } = request.query
      const shown = present(streamApiChat, { named: named !== '0', ends: 'response_complete' })
      const resumed = await resumedStream(request, streams, 'chat', (found) => turns.asked(found, message))
      if (resumed) return serveStream(request, reply, resumed, shown, options)
      const asked = askedModel(router, request.query)
      chat.checkNames({ agentId, provider: asked.provider }, { agentId: '?agent', provider: '?provider' })
      const start = () =>
        chat.say(request.actor(), {
          message,
          sessionId,
          agentId,
          ...asked,
          onDisconnect: on_disconnect as ChatMessageInput['onDisconnect'],
          mayReset: mayRestart(streamApiChat),
          about: { agent: agentId ?? null, model: request.query.model ?? null },
        })
      return startServed(request, reply, start, shown, options)
    },
  )

  await app.register(cancelRoute, {
    cancelStream,
    tags,
    path: '/api/stream/cancel/:streamId',
    idName: 'streamId',
  })

  const Figure = (description: string) => Type.Integer({ minimum: 0, description })
  app.get(
    '/api/stream/status',
    {
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: 'My streams of chat, prompts, completions and actions in figures; for an administrator all',
        response: {
          200: Type.Object({
            active_streams: Figure('running now, on any instance'),
            total_streams: Figure('started ever'),
            avg_duration: Figure('milliseconds, of those that have ended'),
            total_tokens: Figure('of language models, prompts included'),
            errors: Figure('ended as failed'),
          }),
          ...problemResponses(401),
        },
      },
    },
    async ({ identity }) => {
      const found = await turns.statistics(identity.role === 'admin' ? null : identity.id)
      return {
        active_streams: found.active,
        total_streams: found.total,
        avg_duration: found.averageMs,
        total_tokens: found.tokens,
        errors: found.failed,
      }
    },
  )
}
