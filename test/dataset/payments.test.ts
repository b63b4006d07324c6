import t from 'tap'
import { isPaymentList } from '../../src/dataset/joining/join-columns.ts'
import { read } from './reading.ts'

const table = (...rows: string[]): string => rows.join('\n')
const many = (count: number, row: (at: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => row(at))

t.test('a transaction of several lines is no contract with amendments: every line counts', async (t) => {
  for (const [headers, number] of [
    ['TransNo,Seq No,Supplier Name,Purpose of Spend,Net Amount', 'TransNo'],
    ['PO Number,Line,Supplier Name,Purpose of Spend,Net Amount,Invoice Payment Date', 'PO Number'],
  ] as const) {
    const day = headers.endsWith('Date') ? ',2024-03-01' : ''
    const { report, sum } = await read(
      table(headers, `77,1,ALPHA LTD,Repairs,100.00${day}`, `77,2,ALPHA LTD,Repairs,40.00${day}`),
    )
    t.same([report.rows, report.merged, sum], [2, 0, 140_00], number)
  }
  const { report, sum } = await read(
    table(
      'Contract Number,Supplier Name,Title,Net Amount',
      '77,ALPHA LTD,Repairs,100.00',
      '77,ALPHA LTD,Repairs,140.00',
    ),
  )
  t.same([report.rows, report.merged, sum], [1, 1, 140_00], 'a contract’s number still joins')
})

t.test('what describes payments is their category where it names an account', async (t) => {
  const headers = 'Body Name,Transaction Number,Payment Date,Supplier Name,Narrative,Net Amount'
  const row = (at: number, narrative: string): string =>
    `Aton Council,${at},2024-03-${String(1 + (at % 28)).padStart(2, '0')},FIRM ${at % 30} LTD,${narrative},${100 + at}.00`
  const accounts = await read(table(headers, ...many(60, (at) => row(at, at % 2 ? 'Agency Staff' : 'Rent'))))
  t.equal(accounts.report.columns.category, 'Narrative')
  t.notOk(accounts.report.columns.object)
  const told = await read(table(headers, ...many(60, (at) => row(at, `Repair of roof ${at}`))))
  t.equal(told.report.columns.object, 'Narrative')
  t.ok(isPaymentList(told.report.columns), 'the rows are payments')
  const contracts = await read(
    table(
      headers.replace('Transaction Number', 'Contract Number').replace('Payment Date', 'Date Signed'),
      ...many(60, (at) => row(at, at % 2 ? 'Agency Staff' : 'Rent')),
    ),
  )
  t.equal(contracts.report.columns.object, 'Narrative', 'the object of contracts may come again')
  t.notOk(isPaymentList(contracts.report.columns))
})

t.test('the body is the buyer, its parts are units', async (t) => {
  const { report } = await read(
    table(
      'Authority Name,Date of Payment,DocumentNo,Net,Vendor Name,Service Area',
      'Aton City Council,2024-03-01,1,10.00,ALPHA LTD,Childrens Services',
    ),
  )
  t.match(report.columns, { buyer_name: 'Authority Name', unit_name: 'Service Area' })
  const parts = await read(
    table('Directorate,Paid Date,Supplier Name,Total (excludes VAT)', 'Housing,2024-03-01,ALPHA LTD,10.00'),
  )
  t.match(
    parts.report.columns,
    { buyer_name: 'Directorate', signed_at: 'Paid Date' },
    'units alone are the buyers',
  )
})

t.test('names under the heading of numbers are names', async (t) => {
  const { report, rows } = await read(
    table('Trans No,Supplier ID(T),Amount', '1,ALPHA LTD,10.00', '2,BETA AND SONS,20.00'),
  )
  t.match(report.columns, { supplier_name: 'Supplier ID(T)' })
  t.equal(rows[0]?.supplier_name, 'ALPHA LTD')
})

t.test('the currency of the United Kingdom, and a code that passes for a tax number', async (t) => {
  const british = await read(
    table('Organisation Code,Supplier Name,Amount', 'E08000036,ALPHA LTD,10.00', 'E08000036,BETA LTD,20.00'),
  )
  t.same(british.report.currencies, { GBP: 2 })
  const chance = await read(
    table('Organisation Code,Supplier Name,Amount', 'Q2818002D,ALPHA LTD,10.00', 'Q2818002D,BETA LTD,20.00'),
  )
  t.same(chance.report.currencies, { XXX: 2 }, 'one valid number is no proof')
})

t.test('a count is no number of a contract, whatever its name', async (t) => {
  const suppliers = (header: string): string =>
    table(
      `RUC,PROVEEDOR,${header},MONTO TOTAL`,
      ...many(12, (at) => `2010004${at}051,FIRMA ${at} SAC,${[3, 1, 2, 1][at % 4]},${1000 + at}.00`),
    )
  for (const header of [
    'NUMERO DE CONTRATOS',
    'Nº de contratos',
    'Cantidad de contratos',
    'Qtd contratos',
    'CONTRATO',
  ]) {
    const { report } = await read(suppliers(header))
    t.same([report.columns.contract_number, report.rows], [undefined, 12], header)
  }
  const numbers = await read(
    table('Nº do contrato;Fornecedor;Valor', ...many(12, (at) => `${at + 1};FIRMA ${at} LTDA;1.000,00`)),
  )
  t.equal(numbers.report.columns.contract_number, 'Nº do contrato', 'numbers that tell the rows apart')
  const items = await read(
    table('ata;fornecedor;objeto;quantidade de itens;valor total', '1/2024;ALFA LTDA;Café;12;100,00'),
  )
  t.notOk(items.report.columns.quantity, 'the number of items is no quantity')
})

t.test('the code of an item is one, its place in the list is none', async (t) => {
  const { report } = await read(
    table(
      'contrato;numero_item;codigo_cubso;descripcion_item;cantidad;precio_unitario;proveedor',
      '1;1;8111230600337652;Servicio de limpieza;1;10,00;ALFA SAC',
      '1;2;8111230700385661;Servicio de pintura;2;20,00;ALFA SAC',
    ),
  )
  t.equal(report.columns.item_code, 'codigo_cubso')
})

t.test('commitments of one contract are rows of their own', async (t) => {
  const { report, sum } = await read(
    table(
      'contrato_id,UG,Número,Emp.,Número Contrato',
      '1,323031,2023NE000448,100.00,9/2021',
      '1,323031,2024NE000007,40.00,9/2021',
    ),
  )
  t.same([report.columns.contract_number, report.rows, sum], ['Número', 2, 140_00])
})

t.test('commitments: the amount in reais, annulments subtract', async (t) => {
  const { report, sum } = await read(
    table(
      'codigo_empenho,especie_empenho,favorecido,valor_original_do_empenho,valor_do_empenho_convertido_pra_r',
      '257052000012019NE800157,ORIGINAL,ALFA LTDA,100.00,100.00',
      '257052000012019NE800158,ANULAÇÃO,ALFA LTDA,30.00,30.00',
    ),
  )
  t.equal(report.columns.final_value, 'valor_do_empenho_convertido_pra_r')
  t.notOk(report.columns.initial_value, 'the original’s own currency is no first value')
  t.equal(sum, 70_00)
})
