import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'

type Over = (status: number) => void

/** The work that waits for the end of a response; it is taken away when it is done. */
const WAITING = Symbol('waiting')

type Watched = ServerResponse & { [WAITING]?: Over[] }

/**
 * Calls `over` once a request has ended in any way: answered, cut off by either side or, where an upgrade was
 * granted, with its connection.
 * @param over takes the status, 101 for a WebSocket
 */
export const whenOver = ({ headers }: FastifyRequest, reply: FastifyReply, over: Over): void => {
  const raw: Watched = reply.raw
  if (raw[WAITING] !== undefined) {
    raw[WAITING].push(over)
    return
  }
  raw[WAITING] = [over]
  const end = (status: number): void => {
    const works = raw[WAITING] ?? []
    raw[WAITING] = []
    for (const work of works) work(status)
  }
  raw.once('finish', () => end(reply.statusCode))
  raw.once('close', () => {
    const isUpgraded = headers.upgrade !== undefined && reply.sent && !raw.headersSent
    end(isUpgraded ? 101 : reply.statusCode)
  })
}
