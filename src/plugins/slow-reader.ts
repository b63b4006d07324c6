import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Cuts the connection of an answer that waits for its reader; one that is still being made has nothing to send. */
const cutStalled = (socket: Socket): void => {
  if (socket.writableLength > 0) socket.destroy()
}

/**
 * Cuts connections whose client takes none of the waiting bytes of an answer for `timeoutMs`. What the kernel takes of a
 * write counts as progress, so a slow client gets all of a large answer. Event-streams and downloads bound their readers
 * themselves, and lift this limit (`liftReaderTimeout`).
 */
export const slowReaderPlugin = fp(
  async (app: FastifyInstance, { timeoutMs }: { timeoutMs: number }) => {
    app.server.setTimeout(timeoutMs)
    app.addHook('onRequest', (_request, reply, done) => {
      reply.raw.on('timeout', cutStalled)
      done()
    })
  },
  { name: 'slow-reader', fastify: '5.x' },
)
