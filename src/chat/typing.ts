/** Milliseconds at least between two events about one connection's typing. */
const INTERVAL_MS = 400

/** The typing state of the user of one connection. */
export interface Typing {
  set(active: boolean): void
  /** Ends the typing, since the connection has closed. */
  stop(): void
}

/**
 * Makes a typing state that publishes its changes: of changes that follow each other faster than {@link
 * INTERVAL_MS} only the last one, and the end always.
 */
export const throttledTyping = (publish: (active: boolean) => void): Typing => {
  let published = false
  let wanted = false
  let waiting: NodeJS.Timeout | undefined
  const look = (): void => {
    waiting = undefined
    if (wanted === published) return
    published = wanted
    publish(published)
    waiting = setTimeout(look, INTERVAL_MS)
  }
  return {
    set(active) {
      wanted = active
      if (waiting === undefined) look()
    },
    stop() {
      clearTimeout(waiting)
      wanted = false
      look()
      clearTimeout(waiting)
    },
  }
}
