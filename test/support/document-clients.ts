import { EventSource } from 'eventsource'

/** The clients that the source documents print, with their habits: what is served has to suit these. */

// biome-ignore lint/suspicious/noExplicitAny: as loose as the documents have it
type Data = any

/** Takes each read for whole characters. */
const read = async (response: Response, handleChunk: (chunk: string) => void): Promise<void> => {
  // biome-ignore lint/style/noNonNullAssertion: as the documents have it
  const reader = response.body!.getReader()
  const decoder = new TextDecoder()
  while (true) {
    const { done, value } = await reader.read()
    if (done) break
    handleChunk(decoder.decode(value))
  }
}

/** Document 001's hook, which joins what comes. */
export const readText = async (response: Response): Promise<string> => {
  let streamedContent = ''
  await read(response, (chunk) => {
    streamedContent += chunk
  })
  return streamedContent
}

/** The loop of documents 002 and 004, which takes every chunk for whole lines; returns the data of each event. */
export const readEvents = async (response: Response): Promise<Data[]> => {
  const events: Data[] = []
  await read(response, (chunk) => {
    const lines = chunk.split('\n')
    for (const line of lines) {
      if (line.startsWith('data: ')) {
        const data = JSON.parse(line.slice(6))
        events.push(data)
      }
    }
  })
  return events
}

export interface HookState {
  content: string
  isStreaming: boolean
  error: string | null
  metadata: Data
  /** Types of all messages, in order; the document keeps none. */
  types: string[]
}

/** Document 003's hook, with its state in a variable; resolves with it once it closes its EventSource. */
export const runHook = (url: string): Promise<HookState> =>
  new Promise((resolve) => {
    const state: HookState = { content: '', isStreaming: true, error: null, metadata: null, types: [] }
    const eventSource = new EventSource(url)
    const end = (error: string | null) => {
      state.error = error
      state.isStreaming = false
      eventSource.close()
      resolve(state)
    }
    eventSource.onmessage = (event) => {
      const data = JSON.parse(event.data)
      state.types.push(data.type)
      switch (data.type) {
        case 'start':
          state.metadata = data
          break
        case 'chunk':
          state.content += data.content
          break
        case 'done':
          end(null)
          break
        case 'error':
          end(data.message)
          break
      }
    }
    eventSource.onerror = () => end('Connection error')
  })
