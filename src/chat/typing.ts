/** Shortest time between two events about one connection's typing. */
const INTERVAL_MS = 400

/** Whether the user of one connection types. */
export interface Typing {
  set(active: boolean): void
  /** Says that the user types no more, since the connection has closed. */
  stop(): void
}

/**
 * Publishes each change of whether a user types once: of changes that follow each other faster than
 * {@link INTERVAL_MS} the last one, and the end always.
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
