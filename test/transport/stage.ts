import fastify, { type FastifyInstance } from 'fastify'
import type { Broker } from '../../src/channel/broker.ts'
import type { MemoryBrokerOptions } from '../../src/channel/broker-memory.ts'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import { Hub, type HubOptions } from '../../src/channel/hub.ts'
import type { Feed, ReplayedEvent } from '../../src/feed/feed.ts'
import type { Viewer } from '../../src/feed/viewer.ts'
import { compressPlugin } from '../../src/plugins/compress.ts'
import { Connections } from '../../src/transport/connections.ts'
import { type EventStreamOptions, serveEvents } from '../../src/transport/sse.ts'
import type { TransportObserver } from '../../src/transport/transport-observer.ts'
import { publication } from '../../src/vocabulary/publication.ts'
import { v1 } from '../../src/vocabulary/v1.ts'

/** What happened, as the observer was told. */
export interface Observed {
  events: number
  cutoffs: string[]
  recoveries: string[]
  errors: string[]
  opened: number
  closed: number
}

export function observe(): { observer: TransportObserver; seen: Observed } {
  const seen: Observed = { events: 0, cutoffs: [], recoveries: [], errors: [], opened: 0, closed: 0 }
  const observer: TransportObserver = {
    sseEvent: (_endpoint, count) => {
      seen.events += count
    },
    cutoff: (reason) => seen.cutoffs.push(reason),
    recovery: (outcome) => seen.recoveries.push(outcome),
    error: (type) => seen.errors.push(type),
    connectionOpened: () => {
      seen.opened++
    },
    connectionClosed: () => {
      seen.closed++
    },
  }
  return { observer, seen }
}

export interface StageOptions {
  broker?: Partial<MemoryBrokerOptions>
  hub?: HubOptions
  limits?: { maxConnections?: number; maxPerAddress?: number }
  stream?: Partial<EventStreamOptions>
  viewer?: () => Partial<Viewer>
  /** Feeds by channel that are more than a bare log. */
  feeds?: Record<string, Partial<Feed>>
}

export interface Stage {
  app: FastifyInstance
  broker: Broker
  hub: Hub
  url: string
  connections: Connections
  seen: Observed
  publish(channel: string, ...values: unknown[]): Promise<{ epoch: string; offset: number }>
}

/** A feed that tells all that is kept of it, where the log has lost it, and ends with what is `complete`. */
export const keptFeed = (kept: readonly ReplayedEvent[]) =>
  ({
    since: 'beginning',
    isTerminal: ({ data }) => data.includes('complete'),
    keyOf: ({ data }) => JSON.parse(data).key,
    snapshot: async () => ({ found: kept.length }),
    async *replay() {
      yield* kept
    },
  }) satisfies Partial<Feed>

/** A served broker: `/one/:channel` and `/many?channel=…`, GET and POST. */
export async function openStage(
  t: { teardown(run: () => unknown): void },
  options: StageOptions = {},
): Promise<Stage> {
  const broker = memoryBroker({ historySize: 10_000, historyTtlMs: 3_600_000, ...options.broker })
  const hub = new Hub(broker, options.hub)
  const { observer, seen } = observe()
  const connections = new Connections(
    { maxConnections: 1000, maxPerAddress: 1000, ...options.limits },
    observer,
  )
  const settings = {
    hub,
    connections,
    observer,
    keepaliveSeconds: 30,
    retryMs: 3000,
    compression: 6,
    bufferBytes: 65_536,
    graceMs: 2000,
    ...options.stream,
  }
  const viewer = (): Viewer => ({
    id: 'u1',
    username: 'ana',
    address: '127.0.0.1',
    expiresAt: null,
    revoked: new AbortController().signal,
    ...options.viewer?.(),
  })
  const app = fastify({ forceCloseConnections: true })
  await app.register(compressPlugin, { level: 6, chunkBytes: 8192 })
  const feedOf = (channel: string, events = v1): Feed => ({
    channel,
    events,
    since: 'now',
    ...options.feeds?.[channel],
  })
  await app.register(async (scope) => {
    scope.route<{ Params: { channel: string } }>({
      method: ['GET', 'POST'],
      url: '/one/:channel',
      exposeHeadRoute: false,
      handler: (request, reply) =>
        serveEvents(request, reply, {
          ...settings,
          feeds: [feedOf(request.params.channel)],
          viewer: viewer(),
          endpoint: 'one',
        }),
    })
    scope.get<{ Querystring: { channel: string | string[] } }>(
      '/many',
      { exposeHeadRoute: false },
      (request, reply) =>
        serveEvents(request, reply, {
          ...settings,
          feeds: [request.query.channel].flat().map((channel) => feedOf(channel, publication)),
          viewer: viewer(),
          endpoint: 'many',
          cursor: true,
        }),
    )
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    await app.close()
    await hub.close()
    await broker.close()
  })
  return {
    app,
    broker,
    hub,
    url,
    connections,
    seen,
    publish: (channel, ...values) =>
      hub.publish(
        channel,
        values.map((value) => JSON.stringify(value)),
      ),
  }
}

/** Ascending, the first and the last included. */
export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** Of events that carry `{"n":…}`. */
export const numbers = (events: { data: string }[]): number[] => events.map(({ data }) => JSON.parse(data).n)

/** Resolves when the condition holds; looked at every turn, so nothing is slept over. */
export async function until(what: string, holds: () => boolean, patienceMs = 10_000): Promise<void> {
  const end = performance.now() + patienceMs
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${patienceMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
