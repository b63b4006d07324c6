import t from 'tap'
import { read } from './reading.ts'

const ROWS = 16
const SUPPLIERS = ['ALFA COMERCIO LTDA', 'BETA SERVICOS EIRELI', 'GAMA ENGENHARIA S/A']
const CNPJS = ['27.433.790/0001-55', '05.488.891/0001-90', '00.332.087/0003-66']

/** What a form's line may tell of contract `at`. */
interface Facts {
  number: number
  supplier: string
  cnpj: string
  day: string
  end: string
  /** Brazilian, and with a point alone. */
  amount: string
  plain: string
  /** One real more. */
  grown: string
  plainGrown: string
}

const cents = (at: number): number => 1_234_500 + 98_765 * at + 311 * at * at
const plain = (amount: number): string => (amount / 100).toFixed(2)
const reais = (amount: number): string =>
  plain(amount)
    .replace('.', ',')
    .replace(/\B(?=(\d{3})+,)/g, '.')

const facts = (at: number): Facts => ({
  number: at + 1,
  supplier: SUPPLIERS[at % 3] as string,
  cnpj: CNPJS[at % 3] as string,
  day: `${String((at % 28) + 1).padStart(2, '0')}/02/2024`,
  end: `${String((at % 28) + 1).padStart(2, '0')}/11/2024`,
  amount: reais(cents(at)),
  plain: plain(cents(at)),
  grown: reais(cents(at) + 100),
  plainGrown: plain(cents(at) + 100),
})

const ALL = Array.from({ length: ROWS }, (_, at) => facts(at))
const SUM = ALL.reduce((sum, _, at) => sum + cents(at), 0)
const GROWN = SUM + 100 * ROWS

interface Form {
  header: string
  line: (contract: Facts) => string
  columns: Record<string, string>
  /** Cents of all rows. */
  sum: number
  warnings?: RegExp[]
}

const FORMS: Record<string, Form> = {
  'number and year in one column, additions beside the total': {
    header:
      'MUNICÍPIO DE X;;;;;;\nContratos;;;;;;\nNº/Ano;Contratado;Dt. Assin.;Vlr. Contrato;Vl. Aditivado;Vl. Total;Situação',
    line: (c) => `${c.number}/2024;${c.cnpj} - ${c.supplier};${c.day};${c.amount};1,00;${c.grown};Vigente`,
    columns: {
      contract_number: 'Nº/Ano',
      supplier_id: 'Contratado',
      initial_value: 'Vlr. Contrato',
      final_value: 'Vl. Total',
    },
    sum: GROWN,
  },
  'abbreviations of a town': {
    header: 'Nº;Ano;Fornecedor;Dt. Assin.;Dt. Início;Dt. Venc.;Vlr. Contr.;Vlr. Adit.;Vlr. Atualiz.',
    line: (c) => `${c.number};2024;${c.supplier};${c.day};${c.day};${c.end};${c.amount};1,00;${c.grown}`,
    columns: {
      contract_number: 'Nº',
      end_at: 'Dt. Venc.',
      initial_value: 'Vlr. Contr.',
      final_value: 'Vlr. Atualiz.',
    },
    sum: GROWN,
  },
  'a total of additions is no total': {
    header:
      'NUMERO_INSTRUMENTO;TIPO_INSTRUMENTO;CONTRATADO;VALOR_ORIGINAL;VALOR_TOTAL_ADITIVOS;VALOR_TOTAL_INSTRUMENTO',
    line: (c) => `01.${c.number};Contrato;${c.supplier};${c.amount};1,00;${c.grown}`,
    columns: {
      kind: 'TIPO_INSTRUMENTO',
      initial_value: 'VALOR_ORIGINAL',
      final_value: 'VALOR_TOTAL_INSTRUMENTO',
    },
    sum: GROWN,
  },
  'committed, settled and paid are no totals where a contract has one': {
    header:
      'UNIDADE;CONTRATAÇÃO;FORNECEDOR;CPF/CNPJ;DATA CONTRATAÇÃO;VALOR TOTAL CONTRATO/VALOR ESTIMADO PARA CONTRATAÇÃO (R$);VALOR TOTAL EMPENHADO (R$);VALOR TOTAL PAGO (R$)',
    line: (c) => `SEEDUC;${c.number}/24;${c.supplier};${c.cnpj};${c.day};${c.amount};7,00;1,00`,
    columns: {
      final_value: 'VALOR TOTAL CONTRATO/VALOR ESTIMADO PARA CONTRATAÇÃO (R$)',
      buyer_name: 'UNIDADE',
      signed_at: 'DATA CONTRATAÇÃO',
    },
    sum: SUM,
  },
  'commitments alone': {
    header: 'Empenho;Credor;CPF/CNPJ;Empenhado;Liquidado;Pago;Data',
    line: (c) => `${c.number};${c.supplier};${c.cnpj};${c.amount};1,00;1,00;${c.day}`,
    columns: { contract_number: 'Empenho', supplier_name: 'Credor', final_value: 'Empenhado' },
    sum: SUM,
  },
  'payments alone, which are told to be payments': {
    header: 'Data Pagamento;Credor;CPF/CNPJ;Nº Empenho;Histórico;Valor Pago',
    line: (c) => `${c.day};${c.supplier};${c.cnpj};${c.number};h;${c.amount}`,
    columns: { final_value: 'Valor Pago', contract_number: 'Nº Empenho' },
    sum: SUM,
    warnings: [/No column tells what was contracted.*"Valor Pago"/],
  },
  'expenses of a court of accounts': {
    header:
      'id_despesa_detalhe;ds_municipio;ds_orgao;nr_empenho;identificador_despesa;ds_despesa;dt_emissao_despesa;vl_despesa;ds_modalidade_lic;historico_despesa',
    line: (c) =>
      `7${c.number};Adamantina;PREFEITURA DE ADAMANTINA;${c.number}-2024;CNPJ - PESSOA JURÍDICA - ${c.cnpj.replace(/\D/g, '')};${c.supplier};${c.day};${c.plain.replace('.', ',')};PREGÃO;compra`,
    columns: {
      buyer_name: 'ds_orgao',
      supplier_id: 'identificador_despesa',
      supplier_name: 'ds_despesa',
      signed_at: 'dt_emissao_despesa',
      object: 'historico_despesa',
      final_value: 'vl_despesa',
    },
    sum: SUM,
  },
  'a unit is the buyer sooner than its town': {
    header: 'CodigoContrato,NumeroContrato,UnidadeGestora,CPF_CNPJ,RazaoSocial,ValorContrato,Municipio',
    line: (c) => `9${c.number},${c.number},Prefeitura do Recife,${c.cnpj},${c.supplier},${c.plain},Recife`,
    columns: { contract_number: 'NumeroContrato', unit_name: 'UnidadeGestora', buyer_name: 'UnidadeGestora' },
    sum: SUM,
  },
  'a state with adjustments': {
    header:
      'num_contrato,cod_gestora,descricao_nome_credor,cpf_cnpj_financiador,valor_contrato,valor_original_concedente,valor_aditivo,valor_ajuste,valor_atualizado_total,calculated_valor_pago,descricao_tipo',
    line: (c) =>
      `${c.number},24,${c.supplier},${c.cnpj},${c.plain},${c.plain},1.0,0.0,${c.plainGrown},5.0,CONTRATO`,
    columns: {
      unit_id: 'cod_gestora',
      supplier_id: 'cpf_cnpj_financiador',
      initial_value: 'valor_original_concedente',
      final_value: 'valor_atualizado_total',
      kind: 'descricao_tipo',
    },
    sum: GROWN,
  },
  'tenders with what they came to': {
    header: 'Número Licitação;Modalidade Compra;Nome Órgão;Objeto;Data Abertura;Valor Licitação',
    line: (c) => `${c.number};Pregão;INSTITUTO;Papel;${c.day};${c.amount}`,
    columns: { final_value: 'Valor Licitação', process_number: 'Número Licitação' },
    sum: SUM,
  },
  'winners and losers': {
    header:
      'Licitação;Fornecedor Perdedor;CNPJ Perdedor;Fornecedor Vencedor;CNPJ Vencedor;Valor Estimado;Valor Homologado',
    line: (c) => `${c.number};PERDEU LTDA;00.332.087/0003-66;${c.supplier};${c.cnpj};9,00;${c.amount}`,
    columns: {
      supplier_name: 'Fornecedor Vencedor',
      supplier_id: 'CNPJ Vencedor',
      final_value: 'Valor Homologado',
    },
    sum: SUM,
  },
  'SEACE, Peru': {
    header:
      'ENTIDAD;RUC ENTIDAD;N° CONTRATO;MONEDA;MONTO CONTRATADO TOTAL;RUC CONTRATISTA;CONTRATISTA;FECHA SUSCRIPCION;MONTO REFERENCIAL ITEM',
    line: (c) => `MUNI;20131312345;CT-${c.number};Soles;${c.plain};2050012345;${c.supplier};${c.day};1.00`,
    columns: {
      buyer_id: 'RUC ENTIDAD',
      final_value: 'MONTO CONTRATADO TOTAL',
      supplier_id: 'RUC CONTRATISTA',
    },
    sum: SUM,
  },
  'Contratar, Argentina': {
    header:
      'procedimiento_numero,contrato_numero,obra_nombre,cuit_contratista,contratista_razon_social,contrato_monto,contrato_fecha_firma',
    line: (c) => `46-${c.number},OC-${c.number},Obra,30-71234567-9,${c.supplier},"${c.amount}",${c.day}`,
    columns: {
      process_number: 'procedimiento_numero',
      object: 'obra_nombre',
      supplier_id: 'cuit_contratista',
    },
    sum: SUM,
  },
  'offered and awarded, Chile': {
    header:
      'NombreOrganismo;Cantidad;RutProveedor;NombreProveedor;MontoUnitarioOferta;Valor Total Ofertado;CantidadAdjudicada;MontoLineaAdjudica;FechaAdjudicacion',
    line: (c) => `SALUD;99;76.123.456-7;${c.supplier};1,00;9,00;10;${c.amount};${c.day}`,
    columns: {
      quantity: 'CantidadAdjudicada',
      final_value: 'MontoLineaAdjudica',
      signed_at: 'FechaAdjudicacion',
    },
    sum: SUM,
  },
  'SAM.gov': {
    header:
      'Contract ID,Date Signed,Action Obligation ($),Contracting Agency,Contracting Office Name,UEI,Legal Business Name',
    line: (c) => `W${c.number},"Jan 5, 2024","$${c.plain}",DOD,ACC,UEI123456,${c.supplier}`,
    columns: { final_value: 'Action Obligation ($)', supplier_id: 'UEI', buyer_name: 'Contracting Agency' },
    sum: SUM,
  },
  TED: {
    header:
      'DT_DISPATCH,CAE_NAME,VALUE_EURO,CONTRACT_NUMBER,TITLE,WIN_NAME,AWARD_EST_VALUE_EURO,AWARD_VALUE_EURO,DT_AWARD',
    line: (c) => `2024-01-01,Ville,9,C${c.number},T,${c.supplier},1,${c.plain},2024-02-01`,
    columns: {
      buyer_name: 'CAE_NAME',
      supplier_name: 'WIN_NAME',
      final_value: 'AWARD_VALUE_EURO',
      signed_at: 'DT_AWARD',
    },
    sum: SUM,
  },
  'OCDS awards as columns of a package': {
    header:
      'releases/0/ocid,releases/0/buyer/name,releases/0/tender/value/amount,releases/0/awards/0/value/amount,releases/0/awards/0/suppliers/0/name',
    line: (c) => `ocds-${c.number},Min,5,${c.plain},${c.supplier}`,
    columns: {
      process_number: 'releases/0/ocid',
      final_value: 'releases/0/awards/0/value/amount',
      supplier_name: 'releases/0/awards/0/suppliers/0/name',
    },
    sum: SUM,
  },
  'Spain, before and with tax': {
    header:
      'Nº de contrato;Órgano de Contratación;Adjudicatario;NIF Adjudicatario;Importe de adjudicación (sin IVA);Fecha de formalización',
    line: (c) => `${c.number};Ayto;${c.supplier};B12345678;${c.amount};${c.day}`,
    columns: {
      final_value: 'Importe de adjudicación (sin IVA)',
      supplier_id: 'NIF Adjudicatario',
      signed_at: 'Fecha de formalización',
    },
    sum: SUM,
  },
  'decimal commas without quotation marks in a file of commas': {
    header: 'Contrato,Fornecedor,Valor Inicial,Valor Final,Data Assinatura',
    line: (c) => `${c.number},${c.supplier},${c.amount},${c.grown},${c.day}`,
    columns: { initial_value: 'Valor Inicial', final_value: 'Valor Final', signed_at: 'Data Assinatura' },
    sum: GROWN,
    warnings: [/Decimal commas without quotation marks/],
  },
}

for (const [form, { header, line, columns, sum, warnings = [] }] of Object.entries(FORMS)) {
  t.test(form, async (t) => {
    const found = await read(`${[header, ...ALL.map(line)].join('\r\n')}\r\n`)
    t.same([found.report.rows, found.report.rejected, found.sum], [ROWS, 0, sum])
    t.match(found.report.columns, columns)
    for (const warning of warnings)
      t.ok(
        found.report.warnings.some((text) => warning.test(text)),
        `${warning}`,
      )
  })
}

const HEAD = 'Órgão;Contrato;Fornecedor;CNPJ;Data Assinatura;Valor'
const row = (c: Facts): string => `OBRAS;${c.number}/2024;${c.supplier};${c.cnpj};${c.day};${c.amount}`
const LINES = ALL.map(row)
const half = reais(ALL.slice(0, 8).reduce((sum, _, at) => sum + cents(at), 0))

const SHAPES: Record<string, [body: string | Uint8Array, warning?: RegExp]> = {
  'group totals, group titles, notes at the end': [
    [
      HEAD,
      'SECRETARIA DE OBRAS;;;;;',
      ...LINES.slice(0, 8),
      `Subtotal OBRAS;;;;;${half}`,
      ...LINES.slice(8),
      `SECRETARIA DE OBRAS - Total;;;;;1,00`,
      `;;;;Total Geral:;${reais(SUM)}`,
      '* Valores sujeitos a alteração',
      'Data de geração: 01/02/2024',
    ].join('\n'),
    /3 total lines.*Subtotal OBRAS/,
  ],
  'a group total known by its amount alone': [
    [HEAD, ...LINES.slice(0, 8), `OBRAS;;;;;${half}`, ...LINES.slice(8)].join('\n'),
    /1 total line was/,
  ],
  'page titles as wide as the table': [
    [HEAD, ...LINES.slice(0, 8), 'Página 2 de 14;;;;;', 'PREFEITURA DE X;;;;;', HEAD, ...LINES.slice(8)].join(
      '\n',
    ),
    /1 page title, footer or page number.*\n1 line with a title or a note alone.*PREFEITURA/,
  ],
  'two quotation marks never closed, rows apart': [
    [
      HEAD,
      ...LINES.map((line, at) =>
        at === 4
          ? line.replace('BETA', '"BETA')
          : at === 7
            ? line.replace('LTDA', 'LTDA"').replace('EIRELI', 'EIRELI"')
            : line,
      ),
    ].join('\r\n'),
    /never closed/,
  ],
  'every line as one quoted cell': [
    [
      HEAD.replaceAll(';', ','),
      ...LINES.map((line) => `"${line.replaceAll(';', ',').replace(/,([^,]*,\d\d)$/, ',""$1""')}"`),
    ].join('\n'),
  ],
  'three kinds of line ends': [
    [HEAD, ...LINES].map((line, at) => line + ['\r\n', '\n', '\r'][at % 3]).join(''),
  ],
  'a row that numbers the columns': [
    [HEAD, '(1);(2);(3);(4);(5);(6)', ...LINES].join('\n'),
    /repeated header rows?.*line 2/,
  ],
  'text kept from a spreadsheet, invisible marks': [
    [
      HEAD,
      ...ALL.map(
        (c) => `="OBRAS";="${c.number}";${c.supplier};="${c.cnpj}";\u200b${c.day};\u200b${c.amount}\u00a0`,
      ),
    ].join('\n'),
  ],
  'UTF-16 without a mark': [Buffer.from([HEAD, ...LINES].join('\r\n'), 'utf16le')],
  'amounts one column left of their name in some rows': [
    [
      HEAD.replace('Data Assinatura', 'Nota'),
      ...ALL.map((c, at) =>
        row(c).replace(`${c.day};${c.amount}`, at % 4 === 1 ? `${c.amount};` : `livre;${c.amount}`),
      ),
    ].join('\n'),
    /4 amounts stand one column beside "Valor"/,
  ],
}

for (const [shape, [body, warning]] of Object.entries(SHAPES)) {
  t.test(shape, async (t) => {
    const { report, sum } = await read(body)
    t.same([report.rows, report.rejected, sum], [ROWS, 0, SUM])
    t.equal(report.warnings.length > 0, warning !== undefined, report.warnings.join(' | '))
    if (warning) t.match(report.warnings.join('\n'), warning)
  })
}

t.test('what only resembles a total, a scale or a broken record is kept as it is', async (t) => {
  const kept = async (body: string, rows: number, sum: number): Promise<void> => {
    const { report, ...found } = await read(body)
    t.same([report.rows, report.rejected, found.sum], [rows, 0, sum], body.slice(0, 60))
  }
  await kept('Contrato;Objeto;Órgão;Data;Valor\n1;Reforma total;;;1,00\n2;Obra;;;2,00\n', 2, 300)
  await kept(`${HEAD}\n${['1', '2', '3'].map((n) => `OBRAS;${n};;;;${n},00`).join('\n')}\n`, 3, 600)
  await kept(`${HEAD}\n${LINES.join('\n')}\nOBRAS;99/2024;;;;\n`, ROWS + 1, SUM)
  await kept(`Contratos com valor acima de R$ 1.000,00;;\nContrato;Fornecedor;Valor\n1;A;1,00\n`, 1, 100)
  await kept('Contrato;Fornecedor;Objeto;Data;Valor\n1;A;"um; dois\ntrês; quatro";01/02/2024;1,00\n', 1, 100)
  await kept('Contrato,Fornecedor,Valor\n1,A,10\n2,B,20\n', 2, 3000)
  await kept('Contrato;Fornecedor;Valor\n1;A;3\n1;2;4\n', 2, 700)
})

t.test('days as spreadsheets, browsers and clerks write them', async (t) => {
  for (const day of [
    'Jan 5, 2024',
    '5 de janeiro de 2024',
    '2024/01/05',
    '05-ene-2024',
    '20240105',
    'sexta-feira, 5 de janeiro de 2024',
  ].concat([
    'Friday, January 5, 2024',
    'Fri Jan 05 2024 00:00:00 GMT-0300',
    '1704412800000',
    '05JAN2024',
    '05/01/2024 às 10:00',
  ])) {
    const { rows } = await read(`Contrato;Fornecedor;Valor;Data Assinatura\n1;A;1,00;${day}\n`)
    t.equal(rows[0]?.signed_at, '2024-01-05', day)
  }
})

t.test('columns that are empty as far as the sample reaches', async (t) => {
  const lines = Array.from(
    { length: 5200 },
    (_, at) => `${at};ALFA;1,00;${at < 5000 ? ';' : '31/12/2024;27.433.790/0001-55'}`,
  )
  const { rows } = await read(`Contrato;Fornecedor;Valor;Fim Vigência;CNPJ\n${lines.join('\n')}\n`)
  t.match(rows[5199], { end_at: '2024-12-31', supplier_id: '27433790000155' })
})

const REGIONS = {
  'a register of contracts, cells parted by § and names cut short': [
    'Nº INSCRIPCION§AÑO§ENTE CONTRATANTE§OBJETO§CARACTERISTICAS CONTRATO§PROC. ADJUDICACION§IMP. ADJ. (CON IVA)§F. ADJ.§F. FORMALIZACION§NIF/CIF CONTRATISTA§RAZON SOCIAL CONTRATISTA',
    '2024/001§2024§Servicio Uno§Material de oficina§SUMINISTROS§ABIERTO§2.420,00§15/03/2024§20/03/2024§B00000000§EMPRESA UNO, S.L.',
  ],
  'larger contracts with glued names': [
    'ejercicio,codinscripcion,tipocontrato,procedimiento,objeto,importlicitacion,importadjudicacion,adjudicatariodescripcion,adjudicatariocodigo,fechaformalizacion,organo',
    '2024,2024/001,SUMINISTROS,ABIERTO,Material de oficina,3000,2420.00,"EMPRESA UNO, S.L.",B00000000,20/03/2024,Servicio Uno',
  ],
  'small contracts with glued names': [
    'CODEXPEDIENTE,OBJETO_CONTRATO_MENOR,UNIDADCODIGO,UNIDADDESCRIPCION,CENTROCODIGO,CENTRODESCRIPCION,TIPOCONTRATO,ADJUDICATARIOCODIGO,ADJUDICATARIODESCRIPCION,FECHACONTABPAGO,IMPORTECONTABPAGO,EJERCICIONUM',
    '2024/001,Material de oficina,19,Servicio Uno,19001,Biblioteca,SUMINISTROS,B00000000,"EMPRESA UNO, S.L.",20/03/2024,2420.00,2024',
  ],
}
for (const [form, lines] of Object.entries(REGIONS)) {
  t.test(`regions of Spain: ${form}`, async (t) => {
    const { report, rows } = await read(`${lines.join('\n')}\n`)
    t.match(rows, [
      {
        contract_number: '2024/001',
        kind: 'SUMINISTROS',
        supplier_id: 'B00000000',
        supplier_name: 'EMPRESA UNO, S.L.',
        buyer_name: 'Servicio Uno',
        object: 'Material de oficina',
        signed_at: '2024-03-20',
        initial_value: null,
        final_value: 2420,
        currency: 'EUR',
      },
    ])
    t.notMatch(report.warnings.join(' '), /CNPJ/)
  })
}

t.test('a column of foreign tax numbers beside names is not held to be of CNPJs', async (t) => {
  const { report, rows } = await read(
    'Contrato;Entidade;Fornecedor;Valor\n1;500000000 - Câmara Um;500000001 - Empresa Um, Lda;1,00\n',
  )
  t.match(rows[0], { supplier_id: '500000001', supplier_name: 'Empresa Um, Lda' })
  t.notMatch(report.warnings.join(' '), /CNPJ/)
})

t.test('of two columns that differ in a number the one that is left is named', async (t) => {
  const { report } = await read('contrato;fornecedor;valorcontrato1;valorcontrato2\n1;A;;9600.00\n')
  t.equal(report.columns.final_value, 'valorcontrato2')
  t.match(report.warnings.join(' '), /valorcontrato1/)
})

t.test('a register of awards: the award is money, an officer is no buyer', async (t) => {
  const rows = [1, 2, 3].map(
    (at) =>
      `${at},33031231${at}0,RFQ,Media ${'ABC'[at - 1]} Inc,${at}26773.58,2012-10-0${at},City Water,Ann Lee,a@city.example,"Toners, lot ${at}"`,
  )
  const header =
    '_id,Document Number,Solicitation Type,Successful Supplier,Award,Award Authority Obtained Date,Division,Buyer Name,Buyer Email,Document Description'
  const { report, sum, rows: read_ } = await read(`${header}\n${rows.join('\n')}\n`)
  t.match(report.columns, {
    final_value: 'Award',
    unit_name: 'Division',
    supplier_name: 'Successful Supplier',
  })
  t.equal(report.columns.buyer_name, 'Division', 'not the officer')
  t.equal(sum, 12_677_358 + 22_677_358 + 32_677_358)
  t.equal(read_.length, 3)
})

t.test('a currency that one amount in a hundred names is not that of the others', async (t) => {
  const amounts = (named: number) =>
    Array.from(
      { length: 100 },
      (_, at) => `Alfa ${at} Inc;Paper ${at};${at < named ? 'US$ ' : ''}${at + 1}.50`,
    )
  const of = async (named: number) =>
    (await read(`Supplier Name;Description;Contract Amount\n${amounts(named).join('\n')}\n`)).report
      .currencies
  t.same(await of(1), { USD: 1, XXX: 99 })
  t.same(await of(60), { USD: 100 })
})
