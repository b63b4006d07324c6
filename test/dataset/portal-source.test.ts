import t from 'tap'
import { portalSource } from '../../src/dataset/sources/portal.ts'
import { say } from '../../src/language/sentence.ts'
import { type Answer, startUpstream } from '../support/portal.ts'
import { KEY, page, paged, portalAgainst, problemOf, QUERY, read } from './fetching.ts'

t.test('the portal is read page by page until an empty one, with its key, dates and body', async (t) => {
  const { source, upstream } = await portalAgainst(t, paged([1, 2], [3]))
  const query = { filters: { ...QUERY.filters, start_date: '2024-01-31', end_date: '2024-12-01' } }
  const { all, progress } = await read(source, query)
  t.equal(all.length, 3)
  t.same(progress, { records: 3, pages: 2, totalPages: null, warnings: [] })
  t.match(all[0], {
    contract_number: '00001/2024',
    process_number: '23000.1/2024-11',
    modality: 'Dispensa de Licitação',
    legal_basis: 'Lei 14.133/2021 art. 75 II',
    supplier_id: '00000000000191',
    supplier_name: 'BANCO DO BRASIL SA',
    buyer_name: 'Ministério da Educação',
    unit_name: 'Campus Campo Grande',
    object: 'Aquisição de material de expediente',
    signed_at: '2024-03-05',
    start_at: '2024-03-06',
    end_at: '2025-03-05',
    initial_value: 1000.5,
    final_value: 1250.75,
    unit_price: null,
  })
  t.equal(upstream.asked.length, 3)
  t.equal(upstream.asked[0]?.headers['chave-api-dados'], KEY)
  t.equal(upstream.asked[0]?.path, '/api-de-dados/contratos')
  t.same(Object.fromEntries(upstream.asked[2]?.query ?? []), {
    codigoOrgao: '26000',
    dataInicial: '31/01/2024',
    dataFinal: '01/12/2024',
    pagina: '3',
  })
  t.same(source.applied(query), ['buyer'])
})

t.test('a query the portal cannot take, and a missing key, are told before anything is sent', async (t) => {
  const { source, upstream } = await portalAgainst(t, paged([1]))
  const problem = await problemOf(t, read(source, { filters: { buyer: 'Ministério da Educação' } }))
  t.equal(problem.code, 'VALIDATION_FAILED')
  t.match(problem.errors, [{ field: '/filters/buyer', reason: { key: 'field.siafi_code' } }])
  t.equal((await problemOf(t, read(source, { filters: {} }))).code, 'VALIDATION_FAILED')
  const keyless = portalSource({ baseUrl: upstream.url, apiKey: undefined, requestsPerMinute: 90 })
  t.teardown(() => keyless.close())
  const unset = await problemOf(t, read(keyless))
  t.equal(unset.code, 'SOURCE_UNAVAILABLE')
  t.match(unset.message, /operator has not configured.*PORTAL_API_KEY/)
  t.equal(upstream.asked.length, 0)
  const named = { filters: { buyer: 'Educação' }, extra: { codigoOrgao: '26415' } }
  t.equal((await read(source, named)).all.length, 1, 'a given code goes before the name')
  t.equal(upstream.asked[0]?.query.get('codigoOrgao'), '26415')
})

t.test('429 is waited for as long as it says; 5xx, silence and a cut body are tried again', async (t) => {
  const whole = page(1)
  const faults: Answer[] = [
    { status: 429, headers: { 'retry-after': '7' }, body: 'SENTINEL' },
    { status: 503, headers: { 'retry-after': 'Sat, 15 Jun 2024 12:01:00 GMT' }, body: 'SENTINEL' },
    { stall: 'headers' },
    { ...whole, cut: true },
    whole,
    { status: 500, body: 'SENTINEL' },
    { ...whole, stall: 'body' },
    { body: '[]' },
  ]
  const { source, upstream, clock } = await portalAgainst(t, (_, nth) => faults[nth - 1] ?? { body: '[]' })
  t.equal((await read(source)).all.length, 1)
  t.equal(upstream.asked.length, faults.length)
  t.same(clock.waits, [7000, 53_000, 4000, 8000, 1000, 2000], 'Retry-After, else doubling from one second')
})

t.test('an API that stays down ends the fetch, and says when to come back', async (t) => {
  const { source, upstream } = await portalAgainst(t, () => ({ status: 502, body: 'SENTINEL' }))
  const down = await problemOf(t, read(source))
  t.equal(down.code, 'SOURCE_UNAVAILABLE')
  t.equal(upstream.asked.length, 5)
  const { source: busy, upstream: asked } = await portalAgainst(t, () => ({
    status: 429,
    headers: { 'retry-after': '3600' },
  }))
  const later = await problemOf(t, read(busy))
  t.match(
    { code: later.code, retryAfter: later.retryAfter },
    { code: 'SOURCE_UNAVAILABLE', retryAfter: 3600 },
  )
  t.equal(asked.asked.length, 1, 'nobody waits an hour')
})

t.test('what cannot be used is an error, never data', async (t) => {
  const unusable: [string, Answer][] = [
    ['malformed', { body: '[{"id": SENTINEL' }],
    ['not a list', { body: '{"erro": "SENTINEL"}' }],
    ['wrong key', { status: 401, body: '{"chave": "SENTINEL-KEY"}' }],
    ['bad query', { status: 400, body: 'SENTINEL' }],
    ['too large', { body: JSON.stringify([{ objeto: 'SENTINEL'.repeat(20_000) }]) }],
    ['encoded', { headers: { 'content-encoding': 'gzip' }, body: 'SENTINEL' }],
  ]
  for (const [name, answer] of unusable) {
    const { source, upstream } = await portalAgainst(t, () => answer)
    t.equal((await problemOf(t, read(source))).code, 'SOURCE_ERROR', name)
    t.equal(upstream.asked.length, 1, `${name} is not tried again`)
  }
})

t.test('a redirect is followed on the same origin only', async (t) => {
  const other = await startUpstream(paged([9]))
  t.teardown(() => other.close())
  const { source } = await portalAgainst(t, () => ({
    status: 302,
    headers: { location: `${other.url}/contratos` },
  }))
  t.equal((await problemOf(t, read(source))).code, 'SOURCE_ERROR')
  t.equal(other.asked.length, 0, 'the key went nowhere else')
  const { source: moved } = await portalAgainst(t, (asked) =>
    asked.path === '/moved'
      ? paged([1])(asked)
      : { status: 307, headers: { location: `/moved?${asked.query}` } },
  )
  t.equal((await read(moved)).all.length, 1)
  const { source: circular } = await portalAgainst(t, () => ({
    status: 301,
    headers: { location: '/again' },
  }))
  t.equal((await problemOf(t, read(circular))).code, 'SOURCE_ERROR')
})

t.test('records that come twice are counted once; an API that repeats itself is left', async (t) => {
  const { source } = await portalAgainst(t, paged([1, 2], [2, 3]))
  const { all, progress } = await read(source)
  t.equal(all.length, 3)
  t.match(progress.warnings, [say('source.repeated', { count: 1 })])
  const { source: stuck, upstream } = await portalAgainst(t, () => page(1, 2))
  const repeated = await read(stuck)
  t.equal(repeated.all.length, 2)
  t.match(repeated.progress.warnings, [say('source.repeated', { count: 2 }), say('source.began_again')])
  t.equal(upstream.asked.length, 2)
})

t.test('an abort closes the socket and ends the fetch with its reason', async (t) => {
  const reason = new Error('cancelled')
  for (const stall of ['headers', 'body'] as const) {
    const controller = new AbortController()
    const { source, upstream } = await portalAgainst(t, () => {
      setImmediate(() => controller.abort(reason))
      return { ...page(1), stall }
    })
    await t.rejects(read(source, QUERY, controller.signal), reason)
    await upstream.left
  }
})
