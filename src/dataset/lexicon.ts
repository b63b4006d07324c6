import type { MAPPABLE_COLUMNS } from '../protocol/contract.ts'
import { headerWords } from './header-name.ts'

export type Canonical = (typeof MAPPABLE_COLUMNS)[number]

/** What the cells of a canonical column must look like. */
export type ContentKind = 'amount' | 'day' | 'tax' | 'text'

export const CONTENT_KINDS: Readonly<Record<Canonical, ContentKind>> = {
  contract_id: 'text',
  contract_number: 'text',
  process_number: 'text',
  kind: 'text',
  modality: 'text',
  legal_basis: 'text',
  status: 'text',
  supplier_id: 'tax',
  supplier_name: 'text',
  buyer_id: 'tax',
  buyer_name: 'text',
  unit_id: 'text',
  unit_name: 'text',
  object: 'text',
  category: 'text',
  item: 'text',
  item_code: 'text',
  unit_of_measure: 'text',
  signed_at: 'day',
  start_at: 'day',
  end_at: 'day',
  initial_value: 'amount',
  updated_initial_value: 'amount',
  final_value: 'amount',
  unit_price: 'amount',
  reference_price: 'amount',
  quantity: 'amount',
}

/** Names a column may have, in the words of {@link headerWords}, best first. */
interface Entry {
  names: readonly (readonly [score: number, pattern: RegExp])[]
  /** Words that make it another thing, whatever else it says. */
  never?: RegExp
}

const SUPPLIER =
  '(?:fornecedor|contratado|credor|favorecido|vencedor|licitante vencedor|prestador|empresa|razao social|recipient|parent recipient)'
const BUYER =
  '(?:comprador|contratante|orgao|entidade|instituicao|ente|secretaria|municipio|prefeitura|orgao entidade|jurisdicionado)'
const UNIT =
  '(?:uasg|ug|unidade gestora|unidade compra|unidade administrativa|unidade compradora|unidade orgao|uc|gestao|unidade gestor[a]?|adjudicacao office|adjudicacaoing office|awarding office|unidade executora)'
/** Kinds of money that are not a contract's own total. */
const OTHER_MONEY =
  /\b(?:parcela|mensal|pago|paga|pagos|pagado|pago adelantado|anticipo|adelantado|facturado|pendiente|amortizad[oa]|liquidad[oa]|aditiv[oa]s?|acrescim[oa]s?|acrescid[oa]|supressa[o]|supressoes|garantia|caucao|saldo|multa|desconto|imposto|tributo|iva|tax|iss|retid[oa]|retencao|adiciones|adicion|glosa|economia|outlayed|outlays?|percentual|percent|porcentaje|aliquota|taxa|anulad[oa]|cancelad[oa]|devolvid[oa]|repasse|contrapartida|balance|utilizado|executad[oa]|ejecutad[oa]|medid[oa]|low|high|minimum|minimo|capital social|moeda|moneda|currency|tipo|data|codigo|numero|item|presupuesto general|sgp|regalias|propios|credito|destino|gasto)\b/
const ESTIMATE =
  /\b(?:referencia|estimad[oa]|previst[oa]|orcad[oa]|orcamento|maximo|potential|presupuesto|base presupuesto|orcamentari[oa]|mercado|teto|ceiling|licitacao|processo|tender|proposta|planning|budget)\b/
const UNITARY = /\b(?:unitario|unidade preco|preco unidade|unidade valor|valor unidade|por unidade)\b/
const NOT_SUPPLIER =
  /\b(?:comprador|contratante|orgao|gestora|uasg|fiscal|gestor|representante|responsavel|sub contratado|subcontratado|parent|endereco|address|cidade|ciudad|municipio|uf|estado|tipo|porte|genero|domicilio|telefone|email|scale|size|banco|cuenta|nacionalidad|pais|country|link|url|departamento|grupo|legal role)\b/

/**
 * The names portals give each canonical column. Written from the column names of Portal da Transparência,
 * Comprasnet and PNCP, state and municipal portals and courts of accounts (MG, SP, RS, PR, BA, CE, PE), SECOP I
 * and II, ChileCompra, CompraNet, USAspending, Contracts Finder, and OCDS flattened to columns.
 */
export const LEXICON: Readonly<Record<Canonical, Entry>> = {
  contract_id: { names: [[100, /^contrato id$/]] },
  contract_number: {
    names: [
      [
        100,
        /^(?:contrato numero|numero contrato|numero contrato empenho|numero instrumento(?: contratual)?|numero termo(?: contrato)?)$/,
      ],
      [97, /^(?:referencia contrato|codigo contrato|adjudicacao id piid|piid|numero contrato\b.*)$/],
      [
        94,
        /^(?:numero|contrato|instrumento|numero ata|nota empenho|numero empenho|empenho|numero nota empenho|codigo empenho|numero ajuste)$/,
      ],
      [
        90,
        /^(?:numero controle pncp|numero controle pncp compra|id contrato|contrato id|identificacao contrato|identificador contrato)$/,
      ],
      [
        85,
        /^(?:contrato \d+ id|contratos? id|contrato adjudicacao unique key|codigo orden compra|numero orden compra|orden compra|notice identificacao|adjudicacao id|id orden compra)$/,
      ],
      [
        70,
        /^(?:ocid|compiled release ocid|id|codigo|numero registro|numero constancia|uuid|release id|contrato ano|contrato numero ano|numero documento)$/,
      ],
      [60, /^(?:sequencial contrato|sequencial|codigo contratacao)$/],
    ],
    never:
      /\b(?:fornecedor|contratado|comprador|licitacao|processo|aditivo|valor|data|orgao|item|superior|subcontratado)\b/,
  },
  process_number: {
    names: [
      [
        100,
        /^(?:numero processo|processo|numero processo (?:compra|contratacao|administrativo|licitatorio)|processo (?:compra|contratacao|administrativo|licitatorio|numero)|codigo processo)$/,
      ],
      [
        85,
        /^(?:numero processo\b.*|processo (?:sei|id|referencia|sei numero)|id processo|ocid|numero protocolo|protocolo|solicitation identificacao|solicitation identificador|edoc processo)$/,
      ],
      [
        60,
        /^(?:id compra|numero licitacao|licitacao numero|licitacao|numero compra|tender id|licitacao codigo|codigo licitacao|edital|numero edital|numero pregao|pregao|numero modalidade)$/,
      ],
    ],
    never: /\b(?:url|link|data|situacao|tipo|objeto|valor|ano|descricao|modalidade processo)\b/,
  },
  kind: {
    names: [
      [
        100,
        /^(?:tipo contrato(?: nome)?|tipo instrumento(?: contratual)?|contrato tipo|kind|especie|especie contrato|tipo ajuste|instrumento contratual|tipo termo|contrato tipo nome|tipo contrato descricao)$/,
      ],
      [
        85,
        /^(?:tipo|adjudicacao tipo|tipo contratacion|tipo contratacao|tipo documento habil|tipo orden|tipo empenho|notice tipo|tipo contrato\b.*)$/,
      ],
    ],
    never: /\b(?:fornecedor|contratado|codigo|id|pessoa|documento|valor)\b/,
  },
  modality: {
    names: [
      [
        100,
        /^(?:modalidade|modality|modalidade (?:compra|licitacao|contratacao|licitatoria|nome)|procedimento contratacao|tipo procedimento|tipo modalidade|forma contratacao|modalidade contratacao\b.*|modalidade licitacao\b.*)$/,
      ],
      [
        85,
        /^(?:modalidade\b.*|nome modalidade\b.*|descricao modalidade\b.*|tipo licitacao|procedure tipo|ojeu procedure tipo|extent competed|extent competed nome|procurement method|tender procurement method|tender procurement method details|procedimento|tipo processo|procedencia|forma aquisicao|tipo compra)$/,
      ],
    ],
    never: /\b(?:codigo|id|numero|justificativa|justificacion|amparo|fundamento|cd)\b/,
  },
  legal_basis: {
    names: [
      [
        100,
        /^(?:fundamento legal|fundamentacao legal|amparo legal|base legal|legal basis|enquadramento legal|amparo legal nome|fundamento|dispositivo legal|amparo|embasamento legal)$/,
      ],
      [
        70,
        /^(?:justificativa|justificacion modalidade\b.*|justificativa contratacao direta|lei|procurement method rationale|enquadramento|artigo|tender procurement method rationale)$/,
      ],
    ],
  },
  status: {
    names: [
      [
        100,
        /^(?:situacao|situacao contrato|contrato situacao|situacao atual|situacao (?:compra|processo|instrumento))$/,
      ],
      [70, /^(?:situacao\b.*|fase|etapa|contrato \d+ situacao)$/],
    ],
    never: /\b(?:data|fornecedor|contratado|codigo|uf|civil|municipio)\b/,
  },
  supplier_id: {
    names: [
      [
        100,
        new RegExp(
          `^(?:fornecedor id|(?:numero )?(?:cpf cnpj|cnpj cpf|cnpj|cpf|nit|rut|rfc|ruc|cuit|ni|documento|identificacao|item|numero documento) ${SUPPLIER}|${SUPPLIER} (?:numero )?(?:cpf cnpj|cnpj cpf|cnpj cpf idgener|cnpj|cpf|nit|rut|rfc|ruc|ni|documento|identificacao|cnpj formatado|cpf cnpj formatado|uei|item))$`,
        ),
      ],
      [
        96,
        new RegExp(
          `^(?:(?:codigo|id) ${SUPPLIER}|${SUPPLIER} (?:codigo|id|duns|ref numero)|ni ${SUPPLIER}|${SUPPLIER}s? \\d+ id|adjudicacao \\d+ fornecedor \\d+ id|${SUPPLIER} identificacao\\b.*|.*\\b(?:cpf|cnpj)\\b.*\\b${SUPPLIER}\\b.*|.*\\b${SUPPLIER}\\b.*\\b(?:cpf|cnpj|nit|rut|rfc)\\b.*|numero item ${SUPPLIER}|rut sucursal)$`,
        ),
      ],
      [
        80,
        /^(?:cpf cnpj|cnpj cpf|cnpj|cpf|numero (?:cpf cnpj|cnpj cpf|cnpj|cpf)|rfc|cpf ou cnpj|cnpj ou cpf|cnpj empresa|nu cnpj|cgc|numero inscricao|ni|nr cpf cnpj)$/,
      ],
    ],
    never: NOT_SUPPLIER,
  },
  supplier_name: {
    names: [
      [
        100,
        new RegExp(
          `^(?:nome ${SUPPLIER}|${SUPPLIER} nome|(?:nome )?razao social ${SUPPLIER}|nome razao social ${SUPPLIER}|${SUPPLIER} razao social|${SUPPLIER} razao social receita|fornecedor|contratado|nome contratado|fornecedor ou contratado|contratado fornecedor|fornecedor contratado|fornecedor adjudicado|fornecedor vencedor|nome empresa contratada)$`,
        ),
      ],
      [
        92,
        new RegExp(
          `^(?:credor|favorecido|vencedor|empresa|razao social|nome razao social|prestador|licitante vencedor|empresa (?:contratado|vencedor)|nome fantasia|adjudicado|fornecedor \\d+ nome|adjudicacao \\d+ fornecedor \\d+ nome|partes?|fornecedor nome\\b.*|nome ${SUPPLIER}\\b.*|${SUPPLIER} (?:cpf cnpj|cnpj cpf|cnpj|cpf)|(?:cpf cnpj|cnpj cpf|cnpj|cpf) (?:nome )?${SUPPLIER}|(?:cnpj|cpf|cnpj cpf|cpf cnpj) nome\\b.*|${SUPPLIER} (?:cnpj|cpf) nome|nome (?:cnpj|cpf)|razao social (?:cnpj|cpf cnpj))$`,
        ),
      ],
      [60, new RegExp(`^(?:nome|pessoa|interessado|.*\\b${SUPPLIER}\\b.*)$`)],
    ],
    never:
      /\b(?:comprador|contratante|orgao|gestora|uasg|fiscal|gestor|representante|responsavel|sub contratado|subcontratado|sub sub|parent|endereco|address|cidade|ciudad|uf|estado|porte|genero|domicilio|telefone|email|banco|cuenta|link|url|codigo|tipo|id|valor|data|numero fornecedor|grupo|situacao|objeto|quantidade|total)\b/,
  },
  buyer_id: {
    names: [
      [
        100,
        new RegExp(
          `^(?:comprador id|(?:codigo|cnpj|nit|id) ${BUYER}(?: contratante| comprador| contrato| demandante)?|${BUYER} (?:codigo|cnpj|nit|id|numero cnpj)|codigo ${BUYER} publico|adjudicacao(?:ing)? orgao codigo|awarding orgao codigo|buyer id|rut unidade compra|numero cnpj ${BUYER}|nit ${BUYER})$`,
        ),
      ],
      [70, new RegExp(`^(?:(?:codigo|cnpj) ${BUYER}\\b.*|${BUYER} (?:entidade )?(?:codigo|cnpj)\\b.*)$`)],
    ],
    never:
      /\b(?:superior|vinculad[oa]|fornecedor|contratado|sub rogado|unidade gestora|funding|codigo sub|ug|funcao|postal|esfera|poder)\b/,
  },
  buyer_name: {
    names: [
      [
        100,
        new RegExp(
          `^(?:comprador|comprador nome|nome comprador|contratante|(?:nome )?${BUYER} (?:contratante|comprador|publico|demandante)|nome (?:orgao|entidade|instituicao|ente|orgao entidade)|(?:orgao|entidade|instituicao|ente) nome|orgao|entidade|instituicao|orgao entidade|orgao entidade razao social|awarding orgao nome|adjudicacao(?:ing)? orgao nome|orgao nome\\b.*|nome contratante)$`,
        ),
      ],
      [
        88,
        new RegExp(
          `^(?:nome ${BUYER}\\b.*|${BUYER} (?:contrato|licitante|responsavel|razao social|vinculado|origem|gestor)|secretaria|orgao \\w+|ente|parties \\d+ nome|adjudicacaoing orgao|awarding sub orgao nome|unidade gestora orgao maximo nome|secretaria requisitante|unidade requisitante|orgao requisitante|orgao setor|municipio|prefeitura|jurisdicionado|descricao orgao|descricao entidade|nome jurisdicionado)$`,
        ),
      ],
      [
        45,
        /^(?:origem sigla|sigla|sigla orgao|siglas (?:orgao|instituicao)|orgao superior|nome orgao superior|campus|campi|origem|unidade)$/,
      ],
    ],
    never:
      /\b(?:codigo|cnpj|nit|id|uf|tipo|data|valor|numero|sub rogado|funding|fornecedor|contratado|esfera|poder|email|url|link|superior codigo)\b/,
  },
  unit_id: {
    names: [
      [
        100,
        new RegExp(
          `^(?:unit id|unidade id|codigo ${UNIT}|${UNIT} codigo|uasg|ug|origem uasg|uasg (?:numero|origem|contratante|gestora)|unidade gestora|unidade orgao codigo unidade|unidade codigo|codigo unidade|adjudicacaoing office codigo|awarding office codigo|codigo uc|unidade gestora codigo|numero uasg|codigo uasg)$`,
        ),
      ],
      [60, /^(?:unidade compra|codigo unidade\b.*)$/],
    ],
    never: /\b(?:medida|orcamentari[oa]|licitacao|item|executora|superior|funding|nome|rut)\b/,
  },
  unit_name: {
    names: [
      [
        100,
        new RegExp(
          `^(?:unit name|unidade nome|nome ${UNIT}|${UNIT} nome|unidade orgao nome unidade|unidade nome resumido|nome unidade|adjudicacaoing office nome|awarding office nome|descricao ${UNIT}|nome uc|unidade gestora nome)$`,
        ),
      ],
      [
        60,
        /^(?:unidade gestora|unidade compra|unidade administrativa|unidade|setor|lotacao|unidade compradora)$/,
      ],
    ],
    never:
      /\b(?:medida|orcamentari[oa]|licitacao|item|executora|codigo|superior|funding|fornecedor|contratado)\b/,
  },
  object: {
    names: [
      [
        100,
        /^(?:objeto|objeto (?:contrato|contratacao|compra|licitacao|processo|contratual|resumido|completo)|descricao objeto(?: contrato| compra| licitacao)?|objeto contrato\b.*|contrato objeto|object)$/,
      ],
      [
        88,
        /^(?:contrato titulo|titulo contrato|contrato descricao|descricao contrato|objeto\b.*|resumo objeto|contrato \d+ (?:titulo|descricao)|detalle objeto\b.*|prime adjudicacao base transaction descricao|transaction descricao|finalidade|historico)$/,
      ],
      [
        70,
        /^(?:descricao|descricao processo|descricao adjudicacao|tender (?:titulo|descricao)|titulo|nome contrato|descricao compra|descricao servico|assunto|observacao|adjudicacao \d+ (?:titulo|descricao)|resumo|descricao obervaciones)$/,
      ],
    ],
    never: /\b(?:codigo|url|link|data|valor|tipo objeto|situacao|item)\b/,
  },
  category: {
    names: [
      [
        100,
        /^(?:categoria|categoria (?:processo|processo nome|contrato|objeto|compra)|category|natureza objeto|grupo (?:item|material|servico|despesa)|linha fornecimento|main procurement category|tender main procurement category)$/,
      ],
      [
        75,
        /^(?:natureza(?: despesa)?|classe|grupo|elemento despesa|subcategoria|rubro n ?1|rubro|naics descricao|item or service codigo descricao|ramo|segmento|area|codigo categoria principal|cpv descricao|cpv codes?|classificacao|tipo objeto|descricao natureza despesa|categoria\b.*|descricao categoria\b.*)$/,
      ],
    ],
    never: /\b(?:fornecedor|contratado|economica)\b/,
  },
  item: {
    names: [
      [
        100,
        /^(?:item|descricao item(?: compra| licitacao| contrato)?|item (?:descricao|material servico|licitacao|contrato)|nome item|item \d+ descricao|descricao (?:produto|material|servico|item\b.*)|material servico|descricao material servico|item descricao detalhada|descricao detalhada|descricao comprador|nome generico item)$/,
      ],
      [
        70,
        /^(?:material|produto|servico|item nome|nomeroducto generico|nome roducto generico|descricao comprador|mercadoria|bem)$/,
      ],
    ],
    never: /\b(?:codigo|numero|valor|quantidade|unidade|tipo|linha|or service)\b/,
  },
  item_code: {
    names: [
      [
        100,
        /^(?:item codigo|codigo item\b.*|codigo (?:material|servico|catmat|catser|produto|item)|catmat|catser|catmat catser|item code|codigo material servico|item or service codigo|codigo item onu|numero item|item numero)$/,
      ],
    ],
    never: /\b(?:descricao|fornecedor|contratado)\b/,
  },
  unit_of_measure: {
    names: [
      [
        100,
        /^(?:unidade medida(?: item)?|medida|unidade fornecimento|descricao unidade (?:fornecimento|medida)|sigla unidade (?:fornecimento|medida)|unidade (?:item|comercial)|unidade medida\b.*|item \d+ unidade nome|nome unidade (?:fornecimento|medida)|embalagem|apresentacao)$/,
      ],
      [50, /^unidade$/],
    ],
    never: /\b(?:valor|preco|codigo)\b/,
  },
  signed_at: {
    names: [
      [
        100,
        /^(?:data assinatura|assinatura|data assinatura (?:contrato|instrumento|termo)|contrato data assinatura|assinatura data|signed at|assinatura contrato|contrato \d+ data assinatura|data contrato|contrato data|contrato assinatura)$/,
      ],
      [
        88,
        /^(?:data assinatura\b.*|data (?:celebracao|firmamento|formalizacao|lavratura|adjudicacao|adjudicado|contratacao|emissao contrato)|adjudicacao base action data|adjudicado data|adjudicacao data|contrato \d+ assinatura|assinado em|action data|data empenho|data emissao|data emissao empenho|data emissao nota empenho|emissao|adjudicacao \d+ data|fecha envio|data envio|data ajuste)$/,
      ],
      [55, /^(?:data|data ordem)$/],
    ],
    never:
      /\b(?:publicacao|extracao|cadastr\w+|inclusao|atualizacao|registro|criacao|fim|inicio|carga|aditivo|vigencia|abertura|ultima|encerramento)\b/,
  },
  start_at: {
    names: [
      [
        100,
        /^(?:inicio vigencia|data inicio vigencia|vigencia inicio|vigencia inicial|data inicio|data vigencia inicio|inicio|contrato data inicio|contrato inicio data|data inicio contrato|data inicial|start at|data vigencia inicial|data inicio vigencia contrato|inicio contrato|vigencia performance inicio data|contrato \d+ vigencia inicio data|contrato inicio|data inicial vigencia|data inicio\b.*vigencia.*|vigencia data inicio)$/,
      ],
      [
        80,
        /^(?:data inicio\b.*|inicio vigencia\b.*|data inicio (?:execucao|servico|obra)|inicio execucao|vigencia contrato inicio|vigencia de|inicial)$/,
      ],
      [55, /^(?:vigencia|prazo vigencia|vigencia contrato)$/],
    ],
    never:
      /\b(?:publicacao|extracao|cadastr\w+|fim|final|aditivo|licitacao|liquidacion|proposta|recebimento|valor|tender)\b/,
  },
  end_at: {
    names: [
      [
        100,
        /^(?:fim vigencia|data fim vigencia|vigencia fim|vigencia final|data fim|data vigencia fim|fim|contrato data fim|contrato fim data|data fim contrato|data final|end at|data vigencia final|fim contrato|vigencia performance atual fim data|contrato \d+ vigencia fim data|contrato fim|fim vigencia atualizado|data final vigencia|data fim\b.*vigencia.*|data fim vigencia atualizado|vigencia data fim|data fim atualizado)$/,
      ],
      [
        80,
        /^(?:data fim\b.*|fim vigencia\b.*|vigencia fim\b.*|data limite vigencia|fim execucao|vigencia ate|data validade|validade|final|data vigencia)$/,
      ],
    ],
    never:
      /\b(?:publicacao|extracao|cadastr\w+|inicio|aditivo|licitacao|liquidacion|proposta|recebimento|valor|potential|tender)\b/,
  },
  initial_value: {
    names: [
      [
        100,
        /^(?:valor inicial|inicial valor|valor inicial (?:contrato|compra|contratado|total|global)|valor contrato inicial|valor contrato sem aditivos?|contrato inicial valor|valor contratado inicial|valor total inicial|valor global inicial)$/,
      ],
      [
        85,
        /^(?:valor inicial\b.*|.*\bvalor inicial|valor total contrato inicial|base exercised options valor)$/,
      ],
    ],
    never: new RegExp(
      `${OTHER_MONEY.source.replace('aditiv[oa]s?|', '')}|${ESTIMATE.source}|${UNITARY.source}|\\b(?:atualizado|reajustado|atual|final)\\b`,
    ),
  },
  updated_initial_value: {
    names: [
      [
        100,
        /^(?:valor inicial (?:atualizado|reajustado|atual)|updated inicial valor|atualizado inicial valor|inicial atualizado|valor inicial contrato (?:atualizado|reajustado)|inicial valor atualizado)$/,
      ],
    ],
    never: OTHER_MONEY,
  },
  final_value: {
    names: [
      [
        100,
        /^(?:final valor|valor final|valor global|valor final (?:contrato|compra|contratado)|valor atual|valor atualizado|valor (?:atual|atualizado|vigente) contrato|valor contrato (?:atual|atualizado|final|com aditivos?)|valor com aditivos?|valor global (?:contrato|atual|atualizado)|valor contrato con adiciones|atual total valor adjudicacao|valor total atualizado|valor total com aditivos?)$/,
      ],
      [
        94,
        /^(?:valor total|valor total (?:contrato|contratado|homologado|adjudicado|compra|item|itens)|valor total\b.*\bcontrato|valor contrato|contrato valor|valor contratado|valor homologado|valor adjudicado|adjudicado valor|valor adjudicacao|contrato \d+ valor|valor contrato\b.*|valor global\b.*|valor homologado total|total contrato|total contratado|total homologado|valor acordado|contrato valor total|valor final\b.*)$/,
      ],
      [
        88,
        /^(?:valor|total|valor item|valor compra|valor contratacao|preco total|total preco|valor total\b.*|valor acumulado|valor r|contrato \d+ valor valor|adjudicacao \d+ valor(?: valor)?|contratos? valor valor|total dollars obligated|valor instrumento|valor ajuste|valor ata|total linha|total linea neto|valor pesos|valor drc|valor despesa|valor vencedor|federal action obligation|valor mxn|valor clp|valor r em reais|valor em reais)$/,
      ],
      [
        60,
        /^(?:valor empenhado|valor empenho|valor empenho original|valor empenho convertido r|preco|global|cuantia contrato|valor liquido|valor bruto|montante|valor licitado|valor original empenho)$/,
      ],
    ],
    never: new RegExp(
      `${OTHER_MONEY.source.replace('aditiv[oa]s?|', '').replace('adiciones|', '').replace('|item', '')}|${ESTIMATE.source}|${UNITARY.source}|\\b(?:inicial|anual|total adiciones|acrescido)\\b`,
    ),
  },
  unit_price: {
    names: [
      [
        100,
        /^(?:unitario|(?:valor|preco) unitario|unitario (?:valor|preco)|unidade preco|preco unidade|valor unitario (?:homologado|contratado|adjudicado|item|venda|vencedor)|(?:valor|preco) (?:homologado|contratado|adjudicado) unitario|preco unitario\b.*|preco neto|item \d+ unidade valor|item \d+ unidade valor valor|valor unidade|valor unitario\b.*|valor item unitario)$/,
      ],
    ],
    never: new RegExp(`${ESTIMATE.source}|\\b(?:medida|data|moeda|moneda|desconto)\\b`),
  },
  reference_price: {
    names: [
      [
        100,
        /^(?:referencia preco|preco referencia|valor referencia unitario|valor unitario (?:referencia|estimado|orcado|maximo|previsto)|preco unitario (?:referencia|estimado|orcado|maximo|previsto)|valor (?:estimado|maximo|orcado) unitario|preco (?:estimado|maximo|referencia) unitario|unidade preco (?:estimado|referencia)|(?:referencia|estimado) (?:unidade preco|preco unitario)|preco referencia unitario|preco maximo|preco estimado|preco medio mercado)$/,
      ],
    ],
    never: /\b(?:total|global|data|moeda)\b/,
  },
  quantity: {
    names: [
      [
        100,
        /^(?:quantidade|quantidade (?:item|itens|homologada|homologado|contratada|contratado|adquirida|adjudicado|comprada|total|material|produto)|item quantidade|item \d+ quantidade|quantidade item\b.*)$/,
      ],
      [70, /^quantidade\b.*/],
    ],
    never:
      /\b(?:parcela|dias|aditiv[oa]s?|fornecedor|licitantes|propostas|estimad[oa]|referencia|meses|contrato|licitacao|valor|preco|unidade medida|recebid[oa])\b/,
  },
}

/**
 * How well a column's name says that it is a canonical column: 0 (not at all) to 110 (its very name).
 * @param words the name in {@link headerWords}
 */
export function nameScore(canonical: Canonical, name: string, words: string): number {
  if (name.trim().toLowerCase() === canonical) return 110
  const entry = LEXICON[canonical]
  for (const [score, pattern] of entry.names) {
    if (pattern.test(words)) return entry.never?.test(words) ? 0 : score
  }
  return 0
}

const CANONICAL = Object.keys(LEXICON) as Canonical[]
const remembered = new Map<string, readonly (readonly [Canonical, number])[]>()

/** Every canonical column that a name may mean, with its score. */
export function meanings(name: string): readonly (readonly [Canonical, number])[] {
  const known = remembered.get(name)
  if (known) return known
  const words = headerWords(name)
  const found: (readonly [Canonical, number])[] = []
  if (words !== '' && name.length <= 120) {
    for (const canonical of CANONICAL) {
      const score = nameScore(canonical, name, words)
      if (score > 0) found.push([canonical, score])
    }
  }
  if (remembered.size > 5000) remembered.clear()
  remembered.set(name, found)
  return found
}
