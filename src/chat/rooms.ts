import type { Position } from '../channel/broker.ts'
import type { Hub } from '../channel/hub.ts'
import type { Presence, PresenceListener } from '../channel/presence.ts'
import { badField, Problem } from '../errors.ts'
import type { AccessControl } from '../identity/access.ts'
import type { Actor } from '../identity/actor.ts'
import { can } from '../identity/identity.ts'
import { say } from '../language/sentence.ts'
import { type RoomEvent, singleLine } from '../protocol/turn.ts'
import type { CancelStream } from '../stream/cancellation.ts'
import type { Streams } from '../stream/streams.ts'
import type { Turn } from '../turn/turn.ts'
import type { Turns } from '../turn/turns.ts'
import { type Chat, type ChatMessageInput, checkMessage } from './chat.ts'
import { type Conversations, type Identified, type Message, noSuchChat, SESSION_ID } from './conversations.ts'
import { type Typing, throttledTyping } from './typing.ts'

export interface ChatRoomsOptions {
  access: AccessControl
  chat: Chat
  conversations: Conversations
  turns: Pick<Turns, 'running'>
  streams: Pick<Streams, 'get'>
  cancelStream: CancelStream
  hub: Pick<Hub, 'history' | 'publish'>
  presence: Pick<Presence, 'watch'>
  /** Called when a user's typing could not be published. */
  onError(error: unknown): void
}

/** Lets those who are in a conversation on any instance talk, see each other, and cancel what runs. */
export interface ChatRooms {
  /**
   * Enters a conversation; a caller who may start answers makes it where nobody has it.
   * @throws {Problem} `NOT_FOUND`
   */
  enter(actor: Actor, sessionId: string): Promise<Identified>
  /** Returns where the log of the conversation's channel ends now. */
  position(session: Identified): Promise<Position>
  /**
   * Says something in this conversation; one that was removed is not made anew by those who are still in it.
   * @throws {Problem} `FORBIDDEN`, `VALIDATION_FAILED` naming `/content`, `/agent_id` or `/provider`, and those of
   *   {@link Chat.say}
   */
  say(
    actor: Actor,
    session: Identified,
    input: Omit<ChatMessageInput, 'sessionId' | 'channel'>,
  ): Promise<Turn>
  /**
   * Cancels a turn of this conversation: the named one, or the newest of the caller's that runs.
   * @throws {Problem} `NOT_FOUND`, `FORBIDDEN`; `INVALID_STATE` when it has ended or none runs
   */
  cancel(actor: Actor, session: Identified, streamId: string | undefined): Promise<void>
  /**
   * Returns the newest messages before one, oldest first.
   * @throws {Problem} `NOT_FOUND`; `VALIDATION_FAILED` naming `/before`
   */
  history(actor: Actor, session: Identified, limit: number, before: string | null): Promise<Message[]>
  /** Publishes whether a user of one connection types. */
  typing(session: Identified, username: string): Typing
  /** Calls back for users that join and leave the conversation. @returns ends that */
  watch(session: Identified, listener: PresenceListener): () => void
}

const ID = new RegExp(SESSION_ID)

/** @throws {Problem} `FORBIDDEN` */
export const requireStart = ({ identity: { role } }: Actor): void => {
  if (!can(role, 'start')) throw new Problem('FORBIDDEN', say('identity.role_reads_only', { role }))
}

/** Makes the use cases of the rooms of conversations. */
export const chatRooms = (options: ChatRoomsOptions): ChatRooms => {
  const { access, chat, conversations, turns, streams, cancelStream, hub, presence, onError } = options

  /** @throws {Problem} `NOT_FOUND`; `FORBIDDEN`, `INVALID_STATE` where none is named */
  const turnToCancel = async (
    { identity }: Actor,
    { channel }: Identified,
    streamId: string | undefined,
  ): Promise<string> => {
    if (streamId !== undefined) {
      const stream = await streams.get(streamId)
      if (stream?.channel !== channel) throw new Problem('NOT_FOUND', say('chat.no_such_stream'))
      return streamId
    }
    const running = await turns.running(channel)
    for (const { id } of running.reverse())
      if ((await access.of(identity, { type: 'stream', id })) === 'own') return id
    if (running.length > 0) throw new Problem('FORBIDDEN', say('chat.owners_cancel'))
    throw new Problem('INVALID_STATE', say('chat.nothing_running'))
  }

  return {
    async enter(actor, id) {
      if (!ID.test(id)) throw noSuchChat()
      return can(actor.identity.role, 'start')
        ? chat.enter(actor, id)
        : conversations.require(actor.identity, id)
    },

    async position({ channel }) {
      const { epoch, top } = await hub.history(channel, Number.MAX_SAFE_INTEGER, 1)
      return { epoch, offset: top }
    },

    async say(actor, { id: sessionId, channel }, input) {
      requireStart(actor)
      checkMessage(input.message, '/content')
      chat.checkNames(input)
      return chat.say(actor, { ...input, sessionId, channel })
    },

    async cancel(actor, session, streamId) {
      requireStart(actor)
      await cancelStream(actor, await turnToCancel(actor, session, streamId))
    },

    async history({ identity }, session, limit, before) {
      await access.require(identity, { type: 'chat', ...session }, 'shared')
      const messages = await conversations.messages(session, limit, before)
      if (!messages) throw badField('/before', say('field.no_message'))
      return messages
    },

    typing: ({ channel }, user) =>
      throttledTyping((active) => {
        const event: RoomEvent = { type: 'typing', user, active }
        hub.publish(channel, [singleLine(event)]).catch(onError)
      }),

    watch: ({ channel }, listener) => presence.watch(channel, listener),
  }
}
