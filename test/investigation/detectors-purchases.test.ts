import t from 'tap'
import { ANOMALY_RULES } from '../../src/investigation/detectors.ts'
import { contract, investigate } from '../support/contract-rows.ts'
import { type Cells, check, no, times, yes } from './cases.ts'

const day = (start: string, days: number) =>
  new Date(Date.parse(start) + days * 86_400_000).toISOString().slice(0, 10)

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
  const repaired = (days: number): Cells => ({
    ...moved(days),
    object: 'Reparo de cama',
    start_at: null,
    end_at: null,
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
    no('rows of one number', { ...one, contract_number: '9/2023' }, { ...one, contract_number: '9/2023' }),
    yes('two numbers', { ...one, contract_number: '9/2023' }, { ...one, contract_number: '10/2023' }),
    yes('without dates', undated, undated),
    yes(
      'five numbers without dates, of which two have one value',
      ...['1/2019', '2/2019', '3/2019', '4/2019', '5/2019'].map((contract_number, at) => ({
        ...undated,
        contract_number,
        value: 1000 + 100 * Math.max(at, 1),
      })),
    ),
    no(
      'taxes of vehicles: four numbers without dates, of which two and two have one value',
      ...['1/2019', '2/2019', '3/2019', '4/2019'].map((contract_number, at) => ({
        ...undated,
        contract_number,
        value: at < 2 ? 25.49 : 42.95,
      })),
    ),
    no(
      'two bookings of sundry expenses of a month',
      ...['1/2019', '2/2019'].map((contract_number) => ({
        ...undated,
        contract_number,
        object: 'PRENOTAZIONE IMPEGNI DI SPESA VARI RELATIVI AL MESE DI FEBBRAIO -2019.',
      })),
    ),
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
    yes('a repair on two days', repaired(0), repaired(0), repaired(6)),
    no('a repair on three days', repaired(0), repaired(6), repaired(9)),
    no('its own commitment, by number', one, { ...one, contract_number: '2023NE000123' }),
    no('accreditation', { ...one, modality: 'Credenciamento' }, { ...one, modality: 'Credenciamento' }),
    no('an amendment', one, { ...one, kind: 'Termo Aditivo' }),
    no('its own commitment, by a long number', one, { ...one, contract_number: '257052000012023NE800123' }),
    no(
      'verified and paid',
      { ...one, contract_number: '2023NS000123' },
      { ...one, contract_number: '5 GAC/2023ob800123' },
    ),
    no(
      'two items of one process',
      { ...one, item: 'Motorista', process_number: '7/2023', contract_number: '1/2023' },
      { ...one, item: 'Motorista', process_number: '7/2023', contract_number: '2/2023', value: 1001 },
    ),
    no(
      'the next month, without a term',
      ...['2023-01-05', '2023-02-02'].map((signed_at) => ({
        ...one,
        signed_at,
        start_at: null,
        end_at: null,
      })),
    ),
    yes(
      'the next week, without a term',
      ...['2023-01-05', '2023-01-12'].map((signed_at) => ({
        ...one,
        signed_at,
        start_at: null,
        end_at: null,
      })),
    ),
    no('two items of one contract', { ...one, item: 'café' }, { ...one, item: 'filtro' }),
    no(
      'two things in one form of words',
      { ...one, object: 'Remoção dos restos da embarcação Tenaz do leito do porto' },
      { ...one, object: 'Remoção dos restos da embarcação Gaivota do leito do porto' },
    ),
    yes(
      'what only one of them adds',
      { ...one, object: 'Remoção dos restos da embarcação Tenaz do leito do porto' },
      { ...one, object: 'Remoção dos restos da embarcação Tenaz do leito do porto, com mergulhadores' },
    ),
    yes(
      'announced in other words, with a slip',
      { ...one, object: 'Aquisição de generos alimenticios para as escolas, lote 1' },
      { ...one, object: 'FORNECIMENTO DE GENEROS ALIMENTCIOS PARA AS ESCOLAS, LOTE 1' },
    ),
    no(
      'redacted objects',
      { ...one, object: 'Redacted - Personal Data' },
      { ...one, object: 'REDACTED PERSONAL DATA' },
    ),
    no(
      'redacted suppliers',
      ...times(2, () => ({ ...one, supplier_id: null, supplier_name: 'REDACTED PERSONAL DATA' })),
    ),
    no(
      'several suppliers',
      ...times(2, () => ({ ...one, supplier_id: null, supplier_name: 'Fornecedores diversos' })),
    ),
    yes(
      'a company of that name',
      ...times(2, () => ({ ...one, supplier_id: null, supplier_name: 'Diversos Atacado Ltda' })),
    ),
    no(
      'the buyer itself',
      ...times(2, () => ({ ...one, supplier_id: null, supplier_name: 'The buyer itself' })),
    ),
  ])
  t.equal(
    findings.find((finding) => finding.evidence.buyer === '1 % more')?.financial_impact,
    1000,
    'the smaller one',
  )
})

t.test('equal payments are no duplicates: nothing tells them from instalments', async (t) => {
  const rows = times(2, (at) => ({ object: 'Hire of a van', signed_at: `2023-01-0${at + 1}`, value: 100 }))
  const payments = rows.map((cells, at) =>
    contract({ line: at + 2, buyer_name: 'Aton Council', supplier_name: 'ALPHA LTD', ...cells }),
  )
  const detectors = [ANOMALY_RULES.duplicate_contract]
  t.equal((await investigate(payments, { detectors })).findings.length, 1, 'as contracts')
  const told = await investigate(payments, { detectors, payments: true })
  t.same(told.findings, [])
  t.match(told.skipped, [{ type: 'duplicate_contract', reason: /payments and nothing of their contracts/ }])
})

t.test('without numbers and dates a contract may be listed twice', async (t) => {
  const rows = [2, 3].map((line) =>
    contract({ line, buyer_name: 'B', supplier_name: 'S', object: 'Tinta', value: 9 }),
  )
  const { findings, skipped } = await investigate(rows, { detectors: [ANOMALY_RULES.duplicate_contract] })
  t.same(findings, [])
  t.match(skipped[0]?.reason, /neither numbers nor dates/)
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
  /** Two purchases that are too much together. */
  const twice = (cells: Cells, first: Cells = {}, second = first): Cells[] => [
    buy(cells, '2023-02-01', 40_000, first),
    buy(cells, '2023-03-01', 40_000, second),
  ]
  const works = (value: number): Cells[] => [
    buy(VALUE, '2024-05-01', 60_000, { object: 'Obra de muro' }),
    buy(VALUE, '2024-06-01', value, { object: 'Obra de calçada' }),
  ]
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
    no('works below their limit', ...works(59_812.01)),
    yes('works at their limit', ...works(59_812.02)),
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
    no('two units', ...twice(NEW, { unit_id: '1' }, { unit_id: '2' })),
    no('two suppliers', ...twice(NEW, {}, { supplier_id: '99888777000166' })),
    no('tenders', ...twice({ modality: 'Pregão' })),
    no('commitments', ...twice(NEW, { kind: 'Empenho' })),
    no('ground not said beside waivers that say it', ...twice({ modality: 'Dispensa' })),
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
