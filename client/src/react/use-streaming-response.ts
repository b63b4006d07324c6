import { useCallback, useEffect, useRef, useState } from 'react'
import { useClient } from './provider.tsx'
import { createStore, useStore } from './store.ts'

/**
 * The hook of the chat sub-application: `startStreaming` says something in a session, and the answer grows in
 * `streamedContent`.
 */
export const useStreamingResponse = (sessionId: string) => {
  const client = useClient()
  const [store] = useState(() => createStore({ isStreaming: false, streamedContent: '' }))
  const current = useRef<{ detach(): void } | undefined>(undefined)
  useEffect(() => () => current.current?.detach(), [])
  const startStreaming = useCallback(
    async (content: string): Promise<void> => {
      current.current?.detach()
      const run = client.chat({ message: content, session_id: sessionId })
      current.current = run
      store.set(() => ({ isStreaming: true, streamedContent: '' }), 'now')
      try {
        for await (const _ of run) store.set((state) => ({ ...state, streamedContent: run.text }))
        const end = await run.result
        if (end.type === 'error') throw new Error(end.message)
      } finally {
        if (current.current === run)
          store.set(() => ({ isStreaming: false, streamedContent: run.text }), 'now')
      }
    },
    [client, sessionId, store],
  )
  return { ...useStore(store), startStreaming }
}
