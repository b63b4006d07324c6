import t from 'tap'
import { pncpContract, pncpPage, portalContract, startUpstream } from '../support/portal.ts'
import { type Client, login, startProcess, told, wholeStory } from '../support/process.ts'

const PAGES = 3
const PER_PAGE = 20

/** A contract of the PNCP that grew by 60 % where `grown`, else not at all. */
const contract = (id: number, grown: boolean) => ({
  ...pncpContract(id),
  tipoContrato: { id: 1, nome: 'Contrato (termo inicial)' },
  valorInicial: 100_000,
  valorGlobal: grown ? 160_000 : 100_000,
  dataVigenciaFim: '2024-12-30',
})

const run = async (admin: Client, body: object) => {
  const started = await admin.post('/api/v1/investigations', { query: 'growth', ...body })
  t.equal(started.status, 202)
  const { stream_url, investigation_id } = started.body
  const events = told(await wholeStory(await admin.events(stream_url)))
  return { events, last: events.at(-1), id: investigation_id as string }
}

t.test('an investigation of what a source has', async (t) => {
  const pncp = await startUpstream(({ query, path }) => {
    if (query.get('dataInicial') === '20230101') return { body: '<html>a secret of the source' }
    const page = Number(query.get('pagina'))
    if (path !== '/v1/contratos' || page > PAGES) return { status: 204 }
    const ids = Array.from({ length: PER_PAGE }, (_, index) => (page - 1) * PER_PAGE + index + 1)
    return {
      body: pncpPage(
        ids.map((id) => contract(id, id === 7)),
        PAGES,
      ),
    }
  })
  const portal = await startUpstream(({ query }) => ({
    body: JSON.stringify(Number(query.get('pagina')) > 1 ? [] : [portalContract(1), portalContract(2)]),
  }))
  t.teardown(() => Promise.all([pncp.close(), portal.close()]))
  const service = await startProcess({
    PNCP_BASE_URL: pncp.url,
    PORTAL_BASE_URL: portal.url,
    PORTAL_API_KEY: 'SENTINEL-KEY',
  })
  const admin = await login(service.url)

  t.test('is fetched page by page, kept as a dataset, and looked at', async (t) => {
    const filters = { start_date: '2024-05-01', end_date: '2024-05-31' }
    const { events, last, id } = await run(admin, { data_source: 'pncp', filters })
    t.match(last, { type: 'complete', by_type: { payment_pattern: 1 }, records_processed: PAGES * PER_PAGE })
    t.match(last?.warnings, [/contracts published from 2024-05-01 to 2024-05-31/])
    const found = events.find(({ type }) => type === 'anomaly')
    t.match(found, {
      anomaly_type: 'payment_pattern',
      financial_impact: 35_000,
      evidence: { contracts: [{ contract_number: '00394494000136-2-000007/2024', value: 160_000 }] },
    })
    const { body } = await admin.get(`/api/v1/investigations/${id}`)
    const kept = await admin.get(`/api/v1/datasets/${body.dataset_id}/contracts?limit=1000`)
    t.equal(kept.body.items.length, PAGES * PER_PAGE)
    t.match(kept.body.items[0], { supplier_id: '12345678000195', initial_value: 100_000, unit_id: '200331' })
    t.same(
      pncp.asked.map(({ query }) => query.get('pagina')),
      ['1', '2', '3'],
    )
  })

  t.test('takes its key from the settings, and tells it to nobody', async (t) => {
    const { last } = await run(admin, { data_source: 'portal', filters: { buyer: '26000' } })
    t.match(last, { type: 'complete', records_processed: 2 })
    t.equal(portal.asked[0]?.headers['chave-api-dados'], 'SENTINEL-KEY')
    t.notMatch(service.output(), 'SENTINEL-KEY')
  })

  t.test('refuses before it starts what the source cannot be asked', async (t) => {
    const refused = await admin.post('/api/v1/investigations', { query: 'x', data_source: 'portal' })
    t.match(refused, { status: 400, body: { errors: [{ field: '/filters/buyer' }] } })
    const neither = await admin.post('/api/v1/investigations', { query: 'x' })
    t.match(neither, { status: 400, body: { errors: [{ field: '/dataset_id' }] } })
  })

  t.test('ends with an error when the source fails, and keeps nothing half-fetched', async (t) => {
    const before = (await admin.get('/api/v1/datasets')).body.items.length
    const filters = { start_date: '2023-01-01', end_date: '2023-01-31' }
    const { events, last } = await run(admin, { data_source: 'pncp', filters, on_disconnect: 'continue' })
    t.match(last, { type: 'error', error_code: 'SOURCE_ERROR' })
    t.notMatch(JSON.stringify(events), 'secret')
    t.equal((await admin.get('/api/v1/datasets')).body.items.length, before)
  })
})

t.test('without a key the portal is not asked at all', async (t) => {
  const { url } = await startProcess({ PORTAL_API_KEY: '' })
  const admin = await login(url)
  const refused = await admin.post('/api/v1/investigations', {
    query: 'x',
    data_source: 'portal',
    filters: { buyer: '26000' },
  })
  t.match(refused, { status: 503, body: { code: 'SOURCE_UNAVAILABLE', detail: /PORTAL_API_KEY/ } })
})
