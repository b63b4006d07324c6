import t from 'tap'
import { read } from './reading.ts'

const AWARDS = 'cup,cig,oggetto_gara,data_pubblicazione_gara,tipo_scelta_contraente,ente'

t.test('Italy: the awards of a reconstruction, their awardees some masked', async (t) => {
  const row = (cig: string, supplier: string, id: string, base: string, amount: string): string =>
    `B11,${cig},Lavori ${cig},2023-08-18,AFFIDAMENTO DIRETTO,COMUNE UNO,${supplier},${id},${base},${amount}`
  const { report, rows, sum } = await read(
    [
      `${AWARDS},aggiudicatario,cf_aggiudicatario,importo_base_asta,importo_aggiudicazione`,
      row('A0059785CC', 'ROSSI MARIO', '****************', '131590.13', '100000.5'),
      row('B58E8B8EE5', 'BIANCHI ANNA', '****************', '13335.0', '13335.0'),
      row('97350934E2', 'EDILE UNO SRL', '01531770442', '50120.98', '48000.25'),
      row('9233241782', 'COSTRUZIONI DUE', '07574940727', '900.0', '800.0'),
      row('9233241782', 'COSTRUZIONI TRE', '00471180588', '900.0', '800.0'),
      row('B45009EF44', '', '', '2500.0', ''),
    ].join('\n'),
  )
  t.same(report.currencies, { EUR: 5 })
  t.equal(report.merged, 1, 'the members of a grouping are one award')
  t.match(report.columns, {
    contract_number: 'cig',
    object: 'oggetto_gara',
    buyer_name: 'ente',
    supplier_name: 'aggiudicatario',
    supplier_id: 'cf_aggiudicatario',
    final_value: 'importo_aggiudicazione',
    modality: 'tipo_scelta_contraente',
  })
  t.notOk(report.columns.signed_at, 'the day of a tender is no signature')
  t.equal(sum, 16_213_575)
  t.same(
    rows.map(({ supplier_name, supplier_id }) => [supplier_name, supplier_id]),
    [
      ['ROSSI MARIO', null],
      ['BIANCHI ANNA', null],
      ['EDILE UNO SRL', '01531770442'],
      ['COSTRUZIONI DUE', '07574940727'],
      [null, null],
    ],
    'a tax number of asterisks alone names nobody',
  )
})

t.test('Australia: a contract is executed when it is signed, and ends when it expires', async (t) => {
  const { report, rows } = await read(
    [
      'contract_number,title,directorate,execution_date,expiry_date,amount,suppliers',
      '19009,Camp,Education Directorate,2025-09-15,2026-10-23,58665.0,Office of Sport',
    ].join('\n'),
  )
  t.match(report.columns, { signed_at: 'execution_date', end_at: 'expiry_date' })
  t.match(rows[0], { signed_at: '2025-09-15', end_at: '2026-10-23' })
  for (const name of ['Fecha de ejecución', 'Data de execução', 'execution end date']) {
    const other = await read(`Numero,Objeto,Fornecedor,${name},Valor\n1,Obra,ACME,2025-09-15,10.50\n`)
    t.not(other.report.columns.signed_at, name)
  }
})

const PRICES = 'product,amount,unit price,currency,date'
const prices = (amounts: readonly string[]): string =>
  [PRICES, ...amounts.map((amount, at) => `Mask ${at},${amount},16.8,EUR,2020-05-27`)].join('\n')

t.test('an amount that is often below the price of one unit is a quantity', async (t) => {
  const few = ['10', '4', '3', '1', '200', '300', '400', '500', '600', '700']
  const { report, rows, sum } = await read(prices(few))
  t.match(report.columns, { quantity: 'amount', unit_price: 'unit price' })
  t.notOk(report.columns.final_value)
  t.equal(sum, 4_566_240)
  t.match(rows[0], { value: 168 })
  t.match(report.warnings, [/"amount" was taken as the quantity.*below "unit price": 4 of 10/])
})

t.test('an amount that is a total stays one, and one that may be a quantity is asked about', async (t) => {
  const totals = Array.from({ length: 30 }, (_, at) => `${(at + 1) * 168}`)
  const sure = await read(prices(totals))
  t.equal(sure.report.columns.final_value, 'amount')
  t.notOk(sure.report.warnings.some((told) => /quantity/.test(told)))
  for (const unsure of [
    ['10', ...totals],
    ['10.5', '11.5', '12.5', '13.5', ...totals],
  ]) {
    const { report } = await read(prices(unsure))
    t.equal(report.columns.final_value, 'amount')
    t.ok(
      report.warnings.some((told) =>
        /^Is "amount" a total or a quantity\?.*\{"quantity":"amount"\}/.test(told),
      ),
    )
  }
})

t.test('a sign of the direction of writing behind an amount does not count', async (t) => {
  const { sum } = await read(
    'Numero,Objeto,Fornecedor,Valor\n1,Obra,ACME,2232.5\u202c\n2,Obra,ACME,\u20661.50\u2069\n3,Obra,ACME,17125\u202c.00\n',
  )
  t.equal(sum, 1_935_900)
})

t.test('a buyer that is the supplier again is the leader of a grouping, and no buyer', async (t) => {
  const row = (cig: string, leader: string, supplier: string): string =>
    `B11,${cig},Lavori ${cig},2023-08-18,PROCEDURA APERTA,${leader},${supplier},1000.5`
  const lines = [
    row('9233241782', 'Costruzioni Due', 'COSTRUZIONI DUE'),
    row('9233241782', '', 'COSTRUZIONI TRE'),
    row('9233241783', 'EDILE UNO', 'EDILE UNO'),
    row('9233241784', 'EDILE SEI', 'EDILE SEI'),
    row('9233241785', '', 'EDILE UNO'),
  ]
  const header = `${AWARDS},aggiudicatario,importo_aggiudicazione`
  const { report, sum } = await read([header, ...lines].join('\n'))
  t.notOk(report.columns.buyer_name)
  t.equal(report.merged, 1)
  t.equal(sum, 400_200)
  const own = await read(
    [header, ...lines, row('1', 'COMUNE', 'EDILE'), row('2', 'COMUNE', 'EDILE')].join('\n'),
  )
  t.equal(own.report.columns.buyer_name, 'ente')
})

t.test('an amount that other columns describe is kept, a total is not', async (t) => {
  const { report, sum } = await read(
    [
      'name as printed,sort,quantity,unit price,currency,land,date,description',
      'Maske,Surgical mask,10,2.5,EUR,Austria,2020-05-15,Surgical mask',
      'Toalhetes,Wipes,2000,0.5,EUR,Portugal,,',
      'Subtotal,,2010,3,EUR,,,',
    ].join('\n'),
  )
  t.equal(report.rows, 2)
  t.equal(sum, 102_500)
})
