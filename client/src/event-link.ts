import { type ChannelBook, type ChannelLink, type ChannelPosition, refused } from './channels.ts'
import { ApiError, ownError } from './error.ts'
import { type Connecting, follow } from './follow.ts'
import type { StateTracker } from './state.ts'

export interface EventLinkOptions extends Connecting {
  state: StateTracker
  book: ChannelBook
  signal: AbortSignal
}

interface Page extends ChannelPosition {
  epoch: string
  top: number
}

/**
 * Carries all subscriptions over one event-stream. The service's cursor names the position in every channel; a set of
 * channels that changes is asked for anew, behind what was received.
 */
export const eventLink = ({ state, book, signal, ...connecting }: EventLinkOptions): ChannelLink => {
  const { http } = connecting
  const link = state.link()
  const closed = new AbortController()
  let connection = new AbortController()
  let cursor: string | undefined
  let isPlanned = false

  /** Reads the logs' tops for subscriptions that begin now, so that a connection that breaks early loses nothing. */
  const standing = async (channels: readonly string[], stop: AbortSignal): Promise<void> => {
    await Promise.all(
      channels.map(async (channel) => {
        const query = new URLSearchParams({ after: String(Number.MAX_SAFE_INTEGER), limit: '1' })
        const path = `/api/v1/channels/${encodeURIComponent(channel)}/history?${query}`
        const response = await http.send(path, { signal: stop })
        const { epoch, top } = (await response.json()) as Page
        for (const one of book.of(channel)) one.begin({ epoch, offset: top })
      }),
    )
  }

  const refuse = async (channels: readonly string[]): Promise<void> => {
    // One channel that is refused refuses them all: find out which it is.
    await Promise.all(
      channels.map(async (channel) => {
        try {
          await (
            await http.send(`/api/v1/channels/${encodeURIComponent(channel)}/history?limit=1`)
          ).body?.cancel()
        } catch (error) {
          if (error instanceof ApiError && error.status >= 400 && error.status < 500)
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
    const channels = book.channels
    if (channels.length === 0) {
      link.set('open')
      return
    }
    const wantsAll = channels.some((channel) => book.sinceOf(channel) !== 'now')
    const query = new URLSearchParams(channels.map((channel) => ['channel', channel]))
    if (wantsAll) query.set('recover', 'all')
    cursor = undefined
    try {
      await follow({
        ...connecting,
        link,
        signal: stop,
        path: () => `/api/v1/events?${query}`,
        position: () => cursor,
        opened: () => void standing(channels, stop).catch(() => undefined),
        event({ id, event, data }) {
          if (id !== undefined) cursor = id
          const told = JSON.parse(data)
          if (event === 'publication') book.take(told)
          else if (event === 'recovery' && told.recovered === false)
            for (const one of book.of(told.channel)) one.lose(told.reason)
          return false
        },
      })
    } catch (error) {
      if (stop.aborted) return
      const before = book.channels.length
      await refuse(channels)
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
