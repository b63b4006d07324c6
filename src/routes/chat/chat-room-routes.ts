import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type ChatRooms, requireStart } from '../../chat/chat-rooms.ts'
import { channelName } from '../../chat/conversation-channel.ts'
import { type Identified, shownMessage } from '../../chat/conversations.ts'
import type { Typing } from '../../chat/typing.ts'
import { noSuch } from '../../errors.ts'
import type { FeedOf } from '../../feed/feeds.ts'
import type { Actor } from '../../identity/actor.ts'
import type { Identity } from '../../identity/identity.ts'
import type { ChatRoomFrame } from '../../protocol/chat-room-frame.ts'
import { ChatRoomCommands, checkCommand } from '../../protocol/command.ts'
import { CLOSE_CODES } from '../../protocol/frame.ts'
import type { SocketOptions, SocketSession } from '../../transport/socket-session.ts'
import { CHAT_INTERFACES, mayRestart } from '../../vocabulary/interfaces.ts'
import { type Shown, type SocketRouteOptions, showChannel, socketRooms } from '../channels/socket-routes.ts'
import { countingFailure } from '../counted-failure.ts'

export interface ChatRoomRouteOptions extends SocketRouteOptions {
  chatRooms: ChatRooms
  feedOf: FeedOf
}

const HISTORY_MESSAGES = 50
const { chatRoom } = CHAT_INTERFACES

/**
 * Finds the feed for a user who enters: from the beginning of an answer under way, else from the log's end. The end
 * is read before the store is, so that nothing falls between the two.
 * @throws {Problem} `NOT_FOUND` when the conversation was removed
 */
const shownOf = async (
  { chatRooms, feedOf }: ChatRoomRouteOptions,
  identity: Identity,
  session: Identified,
): Promise<Shown> => {
  const position = await chatRooms.position(session)
  const feed = await feedOf(identity, channelName(session.id))
  if (feed.channel !== session.channel) throw noSuch('chat')
  return { feed, since: feed.began === undefined ? position : 'beginning' }
}

const send = (room: SocketSession, frame: ChatRoomFrame): void =>
  room.peer.sendBytes(Buffer.from(JSON.stringify(frame)))

/**
 * Makes the commands of one connection: `message`, `typing`, `cancel` and `history`.
 * @param actor returns the caller, by the latest token
 */
const roomCommands = (
  chatRooms: ChatRooms,
  session: Identified,
  typing: Typing,
  request: FastifyRequest,
  actor: () => Actor,
): SocketOptions['commands'] => ({
  async message(command) {
    const { content, agent_id: agentId, provider, model } = checkCommand(ChatRoomCommands.message, command)
    const input = { message: content, agentId, provider, model, mayReset: mayRestart(chatRoom) }
    const turn = await chatRooms.say(actor(), session, input)
    await countingFailure(request, turn).began
  },
  async typing(command) {
    const { active } = checkCommand(ChatRoomCommands.typing, command)
    requireStart(actor())
    typing.set(active)
  },
  async cancel(command) {
    const { stream_id } = checkCommand(ChatRoomCommands.cancel, command)
    await chatRooms.cancel(actor(), session, stream_id)
  },
  async history(command, room) {
    const { before = null, limit = HISTORY_MESSAGES } = checkCommand(ChatRoomCommands.history, command)
    const messages = await chatRooms.history(actor(), session, limit, before)
    send(room, { type: 'history', messages: messages.map(shownMessage) })
  },
})

/** Delays commands until `entered` resolves: clients see their own messages, so they must be in the room first. */
const onceEntered = (
  commands: SocketOptions['commands'],
  entered: () => Promise<void>,
): SocketOptions['commands'] =>
  Object.fromEntries(
    Object.entries(commands).map(([type, run]): [string, typeof run] => [
      type,
      async (command, room) => {
        await entered()
        await run(command, room)
      },
    ]),
  )

/** Serves `/api/v1/ws/chat/:session_id`: one conversation, with the users who are in it on any instance. */
export const chatRoomRoute: FastifyPluginAsync<ChatRoomRouteOptions> = async (app, options) => {
  const { chatRooms } = options
  const rooms = socketRooms(app, options)
  /** Conversations by request, found before the upgrade, so that a refusal is an HTTP status. */
  const found = new WeakMap<FastifyRequest, Identified>()

  app.get<{ Params: { session_id: string } }>(
    '/api/v1/ws/chat/:session_id',
    {
      websocket: true,
      config: { access: 'anonymous' },
      preHandler: async (request) => {
        if (!request.ws) return
        rooms.admit(request, chatRoom.endpoint)
        const { session_id } = request.params as { session_id: string }
        found.set(request, await chatRooms.enter(request.actor(), session_id))
      },
    },
    (socket, request) => {
      const session = found.get(request) as Identified
      const { username } = request.identity
      const typing = chatRooms.typing(session, username)
      const room = rooms.open(socket, request, {
        endpoint: chatRoom.endpoint,
        vocabulary: chatRoom.vocabulary(),
        ended: ({ peer }) => peer.close(CLOSE_CODES.POLICY, 'the conversation was removed'),
        commandsFor: (identity) =>
          onceEntered(
            roomCommands(chatRooms, session, typing, request, () => request.actor(identity())),
            () => entered,
          ),
      })
      const unwatch = chatRooms.watch(session, {
        join: (user) => user !== username && send(room, { type: 'join', user }),
        leave: (user) => user !== username && send(room, { type: 'leave', user }),
      })
      const entered = showChannel(room, request, () => shownOf(options, request.identity, session))
      const left = (): void => {
        unwatch()
        typing.stop()
      }
      if (room.peer.signal.aborted) left()
      else room.peer.signal.addEventListener('abort', left, { once: true })
    },
  )
}
