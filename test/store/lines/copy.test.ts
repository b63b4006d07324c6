import { sql } from 'kysely'
import t from 'tap'
import { exportLines } from '../../../src/audit/export-lines.ts'
import { openStore } from '../../../src/store/database.ts'
import { copyMessages } from '../../../src/store/lines/copy.ts'
import type { Block, CopyForm, LineReader } from '../../../src/store/lines/lines.ts'
import { postgresLines } from '../../../src/store/lines/postgres-lines.ts'
import { DIALECTS, testStoreOptions } from '../../support/store.ts'

const message = (type: string, content: Buffer): Buffer => {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeUInt32BE(content.length + 4, 1)
  return Buffer.concat([head, content])
}
const data = (text: string): Buffer => message('d', Buffer.from(text))
const binaryRow = (text: string): Buffer => {
  const head = Buffer.alloc(6)
  head.writeInt16BE(1)
  head.writeInt32BE(Buffer.byteLength(text), 2)
  return Buffer.concat([head, Buffer.from(text)])
}
const END = Buffer.concat([message('c', Buffer.alloc(0)), message('C', Buffer.from('COPY 3\0'))])
const OUT = message('H', Buffer.from([0, 0, 1, 0, 0]))
const NOTICE = message('N', Buffer.from('SNOTICE\0Mhello\0\0'))
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const TRAILER = message('d', Buffer.from([255, 255]))

const ROWS = ['1,"a\nb"', '', 'é,2']
const FIXTURES: Record<CopyForm, { bytes: Buffer; text: string }> = {
  csv: {
    bytes: Buffer.concat([OUT, ...ROWS.flatMap((row) => [data(`${row}\n`), NOTICE]), END]),
    text: ROWS.map((row) => `${row}\r\n`).join(''),
  },
  text: {
    bytes: Buffer.concat([
      OUT,
      message('d', Buffer.concat([SIGNATURE, binaryRow(ROWS[0] as string)])),
      ...ROWS.slice(1).map((row) => message('d', binaryRow(row))),
      TRAILER,
      END,
    ]),
    text: ROWS.join(''),
  },
}

const readAll = (form: CopyForm, chunks: readonly Buffer[]) => {
  const read = copyMessages(form)
  const whole: Buffer[] = []
  let rest: Buffer[] = []
  let rows = 0
  let isOver = false
  for (const chunk of chunks) {
    const text = read(Buffer.from(chunk))
    if (text.rows > 0) {
      whole.push(...rest, ...text.pieces)
      rest = []
    }
    rest.push(text.rest)
    rows += text.rows
    isOver = text.isOver
  }
  return { text: Buffer.concat(whole).toString(), rest: Buffer.concat(rest).toString(), rows, isOver }
}

for (const form of ['csv', 'text'] as const)
  t.test(`the messages of a COPY as ${form} are read alike wherever they are cut`, async (t) => {
    const { bytes, text } = FIXTURES[form]
    const expected = { text, rest: '', rows: ROWS.length, isOver: true }
    const different: number[][] = []
    for (let a = 0; a <= bytes.length; a++)
      for (let b = a; b <= bytes.length; b++) {
        const chunks = [bytes.subarray(0, a), bytes.subarray(a, b), bytes.subarray(b)]
        if (JSON.stringify(readAll(form, chunks)) !== JSON.stringify(expected)) different.push([a, b])
      }
    t.same(different, [])
    const bytewise = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
    t.same(readAll(form, bytewise), expected, 'byte by byte')
  })

t.test("the server's own error ends it", async (t) => {
  const failure = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'))
  for (let at = 1; at < failure.length; at++) {
    const read = copyMessages('csv')
    read(data('1\n'))
    read(Buffer.from(failure.subarray(0, at)))
    t.throws(() => read(Buffer.from(failure.subarray(at))), {
      message: 'terminating connection',
      code: '57P01',
    })
  }
})

const skip = DIALECTS.includes('postgres') ? false : 'needs PostgreSQL'
t.test('a slow reading goes on with another COPY, where the last one was left', { skip }, async (t) => {
  const options = await testStoreOptions('postgres')
  if (options.dialect !== 'postgres') throw new Error('not on PostgreSQL')
  const store = await openStore(options)
  t.teardown(() => store.close())
  await sql`insert into audit_events (seq, id, timestamp, event_type, severity, message, success, prev_hash, hash)
    select i * 3, 'e-' || i, 1767139200000, 'data.uploaded', case i % 2 when 0 then 'low' else 'high' end,
      repeat('=text ', 100), 1, 'p', 'h' from generate_series(1, 3000) i`.execute(store.db)
  const never = new AbortController().signal
  const span = { after: 3, to: 8997 }
  for (const format of ['csv', 'ndjson'] as const) {
    const source = exportLines(store, { severities: ['high'] }, format)
    const read = async (reader: LineReader) => {
      const blocks: Block[] = []
      for await (const block of reader.read(source, span, never)) blocks.push(block)
      return {
        text: Buffer.concat(blocks.map(({ bytes }) => bytes)).toString(),
        rows: blocks.reduce((sum, { rows }) => sum + rows, 0),
        blocks: blocks.length,
      }
    }
    const once = await read(postgresLines(options.url))
    t.equal(once.rows, 1499)
    t.ok(once.blocks > 5, `${once.blocks} blocks`)
    t.match(await read(postgresLines(options.url, 0)), { text: once.text, rows: once.rows }, format)
  }
})
