import type { Store } from '../store/database.ts'
import type { Execution } from '../stream/stream.ts'
import type { PublishedText, TurnPublisher } from './publisher.ts'

/** Milliseconds before the first check whether a running answer must be stored, and before each later one. */
const FIRST_MS = 250
const NEXT_MS = 700

/** States of a message whose answer is not complete. */
const OPEN = ['pending', 'streaming'] as const

/** Stores a running answer from time to time, for other instances and for the case that this one dies. */
export interface Checkpoints {
  /** Stores the published text, with its current position in the log. */
  keep(): Promise<void>
  /** Stops the checks; resolves when no write is under way. */
  stop(): Promise<void>
}

/** Makes the checkpoints of a turn, which store its answer in its message while it is written. */
export const checkpoints = (
  store: Pick<Store, 'write'>,
  { stream, signal }: Execution,
  publisher: TurnPublisher,
  who: () => { agentId: string | null; provider: string | null; model: string | null },
): Checkpoints => {
  let kept = ''
  let last: Promise<void> = Promise.resolve()
  const write = ({ content, epoch, offset }: PublishedText): void => {
    const { agentId: agent_id, provider, model } = who()
    kept = content
    last = store
      .write((db) =>
        db
          .updateTable('chat_messages')
          .set({ content, content_at: `${epoch}:${offset}`, state: 'streaming', agent_id, provider, model })
          .where('stream_id', '=', stream.id)
          .where('role', '=', 'assistant')
          // Another instance that took the turn over has ended it: its answer stays as it is.
          .where('state', 'in', OPEN)
          .execute(),
      )
      .then(
        () => undefined,
        () => undefined,
      )
  }
  const look = (): void => {
    if (publisher.published.content !== kept) write(publisher.published)
    if (signal.aborted) return
    timer = setTimeout(look, NEXT_MS)
  }
  let timer = setTimeout(look, FIRST_MS)
  return {
    async keep() {
      write(await publisher.placed())
      await last
    },
    async stop() {
      clearTimeout(timer)
      await last
    },
  }
}
