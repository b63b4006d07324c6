import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { openAuditFile } from '../../src/audit/export-file.ts'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import { Problem } from '../../src/errors.ts'
import { feeds, logFeeds } from '../../src/feed/feeds.ts'
import { auditExportRoutes } from '../../src/routes/audit/audit-export-routes.ts'
import type { Store } from '../../src/store/database.ts'
import { Downloads } from '../../src/stream/downloads.ts'
import { startExport } from '../../src/stream/export-start.ts'
import { Connections } from '../../src/transport/connections.ts'
import { openGuardedApp, tokenOf } from '../support/guarded-app.ts'
import { DIALECTS, openTestStore } from '../support/store.ts'
import { openStreams } from '../support/streams.ts'
import { observe } from '../transport/stage.ts'

/** Some 40 MB of events that gzip makes half as large: far more than the buffers of two sockets take. */
const TEXTS = 200
const COPIES = 100
const TEXT_BYTES = 1000
const STALL_MS = 1500
/** What a reader does that is slow, and no more. */
const PAUSE_MS = STALL_MS / 2
const PATIENCE_MS = 30_000

/** The same text comes again far behind what gzip remembers. */
const seed = async ({ db }: Store): Promise<void> => {
  const rows = Array.from({ length: TEXTS }, (_, n) => ({
    seq: 1000 + n,
    id: `seed-${n}`,
    timestamp: 1_767_139_200_000,
    event_type: 'data.uploaded',
    severity: 'low',
    message: 'Uploaded',
    success: 1,
    user_agent: randomBytes(TEXT_BYTES).toString('hex'),
    prev_hash: 'p',
    hash: 'h',
  }))
  await db.insertInto('audit_events').values(rows).execute()
  await sql`insert into audit_events (seq, id, timestamp, event_type, severity, message, success, user_agent, prev_hash, hash)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${sql.lit(COPIES - 1)})
    select seq + i * ${sql.lit(TEXTS)}, id || '-' || i, timestamp, event_type, severity, message, success, user_agent,
      prev_hash, hash from audit_events cross join n where id like 'seed-%'`.execute(db)
}

/** The export behind the service's own authentication, with a bound on stalls that a test can wait for. */
const openService = async (t: Test, store: Store) => {
  const broker = memoryBroker({ historySize: 1000, historyTtlMs: 3_600_000 })
  t.teardown(() => broker.close())
  const onError = (error: unknown) => t.error(error)
  const { hub, presence, streams } = openStreams(t, store, broker, { onError })
  const downloads = new Downloads(streams, {
    kind: 'audit_export',
    maxPerUser: 10,
    stallMs: STALL_MS,
    onError,
  })
  const app = await openGuardedApp(store)
  const { observer } = observe()
  const none = () => Promise.reject(new Problem('NOT_FOUND', 'There is no such channel'))
  await app.register(auditExportRoutes, {
    exportAudit: async (actor, request) => startExport(downloads, actor, await openAuditFile(store, request)),
    feedOf: feeds({ investigation: none, reviews: none, chat: none, stream: none, ...logFeeds(hub) }),
    compressionLevel: 1,
    streaming: {
      hub,
      presence,
      observer,
      connections: new Connections({ maxConnections: 100, maxPerAddress: 100 }, observer),
      enabled: true,
      compression: 6,
      keepaliveSeconds: 30,
      retryMs: 2000,
      bufferBytes: 65_536,
      graceMs: 2000,
    },
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  streams.work([downloads])
  t.teardown(() => app.close())
  const token = await tokenOf(app, 'auditor', 'auditor')
  const { port } = app.server.address() as { port: number }

  /** Asks for an export, and reads what comes until the head is there; the rest waits. */
  const ask = async (...headers: string[]): Promise<{ socket: Socket; id: string }> => {
    const socket = connect(port, '127.0.0.1')
    const head = ['GET /api/v1/audit/export HTTP/1.1', 'Host: x', `Authorization: Bearer ${token}`]
    socket.write(`${[...head, ...headers].join('\r\n')}\r\n\r\n`)
    let text = ''
    while (!text.includes('\r\n\r\n')) {
      await once(socket, 'readable')
      text += (socket.read() as Buffer | null)?.toString('latin1') ?? ''
    }
    const id = /^x-stream-id: (\S+)/im.exec(text)?.[1]
    if (id === undefined) throw new Error(`no export began: ${text.slice(0, 300)}`)
    return { socket, id }
  }

  const ended = async (id: string) => {
    for (let waited = 0; waited < PATIENCE_MS; waited += 20) {
      const stream = await streams.get(id)
      if (stream && stream.state !== 'running') return stream
      await pause(20)
    }
    throw new Error('the export did not end')
  }
  const readers = async (): Promise<number> => {
    if (store.dialect === 'sqlite') return 0
    const { rows } =
      await sql`select 1 from pg_stat_activity where application_name = 'tributary-lines' and datname = current_database()`.execute(
        store.db,
      )
    return rows.length
  }
  return { ask, ended, readers, downloads }
}

for (const dialect of DIALECTS) {
  t.test(`exports that nobody reads, from ${dialect}`, { timeout: 100_000 }, async (t) => {
    const store = await openTestStore(dialect)
    await seed(store)
    const { ask, ended, readers, downloads } = await openService(t, store)

    for (const [name, headers] of [
      ['plain', []],
      ['gzip', ['Accept-Encoding: gzip']],
    ] as const)
      await t.test(`a client that never reads on is broken off, ${name}`, async (t) => {
        const { socket, id } = await ask(...headers)
        t.equal(downloads.running, 1)
        const stream = await ended(id)
        t.match(JSON.parse(stream.terminal_json as string), {
          type: 'error',
          error_code: 'INTERRUPTED',
          message: /took nothing/,
        })
        while ((await readers()) > 0) await pause(20)
        let last = ''
        socket.on('data', (chunk: Buffer) => {
          last = chunk.subarray(-7).toString('latin1')
        })
        await once(socket, 'close')
        t.equal(downloads.running, 0)
        t.not(last, '\r\n0\r\n\r\n', 'and sees that its file is not whole')
        const { rows } =
          await sql<AuditedEnd>`select success, error_code from audit_events where event_type = 'audit.exported'
            and resource_id = ${id} order by seq desc limit 1`.execute(store.db)
        t.same(rows, [{ success: 0, error_code: 'INTERRUPTED' }])
      })

    await t.test('one that pauses again and again gets the whole file', async (t) => {
      const { socket, id } = await ask('Connection: close')
      let bytes = 0
      let paused = 0
      let next = 0
      for await (const chunk of socket) {
        bytes += (chunk as Buffer).length
        if (bytes < next) continue
        next = bytes + 10_000_000
        paused += PAUSE_MS
        await pause(PAUSE_MS)
      }
      t.ok(paused > STALL_MS, `it read nothing for ${paused} ms altogether`)
      t.match(await ended(id), { state: 'completed' })
    })
  })
}

interface AuditedEnd {
  success: number
  error_code: string | null
}
