import t from 'tap'
import { ANOMALY_RULES } from '../../src/investigation/detectors.ts'
import { contract, investigate } from '../support/contract-rows.ts'
import { type Cells, check, decide, no, times, yes } from './cases.ts'

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
    ])
    t.match(findings.find((finding) => finding.evidence.buyer === 'exactly half')?.evidence, {
      share: 0.5,
      hhi: 3125,
      n: 3,
    })
    t.same(warnings, [])
    const half = market([300, 300, 400], 20, 50, 5)
    const set = async (name: string, values: number[], aside: number[], spread = half) => {
      const [first, ...rest] = values
      const told = await check(
        t,
        'vendor_concentration',
        [
          yes(
            name,
            ...spread,
            { ...supplier(1), value: first as number },
            ...rest.map((value) => ({ ...supplier(2), value })),
          ),
        ].map((one) => ({ ...one, found: aside.length === values.length })),
      )
      t.equal(told.warnings.length, aside.length, `${name}: ${told.warnings.join()}`)
      for (const value of aside) t.match(told.warnings.join(), value.toLocaleString('en-US'))
    }
    await set('an impossible value is set aside', [9_000_000], [9_000_000])
    await set('20 times the next largest is possible', [8_000], [])
    await set('thousands of times the median, beside another such', [9_000_000, 8_000_000], [])
    await set('from 10¹¹ on where the rest is below 10⁹', [2e11, 3e11], [2e11, 3e11])
    const large = market([300e9, 300e9, 400e9], 20, 50e9, 5)
    const pesos = await check(t, 'vendor_concentration', [yes('where all values are so large', ...large)])
    t.same(pesos.warnings, [])
  },
)

t.test('what goes to nobody by name is part of the whole and no market power', async (t) => {
  const market = (name: string, value: number): Cells[] => [
    ...times(3, () => ({ supplier_id: null, supplier_name: name, value })),
    ...times(20, (i) => ({ supplier_id: null, supplier_name: `Firm ${i % 6}`, value: 10 })),
  ]
  await check(t, 'vendor_concentration', [
    yes('a firm', ...market('Alpha Ltd', 500)),
    ...[
      'REDACTED PERSONAL DATA',
      'RIMBORSI VARI CASSA ECONOMALE',
      'Miscellaneous Payments BACS',
      'DIVERSOS',
      'Varios proveedores',
      'Payroll',
    ].map((name) => no(name, ...market(name, 500))),
    no(
      'a firm with a third, beside what is redacted',
      ...market('Alpha Ltd', 500),
      ...times(3, () => ({ supplier_id: null, supplier_name: 'Redacted', value: 1000 })),
    ),
  ])
})

t.test('the list of one month, with stragglers of others, has no busy month', async (t) => {
  const list = (busy: number, month: number): Cells[] => [
    ...times(busy, (i) => ({ signed_at: `2020-06-${String((i % 28) + 1).padStart(2, '0')}`, value: 10 })),
    ...times(month, (i) => ({ signed_at: `2020-0${7 + (i % 3)}-10`, value: 10 })),
  ]
  const { skipped } = await check(t, 'temporal_pattern', [no('a list', ...list(200, 30))])
  t.match(skipped, [{ type: 'temporal_pattern', reason: /the list of one month, which has 87% of its rows/ }])
  await check(t, 'temporal_pattern', [yes('a rush among many', ...list(60, 45))])
})

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

t.test('the suppliers of one list under one number and day are one purchase', async (t) => {
  const roster = (numberOf: (i: number) => string): Cells[] => [
    ...times(12, (i) => ({
      signed_at: `2022-${String(i + 1).padStart(2, '0')}-03`,
      value: 10,
      contract_number: `N${i}/2022`,
    })),
    ...times(15, (i) => ({
      signed_at: '2022-05-08',
      value: 10,
      contract_number: numberOf(i),
      supplier_name: `S${i}`,
    })),
  ]
  await check(t, 'temporal_pattern', [
    no('a list', ...roster(() => 'RFSQ 77/2022')),
    yes('fifteen purchases', ...roster((i) => `RFQ ${i}/2022`)),
  ])
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
  const told = findings.map(({ evidence }) => evidence.notes?.join()).join()
  t.match(
    told,
    /89 degrees of freedom, p < 10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+,/,
    'a power of ten, also where a number is too small',
  )
  const few = await decide('benford_deviation', [no('few', ...natural(499))])
  t.match(few.skipped, [{ type: 'benford_deviation', reason: 'fewer than 500 positive values' }])
})

t.test('digits: the offices of one buyer are called what most of them are', async (t) => {
  const offices = Array.from({ length: 1200 }, (_, i) =>
    contract({
      line: i + 2,
      buyer_id: 'IT-CF-00104330493',
      buyer_name: i < 100 ? 'Anagrafe' : 'Economato',
      value: i % 2 === 0 ? 42.95 : 1000 + i,
      contract_number: `${i}`,
    }),
  )
  const other = contract({ line: 1202, buyer_id: '2', buyer_name: 'Altro', value: 5, contract_number: 'x' })
  const groups = async (contracts: Parameters<typeof investigate>[0]) => {
    const { findings } = await investigate(contracts, { detectors: [ANOMALY_RULES.benford_deviation] })
    return findings.map(({ evidence }) => evidence.group).sort()
  }
  t.same(await groups([...offices, other]), ['Economato', 'whole file'])
  t.same(
    await groups(offices),
    ['Economato', 'whole file'],
    'both, as the rule has it, where they are the same rows',
  )
})
