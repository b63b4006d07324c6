import t from 'tap'
import { Value } from 'typebox/value'
import { sampleCsv } from '../../src/dataset/sample.ts'
import { Plan } from '../../src/protocol/plan.ts'
import { caller, stage } from '../knowledge/stage.ts'
import { median, SEEDED, type SeededRow, seededCsv, sum, valued } from './seeded.ts'

/** Puts values with one key together, in the order of the values. */
const grouped = <T>(values: readonly T[], key: (value: T) => string): [string, T[]][] => {
  const groups = new Map<string, T[]>()
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value])
  return [...groups]
}

const { signal } = new AbortController()

t.test('what a plan gives is what the file says', async (t) => {
  const on = await stage()
  const id = await on.upload('ana', 'vila-serena', seededCsv())
  const known = on.base.for(caller('ana'))
  const asks = (plan: Plan) => {
    t.ok(Value.Check(Plan, plan), JSON.stringify([...Value.Errors(Plan, plan)]))
    return known.query(id, plan, { signal, language: 'pt' })
  }
  const totals = async (where: Plan['where'], rows: readonly SeededRow[], name: string) => {
    const { figures } = await asks({ measure: 'sum', of: 'contracts', where })
    t.equal(figures.contracts, rows.length, `${name}: contracts`)
    t.equal(figures.unvalued, rows.filter((row) => row.cents === null).length, `${name}: without a value`)
    for (const currency of ['BRL', 'USD'] as const) {
      const of = valued(rows, currency)
      const found = figures.amounts.find((one) => one.currency === currency)
      t.equal(found?.contracts ?? 0, of.length, `${name}: contracts in ${currency}`)
      if (!found) continue
      t.equal(found.total, sum(rows, currency), `${name}: sum in ${currency}`)
      t.equal(found.median, median(rows, currency), `${name}: median in ${currency}`)
      t.equal(found.mean.toFixed(2), (sum(rows, currency) / of.length).toFixed(2), `${name}: mean`)
    }
  }

  t.test('each restriction alone, and several at once', async (t) => {
    const of = (test: (row: SeededRow) => boolean) => SEEDED.filter(test)
    t.ok(SEEDED.some((row) => row.currency === 'USD') && SEEDED.some((row) => row.cents === null))
    for (const [name, where, rows] of [
      ['all', {}, SEEDED],
      ['a unit', { buyer: ['Secretaria de Saúde'] }, of((row) => row.unit === 'Secretaria de Saúde')],
      ['a buyer', { buyer: ['prefeitura de vila serena'] }, of((row) => /^Prefeitura/.test(row.buyer))],
      ['a part of a supplier', { supplier: ['rio manso'] }, of((row) => /Rio Manso/.test(row.supplier))],
      ['a CNPJ', { supplier: ['33.444.555/0001-63'] }, of((row) => row.cnpj === '33444555000163')],
      ['one of two', { supplier: ['Aurora', 'Tecnosul'] }, of((row) => /Aurora|Tecnosul/.test(row.supplier))],
      ['a category', { category: ['obras'] }, of((row) => row.category === 'Obras')],
      ['a modality', { modality: ['Dispensa de Licitação'] }, of((row) => /Dispensa/.test(row.modality))],
      ['a topic, inflected', { topic: ['medicamento'] }, of((row) => /medicamentos/.test(row.object))],
      ['a topic of two words', { topic: ['papel a4'] }, of((row) => /Papel sulfite A4/.test(row.object))],
      ['one of two topics', { topic: ['merenda', 'vans'] }, of((row) => /merenda|vans/.test(row.object))],
      [
        'days',
        { start_date: '2023-02-01', end_date: '2023-03-31' },
        of((row) => /^2023-0[23]/.test(row.signed)),
      ],
      ['ends', { ends_from: '2024-01-01', ends_to: '2024-01-31' }, of((row) => /^2024-01/.test(row.ends))],
      [
        'in force',
        { in_force_on: '2023-06-15' },
        of((row) => row.signed <= '2023-06-15' && row.ends >= '2023-06-15'),
      ],
      [
        'values',
        { min_value: 10_000, max_value: 1_000_000 },
        of(({ cents }) => cents !== null && cents >= 1e6 && cents <= 1e8),
      ],
      ['a currency', { currency: 'USD' }, of((row) => row.currency === 'USD')],
      ['a lack', { missing: 'value' }, of((row) => row.cents === null)],
      [
        'an exception',
        { except: { category: ['Obras'], topic: ['merenda'] } },
        of((row) => row.category !== 'Obras' && !/merenda/.test(row.object)),
      ],
      ['a number', { contract: '7/2022' }, of((row) => row.number === '007/2022')],
      ['a number written another way', { contract: '7-2022' }, of((row) => row.number === '007/2022')],
      [
        'all at once',
        { buyer: ['Secretaria de Obras'], topic: ['reforma'], start_date: '2023-01-01' },
        of((row) => row.unit === 'Secretaria de Obras' && /Reforma/.test(row.object) && row.signed >= '2023'),
      ],
    ] as const)
      await totals(where as Plan['where'], rows, name)
    const above = await asks({ measure: 'list', of: 'contracts', where: { min_value: 1e12 } })
    t.match(above, { figures: { contracts: 0, amounts: [] }, contracts: [] }, 'above every value is nothing')
  })

  t.test('groups, in order, with the number of all', async (t) => {
    const ranked = (key: 'supplier' | 'unit' | 'category', rows: readonly SeededRow[] = SEEDED) =>
      grouped(
        rows.filter((row) => row.currency === 'BRL'),
        (row) => row[key],
      )
        .map(([name, of]) => ({ name, contracts: of.length, total: sum(of) }))
        .sort((a, b) => b.total - a.total)
    const suppliers = await asks({ measure: 'largest', of: 'suppliers', where: {} })
    t.match(suppliers.rankings?.[0], { currency: 'BRL', of: 7, total: sum(SEEDED) })
    t.match(suppliers.rankings?.[1], { currency: 'USD', total: sum(SEEDED, 'USD') })
    t.match(suppliers.rankings?.[0]?.items, ranked('supplier'))
    const least = await asks({ measure: 'smallest', of: 'units', where: {}, limit: 2 })
    t.match(least.rankings?.[0]?.items, ranked('unit').reverse().slice(0, 2))
    const byCategory = await asks({ measure: 'sum', of: 'contracts', where: {}, group: 'category' })
    t.match(byCategory.rankings?.[0]?.items, ranked('category'))
    const months = await asks({
      measure: 'sum',
      of: 'contracts',
      where: { start_date: '2023-01-01', end_date: '2023-12-31', currency: 'BRL' },
      group: 'month',
    })
    const in2023 = grouped(
      SEEDED.filter((row) => row.currency === 'BRL' && row.signed.startsWith('2023')),
      (row) => row.signed.slice(0, 7),
    )
    t.match(
      months.rankings?.[0]?.items.filter(({ total }) => total !== null),
      in2023
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, of]) => ({ key, total: sum(of), contracts: of.length })),
    )
    const often = await asks({
      measure: 'largest',
      of: 'suppliers',
      where: { currency: 'BRL' },
      order: { by: 'count', direction: 'desc' },
      limit: 1,
    })
    t.equal(often.rankings?.[0]?.items[0]?.name, 'Transportes Irmãos Peixoto ME')
  })

  t.test('lists, by value, day and end', async (t) => {
    const numbers = (plan: Omit<Plan, 'measure' | 'of'> & { measure?: Plan['measure'] }) =>
      asks({ measure: 'list', of: 'contracts', ...plan }).then(({ contracts }) =>
        contracts.map((one) => one.contract_number),
      )
    const byValue = valued(SEEDED).sort((a, b) => b.cents - a.cents)
    t.same(
      await numbers({ measure: 'largest', where: { currency: 'BRL' }, limit: 3 }),
      byValue.slice(0, 3).map((row) => row.number),
    )
    t.same(
      await numbers({ measure: 'largest', where: { currency: 'BRL' }, limit: 3, skip: 3 }),
      byValue.slice(3, 6).map((row) => row.number),
    )
    t.same(
      await numbers({ measure: 'smallest', where: { currency: 'BRL' }, limit: 2 }),
      byValue
        .slice(-2)
        .reverse()
        .map((row) => row.number),
    )
    const newest = [...SEEDED].sort((a, b) => (a.signed < b.signed ? 1 : a.signed > b.signed ? -1 : 0))
    t.equal(
      (await numbers({ where: {}, order: { by: 'date', direction: 'desc' }, limit: 1 }))[0],
      newest[0]?.number,
    )
    const ending = SEEDED.filter((row) => row.ends >= '2024-01-01').sort((a, b) => (a.ends < b.ends ? -1 : 1))
    const [first] = (
      await asks({ measure: 'list', of: 'contracts', where: { ends_from: '2024-01-01' }, limit: 1 })
    ).contracts
    t.equal(first?.end_at, ending[0]?.ends)
  })

  t.test('shares, sides, growth and profiles', async (t) => {
    const of = (test: (row: SeededRow) => boolean) => SEEDED.filter(test)
    const health = of((row) => row.unit === 'Secretaria de Saúde' && row.signed.startsWith('2023'))
    const share = await asks({
      measure: 'share',
      of: 'contracts',
      where: { buyer: ['Secretaria de Saúde'], start_date: '2023-01-01', end_date: '2023-12-31' },
    })
    t.equal(share.figures.amounts[0]?.total, sum(health))
    t.equal(
      share.whole?.amounts[0]?.total,
      sum(of((row) => row.signed.startsWith('2023'))),
      'of the same period',
    )
    const year = (y: number) => ({ start_date: `${y}-01-01`, end_date: `${y}-12-31` })
    const sides = await asks({
      measure: 'change',
      of: 'contracts',
      where: {},
      compare: [year(2022), year(2023)],
    })
    t.same(
      sides.sides?.map(({ figures }) => figures.amounts[0]?.total),
      ['2022', '2023'].map((y) => sum(of((row) => row.signed.startsWith(y)))),
    )
    const grown = await asks({
      measure: 'growth',
      of: 'suppliers',
      where: {},
      compare: [year(2022), year(2023)],
      limit: 1,
    })
    const inYear = (name: string, y: string) =>
      sum(of((row) => row.supplier === name && row.signed.startsWith(y)))
    const names = [...new Set(SEEDED.map((row) => row.supplier))].sort(
      (a, b) => inYear(b, '2023') - inYear(b, '2022') - (inYear(a, '2023') - inYear(a, '2022')),
    )
    const [most] = names as [string]
    t.match(grown.rankings?.[0]?.items, [
      { name: most, before: inYear(most, '2022'), total: inYear(most, '2023') },
    ])
    const profile = await asks({ measure: 'summary', of: 'suppliers', where: { supplier: ['Rio Manso'] } })
    t.equal(profile.figures.amounts[0]?.total, sum(of((row) => /Rio Manso/.test(row.supplier))))
    t.equal(profile.partners?.[0]?.items[0]?.name, 'Prefeitura de Vila Serena')
    t.equal(profile.contracts.length, 5)
  })

  t.test('what the dataset does not have is named, and restricts to nothing', async (t) => {
    const none = await asks({
      measure: 'sum',
      of: 'contracts',
      where: { supplier: ['Xyzzy'], topic: ['dragão azul'] },
    })
    t.equal(none.figures.contracts, 0)
    t.same(none.unknown, [
      { field: 'supplier', text: 'Xyzzy' },
      { field: 'topic', text: 'dragão azul' },
    ])
  })

  t.test('texts of a plan are values, never SQL', async (t) => {
    for (const text of [
      "' OR 1=1 --",
      '"; DROP TABLE deals; --',
      '$p0',
      '\\',
      '\u001f',
      "x'); SELECT 1; --",
    ]) {
      const { figures } = await asks({
        measure: 'count',
        of: 'contracts',
        where: { supplier: [text], buyer: [text], topic: [text], contract: text },
      })
      t.equal(figures.contracts, 0, text)
    }
    t.equal((await asks({ measure: 'count', of: 'contracts', where: {} })).figures.contracts, SEEDED.length)
  })

  t.test('findings by type, severity and the contracts they rest on', async (t) => {
    const none = await asks({ measure: 'list', of: 'findings', where: {} })
    t.equal(none.findings?.investigation, null)
    await on.investigated(caller('ana'), 'sample')
    const asked = (where: Plan['where']) =>
      known.query('sample', { measure: 'list', of: 'findings', where, limit: 50 }, { signal, language: 'pt' })
    const all = (await asked({})).findings
    t.ok(all && all.of > 3 && all.items.length === all.of)
    const grave = (await asked({ severity: ['critical', 'high'] })).findings
    t.same(
      grave?.items,
      all?.items.filter(({ severity }) => severity === 'critical' || severity === 'high'),
    )
    const split = (await asked({ anomaly_type: ['split_purchase'] })).findings
    t.same(
      split?.items,
      all?.items.filter((one) => one.anomaly_type === 'split_purchase'),
    )
    t.equal(
      split?.at_stake[0]?.total,
      split?.items.reduce((total, one) => total + (one.financial_impact ?? 0), 0),
    )
    const builder = (await asked({ supplier: ['Construtora Exemplo'] })).findings
    t.ok(builder && builder.of > 0 && builder.of < (all?.of ?? 0))
    const theirs = new Set(
      sampleCsv()
        .split('\r\n')
        .filter((line) => line.includes('Construtora Exemplo'))
        .map((line) => line.split(';')[0]),
    )
    t.ok(
      builder?.items.every(({ evidence }) =>
        evidence.contracts?.some((one) => theirs.has(one.contract_number as string)),
      ),
    )
    t.same([...(all?.ran ?? []), ...(all?.skipped ?? []).map((one) => one.anomaly_type)].length, 7)
  })

  t.test('a commitment whose contract is in the data is left out, and that is numbered', async (t) => {
    const committed = await on.upload(
      'ana',
      'empenhos',
      'numero_contrato;tipo;processo;orgao;fornecedor;cnpj_fornecedor;objeto;valor_final;data_assinatura\n' +
        '1/2023;Contrato;23000.000001/2023-11;Órgão A;Alfa;11222333000181;Papel;100,00;01/02/2023\n' +
        '2023NE000001;Empenho;23000.000001/2023-11;Órgão A;Alfa;11222333000181;Papel;60,00;02/02/2023\n' +
        '2/2023;Contrato;23000.000002/2023-22;Órgão A;Beta;22333444000172;Papel;30,00;01/03/2023\n',
    )
    const plan: Plan = { measure: 'sum', of: 'contracts', where: {} }
    const { figures } = await known.query(committed, plan, { signal, language: 'pt' })
    t.match(figures, { contracts: 2, amounts: [{ total: 130 }] })
    t.match(await known.register(committed, { signal }), { contracts: 2, commitments: 1, merged: 0 })
  })

  t.test("somebody else's dataset is not there", async (t) => {
    const other = on.base.for(caller('bia'))
    const plan: Plan = { measure: 'count', of: 'contracts', where: {} }
    await t.rejects(other.query(id, plan, { signal, language: 'pt' }), { code: 'NOT_FOUND' })
    await t.rejects(other.register(id, { signal }), { code: 'NOT_FOUND' })
  })
})
