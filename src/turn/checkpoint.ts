import type { Store } from '../store/database.ts'
import type { Execution } from '../stream/stream.ts'
import type { PublishedText, TurnPublisher } from './publisher.ts'

/** First look at what has to be kept of a running answer, and the wait before each later one, in ms. */
const FIRST_MS = 250
const NEXT_MS = 700

/** States of an answer that is not over. */
const OPEN = ['pending', 'streaming'] as const

/** What of a running answer is in the store, for other instances, and for the case that this one dies. */
export interface Checkpoints {
  /** Keeps what is told by now, at a position of the log as it is now. */
  keep(): Promise<void>
  /** Ends it; resolves when nothing is being written any more. */
  stop(): Promise<void>
}

/** Keeps the answer of a turn in its message while it is told. */
export const checkpoints = (
  store: Pick<Store, 'write'>,
  { stream, signal }: Execution,
  teller: TurnPublisher,
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
          // Whoever has taken the turn from this instance has ended it: the answer stands as it was then.
          .where('state', 'in', OPEN)
          .execute(),
      )
      .then(
        () => undefined,
        () => undefined,
      )
  }
  const look = (): void => {
    if (teller.told.content !== kept) write(teller.told)
    if (signal.aborted) return
    timer = setTimeout(look, NEXT_MS)
  }
  let timer = setTimeout(look, FIRST_MS)
  return {
    async keep() {
      write(await teller.placed())
      await last
    },
    async stop() {
      clearTimeout(timer)
      await last
    },
  }
}
