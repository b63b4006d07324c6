import t from 'tap'
import type { FindingFilter } from '../../src/protocol/finding-filter.ts'
import { findingTest, looksInside } from '../../src/protocol/finding-test.ts'
import type { Anomaly } from '../../src/protocol/investigation.ts'

const finding: Anomaly = {
  anomaly_id: 'a',
  anomaly_type: 'payment_pattern',
  severity: 'high',
  confidence: 0.9,
  contract_id: '12#4',
  title: 'Crescimento de 90% na Licitação',
  explanation: null,
  evidence: {
    buyer: 'Prefeitura de Açu',
    supplier_id: '11222333000181',
    contracts: [
      { contract_id: '11', contract_number: '11/2024', value: 1, date: null, object: null },
      { contract_id: '12#4', contract_number: '12/2024', value: 2, date: null, object: null },
    ],
  },
  financial_impact: null,
}

t.test('a filter chooses by each of its fields, and by all together', async (t) => {
  const fits = (filter: FindingFilter, verdict?: 'confirmed' | 'dismissed') =>
    findingTest(filter)(finding, verdict)
  t.ok(fits({}))
  for (const filter of [
    { type: 'payment_pattern' },
    { severity: 'high' },
    { buyer: 'Prefeitura de Açu' },
    { supplier: '11222333000181' },
    { max_value: 0 },
    { min_value: 0, max_value: 10 },
    { review: 'none' },
    { q: 'LICITACAO 90%' },
    { q: 'acu' },
    { q: ' 12/2024  ' },
    { q: '' },
  ] as const)
    t.ok(fits(filter), JSON.stringify(filter))
  for (const filter of [
    { type: 'split_purchase' },
    { severity: 'low' },
    { buyer: 'Prefeitura' },
    { supplier: 'Alfa' },
    { min_value: 0.01 },
    { review: 'confirmed' },
    { q: '11/2024' },
    { q: 'licitacao obra' },
    { severity: 'high', q: 'obra' },
  ] as const)
    t.notOk(fits(filter), JSON.stringify(filter))
  t.ok(fits({ review: 'confirmed' }, 'confirmed'))
  t.notOk(fits({ review: 'none' }, 'dismissed'))
})

t.test('what the store can choose by its columns needs no look inside', async (t) => {
  t.notOk(looksInside({ type: 'split_purchase', severity: 'low', q: '', buyer: undefined }))
  t.ok(looksInside({ min_value: 0 }))
  t.ok(looksInside({ review: 'none' }))
})
