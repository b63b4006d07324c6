import t from 'tap'
import { read } from './reading.ts'

t.test(
  'a nested answer of PNCP, a list of Portal da Transparência, NDJSON: the same recognition',
  async (t) => {
    const pncp = {
      totalPaginas: 1,
      data: [
        {
          numeroControlePNCP: '1-2-1/2024',
          objetoContrato: 'Papel',
          niFornecedor: '27433790000155',
          nomeRazaoSocialFornecedor: 'FULANO',
          valorInicial: 1.234,
          valorGlobal: 2000.5,
          valorParcela: 5,
          dataAssinatura: '2024-01-02',
          dataVigenciaInicio: '2024-01-03',
          dataVigenciaFim: '2024-12-31',
          dataPublicacaoPncp: '2024-01-09T10:00:00',
          orgaoEntidade: { cnpj: '00332087000366', razaoSocial: 'PREFEITURA' },
          unidadeOrgao: { codigoUnidade: '1', nomeUnidade: 'Saúde' },
          categoriaProcesso: { id: 2, nome: 'Compras' },
        },
      ],
    }
    const nested = await read(JSON.stringify(pncp), { contentType: 'application/json' })
    t.match(nested.report.columns, {
      buyer_name: 'orgaoEntidade.razaoSocial',
      buyer_id: 'orgaoEntidade.cnpj',
    })
    t.match(nested.rows[0], {
      line: 1,
      initial_value: 1.234,
      value: 2000.5,
      category: 'Compras',
      unit_name: 'Saúde',
    })
    const portal = {
      id: 9,
      numero: '12023',
      objeto: 'Obra',
      numeroProcesso: 'P1',
      dataAssinatura: '02/01/2023',
      dataInicioVigencia: '03/01/2023',
      dataFimVigencia: '03/01/2024',
      situacaoContrato: 'Ativo',
      modalidadeCompra: 'Pregão',
      valorInicialCompra: '1.000,00',
      valorFinalCompra: '1.100,00',
      fornecedor: { nome: 'ACME', cnpjFormatado: '05.488.891/0001-90' },
      unidadeGestora: { codigo: '158132', nome: 'UG', orgaoMaximo: { nome: 'MEC' } },
      ['__proto__']: { polluted: true },
      constructor: 'x',
    }
    const list = await read(`[${JSON.stringify(portal)}]`, { contentType: 'application/json' })
    const lines = await read(
      `${JSON.stringify(portal)}\n{broken\n\n${JSON.stringify({ ...portal, numero: '22023' })}`,
      {
        contentType: 'application/x-ndjson',
      },
    )
    for (const { report, rows } of [list, lines]) {
      t.match(report.columns, { supplier_name: 'fornecedor.nome', unit_id: 'unidadeGestora.codigo' })
      t.match(rows[0], { supplier_id: '05488891000190', buyer_name: 'MEC', initial_value: 1000, value: 1100 })
    }
    t.same(lines.report.rejects, [{ line: 2, reason: 'not valid JSON' }])
    t.same(
      lines.rows.map(({ line }) => line),
      [1, 4],
    )
    t.equal(({} as { polluted?: boolean }).polluted, undefined)
  },
)

t.test(
  'OCDS: one row a contract, joined with its award and parties; before and after an amendment',
  async (t) => {
    const release = {
      ocid: 'ocds-1',
      buyer: { id: 'b', name: 'Ministry' },
      parties: [
        { id: 'b', name: 'Ministry', roles: ['buyer'], identifier: { id: '00332087000366' } },
        { id: 's', name: 'ACME Ltda', roles: ['supplier'], identifier: { id: '27.433.790/0001-55' } },
      ],
      tender: { title: 'Paper', procurementMethod: 'open', mainProcurementCategory: 'goods' },
      awards: [
        { id: 'a1', suppliers: [{ id: 's' }], value: { amount: 300 } },
        { id: 'a2', suppliers: [{ id: 'x', name: 'Other' }], value: { amount: 50.5 } },
      ],
      contracts: [
        {
          id: 'c1',
          awardID: 'a1',
          value: { amount: 390 },
          dateSigned: '2024-01-02T00:00:00-03:00',
          period: { startDate: '2024-01-03', endDate: '2024-12-31' },
          amendments: [{ changes: [{ property: 'value.amount', former_value: 300 }] }],
        },
        { id: 'c2', awardID: 'a2' },
      ],
    }
    const bodies: [string, 'application/json' | 'application/x-ndjson'][] = [
      [
        JSON.stringify({ uri: 'u', extensions: ['e'], publisher: { name: 'p' }, releases: [release] }),
        'application/json',
      ],
      [JSON.stringify({ records: [{ ocid: 'ocds-1', compiledRelease: release }] }), 'application/json'],
      [JSON.stringify([release]), 'application/json'],
      [JSON.stringify(release), 'application/json'],
      [`${JSON.stringify(release)}\n`, 'application/x-ndjson'],
    ]
    for (const [body, contentType] of bodies) {
      const { report, rows } = await read(body, { contentType })
      t.equal(report.columns.final_value, 'contracts/value/amount')
      t.match(rows, [
        {
          line: 1,
          contract_id: 'c1',
          supplier_id: '27433790000155',
          supplier_name: 'ACME Ltda',
          buyer_id: '00332087000366',
          object: 'Paper',
          signed_at: '2024-01-02',
          initial_value: 300,
          final_value: 390,
        },
        { line: 2, contract_id: 'c2', supplier_name: 'Other', initial_value: null, value: 50.5 },
      ])
    }
  },
)

t.test('pages of records in one list, and records that a wrapper holds', async (t) => {
  const record = (id: number) => ({ contrato: `${id}/2024`, fornecedor: 'ALFA LTDA', valor: 10 })
  const pages = await read(JSON.stringify([[record(1), record(2)], [record(3)]]), {
    contentType: 'application/json',
  })
  t.same([pages.report.rows, pages.sum], [3, 30_00])
  const wrapped = await read(
    JSON.stringify({
      total: 1,
      dados: [
        {
          contrato_id: '1',
          dados: { 'Número Contrato': '1/2024', 'Vlr. Global': '1.925,00', Observação: 'Café' },
        },
      ],
    }),
    { contentType: 'application/json' },
  )
  t.match(wrapped.report.columns, { contract_number: 'Número Contrato', final_value: 'Vlr. Global' })
  t.equal(wrapped.sum, 1925_00)
})
