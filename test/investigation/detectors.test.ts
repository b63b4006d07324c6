import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import t from 'tap'
import { Value } from 'typebox/value'
import { openAnalysis } from '../../src/investigation/analysis.ts'
import { ANOMALY_RULES, thresholdsOf } from '../../src/investigation/detectors.ts'
import { all, rows } from '../../src/investigation/duckdb-rows.ts'
import { ANOMALY_TYPES, Anomaly, type Filters } from '../../src/protocol/investigation.ts'
import { contract, investigate, investigateParts, writeParquet } from '../support/contract-rows.ts'
import { plantedFile } from '../support/planted/file.ts'
import { random } from '../support/planted/random.ts'
import { score } from '../support/planted/score.ts'

const never = new AbortController().signal

t.test('every planted case is found, no decoy is, whatever the threads and the order of rows', async (t) => {
  const file = plantedFile(7, 12_000)
  const told = await investigate(file.contracts, { threads: 2 })
  for (const one of score(file, told.findings)) {
    t.ok(one.planted >= 3, `${one.type}: ${one.planted} planted`)
    t.same(one.decoys, [], `${one.type}: no decoy`)
    t.same(one.missed, [], `${one.type}: none missed`)
    t.same(one.wrong, [], `${one.type}: none invented`)
  }
  t.same(told.skipped, [])
  const ids = told.findings.map((finding) => finding.anomaly_id)
  t.equal(new Set(ids).size, ids.length, 'ids are unique')
  for (const finding of told.findings) {
    if (!Value.Check(Anomaly, finding)) t.fail(`not an anomaly: ${JSON.stringify(finding)}`)
    if ((finding.evidence.contracts?.length ?? 0) > 50) t.fail('more than 50 contracts in evidence')
  }
  const again = await investigate(random(99).shuffle(file.contracts), { threads: 1 })
  t.same(again.findings, told.findings, 'the same findings in the same order')
  t.same(again.warnings, told.warnings)
})

t.test('a detector whose columns are missing says so', async (t) => {
  const { skipped, findings } = await investigate([contract({ line: 2, contract_number: '1' })])
  t.same(skipped.map((one) => one.type).sort(), [...ANOMALY_TYPES].sort())
  t.ok(skipped.every((one) => /^the data has /.test(one.reason)))
  t.same(findings, [])
  const empty = await investigate([])
  t.equal(empty.skipped.length, ANOMALY_TYPES.length, 'so does an empty file')
  for (const detector of Object.values(ANOMALY_RULES)) {
    t.ok(detector.sources.length > 0 && detector.words.pt.blindSpots.length > 0, detector.type)
  }
})

t.test('filters match text folded and as a part, days inclusive, and values', async (t) => {
  const contracts = [
    contract({
      line: 2,
      buyer_name: 'Prefeitura de São João',
      supplier_name: 'Águas S.A.',
      supplier_id: '11222333000181',
      category: 'Saúde',
      signed_at: '2023-01-01',
      value: 10,
    }),
    contract({
      line: 3,
      buyer_name: 'Câmara de Itajaí',
      supplier_name: 'Obras Ltda',
      supplier_id: '99888777000166',
      category: 'Obras',
      start_at: '2023-01-31',
      value: 20,
    }),
    contract({ line: 4, buyer_name: null, supplier_name: null, value: null }),
  ]
  for (const [filters, kept] of [
    [{}, ['c2', 'c3', 'c4']],
    [{ buyer: 'SAO JOAO' }, ['c2']],
    [{ buyer: 'itajai' }, ['c3']],
    [{ buyer: '%' }, []],
    [{ supplier: 'aguas' }, ['c2']],
    [{ supplier: '11.222.333/0001-81' }, ['c2']],
    [{ supplier: '99888777' }, ['c3']],
    [{ category: 'saude' }, ['c2']],
    [{ start_date: '2023-01-01', end_date: '2023-01-31' }, ['c2', 'c3']],
    [{ start_date: '2023-01-02' }, ['c3']],
    [{ end_date: '2023-01-30' }, ['c2']],
    [{ min_value: 10, max_value: 19.99 }, ['c2']],
    [{ buyer: "o' OR true --" }, []],
  ] as [Filters, string[]][]) {
    const directory = await mkdtemp(join(tmpdir(), 'filters-'))
    t.teardown(() => rm(directory, { recursive: true, force: true }))
    const path = join(directory, "it's.parquet")
    await writeParquet(contracts, path)
    const options = { parts: [path], filters, threads: 1, memoryLimit: '256MB', tempDirectory: directory }
    const analysis = await openAnalysis(options, never)
    const ids = await all<{ id: string }>(
      analysis.connection,
      'SELECT contract_id AS id FROM contracts ORDER BY 1',
      {},
      never,
    )
    t.same(
      ids.map((row) => row.id),
      kept,
      JSON.stringify(filters),
    )
    t.same([analysis.rows, analysis.filtered, analysis.profile.rows], [3, 3 - kept.length, kept.length])
    if (kept.length === 3)
      t.match(analysis.profile.filled, { buyer_name: 2, signed_at: 1, start_at: 1, value: 2 })
    await t.rejects(
      all(analysis.connection, `SELECT * FROM read_text('${import.meta.filename}')`, {}, never),
      /disabled/,
      'a query can read no other files',
    )
    analysis.close()
  }
})

t.test('an abort stops a query that would run for hours, and one that never began', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'abort-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const path = join(directory, 'one.parquet')
  await writeParquet(plantedFile(3, 10).contracts, path)
  const options = { parts: [path], filters: {}, threads: 2, memoryLimit: '256MB', tempDirectory: tmpdir() }
  const stop = new AbortController()
  const analysis = await openAnalysis(options, stop.signal)
  const endless = 'SELECT sum(a.range * b.range % 7) AS s FROM range(10000000) a, range(10000000) b'
  const running = all(analysis.connection, endless, {}, stop.signal)
  setTimeout(() => stop.abort(new Error('cancelled by its user')), 50)
  await t.rejects(running, /cancelled by its user/)
  const [after] = await all<{ one: number }>(analysis.connection, 'SELECT 1 AS one', {}, never)
  t.same(after, { one: 1 }, 'the connection can be used again')
  await t.rejects(rows(analysis.connection, 'SELECT 1', {}, stop.signal).next(), /cancelled by its user/)
  for (const detector of Object.values(ANOMALY_RULES)) {
    const handed = { ...analysis, thresholds: thresholdsOf(detector) }
    await t.rejects(
      detector.run(handed, stop.signal)[Symbol.asyncIterator]().next(),
      /cancelled by its user/,
      detector.type,
    )
  }
  analysis.close()
  await t.rejects(openAnalysis(options, stop.signal), /cancelled by its user/)
})

t.test('a file that is one huge block of equal or similar rows does not hold the event loop', async (t) => {
  const cells = {
    buyer_id: '1',
    supplier_id: '11222333000181',
    modality: 'Dispensa por valor',
    signed_at: '2023-05-01',
    start_at: '2023-05-01',
    end_at: '2023-12-31',
  }
  const equal = Array.from({ length: 20_000 }, (_, i) =>
    contract({ line: i + 2, ...cells, object: 'Café, lote 1', value: 100 }),
  )
  const similar = Array.from({ length: 20_000 }, (_, i) =>
    contract({
      line: i + 30_000,
      ...cells,
      buyer_id: '2',
      object: `Fornecimento de café tipo ${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + ((i / 26) % 26))}`,
      value: 10_000 + (i % 5000) / 100,
    }),
  )
  const directory = await mkdtemp(join(tmpdir(), 'block-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const path = join(directory, 'block.parquet')
  await writeParquet([...equal, ...similar], path)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  const cpu = process.cpuUsage()
  let turns = 0
  const turning = setInterval(() => turns++, 5)
  delay.enable()
  const { findings } = await investigateParts([path])
  delay.disable()
  clearInterval(turning)
  const used = process.cpuUsage(cpu)
  const seconds = (used.user + used.system) / 1e6
  t.comment(`${seconds.toFixed(1)} s of CPU, event loop p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms`)
  const duplicates: Anomaly[] = findings.filter((finding) => finding.anomaly_type === 'duplicate_contract')
  t.ok(
    duplicates.some((finding) => finding.evidence.n === 20_000),
    'equal rows are one finding',
  )
  t.ok(seconds < 15, 'not quadratic')
  t.ok(turns > 20, 'the event loop goes on')
})
