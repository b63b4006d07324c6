import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { whenOver } from './request-end.ts'

/** The span of one request. */
export interface RequestSpan {
  readonly traceId: string
  /** Runs a function so that what it asks of others, now and later, belongs to the request. */
  within(run: () => void): void
  end(status: number): void
}

/** Records spans. */
export interface Tracing {
  /** Begins the span of a request, in the trace that its headers name. @param route pattern of the path */
  request(about: { method: string; route: string; headers: IncomingHttpHeaders }): RequestSpan
  /** Sends what is left. */
  close(): Promise<void>
}

declare module 'fastify' {
  interface FastifyRequest {
    span: RequestSpan | null
  }
}

/** Records a span for each request but those of health and metrics, from its beginning to its end. */
export const tracePlugin = fp(
  async (app: FastifyInstance, { tracing }: { tracing: Tracing }) => {
    app.decorateRequest('span', null)
    app.addHook('onRequest', async (request, reply) => {
      const route = request.routeOptions.url ?? '__unknown__'
      if (/^\/(health\/|metrics)/.test(route)) return
      const span = tracing.request({ method: request.method, route, headers: request.headers })
      request.span = span
      request.log = reply.log = request.log.child({ trace_id: span.traceId })
      whenOver(request, reply, (status) => span.end(status))
    })
    // After the body is read, whose events come from outside of the request.
    app.addHook('preHandler', (request, _reply, done) => {
      if (request.span) request.span.within(done)
      else done()
    })
    app.addHook('onClose', () => tracing.close())
  },
  { name: 'trace', fastify: '5.x' },
)
