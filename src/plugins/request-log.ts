import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
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

/** Tells whether lines of a level are written: what is not is not put together either. */
export const isLogged = (log: FastifyBaseLogger, level: string): boolean =>
  (log as FastifyBaseLogger & { isLevelEnabled?(level: string): boolean }).isLevelEnabled?.(level) === true

/** A request that has ended. */
export interface EndedRequest {
  request: Pick<FastifyRequest, 'method' | 'url' | 'host' | 'ip'>
  status: number
  elapsedMs: number
  userId?: string | undefined
}

/** Logs the line of a request. @param more fields of that one */
export const logRequest = (
  log: FastifyBaseLogger,
  level: 'info' | 'debug',
  { request, status, elapsedMs, userId }: EndedRequest,
  more: object = {},
): void =>
  log[level](
    {
      req: request,
      res: { statusCode: status },
      responseTime: elapsedMs,
      ...(userId === undefined ? {} : { user_id: userId }),
      ...more,
    },
    'request completed',
  )

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
        if (!isLogged(request.log, level)) return
        const { problem, maybeIdentity } = request
        const ended = { request, status, elapsedMs: reply.elapsedTime, userId: maybeIdentity?.id }
        logRequest(request.log, level, ended, {
          ...streamOf(reply),
          ...(problem ? { code: problem.code, detail: problem.message } : {}),
        })
      })
      done()
    })
  },
  { name: 'request-log', fastify: '5.x' },
)
