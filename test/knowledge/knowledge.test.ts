import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import t from 'tap'
import { sampleCsv } from '../../src/dataset/sample.ts'
import { ANONYMOUS_ID } from '../../src/identity/identity.ts'
import { EVERYONE, share } from '../../src/identity/share-rows.ts'
import { caller, stage } from './stage.ts'

const within = { signal: new AbortController().signal }
const SHARED_DIR = process.env.SHARED_DIR ?? '../shared'

/** The sample read by another reader: cents, by the file's own columns. */
const sample = () =>
  (parse(sampleCsv(), { bom: true, delimiter: ';', columns: true }) as Record<string, string>[]).map(
    (row) => ({
      ...row,
      cents: Number((row.valor_final as string).replace(/\./g, '').replace(',', '')),
      year: Number((row.data_assinatura as string).slice(6)),
    }),
  ) as (Record<string, string> & { cents: number; year: number })[]

const SMALL = `numero;orgao;fornecedor;cnpj_fornecedor;objeto;valor;data_assinatura
1/2023;Ministério da Saúde;Alfa Ltda;11222333000181;Vacinas;1.000,00;01/02/2023
2/2023;Ministério da Saúde;ALFA LTDA;11222333000181;Seringas;500,50;03/02/2023
3/2024;Ministério da Educação;Beta S.A.;99888777000166;Livros;250,00;05/03/2024
4/2024;Ministério da Educação;Alfa Serviços Ltda;55666777000188;Limpeza;100,00;06/03/2024
`

t.test('what is known', async (t) => {
  const on = await stage()
  const ana = caller('ana')
  const bia = caller('bia')
  const [hers, other] = [on.base.for(ana), on.base.for(bia)]
  const mine = await on.upload('ana', 'saude', SMALL)

  t.test('figures of the sample are those of its file', async (t) => {
    const rows = sample()
    const cents = rows.reduce((sum, row) => sum + row.cents, 0)
    const overview = await hers.overview('sample', {}, within)
    t.match(overview, {
      rows: rows.length,
      counted_rows: rows.length,
      contracts: rows.length,
      total_value: cents / 100,
      buyers: new Set(rows.map((row) => row.cnpj_orgao)).size,
      suppliers: new Set(rows.map((row) => row.cnpj_fornecedor)).size,
    })
    for (const { year, contracts, total_value } of overview.years) {
      const of = rows.filter((row) => row.year === year)
      t.same(
        [contracts, total_value],
        [of.length, of.reduce((sum, row) => sum + row.cents, 0) / 100],
        `${year}`,
      )
    }
    const sums = new Map<string, number>()
    for (const row of rows)
      sums.set(row.fornecedor as string, (sums.get(row.fornecedor as string) ?? 0) + row.cents)
    const largest = [...sums].sort(([, a], [, b]) => b - a)
    const { items, of, total_value } = await hers.ranking('sample', 'supplier', {}, 4, within)
    t.same(
      items.map(({ name, total_value: value }) => [name, value]),
      largest.slice(0, 4).map(([name, sum]) => [name, sum / 100]),
    )
    t.same([of, total_value], [largest.length, cents / 100])
    t.ok(Math.abs((items[0]?.share ?? 0) - (largest[0] as [string, number])[1] / cents) < 1e-12)
  })

  t.test('a slice narrows every answer, and a whole name is not taken for a part of another', async (t) => {
    t.match(await hers.overview(mine, { buyer: 'ministerio da saude' }, within), {
      rows: 2,
      total_value: 1500.5,
    })
    t.match(await hers.overview(mine, { supplier: 'Alfa Ltda' }, within), { rows: 2, total_value: 1500.5 })
    t.match(await hers.overview(mine, { supplier: 'alfa' }, within), { rows: 3, total_value: 1600.5 })
    t.match(await hers.overview(mine, { supplier: '11.222.333/0001-81' }, within), { rows: 2 })
    t.match(await hers.overview(mine, { startDate: '2024-01-01', minValue: 200 }, within), { rows: 1 })
    t.match(await hers.overview(mine, { buyer: "x' OR true --" }, within), {
      rows: 0,
      total_value: 0,
      median_value: null,
      years: [],
    })
    const { items } = await hers.ranking(mine, 'buyer', { endDate: '2023-12-31' }, 5, within)
    t.match(items, [{ name: 'Ministério da Saúde', contracts: 2, total_value: 1500.5, share: 1 }])
  })

  t.test('names are found by their words, by number, and near ones are offered', async (t) => {
    const names = (kind: 'supplier' | 'buyer' | 'unit', text: string, id = 'sample') =>
      hers.names(id, kind, text, 5, within)
    t.match(await names('unit', 'secretaria da saude'), [{ name: 'Secretaria de Saúde', exact: true }])
    t.match(await names('supplier', 'Construtora Exmplo'), [
      { name: 'Construtora Exemplo Fictício Ltda', exact: false },
    ])
    t.same((await names('supplier', 'alfa', mine)).map((one) => one.name).sort(), [
      'Alfa Ltda',
      'Alfa Serviços Ltda',
    ])
    t.match(await names('supplier', '99.888.777/0001-66', mine), [{ name: 'Beta S.A.', exact: true }])
    t.same(await names('supplier', 'zzzzzz qqq'), [])
    t.same(await names('supplier', '%;--'), [])
  })

  t.test('contracts are searched by words and number, and paged to the end', async (t) => {
    const search = (where: object, page: object = {}) =>
      hers.query(
        'sample',
        { measure: 'list', of: 'contracts', where, limit: 10, ...page },
        { ...within, language: 'pt' },
      )
    const computers = await search({ topic: ['COMPUTADORES escola'] })
    t.match(computers.figures, { contracts: 3, amounts: [{ total: 167_100 }] })
    t.match(await search({ contract: '12/2022' }), {
      contracts: [{ contract_number: '0012/2022' }],
      figures: { contracts: 1 },
    })
    const seen = new Set<string>()
    for (let skip = 0; ; skip += 50) {
      const { contracts } = await search({}, { limit: 50, ...(skip > 0 ? { skip } : {}) })
      for (const one of contracts) seen.add(one.contract_id)
      t.ok(contracts.length <= 50)
      if (contracts.length < 50) break
    }
    t.equal(seen.size, 294)
    t.equal((await hers.lines('sample', { topic: ['computadores'] }, within)).lines.length, 3)
  })

  t.test("nothing of somebody else's shows", async (t) => {
    await on.investigated(ana, mine)
    const [{ investigation_id: id } = { investigation_id: '' }] = await hers.investigations(5)
    const denied = { code: 'NOT_FOUND' }
    t.same(
      (await other.datasets()).map((one) => one.dataset_id),
      ['sample'],
    )
    t.same(await other.investigations(5), [])
    t.match(await other.anomalies({ limit: 10, order: 'severity' }), {
      items: [],
      total: 0,
      investigations: [],
    })
    await t.rejects(other.overview(mine, {}, within), denied)
    await t.rejects(other.ranking(mine, 'supplier', {}, 5, within), denied)
    await t.rejects(other.ranking(mine, 'buyer', {}, 5, within), denied)
    await t.rejects(other.names(mine, 'supplier', 'alfa', 5, within), denied)
    await t.rejects(other.lines(mine, {}, within), denied)
    await t.rejects(other.register(mine, within), denied)
    await t.rejects(other.investigation(id), denied)
    await t.rejects(other.anomalies({ datasetId: mine, limit: 5, order: 'severity' }), denied)
    await t.rejects(other.anomalies({ investigationId: id, limit: 5, order: 'severity' }), denied)
    await t.rejects(other.investigate({ datasetId: mine, query: 'q', filters: {} }), denied)
    await t.rejects(other.follow(id, within.signal)[Symbol.asyncIterator]().next(), denied)
    await t.rejects(hers.overview('no-such', {}, within), denied)
    t.ok((await on.base.for(caller('root', 'admin')).datasets()).some((one) => one.dataset_id === mine))
  })

  t.test('what is shared shows, to everyone but callers without a token', async (t) => {
    await on.investigated(ana, 'sample')
    const [{ investigation_id: id } = { investigation_id: '' }] = await hers.investigations(1)
    await share(on.store.db, { type: 'investigation', id }, EVERYONE)
    await share(on.store.db, { type: 'dataset', id: mine }, 'bia')
    t.same((await other.datasets()).map((one) => one.dataset_id).sort(), [mine, 'sample'].sort())
    t.match(await other.overview(mine, {}, within), { rows: 4 })
    const { items, total } = await other.anomalies({ datasetId: 'sample', limit: 3, order: 'severity' })
    t.equal(items.length, 3)
    t.equal(total, 7)
    t.equal(items[0]?.severity, 'critical')
    const first = items[0] as (typeof items)[number]
    t.match(await other.anomaly(first.anomaly_id.slice(0, 8)), { anomaly_id: first.anomaly_id })
    t.match(await other.anomaly('187/2024'), { anomaly_type: 'split_purchase' })
    await t.rejects(other.anomaly('ffffffffffff'), { code: 'NOT_FOUND' })
    const nobody = on.base.for(caller(ANONYMOUS_ID))
    t.same(await nobody.investigations(5), [])
    await t.rejects(nobody.anomaly(first.anomaly_id), { code: 'NOT_FOUND' })
  })

  t.test('an investigation belongs to who asked for it, and who may not start one does not', async (t) => {
    const before = on.started.length
    const id = await other.investigate({ datasetId: 'sample', query: 'saúde', filters: { buyer: 'Saúde' } })
    t.same(on.started.slice(before), [{ by: 'bia', id }])
    const types: unknown[] = []
    for await (const event of other.follow(id, within.signal)) types.push(event.type)
    t.equal(types.at(-1), 'complete')
    t.match(await other.investigation(id), {
      status: 'completed',
      filters: { buyer: 'Saúde' },
      progress: 100,
    })
    const viewer = on.base.for(caller('vera', 'viewer'))
    t.notOk(viewer.mayInvestigate)
    await t.rejects(viewer.investigate({ datasetId: 'sample', query: 'q', filters: {} }), {
      code: 'FORBIDDEN',
    })
    t.equal(on.started.length, before + 1)
  })

  t.test(
    'many ask at once of more datasets than stand open; who gives up keeps nobody waiting',
    async (t) => {
      const more = await Promise.all([1, 2].map((n) => on.upload('ana', `more-${n}`, SMALL)))
      const stop = new AbortController()
      const asked = [mine, 'sample', ...more].flatMap((id) =>
        Array.from({ length: 10 }, (_, n) => hers.overview(id, { minValue: n }, within)),
      )
      const given = hers.overview(mine, { minValue: 77 }, { signal: stop.signal })
      stop.abort(new Error('gone'))
      await t.rejects(given, /gone/)
      const answers = await Promise.all(asked)
      t.same(
        answers.filter((_, at) => at % 10 === 0).map((one) => one.rows),
        [4, 294, 4, 4],
      )
    },
  )

  t.test('the real files answer as well', async (t) => {
    for (const [file, text] of [
      ['ifms-contratos.csv', 'security seguranca'],
      ['mg-compras-coronavirus.csv', 'white martins'],
    ] as const) {
      const bytes = await readFile(join(SHARED_DIR, 'data', file)).catch(() => undefined)
      if (!bytes) {
        t.comment(`${file} is not here`)
        continue
      }
      const id = await on.upload('ana', file, bytes)
      const overview = await hers.overview(id, {}, within)
      const ranking = await hers.ranking(id, 'supplier', {}, 50, within)
      t.equal(ranking.total_value, overview.total_value, file)
      t.ok(
        ranking.items.every(
          (one, at) => at === 0 || one.total_value <= (ranking.items[at - 1]?.total_value ?? 0),
        ),
      )
      const [name] = await hers.names(id, 'supplier', text, 5, within)
      t.ok(name?.exact, `${file}: ${text}`)
      const slice = await hers.overview(id, { supplier: name?.name }, within)
      t.equal(slice.total_value, name?.total_value, 'a name and its slice say the same')
    }
  })
})

t.test('nothing is answered any more after closing', async (t) => {
  const on = await stage()
  const { overview } = on.base.for(caller('ana'))
  await overview('sample', {}, within)
  await on.base.close()
  await t.rejects(overview('sample', { minValue: 1 }, within), { code: 'DRAINING' })
})
