import type { PublicationSums } from '../audit/publications.ts'
import type { History, Member, Position, Publication } from '../channel/broker.ts'
import type { Hub } from '../channel/hub.ts'
import { parseChannel } from '../channel/name.ts'
import type { Presence } from '../channel/presence.ts'
import { Problem } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'
import { say } from '../language/sentence.ts'
import type { Feed } from './feed.ts'
import { checkPublishable } from './feeds.ts'

export interface ChannelUseOptions {
  hub: Pick<Hub, 'history' | 'publish'>
  presence: Pick<Presence, 'members'>
  /** Counts publications for the audit log. */
  publications: Pick<PublicationSums, 'count'>
  /** Returns the trace of the caller's request, as `traceparent` has it; undefined where there is none. */
  trace?: (() => string | undefined) | undefined
}

/** A page of a channel's log, as a caller sees it. */
export interface ChannelPage extends Omit<History, 'publications'> {
  /** The name by which clients know the channel. */
  name: string
  /** The publications of the page that the caller may see, ascending. */
  publications: readonly Publication[]
  /** Last offset of the page, hidden publications included; `top` for an empty page. */
  last: number
}

/** Publishes to channels and reads them, for callers over HTTP and WebSocket. */
export interface ChannelUse {
  /**
   * Refuses a caller who may not publish to a channel, before what is published is read.
   * @throws {Problem} `FORBIDDEN`; `VALIDATION_FAILED` naming `:channel`
   */
  checkPublishable(identity: Identity, channel: string): void
  /**
   * Publishes JSON texts to a topic, all or none, and counts them for the audit log.
   * @param idempotencyKey repeats of the caller's with the same key publish nothing more
   * @throws {Problem} `FORBIDDEN`, `VALIDATION_FAILED`, `BUS_UNAVAILABLE`
   */
  publish(
    identity: Identity,
    channel: string,
    texts: readonly string[],
    idempotencyKey?: string,
  ): Promise<Position>
  /**
   * Reads what is kept of a feed's channel behind an offset, oldest first.
   * @throws {Problem} `BUS_UNAVAILABLE`; `CONFLICT` when the log goes on under another epoch
   */
  history(feed: Feed, after: { epoch?: string; offset: number }, limit: number): Promise<ChannelPage>
  /**
   * Lists the connections that are subscribed to a feed's channel, on any instance.
   * @throws {Problem} `BUS_UNAVAILABLE`
   */
  members(feed: Feed): Promise<Member[]>
}

/** Makes the use cases of channels. */
export const channelUse = ({ hub, presence, publications, trace }: ChannelUseOptions): ChannelUse => ({
  checkPublishable(identity, channel) {
    parseChannel(channel, ':channel')
    checkPublishable(identity, channel)
  },

  async publish(identity, channel, texts, idempotencyKey) {
    checkPublishable(identity, channel)
    const { isRepeat, ...position } = await hub.publish(channel, texts, {
      trace: trace?.(),
      ...(idempotencyKey !== undefined && {
        idempotencyKey: `${identity.id} ${idempotencyKey}`,
        isExact: true,
      }),
    })
    if (!isRepeat) publications.count(identity, channel, texts.length)
    return position
  },

  async history({ channel, name = channel, events }, after, limit) {
    const { publications: page, ...log } = await hub.history(channel, after.offset, limit)
    if (after.epoch !== undefined && after.epoch !== log.epoch) {
      throw new Problem('CONFLICT', say('publication.epoch_gone', { epoch: log.epoch }))
    }
    return {
      ...log,
      name,
      // A feed of one part of a channel, such as a stream's, shows only the publications that have events in it.
      publications: page.filter((publication) => events(publication).length > 0),
      last: page.at(-1)?.offset ?? log.top,
    }
  },

  members: ({ channel }) => presence.members(channel),
})
