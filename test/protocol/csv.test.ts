import fc from 'fast-check'
import papaparse from 'papaparse'
import t from 'tap'
import { type CsvValue, csvField, csvRecord, inert, restored } from '../../src/protocol/csv.ts'

/** Cells that are likely to break something. */
const hostile = fc
  .array(
    fc.constantFrom(
      "'",
      '=',
      '+',
      '-',
      '@',
      '\t',
      '\r',
      '\n',
      '"',
      ',',
      ';',
      '1',
      '.',
      'e',
      'A',
      ' ',
      'é',
      '😀',
    ),
  )
  .map((parts) => parts.join(''))
const cell = fc.oneof(hostile, fc.string({ unit: 'binary' }))

t.test('a formula is made inert, a number stays one', async (t) => {
  t.same(['=1+1', '+A1', '-A1', '@SUM(A1)', '\tx', '\rx', "'=1", "''=1", '-', '-1+2', "'-5"].map(inert), [
    "'=1+1",
    "'+A1",
    "'-A1",
    "'@SUM(A1)",
    "'\tx",
    "'\rx",
    "''=1",
    "'''=1",
    "'-",
    "'-1+2",
    "''-5",
  ])
  const harmless = ['-5', '-12.50', '1e+05', '-1e-7', "'quoted", 'a=b', '', ' =1', 'O’Brien']
  t.same(harmless.map(inert), harmless)
})

t.test('every cell comes back, and none of those written begins like a formula', async (t) => {
  const comesBack = fc.property(cell, (text) => restored(inert(text)) === text)
  const runsNothing = fc.property(
    cell,
    (text) => !/^[=+\-@\t\r]/.test(inert(text)) || Number.isFinite(Number(inert(text))),
  )
  for (const property of [comesBack, runsNothing])
    t.doesNotThrow(() => fc.assert(property, { numRuns: 5000 }))
})

t.test('a parser of RFC 4180 reads every record back', async (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 5 }),
      (records) => {
        const text = records.map(csvRecord).join('')
        const { data, errors } = papaparse.parse<string[]>(text, { delimiter: ',', newline: '\r\n' })
        const rows = data.slice(0, -1).map((fields) => fields.map(restored))
        return errors.length === 0 && JSON.stringify(rows) === JSON.stringify(records)
      },
    ),
    { numRuns: 2000 },
  )
  const values: CsvValue[] = [null, undefined, true, -3, 1.5, 'a,b', 'say "x"', 'two\nlines']
  t.equal(csvRecord(values), ',,true,-3,1.5,"a,b","say ""x""","two\nlines"\r\n')
  t.equal(csvField('=HYPERLINK("http://x","y")'), '"\'=HYPERLINK(""http://x"",""y"")"')
})
