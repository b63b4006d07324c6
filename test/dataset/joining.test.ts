import t from 'tap'
import { readEntry } from '../../src/dataset/joining/commitment-entry.ts'
import { contractKey, numberParts } from '../../src/dataset/joining/contract-key.ts'
import type { Contract } from '../../src/protocol/contract.ts'
import { type Options, read } from './reading.ts'

interface Case {
  body: string
  /** Kept rows, in the order of their lines. */
  rows: Partial<Contract>[]
  merged?: number
  warnings?: RegExp[]
  options?: Options
}

const CONTRACT =
  'Nº Contrato;Órgão;CNPJ;Fornecedor;Objeto;Valor do Contrato;Data da Assinatura;Fim da Vigência'
const contract = (
  number: string,
  value: string,
  more: Partial<Record<'date' | 'end' | 'name' | 'buyer' | 'object', string>> = {},
) =>
  `${number};${more.buyer ?? 'PREFEITURA'};${more.name ? '' : '27.433.790/0001-55'};${more.name ?? 'ACME LTDA'};` +
  `${more.object ?? 'Coleta de lixo'};${value};${more.date ?? '01/02/2020'};${more.end ?? '31/12/2020'}`
const amended = (header: string, ...rows: [string, string][]) =>
  `${CONTRACT};${header}\n${rows.map(([row, mark]) => `${row};${mark}`).join('\n')}\n`

const ENTRY = 'Empenho;Órgão;CNPJ;Credor;Histórico;Fase;Data;Valor'
const entry = (number: string, stage: string, value: string, day = '02/01/2024') =>
  `${number};PREFEITURA;27.433.790/0001-55;ACME LTDA;MATERIAL;${stage};${day};${value}`

const CASES: Record<string, Case> = {
  'a contract listed once per amendment': {
    body: [
      CONTRACT,
      contract('12/2020', '100.000,00'),
      contract('13/2020', '5,00'),
      contract('12/2020', '110.000,00', { date: '01/02/2021', end: '31/12/2021' }),
      contract('12/2020', '0,00', { date: '01/02/2022', end: '31/12/2022' }),
    ].join('\n'),
    rows: [
      {
        line: 2,
        contract_id: '12/2020',
        initial_value: 100_000,
        final_value: 110_000,
        value: 110_000,
        signed_at: '2020-02-01',
        end_at: '2022-12-31',
        source_lines: [2, 4, 5],
      },
      { contract_id: '13/2020', value: 5, source_lines: [3] },
    ],
    merged: 2,
  },
  'listed from its last amendment to its first': {
    body: [
      CONTRACT,
      contract('12/2020', '120,00', { date: '01/02/2022' }),
      contract('12/2020', '100,00', { date: '01/02/2020' }),
    ].join('\n'),
    rows: [{ initial_value: 100, final_value: 120, signed_at: '2020-02-01', source_lines: [2, 3] }],
    merged: 1,
  },
  'amendments in a file that has columns of items, most of them empty': {
    body: [
      'contract_number,buyer_name,supplier_name,object,initial_value,final_value,unit_price,quantity,item',
      '12/2020,TOWN,ACME,Cleaning,100.00,100.00,,,',
      '12/2020,TOWN,ACME,Cleaning,100.00,120.00,,,',
      '13/2020,TOWN,ACME,Paper,50.00,50.00,2.00,10,A4',
      '13/2020,TOWN,ACME,Paper,50.00,50.00,3.00,10,A3',
      '14/2020,TOWN,ACME,Pens,30.00,30.00,3.00,10,Red',
      '14/2020,TOWN,ACME,Pens,20.00,20.00,2.00,10,Blue',
    ].join('\n'),
    rows: [
      { contract_number: '12/2020', initial_value: 100, final_value: 120, source_lines: [2, 3] },
      { contract_number: '13/2020', final_value: 50, source_lines: [4, 5] },
      { contract_number: '14/2020', final_value: 30 },
      { contract_number: '14/2020', final_value: 20 },
    ],
    merged: 2,
    options: {
      mapping: Object.fromEntries(
        'contract_number buyer_name supplier_name object initial_value final_value unit_price quantity item'
          .split(' ')
          .map((name) => [name, name]),
      ),
    },
  },
  'numbers that differ in punctuation only': {
    body: [CONTRACT, contract('12/2020', '100,00'), contract('12.2020', '100,00')].join('\n'),
    rows: [{ contract_id: '12/2020', value: 100 }],
    merged: 1,
  },
  'the same number of another buyer, of another supplier': {
    body: [
      CONTRACT,
      contract('12/2020', '100,00'),
      contract('12/2020', '100,00', { buyer: 'CÂMARA' }),
      contract('12/2020', '100,00', { name: 'OUTRA SA' }),
    ].join('\n'),
    rows: ['12/2020#2', '12/2020#3', '12/2020#4'].map((contract_id) => ({ contract_id })),
  },
  'the same number with another object: it cannot be known': {
    body: [
      CONTRACT,
      contract('12/2020', '100,00'),
      contract('12/2020', '70,00', { object: 'Merenda escolar' }),
    ].join('\n'),
    rows: [{ value: 100 }, { value: 70 }],
    warnings: [/1 contract number comes again with another object.*line 2/],
  },
  'the amendment in a column of its own, with an object of its own': {
    body: amended(
      'Aditivo',
      [contract('12/2020', '100,00'), ''],
      [contract('12/2020', '125,00', { object: 'Prorrogação de prazo e acréscimo' }), '1º Termo Aditivo'],
    ),
    rows: [{ object: 'Coleta de lixo', initial_value: 100, final_value: 125 }],
    merged: 1,
  },
  'the amendment in the modality': {
    body: amended(
      'Modalidade',
      [contract('12/2020', '100,00'), 'Pregão'],
      [contract('12/2020', '125,00', { object: 'Prorrogação' }), 'Termo Aditivo'],
      [contract('14/2020', '1,00'), 'Pregão'],
    ),
    rows: [{ initial_value: 100, final_value: 125, modality: 'Pregão' }, { value: 1 }],
    merged: 1,
  },
  'the amendment in the number': {
    body: [
      CONTRACT,
      contract('12/2020-A2', '130,00', { object: 'Aditivo de valor' }),
      contract('12/2020', '100,00'),
      contract('12/2020-A1', '120,00', { object: 'Aditivo de valor' }),
    ].join('\n'),
    rows: [
      { line: 3, contract_id: '12/2020', initial_value: 100, final_value: 130, source_lines: [2, 3, 4] },
    ],
    merged: 2,
  },
  'a column that says whether the value is a percentage': {
    body: amended(
      'Valor é porcentagem?',
      [contract('12/2020', '100.000,00'), '0'],
      [contract('12/2020', '25,00', { date: '01/03/2021' }), '1'],
    ),
    rows: [{ initial_value: 100_000, final_value: 125_000 }],
    merged: 1,
  },
  'an amendment that takes away': {
    body: amended('Nº Aditivo', [contract('12/2020', '100,00'), '0'], [contract('12/2020', '-20,00'), '1']),
    rows: [{ initial_value: 100, final_value: 80 }],
    merged: 1,
  },
  'the year of a number in a column of its own': {
    body: [
      'Número do Contrato;Ano do Contrato;Órgão;Fornecedor;Objeto;Valor',
      '7;2022;PM;ACME;Limpeza;10,00',
      '7;2023;PM;ACME;Limpeza;20,00',
      '7;2023;PM;ACME;Limpeza;25,00',
    ].join('\n'),
    rows: [{ value: 10 }, { initial_value: 20, value: 25 }],
    merged: 1,
  },
  'zeros and S/N are no numbers': {
    body: [
      CONTRACT,
      contract('0', '1,00'),
      contract('0', '2,00'),
      contract('S/N', '3,00'),
      contract('S/N', '4,00'),
    ].join('\n'),
    rows: [
      { contract_id: '#2', contract_number: null },
      { value: 2 },
      { contract_id: 'S/N#4' },
      { value: 4 },
    ],
  },
  'a lone zero is a number': {
    body: [CONTRACT, contract('0', '1,00'), contract('1', '2,00')].join('\n'),
    rows: [{ contract_id: '0', contract_number: '0' }, { contract_id: '1' }],
  },
  'stages of a commitment': {
    body: [
      ENTRY,
      entry('1390-2024', 'Empenhado', '48.914,91'),
      entry('1390-2024', 'Valor Liquidado', '48.914,91'),
      entry('1390-2024', 'Valor Pago', '48.914,91'),
      entry('1391-2024', 'Empenhado', '1.200,00'),
    ].join('\n'),
    rows: [{ value: 48_914.91, source_lines: [2, 3, 4] }, { value: 1200 }],
    merged: 2,
  },
  'reinforced and annulled': {
    body: [
      ENTRY,
      entry('1/2024', 'Empenho Original', '1.000,00'),
      entry('1/2024', 'Reforço de Empenho', '500,00'),
      entry('1/2024', 'Anulação de Empenho', '300,00'),
      entry('1/2024', 'Pagamento', '900,00'),
      entry('2/2024', 'Anulação de Empenho', '70,00'),
    ].join('\n'),
    rows: [
      { initial_value: 1000, final_value: 1200 },
      { value: -70, source_lines: [6] },
    ],
    merged: 3,
  },
  'in Spanish': {
    body: [
      'Numero Compromiso;Entidad;Proveedor;Concepto;Tipo de movimiento;Monto',
      'C-1;Alcaldía;ACME SA;Papel;Compromiso;1000',
      'C-1;Alcaldía;ACME SA;Papel;Ampliación;200',
      'C-1;Alcaldía;ACME SA;Papel;Reversión;100',
      'C-1;Alcaldía;ACME SA;Papel;Devengado;900',
      'C-1;Alcaldía;ACME SA;Papel;Girado;900',
      'C-2;Alcaldía;ACME SA;Papel;Compromiso;5',
    ].join('\n'),
    rows: [{ value: 1100 }, { value: 5 }],
    merged: 4,
    options: { mapping: { contract_number: 'Numero Compromiso', final_value: 'Monto' } },
  },
  'in English': {
    body: [
      'Commitment number,Department,Supplier,Description,Stage,Amount',
      'PO-1,Health,ACME,Paper,Commitment,1000',
      'PO-1,Health,ACME,Paper,Reinforcement,50',
      'PO-1,Health,ACME,Paper,Cancellation,150',
      'PO-1,Health,ACME,Paper,Payment,400',
      'PO-1,Health,ACME,Paper,Payment,500',
    ].join('\n'),
    rows: [{ value: 900 }],
    merged: 4,
    options: {
      mapping: { contract_number: 'Commitment number', supplier_name: 'Supplier', final_value: 'Amount' },
    },
  },
  'payments without their commitment': {
    body: [
      ENTRY,
      entry('1/2024', 'Liquidado', '300,00'),
      entry('1/2024', 'Pago', '100,00'),
      entry('1/2024', 'Pago', '150,00'),
    ].join('\n'),
    rows: [{ value: 300 }],
    merged: 2,
  },
  'two originals of one commitment': {
    body: [
      ENTRY,
      entry('1/2024', 'Empenhado', '300,00'),
      entry('1.2024', 'Empenhado', '300,00'),
      entry('1/2024', 'Pago', '1,00'),
    ].join('\n'),
    rows: [{ value: 300 }],
    merged: 2,
  },
  'the commitment that an annulment names': {
    body: [
      'Empenho;Empenho Original;Órgão;Credor;Tipo;Valor',
      '10/2024;;PM;ACME;Original;100,00',
      '11/2024;10/2024;PM;ACME;Anulação;40,00',
      '12/2024;;PM;ACME;Original;7,00',
    ].join('\n'),
    rows: [{ contract_id: '10/2024', value: 60 }, { value: 7 }],
    merged: 1,
  },
  'lines of one invoice are no amendments': {
    body: 'Transaction Number,Body,Supplier,Expense Type,Amount,Date\n9,Council,ACME,Paper,10.00,2024-01-02\n9,Council,ACME,Paper,20.00,2024-01-02\n',
    rows: [{ value: 10 }, { value: 20 }],
  },
  'items with a total of their own each': {
    body: [
      'Nº Contrato;Órgão;Fornecedor;Item;Quantidade;Valor Unitário;Valor Total',
      '1/2024;PM;ACME;Papel;10;2,00;20,00',
      '1/2024;PM;ACME;Caneta;5;1,00;5,00',
    ].join('\n'),
    rows: [{ value: 20, item: 'Papel' }, { value: 5 }],
  },
  'items beside each of which the total of all stands': {
    body: [
      'Codigo;OrganismoPublico;NombreProveedor;Producto;MontoTotalOC;cantidad;UnidadMedida;precioNeto',
      'OC-1;Salud;INSUMOS SPA;Guantes;2500;10;Caja;100',
      'OC-1;Salud;INSUMOS SPA;Jeringas;2500;5;Caja;300',
      'OC-2;Salud;INSUMOS SPA;Guantes;100;1;Caja;100',
    ].join('\n'),
    rows: [
      {
        value: 2500,
        source_lines: [2, 3],
        items: [
          {
            item: 'Guantes',
            item_code: null,
            unit_of_measure: 'Caja',
            quantity: 10,
            unit_price: 100,
            reference_price: null,
          },
          {
            item: 'Jeringas',
            item_code: null,
            unit_of_measure: 'Caja',
            quantity: 5,
            unit_price: 300,
            reference_price: null,
          },
        ],
      },
      { value: 100, items: null },
    ],
    merged: 1,
  },
}

for (const [name, { body, rows: expected, merged = 0, warnings = [], options }] of Object.entries(CASES)) {
  t.test(name, async (t) => {
    const { report, rows } = await read(body, options)
    t.match(rows, expected)
    t.same([report.rows, report.merged], [expected.length, merged])
    t.equal(rows.length, report.rows)
    t.equal(report.lines, report.rows + report.merged + report.rejected)
    const lines = rows.flatMap(({ source_lines }) => source_lines)
    t.equal(new Set(lines).size, report.rows + report.merged, 'every line is in one contract')
    for (const warning of warnings)
      t.ok(
        report.warnings.some((text) => warning.test(text)),
        `${warning} in ${report.warnings.join(' | ')}`,
      )
  })
}

t.test('numbers and their amendments', async (t) => {
  const parts: [string, string, number | null][] = [
    ['12/2020', '12/2020', null],
    ['12/2020-A1', '12/2020', 1],
    ['12/2020 TA 02', '12/2020', 2],
    ['12/2020 (2º Aditivo)', '12/2020', 2],
    ['1º TA ao Contrato nº 12/2020', '12/2020', 1],
    ['CO1.PCCNTR.77', 'CO1.PCCNTR.77', null],
    ['2024NE000123', '2024NE000123', null],
  ]
  for (const [text, own, amendment] of parts) t.same(numberParts(text), { own, amendment }, text)
  t.same(['12/2020', '12.2020', '0', 'S/N', 'ct-7'].map(contractKey), ['122020', '122020', '', '', 'CT7'])
})

t.test('entries in three languages', async (t) => {
  t.same(readEntry('Valor Liquidado'), { stage: 'verified', kind: null })
  t.same(readEntry('Estorno de Pagamento'), { stage: 'paid', kind: 'annulment' })
  t.same(readEntry('Compromiso'), { stage: 'committed', kind: null })
  t.same(readEntry('Reinforcement'), { stage: null, kind: 'reinforcement' })
  t.equal(readEntry('Material de limpeza'), null)
})
