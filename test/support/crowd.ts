import { until } from './deployment.ts'
import { departures, type Follower, follow } from './follower.ts'
import { client } from './process.ts'

/** A channel, and where its publishers and clients find the service. */
export interface Place {
  /** Origin of an instance, or of the proxy before them; asked for each connection and each request. */
  readonly origin: () => string
  readonly token: string
  readonly channel: string
}

/**
 * Publishes `{"n":from}` to `{"n":to}` one after the other, each under one idempotency key until it is acknowledged.
 * @throws {Error} when the service refuses one for good
 */
export const publishNumbers = async (
  { origin, token, channel }: Place,
  from: number,
  to: number,
): Promise<void> => {
  for (let n = from; n <= to; ) {
    const answer = await client(origin(), token)
      .call('POST', `/api/v1/channels/${channel}/publications`, {
        body: { n },
        headers: { 'idempotency-key': `${channel}-${n}` },
      })
      .catch(() => undefined)
    if (answer?.status === 202) n++
    // On a busy machine this process may stand still between its connection and its head: 408.
    else if (answer !== undefined && answer.status < 500 && answer.status !== 408)
      throw new Error(`publish answered ${answer.status}`)
  }
}

export const numbersOf = (follower: Follower): number[] =>
  follower.events.map(({ data }) => JSON.parse(data).n)

/** Resolves once a follower has heard `{"n":n}`. */
export const heard = (follower: Follower, n: number): Promise<void> =>
  follower.saw(({ data }) => JSON.parse(data).n === n)

/**
 * Opens clients that come back whenever they are cut, and have heard `{"n":0}`, which names their position.
 * @param stay how many events each connection is kept for
 */
export const gather = async (place: Place, count: number, stay?: () => number): Promise<Follower[]> => {
  const { origin, token, channel } = place
  const path = `/api/v1/channels/${channel}/events`
  const followers = Array.from({ length: count }, () =>
    follow({ address: origin, path, token, ...(stay && { stay }) }),
  )
  await until('connections', async () => followers.every(({ connections }) => connections > 0), Boolean)
  await publishNumbers(place, 0, 0)
  await Promise.all(followers.map((follower) => heard(follower, 0)))
  return followers
}

/** Sums up how what the clients heard departs from `{"n":1}` … `{"n":last}`. */
export const summed = (followers: readonly Follower[], last: number) => {
  const sum = { lost: 0, doubled: 0, disordered: 0 }
  for (const follower of followers) {
    const found = departures(numbersOf(follower).slice(1), last)
    sum.lost += found.lost
    sum.doubled += found.doubled
    sum.disordered += found.disordered
  }
  return sum
}

/**
 * Watches what the clients hear for its first departure from `{"n":0}`, `{"n":1}` …
 * @returns a function that looks at what came since its last call, and tells the departure; undefined while there is none
 */
export const departureWatch = (followers: readonly Follower[]): (() => string | undefined) => {
  const heard = followers.map(() => 0)
  return () => {
    for (const [at, { events, recoveries }] of followers.entries()) {
      for (const { data } of events.slice(heard[at])) {
        const [n, due] = [JSON.parse(data).n, heard[at] as number]
        if (n !== due) return `client ${at} heard ${n} where ${due} was due`
        heard[at] = due + 1
      }
      const failed = recoveries.find(({ recovered }) => !recovered)
      if (failed)
        return `client ${at} was told that something is missing after ${heard[at]}: ${failed.reason}`
    }
    return undefined
  }
}

/** Sums up how often the clients connected, and where they were told that something is missing. */
export const reconnected = (followers: readonly Follower[]) => ({
  connections: followers.reduce((sum, { connections }) => sum + connections, 0),
  failed: followers.flatMap(({ recoveries }) => recoveries).filter(({ recovered }) => !recovered),
})
