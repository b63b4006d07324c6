import fc from 'fast-check'
import t from 'tap'
import { pncpSource, windows } from '../../src/dataset/sources/pncp.ts'
import { say } from '../../src/language/sentence.ts'
import {
  type Answer,
  type Asked,
  pncpContract,
  pncpPage,
  startUpstream,
  virtualClock,
} from '../support/portal.ts'
import { FAST, problemOf, read } from './fetching.ts'

t.test('the PNCP is asked for every page of every window of a year', async (t) => {
  const script = ({ query }: Asked): Answer => {
    const pagina = Number(query.get('pagina'))
    if (query.get('dataInicial') === '20230101') return { body: pncpPage([pncpContract(pagina)], 2) }
    return pagina === 1 ? { body: pncpPage([pncpContract(3)], 1) } : { status: 500 }
  }
  const upstream = await startUpstream(script)
  const clock = virtualClock('2024-06-15T12:00:00Z')
  const source = pncpSource({ baseUrl: `${upstream.url}/api/consulta`, policy: { ...FAST, clock } })
  t.teardown(async () => {
    await source.close()
    await upstream.close()
  })
  const filters = { start_date: '2023-01-01', end_date: '2024-06-30', buyer: '00.394.494/0001-36' }
  const { all, progress } = await read(source, { filters })
  t.match(progress, { records: 3, pages: 3, totalPages: 3 })
  t.same(progress.warnings, [say('source.period', { source: 'PNCP', from: '2023-01-01', to: '2024-06-30' })])
  t.same(
    upstream.asked.map(({ query }) => [
      query.get('dataInicial'),
      query.get('dataFinal'),
      query.get('pagina'),
    ]),
    [
      ['20230101', '20231231', '1'],
      ['20230101', '20231231', '2'],
      ['20240101', '20240630', '1'],
    ],
  )
  t.match(upstream.asked[0]?.path, '/api/consulta/v1/contratos')
  t.equal(upstream.asked[0]?.query.get('cnpjOrgao'), '00394494000136')
  t.match(all[0], {
    contract_number: '00394494000136-2-000001/2024',
    kind: 'Empenho',
    category: 'Compras',
    supplier_id: '12345678000195',
    supplier_name: 'ACME LTDA',
    buyer_id: '00394494000136',
    buyer_name: 'MINISTERIO DA JUSTICA',
    unit_id: '200331',
    unit_name: 'SENASP',
    signed_at: '2024-05-02',
    end_at: null,
    initial_value: 500,
    final_value: null,
  })
  t.same(source.applied({ filters }), ['buyer'])
  t.same(source.applied({ filters: { buyer: 'SENASP' } }), [])
})

t.test('the PNCP without anything to say, or with something else to say', async (t) => {
  for (const [answer, code] of [
    [{ status: 204 }, undefined],
    [{ body: pncpPage([], 0) }, undefined],
    [{ body: pncpPage([], 1e9) }, undefined],
    [{ body: '{"data":[]}' }, 'SOURCE_ERROR'],
    [{ body: '[]' }, 'SOURCE_ERROR'],
    [{ body: '{"data":{},"totalPaginas":1}' }, 'SOURCE_ERROR'],
  ] as [Answer, string | undefined][]) {
    const upstream = await startUpstream(() => answer)
    const source = pncpSource({ baseUrl: upstream.url, policy: FAST })
    if (code) t.equal((await problemOf(t, read(source, { filters: {} }))).code, code)
    else t.equal((await read(source, { filters: {} })).all.length, 0)
    t.equal(upstream.asked.length, 1)
    await source.close()
    await upstream.close()
  }
})

t.test('windows cover every day once, none longer than a year', async (t) => {
  const now = Date.parse('2024-06-15T12:00:00Z')
  t.same(windows({}, now), [{ from: '20240517', to: '20240615' }])
  t.same(windows({ end_date: '2024-01-30' }, now), [{ from: '20240101', to: '20240130' }])
  t.throws(() => windows({ start_date: '2024-02-01', end_date: '2024-01-01' }, now), {
    code: 'VALIDATION_FAILED',
  })
  const utc = (compact: string) =>
    Date.parse(`${compact.slice(0, 4)}-${compact.slice(4, 6)}-${compact.slice(6)}`) / 86_400_000
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 4000 }), (first, days) => {
      const date = (n: number) => new Date(n * 86_400_000).toISOString().slice(0, 10)
      const periods = windows({ start_date: date(first), end_date: date(first + days) }, now)
      let next = first
      for (const { from, to } of periods) {
        if (utc(from) !== next || utc(to) < utc(from) || utc(to) - utc(from) > 364) return false
        next = utc(to) + 1
      }
      return next === first + days + 1
    }),
  )
})
