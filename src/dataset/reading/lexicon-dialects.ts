import type { Canonical } from './canonical.ts'
import { fold } from './header-name.ts'

/** Column names of one portal, or of one kind of file, that the general lexicon cannot contain. */
export interface Dialect {
  /** The portal or the kind of file. */
  of: string
  /** ISO 4217 code, for files in which every amount has one currency that no cell names. */
  currency?: string
  /** True where a contract of several suppliers is a row for each of them, with the whole amount beside each. */
  members?: true
  /** Names as in the files, best first; case, accents and punctuation do not count. */
  names: Readonly<Partial<Record<Canonical, readonly string[]>>>
}

/**
 * The dialects, one entry each. A new one is added here and nowhere else: a name belongs here only where it has the
 * same meaning in every file that has it.
 */
export const DIALECTS: readonly Dialect[] = [
  {
    of: 'Portugal: BASE',
    currency: 'EUR',
    names: {
      object: ['objectoContrato', 'descContrato'],
      buyer_name: ['adjudicante', 'entidade adjudicante', 'adjudicantes', 'Entidade(s) Adjudicante(s)'],
      supplier_name: [
        'adjudicatarios',
        'adjudicatário',
        'entidade adjudicatária',
        'Entidade(s) Adjudicatária(s)',
      ],
      signed_at: ['dataCelebracaoContrato', 'data de celebração do contrato', 'dataDecisaoAdjudicacao'],
      end_at: ['dataFechoContrato'],
      final_value: ['precoContratual', 'preço contratual'],
      modality: ['tipoprocedimento', 'tipo de procedimento'],
      kind: ['tipoContrato'],
      legal_basis: ['fundamentacao', 'fundamentação'],
      category: ['cpv', 'cpvs'],
    },
  },
  {
    of: 'Spain: Asturias and Murcia',
    currency: 'EUR',
    names: {
      contract_number: ['Nº INSCRIPCION', 'codinscripcion', 'codexpediente'],
      process_number: ['Nº EXPEDIENTE ORGANO'],
      object: ['OBJETO_CONTRATO_MENOR'],
      kind: ['CARACTERISTICAS CONTRATO', 'tipocontrato'],
      modality: ['PROC. ADJUDICACION'],
      buyer_name: ['ENTE CONTRATANTE', 'unidaddescripcion'],
      buyer_id: ['unidadcodigo'],
      unit_name: ['centrodescripcion'],
      unit_id: ['centrocodigo'],
      supplier_id: ['NIF/CIF CONTRATISTA', 'adjudicatariocodigo'],
      supplier_name: ['RAZON SOCIAL CONTRATISTA', 'adjudicatariodescripcion'],
      signed_at: ['F. FORMALIZACION', 'fechaformalizacion', 'F. ADJ.', 'fechacontabpago'],
      final_value: ['IMP. ADJ. (CON IVA)', 'importadjudicacion', 'importecontabpago'],
    },
  },
  {
    of: 'Spain: PLACSP and the regions',
    currency: 'EUR',
    names: {
      contract_number: ['Número de expediente', 'codi_expedient', 'N. de registro de contrato', 'Expediente'],
      object: ['Objeto del Contrato', 'objecte_contracte', 'Objeto licitación/lote'],
      buyer_name: [
        'Órgano de Contratación',
        'nom_organ',
        'Organo_contratacion',
        'Centro - Seccion',
        'Poder adjudicador',
      ],
      buyer_id: ['NIF OC', 'codi_organ'],
      supplier_name: [
        'Adjudicatario licitación/lote',
        'denominacio_adjudicatari',
        'Razón social adjudicatario',
        'Razón social del adjudicatario',
        'Nombre adjudicatario',
      ],
      supplier_id: [
        'Identificador Adjudicatario de la licitación/lote',
        'Identificador Adjudicatario licitación/lote',
        'identificacio_adjudicatari',
        'NIF adjudicatario',
        'CIF adjudicatario',
        'NIF del adjudicatario',
      ],
      final_value: [
        'Importe adjudicación sin impuestos licitación/lote',
        'import_adjudicacio_sense_iva',
        'Importe adjudicación sin impuestos',
        'Importe adjudicación sin IVA',
        'Importe adjudicación con impuestos licitación/lote',
        'import_adjudicacio_amb_iva',
        'Importe adjudicacion IVA inc.',
        'Importe de adjudicación',
        'Importe adjudicación',
      ],
      signed_at: [
        'Fecha formalización',
        'data_formalitzacio_contracte',
        'Fecha de formalizacion',
        'Fecha del acuerdo licitación/lote',
        'data_adjudicacio_contracte',
        'Fecha de adjudicación',
        'Fecha adjudicación',
      ],
      modality: ['Tipo de procedimiento', 'procediment', 'Procedimiento de adjudicación'],
      kind: ['tipus_contracte'],
    },
  },
  {
    of: 'Brazil: expenses of parliamentarians',
    names: {
      contract_number: ['ideDocumento', 'document_id', 'COD_DOCUMENTO', 'txtNumero'],
      buyer_name: [
        'txNomeParlamentar',
        'congressperson_name',
        'SENADOR',
        'DEPUTADO',
        'VEREADOR',
        'nome do parlamentar',
        'parlamentar',
      ],
      category: ['txtDescricao', 'subquota_description', 'TIPO_DESPESA', 'tipo de despesa', 'verba'],
      object: ['txtDescricaoEspecificacao', 'DETALHAMENTO'],
      supplier_name: ['txtFornecedor'],
      supplier_id: ['txtCNPJCPF'],
      signed_at: ['datEmissao', 'issue_date'],
      final_value: ['vlrLiquido', 'total_net_value', 'VALOR_REEMBOLSADO', 'vlrDocumento'],
    },
  },
  {
    of: 'Brazil: municipalities and courts of accounts',
    names: {
      supplier_name: ['razaonomecontratado', 'ds_despesa', 'nm_fornecedor', 'nome_credor'],
      supplier_id: ['IdInstituicaoContratado', 'identificador_despesa'],
      buyer_id: ['IdInstituicaoContratante'],
      buyer_name: ['ds_orgao'],
      contract_number: ['nr_empenho', 'num_empenho', 'codigo_documento'],
      signed_at: ['dt_emissao_despesa'],
      final_value: ['vl_despesa', 'valorcontrato1', 'valorcontrato2', 'ValTotal'],
      object: ['historico_despesa'],
      kind: ['tp_despesa'],
    },
  },
  {
    of: 'United Kingdom: spending over £500',
    names: {
      buyer_name: [
        'Body Name',
        'Paid By',
        'Body',
        'Organisation Name',
        'Entity',
        'Department Family',
        'Department',
        'Council',
        'Local Authority',
        'Authority Name',
      ],
      unit_name: [
        'Directorate',
        'Service Area',
        'Headserv Name',
        'Directorate / Service Where Expenditure Incurred',
      ],
      supplier_name: [
        'Supplier Name',
        'Paid To',
        'Supplier',
        'Vendor Name',
        'Vendor',
        'Beneficiary Name',
        'Payee Name',
        'Payee',
        'Merchant Name',
        'Creditor Name',
        'Redacted Supplier Name',
        'Supplier (Beneficiary) Name',
        'Beneficiary',
      ],
      supplier_id: [
        'Supplier ID',
        'VendorID',
        'Vendor ID',
        'Supplier Number',
        'Vendor Number',
        'Beneficiary ID',
      ],
      contract_number: [
        'Transaction Number',
        'Transaction ID',
        'Transaction No',
        'TransactionNumber',
        'Trans No',
        'Invoice Number',
        'Payment Number',
        'Document Number',
        'Voucher Number',
        'Our Reference',
        'PO Number',
        'Commitment number',
        'Document No.',
        'Inv Transaction',
        'Invoice No.',
        'TransNo',
      ],
      signed_at: [
        'Payment Date',
        'Date Paid',
        'Date of Payment',
        'Transaction Date',
        'Invoice Date',
        'Posting Date',
        'Pay Date',
        'Paid Date',
        'GL Date',
        'Invoice Payment Date',
        'Invoice GL Date',
        'Clearing Date',
      ],
      final_value: [
        'Net Amount',
        'Amount (Net)',
        'Amount excluding VAT',
        'Line Amount',
        'Invoice Amount',
        'Payment Amount',
        'Transaction Amount',
        'Amount Paid',
        'Gross Amount',
        'AP Amount',
        'Net Value',
        'Invoiced Value',
        'Sum of Inv Amount',
        'Invoice Line Value',
        'Net',
        'Spend',
      ],
      object: [
        'Purpose of Spend',
        'Purpose of Expenditure',
        'Summary of purpose of the expenditure',
        'Narrative',
        'AccountDescription',
        'Account Description',
        'Item Text',
        'Expense Description',
        'Subjective Description',
        'Description of Spend',
      ],
      category: [
        'Expense Type',
        'Expenses Type',
        'Expenditure Type',
        'Expenditure Category',
        'Merchant Category',
        'Procurement Category',
        'Subjective',
        'Expense Area',
        'Account Code Description',
        'CIPFA Detail Code',
      ],
    },
  },
  {
    of: 'Mexico: CompraNet and what came after',
    names: {
      process_number: ['NUMERO_PROCEDIMIENTO', 'Número de procedimiento', 'CODIGO_EXPEDIENTE'],
      object: ['TITULO_CONTRATO', 'Título del contrato', 'Descripción del contrato'],
      buyer_name: ['DEPENDENCIA', 'Institución', 'Dependencia o entidad', 'SIGLAS', 'NOMBRE_DE_LA_UC'],
      unit_name: ['Nombre de la UC'],
      supplier_name: ['PROVEEDOR_CONTRATISTA', 'Proveedor o contratista'],
      signed_at: ['FECHA_CELEBRACION', 'Fecha de firma del contrato'],
      final_value: ['IMPORTE_CONTRATO', 'Importe del contrato', 'Importe DRC', 'Monto del contrato'],
      status: ['ESTATUS_CONTRATO'],
    },
  },
  {
    of: 'Colombia: SECOP',
    names: {
      contract_number: ['Referencia del Contrato', 'Numero de Contrato'],
      process_number: ['Proceso de Compra', 'Numero de Proceso', 'ID del Proceso'],
      supplier_name: [
        'Proveedor Adjudicado',
        'Nom Razon Social Contratista',
        'Nom Raz Social Contratista',
        'Beneficiario',
      ],
      supplier_id: ['Documento Proveedor', 'Identificacion del Contratista', 'NIT del Proveedor Adjudicado'],
      buyer_name: ['Nombre Entidad', 'Nombre de la Entidad', 'Entidad'],
      buyer_id: ['Nit Entidad', 'NIT de la Entidad'],
      final_value: [
        'Valor Contrato con Adiciones',
        'Valor del Contrato',
        'ValorContrato',
        'Valor Total Adjudicacion',
        'Cuantia Contrato',
      ],
      object: [
        'Objeto del Contrato',
        'Detalle del Objeto a Contratar',
        'Objeto a Contratar',
        'Objeto del Contrato a la Firma',
      ],
      signed_at: ['Fecha de Firma', 'Fecha de Firma del Contrato', 'Fecha Adjudicacion'],
    },
  },
  {
    of: 'Chile: Mercado Público',
    names: {
      contract_number: ['CodigoExterno', 'Codigo OC', 'CodigoOC'],
      buyer_name: ['NombreOrganismo', 'OrganismoPublico', 'Nombre Organismo', 'Institucion'],
      buyer_id: ['RutUnidad', 'RutUnidadCompra'],
      supplier_name: ['NombreProveedor', 'Razon Social Proveedor', 'Nombre del Proveedor'],
      supplier_id: ['RutProveedor', 'RutSucursal'],
      final_value: ['MontoTotalOC', 'MontoLineaAdjudica', 'Valor Total Ofertado', 'Monto Total Adjudicado'],
      quantity: ['CantidadAdjudicada'],
      unit_price: ['MontoUnitarioOferta', 'precioNeto'],
      signed_at: ['FechaAdjudicacion', 'FechaEnvio'],
    },
  },
  {
    of: 'Peru: SEACE and CONOSCE',
    names: {
      contract_number: ['num_contrato', 'numero_contrato', 'n_cod_contrato'],
      process_number: ['codigoconvocatoria', 'codigo_convocatoria', 'proceso'],
      buyer_name: ['entidad', 'entidad_convocante'],
      buyer_id: ['ruc_entidad', 'codigoentidad'],
      supplier_name: ['contratista', 'proveedor', 'ganador', 'nombre_contratista'],
      supplier_id: [
        'ruc_contratista',
        'ruc_proveedor',
        'ruc_ganador',
        'ruc_codigo_ganador',
        'ruc_destinatario_pago',
      ],
      object: ['descripcion_proceso', 'descripcion_contrato'],
      signed_at: ['fecha_suscripcion_contrato', 'fecha_suscripcion', 'fecha_buenapro'],
      start_at: ['fecha_vigencia_inicial'],
      end_at: ['fecha_vigencia_final', 'fecha_vigencia_fin_actualizada'],
      final_value: [
        'monto_contratado_total',
        'monto_contratado_item',
        'monto_adjudicado_soles',
        'monto_adjudicado',
        'monto_adjudicado_item_soles',
        'monto_adjudicado_item',
        'monto_contratado',
      ],
      quantity: ['cantidad_adjudicado_item', 'cantidad_adjudicada_item'],
      item: ['descripcion_item'],
      category: ['objetocontractual', 'objeto_contractual', 'rubro'],
    },
  },
  {
    of: 'Argentina: Buenos Aires Compras',
    names: {
      contract_number: ['numero_contratacion_directa'],
      process_number: ['numero_expediente', 'id_expediente'],
      object: ['descripcion_item'],
      buyer_name: ['organismo_normativa', 'unidad_ejecutora'],
      supplier_name: ['proveedor_razon_social'],
      supplier_id: ['proveedor_cuit'],
      signed_at: ['fecha_perfeccionamiento', 'fecha_sancion_normativa'],
      final_value: ['precio_total_renglon', 'monto_total_renglon'],
      unit_price: ['precio_unitario_item'],
    },
  },
  {
    of: 'Paraguay and Uruguay',
    names: {
      buyer_name: ['convocante', 'inciso', 'unidad_ejecutora'],
      supplier_name: ['razon_social', 'nombre_proveedor'],
      supplier_id: ['ruc', 'nro_doc_prov'],
      final_value: ['monto_adjudicado', 'monto_total', 'monto_total_adjudicado'],
      signed_at: ['fecha_firma_contrato', 'fecha_firma', 'fecha_compra'],
      process_number: ['id_llamado', 'nro_licitacion'],
    },
  },
  {
    of: 'Canada: Toronto',
    names: {
      process_number: ['Workspace Number'],
      object: ['Solicitation Document Description'],
      modality: ['RFx (Solicitation) Type', 'Solicitation Type'],
      category: ['High Level Category'],
      supplier_name: ['Successful Supplier'],
      final_value: ['Awarded Amount', 'Contract Amount', 'Award'],
      signed_at: ['Award Date', 'Award Authority Obtained Date', 'Contract Date'],
    },
  },
  {
    of: 'France: essential data of public contracts',
    currency: 'EUR',
    members: true,
    names: {
      contract_number: ['uid', 'numéro de marché', 'idMarche'],
      object: ['objet', 'objet du marché', 'intitulé'],
      buyer_name: ['acheteur_nom', 'acheteur.nom', 'nom acheteur', 'acheteur', 'pouvoir adjudicateur'],
      buyer_id: ['acheteur_id', 'acheteur.id', 'idAcheteur', 'siret acheteur'],
      supplier_name: [
        'titulaire_nom',
        'titulaire_denominationSociale',
        'titulaires.denominationSociale',
        'denominationSociale',
        'nom titulaire',
        'titulaire',
        'attributaire',
      ],
      supplier_id: ['titulaire_id', 'titulaires.id', 'siret titulaire'],
      signed_at: ['dateNotification', 'date de notification', 'dateSignature'],
      final_value: ['montant', 'montant HT', 'montant du marché', 'montant attribué'],
      modality: ['procedure', 'procédure', 'type de procédure'],
      kind: ['nature'],
      category: ['codeCPV', 'code_CPV', 'cpv'],
    },
  },
  {
    of: 'Italy: ANAC, and the yearly lists of law 190 of 2012',
    currency: 'EUR',
    members: true,
    names: {
      contract_number: ['cig', 'codice cig', 'codice identificativo gara'],
      object: ['oggetto', 'oggetto_gara', 'oggetto_lotto', 'oggetto_contratto'],
      buyer_name: [
        'denominazione_amministrazione_appaltante',
        'amministrazione appaltante',
        'stazione appaltante',
        'denominazione stazione appaltante',
        'ente appaltante',
        'struttura proponente',
        'strutturaProponente.denominazione',
      ],
      buyer_id: [
        'cf_amministrazione_appaltante',
        'cf stazione appaltante',
        'codice fiscale stazione appaltante',
        'codiceFiscaleProp',
      ],
      supplier_name: [
        'aggiudicatario',
        'denominazione aggiudicatario',
        'ragione sociale aggiudicatario',
        'aggiudicatario.ragioneSociale',
        'affidatario',
        'operatore economico',
        'ditta aggiudicataria',
      ],
      supplier_id: [
        'cf_aggiudicatario',
        'codice fiscale aggiudicatario',
        'codice_fiscale_aggiudicatario',
        'partita iva aggiudicatario',
        'aggiudicatario.codiceFiscale',
      ],
      signed_at: [
        'data_stipula_contratto',
        'data stipula',
        'data_aggiudicazione_definitiva',
        'data aggiudicazione',
        'data affidamento',
      ],
      start_at: ['data inizio', 'tempiCompletamento.dataInizio'],
      end_at: ['data ultimazione', 'dataUltimazione', 'tempiCompletamento.dataUltimazione', 'data fine'],
      final_value: [
        'importo_aggiudicazione',
        'importo aggiudicato',
        'importo contratto',
        'importo affidamento',
        'importo contrattuale',
      ],
      modality: ['tipo_scelta_contraente', 'scelta contraente', 'procedura scelta contraente'],
      category: ['cod_cpv', 'descrizione_cpv'],
    },
  },
  {
    of: 'Procuring entities in English: East and West Africa, Nepal, the Philippines',
    names: {
      contract_number: ['contract_code', 'contract ref no', 'contract reference number', 'contract no.'],
      object: [
        'contract_name',
        'project title',
        'project name',
        'tender title',
        'subject of procurement',
        'contract title',
      ],
      buyer_name: [
        'procuring entity',
        'procuring entity name',
        'procuring and disposing entity',
        'pde',
        'pe_name',
        'procuring agency',
        'publicEntityName',
        'DistrictEngineeringOffice',
      ],
      supplier_name: [
        'provider_name',
        'name of provider',
        'contractorName1',
        'awardee',
        'awardee name',
        'awarded to',
        'successful bidder',
        'winning bidder',
        'Contractor1',
      ],
      signed_at: ['contract signing date', 'date of contract signing'],
      end_at: ['endOrCompleteDate'],
      final_value: [
        'contract_amount',
        'ContractCost',
        'contract price',
        'contract sum',
        'award_amount',
        'award_price',
      ],
      modality: ['procurement_method'],
      category: ['procurement_category', 'TypeOfWork'],
    },
  },
]

/**
 * Score of a dialect's first name, which is above any score of the general lexicon; later names have a little less.
 */
const BEST = 106
const STEP = 0.5

const NAMES: ReadonlyMap<string, readonly (readonly [Canonical, number])[]> = (() => {
  const found = new Map<string, [Canonical, number][]>()
  for (const { names } of DIALECTS)
    for (const [canonical, list] of Object.entries(names) as [Canonical, readonly string[]][])
      list.forEach((name, at) => {
        const key = keyOf(name)
        const known = found.get(key) ?? []
        if (!known.some(([meant]) => meant === canonical)) known.push([canonical, BEST - STEP * at])
        found.set(key, known)
      })
  return found
})()

function keyOf(name: string): string {
  return fold(name).replaceAll(' ', '')
}

/** Returns the canonical columns that a column's name stands for in the dialects that have it, with scores. */
export const dialectMeanings = (name: string): readonly (readonly [Canonical, number])[] =>
  NAMES.get(keyOf(name)) ?? []

/** Returns the currency of a file's dialect. */
export const dialectCurrency = (names: readonly string[]): string | undefined => dialectOf(names)?.currency

/** Tells whether a file is of a dialect in which each supplier of a contract has a row with the contract's whole amount. */
export const listsMembers = (names: readonly string[]): boolean => dialectOf(names)?.members === true

/** Returns the dialect with the most of a file's names, where at least three of them belong to it alone. */
function dialectOf(names: readonly string[]): Dialect | undefined {
  const keys = new Set(names.map(keyOf))
  const counts = DIALECTS.map((dialect) => ({
    dialect,
    count: new Set(
      Object.values(dialect.names)
        .flat()
        .map(keyOf)
        .filter((key) => keys.has(key)),
    ).size,
  })).sort((a, b) => b.count - a.count)
  const [best, second] = counts
  return best && best.count >= 3 && best.count > (second?.count ?? 0) ? best.dialect : undefined
}
