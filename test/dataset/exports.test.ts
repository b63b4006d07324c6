import t from 'tap'
import { read } from './reading.ts'

const line = (cells: readonly string[]): string => cells.map((cell) => `"${cell}"`).join(';')
const file = (...records: readonly (readonly string[])[]): string => `${records.map(line).join('\r\n')}\r\n`

t.test('a currency or a unit behind the name of an amount', async (t) => {
  const money = (name: string) =>
    read(file(['Contrato', 'Fornecedor', name], ['1', 'ACME', '1.234,56'], ['2', 'ACME', '10,50']))
  const scales: Record<string, [names: string[], cents: number]> = {
    none: [
      [
        'Amount (USD)',
        'Valor (R$)',
        'Monto en COP',
        'Value £',
        'Value in £',
        'R$ Total',
        'USD Amount',
        'VALOR_TOTAL_BRL',
      ].concat([
        'valorTotalBrl',
        'Importe (S/)',
        'Valor em Reais',
        'Valor - R$ 1,00',
        'Contract Value, USD',
        'Total Value (GBP)',
      ]),
      124_506,
    ],
    thousands: [
      [
        'Total (BRL mil)',
        'Valor (R$ mil)',
        'Valor em milhares de reais',
        'Value (£000s)',
        'Amount ($K)',
        'Valor R$ 1.000,00',
      ],
      124_506_000,
    ],
    millions: [['Value (£m)', 'Valor (R$ milhões)', 'Monto en millones de pesos'], 124_506_000_000],
  }
  for (const [scale, [names, cents]] of Object.entries(scales)) {
    for (const name of names) {
      const { report, sum } = await money(name)
      t.same([report.columns.final_value, sum], [name, cents], name)
      t.same(
        report.warnings.filter((text) => text.includes(scale)).length,
        scale === 'none' ? 0 : 1,
        `${name}: a multiplied amount is told`,
      )
    }
  }
  const titled = await read(
    `Valores em R$ mil;;\n${file(['Contrato', 'Fornecedor', 'Valor'], ['1', 'A', '1,50'])}`,
  )
  t.equal(titled.sum, 150_000)
  const measured = await read(
    file(['Contrato', 'Fornecedor', 'Quantidade (m)', 'Valor'], ['1', 'ACME', '12', '1,50']),
  )
  t.match(measured.rows[0], { quantity: 12, value: 1.5 }, 'metres are no millions')
})

t.test('an absurd amount is told in the smallest file, a large one is not', async (t) => {
  for (const [amount, told] of [
    ['999.999.999.999,00', 1],
    ['99.999.999.999,00', 0],
  ] as const) {
    const { report } = await read(
      file(['Contrato', 'Fornecedor', 'Valor'], ['1', 'A', '1,00'], ['2', 'B', amount]),
    )
    t.equal(report.warnings.filter((text) => /absurd/.test(text)).length, told, amount)
  }
})

t.test('a tax number that lost a digit is parted from the name, where the column holds both', async (t) => {
  const { rows, report } = await read(
    file(
      ['Contrato', 'Fornecedor', 'Valor'],
      ['1', '27.433.790/0001-55 - FULANO LTDA', '1,00'],
      ['2', '05.488.891/0001-9 - BELTRANO 2000 ME', '1,00'],
      ['3', 'SICRANO S/A (CNPJ: 5488891000190)', '1,00'],
      ['4', 'POSTO KM 12345', '1,00'],
      ...['5', '6', '7'].map((number) => [number, '27.433.790/0001-55 - FULANO LTDA', '1,00']),
    ),
  )
  t.match(rows, [
    { supplier_id: '27433790000155', supplier_name: 'FULANO LTDA' },
    { supplier_id: '05.488.891/0001-9', supplier_name: 'BELTRANO 2000 ME' },
    { supplier_id: '05488891000190', supplier_name: 'SICRANO S/A' },
    { supplier_id: null, supplier_name: 'POSTO KM 12345' },
  ])
  t.match(report.warnings, [/1 number of "Fornecedor" is no valid CNPJ.*line 3/])
})
