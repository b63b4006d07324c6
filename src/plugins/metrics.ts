import { createHash, timingSafeEqual } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyMetrics from 'fastify-metrics'
import fp from 'fastify-plugin'
import promClient from 'prom-client'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import { createMeters, type Meters } from './meters.ts'

declare module 'fastify' {
  interface FastifyInstance {
    meters: Meters
  }
}

export interface MetricsOptions {
  /** Bearer token for callers that are not on loopback; without one they are refused. */
  token: string | undefined
  /** Meters that parts made before the application already count on. */
  meters?: Meters
}

const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const
const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** The socket's other end is on this machine, and no proxy speaks for somebody else. */
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

/** @throws {Problem} `FORBIDDEN`, `UNAUTHENTICATED` */
const authorise = (request: FastifyRequest, token: string | undefined): void => {
  if (isLocal(request)) return
  if (!token) throw new Problem('FORBIDDEN', say('identity.metrics_loopback'))
  const given = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (given === undefined || !timingSafeEqual(digest(given), digest(token))) {
    throw new Problem('UNAUTHENTICATED', say('identity.metrics_token'))
  }
}

const isEventStream = (reply: FastifyReply): boolean =>
  String(reply.getHeader('content-type') ?? '').startsWith('text/event-stream')

/**
 * `GET /metrics` and `GET /health/metrics`, the process's own figures, and a timer on every request.
 *
 * The timer is not fastify-metrics' own: that one is switched by route, and a route here answers with an endless
 * stream or with a short refusal, so what counts is what was answered.
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
    app.addHook('onResponse', async (request, reply) => {
      if (isEventStream(reply)) return
      const endpoint = request.routeOptions.url ?? '__unknown__'
      meters.request(request.method, endpoint, reply.statusCode, reply.elapsedTime / 1000)
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
