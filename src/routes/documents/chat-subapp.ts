import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { turnFeed } from '../../feed/turn.ts'
import { serveText } from '../../transport/raw-text.ts'
import { chatSubappVocabulary } from '../../vocabulary/chat-subapp.ts'
import { type SayingOptions, SessionId, say } from '../chat/saying.ts'
import { problemResponses } from '../problem-schema.ts'
import { requirePlace } from '../turn-start.ts'
import { cancelWhenLeft, problemOf } from '../turn-stream.ts'
import { viewerOf } from '../viewer.ts'
import { MessageText } from './text.ts'

const endpoint = '/api/chat/stream'

/** Document 001: the answer as bare text. */
export const chatSubappRoutes: FastifyPluginAsyncTypebox<SayingOptions> = async (
  app,
  { chat, feed, streaming },
) => {
  app.post(
    endpoint,
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
      requirePlace(request, streaming)
      const turn = await say(request, chat, { message, sessionId, onDisconnect: 'cancel', mayReset: false })
      cancelWhenLeft(reply, feed.streams, turn)
      await turn.began
      return serveText(request, reply, {
        ...streaming,
        feed: turnFeed(feed, turn.stream, { vocabulary: chatSubappVocabulary(), wordless: true }),
        viewer: viewerOf(request.identity, request),
        endpoint,
        streamId: turn.stream.id,
        problemOf: (data) => problemOf(JSON.parse(data)),
      })
    },
  )
}
