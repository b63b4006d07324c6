import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { Loss, Publication, Recover } from '../channels.ts'
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

/** Subscribes to a channel; the newest 1,000 publications, and where continuity was lost. */
export const useChannel = (name: string, options: { recover?: Recover } = {}) => {
  const client = useClient()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another channel is another list
  const store = useMemo(() => createStore<readonly (Publication | Loss)[]>([]), [name])
  const [recover] = useState(options.recover)
  useEffect(() => {
    const subscription = client.subscribe(name, recover === undefined ? {} : { recover })
    const follow = async (): Promise<void> => {
      for await (const item of subscription) store.set((items) => [...items, item].slice(-MAX_ITEMS))
    }
    follow().catch(() => undefined)
    return () => subscription.unsubscribe()
  }, [client, name, recover, store])
  return { items: useStore(store), state: useConnectionState() }
}
