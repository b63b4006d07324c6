import t from 'tap'
import { type Cells, check, no, times, yes } from './cases.ts'

t.test('price over its reference: from 10 %, in cents', async (t) => {
  const price = (unit_price: number, reference_price: number, cells: Cells = {}): Cells => ({
    unit_price,
    reference_price,
    quantity: 10,
    ...cells,
  })
  const { findings } = await check(t, 'price_deviation', [
    no('one cent below', price(10.99, 10)),
    yes('exactly at', price(11, 10)),
    yes('one cent over', price(11.01, 10)),
    yes('at it, rounded to the cent', price(11.03, 10.03)),
    no('9.9 %', price(109.9, 100)),
    no('four decimals, below', price(0.0119, 0.011)),
    yes('four decimals, at', price(0.0121, 0.011)),
    no('no reference', price(11, 0)),
    yes('a lump of quantity 0', price(995, 780, { quantity: 0, value: 995 })),
    yes('no quantity', price(995, 780, { quantity: null })),
  ])
  const impact = (name: string) =>
    findings.find((finding) => finding.evidence.contracts?.[0]?.contract_id === name)?.financial_impact
  t.equal(impact('c3'), 10, '(11 − 10) × 10')
  t.equal(impact('c10'), 215, 'one lump')
  t.equal(impact('c11'), null, 'not computable')
})

t.test('price inside a group: eight rows, z above 3.5 on logarithms, 1.5 times the median', async (t) => {
  const spread = [90, 94, 97, 100, 103, 106, 110]
  const group = (item: string, prices: number[], cells: Cells = {}): Cells[] =>
    prices.map((unit_price) => ({ item, unit_of_measure: 'UN', unit_price, quantity: 2, ...cells }))
  const { findings } = await check(t, 'price_deviation', [
    no('seven rows', ...group('item a', [...spread.slice(0, 6), 300])),
    yes('eight rows', ...group('item b', [...spread, 300])),
    no('rows of one tender', ...group('item k', [...spread, 300], { process_number: '7/2023' })),
    no(
      'below 1.5 times the median',
      ...group('item c', [...times(9, () => ({})).map((_, i) => 100 + i / 10), 140]),
    ),
    yes('MAD 0', ...group('item d', [...times(9, () => ({})).map(() => 100), 150])),
    no('MAD 0, just below 1.5 times', ...group('item e', [...times(9, () => ({})).map(() => 100), 149.98])),
    no(
      'all equal',
      ...group(
        'item f',
        times(9, () => ({})).map(() => 100),
      ),
    ),
    no('wide group', ...group('item g', [10, 20, 40, 80, 100, 160, 320, 640, 300])),
    no(
      'box against piece',
      ...group('item h', spread),
      ...group('item h', [4000], { unit_of_measure: 'Caixa c/ 50' }),
    ),
    yes(
      'one unit, spelled three ways',
      ...group('item i', spread),
      ...group('ITEM I', [400], { unit_of_measure: 'Unidade' }),
    ),
    yes('no unit', ...group('item j', [...spread, 400], { unit_of_measure: null })),
    yes(
      'unit in the description',
      ...group('item k - caixa com 10', [...spread, 400], { unit_of_measure: null }),
    ),
    no('a line of supply', ...group('Limpeza', [...spread, 400], { category: 'LIMPEZA' })),
    no('a coded generic service', ...group('12345 Outros serviços de terceiros', [...spread, 4000])),
    no('a generic line', ...group('Material de consumo', [...spread, 4000])),
    no('a generic service', ...group('Serviços de pintura', [...spread, 4000], { unit_of_measure: 'UN' })),
    yes(
      'a measured service',
      ...group('Serviços de pintura de parede', [...spread, 4000], { unit_of_measure: 'm2' }),
    ),
  ])
  const found = findings.find((finding) => finding.evidence.group === 'item b [un]')
  t.match(found?.evidence, { median: 101.5, observed: 300, expected: 101.5, n: 8, ratio: 2.9557 })
  t.equal(found?.financial_impact, 397)
  t.equal(found?.evidence.contracts?.length, 8, 'the others stand beside it')
})

t.test('growth: more than 25 %, or 50 % for the renovation of a building', async (t) => {
  const pair = (initial_value: number, final_value: number, cells: Cells = {}): Cells => ({
    initial_value,
    final_value,
    ...cells,
  })
  const works = { object: 'Construção de escola' }
  const renovation = { object: 'Reforma do prédio da escola' }
  const { findings, warnings } = await check(t, 'payment_pattern', [
    no('exactly 25 %', pair(1000, 1250)),
    yes('one cent over', pair(1000, 1250.01)),
    no('25 % rounded to the cent', pair(100.03, 125.04)),
    no('works at 25 %', pair(1000, 1250, works)),
    yes('works at 30 %', pair(1000, 1300, works)),
    no('renovation at 50 %', pair(1000, 1500, renovation)),
    yes('renovation one cent over 50 %', pair(1000, 1500.01, renovation)),
    no('a decrease', pair(1000, 200)),
    no('within 25 % of the updated value', pair(1000, 1490, { updated_initial_value: 1200 })),
    yes('over 25 % of the updated value', pair(1000, 1510, { updated_initial_value: 1200 })),
    no('no initial value', { final_value: 500 }),
    no('a placeholder', pair(0.01, 500)),
    no('an instalment', pair(100, 1200, { start_at: '2023-01-01', end_at: '2023-12-31' })),
    no('a commitment', pair(100, 900, { kind: 'Empenho' })),
    yes('a longer term', pair(1000, 2100, { start_at: '2022-01-01', end_at: '2024-01-01' })),
  ])
  t.match(findings.find((finding) => finding.evidence.buyer === 'a longer term')?.evidence.notes, [
    /may be a renewal/,
  ])
  t.equal(findings.find((finding) => finding.evidence.buyer === 'works at 30 %')?.financial_impact, 50)
  t.match(warnings, [/1 contract was left out/])
})
