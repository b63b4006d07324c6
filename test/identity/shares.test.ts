import t from 'tap'
import { Conversations } from '../../src/chat/conversations.ts'
import { ANONYMOUS_ID, type Identity, type Role } from '../../src/identity/identity.ts'
import type { Resource } from '../../src/identity/owner.ts'
import { EVERYONE, share, unshare } from '../../src/identity/share-rows.ts'
import { accessIn, sharesIn } from '../support/access.ts'
import { DIALECTS, openTestStore } from '../support/store.ts'

const person = (id: string, role: Role = 'analyst') => ({ id, role }) as Identity
const [ana, bia, caio, root] = [person('ana'), person('bia'), person('caio'), person('root', 'admin')]
const talk = (id: string): Resource => ({ type: 'chat', id, channel: `chat:${id}:1` })

for (const dialect of DIALECTS)
  t.test(`who watches things of others hears of the end of a share, on ${dialect}`, async (t) => {
    const store = await openTestStore(dialect)
    const conversations = new Conversations(store, accessIn(store))
    for (const id of ['a', 'b'])
      await conversations.make(store.db, { id, channel: `chat:${id}:1` }, ana.id, '')
    await store.db
      .insertInto('streams')
      .values({
        id: 's',
        kind: 'chat',
        channel: 'chat:a:1',
        owner: ana.id,
        state: 'running',
        instance: null,
        lease_until: 0,
        fence: 0,
        on_disconnect: 'cancel',
        started_at: 1,
      } as never)
      .execute()
    const watching = sharesIn(store, { pollMs: 1_000_000 })
    t.teardown(() => watching.close())
    const lost: string[] = []
    const watch = (who: Identity, resource: Resource) =>
      watching.watch(who, resource, () => lost.push(`${who.id} ${resource.type} ${resource.id}`))

    await share(store.db, talk('a'), bia.id)
    await share(store.db, talk('a'), EVERYONE)
    await share(store.db, talk('b'), ANONYMOUS_ID)
    const listed = async (who: string) => (await conversations.list(who, 10, null)).map(({ id }) => id).sort()
    t.same(await listed(ana.id), ['a', 'b'])
    t.same(await listed(caio.id), ['a'])
    t.same(await listed(ANONYMOUS_ID), ['b'], 'a list has what its reader may open')
    watch(ana, talk('a'))
    watch(bia, talk('a'))
    watch(caio, talk('a'))
    watch(root, talk('a'))
    watch(caio, { type: 'stream', id: 's' })
    watch(person(ANONYMOUS_ID), talk('b'))
    const left = watch(caio, talk('a'))
    await watching.look()
    t.same(lost, [])
    left()

    await unshare(store.db, talk('a'), EVERYONE)
    await watching.look()
    t.same(lost.splice(0), ['caio chat a', 'caio stream s'], 'each once; who has left is told nothing')
    await watching.look()
    t.same(lost, [], 'and never again')
    await unshare(store.db, talk('a'), bia.id)
    await share(store.db, talk('b'), EVERYONE)
    await unshare(store.db, talk('b'), ANONYMOUS_ID)
    await watching.look()
    t.same(lost.splice(0), ['bia chat a', 'anonymous chat b'], 'everybody is everybody who is signed in')

    watch(caio, talk('b'))
    await watching.look()
    await conversations.remove({ id: 'b', channel: 'chat:b:1' })
    await watching.look()
    t.same(lost, [], 'what was removed tells so itself')
    watch(caio, talk('a'))
    await watching.look()
    t.same(lost, ['caio chat a'], 'a share that ended before anybody looked')
  })
