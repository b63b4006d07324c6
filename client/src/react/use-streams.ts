import { useEffect, useState } from 'react'
import { useClient } from './provider.tsx'
import { createStore, useStore } from './store.ts'

/** One execution, as the service lists it. */
export interface ListedStream {
  stream_id: string
  kind: string
  state: 'running' | 'completed' | 'failed' | 'cancelled'
  channel: string
  owner: string
  instance: string | null
  started_at: string
  ended_at: string | null
  subscribers: number
  /** Of an export: what has been sent. */
  progress?: { rows: number; bytes: number }
}

/**
 * Lists the caller's streams, and keeps the list.
 * @param options.everyMs how often it is asked for again; 2,000 by default
 */
export const useStreams = ({ everyMs = 2000 }: { everyMs?: number } = {}) => {
  const client = useClient()
  const [store] = useState(() =>
    createStore<{ streams: readonly ListedStream[]; error: Error | undefined }>({
      streams: [],
      error: undefined,
    }),
  )
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isCurrent = true
    const look = async (): Promise<void> => {
      try {
        const { items: streams } = (await client.api.get('/api/v1/streams')) as {
          items: readonly ListedStream[]
        }
        if (isCurrent) store.set(() => ({ streams, error: undefined }), 'now')
      } catch (error) {
        if (isCurrent) store.set((state) => ({ ...state, error: error as Error }), 'now')
      }
      if (isCurrent) timer = setTimeout(look, everyMs)
    }
    void look()
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [client, everyMs, store])
  return useStore(store)
}
