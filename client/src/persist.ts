import { type Http, retryAfterMs } from './http.ts'
import { isFinal, nextDelay, pause, type Verdict, type Wakers } from './policy.ts'
import type { Session } from './session.ts'
import type { Link } from './state.ts'

/** The parts that all connections of a client share. */
export interface Connecting {
  http: Http
  session: Session
  random(): number
  wakers: Wakers
}

/** The end of one connection, and what it says of the next. */
export interface Outcome {
  next: Verdict | 'done'
  /** It was of use: the pauses begin anew. */
  wasOpen?: boolean
  /** The token to renew. */
  token?: string | undefined
  retryMs?: number | undefined
  retryAfterMs?: number | undefined
}

/**
 * Connects again and again, until a connection says that it is done: pauses as {@link nextDelay} says, renews
 * credentials, and goes on for ever while what is wrong may pass.
 * @throws {ApiError} what another try cannot change
 * @throws the signal's reason once it aborts
 */
export const persist = async (
  { session, random, wakers, link, signal }: Connecting & { link?: Link; signal: AbortSignal },
  connect: () => Promise<Outcome>,
): Promise<void> => {
  for (let failures = 0; ; ) {
    let outcome: Outcome
    try {
      outcome = await connect()
      if (outcome.next === 'done') return
      if (outcome.next === 'renew') await session.renew(outcome.token)
    } catch (error) {
      signal.throwIfAborted()
      if (isFinal(error)) throw error
      outcome = { next: 'retry', retryAfterMs: retryAfterMs(error) }
    }
    signal.throwIfAborted()
    failures = outcome.wasOpen ? 1 : failures + 1
    link?.set('reconnecting')
    await pause(nextDelay({ ...outcome, failures, soon: outcome.next === 'soon' }, random()), signal, wakers)
    signal.throwIfAborted()
  }
}
