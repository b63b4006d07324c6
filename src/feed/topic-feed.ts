import type { Hub } from '../channel/hub.ts'
import { privateRole } from '../channel/name.ts'
import { noSuch, Problem } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'
import { say } from '../language/sentence.ts'
import { v1 } from '../vocabulary/v1.ts'
import type { Feed, NamespaceFeed } from './feed.ts'

/** Makes the feed of a channel that has nothing but its log; its snapshot is the newest publication. */
export const logFeed = (hub: Pick<Hub, 'history'>, channel: string): Feed => ({
  channel,
  events: v1,
  since: 'now',
  async snapshot() {
    const { epoch, top } = await hub.history(channel, Number.MAX_SAFE_INTEGER, 1)
    const { publications } = await hub.history(channel, Math.max(0, top - 1), 1)
    const last = publications[0]
    return { channel, epoch, offset: top, data: last === undefined ? null : JSON.parse(last.data) }
  },
})

/** Makes the feed of a topic for signed-in users; of `topic:private.<role>.…` for that role and administrators. */
export const topicFeed =
  (): NamespaceFeed =>
  async ({ role }: Identity, id) => {
    const reserved = privateRole({ namespace: 'topic', id })
    if (reserved !== undefined && reserved !== role && role !== 'admin')
      throw new Problem('FORBIDDEN', say('identity.only_role', { role: reserved }))
    return { channel: `topic:${id}`, events: v1, since: 'now', isLog: true }
  }

/** Makes the feed of a user's channel for that user alone. */
export const userFeed =
  (hub: Pick<Hub, 'history'>): NamespaceFeed =>
  async (identity, id) => {
    if (id !== identity.id) throw noSuch('channel')
    return logFeed(hub, `user:${id}`)
  }

/** Makes the feed of the service's own channel, for callers who may read channels. */
export const systemFeed =
  (hub: Pick<Hub, 'history'>): NamespaceFeed =>
  async () =>
    logFeed(hub, 'system')
