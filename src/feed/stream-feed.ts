import { noSuch } from '../errors.ts'
import type { AccessControl } from '../identity/access.ts'
import type { Shares } from '../identity/shares.ts'
import type { Runner, Stream } from '../stream/stream.ts'
import type { Streams } from '../stream/streams.ts'
import { type Feed, type NamespaceFeed, untilUnshared } from './feed.ts'

/** Everything that the rest of the service needs to know about one kind of stream. */
export interface StreamKind {
  /** Executes streams of the kind. */
  readonly runner: Runner
  /**
   * Makes the feed of one of its streams, for a caller who may see it.
   * @throws {Problem} `NOT_FOUND`
   */
  feed(stream: Stream): Promise<Feed>
}

export interface StreamFeedOptions {
  access: Pick<AccessControl, 'require'>
  streams: Pick<Streams, 'get'>
  shares: Pick<Shares, 'watch'>
  kinds: Readonly<Record<string, StreamKind>>
}

/** Makes the feed of a stream for callers who may see it, by its kind; a stream of an unknown kind is not found. */
export const streamFeed =
  ({ access, streams, shares, kinds }: StreamFeedOptions): NamespaceFeed =>
  async (identity, id) => {
    const resource = { type: 'stream', id } as const
    await access.require(identity, resource, 'shared')
    const stream = await streams.get(id)
    const kind = stream && Object.hasOwn(kinds, stream.kind) ? kinds[stream.kind] : undefined
    if (!stream || !kind) throw noSuch('stream')
    return untilUnshared({ ...(await kind.feed(stream)), name: `stream:${id}` }, shares, identity, resource)
  }
