import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Calls `over` once a request has ended in any way: answered, cut off by either side or, where an upgrade was
 * granted, with its connection.
 * @param over takes the status, 101 for a WebSocket
 */
export const whenOver = (
  { headers }: FastifyRequest,
  reply: FastifyReply,
  over: (status: number) => void,
): void => {
  const { raw } = reply
  let isOver = false
  const end = (status: number): void => {
    if (isOver) return
    isOver = true
    over(status)
  }
  raw.once('finish', () => end(reply.statusCode))
  raw.once('close', () => {
    const isUpgraded = headers.upgrade !== undefined && reply.sent && !raw.headersSent
    end(isUpgraded ? 101 : reply.statusCode)
  })
}
