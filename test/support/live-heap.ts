import { once } from 'node:events'
import { WebSocket } from 'ws'

/** Makes a process answer {@link liveHeap}, on a port of its own. */
export const INSPECTED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' } as const

/** Bytes that a process still holds in its heap when the garbage is gone. */
export interface LiveHeap {
  bytes: number
  /** Of these, compiled code: the engine makes more of it for an hour, as ever rarer functions become hot. */
  codeBytes: number
}

/** Run in the process. */
const CODE_BYTES = `(({ code_and_metadata_size, bytecode_and_metadata_size }) =>
  code_and_metadata_size + bytecode_and_metadata_size)(process.getBuiltinModule('v8').getHeapCodeStatistics())`

/**
 * Collects the garbage of a process and reads what is left of its heap: between two collections the heap is a saw, in
 * which a slow growth does not show.
 * @param output all that the process wrote, where its inspector names its address
 */
export const liveHeap = async (output: string): Promise<LiveHeap> => {
  const [, url] = /^Debugger listening on (ws:\S+)/m.exec(output) ?? []
  if (url === undefined) throw new Error('the process has no inspector')
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const ask = async <T>(id: number, method: string, params = {}): Promise<T> => {
    const answered = new Promise<T>((resolve) =>
      socket.on('message', (text) => {
        const answer = JSON.parse(String(text))
        if (answer.id === id) resolve(answer.result)
      }),
    )
    socket.send(JSON.stringify({ id, method, params }))
    return answered
  }
  await ask(1, 'HeapProfiler.collectGarbage')
  const { usedSize } = await ask<{ usedSize: number }>(2, 'Runtime.getHeapUsage')
  const { result } = await ask<{ result: { value: number } }>(3, 'Runtime.evaluate', {
    expression: CODE_BYTES,
  })
  socket.close()
  return { bytes: usedSize, codeBytes: result.value }
}
