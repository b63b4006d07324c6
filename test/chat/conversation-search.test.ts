import { randomUUID } from 'node:crypto'
import t from 'tap'
import { searchConversations } from '../../src/chat/conversation-search.ts'
import { share } from '../../src/identity/share-rows.ts'
import { cursorOf } from '../../src/protocol/page.ts'
import { DIALECTS, openTestStore } from '../support/store.ts'

for (const dialect of DIALECTS)
  t.test(`conversations are found by their words on ${dialect}`, async (t) => {
    const store = await openTestStore(dialect)
    let clock = 1000
    const make = async (id: string, owner: string, title: string, messages: readonly string[]) => {
      clock += 1000
      await store.db
        .insertInto('chat_sessions')
        .values({ id, owner, channel: `chat:${id}`, title, created_at: clock, updated_at: clock })
        .execute()
      for (const content of messages)
        await store.db
          .insertInto('chat_messages')
          .values({
            id: randomUUID(),
            session_id: id,
            stream_id: null,
            author: owner,
            role: 'user',
            content,
            content_at: null,
            state: 'complete',
            agent_id: null,
            provider: null,
            model: null,
            usage_json: null,
            created_at: clock,
            replaces_seq: content.startsWith('(not yet)') ? 1 : null,
          })
          .execute()
    }
    const far = `${'muito antes '.repeat(30)}a Licitação de 100% da ESCOLA${' e depois'.repeat(30)}`
    await make('a', 'ana', 'Fornecedores maiores', ['Quem são?', far, 'A escola, de novo'])
    await make('b', 'ana', 'Licitações da escola', ['nada'])
    await make('c', 'bia', 'Segredo', ['licitacao da escola'])
    await make('d', 'ana', 'Outra', ['licitatao da escala', 'l_c', '(not yet) licitação da escola'])
    const find = async (text: string, more: { owner?: string | null; limit?: number; after?: string } = {}) =>
      (await searchConversations(store, { owner: 'ana', limit: 10, after: null, ...more, text })).map(
        ({ id, excerpt }) => [id, excerpt] as const,
      )

    const found = await find('escola LICITACAO')
    t.same(
      found.map(([id]) => id),
      ['a'],
      'all words in one text, and nobody else’s; an answer that is not one yet is none',
    )
    t.match(found[0]?.[1], /^….*a Licitação de 100% da ESCOLA.*…$/)
    t.same(await find('licitações'), [['b', null]], 'a title has no excerpt')
    const ids = async (...[text, more]: Parameters<typeof find>) => (await find(text, more)).map(([id]) => id)
    t.same(await ids('100%'), ['a'], 'a percent sign is itself')
    t.same(await ids('l_c'), ['d'], 'and so is an underscore')
    t.same(await ids(' \u0301 '), [], 'an accent alone is no word')

    await share(store.db, { type: 'chat', id: 'c' }, 'ana')
    t.same(await ids('escola licitacao'), ['c', 'a'], 'what is shared is found too')
    t.same(await ids('escola licitacao', { owner: 'bia' }), ['c'])
    t.same(await ids('licita', { owner: null }), ['d', 'c', 'b', 'a'])
    t.same(await ids('licita', { owner: null, limit: 2 }), ['d', 'c'])
    t.same(await ids('licita', { owner: null, after: cursorOf(3000, 'b') }), ['a'])

    for (let n = 0; n < 60; n++) await make(`n${n}`, 'ana', 'x', ['licitatao da escala'])
    t.same(await ids('escola licitacao'), ['c', 'a'], 'behind many that only might have them')
  })
