import { terminalTest } from '../protocol/event-text.ts'
import type { EventVocabulary } from '../protocol/frame.ts'
import { turnEventOf, turnEventText } from '../protocol/turn-event.ts'
import type { Store } from '../store/database.ts'
import { endOf, type Stream } from '../stream/stream.ts'
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

/** Limits a vocabulary to the publications of one stream of a channel that has several. */
const ofStream =
  (streamId: string, vocabulary: EventVocabulary): EventVocabulary =>
  (publication) =>
    turnEventOf(publication.data)?.streamId === streamId ? vocabulary(publication) : []

/** Largest number of single turns whose vocabularies are remembered. */
const MAX_VIEWS = 1000

/** Returns the same function for the same stream, so that its viewers share their frames. */
const sharedView = onePerName(MAX_VIEWS, (streamId) => ofStream(streamId, v1))

/** Returns the vocabulary by which an interface shows a turn; v1 where none is named. */
const vocabularyOf = (stream: Stream, presentation: TurnPresentation | undefined): EventVocabulary => {
  const events = presentation?.vocabulary.events
  if (stream.channel === `stream:${stream.id}`) return events ?? v1
  return events === undefined ? sharedView(stream.id) : ofStream(stream.id, events)
}

/** The events and limits with which an interface shows a turn to one connection. */
export interface TurnPresentation {
  vocabulary: StatefulVocabulary
  /** {@link Feed.wordless} */
  wordless?: boolean
}

/**
 * Makes the feed of a turn: the whole answer, from the log or else from the store, until its terminal event.
 * @param stream knows its beginning ({@link Turns.texts}'s `located`); otherwise the feed begins with the channel
 * @param presentation the interface's own vocabulary
 */
export const turnFeed = (
  { streams, turns }: Pick<TurnFeedOptions, 'streams' | 'turns'>,
  stream: Stream,
  presentation?: TurnPresentation,
): Feed => {
  const { id, channel, epoch, start_offset } = stream
  const current = async (): Promise<Stream> => (await streams.get(id)) ?? stream
  /** The text of the answer that the client has since the last snapshot. */
  let shown = ''
  return {
    channel,
    isPersonal: true,
    name: `stream:${id}`,
    events: vocabularyOf(stream, presentation),
    since: 'beginning',
    ...(presentation?.wordless ? { wordless: true } : {}),
    ...(epoch === null || start_offset === null ? {} : { began: { epoch, offset: start_offset } }),
    isTerminal: terminalTest(id),
    async beganIn(now) {
      const began = epoch ?? (await current()).epoch
      return began === null || began === now
    },
    async snapshot(position) {
      const now = await current()
      shown = await turns.texts.at(now, position)
      const events = presentation?.vocabulary.resume(shown, 0)
      return presentation?.wordless ? events : { stream_id: id, state: now.state, content: shown }
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
      // Text between the position and an end that has come since is sent here: nothing follows the end.
      const whole = await turns.texts.whole(now)
      if (!whole.startsWith(shown)) {
        yield { data: turnEventText(id, { type: 'reset', reason: 'The answer began anew' }) }
        shown = ''
      }
      if (whole !== shown) yield chunk(whole.slice(shown.length))
      yield { data: now.terminal_json, terminal: true }
    },
    async ended() {
      return endOf(await current())
    },
  }
}

/** Makes the function that finds the feeds of turns by their ids. */
export const turnFeeds =
  (options: Pick<TurnFeedOptions, 'streams' | 'turns'>) =>
  async (stream: Stream): Promise<Feed> =>
    turnFeed(options, await options.turns.texts.located(stream))
