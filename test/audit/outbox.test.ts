import t from 'tap'
import { type AuditLog, auditLog } from '../../src/audit/log.ts'
import { openStore, type Store } from '../../src/store/database.ts'
import { DIALECTS, testStoreOptions } from '../support/store.ts'

const CHANGES = 60

for (const dialect of DIALECTS) {
  t.test(`events of changes on ${dialect}`, async (t) => {
    const options = await testStoreOptions(dialect)
    const here = await openStore(options)
    // Two connections of one process to one SQLite file would wait for each other.
    const elsewhere = dialect === 'sqlite' ? here : await openStore(options)
    t.teardown(() => Promise.all([...new Set([here, elsewhere])].map((store) => store.close())))
    let at = Date.UTC(2026, 0, 1)
    const log = auditLog(here, { now: () => at })
    const other = auditLog(elsewhere)
    const heard: string[] = []
    log.onAppended((events) => heard.push(...events.map(({ id }) => id)))

    /** A change with its event; `fails` undoes both. */
    const share = ([store, own]: [Store, AuditLog], id: string, fails = false) =>
      store.db.transaction().execute(async (trx) => {
        await trx
          .insertInto('shares')
          .values({ resource_type: 'investigation', resource_id: id, user_id: '*', created_at: 0 })
          .execute()
        const recorded = await own.record(trx, {
          event_type: 'investigation.shared',
          resource_id: id,
          user_agent: 'NUL\0 half \ud83d',
          details: { with: 'everyone', nested: [1.5, null] },
        })
        if (fails) throw new Error('undone')
        return recorded
      })
    const sides: [Store, AuditLog][] = [
      [here, log],
      [elsewhere, other],
    ]
    const [mine, theirs] = sides as [[Store, AuditLog], [Store, AuditLog]]
    const outbox = () => here.db.selectFrom('audit_outbox').select('id').execute()

    const recorded = await share(mine, 'first')
    t.same(await log.events({}, { limit: 10 }), [], 'are not in the chain before they are settled')
    at += 1000
    await log.settle([recorded])
    t.match(
      await log.events({}, { limit: 10 }),
      [
        {
          id: recorded,
          timestamp: '2026-01-01T00:00:00.000Z',
          event_type: 'investigation.shared',
          severity: 'medium',
          user_agent: 'NUL\uFFFD half \uFFFD',
          details: { with: 'everyone', nested: [1.5, null] },
        },
      ],
      'and have the time of the change',
    )
    t.same(await outbox(), [])
    t.same(heard, [recorded], 'listeners hear of them')
    await log.settle([recorded, 'of nobody'])
    t.equal((await log.verify()).checked, 1, 'one that is settled again is there once')

    await t.rejects(share(mine, 'second', true), /undone/)
    t.same(await outbox(), [], 'an undone change leaves no event')

    await share(mine, 'left')
    await share(theirs, 'left as well')
    await log.append({ event_type: 'auth.login' })
    t.equal((await log.verify()).checked, 2)
    t.same(await Promise.all([log.collect(), other.collect()]).then((found) => found.sort()), [0, 2])
    t.same(await outbox(), [], 'what nobody settled is collected, once')
    t.same((await log.verify()).checked, 4)

    // Changes on two connections at once, with plain events and collecting in between: no deadlock, nothing lost.
    await Promise.all(
      sides.flatMap((side, which) =>
        Array.from({ length: CHANGES }, async (_, n) => {
          const [, own] = side
          const id = await share(side, `${which}-${n}`)
          if (n % 3 === 0) await own.append({ event_type: 'auth.login' })
          if (n % 7 === 0) await own.collect()
          else await own.settle([id])
        }),
      ),
    )
    await log.collect()
    t.same(await outbox(), [])
    const events = await log.events({ eventTypes: ['investigation.shared'] }, { limit: 1000 })
    const shared = await here.db.selectFrom('shares').select('resource_id').execute()
    t.same(
      events.map(({ resource_id }) => resource_id).sort(),
      shared.map(({ resource_id }) => resource_id).sort(),
      'each change has its event, and each event its change',
    )
    t.match(await log.verify(), { valid: true, checked: 4 + 2 * CHANGES + 2 * (CHANGES / 3) })

    const soon = await share(mine, 'soon')
    log.settleSoon([soon])
    await other.collect()
    const [last] = await log.events({}, { limit: 1, newestFirst: true })
    t.equal(last?.id, soon, 'what nobody waits for is there once somebody has collected')
  })
}
