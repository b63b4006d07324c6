import type { Position } from '../channel/broker.ts'
import { channelName } from '../chat/conversation-channel.ts'
import { type Conversations, shownMessage, shownSession } from '../chat/conversations.ts'
import type { Shares } from '../identity/shares.ts'
import { roomEventHead } from '../protocol/turn-event.ts'
import type { Stream } from '../stream/stream.ts'
import type { Turns } from '../turn/turns.ts'
import { v1 } from '../vocabulary/v1.ts'
import { type Feed, type NamespaceFeed, untilUnshared } from './feed.ts'

const SNAPSHOT_MESSAGES = 50
const REMOVED = roomEventHead('conversation_removed')

/** Returns the earliest beginning of several streams of one channel. */
const earliest = (streams: readonly Stream[]): Position | undefined => {
  let first: Position | undefined
  for (const { epoch, start_offset: offset } of streams) {
    if (epoch === null || offset === null) continue
    if (first === undefined || offset < first.offset) first = { epoch, offset }
  }
  return first
}

export interface ConversationFeedOptions {
  conversations: Conversations
  turns: Pick<Turns, 'texts' | 'running' | 'openAt'>
  shares: Pick<Shares, 'watch'>
}

/**
 * Makes the feed of a conversation for callers who may read it: every later publication, until it is removed. A
 * client that subscribes while an answer is written gets that answer from its beginning.
 */
export const conversationFeed =
  ({ conversations, turns, shares }: ConversationFeedOptions): NamespaceFeed =>
  async (identity, id) => {
    const entered = await conversations.require(identity, id)
    const { channel } = entered
    const running = await turns.running(channel)
    const began = earliest(await Promise.all(running.map((stream) => turns.texts.located(stream))))
    const feed: Feed = {
      channel,
      name: channelName(id),
      events: v1,
      since: 'now',
      ...(began ? { began } : {}),
      isTerminal: ({ data }) => data.startsWith(REMOVED),
      async snapshot(position) {
        const session = await conversations.get(id)
        const messages = (await conversations.messages(entered, SNAPSHOT_MESSAGES, null)) ?? []
        const answers = new Map<string, string>()
        for (const stream of await turns.openAt(channel, position))
          answers.set(stream.id, await turns.texts.at(stream, position))
        return {
          // The id may meanwhile belong to another conversation.
          ...(session?.channel === channel ? shownSession(session) : {}),
          messages: messages.map((message) => {
            const content = message.role === 'assistant' ? answers.get(message.stream_id ?? '') : undefined
            return {
              ...shownMessage(message),
              ...(content === undefined ? {} : { content, state: content === '' ? 'pending' : 'streaming' }),
            }
          }),
        }
      },
    }
    // An id may be given to another conversation later; the channel belongs to this one only.
    return untilUnshared(feed, shares, identity, { type: 'chat', id, channel })
  }
