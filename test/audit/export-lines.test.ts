import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import papaparse from 'papaparse'
import t from 'tap'
import { toAuditEvent } from '../../src/audit/chain.ts'
import { AUDIT_COLUMNS } from '../../src/audit/events.ts'
import { type ExportFormat, exportLines } from '../../src/audit/export-lines.ts'
import type { AuditFilter } from '../../src/audit/filter.ts'
import { inert, restored } from '../../src/protocol/csv.ts'
import type { Store } from '../../src/store/database.ts'
import type { Span } from '../../src/store/lines/lines.ts'
import type { AuditEventTable } from '../../src/store/schema.ts'
import { DIALECTS, openTestStore } from '../support/store.ts'

const ROWS = 600
const NEVER = new AbortController().signal

const pieces = fc.constantFrom(
  ...["'", '=', '+', '-', '@', '\t', '\r', '\n', '\r\n', '"', ',', ';', '\\', '\\.', '1', '.', 'e', 'E', '5'],
  ...['\u0001', '\u0002', '\u001f', '\u007f', '\u0085', '\u2028', '\ufeff', 'é', '😀', 'A', 'z', ' ', '٣'],
)
const hostile = fc
  .oneof(
    fc.array(pieces, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('')),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0')),
  )
  .filter((text) => !/\p{Surrogate}/u.test(text))
const optional = fc.option(hostile)
const event: fc.Arbitrary<Omit<AuditEventTable, 'seq' | 'id' | 'prev_hash' | 'hash'>> = fc.record({
  timestamp: fc.integer({ min: 0, max: 253_402_300_799_999 }),
  event_type: fc.constantFrom('auth.login', 'data.uploaded', 'security.refused'),
  severity: fc.constantFrom('low', 'medium', 'high', 'critical'),
  message: hostile,
  user_id: optional,
  user_email: optional,
  success: fc.constantFrom(0, 1),
  error_code: optional,
  resource_type: optional,
  resource_id: optional,
  ip_address: optional,
  user_agent: optional,
  request_id: optional,
  details_json: fc.option(fc.dictionary(hostile, hostile).map((details) => JSON.stringify(details))),
})

/** Events as a hostile world makes them, in the table. */
const fill = async ({ db }: Store): Promise<AuditEventTable[]> => {
  const rows = fc.sample(event, { numRuns: ROWS, seed: 4711 }).map((row, index) => ({
    ...row,
    seq: index + 1,
    id: `event-${index + 1}`,
    prev_hash: `a${index}`,
    hash: `a${index + 1}`,
  }))
  for (let from = 0; from < rows.length; from += 100)
    await db
      .insertInto('audit_events')
      .values(rows.slice(from, from + 100))
      .execute()
  return rows
}

const textOf = async (store: Store, format: ExportFormat, filter: AuditFilter = {}, span?: Span) => {
  const blocks: Uint8Array[] = []
  let count = 0
  const source = exportLines(store, filter, format)
  for await (const { bytes, rows } of store.lines.read(source, span ?? { after: 0, to: ROWS }, NEVER)) {
    blocks.push(bytes)
    count += rows
  }
  return { text: Buffer.concat(blocks).toString(), count }
}

const cells = (row: AuditEventTable): string[] => {
  const shown = { ...toAuditEvent(row), details: row.details_json } as Record<string, unknown>
  return AUDIT_COLUMNS.map((column) => String(shown[column] ?? ''))
}

for (const dialect of DIALECTS) {
  t.test(`lines that ${dialect} writes`, async (t) => {
    const store = await openTestStore(dialect)
    const rows = await fill(store)
    const expected = rows.map(cells)

    const csv = await textOf(store, 'csv')
    t.equal(csv.count, ROWS, 'rows are counted, however many lines a cell has')
    const readers: Record<string, string[][]> = {
      'csv-parse': parse(csv.text, { recordDelimiter: '\r\n', relaxColumnCount: false }),
      papaparse: papaparse.parse<string[]>(csv.text, { delimiter: ',', newline: '\r\n' }).data.slice(0, -1),
    }
    for (const [name, records] of Object.entries(readers)) {
      t.equal(records.length, ROWS, name)
      for (const [index, record] of records.entries()) {
        const wanted = expected[index] as string[]
        if (JSON.stringify(record) !== JSON.stringify(wanted.map(inert)))
          t.same(record, wanted.map(inert), `${name} reads row ${index} as csv.ts would write it`)
        if (JSON.stringify(record.map(restored)) !== JSON.stringify(wanted))
          t.same(record.map(restored), wanted, `${name} gets row ${index} back`)
      }
    }
    t.notMatch(csv.text.replace(/"(?:[^"]|"")*"/g, ''), /[^\r]\n/, 'every record ends with CRLF')

    const events = rows.map(toAuditEvent)
    const { text: ndjson, count } = await textOf(store, 'ndjson')
    t.equal(count, ROWS)
    t.same(
      ndjson
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
      events,
      'a line of NDJSON is an event as GET /audit/events shows it',
    )
    t.same(JSON.parse(`[${(await textOf(store, 'json')).text.slice(1)}]`), events)

    const high = await textOf(store, 'ndjson', {
      severities: ['high', 'critical'],
      eventTypes: ['auth.login'],
    })
    const matching = events.filter(
      ({ severity, event_type }) => /^(high|critical)$/.test(severity) && event_type === 'auth.login',
    )
    t.ok(matching.length > 0)
    t.same(
      high.text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).id),
      matching.map(({ id }) => id),
    )
    const injected = await textOf(store, 'ndjson', { userId: "x' or '1'='1" })
    t.equal(injected.text, '', "a filter's value stays a value")
    const named = rows.find(({ user_id }) => user_id?.includes("'")) as AuditEventTable
    t.match((await textOf(store, 'ndjson', { userId: named.user_id as string })).text, `"${named.id}"`)

    const part = await textOf(store, 'ndjson', {}, { after: 100, to: 300 })
    t.equal(part.count, 200)
    t.equal((await textOf(store, 'csv', {}, { after: ROWS, to: ROWS })).text, '', 'nothing of nothing')

    const gone = new AbortController()
    const reading = store.lines.read(exportLines(store, {}, 'csv'), { after: 0, to: ROWS }, gone.signal)
    gone.abort(new Error('gone'))
    await t.rejects(reading.next(), { message: 'gone' }, 'an aborted reading ends with its reason')
  })
}
