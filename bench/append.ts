import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Kysely } from 'kysely'
import type { NewAuditEvent } from '../src/audit/events.ts'
import { type AuditLog, auditLog } from '../src/audit/log.ts'
import { openStore, type Store, type StoreOptions } from '../src/store/database.ts'
import type { Schema } from '../src/store/schema.ts'
import { startPostgres } from '../test/support/postgres.ts'

const APPENDERS = [1, 100, 1000]
const CHANGERS = 100
const DURATION_MS = 3000
const WARM_UP = 500

const EVENT: NewAuditEvent = {
  event_type: 'data.uploaded',
  user_id: '0b7e1c1e-6f0e-4a3b-9d0c-2f6b6d1f7a10',
  user_email: 'auditor@example.org',
  resource_type: 'dataset',
  resource_id: '4d0d3c1e-2b1a-4c58-8f57-0c7e5a1b9e42',
  ip_address: '127.0.0.1',
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
  request_id: 'c0a8012e-7a51-4d29-b2c8-51b8c07f3a11',
  details: { name: 'contracts.csv', rows: 1546, rejected: 3 },
}

/** A change of one row. @param record what else is written in its transaction */
const change = <T>({ db }: Store, record: (trx: Kysely<Schema>) => Promise<T>): Promise<T> =>
  db.transaction().execute(async (trx) => {
    await trx
      .insertInto('shares')
      .values({ resource_type: 'investigation', resource_id: randomUUID(), user_id: '*', created_at: 0 })
      .execute()
    return record(trx)
  })

type Deed = (log: AuditLog, store: Store) => Promise<unknown>

const DEEDS: Readonly<Record<string, Deed>> = {
  events: (log) => log.append(EVENT),
  'changes, event within': async (log, store) =>
    log.settle([await change(store, (trx) => log.record(trx, EVENT))]),
  'changes, event after': async (log, store) => {
    await change(store, async () => undefined)
    await log.append(EVENT)
  },
  'changes, no event': (_, store) => change(store, async () => undefined),
}

/** Does one after the other until the time is over. */
const doUntil = async (deed: () => Promise<unknown>, end: number): Promise<number> => {
  let done = 0
  for (; performance.now() < end; done++) await deed()
  return done
}

const measure = async (log: AuditLog, deed: () => Promise<unknown>, appenders: number) => {
  await Promise.all(Array.from({ length: WARM_UP }, () => log.append({ event_type: 'auth.login' })))
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const cpu = process.cpuUsage()
  delay.enable()
  const start = performance.now()
  const counts = await Promise.all(
    Array.from({ length: appenders }, () => doUntil(deed, start + DURATION_MS)),
  )
  const seconds = (performance.now() - start) / 1000
  delay.disable()
  const { user, system } = process.cpuUsage(cpu)
  const events = counts.reduce((sum, count) => sum + count, 0)
  return { perSecond: events / seconds, cpuUs: (user + system) / events, p99Ms: delay.percentile(99) / 1e6 }
}

const bench = async (name: string, options: StoreOptions, log: (line: string) => void): Promise<void> => {
  const store = await openStore(options)
  try {
    const audit = auditLog(store)
    const rounds = Object.entries(DEEDS).flatMap(([what, deed]) =>
      (what === 'events' ? APPENDERS : [CHANGERS]).map((appenders) => ({ what, deed, appenders })),
    )
    for (const { what, deed, appenders } of rounds) {
      const { perSecond, cpuUs, p99Ms } = await measure(audit, () => deed(audit, store), appenders)
      log(
        [
          name.padEnd(16),
          what.padEnd(21),
          String(appenders).padStart(9),
          perSecond.toFixed(0).padStart(11),
          cpuUs.toFixed(0).padStart(14),
          p99Ms.toFixed(1).padStart(18),
        ].join(' '),
      )
    }
    const { valid, checked } = await audit.verify()
    if (!valid) throw new Error(`the chain broke after ${checked} events`)
  } finally {
    await store.close()
  }
}

/**
 * Audit events appended per second, each awaited by its appender until it is durable: committed in WAL mode (normal),
 * on the disk (full), on PostgreSQL with its own defaults. Then changes of one row per second, with the event written
 * in the change's transaction, appended after it, and without one. CPU is this process's alone.
 */
export default async (log: (line: string) => void): Promise<void> => {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-append-'))
  log('store            what                  appenders    per second        CPU us   loop delay p99 ms')
  try {
    for (const synchronous of ['normal', 'full'] as const)
      await bench(
        `SQLite, ${synchronous}`,
        { dialect: 'sqlite', path: join(directory, `${synchronous}.db`), synchronous },
        log,
      )
    const server = await startPostgres()
    try {
      await bench('PostgreSQL', { dialect: 'postgres', url: server.url('postgres') }, log)
    } finally {
      await server.stop()
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
