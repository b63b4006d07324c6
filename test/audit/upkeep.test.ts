import { join } from 'node:path'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { auditLog } from '../../src/audit/log.ts'
import { freshSigningKey, keptSigningKey } from '../../src/audit/signing-key.ts'
import { auditUpkeep } from '../../src/audit/upkeep.ts'
import { loadConfig } from '../../src/config.ts'
import { openStore } from '../../src/store/database.ts'
import { temporaryFolder } from '../support/process.ts'
import { DIALECTS, testStoreOptions } from '../support/store.ts'
import { breakSeal } from './seal.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const CHECKPOINT_EVENTS = 50

for (const dialect of DIALECTS) {
  t.test(`the log keeps itself on ${dialect}`, async (t) => {
    const options = await testStoreOptions(dialect)
    const key = freshSigningKey()
    let at = Date.UTC(2026, 0, 1)
    const now = () => at
    const failures: unknown[] = []
    /** Several instances, which share the store and the key. */
    const first = await openStore(options)
    const instances = await Promise.all(
      [0, 1, 2].map(async (n) => {
        // Two connections of one process to one SQLite file would wait for each other.
        const store = n === 0 || dialect === 'sqlite' ? first : await openStore(options)
        const log = auditLog(store, { now, key })
        const upkeep = auditUpkeep(store, log, {
          retentionDays: 3,
          checkpointEvents: CHECKPOINT_EVENTS,
          now,
          onError: (error) => failures.push(error),
        })
        return { store, log, upkeep }
      }),
    )
    t.teardown(() =>
      Promise.all([...new Set(instances.map(({ store }) => store))].map((store) => store.close())),
    )
    const [{ store, log }] = instances as [(typeof instances)[0]]
    const tick = () => Promise.all(instances.map(({ upkeep }) => upkeep.tick()))
    const fill = (events: number) =>
      Promise.all(
        Array.from({ length: events }, (_, n) => log.append({ event_type: 'auth.login', details: { n } })),
      )
    const told = async (type: string) => (await log.events({ eventTypes: [type] }, { limit: 1000 })).length

    await t.test('it is signed after so many events, by one instance', async (t) => {
      await tick()
      t.equal((await log.checkpoints({ limit: 10 })).length, 0, 'an empty log is not')
      await fill(CHECKPOINT_EVENTS - 1)
      await tick()
      t.equal((await log.checkpoints({ limit: 10 })).length, 0)
      await fill(1)
      await tick()
      t.match(await log.checkpoints({ limit: 10 }), [
        { count: CHECKPOINT_EVENTS, cut: false, key_id: key.id },
      ])
      t.equal(await told('audit.checkpoint'), 1)
      await fill(CHECKPOINT_EVENTS - 1)
      await tick()
      t.equal(await told('audit.checkpoint'), 1, 'its own event does not count')
    })

    await t.test('and an hour after the last time, if anything came since', async (t) => {
      at += HOUR_MS
      await tick()
      const [last] = await log.checkpoints({ limit: 10 })
      t.equal(last?.count, 2 * CHECKPOINT_EVENTS)
      at += HOUR_MS
      await tick()
      at += HOUR_MS
      await tick()
      t.equal(await told('audit.checkpoint'), 2, 'a log at rest is left alone')
      t.same(
        await log.verify(last?.id),
        { valid: true, checked: 1, first_broken: null },
        'verification begins there',
      )
    })

    await t.test('what is too old goes once a day', async (t) => {
      at = Date.UTC(2026, 0, 3)
      await fill(10)
      await tick()
      t.equal(await told('audit.cut'), 0, 'nothing is that old yet')
      at = Date.UTC(2026, 0, 4, 12)
      await tick()
      t.equal(await told('audit.cut'), 1, 'one instance cuts')
      const [first] = await log.events({}, { limit: 1 })
      t.equal(first?.timestamp, '2026-01-03T00:00:00.000Z')
      t.match(await log.verify(), { valid: true })
      t.match(await log.events({ eventTypes: ['audit.cut'] }, { limit: 1 }), [
        { user_id: null, details: { retention_days: 3 } },
      ])
      at = Date.UTC(2026, 0, 5, 11)
      await log.append({ event_type: 'auth.login' })
      at += 2 * DAY_MS
      await tick()
      t.equal(await told('audit.cut'), 2, 'and again on a later day')
      t.match(await log.verify(), { valid: true })
    })

    await t.test('one that fails is tried again at the next tick', async (t) => {
      at += 2 * DAY_MS
      await store.db.schema.alterTable('audit_events').renameTo('elsewhere').execute()
      await tick()
      t.ok(failures.length > 0)
      await store.db.schema.alterTable('elsewhere').renameTo('audit_events').execute()
      failures.length = 0
      await tick()
      t.same(failures, [])
      t.match(await log.events({ eventTypes: ['audit.cut'] }, { limit: 1, newestFirst: true }), [
        { timestamp: new Date(at).toISOString() },
      ])
      t.match(await log.verify(), { valid: true })
    })

    await t.test('a log that does not hold is not cut, and says so', async (t) => {
      await fill(5)
      await breakSeal(store)
      await store.db
        .updateTable('audit_events')
        .set({ message: 'Nothing happened' })
        .where('event_type', '=', 'auth.login')
        .execute()
      const before = await log.events({}, { limit: 1000 })
      at += 9 * DAY_MS
      await tick()
      await tick()
      const after = await log.events({}, { limit: 1000 })
      t.same(after.slice(0, before.length), before)
      t.equal(await told('audit.broken'), 1, 'once a day')
      t.match(failures, [{ code: 'INVALID_STATE' }])
    })
  })
}

t.test('nothing goes where events are kept for ever, and what was left behind is collected', async (t) => {
  const store = await openStore(await testStoreOptions('sqlite'))
  t.teardown(() => store.close())
  let at = Date.UTC(2020, 0, 1)
  const now = () => at
  const log = auditLog(store, { now })
  const upkeep = auditUpkeep(store, log, {
    retentionDays: 0,
    checkpointEvents: 3,
    now,
    onError: (error) => t.fail(String(error)),
  })
  await log.append({ event_type: 'auth.login' })
  await store.db.transaction().execute((trx) => log.record(trx, { event_type: 'user.created' }))
  at = Date.UTC(2026, 0, 1)
  await upkeep.tick()
  t.same(
    (await log.events({}, { limit: 10 })).map(({ event_type }) => event_type),
    ['auth.login', 'user.created', 'audit.checkpoint'],
  )

  upkeep.start()
  await upkeep.tick()
  const signed = new Promise<void>((resolve) => {
    log.onAppended((events) => {
      if (events.some(({ event_type }) => event_type === 'audit.checkpoint')) resolve()
    })
  })
  await Promise.all([0, 1, 2].map(() => log.append({ event_type: 'auth.login' })))
  await signed
  await upkeep.stop()
  t.pass('appending itself calls for a signature')
})

t.test('a service keeps its log as its settings say', async (t) => {
  const DATA_DIR = await temporaryFolder()
  const key = await keptSigningKey(DATA_DIR)
  const open = () =>
    openStore({ dialect: 'sqlite', path: join(DATA_DIR, 'tributary.db'), synchronous: 'normal' })
  const before = await open()
  const old = auditLog(before, { now: () => Date.now() - 3 * DAY_MS, key })
  await old.append({ event_type: 'auth.login' })
  await before.db.transaction().execute((trx) => old.record(trx, { event_type: 'user.deleted' }))
  await before.close()
  const settings = { DATA_DIR, ADMIN_PASSWORD: 'a good password', LOG_LEVEL: 'silent' }
  const app = await buildApp(
    loadConfig({ ...settings, AUDIT_RETENTION_DAYS: '2', AUDIT_CHECKPOINT_EVENTS: '3' }),
  )
  // Closing waits for what is under way.
  await app.close()
  const after = await open()
  t.teardown(() => after.close())
  const log = auditLog(after, { key })
  t.same(
    (await log.events({}, { limit: 100 })).map(({ event_type }) => event_type),
    ['user.created', 'system.started', 'audit.checkpoint', 'audit.cut', 'system.stopped'],
    'what was left behind came first, and went as it is old',
  )
  t.match(await log.verify(), { valid: true, checked: 5 })
})
