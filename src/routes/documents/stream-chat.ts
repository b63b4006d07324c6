import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { ChatMessageInput } from '../../chat/chat.ts'
import { streamChatVocabulary } from '../../vocabulary/stream-chat.ts'
import { contextText, OnDisconnect, type SayingOptions, SessionId, say } from '../chat/saying.ts'
import { startServed } from '../turn-start.ts'
import { MessageText } from './text.ts'

const endpoint = '/stream/chat'

/** Document 002: a conversation's answer in `start`, `chunk`, `end` and `error`. */
export const streamChatRoutes: FastifyPluginAsyncTypebox<SayingOptions> = async (
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
          on_disconnect: Type.Optional(OnDisconnect),
        }),
      },
    },
    async (request, reply) => {
      const { message, conversation_id: sessionId = randomUUID(), metadata = {} } = request.body
      const context = contextText('/metadata', metadata)
      const onDisconnect = request.body.on_disconnect as ChatMessageInput['onDisconnect']
      const start = () => say(request, chat, { message, sessionId, context, onDisconnect, mayReset: false })
      return startServed(request, reply, start, {
        feed,
        streaming,
        endpoint,
        spoken: { vocabulary: streamChatVocabulary({ conversationId: sessionId }) },
      })
    },
  )
}
