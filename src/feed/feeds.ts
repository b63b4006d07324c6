import type { Hub } from '../channel/hub.ts'
import { type ChannelName, parseChannel, privateRole } from '../channel/name.ts'
import { Problem } from '../errors.ts'
import { can, type Identity } from '../identity/identity.ts'
import type { Shares } from '../identity/shares.ts'
import { say } from '../language/sentence.ts'
import { v1 } from '../vocabulary/v1.ts'
import type { Feed } from './feed.ts'

/**
 * What a caller is shown of a channel.
 * @throws {Problem} `FORBIDDEN`, `NOT_FOUND`; `VALIDATION_FAILED` when it is no channel's name
 */
export type FeedOf = (identity: Identity, channel: string) => Promise<Feed>

/** Feeds of channels that belong to something; each throws `NOT_FOUND` for what the caller may not see. */
export interface FeedSources {
  investigation?(identity: Identity, id: string): Promise<Feed>
  stream?(identity: Identity, id: string): Promise<Feed>
  chat?(identity: Identity, id: string): Promise<Feed>
}

const noSuchChannel = (): Problem => new Problem('NOT_FOUND', say('thing.no_such', { thing: 'channel' }))

/** @throws {Problem} */
function checkReadable(identity: Identity, name: ChannelName): void {
  const role = privateRole(name)
  if (role !== undefined && role !== identity.role && identity.role !== 'admin') {
    throw new Problem('FORBIDDEN', say('identity.only_role', { role }))
  }
  if (name.namespace === 'user' && name.id !== identity.id) throw noSuchChannel()
  if (name.namespace === 'audit' && !can(identity.role, 'audit')) {
    throw new Problem('FORBIDDEN', say('identity.only_auditors'))
  }
}

/** A channel of which there is nothing but its log; its state is the newest publication. */
const logFeed = (hub: Pick<Hub, 'history'>, channel: string): Feed => ({
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

/**
 * Who may read which channel, and what it shows them.
 * @param shares ends what is shown of things of somebody else's with their share
 */
export function feeds(
  hub: Pick<Hub, 'history'>,
  sources: FeedSources,
  shares?: Pick<Shares, 'watch'>,
): FeedOf {
  return async (identity, channel) => {
    const name = parseChannel(channel)
    switch (name.namespace) {
      case 'investigation':
      case 'stream':
      case 'chat': {
        const source = sources[name.namespace]
        if (source === undefined) throw noSuchChannel()
        const feed = await source(identity, name.id)
        if (shares === undefined) return feed
        // Of a conversation, this one and none that is made under its id later.
        const meant = name.namespace === 'chat' ? { channel: feed.channel } : {}
        const resource = { type: name.namespace, id: name.id, ...meant }
        return { ...feed, withdrawn: (run) => shares.watch(identity, resource, run) }
      }
      default:
        checkReadable(identity, name)
        return logFeed(hub, channel)
    }
  }
}

/**
 * Whether a caller may publish to the channel.
 * @throws {Problem} `FORBIDDEN`, `VALIDATION_FAILED`
 */
export function checkPublishable(identity: Identity, channel: string): void {
  if (!can(identity.role, 'publish')) {
    throw new Problem('FORBIDDEN', say('identity.role_may_not', { role: identity.role }))
  }
  if (parseChannel(channel).namespace !== 'topic') {
    throw new Problem('FORBIDDEN', 'Only channels named topic:<name> can be published to')
  }
}
