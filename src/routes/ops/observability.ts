import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import type { RequestCounts } from '../../plugins/recent-requests.ts'
import type { Streams } from '../../stream/streams.ts'
import type { Connections } from '../../transport/connections.ts'
import { problemResponses } from '../problem-schema.ts'

const Count = Type.Integer({ minimum: 0 })
const ChannelCounts = Type.Object({
  channels: Count,
  subscribers: Count,
  unsettled: Type.Integer({ minimum: 0, description: 'channels whose continuity is being checked' }),
  busUp: Type.Boolean(),
})
const Observed = Type.Object({
  instance: Type.Object(
    {
      id: Type.String(),
      uptime_seconds: Count,
      memory_bytes: Count,
      requests: Type.Object(
        {
          seconds: Type.Integer({ minimum: 1, maximum: 60, description: 'the time that was counted' }),
          answered: Count,
          refused: Type.Integer({ minimum: 0, description: 'of those, with a status of 400–499' }),
          failed: Type.Integer({ minimum: 0, description: 'of those, with a status of 500–599' }),
        },
        { description: 'requests that ended within the last minute' },
      ),
      connections: Type.Array(
        Type.Object({ kind: Type.Enum(['sse', 'websocket']), endpoint: Type.String(), count: Count }),
      ),
      streams: Type.Object({ running: Count, parked: Count }),
      channels: ChannelCounts,
    },
    { description: 'the instance that answers' },
  ),
  all: Type.Object({
    streams: Type.Object({ waiting: Count, running: Count }),
    instances: Type.Array(Type.Object({ id: Type.String(), streams: Count })),
  }),
  metrics: Type.String({ description: 'path of the metrics' }),
  grafana: Type.Union([Type.String(), Type.Null()]),
})

export interface ObservabilityRoutesOptions {
  instance: string
  streams: Streams
  /** Returns counts of the current work of this instance. */
  hub: { stats(): Static<typeof ChannelCounts> }
  connections: Connections
  /** Counts the requests that this instance has answered within the last minute. */
  recentRequests(): RequestCounts
  grafanaUrl: string | undefined
}

/** Serves counts of current work: of the answering instance, and of all. */
export const observabilityRoutes: FastifyPluginAsyncTypebox<ObservabilityRoutesOptions> = async (
  app,
  options,
) => {
  const { instance, streams, hub, connections, recentRequests, grafanaUrl } = options
  app.get(
    '/api/v1/observability',
    {
      config: { access: 'administer' },
      schema: {
        tags: ['operation'],
        summary: 'What is running now',
        response: { 200: Observed, ...problemResponses(401, 403, 429) },
      },
    },
    async () => ({
      instance: {
        id: instance,
        uptime_seconds: Math.round(process.uptime()),
        memory_bytes: process.memoryUsage.rss(),
        requests: recentRequests(),
        connections: connections.counts(),
        streams: streams.running(),
        channels: hub.stats(),
      },
      all: { streams: await streams.jobs(), instances: await streams.instances() },
      metrics: '/metrics',
      grafana: grafanaUrl ?? null,
    }),
  )
}
