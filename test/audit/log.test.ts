import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import t from 'tap'
import { canonicalJson, type Json, storableJson } from '../../src/audit/canonical-json.ts'
import { GENESIS } from '../../src/audit/chain.ts'
import type { AuditEvent } from '../../src/audit/events.ts'
import { parseAuditFilter } from '../../src/audit/filter.ts'
import { auditLog } from '../../src/audit/log.ts'
import { publicationSums } from '../../src/audit/publications.ts'
import { openStore, type StoreOptions } from '../../src/store/database.ts'
import { compiled } from '../support/root.ts'
import { DIALECTS, openTestStore, testStoreOptions } from '../support/store.ts'

t.test('canonical JSON is that of RFC 8785', async (t) => {
  // Section 3.2.2 and 3.2.3
  t.equal(
    canonicalJson(
      JSON.parse(`{
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
        "literals": [null, true, false]
      }`) as Json,
    ),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
  const sorted = JSON.parse(
    '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}',
  ) as Json
  t.same(
    [...canonicalJson(sorted).matchAll(/:"([^"]+)"/g)].map(([, value]) => value),
    [
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ],
  )
  // Appendix B: the bits of a double, and its text
  const numbers: [string, string][] = [
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ]
  for (const [bits, expected] of numbers)
    t.equal(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE(0)), expected, bits)
  t.throws(() => canonicalJson(Number.NaN))
  t.throws(() => canonicalJson(Number.POSITIVE_INFINITY))
  t.throws(() => canonicalJson('\ud83d'))
  t.same(storableJson({ a: 'x\0\ud800', b: undefined, c: [1n] }), { a: 'x\uFFFD\uFFFD', c: ['1'] })
})

t.test('an audit filter takes days, moments and several values, and names what it cannot read', async (t) => {
  const day = parseAuditFilter({ start_date: '2026-02-01', end_date: '2026-02-01' })
  t.equal(day.from, Date.UTC(2026, 1, 1))
  t.equal(day.to, Date.UTC(2026, 1, 2))
  t.equal(parseAuditFilter({ end_date: '2026-02-01T10:00:00-03:00' }).to, Date.UTC(2026, 1, 1, 13) + 1)
  t.equal(parseAuditFilter({ start_date: '2026-02-01T10:00' }).from, Date.UTC(2026, 1, 1, 10))
  t.same(parseAuditFilter({ severity: ['high,low', 'critical'] }).severities, ['high', 'low', 'critical'])
  for (const start_date of ['2026-02-30', 'yesterday', '2026-2-1', ''])
    t.throws(() => parseAuditFilter({ start_date }), { errors: [{ field: '?start_date' }] }, start_date)
  t.throws(() => parseAuditFilter({ severity: 'urgent' }), { errors: [{ field: '?severity' }] })
})

/** The contract's rule, worked out without the code under test. */
const hashByHand = ({ prev_hash, hash: _, ...content }: AuditEvent) => {
  const sort = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sort)
      : value !== null && typeof value === 'object'
        ? Object.fromEntries(
            Object.entries(value)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, member]) => [key, sort(member)]),
          )
        : value
  return createHash('sha256')
    .update(prev_hash + JSON.stringify(sort(content)))
    .digest('hex')
}

/** Appends from a process of its own. */
const appendElsewhere = async (options: StoreOptions, events: number): Promise<void> => {
  const script = `
    const { openStore } = await import(${JSON.stringify(compiled('src/store/database.ts'))})
    const { auditLog } = await import(${JSON.stringify(compiled('src/audit/log.ts'))})
    const store = await openStore(${JSON.stringify(options)})
    const log = auditLog(store)
    for (let n = 0; n < ${events}; n += 5)
      await Promise.all([0, 1, 2, 3, 4].map((k) => log.append({ event_type: 'auth.login', details: { n: n + k } })))
    await store.close()`
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
}

for (const dialect of DIALECTS) {
  t.test(`the audit log on ${dialect}`, async (t) => {
    const options = await testStoreOptions(dialect)
    const store = await openStore(options)
    t.teardown(() => store.close())
    const { db } = store
    const a = auditLog(store)

    t.same(await a.verify(), { valid: true, checked: 0, first_broken: null }, 'an empty log holds')

    const heard: string[] = []
    const stop = a.onAppended((events) => heard.push(...events.map(({ id }) => id)))
    const hostile = 'CR\r\nLF\u2028 NUL\0 half \ud83d "quotes" =1+1'
    const first = await a.append({
      event_type: 'auth.login_failed',
      success: false,
      error_code: 'INVALID_CREDENTIALS',
      user_agent: hostile,
      details: { username: hostile, nested: { z: 1e21, a: [1.5, null] } },
    })
    t.equal(first.prev_hash, GENESIS)
    t.equal(first.hash, hashByHand(first))
    t.equal(first.severity, 'medium')
    t.equal(first.success, false)
    t.equal(first.user_id, null)

    let elsewhere = true
    const other = appendElsewhere(options, 150).finally(() => {
      elsewhere = false
    })
    let here = 0
    while (elsewhere) {
      await Promise.all([0, 1, 2].map(() => a.append({ event_type: 'auth.login', details: { n: here++ } })))
      await setImmediate()
    }
    await other
    const total = 1 + 150 + here
    const all = await a.events({}, { limit: 30_000 })
    t.equal(all.length, total, `two processes at once lose nothing (${here} here, 150 there)`)
    t.equal(new Set(all.map(({ prev_hash }) => prev_hash)).size, total, 'and do not fork the chain')
    all.forEach((event, index) => {
      if (event.hash !== hashByHand(event)) t.fail(`hash of event ${index}`)
      if (index > 0 && event.prev_hash !== all[index - 1]?.hash) t.fail(`link of event ${index}`)
    })
    t.same(all[0], first, 'what was answered is what is kept')
    t.same(await a.verify(), { valid: true, checked: total, first_broken: null })
    t.same(
      heard,
      all.map(({ id }) => id).filter((id) => heard.includes(id)),
      'listeners hear in chain order',
    )
    t.equal(heard.length, 1 + here, 'listeners hear what their own instance appended')
    stop()

    const page = await a.events({ eventTypes: ['auth.login'] }, { limit: 2 })
    const next = await a.events({ eventTypes: ['auth.login'] }, { limit: 2, after: page[1]?.id as string })
    t.same(
      [...page, ...next].map(({ id }) => id),
      all.slice(1, 5).map(({ id }) => id),
    )
    t.same(
      (await a.events({}, { limit: 2, newestFirst: true })).map(({ id }) => id),
      [all[total - 1]?.id, all[total - 2]?.id],
    )
    t.equal((await a.events({ severities: ['medium'] }, { limit: 10 })).length, 1)
    t.equal((await a.events({ userId: 'nobody' }, { limit: 10 })).length, 0)
    t.equal((await a.events({ to: Date.parse(first.timestamp) }, { limit: 10 })).length, 0)
    await t.rejects(a.events({}, { limit: 1, after: 'unknown' }), { errors: [{ field: '?after' }] })

    const older = await a.events({}, { limit: 3, newestFirst: true, after: all[100]?.id as string })
    t.same(
      older.map(({ id }) => id),
      [99, 98, 97].map((index) => all[index]?.id),
      'pages go back as well',
    )
    const refusal = /neither changed nor removed/
    await t.rejects(db.updateTable('audit_events').set({ message: 'x' }).execute(), refusal)
    await t.rejects(db.deleteFrom('audit_events').where('seq', '=', 1).execute(), refusal)
    if (dialect === 'postgres') await t.rejects(sql`truncate audit_events`.execute(db), refusal)
    t.equal((await a.verify()).checked, total, 'the store itself refuses to change or remove events')
  })
}

t.test('an append that the store refuses is told to its caller, and the next one goes on', async (t) => {
  const store = await openTestStore('sqlite')
  const log = auditLog(store)
  await store.db.schema.alterTable('audit_events').renameTo('elsewhere').execute()
  await t.rejects(log.append({ event_type: 'auth.login' }), /no such table/)
  await store.db.schema.alterTable('elsewhere').renameTo('audit_events').execute()
  await log.append({ event_type: 'auth.login' })
  t.same(await log.verify(), { valid: true, checked: 1, first_broken: null })
})

t.test('publications are told in sums: one a publisher, channel and minute', async (t) => {
  const log = auditLog(await openTestStore('sqlite'))
  const told = async () =>
    (await log.events({ eventTypes: ['channel.published'] }, { limit: 100 })).map(
      ({ user_id, user_email, resource_type, resource_id, details }) =>
        `${user_id} ${user_email} ${resource_type} ${resource_id} ${JSON.stringify(details)}`,
    )
  let now = 0
  let fails = false
  const errors: unknown[] = []
  const sums = publicationSums(
    {
      append: (event) => (fails ? Promise.reject(new Error('the store is away')) : log.append(event)),
    },
    { now: () => now, onError: (error) => errors.push(error) },
  )
  const ana = { id: 'ana', email: 'ana@example.org' }
  const bob = { id: 'bob', email: null }
  for (let n = 0; n < 1000; n++) sums.count(ana, 'topic:a', 1)
  sums.count(ana, 'topic:a', 500)
  now = 30_000
  sums.count(ana, 'topic:b', 2)
  sums.count(bob, 'topic:a', 3)
  sums.count(bob, 'topic:a', 0)
  t.same(await told(), [], 'nothing before the minute is over')
  now = 60_000
  while ((await told()).length === 0) await setImmediate()
  t.same(await told(), ['ana ana@example.org channel topic:a {"publications":1500}'], 'the first minute')

  fails = true
  await sums.flush()
  t.equal(errors.length, 2)
  sums.count(bob, 'topic:a', 4)
  fails = false
  await sums.close()
  t.same((await told()).slice(1).sort(), [
    'ana ana@example.org channel topic:b {"publications":2}',
    'bob null channel topic:a {"publications":7}',
  ])
  await sums.close()
  t.equal((await told()).length, 3, 'each is told once')
})
