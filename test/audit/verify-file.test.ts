import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import type { AuditEvent } from '../../src/audit/events.ts'
import { AuditEvent as AuditEventSchema } from '../../src/audit/events.ts'
import { exportedEvents } from '../../src/audit/exported.ts'
import { auditLog } from '../../src/audit/log.ts'
import { verifyFiles as verify } from '../../src/audit/verifier.ts'
import { csvRecord } from '../../src/protocol/csv.ts'
import { compiled } from '../support/root.ts'
import { openTestStore } from '../support/store.ts'

const SCRIPT = fileURLToPath(compiled('src/audit/verify-file.ts'))
const COLUMNS = Object.keys(AuditEventSchema.properties) as (keyof AuditEvent)[]

const verifyFiles = async (...args: string[]) => {
  let output = ''
  const code = await verify(args, (text) => {
    output += text
  })
  return { code, output }
}

/** The same as a program of its own. */
const runVerifier = (...args: string[]) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    execFile(process.execPath, [SCRIPT, ...args], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    )
  })

const toCsv = (events: readonly AuditEvent[], header = true): string =>
  (header ? csvRecord(COLUMNS) : '') +
  events
    .map((event) =>
      csvRecord(
        COLUMNS.map((column) =>
          column === 'details' ? event.details && JSON.stringify(event.details) : (event[column] as string),
        ),
      ),
    )
    .join('')
const toNdjson = (events: readonly AuditEvent[]) =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('')
const FORMATS = {
  csv: toCsv,
  ndjson: toNdjson,
  json: (events: readonly AuditEvent[]) => JSON.stringify(events),
}

const EVENTS = 30

/** A log whose texts are as bad as clients make them, and a folder for its exports. */
const exported = async () => {
  const log = auditLog(await openTestStore('sqlite'))
  for (let n = 0; n < EVENTS; n++)
    await log.append({
      event_type: 'auth.login_failed',
      success: false,
      user_agent: n % 2 === 0 ? `=cmd|' /C calc'!A0 "quoted", and\r\nmore; ${n} ç€😀 \u2028` : null,
      resource_id: n % 3 === 0 ? "'+1" : '-5',
      message: n % 5 === 0 ? '@SUM(1)' : "''=1",
      details: n % 4 === 0 ? null : { braces: '{[}]', escaped: '\\"', n, empty: {} },
    })
  const folder = await mkdtemp(join(tmpdir(), 'tributary-verify-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const save = async (name: string, content: string | Buffer): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, content)
    return path
  }
  return { events: await log.events({}, { limit: 1000 }), save }
}

const inPieces = async function* (text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

t.test('an exported file is read wherever it is cut into pieces', async (t) => {
  const { events } = await exported()
  for (const [format, write] of Object.entries(FORMATS)) {
    const text = write(events)
    for (const size of [1, 2, 3, 7, 64, 1000, text.length]) {
      const read: AuditEvent[] = []
      for await (const event of exportedEvents(inPieces(text, size))) read.push(event)
      t.same(read, events, `${format} in pieces of ${size}`)
    }
    for (const cut of [text.length - 1, text.length - 40, Math.floor(text.length / 2)])
      await t.rejects(
        async () => {
          for await (const event of exportedEvents(inPieces(text.slice(0, cut), 100))) void event
        },
        /has no end/,
        `${format} cut at ${cut}`,
      )
  }
})

t.test('the verifier tells whole files from broken and unreadable ones', async (t) => {
  const { events, save } = await exported()
  const last = events.at(-1) as AuditEvent
  for (const [format, write] of Object.entries(FORMATS)) {
    const whole = await save(`whole.${format}`, write(events))
    t.match(await verifyFiles(whole), {
      code: 0,
      output: new RegExp(`^30 events hold, from the first one.*\n.*${last.hash}`),
    })
    const changed = events.map((event, n) => (n === 9 ? { ...event, success: true } : event))
    t.match(await verifyFiles(await save(`changed.${format}`, write(changed))), {
      code: 1,
      output: `BROKEN at event 10, ${events[9]?.id}: hash does not match its content`,
    })
    const without = write(events.filter((_, n) => n !== 9))
    const filtered = await save(`without.${format}.gz`, gzipSync(without))
    t.match(await verifyFiles(filtered), { code: 1, output: `BROKEN at event 10, ${events[10]?.id}` })
    t.match(await verifyFiles('--filtered', filtered), { code: 0, output: /^29 events hold, each by itself/ })
    const cut = write(events).slice(0, -20)
    t.match(await verifyFiles(await save(`cut.${format}`, cut)), { code: 2, output: /cannot be read/ })
  }
  const swapped = events.with(3, events[4] as AuditEvent).with(4, events[3] as AuditEvent)
  t.match(await verifyFiles(await save('swapped.csv', toCsv(swapped))), {
    code: 1,
    output: `BROKEN at event 4, ${events[4]?.id}: prev_hash`,
  })
  const parts = [
    await save('a.csv', toCsv(events.slice(0, 12))),
    await save('b.csv', toCsv(events.slice(12), false)),
  ]
  t.match(await verifyFiles(...parts), { code: 0, output: /^30 events hold/ }, 'parts of one log')
  t.match(await verifyFiles(parts[1] as string), { code: 0, output: /^18 events hold, after the event with/ })

  const gzip = gzipSync(toNdjson(events))
  t.match((await verifyFiles(await save('cut.gz', gzip.subarray(0, gzip.length - 10)))).code, 2)
  t.equal((await verifyFiles(await save('other.csv', 'a,b\r\n1,2\r\n'))).code, 2)
  t.equal((await verifyFiles(await save('other.json', '[{"a":1}]'))).code, 2)
  t.match(await verifyFiles(await save('none.json', '[]')), { code: 0, output: 'No events.' })
  t.match(await verifyFiles(await save('none.csv', toCsv([]))), { code: 0, output: 'No events.' })
  t.equal((await verifyFiles('/nowhere')).code, 2)
  t.match(await verifyFiles(), { code: 2, output: /Name a file/ })

  t.match(await runVerifier(...parts), { code: 0, output: /^30 events hold/ }, 'the program')
  t.equal((await runVerifier(parts[0] as string, parts[0] as string)).code, 1)
  t.equal((await runVerifier('/nowhere')).code, 2)
})
