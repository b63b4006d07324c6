import { once } from 'node:events'
import { WebSocket } from 'ws'

/** Makes a process answer {@link liveHeap}, on a port of its own. */
export const INSPECTED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' } as const

/**
 * Collects the garbage of a process and reads what is left of its heap, in bytes: between two collections the heap is a
 * saw, in which a slow growth does not show.
 * @param output all that the process wrote, where its inspector names its address
 */
export const liveHeap = async (output: string): Promise<number> => {
  const [, url] = /^Debugger listening on (ws:\S+)/m.exec(output) ?? []
  if (url === undefined) throw new Error('the process has no inspector')
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const ask = async (id: number, method: string): Promise<{ usedSize: number }> => {
    const answered = new Promise<{ usedSize: number }>((resolve) =>
      socket.on('message', (text) => {
        const answer = JSON.parse(String(text))
        if (answer.id === id) resolve(answer.result)
      }),
    )
    socket.send(JSON.stringify({ id, method }))
    return answered
  }
  await ask(1, 'HeapProfiler.collectGarbage')
  const { usedSize } = await ask(2, 'Runtime.getHeapUsage')
  socket.close()
  return usedSize
}
