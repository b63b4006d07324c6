import { Problem } from '../errors.ts'
import { requireAccess } from '../identity/access.ts'
import type { Shares } from '../identity/shares.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'
import type { Runner, Stream } from '../stream/stream.ts'
import type { Streams } from '../stream/streams.ts'
import { type Feed, type NamespaceFeed, untilUnshared } from './feed.ts'

/** Describes one kind of stream: all that the rest of the service has to know of it. */
export interface StreamKind {
  /** Executes streams of the kind. */
  readonly runner: Runner
  /**
   * Makes the feed of one of its streams, for somebody who may see it.
   * @throws {Problem} `NOT_FOUND`
   */
  feed(stream: Stream): Promise<Feed>
}

export interface StreamFeedOptions {
  store: Store
  streams: Pick<Streams, 'get'>
  shares: Pick<Shares, 'watch'>
  kinds: Readonly<Record<string, StreamKind>>
}

/** Shows a stream to those who may see it, as its kind does; one of a kind that is not known is not there. */
export const streamFeed =
  ({ store, streams, shares, kinds }: StreamFeedOptions): NamespaceFeed =>
  async (identity, id) => {
    const resource = { type: 'stream', id } as const
    await requireAccess(store, identity, resource, 'shared')
    const stream = await streams.get(id)
    const kind = stream && Object.hasOwn(kinds, stream.kind) ? kinds[stream.kind] : undefined
    if (!stream || !kind) throw new Problem('NOT_FOUND', say('thing.no_such', { thing: 'stream' }))
    return untilUnshared({ ...(await kind.feed(stream)), name: `stream:${id}` }, shares, identity, resource)
  }
