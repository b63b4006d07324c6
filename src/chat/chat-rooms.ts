import type { Position } from '../channel/broker.ts'
import type { Hub } from '../channel/hub.ts'
import type { Presence, PresenceListener } from '../channel/presence.ts'
import { badField, noSuch, Problem } from '../errors.ts'
import type { AccessControl } from '../identity/access.ts'
import type { Actor } from '../identity/actor.ts'
import { can } from '../identity/identity.ts'
import { say } from '../language/sentence.ts'
import { singleLine } from '../protocol/event-text.ts'
import type { RoomEvent } from '../protocol/turn-event.ts'
import type { CancelStream } from '../stream/cancellation.ts'
import type { Streams } from '../stream/streams.ts'
import type { Turn } from '../turn/turn.ts'
import type { Turns } from '../turn/turns.ts'
import { type Chat, type ChatMessageInput, checkMessage } from './chat.ts'
import { type Conversations, type Identified, type Message, SESSION_ID } from './conversations.ts'
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

/**
 * Serves the users who are in a conversation on any instance: their messages, their presence, and the cancellation
 * of turns.
 */
export interface ChatRooms {
  /**
   * Enters a conversation; it is created where it does not exist and the caller may start answers.
   * @throws {Problem} `NOT_FOUND`
   */
  enter(actor: Actor, sessionId: string): Promise<Identified>
  /** Returns the current end of the log of the conversation's channel. */
  position(session: Identified): Promise<Position>
  /**
   * Adds a message to this conversation; a removed one is not created anew by users who are still in it.
   * @throws {Problem} `FORBIDDEN`, `VALIDATION_FAILED` naming `/content`, `/agent_id` or `/provider`, and those of
   *   {@link Chat.say}
   */
  say(
    actor: Actor,
    session: Identified,
    input: Omit<ChatMessageInput, 'sessionId' | 'channel'>,
  ): Promise<Turn>
  /**
   * Cancels a turn of this conversation: the named one, or the caller's newest running one.
   * @throws {Problem} `NOT_FOUND`, `FORBIDDEN`; `INVALID_STATE` when it has ended or none runs
   */
  cancel(actor: Actor, session: Identified, streamId: string | undefined): Promise<void>
  /**
   * Returns the newest messages before one, oldest first.
   * @throws {Problem} `NOT_FOUND`; `VALIDATION_FAILED` naming `/before`
   */
  history(actor: Actor, session: Identified, limit: number, before: string | null): Promise<Message[]>
  /** Returns the typing state of the user of one connection, whose changes are published. */
  typing(session: Identified, username: string): Typing
  /** Registers a listener for users that join and leave the conversation. @returns the function that removes it */
  watch(session: Identified, listener: PresenceListener): () => void
}

const ID = new RegExp(SESSION_ID)

/** Refuses callers who may not start answers. @throws {Problem} `FORBIDDEN` */
export const requireStart = ({ identity: { role } }: Actor): void => {
  if (!can(role, 'start')) throw new Problem('FORBIDDEN', say('identity.role_reads_only', { role }))
}

/** Makes the use cases of the rooms of conversations. */
export const chatRooms = (options: ChatRoomsOptions): ChatRooms => {
  const { access, chat, conversations, turns, streams, cancelStream, hub, presence, onError } = options

  /** Returns the turn to cancel. @throws {Problem} `NOT_FOUND`; `FORBIDDEN`, `INVALID_STATE` where none is named */
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
      if (!ID.test(id)) throw noSuch('chat')
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
