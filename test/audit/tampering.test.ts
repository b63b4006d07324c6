import fc from 'fast-check'
import t from 'tap'
import { BEGINNING } from '../../src/audit/chain.ts'
import { signCheckpoint } from '../../src/audit/checkpoint.ts'
import { auditLog } from '../../src/audit/log.ts'
import { freshSigningKey } from '../../src/audit/signing-key.ts'
import type { AuditEventTable } from '../../src/store/schema.ts'
import { DIALECTS, openTestStore } from '../support/store.ts'
import { breakSeal, keptRows, rechained, replaceRows } from './seal.ts'

const EVENTS = 40
const RUNS = 60
const DAY_MS = 86_400_000

/** Another value of a column, never the one that is there. */
const OTHER: Partial<Record<keyof AuditEventTable, (row: AuditEventTable) => string | number | null>> = {
  id: () => 'another',
  timestamp: ({ timestamp }) => timestamp + 1,
  event_type: () => 'auth.logout',
  severity: ({ severity }) => (severity === 'low' ? 'high' : 'low'),
  message: ({ message }) => `${message}.`,
  user_id: ({ user_id }) => (user_id === null ? 'somebody' : null),
  user_email: () => 'another@example.org',
  success: ({ success }) => 1 - success,
  error_code: () => 'NONE',
  resource_type: () => 'another',
  resource_id: () => 'another',
  ip_address: () => '203.0.113.9',
  user_agent: () => '',
  request_id: () => 'another',
  details_json: ({ details_json }) => (details_json === null ? '{}' : details_json.replace(':', ': ')),
  prev_hash: () => 'f'.repeat(64),
  hash: () => 'f'.repeat(64),
}
const COLUMNS = Object.keys(OTHER) as (keyof typeof OTHER)[]

type Tampering =
  | { kind: 'change'; at: number; column: (typeof COLUMNS)[number] }
  | { kind: 'remove'; at: number; count: number }
  | { kind: 'insert'; at: number; from: number; forged: boolean }
  | { kind: 'swap'; at: number; other: number }

const place = fc.nat({ max: EVENTS - 1 })
const tamperings: fc.Arbitrary<Tampering> = fc.oneof(
  fc.record({ kind: fc.constant('change' as const), at: place, column: fc.constantFrom(...COLUMNS) }),
  fc.record({ kind: fc.constant('remove' as const), at: place, count: fc.integer({ min: 1, max: EVENTS }) }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: fc.nat({ max: EVENTS }),
    from: place,
    forged: fc.boolean(),
  }),
  fc
    .record({ kind: fc.constant('swap' as const), at: place, other: place })
    .filter(({ at, other }) => at < other),
)

/** The rows after it, and the id of the first event that does not hold. */
const tamper = (rows: readonly AuditEventTable[], done: Tampering): [AuditEventTable[], string] => {
  const copy = rows.map((row) => ({ ...row }))
  const { at } = done
  const here = copy[at] as AuditEventTable
  switch (done.kind) {
    case 'change':
      Object.assign(here, { [done.column]: OTHER[done.column]?.(here) })
      return [copy, here.id]
    case 'remove': {
      copy.splice(at, done.count)
      return [copy, copy[at]?.id ?? (rows.at(-1) as AuditEventTable).id]
    }
    case 'insert': {
      const put = { ...(rows[done.from] as AuditEventTable), id: 'put in' }
      const before = copy[at - 1]
      const made = done.forged ? (rechained([put], before ?? BEGINNING)[0] as AuditEventTable) : put
      copy.splice(at, 0, made)
      copy.forEach((row, index) => {
        row.seq = index + 1
      })
      // In the last place the head convicts the forged row itself; before it, the next row's link does not fit.
      return [copy, done.forged && at < rows.length - 1 ? (rows[at] as AuditEventTable).id : 'put in']
    }
    case 'swap': {
      const other = copy[done.other] as AuditEventTable
      ;[here.seq, other.seq] = [other.seq, here.seq]
      return [copy, other.id]
    }
  }
}

for (const dialect of DIALECTS) {
  t.test(`whatever is changed, removed, inserted or swapped is found on ${dialect}`, async (t) => {
    const store = await openTestStore(dialect)
    const log = auditLog(store)
    for (let n = 0; n < EVENTS; n++)
      await log.append({
        event_type: n % 3 === 0 ? 'auth.login' : 'data.uploaded',
        user_id: n % 2 === 0 ? `user ${n}` : null,
        user_agent: 'a client',
        details: n % 4 === 0 ? null : { n, nested: [n, null, 'ç'] },
      })
    const rows = await keptRows(store)
    await breakSeal(store)
    t.same(await log.verify(), { valid: true, checked: EVENTS, first_broken: null })
    await fc.assert(
      fc.asyncProperty(tamperings, async (done) => {
        const [tampered, broken] = tamper(rows, done)
        await replaceRows(store, tampered)
        const { valid, first_broken } = await log.verify()
        if (valid || first_broken?.id !== broken)
          throw new Error(`expected ${broken}, found ${JSON.stringify(first_broken)}`)
      }),
      {
        numRuns: RUNS,
        examples: [EVENTS - 2, EVENTS - 1, EVENTS].map((at): [Tampering] => [
          { kind: 'insert', at, from: 0, forged: true },
        ]),
      },
    )
    await replaceRows(store, rows)
    t.equal((await log.verify()).valid, true, 'and nothing else is')

    const last = rows.at(-1) as AuditEventTable
    await replaceRows(store, [])
    t.match(await log.verify(), { valid: false, first_broken: { id: last.id, reason: /missing at the end/ } })
    await log.append({ event_type: 'auth.login' })
    t.match((await log.verify()).first_broken, { reason: /missing before it/ }, 'an emptied log stays broken')
  })

  t.test(`checkpoints and cuts on ${dialect}`, async (t) => {
    const store = await openTestStore(dialect)
    const key = freshSigningKey()
    let at = Date.UTC(2026, 0, 1)
    const log = auditLog(store, { now: () => at, key })
    const fill = async (events: number) => {
      for (let n = 0; n < events; n++) await log.append({ event_type: 'auth.login', details: { n } })
    }
    await t.rejects(log.checkpoint(), { code: 'INVALID_STATE' }, 'an empty log has nothing to sign')
    await fill(300)
    const first = await log.checkpoint({ user_id: 'admin' })
    t.match(first, { count: 300, cut: false, key_id: key.id })
    at += DAY_MS
    await fill(299)
    const second = await log.checkpoint()
    t.same(
      (await log.checkpoints({ limit: 10 })).map(({ id }) => id),
      [second.id, first.id],
    )
    t.same(
      (await log.checkpoints({ limit: 1, after: second.id })).map(({ id }) => id),
      [first.id],
    )
    t.same(await log.verify(), { valid: true, checked: 601, first_broken: null })
    t.same(await log.verify(first.id), { valid: true, checked: 301, first_broken: null }, 'from the middle')
    await t.rejects(log.verify('unknown'), { errors: [{ field: '?since' }] })

    t.equal(await log.cut(Date.UTC(2025, 0, 1)), undefined, 'nothing is that old')
    const cut = await log.cut(Date.UTC(2026, 0, 2), { user_id: 'admin' })
    t.match(cut, { removed: 301, checkpoint: { cut: true, count: 301 } })
    t.same(await log.verify(), { valid: true, checked: 301, first_broken: null }, 'what is left holds')
    t.match((await log.events({ eventTypes: ['audit.cut'] }, { limit: 10 }))[0], {
      user_id: 'admin',
      resource_id: cut?.checkpoint.id as string,
      severity: 'high',
      details: { count: 301 },
    })
    await t.rejects(log.verify(first.id), { errors: [{ field: '?since' }] })
    t.equal((await log.verify(second.id)).valid, true)
    await t.rejects(
      store.db.deleteFrom('audit_events').where('seq', '<=', 302).execute(),
      /neither changed nor removed/,
      'no more than the cut covers',
    )
    await t.rejects(store.db.deleteFrom('audit_checkpoints').execute(), /neither changed nor removed/)

    const another = auditLog(store, { now: () => at, key: freshSigningKey() })
    t.match(
      await another.verify(),
      { valid: false, checked: 0, first_broken: { reason: /a key that is not the one/ } },
      'where a log begins has to be proved',
    )

    await breakSeal(store)
    const rows = await keptRows(store)
    const whole = async () => {
      await replaceRows(store, rows)
      t.equal((await log.verify()).valid, true)
    }
    await replaceRows(store, rows.slice(10))
    t.match(
      await log.verify(),
      { valid: false, checked: 0, first_broken: { id: rows[10]?.id, reason: /missing before it/ } },
      'a cut without a checkpoint',
    )
    await whole()
    const forged = rows.map((row, n) => (n === 5 ? { ...row, message: 'Nothing happened' } : row))
    const anew = rechained(forged, { seq: 301, hash: cut?.checkpoint.hash as string })
    const end = anew.at(-1) as AuditEventTable
    await replaceRows(store, anew)
    await store.db.updateTable('audit_head').set({ hash: end.hash }).execute()
    t.match(
      await log.verify(),
      { valid: false, first_broken: { id: second.event_id, reason: /signed checkpoint/ } },
      'a log computed anew, head and all',
    )
    await store.db
      .updateTable('audit_head')
      .set({ hash: rows.at(-1)?.hash as string })
      .execute()
    await whole()
    await t.rejects(
      (async () => {
        await replaceRows(store, forged)
        await log.cut(at + 1)
      })(),
      { code: 'INVALID_STATE' },
      'a cut does not hide a break',
    )
    await whole()

    const made = signCheckpoint(
      { seq: 400, event_id: rows[98]?.id as string, hash: rows[98]?.hash as string, at, cut: 1 },
      key,
    )
    await store.db
      .insertInto('audit_checkpoints')
      .values({ ...made, seq: 401 })
      .execute()
    t.match(await log.verify(), {
      valid: false,
      first_broken: { reason: /signature does not match/ },
    })
  })
}

t.test('verification leaves the event loop to others', async (t) => {
  const store = await openTestStore('sqlite')
  const log = auditLog(store)
  await Promise.all(
    Array.from({ length: 10_000 }, (_, n) =>
      log.append({ event_type: 'data.uploaded', details: { n, name: 'a file.csv' } }),
    ),
  )
  let turns = 0
  let over = false
  const others = (): void => {
    turns++
    if (!over) setImmediate(others)
  }
  setImmediate(others)
  const { checked } = await log.verify()
  over = true
  t.equal(checked, 10_000)
  t.ok(turns >= 10, `others had ${turns} turns meanwhile`)
})
