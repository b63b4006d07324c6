import { useCallback, useEffect, useRef, useState } from 'react'

/** The state of a request: nothing yet, its answer, or its error. The last answer stays while it is asked again. */
export interface Loaded<T> {
  value: T | undefined
  error: Error | undefined
  isLoading: boolean
  reload(): void
}

/** Asks for something whenever `key` changes, and takes the newest answer only. */
export const useLoad = <T>(key: string | undefined, ask: () => Promise<T>): Loaded<T> => {
  const [state, setState] = useState<{ key?: string; value?: T; error?: Error }>({})
  const [turn, setTurn] = useState(0)
  const asking = useRef(ask)
  asking.current = ask
  useEffect(() => {
    if (key === undefined) return undefined
    let isCurrent = true
    asking.current().then(
      (value) => isCurrent && setState({ key, value }),
      (error) => isCurrent && setState((before) => ({ ...before, key, error })),
    )
    return () => {
      isCurrent = false
    }
  }, [key, turn])
  const isOf = state.key === key
  return {
    value: isOf ? state.value : undefined,
    error: isOf ? state.error : undefined,
    isLoading: key !== undefined && !isOf,
    reload: useCallback(() => setTurn((n) => n + 1), []),
  }
}
