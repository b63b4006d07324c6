import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { ChatMessageInput } from '../../chat/chat.ts'
import { CHAT_INTERFACES, mayRestart } from '../../vocabulary/interfaces.ts'
import { contextText, type MessageOptions, OnDisconnect, SessionId } from '../chat/message-routes.ts'
import { MessageText } from '../text.ts'
import { present, startServed } from '../turn-stream.ts'

const { streamChat } = CHAT_INTERFACES

/** Serves document 002: a conversation's answer in `start`, `chunk`, `end` and `error`. */
export const streamChatRoutes: FastifyPluginAsyncTypebox<MessageOptions> = async (app, options) => {
  const { chat } = options
  app.post(
    streamChat.endpoint,
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
      const mayReset = mayRestart(streamChat)
      const start = () => chat.say(request.actor(), { message, sessionId, context, onDisconnect, mayReset })
      return startServed(request, reply, start, present(streamChat, { conversationId: sessionId }), options)
    },
  )
}
