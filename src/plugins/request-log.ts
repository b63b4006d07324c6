import { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import fp from 'fastify-plugin'
import { whenOver } from './request-end.ts'

/** Logs nothing of a request under way: {@link requestLogPlugin} writes one line at its end. */
class QuietController extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(): void {}

  override streamError(
    error: Error & { code?: string },
    _request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE')
      reply.log.warn({ err: error }, 'a response broke off with an error')
  }
}

/** The server's option that leaves the log of requests to {@link requestLogPlugin}. */
export const logController = new QuietController({ requestIdLogLabel: 'request_id' })

/** Returns the id of the stream that a request began or watched, where the response names it. */
const streamOf = (reply: FastifyReply): { stream_id?: string } => {
  const id = reply.getHeader('x-stream-id')
  return typeof id === 'string' ? { stream_id: id } : {}
}

/**
 * Logs one line for each request, at its end: at `info`, health checks at `debug`. A stream and a WebSocket end with
 * their connections. The line names the caller, the stream, and the problem with which the request was
 * refused.
 */
export const requestLogPlugin = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRequest', (request, reply, done) => {
      const level = request.routeOptions.url?.startsWith('/health/') ? 'debug' : 'info'
      whenOver(request, reply, (status) => {
        const { problem, maybeIdentity } = request
        request.log[level](
          {
            req: request,
            res: { statusCode: status },
            responseTime: reply.elapsedTime,
            ...(maybeIdentity ? { user_id: maybeIdentity.id } : {}),
            ...streamOf(reply),
            ...(problem ? { code: problem.code, detail: problem.message } : {}),
          },
          'request completed',
        )
      })
      done()
    })
  },
  { name: 'request-log', fastify: '5.x' },
)
