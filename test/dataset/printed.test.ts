import t from 'tap'
import { read } from './reading.ts'

/** A page of a printed report: its own empty columns between the names, values one column left of two of them. */
const page = (wide: boolean, number: number, rows: string[]): string[] => {
  const gap = wide ? ',,' : ''
  return [
    `Contrato,Vigência${gap},Fornecedor,Modalidade,,,,,Valor Inicial,Objeto,,`,
    `,${gap},,,,,Processo,,,,,`,
    ...rows.map((row) => row.replace('|', gap)),
    `Exercício: 2026${gap},,,,República,,,,,,Página: ${number} de, 2`,
  ]
}

const row = (number: number, supplier: string, amount: string, object: string): string =>
  `${number}/2026,1${number}/03/2027|,${supplier},04 - CONCORRÊNCIA,,${number}0/2026,,"${amount}",,"${object}",,`

const REPORT = [
  ',,,,,18-06-2026 18:44:43,,,,,,',
  ',,,PREFEITURA MUNICIPAL DE X,,,,,,,,',
  ',,,Contratos,,,,,,,,',
  ...page(true, 1, [
    row(9, 'ALFA LTDA [27.433.790/0001-55]', '486229,57', 'Pavimentação de vias, com'),
    row(8, 'BETA LTDA [05.488.891/0001-90]', '84000,00', 'Consultas, procedimentos e'),
  ]),
  ...page(false, 2, [
    ',,,,,,,,,"cirurgias de urgência, na sede do Município",,',
    row(7, 'GAMA COMERCIO E SERVICOS DE ASSISTENCIA', '1000,10', 'Aquisição de fraldas'),
    row(6, 'DELTA LTDA', '2000,20', 'Locação de nobreaks'),
  ]),
  '',
]

t.test('a printed report is read by the header of each page', async (t) => {
  const { report, rows, sum } = await read(REPORT.join('\n'))
  t.same([report.lines, report.rows, report.rejected, sum], [4, 4, 0, 573_229_87])
  t.match(rows, [
    { contract_number: '9/2026', process_number: '90/2026', supplier_id: '27433790000155', line: 6 },
    { supplier_name: 'BETA LTDA', object: /e cirurgias de urgência, na sede do Município$/ },
    { process_number: '70/2026', supplier_id: null, initial_value: 1000.1 },
    { supplier_name: 'DELTA LTDA', object: 'Locação de nobreaks' },
  ])
  t.match(report.source, { title_lines: 3 })
  t.match(report.warnings.join(' | '), /1 line goes on with the object.*line 11: cirurgias/)
  t.match(report.warnings.join(' | '), /2 page titles, footers and page numbers were left out/)
})

t.test('a term of one day is the day on which it ends', async (t) => {
  const { report, rows } = await read(REPORT.join('\n'))
  t.equal(report.columns.end_at, 'Vigência')
  t.match(rows[0], { start_at: null, end_at: '2027-03-19' })
})
