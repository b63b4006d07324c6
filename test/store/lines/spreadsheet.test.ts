import t from 'tap'
import { LANGUAGES } from '../../../src/language/language.ts'
import { csvRecord } from '../../../src/protocol/csv.ts'
import { spreadsheetCells, spreadsheetFile } from '../../../src/store/lines/spreadsheet.ts'

const KINDS = ['text', 'number', 'time', 'time', 'text'] as const
const ROWS = [
  ['2024.10', -1234.5, '2024-03-05', '2026-11-29T09:03:07.123Z', 'ação; e, "aspas"\r\nfim'],
  ['="x"', null, null, null, 'a;b'],
  ['3.5', 0.25, 'soon', '2024-13', ''],
]
const CSV = ROWS.map(csvRecord).join('')
const WANTED =
  '2024.10;-1234,5;05/03/2024;29/11/2026 09:03:07;"ação; e, ""aspas""\r\nfim"\r\n' +
  `"'=""x""";;;;"a;b"\r\n3.5;0,25;soon;2024-13;\r\n`

t.test('Portuguese and Spanish get semicolons, decimal commas and days first, English stays', async (t) => {
  for (const language of LANGUAGES) {
    for (let size = 1; size <= CSV.length; size++) {
      const rewrite = spreadsheetCells(language, KINDS)
      let text = ''
      for (let at = 0; at < CSV.length; at += size) text += rewrite(CSV.slice(at, at + size))
      text += rewrite()
      if (text !== (language === 'en' ? CSV : WANTED))
        return t.fail(`${language}, pieces of ${size}: ${text}`)
    }
  }
  t.pass('split at every position')
})

t.test('a file in blocks begins with a byte order mark, its rest does not', async (t) => {
  const read = async function* () {
    yield { bytes: Buffer.from(CSV), rows: 3 }
  }
  for (const begins of [true, false]) {
    const file = spreadsheetFile(read, { language: 'pt', kinds: KINDS, begins })
    const bytes: Uint8Array[] = []
    for await (const block of file(new AbortController().signal)) bytes.push(block.bytes)
    t.equal(Buffer.concat(bytes).toString(), `${begins ? '\ufeff' : ''}${WANTED}`)
  }
})
