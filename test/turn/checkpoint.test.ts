import { randomUUID } from 'node:crypto'
import t from 'tap'
import type { Execution } from '../../src/stream/stream.ts'
import { checkpoints } from '../../src/turn/answer-checkpoint.ts'
import type { TurnPublisher } from '../../src/turn/publisher.ts'
import { DIALECTS, openTestStore } from '../support/store.ts'

const published = { content: 'Olá', epoch: 'e', offset: 7 }
const teller = { published, placed: async () => published } as unknown as TurnPublisher
const nobody = () => ({ agentId: null, provider: 'xai', model: 'grok' })

for (const dialect of DIALECTS)
  t.test(
    `an answer is stored while it is published, and left as it is once it has ended, on ${dialect}`,
    async (t) => {
      const { db, write } = await openTestStore(dialect)
      const { signal } = new AbortController()
      for (const [state, kept] of [
        ['pending', { content: 'Olá', content_at: 'e:7', state: 'streaming', provider: 'xai' }],
        ['streaming', { content: 'Olá', content_at: 'e:7', state: 'streaming', provider: 'xai' }],
        ['complete', { content: 'ended', content_at: null, state: 'complete', provider: null }],
        ['error', { content: 'ended', content_at: null, state: 'error', provider: null }],
      ] as const) {
        const id = randomUUID()
        await db
          .insertInto('chat_messages')
          .values({
            id,
            session_id: null,
            stream_id: id,
            author: null,
            role: 'assistant',
            content: 'ended',
            state,
            created_at: Date.now(),
          })
          .execute()
        const keeping = checkpoints({ write }, { stream: { id }, signal } as Execution, teller, nobody)
        await keeping.keep()
        await keeping.stop()
        const row = await db
          .selectFrom('chat_messages')
          .select(['content', 'content_at', 'state', 'provider'])
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
        t.strictSame({ ...row }, kept, state)
      }
    },
  )
