import { downloadFeed } from './feed/download-feed.ts'
import type { investigationFeed } from './feed/investigation-feed.ts'
import type { StreamKind } from './feed/stream-feed.ts'
import { turnFeeds } from './feed/turn-feed.ts'
import { type INVESTIGATION_KIND, investigationOf } from './investigation/investigations.ts'
import type { Downloads, ExportKind } from './stream/downloads.ts'
import type { Runner } from './stream/stream.ts'
import type { Streams } from './stream/streams.ts'
import type { TurnKind } from './turn/turn.ts'
import type { Turns } from './turn/turns.ts'

export type StreamKindName = TurnKind | ExportKind | typeof INVESTIGATION_KIND

export interface StreamKindsOptions {
  streams: Streams
  turns: Turns
  investigationRunner: Runner
  investigationFeedOf: ReturnType<typeof investigationFeed>
  auditExports: Downloads
  anomalyExports: Downloads
}

/**
 * Lists every kind of stream: who executes it, and how it is shown. A new kind is a room of its own and one line here;
 * a kind without a line does not compile, and a stream of none of these is never run and is not there for readers.
 */
export const streamKinds = ({
  streams,
  turns,
  investigationRunner,
  investigationFeedOf,
  auditExports,
  anomalyExports,
}: StreamKindsOptions): Readonly<Record<StreamKindName, StreamKind>> => {
  const turn = (kind: TurnKind): StreamKind => ({
    runner: turns.runner(kind),
    feed: turnFeeds({ streams, turns }),
  })
  const download = (runner: Downloads): StreamKind => ({ runner, feed: downloadFeed(streams) })
  return {
    chat: turn('chat'),
    prompt: turn('prompt'),
    completion: turn('completion'),
    action: turn('action'),
    investigation: {
      runner: investigationRunner,
      feed: ({ channel }) => investigationFeedOf(investigationOf(channel)),
    },
    audit_export: download(auditExports),
    anomaly_export: download(anomalyExports),
  }
}
