import { setTimeout as pace } from 'node:timers/promises'
import { type EventClient, openEvents, type ReceivedEvent } from './event-source.ts'
import { PATIENCE_MS } from './process.ts'

export interface FollowerOptions {
  /** Where to connect now; asked for each connection. */
  address(): string
  path: string
  token: string
  /** How many events a connection is kept for before it is given up for the next; Infinity keeps it. */
  stay?(): number
}

/** A client as a browser's EventSource is: whenever its stream is over it comes back with the last id it saw. */
export interface Follower {
  /** Publications, over all connections; those of `event: recovery` and `snapshot` are in `recoveries`. */
  readonly events: readonly ReceivedEvent[]
  /** Data of every `event: recovery`. */
  readonly recoveries: readonly { recovered: boolean; reason?: string }[]
  readonly connections: number
  /** When the last event came, on `performance.now()`'s clock. */
  readonly heardAt: number
  /** Resolves when an event satisfies the predicate. */
  saw(predicate: (event: ReceivedEvent) => boolean): Promise<void>
  close(): void
}

const RECONNECT_MS = 20
const open = new Set<Follower>()

/** Also those of a test that failed before it closed its own. */
export const closeFollowers = (): void => {
  for (const follower of open) follower.close()
}

export const follow = (options: FollowerOptions): Follower => {
  const events: ReceivedEvent[] = []
  const recoveries: { recovered: boolean; reason?: string }[] = []
  const waiting = new Set<() => void>()
  let connections = 0
  let heardAt = performance.now()
  let client: EventClient | undefined
  let lastEventId: string | undefined
  let closed = false

  const take = (event: ReceivedEvent): void => {
    heardAt = performance.now()
    if (event.id !== undefined) lastEventId = event.id
    if (event.event === 'recovery') recoveries.push(JSON.parse(event.data))
    else if (event.event !== 'snapshot') events.push(event)
    for (const look of [...waiting]) look()
  }

  const connect = async (): Promise<void> => {
    client = await openEvents(options.address() + options.path, {
      headers: { authorization: `Bearer ${options.token}` },
      ...(lastEventId === undefined ? {} : { lastEventId }),
      patienceMs: 600_000,
    })
    // The stream has ended and was seen to its end: there is nothing to connect to.
    if (client.status === 204) {
      closed = true
      return
    }
    connections++
    const stay = options.stay?.() ?? Number.POSITIVE_INFINITY
    for (let count = 0; count < stay && !closed; count++) take(await client.next())
  }

  const run = async (): Promise<void> => {
    while (!closed) {
      // Refused, cut or given up: all the same to a client that comes back.
      await connect().catch(() => pace(RECONNECT_MS))
      client?.close()
    }
  }
  void run()

  const follower: Follower = {
    events,
    recoveries,
    get connections() {
      return connections
    },
    get heardAt() {
      return heardAt
    },
    saw: (predicate) =>
      new Promise((resolve, reject) => {
        let looked = 0
        const look = (): void => {
          while (looked < events.length)
            if (predicate(events[looked++] as ReceivedEvent)) {
              done(resolve)
              return
            }
        }
        const timer = setTimeout(
          () => done(() => reject(new Error(`not seen; last: ${JSON.stringify(events.slice(-3))}`))),
          PATIENCE_MS,
        )
        const done = (settle: () => void): void => {
          clearTimeout(timer)
          waiting.delete(look)
          settle()
        }
        waiting.add(look)
        look()
      }),
    close() {
      closed = true
      open.delete(follower)
      client?.close()
    },
  }
  open.add(follower)
  return follower
}

/** How a sequence that should be 1, 2, 3… departs from it. */
export const departures = (numbers: readonly number[], last: number) => {
  const seen = new Set(numbers)
  let lost = 0
  for (let n = 1; n <= last; n++) if (!seen.has(n)) lost++
  const disordered = numbers.filter((n, index) => index > 0 && n < (numbers[index - 1] as number)).length
  return { lost, doubled: numbers.length - seen.size, disordered }
}
