import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { CHAT_INTERFACES, mayRestart } from '../../vocabulary/interfaces.ts'
import { type MessageOptions, SessionId } from '../chat/message-routes.ts'
import { problemResponses } from '../problem-schema.ts'
import { MessageText } from '../text.ts'
import { present, startServed } from '../turn-stream.ts'

const { chatSubapp } = CHAT_INTERFACES

/** Serves document 001: the answer as bare text. */
export const chatSubappRoutes: FastifyPluginAsyncTypebox<MessageOptions> = async (app, options) => {
  const { chat } = options
  app.post(
    chatSubapp.endpoint,
    {
      config: { access: 'anonymous' },
      schema: {
        tags: ['chat'],
        summary: 'Says something; the answer streams as bare text',
        description:
          'What fails before the first character has its own status; after it the connection is broken off.',
        produces: ['text/plain'],
        body: Type.Object({ chatSessionId: SessionId, content: MessageText }),
        response: problemResponses(400, 401, 403, 404, 422, 429, 502, 503, 504),
      },
    },
    async (request, reply) => {
      const { chatSessionId: sessionId, content: message } = request.body
      const mayReset = mayRestart(chatSubapp)
      const start = () => chat.say(request.actor(), { message, sessionId, onDisconnect: 'cancel', mayReset })
      return startServed(request, reply, start, present(chatSubapp, undefined), options)
    },
  )
}
