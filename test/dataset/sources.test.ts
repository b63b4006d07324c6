import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { ingest } from '../../src/dataset/ingest.ts'
import { readRows } from '../../src/dataset/reading/rows.ts'
import { writeSource } from '../../src/dataset/sources/source.ts'
import { amount, day, taxId } from '../../src/dataset/sources/source-field.ts'
import { tokenBucket } from '../../src/dataset/sources/token-bucket.ts'
import { say } from '../../src/language/sentence.ts'
import { MAPPABLE_COLUMNS } from '../../src/protocol/contract.ts'
import { portalContract, virtualClock } from '../support/portal.ts'
import { NEVER, page, portalAgainst, problemOf, QUERY } from './fetching.ts'
import { scratch } from './reading.ts'

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
  const folder = await scratch()
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
      contracts: true,
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
  const folder = await scratch()
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
  t.match(done, { records: 5, warnings: [say('source.cut', { most: 5 })] })
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
