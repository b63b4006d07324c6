import { type ChannelBook, type ChannelLink, refused } from './channel-book.ts'
import { ApiError, ownError } from './error.ts'
import { follow } from './follow.ts'
import { type Connecting, persist } from './persist.ts'
import { verdictOfStatus } from './policy.ts'
import { beginNow, standing } from './standing.ts'
import type { StateTracker } from './state.ts'

export interface LinkOptions extends Connecting {
  state: Pick<StateTracker, 'link'>
  book: ChannelBook
  signal: AbortSignal
}

/**
 * Carries all subscriptions over one event-stream, which is asked for behind the position in every channel, and anew
 * where the set of channels changes.
 */
export const eventLink = ({ state, book, signal, ...connecting }: LinkOptions): ChannelLink => {
  const { http } = connecting
  const link = state.link()
  const closed = new AbortController()
  let connection = new AbortController()
  let isPlanned = false

  const pathOf = (channels: readonly string[]): string => {
    const query = new URLSearchParams(channels.map((channel) => ['channel', channel]))
    for (const channel of channels) {
      const since = book.ask(channel)
      if (since === 'all') query.set('recover', 'all')
      else if (typeof since === 'object')
        query.append('position', `${since.epoch}:${since.offset}:${channel}`)
    }
    return `/api/v1/events?${query}`
  }

  /** Ends the subscriptions that are refused: one channel that may not be read refuses them all. */
  const refuse = async (channels: readonly string[], stop: AbortSignal): Promise<void> => {
    await Promise.all(
      channels.map(async (channel) => {
        try {
          await standing(http, channel, stop)
        } catch (error) {
          if (error instanceof ApiError && error.status > 0 && verdictOfStatus(error.status) === 'give-up')
            book.end(channel, refused(channel, error.code, error.detail))
        }
      }),
    )
  }

  const open = async (): Promise<void> => {
    isPlanned = false
    connection.abort()
    connection = new AbortController()
    const stop = AbortSignal.any([signal, closed.signal, connection.signal])
    const channels = book.channels.filter((channel) => book.sinceOf(channel) !== undefined)
    if (channels.length === 0) {
      link.set('open')
      return
    }
    try {
      const means = { ...connecting, link, signal: stop }
      await persist(means, async () => {
        await beginNow(http, book, channels, stop)
        return { next: 'done' }
      })
      await follow({
        ...means,
        path: () => pathOf(channels),
        event({ event, data }) {
          const told = JSON.parse(data)
          if (event === 'publication') book.take(told)
          else if (event === 'recovery' && told.recovered === false) book.lose(told.channel, told.reason)
          return false
        },
      })
    } catch (error) {
      if (stop.aborted) return
      const before = book.channels.length
      await refuse(channels, stop).catch(() => undefined)
      if (stop.aborted) return
      if (book.channels.length < before) plan()
      else book.endAll(error instanceof ApiError ? error : ownError('CONNECTION_LOST', String(error), error))
    }
  }
  /** Several changes of one turn are one connection. */
  const plan = (): void => {
    if (isPlanned || closed.signal.aborted) return
    isPlanned = true
    queueMicrotask(() => void open())
  }

  plan()
  return {
    changed: plan,
    close() {
      closed.abort()
      link.release()
    },
  }
}
