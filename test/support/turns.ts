import type { Test } from 'tap'
import type { Broker } from '../../src/channel/broker.ts'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import type { Store } from '../../src/store/database.ts'
import type { StreamsOptions } from '../../src/stream/streams.ts'
import { TURN_KINDS } from '../../src/turn/turn.ts'
import { Turns } from '../../src/turn/turns.ts'
import { openStreams } from './streams.ts'

type Ended = Pick<Test, 'teardown'>

const openBroker = (test: Ended): Broker => {
  const broker = memoryBroker({ historySize: 100, historyTtlMs: 60_000 })
  test.teardown(() => broker.close())
  return broker
}

/** One instance as far as turns go, which keeps at once what is said; with a log of its own unless one is given. */
export const openTurns = (
  test: Ended,
  store: Store,
  broker: Broker = openBroker(test),
  options: Partial<StreamsOptions> = {},
) => {
  const { hub, streams } = openStreams(test, store, broker, options)
  const turns = new Turns(store, streams, hub, { flushMs: 0 })
  streams.work(TURN_KINDS.map((kind) => turns.runner(kind)))
  return { hub, streams, turns }
}
