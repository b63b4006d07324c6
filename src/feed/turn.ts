import type { Position } from '../channel/broker.ts'
import { channelName } from '../chat/channel.ts'
import type { Conversations } from '../chat/conversations.ts'
import { shownMessage, shownSession } from '../chat/conversations.ts'
import { Problem } from '../errors.ts'
import { requireAccess } from '../identity/access.ts'
import type { Identity } from '../identity/identity.ts'
import { say } from '../language/sentence.ts'
import type { EventVocabulary } from '../protocol/frame.ts'
import { type RoomEvent, turnEventOf, turnEventText } from '../protocol/turn.ts'
import type { Store } from '../store/database.ts'
import type { Stream } from '../stream/stream.ts'
import type { Streams } from '../stream/streams.ts'
import type { Turns } from '../turn/turns.ts'
import type { StatefulVocabulary } from '../vocabulary/phrases.ts'
import { v1 } from '../vocabulary/v1.ts'
import type { Feed, ReplayedEvent } from './feed.ts'
import { onePerName } from './memo.ts'

export interface TurnFeedOptions {
  store: Store
  streams: Streams
  turns: Turns
}

/** `vocabulary` over the publications of one stream of a channel that has several. */
const ofStream =
  (streamId: string, vocabulary: EventVocabulary): EventVocabulary =>
  (publication) =>
    turnEventOf(publication.data)?.streamId === streamId ? vocabulary(publication) : []

/** Views of single turns that are remembered. */
const MAX_VIEWS = 1000

/** The same function for the same stream, so that its viewers share their frames. */
const sharedView = onePerName(MAX_VIEWS, (streamId) => ofStream(streamId, v1))

/** What an interface speaks over a turn; v1 where none is named. */
const spokenOver = (stream: Stream, spoken: TurnPresentation | undefined): EventVocabulary => {
  const events = spoken?.vocabulary.events
  if (stream.channel === `stream:${stream.id}`) return events ?? v1
  return events === undefined ? sharedView(stream.id) : ofStream(stream.id, events)
}

/** An interface's own words for one connection. */
export interface TurnPresentation {
  vocabulary: StatefulVocabulary
  /** {@link Feed.wordless} */
  wordless?: boolean
}

/**
 * What is shown of a turn: all of it, from the log or else from the store, to its one end.
 * @param spoken the interface's own words
 */
export const turnFeed = (
  { streams, turns }: TurnFeedOptions,
  stream: Stream,
  spoken?: TurnPresentation,
): Feed => {
  const { id, channel, epoch, start_offset } = stream
  const terminals = ['complete', 'error', 'cancelled'].map((type) => `{"type":"${type}","stream_id":"${id}"`)
  const current = async (): Promise<Stream> => (await streams.get(id)) ?? stream
  /** The answer as the last snapshot had it. */
  let shown = ''
  return {
    channel,
    name: `stream:${id}`,
    events: spokenOver(stream, spoken),
    since: 'beginning',
    ...(spoken?.wordless ? { wordless: true } : {}),
    ...(epoch === null || start_offset === null ? {} : { began: { epoch, offset: start_offset } }),
    isTerminal: ({ data }) => terminals.some((terminal) => data.startsWith(terminal)),
    async beganIn(now) {
      const began = epoch ?? (await current()).epoch
      return began === null || began === now
    },
    async snapshot(position) {
      const now = await current()
      shown = await turns.texts.at(now, position)
      const events = spoken?.vocabulary.resume(shown, 0)
      return spoken?.wordless ? events : { stream_id: id, state: now.state, content: shown }
    },
    async *replay(hasState, position): AsyncGenerator<ReplayedEvent> {
      const now = await current()
      const chunk = (content: string): ReplayedEvent => ({
        data: turnEventText(id, { type: 'chunk', content, index: 0 }),
      })
      if (!hasState) {
        shown = await turns.texts.at(now, position)
        if (shown !== '') yield chunk(shown)
      }
      if (!now.terminal_json) return
      // What lies between the position and an end that has come since is told here: nothing follows the end.
      const whole = await turns.texts.whole(now)
      if (!whole.startsWith(shown)) {
        yield { data: turnEventText(id, { type: 'reset', reason: 'The answer began anew' }) }
        shown = ''
      }
      if (whole !== shown) yield chunk(whole.slice(shown.length))
      yield { data: now.terminal_json, terminal: true }
    },
    async ended() {
      const { end_epoch, end_offset } = await current()
      return end_epoch === null || end_offset === null ? null : { epoch: end_epoch, offset: end_offset }
    },
  }
}

/**
 * The feed of a turn that a caller asks for by its id.
 * @throws {Problem} `NOT_FOUND`
 */
export const turnFeedOf =
  (options: TurnFeedOptions) =>
  async (identity: Identity, id: string): Promise<Feed> => {
    await requireAccess(options.store, identity, { type: 'stream', id }, 'shared')
    const stream = await options.streams.get(id)
    if (!stream) throw new Problem('NOT_FOUND', say('thing.no_such', { thing: 'stream' }))
    return turnFeed(options, await options.turns.texts.located(stream))
  }

const SNAPSHOT_MESSAGES = 50
const REMOVED = `{"type":"${'conversation_removed' satisfies RoomEvent['type']}"`

/** Where the first of several streams of one channel began. */
const earliest = (streams: readonly Stream[]): Position | undefined => {
  let first: Position | undefined
  for (const { epoch, start_offset: offset } of streams) {
    if (epoch === null || offset === null) continue
    if (first === undefined || offset < first.offset) first = { epoch, offset }
  }
  return first
}

/**
 * What a caller is shown of a conversation: what is said from now on, until it is removed. One who comes in mid-answer
 * gets that answer from its beginning.
 * @throws {Problem} `NOT_FOUND`
 */
export const chatFeed =
  ({ turns }: TurnFeedOptions, conversations: Conversations) =>
  async (identity: Identity, id: string): Promise<Feed> => {
    const entered = await conversations.require(identity, id)
    const { channel } = entered
    const running = await turns.running(channel)
    const began = earliest(await Promise.all(running.map((stream) => turns.texts.located(stream))))
    return {
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
          // By now the id may be another conversation's.
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
  }
