import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Chat } from '../chat/chat.ts'
import type { EventStreamSettings } from '../transport/sse.ts'
import { streamChatVocabulary } from '../vocabulary/stream-chat.ts'
import { MessageText, SessionId } from './chat.ts'
import { contextText } from './context.ts'
import type { TurnFeedOptions } from './turn-feed.ts'
import { startServed } from './turn-start.ts'

export interface StreamChatRoutesOptions {
  chat: Chat
  feed: TurnFeedOptions
  streaming: EventStreamSettings
}

const endpoint = '/stream/chat'

/** Document 002: a conversation's answer in `start`, `chunk`, `end` and `error`. */
export const streamChatRoutes: FastifyPluginAsyncTypebox<StreamChatRoutesOptions> = async (
  app,
  { chat, feed, streaming },
) => {
  app.post(
    endpoint,
    {
      config: { access: 'anonymous' },
      schema: {
        tags: ['chat'],
        summary: 'Says something in a conversation; the answer streams as start, chunk and end',
        produces: ['text/event-stream'],
        body: Type.Object({
          message: MessageText,
          conversation_id: Type.Optional(SessionId),
          metadata: Type.Optional(
            Type.Record(Type.String(), Type.Unknown(), {
              description: 'told to the model as words of the user, unless it is empty',
            }),
          ),
        }),
      },
    },
    async (request, reply) => {
      const { message, conversation_id: sessionId = randomUUID(), metadata = {} } = request.body
      const context = contextText('/metadata', metadata)
      const start = () =>
        request.audited((record) =>
          chat.say(request.identity, { message, sessionId, context, mayReset: false }, (trx, stream) =>
            record(trx, 'chat.started', {
              resource_type: 'stream',
              resource_id: stream.id,
              details: { session_id: sessionId },
            }),
          ),
        )
      return startServed(request, reply, start, {
        feed,
        streaming,
        endpoint,
        spoken: { vocabulary: streamChatVocabulary({ conversationId: sessionId }) },
      })
    },
  )
}
