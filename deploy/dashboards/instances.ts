import { type DashboardSpec, of, quantile, rate, spread } from './panel.ts'
import { instancesUp, roundTrip } from './shared-panels.ts'

export const instances: DashboardSpec = {
  uid: 'instances',
  title: 'Tributary: instances, Redis and store',
  description: 'What each process uses, and how long the parts it depends on take.',
  rows: [
    [
      'Processes',
      [
        {
          ...instancesUp,
          isStat: false,
          queries: [['sum by (instance) (up{job="tributary"})', '{{instance}}']],
        },
        {
          title: 'CPU',
          description: 'Processors in use, by instance.',
          unit: 'short',
          queries: [[`rate(${of('process_cpu_seconds_total')}[$__rate_interval])`, '{{instance}}']],
        },
        {
          title: 'Memory',
          description: 'Resident, and JavaScript heap in use.',
          unit: 'bytes',
          queries: [
            [of('process_resident_memory_bytes'), '{{instance}} resident'],
            [of('nodejs_heap_size_used_bytes'), '{{instance}} heap'],
          ],
        },
        {
          title: 'Event-loop delay',
          description: 'Median and 99th percentile.',
          unit: 's',
          queries: [
            [of('nodejs_eventloop_lag_p50_seconds'), '{{instance}} p50'],
            [of('nodejs_eventloop_lag_p99_seconds'), '{{instance}} p99'],
          ],
        },
        {
          title: 'Garbage collection',
          description: 'Share of time, by kind.',
          unit: 'percentunit',
          queries: [[rate('nodejs_gc_duration_seconds_sum', 'instance, kind'), '{{instance}} {{kind}}']],
        },
        {
          title: 'File descriptors',
          description: 'Open ones, and how many there may be.',
          unit: 'short',
          queries: [
            [of('process_open_fds'), '{{instance}} open'],
            [of('process_max_fds'), '{{instance}} allowed'],
          ],
        },
      ],
    ],
    [
      'What they depend on',
      [
        roundTrip,
        {
          title: 'Connections to Redis made again',
          description: 'For commands and for pushes; each is a gap that history has to fill.',
          unit: 'cps',
          queries: [[rate('bus_reconnects_total', 'connection'), '{{connection}}']],
        },
        {
          title: 'The way to the store',
          description: 'A query that each scrape asks.',
          unit: 's',
          queries: spread('store_roundtrip_seconds'),
        },
        {
          title: 'Statements of the store',
          description: 'What the service itself asks, by kind, 95th percentile.',
          unit: 's',
          queries: [[quantile(0.95, 'store_query_seconds', 'statement'), '{{statement}} p95']],
        },
        {
          title: 'Statements asked',
          description: 'By kind.',
          unit: 'ops',
          queries: [[rate('store_query_seconds_count', 'statement'), '{{statement}}']],
        },
        {
          title: 'Handles',
          description: 'What keeps the event loop alive: sockets, timers, files.',
          unit: 'short',
          queries: [[of('nodejs_active_handles_total'), '{{instance}}']],
        },
      ],
    ],
  ],
}
