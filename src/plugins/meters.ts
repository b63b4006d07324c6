import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { LOSS_REASONS } from '../channel/subscriber.ts'
import { within } from '../deadline.ts'
import { dataMeters } from './data-meters.ts'
import { RecentRequests } from './recent-requests.ts'
import { storeMeters } from './store-meters.ts'
import { turnMeters } from './turn-meters.ts'
import { addWireMeters, type WireSources } from './wire-meters.ts'
import { addWorkMeters, auditEvents, type WorkSources } from './work-meters.ts'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600, 3600]
const ROUNDTRIP_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/** The way in which an endpoint streams. */
export type StreamType = 'sse' | 'websocket' | 'http'

/**
 * Endpoints by kind of stream, for streams whose instance died: the instance that takes one over does not know its
 * endpoint.
 */
const ENDPOINTS: Readonly<Record<string, string>> = {
  chat: '/api/v1/chat/stream',
  prompt: '/api/prompts/execute/stream',
  completion: '/v1/chat/completions',
  action: '/api/stream/execute',
  investigation: '/api/v1/investigations/stream/:id',
}

/** Time for which a scrape waits for the numbers of the job queue before it goes without them. */
const JOBS_TIMEOUT_MS = 1000

/** Returns the kind of a WebSocket, by its room's name or its route. */
const webSocketType = (endpoint: string): 'general' | 'chat' | 'investigation' => {
  if (/(^|\/ws\/)chat/.test(endpoint)) return 'chat'
  return /(^|\/ws\/)investigation/.test(endpoint) ? 'investigation' : 'general'
}

/**
 * Makes the metrics of one instance, in a registry of its own. `endpoint` is always a route's pattern, and no label
 * ever holds a token, a user, a channel or anything else that comes from a client.
 */
export const createMeters = () => {
  const registry = new Registry()
  const registers = [registry]
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name, help, labelNames, registers })
  /**
   * Makes a counter of events that come with every token and reader: it adds up between two scrapes. Most come one
   * after another under one label, whose sum is at hand.
   */
  const tally = (name: string, help: string, label?: string) => {
    const sums = new Map<string, { count: number }>()
    let last = ''
    let sum = { count: 0 }
    sums.set(last, sum)
    new Counter({
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers,
      collect() {
        for (const [value, of] of sums) {
          if (of.count > 0) this.inc(label === undefined ? {} : { [label]: value }, of.count)
          of.count = 0
        }
      },
    })
    return (count: number, value = ''): void => {
      if (value !== last) {
        last = value
        sum = sums.get(value) ?? { count: 0 }
        sums.set(value, sum)
      }
      sum.count += count
    }
  }
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name, help, labelNames, registers })

  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'From the request to its end, which is that of the stream or the WebSocket where it is one',
    labelNames: ['method', 'endpoint', 'status'],
    buckets: SECONDS,
    registers,
  })
  const roundtrip = new Histogram({
    name: 'bus_roundtrip_seconds',
    help: 'The way of a probe through the bus and back',
    buckets: ROUNDTRIP_SECONDS,
    registers,
  })
  const webSockets = gauge('websocket_connections_active', 'Open WebSockets', ['type'])
  const eventStreams = gauge('sse_connections_active', 'Open event-streams', ['endpoint'])
  const events = tally('sse_events_sent_total', 'Events written to event-streams', 'endpoint')
  const errors = counter('streaming_errors_total', 'Streams that failed', ['type', 'endpoint'])
  const publications = tally('bus_publications_total', 'Publications this instance has appended')
  const deliveries = tally('bus_deliveries_total', 'Publications handed to subscribers of this instance')
  const cutoffs = counter('subscriber_cutoffs_total', 'Subscribers cut because they read too slowly', [
    'reason',
  ])
  const recoveries = counter('subscriber_recoveries_total', 'Positions that subscribers asked for', [
    'outcome',
  ])

  const reconnects = counter('bus_reconnects_total', 'Connections to Redis that were made again', [
    'connection',
  ])
  const takenOver = counter(
    'streams_taken_over_total',
    'Streams of another instance that this one went on with or ended',
    ['kind'],
  )
  const leasesLost = counter('streams_lost_total', 'Streams that another instance has taken from this one', [
    'kind',
  ])

  let readJobs: (() => Promise<Readonly<Record<string, number>>>) | undefined
  new Gauge({
    name: 'jobs',
    help: 'Jobs of the queue, as far as this instance sees them',
    aggregator: 'max',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset()
      const counts =
        readJobs &&
        (await within(readJobs(), JOBS_TIMEOUT_MS, () => {
          throw new Error(`nothing in ${JOBS_TIMEOUT_MS} ms`)
        }).catch(() => undefined))
      for (const [state, count] of Object.entries(counts ?? {})) this.set({ state }, count)
    },
  })
  for (const type of ['general', 'chat', 'investigation']) webSockets.set({ type }, 0)
  for (const reason of ['stalled', 'overflow']) cutoffs.inc({ reason }, 0)
  for (const outcome of ['recovered', ...LOSS_REASONS]) recoveries.inc({ outcome }, 0)
  for (const connection of ['commands', 'pushes']) reconnects.inc({ connection }, 0)

  const recent = new RecentRequests()
  const streamTypes = new Map<string, StreamType>()
  const streamFailed = (endpoint: string): void =>
    errors.inc({ type: streamTypes.get(endpoint) ?? 'http', endpoint })

  const moveConnections = (kind: 'sse' | 'websocket', endpoint: string, by: 1 | -1) => {
    if (kind === 'sse') eventStreams.inc({ endpoint }, by)
    else webSockets.inc({ type: webSocketType(endpoint) }, by)
  }

  return {
    registry,
    /** Adds the gauges that are read from the parts of the service. */
    work: (sources: WorkSources): void => addWorkMeters(registry, sources),
    /** Adds the figures that are read from the connections. */
    wire: (sources: WireSources): void => addWireMeters(registry, sources),
    store: storeMeters(registry),
    data: dataMeters(registry),
    /** Counts events that were put into the audit log. */
    audited: auditEvents(registry),
    /** Counts one answered request. */
    request(method: string, endpoint: string, status: number, seconds: number): void {
      requests.observe({ method, endpoint, status }, seconds)
      recent.add(status)
    },
    /** Counts the requests that ended within the last minute. */
    recentRequests: () => recent.counts(),
    /** Sets the function by which each scrape reads the number of jobs by state. */
    jobs(read: () => Promise<Readonly<Record<string, number>>>): void {
      readJobs = read
    },
    /** Counts events of the hub. */
    channel: {
      published: publications,
      delivered: (count: number): void => deliveries(count),
      roundtrip: (ms: number): void => roundtrip.observe(ms / 1000),
      reconnected: (connection: 'commands' | 'pushes'): void => reconnects.inc({ connection }),
      failed: (_error: unknown): void => errors.inc({ type: 'subscriber', endpoint: '' }),
    },
    /** Counts streams that end with an error, by their endpoint. */
    streams: {
      /** Begins the series of an endpoint. */
      known(endpoint: string, type: StreamType): void {
        streamTypes.set(endpoint, type)
        errors.inc({ type, endpoint }, 0)
      },
      failed: streamFailed,
      /** Counts a stream of that kind whose endpoint is not known here. */
      lost: (kind: string): void => streamFailed(ENDPOINTS[kind] ?? kind),
      /** Begins the series of a kind of stream. */
      kind(kind: string): void {
        for (const count of [takenOver, leasesLost]) count.inc({ kind }, 0)
      },
      takenOver: (kind: string): void => takenOver.inc({ kind }),
      takenAway: (kind: string): void => leasesLost.inc({ kind }),
    },
    ...turnMeters(registry),
    /** Counts events of the transports. */
    transport: {
      sseEvent: (endpoint: string, count: number): void => events(count, endpoint),
      cutoff: (reason: string): void => cutoffs.inc({ reason }),
      recovery: (outcome: string): void => recoveries.inc({ outcome }),
      connectionOpened: (kind: 'sse' | 'websocket', endpoint: string): void =>
        moveConnections(kind, endpoint, 1),
      connectionClosed: (kind: 'sse' | 'websocket', endpoint: string): void =>
        moveConnections(kind, endpoint, -1),
      error: (type: string, endpoint: string): void => errors.inc({ type, endpoint }),
    },
  }
}

export type Meters = ReturnType<typeof createMeters>
