import t from 'tap'
import type { Problem } from '../../src/errors.ts'
import { read } from './reading.ts'

t.test('France: the suppliers of one contract, and its later states, are one row', async (t) => {
  const market = (uid: string, supplier: number, amount: string, day: string): string =>
    `${uid},COMMUNE UN,${supplier}0000000000001,SOCIETE ${supplier},${amount},${day},Procédure adaptée`
  const { report, rows, sum } = await read(
    [
      'uid,acheteur_nom,titulaire_id,titulaire_nom,montant,dateNotification,procedure',
      market('2024A1', 1, '1200.50', '2024-06-01'),
      market('2024A1', 2, '1200.50', '2024-06-01'),
      market('2024A1', 3, '1200.50', '2024-06-01'),
      market('2024A1', 3, '1000', '2024-03-01'),
      market('2024A1', 1, '1000', '2024-03-01'),
      market('2024A1', 2, '1000', '2024-03-01'),
      market('2024B2', 4, '500', '2024-03-02'),
      market('2024C3', 4, '700', '2024-03-02'),
      market('2024C3', 5, '800', '2024-03-02'),
    ].join('\n'),
  )
  t.same(report.currencies, { EUR: 4 })
  t.equal(report.merged, 5)
  t.match(rows[0], {
    contract_number: '2024A1',
    buyer_name: 'COMMUNE UN',
    initial_value: 1000,
    final_value: 1200.5,
    modality: 'Procédure adaptée',
    source_lines: [2, 3, 4, 5, 6, 7],
  })
  t.equal(sum, 120_050 + 50_000 + 70_000 + 80_000, 'two amounts on one day are two contracts')
})

t.test(
  'a list in English: the procuring entity buys, the provider sells, the project is bought',
  async (t) => {
    const { report } = await read(
      [
        'Id,Project title,PDE,Procurement Method,Provider_name,Award amount,Award price,Planned award date',
        '1,Road in Gulu,Ministry of Works,Open,Dot Ltd,1000000,900000,2024-01-02',
        '2,Road in Lira,Ministry of Works,Open,Dash Ltd,2000000,1900000,2024-01-03',
      ].join('\n'),
    )
    t.match(report.columns, {
      object: 'Project title',
      buyer_name: 'PDE',
      supplier_name: 'Provider_name',
      final_value: 'Award amount',
      modality: 'Procurement Method',
    })
    t.equal(report.columns.signed_at, undefined, 'a planned day is none of signature')
    t.match(report.warnings.join('\n'), /took "Award amount", left "Award price"/)
  },
)

t.test('a bare id beside the ids of contracts is of something else', async (t) => {
  const { report, sum, rows } = await read(
    [
      'id,title,contract_id,contract_amount,signed_date',
      '33,Sealing of roads,100762,500,2022-05-13',
      '33,Sealing of roads,100771,700,2022-05-09',
      '34,Bridge,NULL,NULL,NULL',
      '35,Masts,100800,900,2022-06-09',
    ].join('\n'),
  )
  t.equal(report.merged, 0)
  t.equal(sum, 210_000)
  t.same(
    rows.map((row) => row.contract_number),
    ['100762', '100771', null, '100800'],
  )
})

t.test('a flattened release names its buyer', async (t) => {
  const { report } = await read(
    'ocid,contracts/0/id,contracts/0/buyer/id,contracts/0/buyer/name,contracts/0/value/amount,contracts/0/value/currency\n' +
      'ocds-1,C-1,B-1,Alcaldía Uno,10.5,HNL\n',
  )
  t.match(report.columns, { buyer_id: 'contracts/0/buyer/id', buyer_name: 'contracts/0/buyer/name' })
  t.same(report.currencies, { HNL: 1 })
})

t.test("a supplier's country is no supplier", async (t) => {
  const { report } = await read(
    'pe_name,contract_code,contract_name,contract_amount,contractorCountry1,contractorName1,contractorName2\n' +
      'Municipality,W/NCB/01,Road,60502650.12,Nepal,Alfa Nirman,\nMunicipality,W/NCB/02,Drain,502650.12,Nepal,Beta Nirman,Gama\n',
  )
  t.match(report.columns, {
    buyer_name: 'pe_name',
    contract_number: 'contract_code',
    object: 'contract_name',
    supplier_name: 'contractorName1',
  })
})

for (const [name, amount, currency] of [
  ['a sign that a conversion lost', ' ?96,500,000.25 ', 'XXX'],
  ['a replacement character', '\ufffd96,500,000.25', 'XXX'],
  ['the peso of the Philippines', '₱96,500,000.25', 'PHP'],
  ['nairas', '₦96,500,000.25', 'NGN'],
  ['shillings', 'KSh 96,500,000.25', 'KES'],
  ['shillings by their code', 'UGX 96,500,000.25', 'UGX'],
  ['rands', 'R96 500 000.25', 'XXX'],
] as const) {
  t.test(`an amount behind ${name}`, async (t) => {
    const { report, sum } = await read(
      `ContractId,Contractor,ContractCost\nA1,Alfa Inc,"${amount}"\nA2,Beta Inc,"${amount}"\n`,
    )
    t.equal(sum, 2 * 9_650_000_025)
    t.same(report.currencies, { [currency]: 2 })
  })
}

t.test('projects of one contract are not joined, and it is said', async (t) => {
  const { report, sum, rows } = await read(
    [
      'ProjectId,ContractId,ContractCost,Contractor,DistrictEngineeringOffice,StartDate,ActualCompletionDate',
      'P1,21PC0018,77200000.00,Alfa Construction,First Office,3/18/2021,10/13/2022',
      'P2,21PC0018,49000000.00,Alfa Construction,First Office,3/18/2021,10/13/2022',
      'P3,21PC0019,47500000.00,Beta Construction,First Office,4/18/2021,11/24/2022',
    ].join('\n'),
  )
  t.equal(report.merged, 0)
  t.equal(sum, 17_370_000_000)
  t.match(report.warnings.join('\n'), /1 contract number comes again with another object/)
  t.match(rows[0], { contract_number: '21PC0018', start_at: '2021-03-18', end_at: '2022-10-13' })
})

t.test(
  'suppliers of one number with one amount may share a contract: each is counted, and it is said',
  async (t) => {
    const { report, sum } = await read(
      'Contract No.,Procuring entity,Supplier,Amount\nW/1,Council,Alfa Ltd,100\nW/1,Council,Beta Ltd,100\nW/2,Council,Alfa Ltd,50\n',
    )
    t.equal(sum, 25_000)
    t.match(
      report.warnings.join('\n'),
      /1 contract number stands beside several suppliers with one amount.*in line 2/,
    )
  },
)

t.test(
  'the stages of a commitment are one, also where its number is called as the commitment is',
  async (t) => {
    for (const [header, stages] of [
      [
        'Compromiso;Entidad;Proveedor;Concepto;Etapa;Fecha;Monto',
        'Comprometido,Ampliación,Anulación,Devengado,Pagado',
      ],
      [
        'Commitment;Entity;Supplier;Description;Stage;Date;Amount',
        'Committed,Reinforcement,Cancellation,Verified,Paid',
      ],
    ] as const) {
      const amounts = ['1000,00', '200,00', '100,00', '1100,00', '900,00']
      const lines = stages
        .split(',')
        .map((stage, at) => `77;PM;ACME;Material;${stage};0${at + 1}/02/2024;${amounts[at]}`)
      const { report, rows } = await read([header, ...lines].join('\n'))
      t.equal(report.merged, 4)
      t.match(rows[0], { contract_number: '77', initial_value: 1000, value: 1100 })
    }
    const { report } = await read(
      'Commitment;Contract;Supplier;Entity\n1.000,50;7;ACME;PM\n2.000,50;8;ACME;PM\n',
    ).catch(() => ({ report: { columns: {} as Record<string, string> } }))
    t.not(report.columns.contract_number, 'Commitment', 'an amount is no number')
  },
)

const PURCHASES = 'Número;Entidad;Objeto;Monto;Fecha'
t.test('the number of a purchase behind the code of a body is no amendment', async (t) => {
  const rows = ['CM-14', 'CM-108', 'CM-141'].map(
    (number, at) => `JL7JBr-${number};Bomberos;Compra de cosa ${'ABC'[at]};${at + 1}00,00;0${at + 1}/02/2017`,
  )
  const { report, sum } = await read([PURCHASES, ...rows].join('\n'))
  t.equal(report.merged, 0)
  t.equal(sum, 60_000)
})

t.test(
  'amendments of a contract that the file does not list are joined where they are of one object',
  async (t) => {
    const row = (number: string, object: string, amount: string): string =>
      `${number};Bomberos;${object};${amount};01/02/2017`
    const { report, rows } = await read(
      [
        PURCHASES,
        row('12/2017-A1', 'Obra de la escuela', '100,00'),
        row('12/2017-A2', 'Obra de la escuela', '120,00'),
        row('13/2017-A1', 'Limpieza de calles', '10,00'),
        row('13/2017-A2', 'Papel para oficinas', '20,00'),
      ].join('\n'),
    )
    t.equal(report.merged, 1)
    t.equal(rows.length, 3)
  },
)

t.test('purchases of other months under one number are not joined', async (t) => {
  const months = ['enero', 'febrero', 'mayo'].map(
    (month, at) =>
      `CM 14-2017;Bomberos;Compra de combustible para el mes de ${month};${at + 1}00,00;0${at + 1}/02/2017`,
  )
  const { report, sum } = await read([PURCHASES, ...months].join('\n'))
  t.equal(report.merged, 0)
  t.equal(sum, 60_000)
})

t.test('a hint offers no counter as a number and no end as a signature', async (t) => {
  const body = [
    'sl_no,contractor_email,completion_deadline,estimated_total',
    '1,a@one.example,2024-03-01,1000.50',
    '2,b@two.example,2024-03-02,2000.50',
    '3,c@two.example,2024-03-02,2000.50',
  ].join('\n')
  await t.rejects(read(body), { code: 'UNUSABLE_DATASET' })
  const refused = (await read(body).catch((error: unknown) => error)) as Problem
  const mapping = refused.members?.mapping as Record<string, string>
  t.notOk(mapping.contract_number)
  t.notOk(mapping.signed_at)
})

t.test("Italy: a list's code before the number stays, what stands in for a number is none", async (t) => {
  const awarded = ['IT-CF-01831780497', 'IT-CF-NAN', 'IT-CF-99999999999', 'IT-CF-01831780498'].map(
    (id, at) => ({
      ocid: `ocds-it-${at}`,
      tag: ['award'],
      buyer: { id: 'IT-CF-00104330493', name: 'Comune' },
      awards: [
        {
          id: `Z${at}`,
          value: { amount: 10 },
          suppliers: [{ id, name: at === 1 ? undefined : `Ditta ${at}` }],
        },
      ],
    }),
  )
  const { report, rows } = await read(JSON.stringify({ releases: awarded }), {
    contentType: 'application/json',
  })
  t.same(
    rows.map((row) => row.supplier_id),
    ['IT-CF-01831780497', null, null, 'IT-CF-01831780498'],
  )
  t.match(rows[0], { buyer_id: 'IT-CF-00104330493', supplier_name: 'Ditta 0' })
  t.notMatch(report.warnings.join(), /CNPJ/)
})
