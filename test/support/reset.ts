import type { Socket } from 'node:net'

/**
 * Resets a connection. One whose end is under way is destroyed: Node would leave its handle open and, once the tests
 * are over, wait for it without end.
 */
export const resetConnection = (socket: Socket): void => {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy()
  else socket.resetAndDestroy()
}
