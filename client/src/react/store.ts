import { useSyncExternalStore } from 'react'

/** A value that components read; they are told of changes once a frame at most. */
export interface Store<T> {
  get(): T
  /** Changes the value; `at` once where a reader must not wait for the next frame. */
  set(change: (value: T) => T, when?: 'frame' | 'now'): void
  subscribe(listener: () => void): () => void
}

const nextFrame = (run: () => void): void => {
  // A page in the background draws no frames; its state goes on all the same.
  if (typeof requestAnimationFrame === 'function' && document.visibilityState === 'visible')
    requestAnimationFrame(run)
  else setTimeout(run, 16)
}

/** Makes a store whose readers see one snapshot a frame, so that two components never show different moments. */
export const createStore = <T>(initial: T): Store<T> => {
  let value = initial
  let shown = initial
  let isPlanned = false
  const listeners = new Set<() => void>()
  const show = (): void => {
    isPlanned = false
    if (shown === value) return
    shown = value
    for (const listener of [...listeners]) listener()
  }
  return {
    get: () => shown,
    set(change, when = 'frame') {
      value = change(value)
      if (when === 'now') show()
      else if (!isPlanned) {
        isPlanned = true
        nextFrame(show)
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Reads a store in a component, on the server too. */
export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get, store.get)
