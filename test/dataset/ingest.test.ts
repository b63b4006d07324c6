import { readdir } from 'node:fs/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { ingest } from '../../src/dataset/ingest.ts'
import { readRows } from '../../src/dataset/reading/rows.ts'
import { sampleCsv } from '../../src/dataset/sample.ts'
import { Problem } from '../../src/errors.ts'
import { read, requestFor } from './reading.ts'

const HEAD = 'Contrato;CNPJ;Fornecedor;Objeto;Valor;Data de Assinatura\n'
const rows = (count: number): string =>
  HEAD +
  Array.from({ length: count }, (_, at) => `${at};27433790000155;F ${at};Papel;${at},50;01/02/2024\n`).join(
    '',
  )

t.test('on a worker: parts in order, pages by line, the event loop free', async (t) => {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  const request = await requestFor(rows(250_000))
  let turns = 0
  const turning = setInterval(() => turns++, 5)
  delay.enable()
  const report = await ingest(request, { signal: new AbortController().signal })
  delay.disable()
  clearInterval(turning)
  t.ok(turns > 20, 'this thread goes on')
  t.comment(`event loop's delay, p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms`)
  t.same([report.rows, report.rejected, report.parts.length], [250_000, 0, 2])
  const page = await readRows(report.parts, { after: 199_999, limit: 3 })
  t.same(
    page.map(({ line, contract_id }) => [line, contract_id]),
    [
      [200_000, '199998'],
      [200_001, '199999'],
      [200_002, '200000'],
    ],
  )
  t.same(await readRows(report.parts, { after: 250_001, limit: 3 }), [])
  const left = await readdir(request.workDir, { recursive: true })
  t.equal(left.filter((name) => !name.startsWith('ingest-')).length, 1, 'the body alone')
  t.equal(left.filter((name) => name.endsWith('.txt')).length, 0)
})

t.test('a file that lists every contract twice is joined in little memory', async (t) => {
  const twice = Array.from({ length: 200_000 }, (_, at) => {
    const contract = Math.floor(at / 2)
    return `${contract}/2024;27433790000155;FORNECEDOR ${contract} LTDA;Aquisição de papel para o campus ${contract};${contract},50;01/02/2024\n`
  })
  const request = await requestFor(HEAD + twice.join(''), { memoryLimit: '64MB' })
  const report = await ingest(request, { signal: new AbortController().signal })
  t.same([report.lines, report.rows, report.merged], [200_000, 100_000, 100_000])
})

t.test('problems cross the worker’s border; nothing is left behind', async (t) => {
  const signal = new AbortController().signal
  const bad = await requestFor(rows(3), { mapping: { nonsense: 'x' } })
  const refused = await ingest(bad, { signal }).catch((error: unknown) => error)
  t.ok(refused instanceof Problem)
  t.match(refused, { code: 'VALIDATION_FAILED', errors: [{ field: '?mapping' }] })
  t.same(await readdir(bad.workDir), ['body'])
  const zeros = await requestFor(gzipSync(Buffer.alloc(32 * 1024 * 1024)), { gzip: true })
  await t.rejects(ingest(zeros, { signal }), { code: 'UNUSABLE_DATASET', message: /NUL/ })
  t.same(await readdir(zeros.workDir), ['body'])
})

t.test('an abort in the middle leaves no file', async (t) => {
  const request = await requestFor(rows(300_000))
  const abort = new AbortController()
  const reading = ingest(request, { signal: abort.signal })
  const reason = new Error('gone')
  const begun = (async () => {
    for (;;) {
      const names = await readdir(request.workDir, { recursive: true })
      if (names.some((name) => name.includes('rows-'))) return
    }
  })()
  await begun
  abort.abort(reason)
  await t.rejects(reading, reason)
  t.same(await readdir(request.workDir), ['body'])
  await t.rejects(ingest(request, { signal: abort.signal }), reason, 'aborted before it began')
})

t.test('the sample reads whole, and is the same every time', async (t) => {
  t.equal(sampleCsv(), sampleCsv())
  const { report, rows: contracts } = await read(sampleCsv())
  t.same([report.rejected, report.warnings], [0, []])
  t.ok(report.rows >= 250 && report.rows <= 350, `${report.rows} rows`)
  t.equal(contracts.filter(({ supplier_id: id }) => id?.length === 14).length, report.rows)
  t.ok(
    contracts.some(
      ({ unit_price: paid, reference_price: reference }) => (paid ?? 0) > 2 * (reference ?? 1e9),
    ),
  )
})
