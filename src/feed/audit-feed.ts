import type { Hub } from '../channel/hub.ts'
import { Problem } from '../errors.ts'
import { can } from '../identity/identity.ts'
import { say } from '../language/sentence.ts'
import type { NamespaceFeed } from './feed.ts'
import { logFeed } from './topic-feed.ts'

/**
 * Makes the feed of the audit log's channel, which has every event as it is appended, for callers who may read the
 * log.
 */
export const auditFeed =
  (hub: Pick<Hub, 'history'>): NamespaceFeed =>
  async ({ role }) => {
    if (!can(role, 'audit')) throw new Problem('FORBIDDEN', say('identity.only_auditors'))
    return logFeed(hub, 'audit')
  }
