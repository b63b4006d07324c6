import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { within } from '../deadline.ts'

/** Time for which a scrape waits for the store before it goes without its figures. */
const STORE_TIMEOUT_MS = 1000

/** The current work of the service's rooms, as metrics read it. */
export interface WorkSources {
  /** Subscribed channels and their subscribers, by namespace. */
  channels(): Iterable<readonly [kind: string, counts: { channels: number; subscribers: number }]>
  /** Streams that this instance runs, and those that are paused. */
  held(): { running: number; parked: number }
  /** Milliseconds since the start of the stream that has waited longest for an instance; 0 when none waits. */
  oldestWaitingMs(): Promise<number>
  providers(): readonly { name: string; state: string }[]
  /** Time of the last signature under the audit log, in ms; undefined while there is none. */
  lastCheckpoint(): Promise<number | undefined>
  /** Milliseconds for which the leases of this instance still hold; undefined before it has work. */
  leaseLeftMs(): number | undefined
  /** Downloads that run on this instance, by kind. */
  exports(): Iterable<readonly [kind: string, count: number]>
}

const BREAKER_STATES = ['closed', 'half_open', 'open']

/**
 * Adds gauges that are read from the parts of the service at each scrape. Their labels are namespaces, states and
 * names from the settings. Of several workers those are added up that each has for itself; the rest they see alike.
 */
export const addWorkMeters = (registry: Registry, sources: WorkSources) => {
  const registers = [registry]
  const gauge = (
    name: string,
    help: string,
    labelNames: string[],
    collect: (gauge: Gauge) => Promise<void> | void,
    aggregator: 'sum' | 'max' | 'min' = 'sum',
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      aggregator,
      collect() {
        return collect(this)
      },
    })
  const store = new Histogram({
    name: 'store_roundtrip_seconds',
    help: 'A query of the store that each scrape asks',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    registers,
  })
  const timely = <T>(answer: Promise<T>): Promise<T | undefined> =>
    within(answer, STORE_TIMEOUT_MS, () => undefined).catch(() => undefined)

  gauge('hub_channels', 'Channels that this instance has subscribed to', ['kind'], (it) => {
    it.reset()
    for (const [kind, { channels }] of sources.channels()) it.set({ kind }, channels)
  })
  gauge('hub_subscribers', 'Subscribers of channels on this instance', ['kind'], (it) => {
    it.reset()
    for (const [kind, { subscribers }] of sources.channels()) it.set({ kind }, subscribers)
  })
  gauge('streams_held', 'Streams whose lease this instance renews', ['state'], (it) => {
    for (const [state, count] of Object.entries(sources.held())) it.set({ state }, count)
  })
  gauge(
    'jobs_oldest_waiting_seconds',
    'How long the oldest job has waited for an instance',
    [],
    async (it) => {
      const startedAt = performance.now()
      const oldestMs = await timely(sources.oldestWaitingMs())
      store.observe((performance.now() - startedAt) / 1000)
      it.reset()
      if (oldestMs !== undefined) it.set(oldestMs / 1000)
    },
    'max',
  )
  gauge(
    'llm_provider_state',
    '1 for the state that the breaker is in',
    ['provider', 'state'],
    (it) => {
      for (const { name, state } of sources.providers())
        for (const one of BREAKER_STATES) it.set({ provider: name, state: one }, one === state ? 1 : 0)
    },
    'max',
  )
  gauge(
    'audit_checkpoint_timestamp_seconds',
    'When the audit log was signed last',
    [],
    async (it) => {
      const at = await timely(sources.lastCheckpoint())
      it.reset()
      if (at !== undefined) it.set(at / 1000)
    },
    'max',
  )
  gauge(
    'lease_left_seconds',
    'How long the leases of this instance still hold unless they are renewed',
    [],
    (it) => {
      const leftMs = sources.leaseLeftMs()
      it.reset()
      if (leftMs !== undefined) it.set(leftMs / 1000)
    },
    'min',
  )
  gauge('exports_running', 'Exports that this instance sends now', ['kind'], (it) => {
    for (const [kind, count] of sources.exports()) it.set({ kind }, count)
  })
}

/** Makes the counter of events that this instance has put into the audit chain, by type. */
export const auditEvents = (registry: Registry) => {
  const counter = new Counter({
    name: 'audit_events_total',
    help: 'Events that this instance has put into the audit log',
    labelNames: ['event_type'],
    registers: [registry],
  })
  counter.inc({ event_type: 'audit.broken' }, 0)
  return (events: readonly { event_type: string }[]): void => {
    for (const { event_type } of events) counter.inc({ event_type })
  }
}
