import type { Identity } from '../identity/identity.ts'
import type { Store } from '../store/database.ts'
import type { Streams } from '../stream/streams.ts'
import { tokensToday } from '../turn/usage.ts'
import { MAX_MESSAGE_CHARS } from './chat.ts'

/** The limits of one caller's streams, tokens and messages, and how much of them is used. */
export interface CallerLimits {
  /** Unicode code points of a message. */
  message: { limit: number }
  /** Executions that run at once: turns, investigations, exports. */
  streams: { limit: number; running: number }
  /** Tokens of the current day (UTC); `reset` is the seconds until the next one, `limit` null where there is none. */
  tokens: { limit: number | null; used: number; reset: number }
}

export interface LimitsOptions {
  store: Store
  streams: Pick<Streams, 'usage'>
  /** Tokens that a user may use in a day; 0 sets no limit. */
  maxTokensPerDay: number
}

/** Makes the use case that reads what a caller may still use. */
export const callerLimits =
  ({ store, streams, maxTokensPerDay }: LimitsOptions) =>
  async ({ id }: Identity): Promise<CallerLimits> => {
    const [usage, tokens] = await Promise.all([streams.usage(id), tokensToday(store, id)])
    return {
      message: { limit: MAX_MESSAGE_CHARS },
      streams: usage,
      tokens: { limit: maxTokensPerDay === 0 ? null : maxTokensPerDay, ...tokens },
    }
  }
