import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { auditTrail } from '../../src/audit/audited.ts'
import { auditLog } from '../../src/audit/log.ts'
import type { AnswerContext } from '../../src/chat/agent-answer.ts'
import { Chat, type ChatMessageInput } from '../../src/chat/chat.ts'
import { channelName, newChannel, shownChannel } from '../../src/chat/conversation-channel.ts'
import { Conversations, type Identified } from '../../src/chat/conversations.ts'
import { conversationFeed } from '../../src/feed/conversation-feed.ts'
import type { Actor } from '../../src/identity/actor.ts'
import type { Identity } from '../../src/identity/identity.ts'
import { share } from '../../src/identity/share-rows.ts'
import type { Dialect } from '../../src/store/sql-dialect.ts'
import type { TurnRequest } from '../../src/turn/turn.ts'
import type { Turns } from '../../src/turn/turns.ts'
import { accessIn, sharesIn } from '../support/access.ts'
import { DIALECTS, openTestStore } from '../support/store.ts'
import { openTurns } from '../support/turns.ts'

const person = (id: string) => ({ id, username: id, role: 'analyst' }) as Identity
const [ana, bia, caio] = [person('ana'), person('bia'), person('caio')]
const ID = 'main'

/** @param meanwhile between looking for a conversation and starting a turn in it, each time */
const open = async (t: Test, dialect: Dialect, meanwhile: () => Promise<unknown> = async () => undefined) => {
  const store = await openTestStore(dialect)
  const { hub, streams, turns } = openTurns(t, store)
  const log = auditLog(store)
  const actor = (identity: Identity): Actor => ({
    identity,
    audit: auditTrail(log, identity),
    language: 'en',
  })
  const conversations = new Conversations(store, accessIn(store))
  let isMeanwhile = false
  const chat = new Chat({
    store,
    access: accessIn(store),
    hub,
    streams,
    conversations,
    onError: (error) => t.error(error),
    answerContextFor: () => ({}) as AnswerContext,
    hasProvider: () => true,
    maxTokensPerDay: 0,
    turns: {
      async start(request: TurnRequest) {
        if (isMeanwhile) {
          // Others say what they say at once.
          isMeanwhile = false
          await meanwhile()
          isMeanwhile = true
        }
        return turns.start(request)
      },
    } as Turns,
  })
  /** What was recalled for each answer. */
  const recalled: unknown[] = []
  const saying = (message: string, more: Partial<ChatMessageInput> = {}): ChatMessageInput => ({
    message,
    sessionId: ID,
    mayReset: true,
    answering: (_means, question) => async (turn) => {
      recalled.push(question.recalled)
      turn.text('ok')
      return { provider: 'local', model: null, finishReason: 'stop' }
    },
    ...more,
  })
  const say = async (who: Identity, message: string, more?: Partial<ChatMessageInput>) => {
    const turn = await chat.say(actor(who), saying(message, more))
    await turn.ended
    return turn.stream
  }
  /** The same, with `meanwhile`. */
  const sayLate: typeof say = async (...said) => {
    isMeanwhile = true
    try {
      return await say(...said)
    } finally {
      isMeanwhile = false
    }
  }
  const kept = async (): Promise<string[]> => {
    const rows = await store.db.selectFrom('chat_messages').select('content').orderBy('seq').execute()
    return rows.map(({ content }) => content)
  }
  const feedOf = conversationFeed({ conversations, turns, shares: sharesIn(store) })
  const enter = (who: Identity) => chat.enter(actor(who), ID)
  return { store, conversations, enter, say, sayLate, recalled, kept, feedOf }
}

type Scene = Awaited<ReturnType<typeof open>>

/** Ana's conversation is removed, and bia makes one of its id. */
const handOver = async ({ conversations, say }: Scene, said = 'a secret of bia'): Promise<Identified> => {
  const before = await conversations.require(ana, ID)
  await conversations.remove(before)
  await say(bia, said)
  return before
}

t.test('clients see the name of a conversation’s channel, and of other channels all', async (t) => {
  const channel = newChannel(ID)
  t.not(channel, newChannel(ID))
  t.equal(shownChannel(channel), channelName(ID))
  for (const other of ['chat:main', 'stream:a', 'topic:chat:a:b', 'investigation:a:b'])
    t.equal(shownChannel(other), other)
})

for (const dialect of DIALECTS) {
  t.test(`what was found before an id was made anew shows nothing of the next, on ${dialect}`, async (t) => {
    const scene = await open(t, dialect)
    const { store, conversations, say, kept, feedOf, recalled } = scene
    const { channel, epoch } = await say(ana, 'words of ana')
    const feed = await feedOf(ana, ID)
    t.match(feed, { channel, name: 'chat:main' })
    await t.rejects(feedOf(ana, channel.slice('chat:'.length)), { code: 'NOT_FOUND' }, 'it has one name')
    const position = { epoch: epoch ?? '', offset: 0 }
    t.match(await feed.snapshot?.(position), { owner: 'ana', messages: [{ content: 'words of ana' }, {}] })

    const before = await handOver(scene)
    t.equal(before.channel, channel)
    t.same(await feed.snapshot?.(position), { messages: [] })
    t.same(await conversations.messages(before, 10, null), [])
    t.same(await conversations.recall(before), [])
    t.equal(await conversations.touch(store.db, before, ''), false)
    await t.rejects(conversations.remove(before), { code: 'NOT_FOUND' })
    for (const who of [ana, bia])
      await t.rejects(accessIn(store).require(who, { type: 'chat', id: ID, channel }, 'shared'), {
        code: 'NOT_FOUND',
      })
    t.same(await kept(), ['a secret of bia', 'ok'])
    t.same(recalled, [[], []], 'nor is a model told of it')
  })

  /** What ana says while others act, and what becomes of it. */
  const cases: readonly [
    what: string,
    meanwhile: (scene: Scene) => Promise<unknown>,
    more: Partial<ChatMessageInput> | 'in the room',
    outcome: { code: string } | string[],
  ][] = [
    ['in what is made anew by another', handOver, {}, { code: 'NOT_FOUND' }],
    ['in the room of what is made anew by another', handOver, 'in the room', { code: 'NOT_FOUND' }],
    [
      'in the room of what is made anew, and shared with her',
      async (scene) => {
        await handOver(scene)
        await share(scene.store.db, { type: 'chat', id: ID }, ana.id)
      },
      'in the room',
      { code: 'NOT_FOUND' },
    ],
    [
      'in what is removed: a new one',
      async ({ conversations }) => {
        const before = await conversations.get(ID)
        if (before?.title === 'words of ana') await conversations.remove(before)
      },
      {},
      ['late words', 'ok'],
    ],
    [
      'in the room of what is removed',
      async ({ conversations }) => conversations.remove(await conversations.require(ana, ID)),
      'in the room',
      { code: 'NOT_FOUND' },
    ],
    [
      'in what is always gone when she comes',
      async ({ conversations, enter }) => {
        const before = await conversations.get(ID)
        if (before) await conversations.remove(before)
        else await enter(ana)
      },
      {},
      { code: 'CONFLICT' },
    ],
  ]
  for (const [what, meanwhile, more, outcome] of cases)
    t.test(`said ${what}, on ${dialect}`, async (t) => {
      const scene: Scene = await open(t, dialect, () => meanwhile(scene))
      const { say, sayLate, kept, recalled } = scene
      const { channel } = await say(ana, 'words of ana')
      const late = sayLate(ana, 'late words', more === 'in the room' ? { channel } : more)
      if ('code' in outcome) {
        await t.rejects(late, outcome)
        t.notOk((await kept()).includes('late words'))
      } else {
        t.not((await late).channel, channel)
        t.same(await kept(), outcome)
        t.same(recalled.at(-1), [])
      }
    })

  t.test(`the first words in an id that another makes first, on ${dialect}`, async (t) => {
    for (const [who, outcome] of [
      [bia, { code: 'NOT_FOUND' }],
      [ana, undefined],
    ] as const) {
      const scene: Scene = await open(t, dialect, () => scene.enter(who))
      const late = scene.sayLate(ana, 'first words')
      if (outcome) await t.rejects(late, outcome)
      else t.equal((await late).channel, (await scene.conversations.get(ID))?.channel, 'her own other tab')
      t.same(await scene.kept(), outcome ? [] : ['first words', 'ok'])
    }
  })

  t.test(`shares end with the conversation that they were of, on ${dialect}`, async (t) => {
    const scene = await open(t, dialect)
    const { store, conversations, say } = scene
    await say(ana, 'words of ana')
    const resource = { type: 'chat', id: ID } as const
    const before = await conversations.require(ana, ID)
    const sharing = (meanwhile?: () => Promise<void>) =>
      store.db.transaction().execute(async (trx) => {
        await accessIn(store).requireDuring(trx, ana, resource, 'own')
        await share(trx, resource, caio.id)
        await meanwhile?.()
      })
    let removing: Promise<unknown> | undefined
    await sharing(async () => {
      let isOver = false
      removing = conversations.remove(before).finally(() => {
        isOver = true
      })
      const isBlocked = async () =>
        (
          await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(
            store.db,
          )
        ).rows.length > 0
      if (dialect === 'postgres') while (!isOver && !(await isBlocked())) await setImmediate()
    })
    await removing
    await say(bia, 'a secret of bia')
    await t.rejects(conversations.require(caio, ID), { code: 'NOT_FOUND' })
    await t.rejects(sharing(), { code: 'NOT_FOUND' }, 'what ana still wanted to share is not hers any more')
    t.same(await store.db.selectFrom('shares').selectAll().execute(), [])
  })
}
