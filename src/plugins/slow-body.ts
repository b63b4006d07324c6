import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True where the route watches the arrival of its body itself. */
    watchesBody?: boolean
  }
  interface FastifyInstance {
    /** Cuts a request whose body does not arrive in time. */
    watchBody(raw: IncomingMessage): void
  }
}

/** Looks in the time that a body may take. */
const LOOKS = 20

/**
 * Cuts requests whose body does not arrive in time. The server's own `requestTimeout` does not distinguish a large
 * upload, which may take an hour, from a client that sends a byte a minute; routes of uploads detect a standstill
 * themselves.
 *
 * A connection has one body under way, so all are looked at together: a timer for each request would cost more than
 * most bodies.
 */
export const slowBodyPlugin = fp(
  async (app: FastifyInstance, { timeoutMs }: { timeoutMs: number }) => {
    const arriving = new Map<Socket, { raw: IncomingMessage; until: number }>()
    const look = (): void => {
      const now = performance.now()
      for (const [socket, { raw, until }] of arriving) {
        if (!raw.complete && !raw.destroyed && until > now) continue
        arriving.delete(socket)
        if (!raw.complete) raw.destroy()
      }
    }
    const looking = setInterval(look, timeoutMs / LOOKS)
    looking.unref()
    app.addHook('onClose', async () => clearInterval(looking))
    const watch = (raw: IncomingMessage): void => {
      arriving.set(raw.socket, { raw, until: performance.now() + timeoutMs })
    }
    app.decorate('watchBody', watch)
    app.addHook('onRequest', (request, _reply, done) => {
      const { raw } = request
      const { 'content-length': length, 'transfer-encoding': encoding } = raw.headers
      const hasBody = encoding !== undefined || (length !== undefined && length !== '0')
      if (hasBody && !request.routeOptions.config.watchesBody) watch(raw)
      done()
    })
  },
  { name: 'slow-body', fastify: '5.x' },
)
