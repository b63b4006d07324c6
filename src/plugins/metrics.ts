import type { FastifyInstance, RouteOptions } from 'fastify'
import fastifyMetrics from 'fastify-metrics'
import fp from 'fastify-plugin'
import promClient from 'prom-client'
import { createMeters, type Meters, type StreamType } from './meters.ts'
import { whenOver } from './request-end.ts'

declare module 'fastify' {
  interface FastifyInstance {
    meters: Meters
  }
}

export interface MetricsOptions {
  /** Metrics that parts of the service made before the application use already. */
  meters?: Meters
}

/** Returns the way in which a route streams; undefined where it does not. */
const streamTypeOf = (route: RouteOptions): StreamType | undefined => {
  const { produces = [] } = (route.schema ?? {}) as { produces?: readonly string[] }
  if ('websocket' in route && route.websocket === true) return 'websocket'
  if (route.config?.eventStream || produces.includes('text/event-stream')) return 'sse'
  return produces.some((type) => /^text\/(?:plain|csv)/.test(type)) ? 'http' : undefined
}

/**
 * Collects the process's own figures, and times every request to its end, also a stream's and a WebSocket's. It must
 * be registered before the plugins that refuse requests.
 *
 * The timer is not fastify-metrics' own, which sees neither connections that are cut off nor upgrades.
 */
export const metricsPlugin = fp(
  async (app: FastifyInstance, { meters = createMeters() }: MetricsOptions) => {
    app.decorate('meters', meters)
    await app.register(fastifyMetrics.default, {
      endpoint: null,
      promClient,
      defaultMetrics: { enabled: true, register: meters.registry },
      routeMetrics: { enabled: false },
    })
    app.addHook('onRoute', (route) => {
      const type = streamTypeOf(route)
      if (type !== undefined) meters.streams.known(route.url, type)
    })
    app.addHook('onRequest', (request, reply, done) => {
      const endpoint = request.routeOptions.url ?? '__unknown__'
      whenOver(request, reply, (status) =>
        meters.request(request.method, endpoint, status, reply.elapsedTime / 1000),
      )
      done()
    })
  },
  { name: 'metrics', fastify: '5.x' },
)
