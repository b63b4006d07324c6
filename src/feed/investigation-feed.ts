import type { Publication } from '../channel/broker.ts'
import { noSuch } from '../errors.ts'
import type { AccessControl } from '../identity/access.ts'
import type { Shares } from '../identity/shares.ts'
import { anomalyEvent } from '../investigation/findings.ts'
import {
  type Investigation,
  type Investigations,
  investigationChannel,
} from '../investigation/investigations.ts'
import { reviewsChannel } from '../investigation/reviews.ts'
import { terminalTest } from '../protocol/event-text.ts'
import { anomalyIdOf } from '../protocol/investigation-event.ts'
import { endOf } from '../stream/stream.ts'
import type { Streams } from '../stream/streams.ts'
import { v1 } from '../vocabulary/v1.ts'
import { type Feed, type NamespaceFeed, type ReplayedEvent, untilUnshared } from './feed.ts'

const isTerminal = terminalTest()
const keyOf = ({ data }: Publication): string | undefined => anomalyIdOf(data)

/** Returns the text of a `progress` event with an investigation's stored progress. */
const progressEvent = (investigation: Investigation): string =>
  JSON.stringify({
    type: 'progress',
    investigation_id: investigation.investigation_id,
    progress: investigation.progress,
    current_phase: investigation.current_phase,
    records_processed: investigation.records_processed,
    records_total: investigation.records_total,
    anomalies_detected: investigation.anomalies_detected,
    timestamp: new Date().toISOString(),
  })

/**
 * Makes the feed of an investigation: all its events, from the log or else from the store, until its terminal one. It
 * does not check access.
 * @throws {Problem} `NOT_FOUND`
 */
export const investigationFeed =
  (streams: Pick<Streams, 'get'>, investigations: Investigations) =>
  async (id: string): Promise<Feed> => {
    const current = async (): Promise<Investigation> => {
      const investigation = await investigations.get(id)
      if (!investigation) throw noSuch('investigation')
      return investigation
    }
    const before = await current()
    const { stream_id } = before
    return {
      channel: investigationChannel(id),
      events: v1,
      since: 'beginning',
      isTerminal,
      keyOf,
      async beganIn(epoch) {
        const began = (await streams.get(stream_id))?.epoch ?? null
        return began === null || began === epoch
      },
      snapshot: current,
      async *replay(hasState: boolean): AsyncGenerator<ReplayedEvent> {
        // Read before the subscription began, so that no event in the channel is older than it. After a loss in
        // mid-stream it would be older than the events sent before.
        if (!hasState) yield { data: progressEvent(before) }
        for await (const { seq: _, ...anomaly } of investigations.allAnomalies(id))
          yield { data: anomalyEvent(id, anomaly), key: anomaly.anomaly_id }
        const terminal = (await streams.get(stream_id))?.terminal_json
        if (terminal) yield { data: terminal, terminal: true }
      },
      async ended() {
        return endOf(await streams.get(stream_id))
      },
    }
  }

/** The parts that decide who may watch an investigation, and for how long. */
export interface InvestigationAccess {
  access: Pick<AccessControl, 'require'>
  shares: Pick<Shares, 'watch'>
}

export interface InvestigationFeedOptions extends InvestigationAccess {
  /** Makes the feed of one investigation; see {@link investigationFeed}. */
  feedOf: ReturnType<typeof investigationFeed>
}

/** Makes the feed of an investigation for its owner and those it is shared with. */
export const sharedInvestigationFeed =
  ({ access, shares, feedOf }: InvestigationFeedOptions): NamespaceFeed =>
  async (identity, id) => {
    const resource = { type: 'investigation', id } as const
    await access.require(identity, resource, 'shared')
    return untilUnshared(await feedOf(id), shares, identity, resource)
  }

/** Makes the feed of the reviews that people give the findings of an investigation, for those who may read it. */
export const reviewsFeed =
  ({ access, shares }: InvestigationAccess): NamespaceFeed =>
  async (identity, id) => {
    const resource = { type: 'investigation', id } as const
    await access.require(identity, resource, 'shared')
    const feed: Feed = { channel: reviewsChannel(id), events: v1, since: 'now', isLog: true }
    return untilUnshared(feed, shares, identity, resource)
  }
