import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Chat } from '../../chat/chat.ts'
import { type Conversations, shownMessage, shownSession } from '../../chat/conversations.ts'
import { badField } from '../../errors.ts'
import { ANONYMOUS_ID } from '../../identity/identity.ts'
import type { Sharing } from '../../identity/sharing.ts'
import { say } from '../../language/sentence.ts'
import { cursorOf } from '../../protocol/page.ts'
import type { Turns } from '../../turn/turns.ts'
import { shareRoute } from '../identity/share.ts'
import { limitOf, nextOf, PageQuery } from '../page-query.ts'
import { problemResponses } from '../problem-schema.ts'
import { SessionId } from './message-routes.ts'

export interface ChatSessionRoutesOptions {
  sharing: Sharing
  chat: Chat
  conversations: Conversations
  turns: Turns
}

const tags = ['chat']
const Params = Type.Object({ id: SessionId })

/** Serves conversations: list, create, read, remove and share. */
export const chatSessionRoutes: FastifyPluginAsyncTypebox<ChatSessionRoutesOptions> = async (
  app,
  options,
) => {
  const { sharing, chat, conversations, turns } = options

  app.get(
    '/api/v1/chat/sessions',
    {
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: 'My conversations and those shared with me, newest first; nobody else’s without a token',
        querystring: Type.Object({
          ...PageQuery,
          q: Type.Optional(
            Type.String({
              maxLength: 200,
              description:
                'those alone whose title, or one of whose messages, has all these words, whatever their case and accents; each then has an `excerpt` of that message, or null',
            }),
          ),
        }),
      },
    },
    async ({ identity, query }) => {
      // Callers without a name do not see the conversations of others without one.
      if (identity.id === ANONYMOUS_ID) return { items: [], next: null }
      const limit = limitOf(query)
      const owner = identity.role === 'admin' ? null : identity.id
      const { q: text = '', after = null } = query
      const found =
        text.trim() === ''
          ? await conversations.list(owner, limit, after)
          : await conversations.search({ owner, text, limit, after })
      return {
        items: found.map(shownSession),
        next: nextOf(found, limit, ({ created_at, id }) => cursorOf(created_at, id)),
      }
    },
  )

  app.post(
    '/api/v1/chat/sessions',
    {
      config: { access: 'anonymous' },
      // The body is optional.
      preValidation: async (request) => {
        request.body ??= {}
      },
      schema: {
        tags,
        summary: 'Makes a conversation',
        body: Type.Object({ session_id: Type.Optional(SessionId) }),
        response: {
          201: Type.Object({ session_id: Type.String() }),
          ...problemResponses(400, 401, 403, 404),
        },
      },
    },
    async (request, reply) => {
      const session_id = request.body.session_id ?? randomUUID()
      await chat.enter(request.actor(), session_id)
      return reply.code(201).header('location', `/api/v1/chat/sessions/${session_id}`).send({ session_id })
    },
  )

  app.get(
    '/api/v1/chat/sessions/:id',
    { config: { access: 'anonymous' }, schema: { tags, summary: 'One conversation', params: Params } },
    async ({ identity, params: { id } }) => {
      const session = await conversations.require(identity, id)
      const running = await turns.running(session.channel)
      return {
        ...shownSession(session),
        active_streams: running.map((stream) => stream.id),
      }
    },
  )

  app.get(
    '/api/v1/chat/sessions/:id/messages',
    {
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: 'What was said, oldest first; the newest page unless `before` names a message',
        params: Params,
        querystring: Type.Object({
          before: Type.Optional(Type.String({ maxLength: 64 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
        }),
      },
    },
    async ({ identity, params: { id }, query }) => {
      const session = await conversations.require(identity, id)
      const limit = query.limit ?? 50
      const messages = await conversations.messages(session, limit, query.before ?? null)
      if (!messages) throw badField('?before', say('field.no_message'))
      return {
        items: messages.map(shownMessage),
        next: messages.length === limit ? (messages[0]?.id ?? null) : null,
      }
    },
  )

  app.delete(
    '/api/v1/chat/sessions/:id',
    {
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary:
          'Removes a conversation of mine; what is being said in it is cancelled, and its viewers are sent away',
        params: Params,
      },
    },
    async (request, reply) => {
      await chat.remove(request.actor(), request.params.id)
      return reply.code(204).send()
    },
  )

  await app.register(shareRoute, {
    sharing,
    tags,
    params: Params,
    path: '/api/v1/chat/sessions/:id/share',
    type: 'chat',
    idName: 'session_id',
  })
}
