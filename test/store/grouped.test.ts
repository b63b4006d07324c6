import t from 'tap'
import type { Store } from '../../src/store/database.ts'
import { DIALECTS, openTestStore } from '../support/store.ts'

const put = (store: Store, id: string, then: () => Promise<void> = async () => undefined) =>
  store.transact(async (trx) => {
    const row = { id, owner: 'u', channel: `chat:${id}`, title: '', created_at: 0, updated_at: 0 }
    await trx.insertInto('chat_sessions').values(row).execute()
    await then()
    return id
  })

const kept = async ({ db }: Store): Promise<string[]> => {
  const rows = await db.selectFrom('chat_sessions').select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}

for (const dialect of DIALECTS) {
  t.test(`transactions that are asked for at once on ${dialect} are kept or undone each alone`, async (t) => {
    const store = await openTestStore(dialect)
    const outcomes = await Promise.allSettled([
      put(store, 'a'),
      put(store, 'b', () => Promise.reject(new Error('not this one'))),
      put(store, 'c'),
      put(store, 'a'),
      put(store, 'd'),
    ])
    t.same(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.status)).sort(),
      ['a', 'c', 'd', 'rejected', 'rejected'],
    )
    t.match(outcomes[1], { reason: { message: 'not this one' } })
    t.same(await kept(store), ['a', 'c', 'd'])
  })

  t.test(
    `a transaction that is asked for alone on ${dialect} is undone by what its work throws`,
    async (t) => {
      const store = await openTestStore(dialect)
      await t.rejects(
        put(store, 'a', () => Promise.reject(new Error('not this one'))),
        { message: 'not this one' },
      )
      t.equal(await put(store, 'b'), 'b')
      t.same(await kept(store), ['b'])
    },
  )

  t.test(`a statement on ${dialect} may go with transactions, and outlives their failure`, async (t) => {
    const store = await openTestStore(dialect)
    await put(store, 'a')
    await Promise.all([
      t.rejects(put(store, 'b', () => Promise.reject(new Error('not this one')))),
      store.write((db) => db.updateTable('chat_sessions').set({ title: 'told' }).execute()),
    ])
    const { title } = await store.db
      .selectFrom('chat_sessions')
      .select('title')
      .where('id', '=', 'a')
      .executeTakeFirstOrThrow()
    t.equal(title, 'told')
  })
}

t.test('on SQLite they share one commit, and none is told of before it', async (t) => {
  const store = await openTestStore('sqlite')
  const order: string[] = []
  await Promise.all(
    ['a', 'b', 'c'].map((id) =>
      put(store, id, async () => void order.push(`in ${id}`)).then((done) => order.push(done)),
    ),
  )
  t.same(order, ['in a', 'in b', 'in c', 'a', 'b', 'c'])
})
