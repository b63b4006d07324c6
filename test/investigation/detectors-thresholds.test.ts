import t, { type Test } from 'tap'
import { DETECTORS } from '../../src/investigation/detectors.ts'
import type { Contract } from '../../src/protocol/contract.ts'
import type { AnomalyType } from '../../src/protocol/investigation.ts'
import { contract, investigate } from '../support/contract-rows.ts'

type Cells = Partial<Contract>
interface Case {
  name: string
  rows: Cells[]
  found: boolean
}

const yes = (name: string, ...rows: Cells[]): Case => ({ name, rows, found: true })
const no = (name: string, ...rows: Cells[]): Case => ({ name, rows, found: false })
const times = (count: number, cells: (i: number) => Cells): Cells[] =>
  Array.from({ length: count }, (_, i) => cells(i))
const day = (start: string, days: number) =>
  new Date(Date.parse(start) + days * 86_400_000).toISOString().slice(0, 10)

/** Runs the cases of one rule in one file, each under a buyer of its own. */
const decide = async (type: AnomalyType, cases: readonly Case[], own: Cells = {}) => {
  let line = 1
  const owner = new Map<string, string>()
  const rows = cases.flatMap((one, i) =>
    one.rows.map((cells) => {
      line += 1
      const row = contract({
        line,
        buyer_id: `b${i}`,
        buyer_name: one.name,
        supplier_id: '11222333000181',
        ...own,
        ...cells,
      })
      owner.set(row.contract_id, one.name)
      return row
    }),
  )
  const detectors = DETECTORS.filter((detector) => detector.type === type)
  const told = await investigate(rows, { detectors })
  const names = new Set(
    told.findings.map((finding) => owner.get(finding.contract_id ?? '') ?? finding.evidence.buyer ?? ''),
  )
  return { ...told, names }
}

const check = async (t: Test, type: AnomalyType, cases: readonly Case[], own: Cells = {}) => {
  const told = await decide(type, cases, own)
  for (const one of cases) t.equal(told.names.has(one.name), one.found, one.name)
  return told
}

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
    no('no unit', ...group('item j', [...spread, 400], { unit_of_measure: null })),
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
  t.match(warnings, [/1 contracts were left out/])
})

t.test('duplicates: same object and numbers, 1 %, 31 days, overlapping terms', async (t) => {
  const one: Cells = {
    object: 'Aquisição de café torrado, lote 1',
    value: 1000,
    signed_at: '2023-01-10',
    start_at: '2023-01-10',
    end_at: '2023-12-31',
  }
  const undated = { ...one, signed_at: null, start_at: null, end_at: null }
  const moved = (days: number): Cells => ({
    ...one,
    signed_at: day('2023-01-10', days),
    start_at: day('2023-01-10', days),
  })
  const { findings } = await check(t, 'duplicate_contract', [
    yes('equal', one, one),
    yes('spelled otherwise', one, { ...one, object: 'AQUISICAO DE CAFE TORRADO - LOTE 01' }),
    yes('1 % more', one, { ...one, value: 1010 }),
    no('1.2 % more', one, { ...one, value: 1012.2 }),
    yes('31 days', one, moved(31)),
    no('32 days', one, moved(32)),
    no('another lot', one, { ...one, object: 'Aquisição de café torrado, lote 2' }),
    no('another supplier', one, { ...one, supplier_id: '99888777000166' }),
    yes('another branch', one, { ...one, supplier_id: '11222333000262' }),
    no(
      'consecutive terms',
      { ...one, end_at: '2023-01-31' },
      { ...one, start_at: '2023-01-31', signed_at: '2023-01-30' },
    ),
    yes('without dates', undated, undated),
    no('without dates, one cent apart', undated, { ...undated, value: 1000.01 }),
    no('without dates, another object', undated, {
      ...undated,
      object: 'Aquisição de café torrado e moído, lote 1',
    }),
    no(
      'its own commitment',
      { ...one, process_number: '1234/2023-01' },
      { ...one, kind: 'Empenho', process_number: '1234.2023-01' },
    ),
    yes(
      'items without an object',
      { ...one, object: null, item: 'Café 500 g' },
      { ...one, object: null, item: 'CAFE 500 G' },
    ),
    no(
      'other items without an object',
      { ...one, object: null, item: 'Café 500 g' },
      { ...one, object: null, item: 'Filtro de papel, 500 folhas' },
    ),
    no('its own commitment, by number', one, { ...one, contract_number: '2023NE000123' }),
    no('accreditation', { ...one, modality: 'Credenciamento' }, { ...one, modality: 'Credenciamento' }),
    no('an amendment', one, { ...one, kind: 'Termo Aditivo' }),
    no('two items of one contract', { ...one, item: 'café' }, { ...one, item: 'filtro' }),
  ])
  t.equal(
    findings.find((finding) => finding.evidence.buyer === '1 % more')?.financial_impact,
    1000,
    'the smaller one',
  )
})

t.test('split purchases: the limit of the day, ≤ or <', async (t) => {
  const NEW = { modality: 'Dispensa', legal_basis: 'Lei 14.133/2021, art. 75, II' }
  const OLD = { modality: 'Dispensa', legal_basis: 'Lei 8.666/93, art. 24, II' }
  const VALUE = { modality: 'Dispensa por valor' }
  let process = 0
  const buy = (cells: Cells, signed_at: string, value: number, more: Cells = {}): Cells => {
    process += 1
    return { ...cells, signed_at, value, process_number: `process ${process}`, object: 'Tinta', ...more }
  }
  const { findings } = await check(t, 'split_purchase', [
    no('2023: one cent below', buy(NEW, '2023-02-01', 30_000), buy(NEW, '2023-03-01', 27_208.32)),
    yes('2023: at the limit', buy(NEW, '2023-02-01', 30_000), buy(NEW, '2023-03-01', 27_208.33)),
    no('2023: one at the limit by itself', buy(NEW, '2023-02-01', 57_208.33), buy(NEW, '2023-03-01', 10)),
    yes('2023: one just under', buy(NEW, '2023-02-01', 57_208.32), buy(NEW, '2023-03-01', 10)),
    no('2019: at the limit', buy(OLD, '2019-02-01', 10_000), buy(OLD, '2019-03-01', 7_600)),
    yes('2019: one cent over', buy(OLD, '2019-02-01', 10_000), buy(OLD, '2019-03-01', 7_600.01)),
    yes('2019: one at the limit by itself', buy(OLD, '2019-02-01', 17_600), buy(OLD, '2019-03-01', 10)),
    yes('2015: 8,000', buy(OLD, '2015-02-01', 5_000), buy(OLD, '2015-03-01', 3_000.01)),
    yes('the day before a new limit', buy(OLD, '2018-07-18', 5_000), buy(OLD, '2018-07-01', 5_000)),
    no('the day of a new limit', buy(OLD, '2018-07-19', 5_000), buy(OLD, '2018-07-20', 5_000)),
    yes(
      'the old law after its end: the limit in force',
      buy(OLD, '2024-02-01', 30_000),
      buy(OLD, '2024-03-01', 30_000),
    ),
    yes(
      'over the old limit before it rose',
      buy(OLD, '2018-03-01', 7_000),
      buy(OLD, '2018-05-01', 7_000),
      buy(OLD, '2018-09-01', 500),
    ),
    no('law not said: the higher limit', buy(VALUE, '2021-05-01', 20_000), buy(VALUE, '2021-06-01', 29_000)),
    yes(
      'law not said: over the higher limit',
      buy(VALUE, '2021-05-01', 25_000),
      buy(VALUE, '2021-06-01', 25_000),
    ),
    yes('law said: the lower limit', buy(OLD, '2021-05-01', 10_000), buy(OLD, '2021-06-01', 9_000)),
    no('2020, Lei 14.065', buy(VALUE, '2020-06-01', 30_000), buy(VALUE, '2020-07-01', 20_000)),
    yes('2020, Lei 14.065, over', buy(VALUE, '2020-06-01', 30_000), buy(VALUE, '2020-07-01', 20_000.01)),
    no(
      'works below their limit',
      buy(VALUE, '2024-05-01', 60_000, { object: 'Obra de muro' }),
      buy(VALUE, '2024-06-01', 59_812.01, { object: 'Obra de calçada' }),
    ),
    yes(
      'works at their limit',
      buy(VALUE, '2024-05-01', 60_000, { object: 'Obra de muro' }),
      buy(VALUE, '2024-06-01', 59_812.02, { object: 'Obra de calçada' }),
    ),
    no(
      'Consórcio Público, below twice the limit',
      buy(NEW, '2023-02-01', 60_000),
      buy(NEW, '2023-03-01', 54_000),
    ),
    yes(
      'Agência Executiva, over twice the limit',
      buy(NEW, '2023-02-01', 60_000),
      buy(NEW, '2023-03-01', 55_000),
    ),
    no(
      'one process, two spellings',
      buy(NEW, '2023-02-01', 30_000, { process_number: '23347.011171/2024-24' }),
      buy(NEW, '2023-03-01', 29_000, { process_number: '23347.011171.2024-24' }),
    ),
    no('two years', buy(NEW, '2023-12-01', 40_000), buy(NEW, '2024-01-01', 40_000)),
    no(
      'two units',
      buy(NEW, '2023-02-01', 40_000, { unit_id: '1' }),
      buy(NEW, '2023-03-01', 40_000, { unit_id: '2' }),
    ),
    no(
      'two suppliers',
      buy(NEW, '2023-02-01', 40_000),
      buy(NEW, '2023-03-01', 40_000, { supplier_id: '99888777000166' }),
    ),
    no(
      'tenders',
      buy({ modality: 'Pregão' }, '2023-02-01', 40_000),
      buy({ modality: 'Pregão' }, '2023-03-01', 40_000),
    ),
    no(
      'commitments',
      buy(NEW, '2023-02-01', 40_000, { kind: 'Empenho' }),
      buy(NEW, '2023-03-01', 40_000, { kind: 'Empenho' }),
    ),
    no(
      'ground not said beside waivers that say it',
      buy({ modality: 'Dispensa' }, '2023-02-01', 40_000),
      buy({ modality: 'Dispensa' }, '2023-03-01', 40_000),
    ),
  ])
  const found = findings.find((finding) => finding.evidence.buyer === '2023: at the limit')
  t.match(found?.evidence, { limit: 57_208.33, observed: 57_208.33, year: 2023, n: 2 })
  t.match(found?.evidence.law, /11\.317/)
  t.equal(found?.financial_impact, 0)
  const higher = findings.find((finding) => finding.evidence.buyer === 'law not said: over the higher limit')
  t.match(higher?.evidence.notes?.join(), /the higher limit was taken/)
  const unstated = await check(t, 'split_purchase', [
    yes(
      'no ground said anywhere',
      buy({ modality: 'Dispensa' }, '2023-02-01', 40_000),
      buy({ modality: 'Dispensa' }, '2023-08-01', 40_000, { object: 'Pneu' }),
    ),
  ])
  t.match(unstated.findings[0], { severity: 'low', confidence: 0.4 })
  t.match(unstated.findings[0]?.evidence.notes?.join(), /does not state the ground/)
})

t.test(
  'concentration: half of the value, 20 contracts, 5 suppliers, 3 of its own, a third without its largest',
  async (t) => {
    const supplier = (i: number) => ({ supplier_id: `${10_000_000 + i}000100`, supplier_name: `S${i}` })
    const market = (own: number[], others: number, amount: number, suppliers: number): Cells[] => [
      ...own.map((value) => ({ ...supplier(0), value })),
      ...times(others, (i) => ({ ...supplier(1 + (i % (suppliers - 1))), value: amount })),
    ]
    const { findings, warnings } = await check(t, 'vendor_concentration', [
      yes('exactly half', ...market([300, 300, 400], 20, 50, 5)),
      no('one cent below half', ...market([300, 300, 399.99], 20, 50, 5)),
      no('19 contracts', ...market([300, 300, 400], 16, 50, 5)),
      yes('20 contracts', ...market([300, 300, 400], 17, 50, 5)),
      no('4 suppliers', ...market([300, 300, 400], 20, 50, 4)),
      no('2 contracts of its own', ...market([500, 500], 20, 50, 5)),
      yes('a third without its largest', ...market([500, 250, 250], 20, 50, 5)),
      no('less than a third without its largest', ...market([600, 250, 240], 20, 50, 5)),
      no('an impossible value', ...market([9_000_000, 20, 20], 20, 50, 5)),
      yes('half, once an impossible value is set aside', ...market([300, 300, 400], 20, 50, 5), {
        ...supplier(1),
        value: 9_000_000,
      }),
    ])
    t.match(findings.find((finding) => finding.evidence.buyer === 'exactly half')?.evidence, {
      share: 0.5,
      hhi: 3125,
      n: 3,
    })
    t.equal(warnings.length, 2)
    t.match(warnings[0], /9,000,000\.00 is 180,000 times/)
  },
)

t.test('busy months: 12, 2.5 times the year, twice the season, one in a million', async (t) => {
  const year = (counts: number[], of = 2022): Cells[] =>
    counts.flatMap((count, month) =>
      times(count, (i) => ({
        signed_at: `${of}-${String(month + 1).padStart(2, '0')}-${String((i % 28) + 1).padStart(2, '0')}`,
        value: 10,
      })),
    )
  const even = (each: number, busy: number, count: number) =>
    times(12, () => ({})).map((_, i) => (i === busy ? count : each))
  const { findings } = await check(t, 'temporal_pattern', [
    no('eleven', ...year(even(1, 5, 11))),
    yes('twelve', ...year(even(1, 5, 12))),
    no('by chance', ...year(even(4, 5, 15))),
    yes('beyond chance', ...year(even(4, 5, 20))),
    no('2.4 times', ...year(even(30, 5, 74))),
    yes('2.5 times', ...year(even(30, 5, 75))),
    no(
      'every year',
      ...year(even(2, 11, 30), 2020),
      ...year(even(2, 11, 30), 2021),
      ...year(even(2, 11, 30)),
    ),
    yes(
      'one December of three',
      ...year(even(2, 11, 3), 2020),
      ...year(even(2, 11, 3), 2021),
      ...year(even(2, 11, 30)),
    ),
    no(
      'ends, not signatures',
      ...times(40, (i) => ({
        signed_at: `2022-${String((i % 12) + 1).padStart(2, '0')}-05`,
        end_at: '2022-12-31',
        value: 5,
      })),
    ),
  ])
  const one = findings.find((finding) => finding.evidence.buyer === 'twelve')
  t.match(one?.evidence, { year: 2022, month: 6, observed: 12, expected: 1, ratio: 12 })
  t.match(one, { severity: 'medium' }, 'a short history never is above medium')
  t.match(one?.evidence.notes?.join(), /short history: 12 months/)
  const december = findings.find((finding) => finding.evidence.buyer === 'one December of three')
  t.match(december, { severity: 'high', evidence: { month: 12, notes: ['year_end'] } })
})

t.test('digits: nothing below 500, one digit below 1,000, two from there', async (t) => {
  const natural = (count: number) =>
    times(count, (i) => ({ value: Math.round(10 ** (2 + (i + 0.5) / (count / 3)) * 100) / 100 }))
  const invented = (count: number, share: number) =>
    natural(count).map((cells, i) => (i < count * share ? { value: 4900 + (i % 97) } : cells))
  const { findings } = await check(t, 'benford_deviation', [
    no('natural', ...natural(1200)),
    no('499 invented', ...invented(499, 0.5)),
    yes('500 invented', ...invented(500, 0.4)),
    yes('1,000 invented', ...invented(1000, 0.2)),
    yes('3,000 invented', ...invented(3000, 0.2)),
  ])
  const of = (name: string) => findings.find((finding) => finding.evidence.buyer === name)?.evidence
  t.match(of('500 invented')?.digits?.[0], { pair: 4 })
  t.match(of('1,000 invented')?.digits?.[0], { pair: 49 })
  t.equal(of('1,000 invented')?.mad, undefined, 'chance alone explains a MAD of that size')
  t.ok((of('3,000 invented')?.mad ?? 0) > 0.0022)
  t.match(of('3,000 invented')?.notes?.join(), /nonconformity/)
  const few = await decide('benford_deviation', [no('few', ...natural(499))])
  t.match(few.skipped, [{ type: 'benford_deviation', reason: 'fewer than 500 positive values' }])
})
