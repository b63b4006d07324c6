import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { auditLog } from '../../src/audit/log.ts'
import { openStore, type StoreOptions } from '../../src/store/database.ts'
import { compiled } from '../support/root.ts'
import { testStoreOptions } from '../support/store.ts'

/** How often an appending process is killed on SQLite, a fifth of it on PostgreSQL; two run at once. */
const KILLS = Number(process.env.KILLS ?? 10)
const APPENDERS = 20
const MOST_ANSWERS = 600

/** Appends events, and makes changes with theirs, for ever; says the id of each event once it was answered. */
const appender = (options: StoreOptions): string => `
  const { randomUUID } = await import('node:crypto')
  const { openStore } = await import(${JSON.stringify(compiled('src/store/database.ts'))})
  const { auditLog } = await import(${JSON.stringify(compiled('src/audit/log.ts'))})
  const store = await openStore(${JSON.stringify(options)})
  const log = auditLog(store)
  const append = async () =>
    (await log.append({ event_type: 'data.uploaded', details: { name: 'contracts.csv' } })).id
  const change = async () => {
    const id = await store.db.transaction().execute(async (trx) => {
      const resource_id = randomUUID()
      await trx
        .insertInto('shares')
        .values({ resource_type: 'investigation', resource_id, user_id: '*', created_at: 0 })
        .execute()
      return log.record(trx, { event_type: 'investigation.shared', resource_id })
    })
    await log.settle([id])
    return id
  }
  const doForEver = async (_, n) => {
    for (;;) process.stdout.write((await (n % 2 === 0 ? append() : change())) + '\\n')
  }
  await Promise.all(Array.from({ length: ${APPENDERS} }, doForEver))`

/** Lets it append until so many were answered, kills it then, and tells what was answered by then. */
const answeredUntilKilled = async (options: StoreOptions, answers: number): Promise<string[]> => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', appender(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit')
  const answered: string[] = []
  let text = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += chunk
    const lines = text.split('\n')
    text = lines.pop() as string
    answered.push(...lines)
    if (answered.length >= answers) child.kill('SIGKILL')
  }
  const [, signal] = await gone
  if (signal !== 'SIGKILL') throw new Error('the appender ended by itself')
  return answered
}

for (const [dialect, kills] of [
  ['sqlite', KILLS],
  ['postgres', Math.ceil(KILLS / 10) * 2],
] as const) {
  t.test(`${kills} times killed in mid-append on ${dialect}: what was answered is there`, async (t) => {
    const options = await testStoreOptions(dialect)
    const store = await openStore(options)
    t.teardown(() => store.close())
    const log = auditLog(store)
    let answered = 0
    let known = 0
    let collected = 0
    for (let kill = 0; kill < kills; kill += 2) {
      const ids = (
        await Promise.all(
          [0, 1].map(() => answeredUntilKilled(options, 1 + Math.floor(Math.random() * MOST_ANSWERS))),
        )
      ).flat()
      collected += await log.collect()
      const kept = new Set<string>()
      for (let from = known; ; from += 1000) {
        const rows = await store.db
          .selectFrom('audit_events')
          .select('id')
          .where('seq', '>', from)
          .orderBy('seq')
          .limit(1000)
          .execute()
        for (const { id } of rows) kept.add(id)
        if (rows.length < 1000) break
      }
      known += kept.size
      answered += ids.length
      const lost = ids.filter((id) => !kept.has(id))
      if (lost.length > 0) t.fail(`${lost.length} of ${ids.length} answered events are lost`)
      const { valid, checked, first_broken } = await log.verify()
      if (!valid || checked !== known) t.fail(`${checked} of ${known} hold: ${JSON.stringify(first_broken)}`)
    }
    t.comment(
      `${kills} kills, ${answered} answered, ${known} kept, ${collected} of them collected afterwards`,
    )
    const told = store.db
      .selectFrom('audit_events')
      .select('resource_id')
      .where('event_type', '=', 'investigation.shared')
    const { changes } = await store.db
      .selectFrom('shares')
      .select(({ fn }) => fn.countAll<number>().as('changes'))
      .executeTakeFirstOrThrow()
    t.ok(changes > 0)
    t.same(
      await store.db.selectFrom('shares').selectAll().where('resource_id', 'not in', told).execute(),
      [],
      'every change has its event, answered or not',
    )
    t.equal((await told.execute()).length, changes, 'and every such event its change')
    t.ok(answered >= kills, 'events were answered before each kill')
    await log.append({ event_type: 'auth.login' })
    t.match(await log.verify(), { valid: true, checked: known + 1 })
  })
}
