import { useCallback, useEffect, useRef, useState } from 'react'
import type { PromptEvent } from '../reading.ts'
import { useClient } from './provider.tsx'
import { createStore, useStore } from './store.ts'

export interface StreamingPromptState {
  content: string
  isStreaming: boolean
  error: string | null
  metadata: Extract<PromptEvent, { type: 'start' }> | null
}

const NOTHING: StreamingPromptState = { content: '', isStreaming: false, error: null, metadata: null }

/** The hook of the prompt executor: `execute` runs a prompt with its variables, and its answer grows in `content`. */
export const useStreamingPrompt = () => {
  const client = useClient()
  const [store] = useState(() => createStore(NOTHING))
  const current = useRef<{ detach(): void } | undefined>(undefined)
  useEffect(() => () => current.current?.detach(), [])
  const execute = useCallback(
    async (promptId: number, variables?: Record<string, unknown>): Promise<void> => {
      current.current?.detach()
      const run = client.execute({ promptId, variables: variables ?? {} })
      current.current = run
      store.set(() => ({ ...NOTHING, isStreaming: true }), 'now')
      const fail = (error: string): void =>
        store.set((state) => ({ ...state, content: run.text, isStreaming: false, error }), 'now')
      try {
        for await (const event of run) {
          if (event.type === 'start') store.set((state) => ({ ...state, metadata: event }))
          else if (event.type === 'error') fail(event.message)
          else if (event.type === 'done')
            store.set((state) => ({ ...state, content: run.text, isStreaming: false }), 'now')
          else store.set((state) => ({ ...state, content: run.text }))
        }
      } catch (error) {
        fail((error as Error).message)
      }
    },
    [client, store],
  )
  return { ...useStore(store), execute }
}
