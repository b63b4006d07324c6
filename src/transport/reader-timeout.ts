import type { ServerResponse } from 'node:http'
import { Socket } from 'node:net'

/**
 * Lifts the server's time limit for readers from an answer that bounds its reader itself. A request that was injected
 * has no socket, and no such limit.
 */
export const liftReaderTimeout = ({ socket }: ServerResponse): void => {
  if (socket instanceof Socket) socket.setTimeout(0)
}
