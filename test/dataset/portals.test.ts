import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { MAPPABLE_COLUMNS } from '../../src/protocol/contract.ts'
import { read } from './reading.ts'

const SHARED = process.env.SHARED_DIR ?? '../shared'
const sharedFile = async (name: string): Promise<Buffer | null> =>
  readFile(join(SHARED, 'data', name)).catch(() => null)

const institute = await sharedFile('ifms-contratos.csv')
const minas = await sharedFile('mg-compras-coronavirus.csv')
const absent = (body: Buffer | null) => ({ skip: body ? false : 'SHARED_DIR has no such file in data/' })

t.test('the institute’s contracts: every row, every cent, the campus NA', absent(institute), async (t) => {
  const { report, rows, sum } = await read(institute as Buffer)
  t.same([report.rows, report.rejected, sum], [1546, 0, 19_694_869_374])
  t.same(report.columns, {
    contract_id: 'numero',
    contract_number: 'numero',
    process_number: 'processo',
    kind: 'tipo',
    modality: 'modalidade',
    supplier_id: 'fornecedor_cnpj',
    supplier_name: 'fornecedor_nome',
    buyer_name: 'origem_sigla',
    unit_id: 'origem_uasg',
    start_at: 'vigencia_inicio',
    end_at: 'vigencia_fim',
    final_value: 'valor_global',
  })
  t.equal(new Set(rows.map((row) => row.contract_id)).size, 1546)
  t.ok(rows.filter((row) => row.buyer_name === 'NA').length > 0)
  t.equal(rows.filter((row) => row.buyer_name === null).length, 0)
  t.equal(rows.filter((row) => row.end_at === null).length, 29)
  t.match(rows[0], {
    line: 2,
    contract_id: '00001/2021#2',
    supplier_id: '27433790000155',
    end_at: '2022-03-14',
  })
  t.equal(rows.at(-1)?.line, 1547)
})

t.test(
  'Minas Gerais: line breaks in cells, unit prices, a number that is no key',
  absent(minas),
  async (t) => {
    const { report, rows, sum } = await read(minas as Buffer)
    t.same([report.rows, report.rejected, sum], [290, 0, 18_373_598_828])
    t.match(report.columns, {
      process_number: 'NUMERO_PROCESSO_COMPRA',
      supplier_id: 'CPF_CNPJ_CONTRATADO',
      supplier_name: 'CONTRATADO',
      buyer_name: 'ORGAO_DEMANDANTE',
      object: 'OBJETO_PROCESSO',
      item: 'ITEM_MATERIAL_SERVICO',
      category: 'LINHA_FORNECIMENTO',
      unit_price: 'VALOR_HOMOLOGADO_UNITARIO',
      reference_price: 'VALOR_REFERENCIA_UNITARIO',
      quantity: 'QUANTIDADE_HOMOLOGADA',
      final_value: 'VALOR_HOMOLOGADO',
    })
    t.notOk('signed_at' in report.columns, 'neither registration nor publication is a signature')
    t.notOk('initial_value' in report.columns, 'a reference total is no initial value')
    t.equal(new Set(rows.map((row) => row.contract_id)).size, 290)
    t.ok(rows.some((row) => row.object?.includes('\n')))
  },
)

interface Portal {
  header: string
  row: string
  columns: Record<string, string>
  /** Names that must stay unmapped. */
  left?: string[]
  first: Record<string, unknown>
}

const PORTALS: Record<string, Portal> = {
  'Portal da Transparência, compras': {
    header:
      '"Número do Contrato";"Objeto";"Fundamento Legal";"Modalidade Compra";"Situação Contrato";"Código Órgão Superior";"Nome Órgão Superior";"Código Órgão";"Nome Órgão";"Código UG";"Nome UG";"Data Assinatura Contrato";"Data Publicação DOU";"Data Início Vigência";"Data Fim Vigência";"Código Contratado";"Nome Contratado";"Valor Inicial Compra";"Valor Final Compra";"Número Licitação"',
    row: '"000122023";"Objeto: Aquisição de ""tablets""";"LEI 14.133";"Pregão";"Publicado";"26000";"Ministério da Educação";"26415";"Instituto Federal";"158132";"IFMS REITORIA";"02/01/2023";"05/01/2023";"03/01/2023";"02/01/2024";"27433790000155";"FULANO LTDA";"1000,00";"1250,50";"00012023"',
    columns: {
      contract_number: 'Número do Contrato',
      legal_basis: 'Fundamento Legal',
      modality: 'Modalidade Compra',
      status: 'Situação Contrato',
      buyer_id: 'Código Órgão',
      buyer_name: 'Nome Órgão',
      unit_id: 'Código UG',
      unit_name: 'Nome UG',
      signed_at: 'Data Assinatura Contrato',
      start_at: 'Data Início Vigência',
      end_at: 'Data Fim Vigência',
      supplier_id: 'Código Contratado',
      supplier_name: 'Nome Contratado',
      initial_value: 'Valor Inicial Compra',
      final_value: 'Valor Final Compra',
    },
    left: ['Data Publicação DOU', 'Nome Órgão Superior'],
    first: {
      object: 'Objeto: Aquisição de "tablets"',
      initial_value: 1000,
      final_value: 1250.5,
      value: 1250.5,
    },
  },
  'LicitaCon (RS)': {
    header:
      'CD_ORGAO,NM_ORGAO,NR_LICITACAO,ANO_LICITACAO,NR_CONTRATO,ANO_CONTRATO,TP_INSTRUMENTO,NR_PROCESSO,TP_DOCUMENTO_CONTRATADO,NR_DOCUMENTO_CONTRATADO,DT_INICIO_VIGENCIA,DT_FINAL_VIGENCIA,VL_CONTRATO,DT_ASSINATURA,NR_DIAS_PRAZO,DS_OBJETO',
    row: '88300,PM DE EXEMPLO,12,2023,45,2023,C,77,J,05488891000190,2023-03-01,2024-02-29,1234.56,2023-02-27,365,Coleta de lixo',
    columns: {
      buyer_name: 'NM_ORGAO',
      contract_number: 'NR_CONTRATO',
      supplier_id: 'NR_DOCUMENTO_CONTRATADO',
      final_value: 'VL_CONTRATO',
      signed_at: 'DT_ASSINATURA',
      end_at: 'DT_FINAL_VIGENCIA',
      object: 'DS_OBJETO',
    },
    left: ['NR_DIAS_PRAZO', 'TP_DOCUMENTO_CONTRATADO'],
    first: { supplier_id: '05488891000190', value: 1234.56, end_at: '2024-02-29' },
  },
  'a town with totals, instalments and estimates': {
    header:
      'Modalidade;Nº Licitação;Secretaria;Processo;Objeto;CNPJ/CPF;Contratada;Nº do Contrato;Dt. Assinatura;Valor Mensal;Valor Estimado;Valor Original;Valor Aditivos;Vl. Atualizado',
    row: 'Dispensa;3/2024;Saúde;99/2024;Locação de imóvel;05.488.891/0001-90;PLUS SERVICE LTDA;12/2024;7/3/24;1.000,00;15.000,00;12.000,00;600,00;12.600,00',
    columns: {
      buyer_name: 'Secretaria',
      supplier_id: 'CNPJ/CPF',
      supplier_name: 'Contratada',
      contract_number: 'Nº do Contrato',
      signed_at: 'Dt. Assinatura',
      initial_value: 'Valor Original',
      final_value: 'Vl. Atualizado',
    },
    left: ['Valor Mensal', 'Valor Estimado', 'Valor Aditivos'],
    first: { signed_at: '2024-03-07', initial_value: 12_000, final_value: 12_600 },
  },
  'SECOP II': {
    header:
      'Nombre Entidad,Nit Entidad,Departamento,Ciudad,Proceso de Compra,ID Contrato,Referencia del Contrato,Estado Contrato,Codigo de Categoria Principal,Descripcion del Proceso,Tipo de Contrato,Modalidad de Contratacion,Fecha de Firma,Fecha de Inicio del Contrato,Fecha de Fin del Contrato,TipoDocProveedor,Documento Proveedor,Proveedor Adjudicado,Valor del Contrato,Valor de pago adelantado,Valor Facturado,Valor Pagado,Saldo CDP,Nombre Representante Legal,Objeto del Contrato',
    row: 'ALCALDIA DE EJEMPLO,899999061,Cundinamarca,Bogotá,CO1.BDOS.1,CO1.PCCNTR.77,CPS-077-2023,En ejecución,V1.80111600,Prestar servicios,Prestación de servicios,Contratación directa,01/17/2023,01/20/2023,12/31/2023,Cédula,1020304050,ANA EJEMPLO,35000000,0,35000000,1000000,0,PEDRO,Apoyo a la gestión',
    columns: {
      buyer_name: 'Nombre Entidad',
      buyer_id: 'Nit Entidad',
      contract_number: 'Referencia del Contrato',
      signed_at: 'Fecha de Firma',
      supplier_id: 'Documento Proveedor',
      supplier_name: 'Proveedor Adjudicado',
      final_value: 'Valor del Contrato',
      object: 'Objeto del Contrato',
    },
    left: ['Valor Facturado', 'Valor Pagado', 'Saldo CDP', 'Nombre Representante Legal', 'Departamento'],
    first: { signed_at: '2023-01-17', end_at: '2023-12-31', supplier_id: '1020304050', value: 35_000_000 },
  },
  'SECOP I': {
    header:
      'NIT de la Entidad,Nombre Entidad,Numero de Proceso,Numero de Contrato,Cuantia Proceso,Cuantia Contrato,Valor Total de Adiciones,Valor Contrato con Adiciones,Identificacion del Contratista,Nom Razon Social Contratista,Fecha de Firma del Contrato,Fecha Ini Ejec Contrato,Fecha Fin Ejec Contrato,Objeto a Contratar,Fecha de Cargue en el SECOP',
    row: '800000000,MUNICIPIO X,LP-1,C-1,90,100,50,150,900123456,OBRAS SAS,2019-05-02,2019-05-03,2019-12-31,Vía,2019-06-01',
    columns: {
      final_value: 'Valor Contrato con Adiciones',
      supplier_id: 'Identificacion del Contratista',
      supplier_name: 'Nom Razon Social Contratista',
      start_at: 'Fecha Ini Ejec Contrato',
    },
    left: ['Cuantia Proceso', 'Valor Total de Adiciones', 'Fecha de Cargue en el SECOP'],
    first: { value: 150, supplier_id: '900123456', signed_at: '2019-05-02' },
  },
  ChileCompra: {
    header:
      'Codigo;Nombre;Descripcion/Obervaciones;Tipo;CodigoTipo;Estado;FechaCreacion;FechaEnvio;MontoTotalOC;TipoMonedaOC;Impuestos;RutUnidadCompra;UnidadCompra;CodigoOrganismoPublico;OrganismoPublico;CodigoProveedor;NombreProveedor;RutSucursal;cantidad;UnidadMedida;precioNeto;totalLineaNeto',
    row: '1057-1-SE24;Compra de guantes;Guantes de nitrilo;SE;8;Aceptada;2024-01-02;2024-01-03;119000;CLP;19000;61.602.123-7;Hospital;7214;Servicio de Salud;12345;INSUMOS SPA;76.123.456-7;10;Caja;10000;100000',
    columns: {
      contract_number: 'Codigo',
      buyer_name: 'OrganismoPublico',
      supplier_name: 'NombreProveedor',
      final_value: 'MontoTotalOC',
      quantity: 'cantidad',
      unit_price: 'precioNeto',
      unit_of_measure: 'UnidadMedida',
    },
    left: ['Impuestos', 'FechaCreacion'],
    first: { currency: 'CLP', value: 119_000, unit_price: 10_000, quantity: 10 },
  },
  CompraNet: {
    header:
      'Orden de gobierno,Siglas de la Institución,Institución,Clave de la UC,Nombre de la UC,Código del expediente,Código del contrato,Título del contrato,Tipo de contratación,Tipo de procedimiento,Fecha de inicio del contrato,Fecha de fin del contrato,Importe del contrato,Moneda del contrato,Fecha de firma del contrato,Proveedor o contratista,RFC',
    row: 'APF,IMSS,Instituto Mexicano del Seguro Social,050GYR,Delegación,2100001,2500001,Vacunas,Adquisiciones,Licitación Pública,01/02/2022,31/12/2022,"1,234,567.89",MXN,28/01/2022,FARMA SA DE CV,FAR010203AB1',
    columns: {
      buyer_name: 'Institución',
      unit_id: 'Clave de la UC',
      process_number: 'Código del expediente',
      contract_number: 'Código del contrato',
      object: 'Título del contrato',
      modality: 'Tipo de procedimiento',
      final_value: 'Importe del contrato',
      signed_at: 'Fecha de firma del contrato',
      supplier_name: 'Proveedor o contratista',
      supplier_id: 'RFC',
    },
    first: { currency: 'MXN', value: 1_234_567.89, supplier_id: 'FAR010203AB1', start_at: '2022-02-01' },
  },
  USAspending: {
    header:
      'contract_award_unique_key,award_id_piid,total_dollars_obligated,current_total_value_of_award,potential_total_value_of_award,award_base_action_date,period_of_performance_start_date,period_of_performance_current_end_date,period_of_performance_potential_end_date,awarding_agency_code,awarding_agency_name,awarding_office_code,awarding_office_name,funding_agency_name,recipient_uei,recipient_name,recipient_parent_name,prime_award_base_transaction_description,award_type,product_or_service_code,naics_description,extent_competed',
    row: 'CONT_AWD_1,W91QF1,900.5,1000.25,5000,2021-03-04,2021-03-05,2022-03-04,2026-03-04,097,Department of Defense,W91QF1,ACC,Department of Energy,ABCDEFGH1234,ACME CORP,ACME HOLDING,"REPAIR, ROOF",DELIVERY ORDER,Z2AA,Roofing,FULL',
    columns: {
      contract_number: 'award_id_piid',
      final_value: 'current_total_value_of_award',
      signed_at: 'award_base_action_date',
      end_at: 'period_of_performance_current_end_date',
      buyer_name: 'awarding_agency_name',
      supplier_id: 'recipient_uei',
      supplier_name: 'recipient_name',
      object: 'prime_award_base_transaction_description',
    },
    left: ['potential_total_value_of_award', 'funding_agency_name', 'recipient_parent_name'],
    first: { value: 1000.25, supplier_id: 'ABCDEFGH1234', object: 'REPAIR, ROOF' },
  },
  'Contracts Finder': {
    header:
      'Notice Identifier,Notice Type,Organisation Name,Status,Published Date,Title,Description,Awarded Date,Awarded Value,Contract start date,Contract end date,Supplier [Name|Address|Ref type|Ref Number|Is SME|Is VCSE],Value Low,Value High,OJEU Procedure Type',
    row: 'tender_1,Contract,Leeds City Council,Awarded,2021-01-01,Grit,Road grit,2021-02-01,25000,2021-03-01,2022-02-28,[SALT LTD|1 High St|COMPANIES_HOUSE|01234567|Yes|No],1,2,Open',
    columns: {
      buyer_name: 'Organisation Name',
      final_value: 'Awarded Value',
      signed_at: 'Awarded Date',
      supplier_name: 'Supplier [Name|Address|Ref type|Ref Number|Is SME|Is VCSE]',
    },
    left: ['Value Low', 'Value High', 'Published Date'],
    first: { supplier_name: 'SALT LTD', value: 25_000 },
  },
  'OCDS as columns': {
    header:
      'ocid,buyer/name,buyer/id,tender/title,tender/value/amount,awards/0/suppliers/0/name,awards/0/suppliers/0/id,contracts/0/id,contracts/0/value/amount,contracts/0/dateSigned,contracts/0/period/startDate,contracts/0/period/endDate',
    row: 'ocds-1,Ministry,PY-1,Paper,10,ACME,PY-2,C-1,9.5,2020-01-02T10:00:00Z,2020-01-03,2020-12-31',
    columns: {
      process_number: 'ocid',
      buyer_name: 'buyer/name',
      supplier_name: 'awards/0/suppliers/0/name',
      contract_number: 'contracts/0/id',
      final_value: 'contracts/0/value/amount',
    },
    left: ['tender/value/amount'],
    first: { value: 9.5, signed_at: '2020-01-02', contract_id: 'C-1' },
  },
  'Comprasnet contratos': {
    header:
      'id|receita_despesa|numero|orgao_codigo|orgao_nome|unidade_codigo|unidade_nome_resumido|fornecedor_tipo|fonecedor_cnpj_cpf_idgener|fornecedor_nome|tipo|categoria|processo|objeto|fundamento_legal|data_assinatura|data_publicacao|vigencia_inicio|vigencia_fim|valor_inicial|valor_global|num_parcelas|valor_parcela|valor_acumulado',
    row: '7|D|00007/2023|26415|INST FED|158132|IFMS|JURIDICA|27.433.790/0001-55|L V V|Contrato|Serviços|23347.1/2023|Limpeza|Lei 8.666|2023-01-05|2023-01-09|2023-02-01|2024-01-31|100,00|120,00|12|10,00|120,00',
    columns: {
      contract_number: 'numero',
      buyer_id: 'orgao_codigo',
      buyer_name: 'orgao_nome',
      unit_id: 'unidade_codigo',
      supplier_id: 'fonecedor_cnpj_cpf_idgener',
      initial_value: 'valor_inicial',
      final_value: 'valor_global',
      signed_at: 'data_assinatura',
    },
    left: ['data_publicacao', 'num_parcelas', 'valor_parcela'],
    first: { contract_id: '00007/2023', initial_value: 100, final_value: 120 },
  },
  'parliamentary expenses in English, with a total that is never filled': {
    header:
      'cnpj_cpf,congressperson_name,document_id,document_number,document_value,issue_date,remark_value,state,subquota_description,supplier,total_net_value,total_value,year',
    row: '27433790000155,FULANO,77,5544,500,2018-02-01,100,RR,Telecommunication,ACME,400,0,2018',
    columns: {
      final_value: 'total_net_value',
      buyer_name: 'congressperson_name',
      contract_number: 'document_id',
      category: 'subquota_description',
      signed_at: 'issue_date',
    },
    left: ['state', 'total_value', 'year'],
    first: { value: 400, currency: 'BRL', status: null },
  },
  'spending with payer and payee': {
    header: 'id,paid_by,date,transaction_id,amount,paid_to,spending_area',
    row: '1,London Borough of Example,2010-01-01,405869,898.64,ALARM PLC,Childrens Services',
    columns: { buyer_name: 'paid_by', supplier_name: 'paid_to', contract_number: 'transaction_id' },
    first: { value: 898.64, currency: 'XXX' },
  },
  'CONOSCE, with the amount in soles beside a currency': {
    header:
      'ENTIDAD,RUC_ENTIDAD,CODIGOCONVOCATORIA,DESCRIPCION_PROCESO,RUCPROVEEDOR,PROVEEDOR,MONEDA,MONTOADJUDICADO,MONTOADJUDICADOSOLES',
    row: 'MUNICIPALIDAD X,20192145831,607343,COMBUSTIBLE,20603220103,GRIFO EIRL,Dólar Norteamericano,100,380.5',
    columns: { supplier_id: 'RUCPROVEEDOR', final_value: 'MONTOADJUDICADOSOLES' },
    left: ['MONEDA'],
    first: { value: 380.5, currency: 'PEN', buyer_id: '20192145831' },
  },
  "Spain's PLACSP": {
    header:
      'Número de expediente;Objeto del Contrato;Órgano de Contratación;NIF OC;Presupuesto base sin impuestos;Valor estimado del contrato;Adjudicatario licitación/lote;Identificador Adjudicatario de la licitación/lote;Importe adjudicación sin impuestos licitación/lote;Fecha formalización;Tipo de procedimiento',
    row: '12/2023;Limpieza;Ayuntamiento X;P0801900B;200.000,00;250.000,00;LIMPIEZAS SL;B12345674;180.000,50;01/03/2023;Abierto',
    columns: {
      contract_number: 'Número de expediente',
      supplier_id: 'Identificador Adjudicatario de la licitación/lote',
      final_value: 'Importe adjudicación sin impuestos licitación/lote',
    },
    left: ['Presupuesto base sin impuestos', 'Valor estimado del contrato'],
    first: { value: 180_000.5, currency: 'EUR', supplier_id: 'B12345674', signed_at: '2023-03-01' },
  },
  'canonical names': {
    header: MAPPABLE_COLUMNS.join(','),
    row: MAPPABLE_COLUMNS.map((name) =>
      name === 'currency'
        ? 'PEN'
        : name.endsWith('_at')
          ? '2024-02-29'
          : /value|price|quantity/.test(name)
            ? '10.50'
            : `x ${name}`,
    ).join(','),
    columns: Object.fromEntries(MAPPABLE_COLUMNS.map((name) => [name, name])),
    first: { contract_id: 'x contract_id', signed_at: '2024-02-29', value: 10.5, item_code: 'x item_code' },
  },
}

for (const [portal, { header, row, columns, left = [], first }] of Object.entries(PORTALS)) {
  t.test(`columns of ${portal}`, async (t) => {
    const { report, rows } = await read(`${header}\r\n${row}\r\n`)
    t.match(report.columns, columns)
    const used = new Set(Object.values(report.columns))
    t.same(
      left.filter((name) => used.has(name)),
      [],
      'what is something else stays unmapped',
    )
    t.match(rows[0], first)
    t.equal(report.rejected, 0)
  })
}
