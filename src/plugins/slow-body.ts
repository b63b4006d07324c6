import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True where the route watches the arrival of its body itself. */
    watchesBody?: boolean
  }
}

/**
 * Cuts requests whose body does not arrive in time. The server's own `requestTimeout` does not distinguish a large
 * upload, which may take an hour, from a client that sends a byte a minute; routes of uploads detect a standstill
 * themselves.
 */
export const slowBodyPlugin = fp(
  async (app: FastifyInstance, { timeoutMs }: { timeoutMs: number }) => {
    app.addHook('onRequest', async (request) => {
      const { raw } = request
      const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
      const hasBody = encoding !== undefined || (length !== undefined && length !== '0')
      if (!hasBody || request.routeOptions.config.watchesBody) return
      const timer = setTimeout(() => raw.destroy(), timeoutMs)
      const arrived = () => clearTimeout(timer)
      raw.once('end', arrived).once('close', arrived)
    })
  },
  { name: 'slow-body', fastify: '5.x' },
)
