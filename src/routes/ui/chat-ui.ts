import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import { type ChatMessageInput, checkMessage } from '../../chat/chat.ts'
import type { Conversations } from '../../chat/conversations.ts'
import { badField } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import { CHAT_INTERFACES, mayRestart } from '../../vocabulary/interfaces.ts'
import { UI_MESSAGE_STREAM_HEADER } from '../../vocabulary/ui-message-stream.ts'
import { type MessageOptions, OnDisconnect, SessionId } from '../chat/message-routes.ts'
import { countingFailure } from '../counted-failure.ts'
import { Name } from '../text.ts'
import { present, requirePlace, serveStream, serveTurn } from '../turn-stream.ts'

export interface ChatUiRoutesOptions extends MessageOptions {
  conversations: Conversations
}

const tags = ['chat']
const { chatUi } = CHAT_INTERFACES

/** Largest body in bytes: clients send the whole conversation with every message. */
const MAX_BODY_BYTES = 4 * 1_048_576

const UiMessage = Type.Object({
  id: Type.Optional(Type.String()),
  role: Type.Enum(['system', 'user', 'assistant']),
  parts: Type.Array(Type.Object({ type: Type.String(), text: Type.Optional(Type.String()) })),
})

/** The body that `DefaultChatTransport` of `ai` sends, with the fields that its `body` option may add. */
const Body = Type.Object({
  id: SessionId,
  messages: Type.Array(UiMessage, {
    minItems: 1,
    description: 'the last one is what is said; the others are taken from the conversation as it is kept',
  }),
  trigger: Type.Optional(
    Type.Enum(['submit-message', 'regenerate-message'], {
      description:
        'regenerate-message replaces the answer that messageId names (of a user message: the answer after it; without one: the last) and all that followed, once the new answer is whole',
    }),
  ),
  messageId: Type.Optional(
    Type.String({
      description:
        'id of a message of the conversation; with submit-message, of the user message that is replaced, with all that followed',
    }),
  ),
  agent_id: Type.Optional(Name),
  model: Type.Optional(Name),
  provider: Type.Optional(Name),
  on_disconnect: Type.Optional(OnDisconnect),
})

/** Characters that an id of a message may have: no control characters, no halves of surrogate pairs. */
const MESSAGE_ID = /^[^\p{Cc}\p{Cs}]{1,200}$/u

/**
 * Returns the user's last message: its text and the id that the client gave it.
 * @throws {Problem} `VALIDATION_FAILED` naming the field
 */
const messageIn = (
  messages: Static<typeof Body>['messages'],
): Pick<ChatMessageInput, 'message' | 'messageId'> => {
  const at = messages.length - 1
  const { id, role, parts } = messages[at] as Static<typeof UiMessage>
  if (role !== 'user') throw badField(`/messages/${at}/role`, say('field.user_last'))
  const file = parts.findIndex(({ type }) => type === 'file')
  if (file >= 0) throw badField(`/messages/${at}/parts/${file}`, say('field.text_only', { type: 'file' }))
  const text = parts.map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join('')
  checkMessage(text, `/messages/${at}/parts`)
  if (id === undefined) return { message: text }
  const field = `/messages/${at}/id`
  if (!MESSAGE_ID.test(id)) throw badField(field, say('field.message_id'))
  return { message: text, messageId: { id, field } }
}

/** Returns what the message replaces in the conversation. */
const replacingIn = ({ trigger, messageId }: Static<typeof Body>): ChatMessageInput['replacing'] => {
  if (trigger === 'regenerate-message') return { kind: 'regenerate', messageId }
  return messageId === undefined ? undefined : { kind: 'edit', messageId }
}

/**
 * Serves conversations to the AI SDK's `useChat`: its chat is the session with the same id. A reloaded page finds
 * the answer under way and reads it from its beginning.
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/chatbot-resume-streams
 */
export const chatUiRoutes: FastifyPluginAsyncTypebox<ChatUiRoutesOptions> = async (app, options) => {
  const { chat, conversations, feed, streaming } = options

  app.post(
    chatUi.endpoint,
    {
      bodyLimit: MAX_BODY_BYTES,
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: "Says something; the answer is the AI SDK's UI message stream",
        produces: ['text/event-stream'],
        body: Body,
      },
    },
    async (request, reply) => {
      const { id: sessionId, messages, agent_id: agentId, model, provider } = request.body
      const said = messageIn(messages)
      chat.checkNames({ agentId, provider })
      requirePlace(request, streaming)
      const turn = await chat.say(request.actor(), {
        ...said,
        sessionId,
        agentId,
        provider,
        model,
        replacing: replacingIn(request.body),
        onDisconnect: request.body.on_disconnect as ChatMessageInput['onDisconnect'],
        mayReset: mayRestart(chatUi),
      })
      countingFailure(request, turn)
      reply.header(...UI_MESSAGE_STREAM_HEADER)
      return serveTurn(request, reply, turn, present(chatUi, {}), options)
    },
  )

  app.get(
    chatUi.resumedAt,
    {
      exposeHeadRoute: false,
      config: { access: 'anonymous', eventStream: true },
      schema: {
        tags,
        summary: 'The answer under way, from its beginning; 204 when there is none',
        produces: ['text/event-stream'],
        params: Type.Object({ chatId: SessionId }),
        response: { 204: Type.Null({ description: 'there is none' }) },
      },
    },
    async (request, reply) => {
      const id = request.params.chatId
      const session = await conversations.find(request.identity, id)
      // A page asks for its chat before it has any message.
      if (!session) return reply.code(204).send(null)
      const running = (await feed.turns.running(session.channel)).at(-1)
      if (!running) return reply.code(204).send(null)
      reply.header(...UI_MESSAGE_STREAM_HEADER)
      return serveStream(request, reply, running, present(chatUi, {}), options, chatUi.resumedAt)
    },
  )
}
