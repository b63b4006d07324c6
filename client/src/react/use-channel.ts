import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { Loss, Publication, Recover } from '../channels.ts'
import type { ApiError } from '../error.ts'
import type { ConnectionState } from '../state.ts'
import { useClient } from './provider.tsx'
import { createStore, useStore } from './store.ts'

/** Items that a component is handed of one channel; older ones go. */
const MAX_ITEMS = 1000

/** Returns the state of the provider's client. */
export const useConnectionState = (): ConnectionState => {
  const client = useClient()
  return useSyncExternalStore(
    (listener) => client.on('state', listener),
    () => client.state,
    () => 'connecting',
  )
}

/**
 * Subscribes to a channel.
 * @returns the newest 1,000 publications and where continuity was lost, the client's state, and the reason why the
 * subscription ended, where it was refused or taken away
 */
export const useChannel = (name: string, options: { recover?: Recover } = {}) => {
  const client = useClient()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another channel is another list
  const store = useMemo(() => createStore<readonly (Publication | Loss)[]>([]), [name])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another channel has another end
  const end = useMemo(() => createStore<ApiError | undefined>(undefined), [name])
  const [recover] = useState(options.recover)
  useEffect(() => {
    const subscription = client.subscribe(name, recover === undefined ? {} : { recover })
    const follow = async (): Promise<void> => {
      for await (const item of subscription) store.set((items) => [...items, item].slice(-MAX_ITEMS))
    }
    follow().catch((error: ApiError) => end.set(() => error))
    return () => subscription.unsubscribe()
  }, [client, name, recover, store, end])
  return { items: useStore(store), state: useConnectionState(), error: useStore(end) }
}
