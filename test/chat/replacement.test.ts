import t, { type Test } from 'tap'
import { auditTrail } from '../../src/audit/audited.ts'
import { auditLog } from '../../src/audit/log.ts'
import type { AnswerContext, Question } from '../../src/chat/agent-answer.ts'
import { Chat, type ChatMessageInput } from '../../src/chat/chat.ts'
import { Conversations } from '../../src/chat/conversations.ts'
import { Problem } from '../../src/errors.ts'
import type { Identity } from '../../src/identity/identity.ts'
import type { Dialect } from '../../src/store/sql-dialect.ts'
import { accessIn } from '../support/access.ts'
import { DIALECTS, openTestStore } from '../support/store.ts'
import { openTurns } from '../support/turns.ts'

const identity = { id: 'ana', username: 'ana', role: 'analyst' } as Identity
const ID = 'main'

/** A conversation whose answers are as asked for, or fail. */
const open = async (t: Test, dialect: Dialect) => {
  const store = await openTestStore(dialect)
  const failures: unknown[] = []
  const onError = (error: unknown) => failures.push(error)
  const { hub, streams, turns } = openTurns(t, store, undefined, { onError })
  const log = auditLog(store)
  const conversations = new Conversations(store, accessIn(store))
  const recalled: string[][] = []
  const chat = new Chat({
    store,
    access: accessIn(store),
    hub,
    streams,
    conversations,
    turns,
    onError: (error) => t.error(error),
    answerContextFor: () => ({}) as AnswerContext,
    hasProvider: () => true,
    maxTokensPerDay: 0,
  })
  const say = async (id: string, answered: string | Error, more: Partial<ChatMessageInput> = {}) => {
    const turn = await chat.say(
      { identity, language: 'en', audit: auditTrail(log, { id: 'ana', email: null }) },
      {
        message: `${id}?`,
        messageId: { id, field: '/messages/0/id' },
        sessionId: ID,
        mayReset: false,
        answering: (_, question: Question) => async (turn) => {
          recalled.push(question.recalled.map(({ content }) => content))
          if (answered instanceof Error) throw answered
          turn.text(answered)
          return { provider: null, model: null, finishReason: 'stop' }
        },
        ...more,
      },
    )
    await turn.ended
    return turn
  }
  const kept = async () => {
    const session = await conversations.require(identity, ID)
    return ((await conversations.messages(session, 100, null)) ?? []).map(({ content }) => content)
  }
  const replaced = async () =>
    (await log.events({ eventTypes: ['chat.message_replaced'] }, { limit: 100 })).map(
      ({ details }) => details,
    )
  return { store, say, kept, replaced, recalled, failures }
}

for (const dialect of DIALECTS)
  t.test(`what is replaced leaves the conversation and stays in the audit, on ${dialect}`, async (t) => {
    const { store, say, kept, replaced, recalled, failures } = await open(t, dialect)
    const gone = new Problem('PROVIDER_UNAVAILABLE', 'the vendor is gone')
    const first = await say('u1', 'a1')
    const second = await say('u2', 'a2')
    await say('u1', gone, {
      replacing: { kind: 'regenerate', messageId: first.messageId },
    })
    t.same(await kept(), ['u1?', 'a1', 'u2?', 'a2'], 'an answer that fails replaces nothing')
    t.same(await replaced(), [])
    await say('u2', 'b2', { replacing: { kind: 'regenerate' } })
    t.same(await kept(), ['u1?', 'a1', 'u2?', 'b2'])
    await say('u2', 'c2', { message: 'v2?', replacing: { kind: 'edit', messageId: 'u2' } })
    t.same(await kept(), ['u1?', 'a1', 'v2?', 'c2'])
    await say('u1', 'c1', { replacing: { kind: 'regenerate', messageId: 'u1' } })
    t.same(await kept(), ['u1?', 'c1'])
    t.same(failures, [gone])
    t.same(recalled, [[], ['u1?', 'a1'], [], ['u1?', 'a1'], ['u1?', 'a1'], []])
    t.match(await replaced(), [
      { message_id: second.messageId, role: 'assistant', content: 'a2' },
      { message_id: 'u2', role: 'user', content: 'u2?' },
      { role: 'assistant', content: 'b2' },
      { message_id: first.messageId, role: 'assistant', content: 'a1' },
      { message_id: 'u2', role: 'user', content: 'v2?' },
      { role: 'assistant', content: 'c2' },
    ])
    const rows = await store.db.selectFrom('chat_messages').select('replaces_seq').execute()
    t.same(
      rows,
      [{ replaces_seq: null }, { replaces_seq: null }],
      'nor is the failed answer kept beside them',
    )
    await t.rejects(say('u1', ''), { code: 'VALIDATION_FAILED', errors: [{ field: '/messages/0/id' }] })
    for (const replacing of [
      { kind: 'edit', messageId: 'u3' },
      { kind: 'regenerate', messageId: 'u3' },
    ] as const)
      await t.rejects(say('u4', '', { replacing }), { errors: [{ field: '/messageId' }] })
  })
