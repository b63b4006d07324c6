import { createHash, timingSafeEqual } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import fastifyMetrics from 'fastify-metrics'
import fp from 'fastify-plugin'
import promClient from 'prom-client'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import { createMeters, type Meters, type StreamType } from './meters.ts'
import { whenOver } from './request-end.ts'

declare module 'fastify' {
  interface FastifyInstance {
    meters: Meters
  }
}

export interface MetricsOptions {
  /** Bearer token for callers that are not on loopback; without it they are refused. */
  token: string | undefined
  /** Metrics that parts of the service made before the application use already. */
  meters?: Meters
}

const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const
const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** Tells whether a request comes from this machine, and not through a proxy for another. */
const isLocal = ({ raw, headers }: FastifyRequest): boolean => {
  const address = raw.socket.remoteAddress ?? ''
  const family = isIP(address)
  return (
    family !== 0 &&
    LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4') &&
    FORWARDED.every((name) => headers[name] === undefined)
  )
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/**
 * Refuses a caller that may not read the metrics.
 * @throws {Problem} `FORBIDDEN`, `UNAUTHENTICATED`
 */
const authorise = (request: FastifyRequest, token: string | undefined): void => {
  if (isLocal(request)) return
  if (!token) throw new Problem('FORBIDDEN', say('identity.metrics_loopback'))
  const given = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (given === undefined || !timingSafeEqual(digest(given), digest(token))) {
    throw new Problem('UNAUTHENTICATED', say('identity.metrics_token'))
  }
}

/** Returns the way in which a route streams; undefined where it does not. */
const streamTypeOf = (route: RouteOptions): StreamType | undefined => {
  const { produces = [] } = (route.schema ?? {}) as { produces?: readonly string[] }
  if ('websocket' in route && route.websocket === true) return 'websocket'
  if (route.config?.eventStream || produces.includes('text/event-stream')) return 'sse'
  return produces.some((type) => /^text\/(?:plain|csv)/.test(type)) ? 'http' : undefined
}

/**
 * Serves `GET /metrics` and `GET /health/metrics`, with the process's own figures, and times every request to its
 * end, also a stream's and a WebSocket's. It must be registered before the plugins that refuse requests.
 *
 * The timer is not fastify-metrics' own, which sees neither connections that are cut off nor upgrades.
 */
export const metricsPlugin = fp(
  async (app: FastifyInstance, { token, meters = createMeters() }: MetricsOptions) => {
    const { registry } = meters
    app.decorate('meters', meters)
    await app.register(fastifyMetrics.default, {
      endpoint: null,
      promClient,
      defaultMetrics: { enabled: true, register: registry },
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
    for (const url of ['/metrics', '/health/metrics']) {
      app.route({
        method: 'GET',
        url,
        exposeHeadRoute: false,
        config: { access: 'public' },
        handler: async (request, reply) => {
          authorise(request, token)
          return reply
            .type(registry.contentType)
            .header('cache-control', 'no-store')
            .send(await registry.metrics())
        },
      })
    }
  },
  { name: 'metrics', fastify: '5.x' },
)
