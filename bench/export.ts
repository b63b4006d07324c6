import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createGzip } from 'node:zlib'
import { DatabaseSync } from '@photostructure/sqlite'
import { stringify } from 'csv-stringify'
import { sql } from 'kysely'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { openStore, type Store, type StoreOptions } from '../src/store/database.ts'
import { freePort } from '../test/support/port.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { cpuOf, Processes, rssOf } from './processes.ts'

/** 10,000,000 shows that memory does not follow the rows; it takes some 20 GB of disk, and the slow peers are left out. */
const ROWS = Number(process.env.ROWS ?? 1_000_000)
const IS_LARGE = ROWS > 1_000_000
/** What each of ten exports has that run at once: the last of all rows. */
const ROWS_AT_ONCE = Math.min(ROWS, 1_000_000)
const PASSWORD = 'a password of the bench'
const MIB = 1024 * 1024
const AT_ONCE = 10
/** Our CSV and its peers in turn: others use the machine as well. The best of each counts. */
const ROUNDS = IS_LARGE ? 2 : 3
const SUBSCRIBERS = 20
/** Publications and questions, one at a time: how often, and how many of them when nothing else goes on. */
const EVERY_MS = 25
const TIMES = 200
const run = promisify(execFile)

const COLUMNS = `id, event_type, severity, message, user_id, user_email, success, error_code, resource_type, resource_id,
  ip_address, user_agent, request_id, details_json, prev_hash, hash`
const SQLITE_SELECT = `select strftime('%Y-%m-%dT%H:%M:%fZ', timestamp / 1000.0, 'unixepoch'), ${COLUMNS} from audit_events order by seq`
const POSTGRES_SELECT = `select to_timestamp(timestamp / 1000.0), ${COLUMNS} from audit_events order by seq`

type Log = (line: string) => void
const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() })

/** The time and memory of a process while something is done. */
const measured = async (pid: number, work: () => Promise<unknown>) => {
  const before = rssOf(pid)
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, rssOf(pid))
  }, 20)
  const cpu = cpuOf(pid)
  const start = performance.now()
  await work()
  const seconds = (performance.now() - start) / 1000
  clearInterval(watch)
  return { seconds, cpuSeconds: cpuOf(pid) - cpu, growth: (peak - before) / MIB }
}

/** Loaded into the service: tells the 99th percentile of its event loop's delay since it was asked last, in ms. */
const LOOP_DELAY = `import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'
if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  process.on('message', () => {
    process.send(delay.percentile(99) / 1e6)
    delay.reset()
  })
}`

/** Rows per second by name, of one store. */
const rates = new Map<string, number>()

const line = (name: string, seconds: number, cpuSeconds: number, growth?: number): string => {
  rates.set(name, Math.max(rates.get(name) ?? 0, ROWS / seconds))
  return [
    name.padEnd(34),
    `${Math.round(ROWS / seconds / 1000)}`.padStart(5),
    'k rows/s',
    cpuSeconds.toFixed(2).padStart(7),
    'CPU-s',
    growth === undefined ? '' : `RSS +${Math.round(growth)} MiB`,
  ].join(' ')
}

/** The best of each. */
const ratio = (name: string, peer: string, log: Log): void => {
  const [ours, theirs] = [rates.get(name), rates.get(peer)]
  if (ours && theirs) log(`${`${name} : ${peer}`.padEnd(56)} ${(ours / theirs).toFixed(2)}`)
}

/** A program's own wall and CPU time. */
const timed = async (name: string, command: string, log: Log) => {
  const { stderr } = await run('bash', ['-c', `TIMEFORMAT='%R %U %S'; time ${command} > /dev/null`])
  const [wall = 0, user = 0, system = 0] = (stderr.trim().split('\n').at(-1) as string).split(' ').map(Number)
  log(line(name, wall, user + system))
}

const spent = async (name: string, pid: number, work: () => Promise<unknown>, log: Log) => {
  const { seconds, cpuSeconds, growth } = await measured(pid, work)
  log(line(name, seconds, cpuSeconds, growth))
}

/** Events as a service has them, some 420 bytes each. */
const seed = async ({ db }: Store): Promise<void> => {
  const agent =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36'
  await sql`insert into audit_events (seq, id, timestamp, event_type, severity, message, user_id, user_email, success,
      error_code, resource_type, resource_id, ip_address, user_agent, request_id, details_json, prev_hash, hash)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${sql.lit(ROWS)})
    select i + 1000, 'e0c1a7d2-4b53-4c1e-9f1a-' || i, 1760000000000 + i * 37,
      case i % 3 when 0 then 'auth.login' when 1 then 'investigation.created' else 'security.refused' end,
      case i % 4 when 0 then 'low' when 1 then 'medium' else 'high' end,
      case i % 3 when 0 then 'Signed in' when 1 then 'Investigation created' else 'GET /api/v1/things refused' end,
      'user-' || (i % 100), case i % 2 when 0 then 'user' || (i % 100) || '@example.org' end,
      case i % 3 when 2 then 0 else 1 end, case i % 3 when 2 then 'FORBIDDEN' end,
      case i % 3 when 1 then 'investigation' end, case i % 3 when 1 then '7a4c1f7e-1111-4222-8333-' || i end,
      '10.0.' || (i % 200) || '.' || (i % 250), case i % 2 when 0 then ${sql.lit(agent)} else 'curl/8.5.0' end,
      'b7de7d0e-5c7f-4b0a-' || i, case i % 3 when 0 then null else '{"method":"GET","n":' || i || ',"path":"/api/v1/things"}' end,
      '27de849102975e463b20f12ecb650880b52fe010b7fee6825dd50b0f6' || (1000000 + i),
      '10c5049616b8d8527529f8e9e7a99f50e2a2b90b45572e448f915e2fd' || (1000001 + i) from n`.execute(db)
}

const stringified = async (rows: AsyncIterable<unknown> | Iterable<unknown>, gzip: boolean) =>
  gzip
    ? pipeline(Readable.from(rows), stringify(), createGzip({ level: 6 }), nowhere())
    : pipeline(Readable.from(rows), stringify(), nowhere())

/** @param until does it again and again until then; {@link TIMES} otherwise */
const again = async (work: () => Promise<void>, until?: Promise<unknown>): Promise<void> => {
  let isOver = false
  void until?.then(() => {
    isOver = true
  })
  for (let n = 0; until ? !isOver : n < TIMES; n++) {
    await work()
    await pause(EVERY_MS)
  }
}

type Probe = (url: string, token: string, until?: Promise<unknown>) => Promise<number[]>

/** How long publications take from before they are sent to each of their subscribers, in milliseconds. */
const fanOut: Probe = async (url, token, until) => {
  const headers = { authorization: `Bearer ${token}` }
  const took: number[] = []
  const subscribers = await Promise.all(
    Array.from({ length: SUBSCRIBERS }, async () => {
      const subscription = get(`${url}/api/v1/channels/topic:bench/events`, { agent: false, headers })
      const [response] = (await once(subscription, 'response')) as [IncomingMessage]
      response.setEncoding('utf8').on('data', (text: string) => {
        for (const [, sent] of text.matchAll(/"sent":([\d.]+)/g)) took.push(performance.now() - Number(sent))
      })
      return subscription
    }),
  )
  await again(async () => {
    const { status } = await fetch(`${url}/api/v1/channels/topic:bench/publications`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ sent: performance.now() }),
    })
    if (status >= 300) throw new Error(`a publication was answered with ${status}`)
  }, until)
  for (const subscription of subscribers) subscription.destroy()
  return took
}

/** How long a whole turn of a chat takes that is answered from the data, in milliseconds. */
const chat: Probe = async (url, token, until) => {
  const took: number[] = []
  await again(async () => {
    const began = performance.now()
    const response = await fetch(`${url}/api/v1/chat/stream`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'obrigado', session_id: randomUUID() }),
    })
    if (!(await response.text()).includes('"type":"complete"')) throw new Error('a turn was not completed')
    took.push(performance.now() - began)
  }, until)
  return took
}

const PROBES: readonly (readonly [string, Probe])[] = [
  ['a publication', fanOut],
  ['a turn of a chat', chat],
]

const latencies = (took: readonly number[]): string => {
  const sorted = [...took].sort((a, b) => a - b)
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN).toFixed(1)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms of ${sorted.length}`
}

/**
 * Every format, plain and gzip, as curl gets it over loopback; then ten at once, and what they do to a channel.
 * @param peer is measured in turn with the plain CSV
 */
const ours = async (
  options: StoreOptions,
  dataDir: string,
  log: Log,
  peer: () => Promise<void>,
): Promise<void> => {
  const processes = new Processes()
  const port = await freePort()
  const settings = {
    DATA_DIR: dataDir,
    ADMIN_PASSWORD: PASSWORD,
    MAX_EXPORTS_PER_USER: String(AT_ONCE),
    ACCESS_TOKEN_TTL_SECONDS: '86400',
    ...(options.dialect === 'postgres' ? { DATABASE_URL: options.url } : {}),
  }
  const loopProbe = `--import=data:text/javascript,${encodeURIComponent(LOOP_DELAY)}`
  const service = await processes.service(port, settings, loopProbe)
  const pid = service.pid as number
  const loopDelay = async (): Promise<number> => {
    service.send('tell')
    return (await once(service, 'message'))[0]
  }
  const url = `http://127.0.0.1:${port}`
  const store = await openStore(options)
  try {
    await seed(store)
    // A log that was written over time is in such a state.
    if (options.dialect === 'postgres') await sql`vacuum analyze audit_events`.execute(store.db)
    else await sql`pragma wal_checkpoint(truncate)`.execute(store.db)
    const response = await fetch(`${url}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: PASSWORD }),
    })
    const { access_token } = (await response.json()) as { access_token: string }
    const fetchedFrom = (at: number, query: string, ...more: string[]) =>
      run('curl', [
        ...['-sSf', '-o', '/dev/null', '-H', `authorization: Bearer ${access_token}`, ...more],
        `http://127.0.0.1:${at}/api/v1/audit/export?${query}`,
      ])
    const fetched = (query: string, ...more: string[]) => fetchedFrom(port, query, ...more)
    await fetched('user_id=nobody')
    const exported = (format: string, gzip: boolean) =>
      spent(
        `Tributary ${format}${gzip ? ' gzip' : ''}`,
        pid,
        () => fetched(`format=${format}`, ...(gzip ? ['-H', 'accept-encoding: gzip'] : [])),
        log,
      )
    for (let round = 0; round < ROUNDS; round++) {
      await exported('csv', false)
      await peer()
    }
    await exported('csv', true)
    for (const format of IS_LARGE ? ['ndjson'] : ['ndjson', 'json'])
      for (const gzip of [false, true]) await exported(format, gzip)
    const probe = async (when: string, exports?: () => Promise<unknown>): Promise<void> => {
      for (const [what, work] of PROBES)
        log(`${`${what}, ${when}`.padEnd(58)} ${latencies(await work(url, access_token, exports?.()))}`)
    }
    await probe('nothing else')
    const { id } = await store.db
      .selectFrom('audit_events')
      .select('id')
      .where('seq', '<=', 1000 + ROWS - ROWS_AT_ONCE)
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow()
    const atOnce = (at: number) =>
      Promise.all(Array.from({ length: AT_ONCE }, () => fetchedFrom(at, `format=csv&after=${id}`)))
    await loopDelay()
    const { seconds, growth } = await measured(pid, () => atOnce(port))
    log(
      `${`${AT_ONCE} CSV at once`.padEnd(34)} ${Math.round((AT_ONCE * ROWS_AT_ONCE) / seconds / 1000)} k rows/s ` +
        `together, RSS +${Math.round(growth)} MiB, event-loop delay p99 ${(await loopDelay()).toFixed(1)} ms`,
    )
    await probe(`beside ${AT_ONCE} exports`, () => atOnce(port))
    // What the machine itself, the database and the clients make of it.
    const other = await freePort()
    await processes.service(other, settings)
    await probe(`beside ${AT_ONCE} exports of another instance`, () => atOnce(other))
  } finally {
    await processes.close()
    await store.close()
  }
}

const onSqlite = async (directory: string, log: Log): Promise<void> => {
  const path = join(directory, 'tributary.db')
  log(`## SQLite, ${ROWS} rows`)
  const peer = () => timed('sqlite3 -csv', `sqlite3 -csv ${path} "${SQLITE_SELECT}"`, log)
  await ours({ dialect: 'sqlite', path, synchronous: 'normal' }, directory, log, peer)
  if (!IS_LARGE) {
    const database = new DatabaseSync(path, { readOnly: true })
    for (const gzip of [false, true])
      await spent(
        `cursor | csv-stringify${gzip ? ' | gzip' : ''}`,
        process.pid,
        () => stringified(database.prepare(SQLITE_SELECT, { returnArrays: true }).iterate(), gzip),
        log,
      )
    database.close()
  }
  ratio('Tributary csv', 'sqlite3 -csv', log)
  ratio('Tributary csv gzip', 'cursor | csv-stringify | gzip', log)
}

async function* cursor(client: pg.Client): AsyncGenerator<unknown[]> {
  await client.query('begin')
  await client.query(`declare events cursor for ${POSTGRES_SELECT}`)
  for (;;) {
    const { rows } = await client.query({ text: 'fetch 1000 from events', rowMode: 'array' })
    if (rows.length === 0) break
    yield* rows as unknown[][]
  }
  await client.query('commit')
}

const onPostgres = async (directory: string, log: Log): Promise<void> => {
  const server = await startPostgres('fsync=off')
  const url = server.url('postgres')
  try {
    log(`## PostgreSQL, ${ROWS} rows`)
    const copy = `copy (${POSTGRES_SELECT.replace(/\s+/g, ' ')}) to stdout (format csv, header)`
    const peer = async () => {
      await timed('psql \\copy', `psql '${url}' -c "\\\\${copy}"`, log)
      const client = new pg.Client(url)
      await client.connect()
      await spent(
        'pg-copy-streams, bare',
        process.pid,
        () => pipeline(client.query(copyTo(copy)), nowhere()),
        log,
      )
      await client.end()
    }
    await ours({ dialect: 'postgres', url }, directory, log, peer)
    if (!IS_LARGE) {
      const client = new pg.Client(url)
      await client.connect()
      for (const gzip of [false, true])
        await spent(
          `cursor | csv-stringify${gzip ? ' | gzip' : ''}`,
          process.pid,
          () => stringified(cursor(client), gzip),
          log,
        )
      await client.end()
    }
    ratio('Tributary csv', 'psql \\copy', log)
    ratio('Tributary csv', 'pg-copy-streams, bare', log)
    ratio('Tributary csv gzip', 'cursor | csv-stringify | gzip', log)
  } finally {
    await server.stop()
  }
}

/**
 * Rows per second, CPU-seconds and growth of RSS of the process that works, for an export of the whole audit log as curl
 * gets it, beside the databases' own programs (which make no cell inert) and a cursor through csv-stringify; then what
 * ten exports at once do to the event loop, and to the latency of a channel. `ROWS` says how many rows there are.
 */
export default async (log: Log): Promise<void> => {
  for (const bench of [onSqlite, onPostgres]) {
    const directory = await mkdtemp(join(tmpdir(), 'tributary-export-'))
    rates.clear()
    try {
      await bench(directory, log)
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  }
}
