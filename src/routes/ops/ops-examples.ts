import type { RouteExample } from '../../plugins/route-example.ts'

/** Requests and answers of operation, in an order in which they work one after the other. */
export const OPERATION_EXAMPLES: readonly RouteExample[] = [
  {
    route: 'GET /health/live',
    answer: {
      status: 200,
      means: 'The process runs; it says nothing of what it depends on',
      body: { status: 'ok' },
    },
  },
  {
    route: 'GET /health/ready',
    answer: {
      status: 200,
      means: 'Store, bus and queue were probed and answered',
      body: { status: 'ok', checks: { store: 'ok', bus: 'ok', queue: 'ok' }, draining: false },
    },
  },
  ...(['GET /metrics', 'GET /health/metrics'] as const).map(
    (route): RouteExample => ({
      route,
      answer: {
        status: 200,
        means: 'Every metric of this instance, with its labels and its value now',
        contentType: 'text/plain',
        body: 'bus_publications_total 12\nsse_connections_active{endpoint="/api/v1/events"} 3\n…',
      },
    }),
  ),
  {
    route: 'GET /api/v1/observability',
    answer: {
      status: 200,
      means: 'What runs now, on this instance and on all',
      body: {
        instance: {
          id: 'host-1-3b28fcb4',
          uptime_seconds: 20,
          memory_bytes: 236863488,
          requests: { seconds: 20, answered: 61, refused: 2, failed: 0 },
          connections: [],
          streams: { running: 1, parked: 0 },
          channels: { channels: 0, subscribers: 0, unsettled: 0, busUp: true },
        },
        all: { streams: { waiting: 0, running: 1 }, instances: [{ id: 'host-1-3b28fcb4', streams: 1 }] },
        metrics: '/metrics',
        grafana: null,
      },
    },
  },
]
