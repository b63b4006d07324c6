import { useEffect, useMemo } from 'react'
import type { InvestigationEnd } from '../reading.ts'
import type { InvestigationEvent } from '../wire.ts'
import { useClient } from './provider.tsx'
import { createStore, useStore } from './store.ts'

type EventOf<T extends InvestigationEvent['type']> = Extract<InvestigationEvent, { type: T }>

export interface InvestigationState {
  status: 'pending' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled'
  progress: EventOf<'progress'> | undefined
  anomalies: readonly EventOf<'anomaly'>[]
  result: InvestigationEnd | undefined
  error: Error | undefined
}

/** The state behind {@link InvestigationState}: findings by their number only, since ten thousand come one by one. */
type Kept = Omit<InvestigationState, 'anomalies'> & { found: number }

const STATUS = { complete: 'completed', error: 'failed', cancelled: 'cancelled' } as const

/** Follows an investigation: its progress, its findings as they come, and its end. */
export const useInvestigation = (id: string | undefined): InvestigationState => {
  const client = useClient()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another investigation is another state, and another client reads it anew
  const { store, arrived } = useMemo(
    () => ({
      store: createStore<Kept>({
        status: 'pending',
        progress: undefined,
        found: 0,
        result: undefined,
        error: undefined,
      }),
      arrived: [] as EventOf<'anomaly'>[],
    }),
    [client, id],
  )
  useEffect(() => {
    if (id === undefined) return undefined
    const run = client.attachInvestigation(id)
    const follow = async (): Promise<void> => {
      for await (const event of run)
        store.set((state) => {
          switch (event.type) {
            case 'progress':
              return { ...state, status: 'running', progress: event }
            case 'anomaly':
              return { ...state, found: arrived.push(event) }
            case 'paused':
              return { ...state, status: 'paused' }
            case 'resumed':
              return { ...state, status: 'running' }
            case 'complete':
            case 'error':
            case 'cancelled':
              return { ...state, status: STATUS[event.type], result: event }
            default:
              return state
          }
        })
    }
    let isCurrent = true
    follow().catch((error) => {
      if (isCurrent) store.set((state) => ({ ...state, error: error as Error }), 'now')
    })
    return () => {
      isCurrent = false
      run.detach()
    }
  }, [client, id, store, arrived])
  const { found, ...state } = useStore(store)
  // They are copied once a frame, not once each.
  const anomalies = useMemo(() => arrived.slice(0, found), [arrived, found])
  return { ...state, anomalies }
}
