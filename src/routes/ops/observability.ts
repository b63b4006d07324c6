import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Streams } from '../../stream/streams.ts'
import type { Connections } from '../../transport/connections.ts'

export interface ObservabilityRoutesOptions {
  instance: string
  streams: Streams
  /** Returns counts of the current work of this instance. */
  hub: { stats(): object }
  connections: Connections
  grafanaUrl: string | undefined
}

/** Serves counts of current work: of the answering instance, and of all. */
export const observabilityRoutes: FastifyPluginAsyncTypebox<ObservabilityRoutesOptions> = async (
  app,
  options,
) => {
  const { instance, streams, hub, connections, grafanaUrl } = options
  app.get(
    '/api/v1/observability',
    { config: { access: 'administer' }, schema: { tags: ['operation'], summary: 'What is running now' } },
    async () => ({
      instance: {
        id: instance,
        uptime_seconds: Math.round(process.uptime()),
        memory_bytes: process.memoryUsage.rss(),
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
