import type { Position, Publication } from '../channel/broker.ts'
import { Problem } from '../errors.ts'
import { requireAccess } from '../identity/access.ts'
import type { Identity } from '../identity/identity.ts'
import { anomalyEvent } from '../investigation/findings.ts'
import {
  type Investigation,
  type Investigations,
  investigationChannel,
} from '../investigation/investigations.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'
import type { Streams } from '../stream/streams.ts'
import { v1 } from '../vocabulary/v1.ts'
import type { Feed, ReplayedEvent } from './feed.ts'

const TERMINAL = /^\{"type":"(complete|error|cancelled)"/
const ANOMALY = /^\{"type":"anomaly","investigation_id":"[^"]*","anomaly_id":"([^"]*)"/

const isTerminal = ({ data }: Publication): boolean => TERMINAL.test(data)
const keyOf = ({ data }: Publication): string | undefined => ANOMALY.exec(data)?.[1]

/** The events of a run as its store has them: every finding, then where it stands or how it ended. */
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
 * What is shown of an investigation: the whole story, from the log or else from the store. Access has been checked.
 * @throws {Problem} `NOT_FOUND`
 */
export const storyFeed =
  (streams: Streams, investigations: Investigations) =>
  async (id: string): Promise<Feed> => {
    const current = async (): Promise<Investigation> => {
      const investigation = await investigations.get(id)
      if (!investigation) throw new Problem('NOT_FOUND', say('thing.no_such', { thing: 'investigation' }))
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
        // Read before the subscription began: what follows in the channel is never behind it. After a loss in
        // mid-stream it would be behind what was told before.
        if (!hasState) yield { data: progressEvent(before) }
        for await (const { seq: _, ...anomaly } of investigations.allAnomalies(id))
          yield { data: anomalyEvent(id, anomaly), key: anomaly.anomaly_id }
        const terminal = (await streams.get(stream_id))?.terminal_json
        if (terminal) yield { data: terminal, terminal: true }
      },
      async ended(): Promise<Position | null> {
        const stream = await streams.get(stream_id)
        if (stream?.end_epoch == null || stream.end_offset === null) return null
        return { epoch: stream.end_epoch, offset: stream.end_offset }
      },
    }
  }

/**
 * What a caller is shown of an investigation.
 * @throws {Problem} `NOT_FOUND`
 */
export const investigationFeed = (store: Store, streams: Streams, investigations: Investigations) => {
  const feedOf = storyFeed(streams, investigations)
  return async (identity: Identity, id: string): Promise<Feed> => {
    await requireAccess(store, identity, { type: 'investigation', id }, 'shared')
    return feedOf(id)
  }
}

/**
 * What a caller is shown of a stream: what its kind shows.
 * @throws {Problem} `NOT_FOUND`
 */
export const streamFeed = (store: Store, streams: Streams, investigations: Investigations) => {
  const ofInvestigation = investigationFeed(store, streams, investigations)
  return async (identity: Identity, id: string): Promise<Feed> => {
    await requireAccess(store, identity, { type: 'stream', id }, 'shared')
    const channel = (await streams.get(id))?.channel ?? ''
    return {
      ...(await ofInvestigation(identity, channel.slice('investigation:'.length))),
      name: `stream:${id}`,
    }
  }
}
