import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Hub } from '../../channel/hub.ts'
import { channelName } from '../../chat/channel.ts'
import { type Chat, checkMessage } from '../../chat/chat.ts'
import {
  type Conversations,
  type Identified,
  noSuchChat,
  SESSION_ID,
  shownMessage,
} from '../../chat/conversations.ts'
import { badField, Problem } from '../../errors.ts'
import type { FeedOf } from '../../feed/feeds.ts'
import { accessTo, requireAccess } from '../../identity/access.ts'
import { can, type Identity } from '../../identity/identity.ts'
import { say as sentence } from '../../language/sentence.ts'
import type { ChatRoomFrame } from '../../protocol/chat-room.ts'
import { ChatRoomCommands, checkCommand } from '../../protocol/command.ts'
import { CLOSE_CODES } from '../../protocol/frame.ts'
import { type RoomEvent, singleLine } from '../../protocol/turn.ts'
import type { Store } from '../../store/database.ts'
import type { Streams } from '../../stream/streams.ts'
import type { SocketOptions, SocketSession } from '../../transport/websocket.ts'
import type { Turns } from '../../turn/turns.ts'
import { chatRoomVocabulary } from '../../vocabulary/chat-room.ts'
import { type Shown, type SocketRouteOptions, showChannel, socketRooms } from '../channels/socket.ts'
import { cancelStream } from '../channels/stream-cancel.ts'
import { say } from './saying.ts'

export interface ChatRoomOptions extends SocketRouteOptions {
  store: Store
  chat: Chat
  conversations: Conversations
  turns: Turns
  streams: Streams
  feedOf: FeedOf
}

const ID = new RegExp(SESSION_ID)
const HISTORY_MESSAGES = 50
/** Shortest time between two words about one connection's typing. */
const TYPING_MS = 400

/** @throws {Problem} `FORBIDDEN` */
const requireStart = ({ role }: Identity): void => {
  if (!can(role, 'start')) throw new Problem('FORBIDDEN', sentence('identity.role_reads_only', { role }))
}

/** Whether somebody types: each change is told once, the latest of those that come too fast, and the end always. */
const typist = (tell: (active: boolean) => void) => {
  let told = false
  let wanted = false
  let resting: NodeJS.Timeout | undefined
  const look = (): void => {
    resting = undefined
    if (wanted === told) return
    told = wanted
    tell(told)
    resting = setTimeout(look, TYPING_MS)
  }
  return {
    is(active: boolean): void {
      wanted = active
      if (resting === undefined) look()
    },
    left(): void {
      clearTimeout(resting)
      wanted = false
      look()
      clearTimeout(resting)
    },
  }
}

/**
 * What there is to show to one who comes in: an answer under way from its beginning, else what comes next. The log's
 * end is looked at before the store is, so that nothing falls between the two.
 */
const fromHere = async (
  hub: Hub,
  feedOf: FeedOf,
  identity: Identity,
  { id, channel }: Identified,
): Promise<Shown> => {
  const { epoch, top } = await hub.history(channel, Number.MAX_SAFE_INTEGER, 1)
  const feed = await feedOf(identity, channelName(id))
  if (feed.channel !== channel) throw new Problem('NOT_FOUND', 'The conversation was removed')
  return { feed, since: feed.began === undefined ? { epoch, offset: top } : 'beginning' }
}

const send = (room: SocketSession, frame: ChatRoomFrame): void =>
  room.peer.sendBytes(Buffer.from(JSON.stringify(frame)))

/** `message`, `typing`, `cancel` and `history` of one connection. */
const roomCommands = (
  options: ChatRoomOptions,
  request: FastifyRequest,
  { id: sessionId, channel }: Identified,
  identity: () => Identity,
  typing: { is(active: boolean): void },
): SocketOptions['commands'] => {
  const { store, chat, conversations, turns, streams } = options
  const resource = { type: 'chat', id: sessionId, channel } as const

  /** The turn that a `cancel` means. @throws {Problem} `NOT_FOUND`; `FORBIDDEN`, `INVALID_STATE` where none is named */
  const meant = async (streamId: string | undefined): Promise<string> => {
    if (streamId !== undefined) {
      const stream = await streams.get(streamId)
      if (stream?.channel !== channel)
        throw new Problem('NOT_FOUND', 'There is no such stream in this conversation')
      return streamId
    }
    const running = await turns.running(channel)
    for (const { id } of running.reverse())
      if ((await accessTo(store, identity(), { type: 'stream', id })) === 'own') return id
    if (running.length > 0) throw new Problem('FORBIDDEN', 'Only their owners may cancel the running answers')
    throw new Problem('INVALID_STATE', 'Nothing is being answered')
  }

  return {
    async message(command) {
      const { content, agent_id: agentId, provider, model } = checkCommand(ChatRoomCommands.message, command)
      requireStart(identity())
      checkMessage(content, '/content')
      chat.checkNames({ agentId, provider })
      // A conversation that was removed is not made anew by those who are still in its room.
      const saying = { message: content, sessionId, channel, agentId, provider, model, mayReset: true }
      const turn = await say(request, chat, saying, identity())
      await turn.began
    },
    async typing(command) {
      const { active } = checkCommand(ChatRoomCommands.typing, command)
      requireStart(identity())
      typing.is(active)
    },
    async cancel(command) {
      const { stream_id } = checkCommand(ChatRoomCommands.cancel, command)
      requireStart(identity())
      await cancelStream(request, options, await meant(stream_id), identity())
    },
    async history(command, room) {
      const { before, limit = HISTORY_MESSAGES } = checkCommand(ChatRoomCommands.history, command)
      await requireAccess(store, identity(), resource, 'shared')
      const messages = await conversations.messages(resource, limit, before ?? null)
      if (!messages) throw badField('/before', 'is no message of this conversation')
      send(room, { type: 'history', messages: messages.map(shownMessage) })
    },
  }
}

/** `/api/v1/ws/chat/:session_id`: one conversation, with everybody who is in it on any instance. */
export const chatRoomRoute: FastifyPluginAsync<ChatRoomOptions> = async (app, options) => {
  const { hub, presence, chat, conversations, feedOf } = options
  const rooms = socketRooms(app, options)
  /** Found before the upgrade, so that a refusal is an HTTP status. */
  const found = new WeakMap<FastifyRequest, Identified>()

  /** @throws {Problem} `NOT_FOUND` */
  const enter = async (request: FastifyRequest, id: string): Promise<Identified> => {
    const { identity } = request
    if (!ID.test(id)) throw noSuchChat()
    if (!can(identity.role, 'start')) return conversations.require(identity, id)
    return request.audited((record) =>
      chat.enter(identity, id, (trx) =>
        record(trx, 'chat.created', { resource_type: 'chat', resource_id: id }),
      ),
    )
  }

  app.get<{ Params: { session_id: string } }>(
    '/api/v1/ws/chat/:session_id',
    {
      websocket: true,
      config: { access: 'anonymous' },
      preHandler: async (request) => {
        if (!request.ws) return
        rooms.admit(request, 'chat')
        found.set(request, await enter(request, (request.params as { session_id: string }).session_id))
      },
    },
    (socket, request) => {
      const session = found.get(request) as Identified
      const { channel } = session
      const { username } = request.identity
      const typing = typist((active) => {
        const event: RoomEvent = { type: 'typing', user: username, active }
        hub
          .publish(channel, [singleLine(event)])
          .catch((error) => request.log.warn({ err: error }, 'nobody could be told who types'))
      })
      const room = rooms.open(socket, request, {
        endpoint: 'chat',
        vocabulary: chatRoomVocabulary(),
        ended: ({ peer }) => peer.close(CLOSE_CODES.POLICY, 'the conversation was removed'),
        commandsFor: (identity) =>
          Object.fromEntries(
            Object.entries(roomCommands(options, request, session, identity, typing)).map(
              ([type, run]): [string, typeof run] => [
                type,
                async (command, room) => {
                  // What a client says is shown to it as well, so it is in the room first.
                  await entered
                  await run(command, room)
                },
              ],
            ),
          ),
      })
      const unwatch = presence.watch(channel, {
        join: (user) => user !== username && send(room, { type: 'join', user }),
        leave: (user) => user !== username && send(room, { type: 'leave', user }),
      })
      const entered = showChannel(room, request, () => fromHere(hub, feedOf, request.identity, session))
      const left = (): void => {
        unwatch()
        typing.left()
      }
      if (room.peer.signal.aborted) left()
      else room.peer.signal.addEventListener('abort', left, { once: true })
    },
  )
}
