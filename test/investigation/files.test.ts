import t from 'tap'
import type { Anomaly } from '../../src/protocol/investigation.ts'
import { type Options, read } from '../dataset/reading.ts'
import { investigateParts } from '../support/contract-rows.ts'

/** Reads a file as an upload is read, and runs every rule over it. */
const investigated = async (body: string, options: Options = {}) => {
  const { report } = await read(body, options)
  return { report, ...(await investigateParts(report.parts)) }
}
const types = (findings: readonly Anomaly[]) => findings.map(({ anomaly_type }) => anomaly_type)
const day = (i: number) => new Date(Date.UTC(2022, 0, 5 + i * 5)).toISOString().slice(0, 10)

t.test('releases of one process are one contract, no duplicate', async (t) => {
  const release = (id: string, tag: string, more: object) => ({
    ocid: 'ocds-1',
    id,
    date: `2024-01-1${id}T00:00:00Z`,
    tag: [tag],
    buyer: { id: 'B', name: 'Ministry' },
    ...more,
  })
  const value = { amount: 900_000, currency: 'UYU' }
  const award = { id: 'a', suppliers: [{ id: 'S', name: 'One SA' }], value, title: '471 laptops' }
  const contract = { id: '1', awardID: 'a', value, dateSigned: '2024-01-15T00:00:00Z', title: '471 laptops' }
  const releases = [
    release('1', 'award', { awards: [award] }),
    release('2', 'award', { awards: [award] }),
    release('3', 'contract', { awards: [award], contracts: [contract] }),
  ]
  const { findings, rows } = await investigated(JSON.stringify({ releases }), {
    contentType: 'application/json',
  })
  t.equal(rows, 1)
  t.same(findings, [])
})

t.test('commitments of four processes are no rush, as many purchases of their own are', async (t) => {
  const header =
    'numeroContrato;nomeOrgao;niFornecedor;processo;objeto;nomeTipo;dataVigenciaInicial;valorGlobal'
  const cnpj = '11222333000181'
  const usual = Array.from(
    { length: 140 },
    (_, i) =>
      `2022CT${10_000 + i};AGENCIA;${cnpj};48600.${100_000 + i}/2022-01;OBJETO ${i};Contrato;${day(i)};10${i},00`,
  )
  const march = (process: (i: number) => string, kind: string) =>
    Array.from(
      { length: 29 },
      (_, i) =>
        `2023NE${100_000 + i};AGENCIA;${cnpj};${process(i)};OBJETO M${i};${kind};2023-03-${String((i % 28) + 1).padStart(2, '0')};20${i},00`,
    )
  const rush = await investigated(
    [header, ...usual, ...march((i) => `48600.${200_000 + i}/2023-01`, 'Empenho')].join('\n'),
  )
  t.ok(types(rush.findings).includes('temporal_pattern'))
  const drawn = await investigated(
    [header, ...usual, ...march((i) => `48600.${200_000 + (i % 4)}/2023-01`, 'Empenho')].join('\n'),
  )
  t.notOk(types(drawn.findings).includes('temporal_pattern'))
})

t.test('Brazilian limits hold for reais only; what has no buyer is one body', async (t) => {
  const header = 'Contract number;Description;Supplier;Signed;Start date;End date;Initial value;Final value'
  const line = (number: string, object: string, initial: string, final: string) =>
    `${number};${object};EXAMPLE LTD;2024-02-01;2024-02-01;2024-12-31;${initial};${final}`
  const body = [
    header,
    line('1', 'Event management', '80000.00', '82250.00'),
    line('2', 'Event management', '80000.00', '80000.00'),
    line('3', 'Cleaning', '10000.00', '19000.00'),
  ].join('\n')
  const { findings, skipped } = await investigated(body, {
    currency: 'GBP',
    buyer: { name: 'Example Council', given: true },
  })
  t.match(findings, [
    {
      anomaly_type: 'duplicate_contract',
      evidence: { currency: 'GBP', buyer: 'Example Council', note_codes: ['initial_values'] },
      explanation: /£80,000\.00/,
    },
  ])
  t.match(
    skipped.find(({ type }) => type === 'payment_pattern'),
    { reason: /no amounts in BRL/ },
  )
})
