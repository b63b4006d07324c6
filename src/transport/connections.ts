import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { ConnectionKind, TransportObserver } from './transport-observer.ts'
import type { WriteQueue } from './write-queue.ts'

export interface ConnectionLimits {
  /** Largest number of open event-streams and WebSockets of this instance. */
  maxConnections: number
  /** Largest number for one address; for one /64 of IPv6. */
  maxPerAddress: number
}

/** An admitted connection's place among those that are counted. */
export interface Admission {
  /**
   * Sets the function by which a drain closes the connection.
   * @param dismiss takes the time after which the client should reconnect, in ms
   */
  onDismiss(dismiss: (retryMs: number) => void): void
  /** Sets the queue of the connection's unsent bytes. */
  queues(outlet: Outlet): void
  /** Gives the place back; idempotent. */
  release(): void
}

/** The queue of a connection's bytes. */
type Outlet = Pick<WriteQueue, 'unsentBytes'>

/** Unsent bytes of all connections of a kind, and of the one that has the most. */
export interface Unsent {
  all: number
  most: number
}

const MIN_RETRY_MS = 1000
const MAX_RETRY_MS = 10_000

/**
 * Returns a time after which a dismissed client should reconnect, in ms, spread so that they do not all come at once.
 */
export const spreadRetryMs = (): number =>
  Math.round(MIN_RETRY_MS + Math.random() * (MAX_RETRY_MS - MIN_RETRY_MS))

/** Returns the groups of an IPv6 address, with `::` filled up. */
function ipv6Groups(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  if (tail === undefined) return left
  const right = tail === '' ? [] : tail.split(':')
  return [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
}

/**
 * Returns an address as limits count it: IPv4 (also inside IPv6) whole, IPv6 by its /64.
 * @example addressKey('2001:db8::1') // '2001:db8:0:0::/64'
 */
export function addressKey(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase()
  const mapped = /^(?:0*:)*:?(?:0*:)*ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)
  if (mapped?.[1] !== undefined) return mapped[1]
  if (!plain.includes(':')) return plain
  return `${ipv6Groups(plain)
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}

interface Entry {
  kind: ConnectionKind
  endpoint: string
  dismiss: ((retryMs: number) => void) | undefined
  outlet: Outlet | undefined
}

/** Counts the open event-streams and WebSockets of this instance, limits their number, and closes them in a drain. */
export class Connections {
  readonly #limits: ConnectionLimits
  readonly #observer: TransportObserver
  readonly #open = new Set<Entry>()
  readonly #perAddress = new Map<string, number>()
  #draining = false
  #emptied: (() => void) | undefined

  constructor(limits: ConnectionLimits, observer: TransportObserver = {}) {
    this.#limits = limits
    this.#observer = observer
  }

  get size(): number {
    return this.#open.size
  }

  get isDraining(): boolean {
    return this.#draining
  }

  /** Counts the open connections by kind and endpoint. */
  counts(): { kind: ConnectionKind; endpoint: string; count: number }[] {
    const counts = new Map<string, { kind: ConnectionKind; endpoint: string; count: number }>()
    for (const { kind, endpoint } of this.#open) {
      const key = `${kind} ${endpoint}`
      const entry = counts.get(key) ?? { kind, endpoint, count: 0 }
      entry.count++
      counts.set(key, entry)
    }
    return [...counts.values()]
  }

  /** Adds up the unsent bytes of the open connections, by kind. */
  unsent(): Record<ConnectionKind, Unsent> {
    const unsent = { sse: { all: 0, most: 0 }, websocket: { all: 0, most: 0 } }
    for (const { kind, outlet } of this.#open) {
      const bytes = outlet?.unsentBytes ?? 0
      unsent[kind].all += bytes
      unsent[kind].most = Math.max(unsent[kind].most, bytes)
    }
    return unsent
  }

  /**
   * Admits a connection.
   * @throws {Problem} `DRAINING`, `OVERLOADED` or `TOO_MANY_CONNECTIONS`, each with `retryAfter`
   */
  admit(kind: ConnectionKind, endpoint: string, address: string): Admission {
    this.check(address)
    const key = addressKey(address)
    const here = this.#perAddress.get(key) ?? 0
    const entry: Entry = { kind, endpoint, dismiss: undefined, outlet: undefined }
    this.#open.add(entry)
    this.#perAddress.set(key, here + 1)
    this.#observer.connectionOpened?.(kind, endpoint)
    return {
      onDismiss: (dismiss) => {
        entry.dismiss = dismiss
        if (this.#draining) dismiss(spreadRetryMs())
      },
      queues: (outlet) => {
        entry.outlet = outlet
      },
      release: () => {
        if (!this.#open.delete(entry)) return
        const left = (this.#perAddress.get(key) ?? 1) - 1
        if (left > 0) this.#perAddress.set(key, left)
        else this.#perAddress.delete(key)
        this.#observer.connectionClosed?.(kind, endpoint)
        if (this.#open.size === 0) this.#emptied?.()
      },
    }
  }

  /**
   * Checks that a connection from an address would be admitted now; to be called before work that only a viewer
   * needs.
   * @throws {Problem} as {@link admit}
   */
  check(address: string): void {
    const here = this.#perAddress.get(addressKey(address)) ?? 0
    const retryAfter = Math.ceil(spreadRetryMs() / 1000)
    if (this.#draining) throw new Problem('DRAINING', say('socket.draining'), { retryAfter })
    if (this.#open.size >= this.#limits.maxConnections) {
      throw new Problem('OVERLOADED', say('socket.full'), { retryAfter })
    }
    if (here >= this.#limits.maxPerAddress) {
      throw new Problem(
        'TOO_MANY_CONNECTIONS',
        say('socket.full_address', { most: this.#limits.maxPerAddress }),
        {
          retryAfter,
        },
      )
    }
  }

  /**
   * Refuses new connections and dismisses the open ones, spread over nine tenths of the time.
   * @returns resolves when the last one is closed, or when the time is over
   */
  async drain(seconds: number): Promise<void> {
    this.#draining = true
    if (this.#open.size === 0) return
    const entries = [...this.#open]
    const stepMs = (seconds * 900) / entries.length
    const timers = entries.map((entry, index) =>
      setTimeout(() => entry.dismiss?.(spreadRetryMs()), Math.random() * stepMs + index * stepMs),
    )
    await new Promise<void>((resolve) => {
      this.#emptied = resolve
      timers.push(setTimeout(resolve, seconds * 1000))
    })
    for (const timer of timers) clearTimeout(timer)
    for (const entry of this.#open) entry.dismiss?.(spreadRetryMs())
  }
}
