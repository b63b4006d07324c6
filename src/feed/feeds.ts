import type { Hub } from '../channel/hub.ts'
import { type Namespace, namespaceOf, parseChannel } from '../channel/name.ts'
import { Problem } from '../errors.ts'
import { can, type Identity } from '../identity/identity.ts'
import { say } from '../language/sentence.ts'
import { auditFeed } from './audit-feed.ts'
import { type Coalescing, coalesceMsOf } from './coalescing.ts'
import type { Feed, NamespaceFeed } from './feed.ts'
import { systemFeed, topicFeed, userFeed } from './topic-feed.ts'

/**
 * Finds the feed that a caller gets of a channel.
 * @throws {Problem} `FORBIDDEN`, `NOT_FOUND`; `VALIDATION_FAILED` when it is no channel's name
 */
export type FeedOf = (identity: Identity, channel: string) => Promise<Feed>

/** One function per namespace of channels that makes its feeds: a namespace without one does not compile. */
export type NamespaceFeeds = Readonly<Record<Namespace, NamespaceFeed>>

/** Makes the feeds of the namespaces whose channels have a log and nothing else. */
export const logFeeds = (hub: Pick<Hub, 'history'>) =>
  ({
    topic: topicFeed(),
    user: userFeed(hub),
    audit: auditFeed(hub),
    system: systemFeed(hub),
  }) satisfies Partial<NamespaceFeeds>

/**
 * Makes the function that finds feeds by their channel's namespace.
 * @param coalescing of channels by their names
 */
export const feeds =
  (table: NamespaceFeeds, coalescing: readonly Coalescing[] = []): FeedOf =>
  async (identity, channel) => {
    const { namespace, id } = parseChannel(channel)
    const feed = await table[namespace](identity, id)
    const coalesceMs = coalesceMsOf(coalescing, channel)
    return coalesceMs === 0 ? feed : { ...feed, coalesceMs }
  }

/**
 * Refuses a caller who may not publish to a channel.
 * @throws {Problem} `FORBIDDEN`, `VALIDATION_FAILED`
 */
export function checkPublishable(identity: Identity, channel: string): void {
  if (!can(identity.role, 'publish')) {
    throw new Problem('FORBIDDEN', say('identity.role_may_not', { role: identity.role }))
  }
  if (!namespaceOf(parseChannel(channel)).isPublishable) {
    throw new Problem('FORBIDDEN', say('publication.topics_only'))
  }
}
