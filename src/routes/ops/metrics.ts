import { createHash, timingSafeEqual } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Problem } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import type { Meters } from '../../plugins/meters.ts'
import { scraping } from '../../plugins/worker-metrics.ts'
import { problemResponses } from '../problem-schema.ts'

export interface MetricsRoutesOptions {
  registry: Meters['registry']
  /** Bearer token for callers that are not on loopback; without it they are refused. */
  metricsToken: string | undefined
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

const SCRAPE = {
  description: "Samples in Prometheus' text format, read at this moment",
  content: { 'text/plain': { schema: Type.String() } },
}

/** Serves the metrics to this machine, and to others that have the token. */
export const metricsRoutes: FastifyPluginAsyncTypebox<MetricsRoutesOptions> = async (
  app,
  { registry, metricsToken },
) => {
  const scrape = scraping(registry)
  for (const url of ['/metrics', '/health/metrics'])
    app.get(
      url,
      {
        exposeHeadRoute: false,
        config: { access: 'public' },
        schema: {
          tags: ['operation'],
          summary: 'Metrics, on loopback or with METRICS_TOKEN',
          response: { 200: SCRAPE, ...problemResponses(401, 403, 429) },
        },
      },
      async (request, reply) => {
        authorise(request, metricsToken)
        return reply
          .type(registry.contentType)
          .header('cache-control', 'no-store')
          .send((await scrape()) as never)
      },
    )
}
