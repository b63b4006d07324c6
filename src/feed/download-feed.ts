import { terminalTest } from '../protocol/event-text.ts'
import { endOf, type Stream } from '../stream/stream.ts'
import type { Streams } from '../stream/streams.ts'
import { v1 } from '../vocabulary/v1.ts'
import type { Feed } from './feed.ts'

const isTerminal = terminalTest()

/**
 * Makes the feeds of downloads: their progress while they are sent, and their end. It fits every kind of stream that
 * publishes to a channel of its own and stores no more than its progress.
 */
export const downloadFeed =
  (streams: Pick<Streams, 'get'>) =>
  async ({ id, channel }: Stream): Promise<Feed> => ({
    channel,
    name: `stream:${id}`,
    events: v1,
    since: 'beginning',
    isTerminal,
    async snapshot() {
      const stream = await streams.get(id)
      return {
        stream_id: id,
        state: stream?.state,
        progress: stream?.progress_json ? JSON.parse(stream.progress_json) : null,
      }
    },
    async *replay() {
      const terminal = (await streams.get(id))?.terminal_json
      if (terminal) yield { data: terminal, terminal: true }
    },
    async ended() {
      return endOf(await streams.get(id))
    },
  })
