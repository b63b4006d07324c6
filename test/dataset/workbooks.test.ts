import t from 'tap'
import { xlsxOf, zipOf } from '../support/zip.ts'
import { read } from './reading.ts'

const CSV = 'numero;fornecedor;valor\n1/2024;ACME;10,00\n2/2024;BETA;20,00\n'
const STRINGS = [
  'Relação de Contratos',
  'Contrato',
  'Fornecedor',
  'Valor',
  'Data de Assinatura',
  'ACME',
  'BETA &amp; Filhos',
]
const s = (at: number, cell: string) => `<c r="${cell}" t="s"><v>${at}</v></c>`
const ROWS =
  `<row r="1">${s(0, 'A1')}</row>` +
  `<row r="3">${s(1, 'A3')}${s(2, 'B3')}${s(3, 'C3')}${s(4, 'D3')}</row>` +
  `<row r="4"><c r="A4" t="inlineStr"><is><t>1/2024</t></is></c>${s(5, 'B4')}<c r="C4"><v>1234.5600000000001</v></c><c r="D4" s="1"><v>45323</v></c></row>` +
  `<row r="5"><c r="A5" t="str"><f>A4&amp;"x"</f><v>2/2024</v></c>${s(6, 'B5')}<c r="C5"><f>1+1</f><v>2.125</v></c><c r="D5" s="1"><v>45324.75</v></c></row>` +
  `<row r="6"><c r="A6" t="inlineStr"><is><r><t>3/</t></r><r><t>2024</t></r></is></c>${s(5, 'B6')}<c r="C6" t="inlineStr"><is><t>1.000,50</t></is></c><c r="D6" t="e"><v>#N/A</v></c></row>`

t.test(
  'an Excel workbook: title, days, numbers, formulas by their values, numbers kept as text',
  async (t) => {
    const { report, rows } = await read(
      xlsxOf({ sheets: { Capa: '<row r="1"/>', Dados: ROWS }, strings: STRINGS }),
    )
    t.same(report.source, { format: 'xlsx', encoding: null, delimiter: null, title_lines: 2, sheet: 'Dados' })
    t.match(rows, [
      { line: 4, contract_number: '1/2024', supplier_name: 'ACME', value: 1234.56, signed_at: '2024-02-01' },
      {
        line: 5,
        contract_number: '2/2024',
        supplier_name: 'BETA & Filhos',
        value: 2.125,
        signed_at: '2024-02-02',
      },
      { line: 6, contract_number: '3/2024', value: 1000.5, signed_at: null },
    ])
  },
)

t.test('days since 1904, the sheet asked for, and one that is not there', async (t) => {
  const body = xlsxOf({ sheets: { Um: ROWS, Dois: ROWS }, strings: STRINGS, since1904: true })
  const { report, rows } = await read(body, { sheet: 'dois' })
  t.equal(report.source.sheet, 'Dois')
  t.equal(rows[0]?.signed_at, '2028-02-02')
  await t.rejects(read(body, { sheet: 'Três' }), {
    code: 'UNUSABLE_DATASET',
    members: { sheets: ['Um', 'Dois'] },
  })
  await t.rejects(read(CSV, { sheet: 'Um' }), { code: 'UNUSABLE_DATASET' })
})

t.test('an OpenDocument spreadsheet: repeated cells and rows', async (t) => {
  const cell = (text: string) =>
    `<table:table-cell office:value-type="string"><text:p>${text}</text:p></table:table-cell>`
  const content =
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>' +
    '<table:table table:name="Folha">' +
    `<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>` +
    `<table:table-row>${['Contrato', 'Fornecedor', 'Valor', 'Data de Assinatura'].map(cell).join('')}</table:table-row>` +
    `<table:table-row>${cell('1/2024')}${cell('ACME')}<table:table-cell office:value-type="currency" office:value="1234.5"><text:p>R$ 1.234,50</text:p></table:table-cell>` +
    '<table:table-cell office:value-type="date" office:date-value="2024-02-01T00:00:00"/></table:table-row>' +
    `<table:table-row>${cell('2/2024')}<table:table-cell table:number-columns-repeated="1" office:value-type="string"><text:p>BETA</text:p><text:p>SA</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="2"/></table:table-row>` +
    '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>' +
    '</table:table></office:spreadsheet></office:body></office:document-content>'
  const { report, rows } = await read(
    zipOf({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': content }),
  )
  t.match(report.source, { format: 'ods', sheet: 'Folha' })
  t.match(rows, [
    { line: 4, supplier_name: 'ACME', value: 1234.5, signed_at: '2024-02-01' },
    { line: 5, supplier_name: 'BETA SA', value: 2 },
  ])
})

t.test('a zip with one table; with several, with none, with damage', async (t) => {
  const one = await read(zipOf({ 'leia-me.txt': 'x', '__MACOSX/._a.csv': 'x', 'dados/a.csv': CSV }))
  t.equal(one.report.rows, 2)
  const book = await read(zipOf({ 'a.xlsx': xlsxOf({ sheets: { Um: ROWS }, strings: STRINGS }) }))
  t.match(book.report.source, { format: 'xlsx', sheet: 'Um' })
  await t.rejects(read(zipOf({ 'a.csv': CSV, 'b.csv': CSV })), {
    code: 'UNUSABLE_DATASET',
    message: /a\.csv, b\.csv/,
    members: { tables: ['a.csv', 'b.csv'] },
  })
  await t.rejects(read(zipOf({ 'a.pdf': 'x' })), { code: 'UNUSABLE_DATASET', message: /no table/ })
  const whole = zipOf({ 'a.csv': CSV.repeat(100) })
  await t.rejects(read(whole.subarray(0, whole.length - 30)), { code: 'UNUSABLE_DATASET' })
  const broken = Buffer.from(whole)
  broken.fill(0xff, 40, 60)
  await t.rejects(read(broken), { code: 'UNUSABLE_DATASET' })
})

t.test('a bomb is refused, and an old workbook as what it is', async (t) => {
  const bomb = zipOf({ 'a.csv': Buffer.alloc(8 * 1024 * 1024, 48) })
  await t.rejects(read(bomb, { maxInflatedBytes: 1024 * 1024 }), { code: 'PAYLOAD_TOO_LARGE' })
  const wide = xlsxOf({
    sheets: {
      Um: Array.from(
        { length: 200 },
        (_, at) => `<row r="${at + 1}"><c r="XFD${at + 1}"><v>1</v></c></row>`,
      ).join(''),
    },
  })
  await t.rejects(read(wide, { maxInflatedBytes: 1024 * 1024 }), { code: 'PAYLOAD_TOO_LARGE' })
  await t.rejects(read(Buffer.from('d0cf11e0a1b11ae1', 'hex')), {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: /\.xls\).*\.xlsx/,
  })
})

t.test('UTF-16 text', async (t) => {
  const { report, rows } = await read(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(CSV, 'utf16le')]))
  t.match(report.source, { format: 'csv', encoding: 'utf-16le', delimiter: ';' })
  t.match(rows, [{ value: 10 }, { value: 20 }])
})

t.test('a cell without an end is refused before it fills the memory', async (t) => {
  const cell = `<row r="7"><c r="A7" t="inlineStr"><is><t>${'A'.repeat(20 * 1024 * 1024)}</t></is></c></row>`
  await t.rejects(read(xlsxOf({ sheets: { Dados: ROWS + cell }, strings: STRINGS })), {
    code: 'UNUSABLE_DATASET',
    message: /longer than 16 MiB/,
  })
})
