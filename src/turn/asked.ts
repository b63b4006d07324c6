import type { Store } from '../store/database.ts'
import type { Stream } from '../stream/stream.ts'

/** Returns the first of the turns whose question has exactly this text. */
export const turnAsked = async (
  { db }: Store,
  streams: readonly Stream[],
  question: string,
): Promise<Stream | undefined> => {
  if (streams.length === 0) return undefined
  const rows = await db
    .selectFrom('chat_messages')
    .select('stream_id')
    .where(
      'stream_id',
      'in',
      streams.map(({ id }) => id),
    )
    .where('role', '=', 'user')
    .where('content', '=', question)
    .execute()
  return streams.find(({ id }) => rows.some(({ stream_id }) => stream_id === id))
}
