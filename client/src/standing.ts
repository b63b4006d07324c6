import type { ChannelBook } from './channel-book.ts'
import type { ChannelPosition } from './channels.ts'
import type { Http } from './http.ts'
import { PATIENCE_MS } from './policy.ts'

interface Page {
  epoch: string
  top: number
}

/** An offset that no log reaches. */
const BEYOND = '999999999999999'

const historyPath = (channel: string, query: string): string =>
  `/api/v1/channels/${encodeURIComponent(channel)}/history?${query}`

/**
 * Reads where a channel stands now.
 * @throws {ApiError} where it may not be read, or is not there
 */
export const standing = async (
  http: Http,
  channel: string,
  signal: AbortSignal,
): Promise<ChannelPosition> => {
  const query = `after=${BEYOND}&limit=1`
  const page = await http.json('GET', historyPath(channel, query), undefined, {
    signal,
    patienceMs: PATIENCE_MS,
  })
  const { epoch, top } = page as Page
  return { epoch, offset: top }
}

/** Gives subscriptions that begin now the place from which they do, so that what breaks early loses nothing. */
export const beginNow = async (
  http: Http,
  book: ChannelBook,
  channels: readonly string[],
  signal: AbortSignal,
): Promise<void> => {
  await Promise.all(
    channels.map(async (channel) => {
      if (!book.of(channel).some(({ since }) => since === 'now')) return
      const position = await standing(http, channel, signal)
      for (const one of book.of(channel)) one.begin(position)
    }),
  )
}
