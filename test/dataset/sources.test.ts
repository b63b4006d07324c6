import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { ingest } from '../../src/dataset/ingest.ts'
import { readRows } from '../../src/dataset/rows.ts'
import { amount, day, taxId } from '../../src/dataset/sources/field.ts'
import { pncpSource, windows } from '../../src/dataset/sources/pncp.ts'
import { portalSource } from '../../src/dataset/sources/portal.ts'
import { type Source, type SourceQuery, writeSource } from '../../src/dataset/sources/source.ts'
import { tokenBucket } from '../../src/dataset/sources/token-bucket.ts'
import { Problem } from '../../src/errors.ts'
import { MAPPABLE_COLUMNS } from '../../src/protocol/contract.ts'
import {
  type Answer,
  type Asked,
  pncpContract,
  pncpPage,
  portalContract,
  startUpstream,
  virtualClock,
} from '../support/portal.ts'

const KEY = 'SENTINEL-KEY'
const QUERY: SourceQuery = { filters: { buyer: '26000' } }
const NEVER = new AbortController().signal
const FAST = { headersTimeoutMs: 150, idleTimeoutMs: 150, maxBodyBytes: 100_000, random: () => 0.5 }

const page = (...ids: number[]): Answer => ({ body: JSON.stringify(ids.map(portalContract)) })
const paged =
  (...pages: number[][]) =>
  ({ query }: Asked): Answer =>
    page(...(pages[Number(query.get('pagina')) - 1] ?? []))

const portalAgainst = async (t: Test, script: (asked: Asked, nth: number) => Answer) => {
  const upstream = await startUpstream(script)
  const clock = virtualClock('2024-06-15T12:00:00Z')
  const source = portalSource({
    baseUrl: `${upstream.url}/api-de-dados/`,
    apiKey: KEY,
    requestsPerMinute: 90,
    policy: { ...FAST, clock },
  })
  t.teardown(async () => {
    await source.close()
    await upstream.close()
  })
  return { source, upstream, clock }
}

const read = async (source: Source, query = QUERY, signal = NEVER) => {
  const records = source.fetch(query, signal)
  const all = []
  for await (const record of records) all.push(record)
  return { all, progress: records.progress }
}

/** The problem a fetch ends with; fails when it does not, or when it tells what it must not. */
const problemOf = async (t: Test, promise: Promise<unknown>): Promise<Problem> => {
  const problem = await promise.then(
    () => undefined,
    (error) => error,
  )
  if (!(problem instanceof Problem)) throw new Error(`not a problem: ${problem}`)
  let told = ''
  for (let error: unknown = problem; error instanceof Error; error = error.cause) {
    told += `${error.message} ${JSON.stringify(error)}`
  }
  t.notMatch(told, /SENTINEL/, 'neither the key nor the upstream body is told')
  return problem
}

t.test('values become canonical', async (t) => {
  t.same(['1.234,56', 'R$ 1.234,56', '1234.56', 1234.56, '0,5', '1.000', 'x', '', null].map(amount), [
    1234.56,
    1234.56,
    1234.56,
    1234.56,
    0.5,
    1000,
    null,
    null,
    null,
  ])
  t.same(
    ['2024-02-29', '29/02/2024', '2024-02-29T10:00:00', '2023-02-29', '31/04/2024', 'Sem informação', 5].map(
      day,
    ),
    ['2024-02-29', '2024-02-29', '2024-02-29', null, null, null, null],
  )
  t.same(['00.000.000/0001-91', '123.456.789-09', '***.456.789-**', 'EX-99', '', null].map(taxId), [
    '00000000000191',
    '12345678909',
    '***.456.789-**',
    'EX-99',
    null,
    null,
  ])
})

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
  t.match(problem.errors, [{ field: '/filters/buyer', reason: /filters\.buyer must be its SIAFI code/ }])
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
  t.match(progress.warnings, [/1 records more than once/])
  const { source: stuck, upstream } = await portalAgainst(t, () => page(1, 2))
  const repeated = await read(stuck)
  t.equal(repeated.all.length, 2)
  t.match(repeated.progress.warnings, [/2 records more than once/, /began to repeat itself/])
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
  t.match(progress.warnings, [/published from 2023-01-01 to 2024-06-30/])
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

t.test('no minute sees more requests than allowed, and none waits without need', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 120 }),
      fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 130, maxLength: 400 }),
      async (perMinute, pauses) => {
        const clock = virtualClock('2024-01-01T00:00:00Z')
        const bucket = tokenBucket(perMinute, clock)
        const sent: number[] = []
        for (const pause of pauses) {
          await clock.wait(pause, NEVER)
          await bucket.take(NEVER)
          sent.push(clock.now())
        }
        return sent.every((at, i) => (sent[i + perMinute] ?? Number.POSITIVE_INFINITY) - at >= 59_999)
      },
    ),
    { numRuns: 60 },
  )
  const clock = virtualClock('2024-01-01T00:00:00Z')
  const bucket = tokenBucket(90, clock)
  for (let i = 0; i < 180; i += 1) await bucket.take(NEVER)
  t.ok(clock.now() - Date.parse('2024-01-01') < 130_000, 'two minutes of requests take about two minutes')
})

t.test('what was written is taken in as the contracts it was', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sources-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const bare = { ...portalContract(3), valorFinalCompra: null, fornecedor: null, numero: '00001/2024' }
  const bodies = [[portalContract(1), portalContract(2)], [bare], []]
  const { source } = await portalAgainst(t, (_, nth) => ({ body: JSON.stringify(bodies[nth - 1]) }))
  const path = join(folder, 'run.ndjson')
  await writeSource(source, QUERY, path, { signal: NEVER, maxRecords: 9 })
  const taken = await ingest(
    {
      path,
      contentType: 'application/x-ndjson',
      gzip: false,
      mapping: Object.fromEntries(MAPPABLE_COLUMNS.map((column) => [column, column])),
      workDir: folder,
      maxInflatedBytes: 1e6,
      threads: 1,
      memoryLimit: '128MB',
    },
    { signal: NEVER },
  )
  t.match(taken, { rows: 3, rejected: 0, rejects: [] })
  t.match(await readRows(taken.parts, { limit: 9 }), [
    {
      contract_id: '00001/2024#1',
      contract_number: '00001/2024',
      supplier_id: '00000000000191',
      start_at: '2024-03-06',
      initial_value: 1000.5,
      final_value: 1250.75,
      value: 1250.75,
      unit_price: null,
      kind: null,
    },
    { contract_id: '00002/2024', buyer_name: 'Ministério da Educação' },
    { contract_id: '00001/2024#3', supplier_id: null, supplier_name: null, final_value: null, value: 1000.5 },
  ])
})

t.test('a fetch is written as NDJSON, up to a limit, or leaves nothing', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sources-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const path = join(folder, 'run.ndjson')
  const { source, upstream } = await portalAgainst(t, ({ query }) => {
    const pagina = Number(query.get('pagina'))
    return page(pagina * 10, pagina * 10 + 1)
  })
  const seen: number[] = []
  const done = await writeSource(source, QUERY, path, {
    signal: NEVER,
    maxRecords: 5,
    onProgress: ({ records }) => seen.push(records),
  })
  t.match(done, { records: 5, warnings: [/Only the first 5 records/] })
  t.same(seen, [1, 2, 3, 4, 5])
  t.equal(upstream.asked.length, 3, 'endless pages are left')
  const lines = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  t.same(
    lines.map(({ contract_number }) => contract_number),
    ['00010/2024', '00011/2024', '00020/2024', '00021/2024', '00030/2024'],
  )
  await t.rejects(writeSource(source, QUERY, path, { signal: NEVER, maxRecords: 5 }), { code: 'EEXIST' })
  t.equal((await readdir(folder)).length, 1, 'a file that was there is not touched')

  const broken = join(folder, 'broken.ndjson')
  const { source: failing } = await portalAgainst(t, (_, nth) => (nth === 1 ? page(1) : { body: 'SENTINEL' }))
  const failed = await problemOf(t, writeSource(failing, QUERY, broken, { signal: NEVER, maxRecords: 9 }))
  t.equal(failed.code, 'SOURCE_ERROR')
  const controller = new AbortController()
  const { source: slow } = await portalAgainst(t, (_, nth) => {
    if (nth === 2) controller.abort(new Error('cancelled'))
    return nth === 1 ? page(1) : { stall: 'headers' }
  })
  const aborted = writeSource(slow, QUERY, broken, { signal: controller.signal, maxRecords: 9 })
  await t.rejects(aborted, { message: 'cancelled' })
  t.same(await readdir(folder), ['run.ndjson'])
})
