/** The state of all connections of a client together. */
export type ConnectionState = 'connecting' | 'open' | 'reconnecting' | 'offline' | 'closed'

/** The state of one connection. */
export type LinkState = 'connecting' | 'open' | 'reconnecting'

/** One connection's place in the client's state. */
export interface Link {
  set(state: LinkState): void
  /** The connection is not wanted any more; idempotent. */
  release(): void
}

const isOffline = (): boolean => typeof navigator !== 'undefined' && navigator.onLine === false

/**
 * Sums up all connections of a client: `offline` as soon as the browser says so, `reconnecting` while any of them is,
 * `connecting` while one never was open, else `open`. Listeners hear changes only.
 */
export class StateTracker {
  #links = new Map<Link, LinkState>()
  #listeners = new Set<(state: ConnectionState) => void>()
  #state: ConnectionState = 'connecting'
  #closed = false
  readonly #unlisten: () => void

  constructor() {
    const look = (): void => this.#look()
    if (typeof addEventListener === 'function' && typeof removeEventListener === 'function') {
      addEventListener('online', look)
      addEventListener('offline', look)
      this.#unlisten = () => {
        removeEventListener('online', look)
        removeEventListener('offline', look)
      }
    } else this.#unlisten = () => undefined
  }

  get state(): ConnectionState {
    return this.#state
  }

  on(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  link(): Link {
    const link: Link = {
      set: (state) => {
        if (!this.#links.has(link)) return
        this.#links.set(link, state)
        this.#look()
      },
      release: () => {
        if (this.#links.delete(link)) this.#look()
      },
    }
    this.#links.set(link, 'connecting')
    this.#look()
    return link
  }

  close(): void {
    this.#closed = true
    this.#unlisten()
    this.#look()
    this.#listeners.clear()
  }

  #next(): ConnectionState {
    if (this.#closed) return 'closed'
    if (isOffline()) return 'offline'
    const states = [...this.#links.values()]
    if (states.includes('reconnecting')) return 'reconnecting'
    if (states.includes('connecting')) return 'connecting'
    // Without a connection there is nothing to be said that was not true before.
    return states.length === 0 && this.#state !== 'offline' && this.#state !== 'reconnecting'
      ? this.#state
      : 'open'
  }

  #look(): void {
    const next = this.#next()
    if (next === this.#state) return
    this.#state = next
    for (const listener of [...this.#listeners]) listener(next)
  }
}
