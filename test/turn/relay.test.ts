import t from 'tap'
import type { Taking } from '../../src/llm/provider.ts'
import type { Routed } from '../../src/llm/routing.ts'
import { relay } from '../../src/turn/relay.ts'
import { DIALECTS, openTestStore } from '../support/store.ts'
import { openTurns } from '../support/turns.ts'

const answering =
  (...texts: string[]) =>
  async ({ take }: Taking<Routed>): Promise<void> => {
    await take([{ type: 'chosen', provider: 'xai', model: 'grok' }])
    for (const text of texts) await take([{ type: 'text-delta', text }])
    await take([{ type: 'finish', reason: 'stop' }])
  }

const ANSWERS: readonly [what: string, pieces: readonly string[], kept: string][] = [
  ['a character that no text has', ['a\0', '\0b', ' Olá'], 'a\ufffd\ufffdb Olá'],
  ['a pair of surrogates in two pieces', ['a \ud83d', '\ude00 b'], 'a 😀 b'],
  ['a first half without its other', ['a \ud83d', ' b'], 'a \ufffd b'],
  ['a second half without its first', ['a \ude00', ' b'], 'a \ufffd b'],
  ['half a character at its end', ['a ', '\ud83d'], 'a \ufffd'],
]

for (const [dialect, what, pieces, said] of DIALECTS.flatMap((dialect) =>
  ANSWERS.map((one) => [dialect, ...one] as const),
))
  t.test(`an answer with ${what} is told as it is kept, on ${dialect}`, async (t) => {
    const store = await openTestStore(dialect)
    const { hub, turns } = openTurns(t, store)
    const turn = await turns.start({
      kind: 'prompt',
      owner: 'alice',
      onDisconnect: 'continue',
      async answer(telling) {
        const { provider, model, finishReason } = await relay(telling, answering(...pieces))
        return { provider, model, finishReason }
      },
    })
    const { event, content } = await turn.ended
    t.match(event, { type: 'complete' })
    t.equal(content, said)
    const { publications } = await hub.history(turn.stream.channel, 0, 100)
    const told = publications.map(({ data }) => JSON.parse(data))
    t.equal(told.map((one) => (one.type === 'chunk' ? one.content : '')).join(''), content)
    t.notOk(
      told.some((one) => one.type === 'chunk' && /\p{Surrogate}/u.test(one.content)),
      'no half of one',
    )
    const kept = await store.db
      .selectFrom('chat_messages')
      .select(['content', 'state'])
      .where('stream_id', '=', turn.stream.id)
      .executeTakeFirstOrThrow()
    t.strictSame({ ...kept }, { content, state: 'complete' })
  })
