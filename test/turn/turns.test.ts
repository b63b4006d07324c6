import t from 'tap'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import { Conversations } from '../../src/chat/conversations.ts'
import { conversationFeed } from '../../src/feed/conversation-feed.ts'
import type { Identity } from '../../src/identity/identity.ts'
import type { Turns } from '../../src/turn/turns.ts'
import { accessIn, sharesIn } from '../support/access.ts'
import { DIALECTS, openTestStore } from '../support/store.ts'
import { openTurns } from '../support/turns.ts'

const ADMIN = { id: 'u1', username: 'ana', role: 'admin' } as Identity
const PIECES = ['um ', 'dois ', 'três']

for (const dialect of DIALECTS)
  t.test(`a snapshot is of its position, also of answers that have ended since, on ${dialect}`, async (t) => {
    const store = await openTestStore(dialect)
    const broker = memoryBroker({ historySize: 1000, historyTtlMs: 3_600_000 })
    t.teardown(() => broker.close())
    const errors: unknown[] = []
    const instance = (name: string) => {
      const onError = (error: unknown) => void errors.push(error)
      return openTurns(t, store, broker, { instance: name, onError })
    }
    const [a, b] = [instance('a'), instance('b')]
    const conversations = new Conversations(store, accessIn(store))
    const session = { id: 'c1', channel: 'chat:c1:1' }
    await conversations.make(store.db, session, ADMIN.id, 'Olá')

    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const turn = await a.turns.start({
      kind: 'chat',
      owner: ADMIN.id,
      onDisconnect: 'continue',
      session: { ...session, question: { author: ADMIN, content: 'Olá' } },
      async answer(telling) {
        for (const piece of PIECES) {
          telling.text(piece)
          // Each piece has a publication of its own.
          telling.emit({ type: 'thinking', message: 'Hm' })
        }
        await held
        return { provider: 'local', model: null, finishReason: 'stop' }
      },
    })
    const { epoch, offset } = await turn.began
    const row = async () => (await b.streams.get(turn.stream.id)) ?? turn.stream
    t.match(await b.turns.texts.located({ ...turn.stream, epoch: null, start_offset: null }), {
      epoch,
      start_offset: offset,
    })
    const whole = async (): Promise<number> =>
      (await a.hub.history(session.channel, 0, 1000)).publications.length
    while ((await whole()) < offset + 8) await new Promise(setImmediate)
    const { publications } = await a.hub.history(session.channel, offset, 1000)
    const chunks = publications.filter(({ data }) => data.startsWith('{"type":"chunk"'))
    t.equal(chunks.length, PIECES.length)

    const shown = (turns: Turns) =>
      conversationFeed({ conversations, turns, shares: sharesIn(store) })(ADMIN, 'c1')
    const assertSnapshots = async (when: string) => {
      for (const { turns } of [a, b]) {
        const { snapshot } = await shown(turns)
        const at = async (position: number) => {
          const state = (await snapshot?.({ epoch, offset: position })) as { messages: { content: string }[] }
          return state.messages.at(-1)
        }
        t.match(await at(offset), { state: 'pending', content: '' }, when)
        for (const [n, chunk] of chunks.entries())
          t.match(
            await at(chunk.offset),
            { state: 'streaming', content: PIECES.slice(0, n + 1).join('') },
            when,
          )
      }
    }
    await assertSnapshots('while it runs')
    release()
    await turn.ended
    while ((await row()).end_offset === null) await new Promise(setImmediate)
    await assertSnapshots('when it has ended')
    const { snapshot } = await shown(b.turns)
    const { end_offset } = await row()
    t.match(await snapshot?.({ epoch, offset: end_offset as number }), {
      messages: [{ role: 'user' }, { state: 'complete', content: PIECES.join('') }],
    })
    t.same(errors, [])
  })
