import type { ColumnNames } from './canonical.ts'

const SUPPLIER =
  '(?:fornecedor|contratado|credor|favorecido|vencedor|licitante vencedor|prestador|empresa|razao social|recipient|parent recipient)'
const BUYER =
  '(?:comprador|contratante|orgao|entidade|instituicao|ente|secretaria|municipio|prefeitura|orgao entidade|jurisdicionado)'
const UNIT =
  '(?:uasg|ug|unidade gestora|unidade compra|unidade administrativa|unidade compradora|unidade orgao|uc|gestao|unidade gestor[a]?|adjudicacao office|adjudicacaoing office|awarding office|unidade executora)'
const NOT_SUPPLIER =
  /\b(?:comprador|contratante|orgao|gestora|uasg|fiscal|gestor|representante|responsavel|sub contratado|subcontratado|parent|endereco|address|cidade|ciudad|municipio|uf|estado|tipo|porte|genero|domicilio|telefone|email|scale|size|banco|cuenta|nacionalidad|nationality|pais|country|link|url|departamento|grupo|legal role|prefeitura|secretaria|entidade|ente|instituicao|ordenador|autoridade|servidor|unidade|socio|perdedor|2 colocado)\b/

/**
 * Names of numbers, parties and descriptions at portals. They come from the column names of Portal da
 * Transparência, Comprasnet and PNCP, state and municipal portals and courts of accounts (MG, SP, RS, PR, BA, CE,
 * PE), SECOP I and II, ChileCompra, CompraNet, USAspending, Contracts Finder, and OCDS flattened to columns.
 */
export const SUBJECT_NAMES = {
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
        /^(?:numero|contrato|instrumento|numero ata|nota empenho|numero empenho|empenho|numero nota empenho|codigo empenho|numero ajuste|(?:numero|id|codigo) (?:compromiso|commitment)|(?:compromiso|commitment) (?:numero|id|codigo)|compromiso|commitment)$/,
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
        /^(?:ocid|compiled release ocid|id|codigo|numero registro|numero constancia|uuid|release id|contrato ano|contrato numero ano|numero documento|numero ano|transaction numero|numero transaction)$/,
      ],
      [65, /^(?:docno|doc (?:no|numero)|numero doc)$/],
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
        /^(?:id compra|numero licitacao|licitacao numero|licitacao|numero compra|tender (?:id|ref|referencia|numero)|licitacao codigo|codigo licitacao|edital|numero edital|numero pregao|pregao|numero modalidade|procedimento numero|numero procedimento)$/,
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
      [70, /^(?:descricao tipo|nome tipo|instrumento)$/],
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
          `^(?:fornecedor id|(?:numero )?(?:cpf cnpj|cnpj cpf|cnpj|cpf|nit|nif|rut|rfc|ruc|cuit|ni|documento|identificacao|item|numero documento) ${SUPPLIER}|${SUPPLIER} (?:numero )?(?:cpf cnpj|cnpj cpf|cnpj cpf idgener|cnpj|cpf|nit|nif|rut|rfc|ruc|ni|documento|identificacao|cnpj formatado|cpf cnpj formatado|uei|item))$`,
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
        /^(?:cpf cnpj|cnpj cpf|cnpj|cpf|numero (?:cpf cnpj|cnpj cpf|cnpj|cpf)|rfc|cpf ou cnpj|cnpj ou cpf|cnpj empresa|nu cnpj|nif|cif|nif cif|cif nif|cgc|numero inscricao|ni|nr cpf cnpj|uei|win nationalid|(?:cpf cnpj|cnpj cpf|cnpj) 1 colocado)$/,
      ],
      [50, /^(?:numero )?(?:cpf cnpj|cnpj cpf|identificacao despesa)\b.*$/],
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
          `^(?:credor|favorecido|vencedor|empresa|razao social|nome razao social|prestador|licitante vencedor|legal business nome|win nome|1 colocado|empresa (?:contratado|vencedor)|nome fantasia|adjudicado|fornecedor \\d+ nome|adjudicacao \\d+ fornecedor \\d+ nome|partes?|fornecedor nome\\b.*|nome ${SUPPLIER}\\b.*|${SUPPLIER} (?:cpf cnpj|cnpj cpf|cnpj|cpf)|(?:cpf cnpj|cnpj cpf|cnpj|cpf) (?:nome )?${SUPPLIER}|(?:cnpj|cpf|cnpj cpf|cpf cnpj) nome\\b.*|${SUPPLIER} (?:cnpj|cpf) nome|nome (?:cnpj|cpf)|razao social (?:cnpj|cpf cnpj))$`,
        ),
      ],
      [21, /^descricao despesa$/],
      [60, new RegExp(`^(?:nome|pessoa|interessado|.*\\b${SUPPLIER}\\b.*)$`)],
    ],
    never:
      /\b(?:comprador|contratante|orgao|gestora|uasg|fiscal|gestor|representante|responsavel|sub contratado|subcontratado|sub sub|parent|endereco|address|cidade|ciudad|uf|estado|porte|genero|domicilio|telefone|email|banco|cuenta|pais|country|nacionalidad|nationality|count|generic|link|url|codigo|tipo|id|valor|data|numero fornecedor|grupo|situacao|objeto|quantidade|total)\b/,
  },
  buyer_id: {
    names: [
      [
        100,
        new RegExp(
          `^(?:comprador id|(?:contratos?|adjudicacao) \\d+ comprador id|(?:codigo|cnpj|nit|ruc|rut|rfc|cuit|id) ${BUYER}(?: contratante| comprador| contrato| demandante)?|${BUYER} (?:codigo|cnpj|nit|ruc|rut|rfc|cuit|id|numero cnpj)|codigo ${BUYER} publico|adjudicacao(?:ing)? orgao codigo|awarding orgao codigo|buyer id|rut unidade compra|numero cnpj ${BUYER}|nit ${BUYER})$`,
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
          `^(?:comprador|comprador nome|(?:contratos?|adjudicacao) \\d+ comprador nome|nome comprador|contratante|(?:nome )?${BUYER} (?:contratante|comprador|publico|demandante)|nome (?:orgao|entidade|instituicao|ente|orgao entidade)|(?:orgao|entidade|instituicao|ente) nome|orgao|entidade|instituicao|orgao entidade|orgao entidade razao social|awarding orgao nome|adjudicacao(?:ing)? orgao nome|orgao nome\\b.*|nome contratante|contracting orgao(?: nome)?|cae nome)$`,
        ),
      ],
      [
        88,
        new RegExp(
          `^(?:nome ${BUYER}\\b.*|${BUYER} (?:contrato|licitante|responsavel|razao social|vinculado|origem|gestor)|secretaria|orgao \\w+|ente|parties \\d+ nome|adjudicacaoing orgao|awarding sub orgao nome|unidade gestora orgao maximo nome|secretaria requisitante|unidade requisitante|orgao requisitante|orgao setor|prefeitura|jurisdicionado|descricao orgao|descricao entidade|nome jurisdicionado)$`,
        ),
      ],
      [
        45,
        /^(?:origem sigla|sigla|sigla orgao|siglas (?:orgao|instituicao)|orgao superior|nome orgao superior|campus|campi|origem|unidade)$/,
      ],
      [40, /^(?:nome |descricao )?municipio$/],
    ],
    never:
      /\b(?:codigo|cnpj|nit|id|uf|tipo|data|valor|numero|sub rogado|funding|fornecedor|contratado|esfera|poder|email|url|link|superior codigo)\b/,
  },
  unit_id: {
    names: [
      [
        100,
        new RegExp(
          `^(?:unit id|unidade id|codigo ${UNIT}|${UNIT} codigo|uasg|ug|origem uasg|uasg (?:numero|origem|contratante|gestora)|unidade gestora|unidade orgao codigo unidade|unidade codigo|codigo unidade|adjudicacaoing office codigo|awarding office codigo|codigo uc|codigo gestora|unidade gestora codigo|numero uasg|codigo uasg)$`,
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
          `^(?:unit name|unidade nome|nome ${UNIT}|${UNIT} nome|unidade orgao nome unidade|unidade nome resumido|nome unidade|adjudicacaoing office nome|awarding office nome|contracting office nome|descricao ${UNIT}|nome uc|unidade gestora nome)$`,
        ),
      ],
      [
        60,
        /^(?:unidade gestora|unidade compra|unidade administrativa|unidade|setor|lotacao|unidade compradora)$/,
      ],
      [45, /^(?:seccion|secao|division|delegacion|concejalia|negociado)$/],
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
        /^(?:contrato titulo|titulo contrato|contrato descricao|descricao contrato|objeto\b.*|resumo objeto|contrato \d+ (?:titulo|descricao)|detalle objeto\b.*|prime adjudicacao base transaction descricao|transaction descricao|finalidade|historico(?: despesa| empenho)?)$/,
      ],
      [
        70,
        /^(?:descricao|descricao processo|descricao adjudicacao|tender (?:titulo|descricao)|titulo|nome contrato|descricao compra|descricao servico|assunto|observacao|adjudicacao \d+ (?:titulo|descricao)|resumo|descricao obervaciones|obra nome|nome obra|obra)$/,
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
        /^(?:natureza(?: despesa)?|classe|grupo|elemento despesa|subcategoria|rubro n ?1|rubro|naics descricao|item or service codigo descricao|ramo|segmento|area|codigo categoria principal|cpv descricao|cpv codes?|classificacao|tipo objeto|descricao natureza despesa|categoria\b.*|nome categoria|descricao categoria\b.*)$/,
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
        /^(?:item codigo|codigo item\b.*|codigo (?:material|servico|catmat|catser|produto|item)|catmat|catser|catmat catser|item code|codigo material servico|item or service codigo|codigo item onu|codigo (?:cubso|unspsc|cabms|clasificador|pdm|classe material))$/,
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
} as const satisfies Record<string, ColumnNames>
