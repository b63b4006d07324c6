import t, { type Test } from 'tap'
import type { Broker } from '../../src/channel/broker.ts'
import { Hub } from '../../src/channel/hub.ts'
import { Presence } from '../../src/channel/presence.ts'
import type { Store } from '../../src/store/database.ts'
import { Streams, type StreamsOptions } from '../../src/stream/streams.ts'

/**
 * One instance as far as streams go; drained and closed with the test, as its broker is by who opened that.
 * An error that nobody asked to be told of fails the file.
 */
export const openStreams = (
  test: Pick<Test, 'teardown'>,
  store: Store,
  broker: Broker,
  options: Partial<StreamsOptions> = {},
) => {
  const hub = new Hub(broker)
  const presence = new Presence(broker, hub)
  const streams = new Streams(store, hub, presence, {
    instance: 'one',
    leaseMs: 60_000,
    maxPerUser: 20,
    orphanGraceMs: 60_000,
    maxDurationMs: 0,
    onError: (error) => t.fail(String(error)),
    ...options,
  })
  test.teardown(async () => {
    await streams.drain(0)
    presence.close()
    await hub.close()
  })
  return { hub, presence, streams }
}
