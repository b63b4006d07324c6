import type { ColumnNames } from './canonical.ts'

/** Matches kinds of money that are not a contract's own total. */
const OTHER_MONEY =
  /\b(?:parcela|mensal|pago|paga|pagos|pagado|pago adelantado|anticipo|adelantado|facturado|pendiente|amortizad[oa]|liquidad[oa]|aditiv[oa]s?|acrescim[oa]s?|acrescid[oa]|supressa[o]|supressoes|garantia|caucao|saldo|multa|desconto|imposto|tributo|iva|tax|iss|retid[oa]|retencao|adiciones|adicion|glosa|economia|outlayed|outlays?|percentual|percent|porcentaje|aliquota|taxa|anulad[oa]|cancelad[oa]|devolvid[oa]|repasse|contrapartida|balance|utilizado|executad[oa]|ejecutad[oa]|medid[oa]|low|high|minimum|minimo|capital social|moeda|moneda|currency|tipo|data|codigo|numero|item|presupuesto general|sgp|regalias|propios|credito|destino|gasto)\b/
const ESTIMATE =
  /\b(?:referencia|estimad[oa]|previst[oa]|orcad[oa]|orcamento|maximo|potential|presupuesto|base presupuesto|orcamentari[oa]|mercado|teto|ceiling|licitacao|processo|tender|proposta|planning|budget|est)\b/
const UNITARY = /\b(?:unitario|unidade preco|preco unidade|unidade valor|valor unidade|por unidade)\b/
/** Names of days, amounts, prices and quantities at portals; sources as for the subjects. */
export const FIGURE_NAMES = {
  signed_at: {
    names: [
      [
        100,
        /^(?:data assinatura|assinatura|data assinatura (?:contrato|instrumento|termo)|contrato data assinatura|assinatura data|signed at|assinatura contrato|contrato \d+ data assinatura|data contrato|contrato data|contrato assinatura)$/,
      ],
      [
        88,
        /^(?:data assinatura\b.*|data (?:celebracao|firmamento|formalizacao|lavratura|adjudicacao|adjudicado|contratacao|emissao contrato)|adjudicacao base action data|adjudicado data|adjudicacao data|contrato \d+ assinatura|assinado em|action data|data empenho|data emissao|data emissao empenho|data emissao\b.*|emissao|adjudicacao \d+ data|fecha envio|data envio|data ajuste)$/,
      ],
      [80, /^(?:contrato )?(?:(?:execution|executed) data|data (?:execution|executed)|executed)$/],
      [
        60,
        /^(?:invoice )?(?:payment|paid|pay|clearing|posting|gl) data$|^data (?:pagamento|pago|payment|paid|clearing|posting)$/,
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
        /^(?:inicio vigencia|inicio data|data inicio vigencia|vigencia inicio|vigencia inicial|data inicio|data vigencia inicio|inicio|contrato data inicio|contrato inicio data|data inicio contrato|data inicial|start at|data vigencia inicial|data inicio vigencia contrato|inicio contrato|vigencia performance inicio data|contrato \d+ vigencia inicio data|contrato inicio|data inicial vigencia|data inicio\b.*vigencia.*|vigencia data inicio)$/,
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
        /^(?:fim vigencia|fim data|data fim vigencia|vigencia fim|vigencia final|data fim|data vigencia fim|fim|contrato data fim|contrato fim data|data fim contrato|data final|end at|data vigencia final|fim contrato|vigencia performance atual fim data|contrato \d+ vigencia fim data|contrato fim|fim vigencia atualizado|data final vigencia|data fim\b.*vigencia.*|data fim vigencia atualizado|vigencia data fim|data fim atualizado)$/,
      ],
      [
        80,
        /^(?:data fim\b.*|fim vigencia\b.*|vigencia fim\b.*|data limite vigencia|fim execucao|vigencia ate|data validade|validade|final|data vigencia|(?:atual |estimado |planned |expected |scheduled |contrato )?completion data|data completion)$/,
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
      `${OTHER_MONEY.source.replace('aditiv[oa]s?|', '')}|${ESTIMATE.source}|${UNITARY.source}|\\b(?:atualizado|reajustado|atual|final|inicial empenho)\\b`,
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
        /^(?:final valor|valor final|valor global|valor final (?:contrato|compra|contratado)|valor atual|valor atualizado|valor (?:atual|atualizado|vigente) contrato|valor contrato (?:atual|atualizado|final|com aditivos?)|valor com aditivos?|valor global (?:contrato|atual|atualizado)|valor contrato con adiciones|atual total valor adjudicacao|valor (?:total atualizado|atualizado total)|valor total com aditivos?)$/,
      ],
      [
        94,
        /^(?:valor total|valor total (?:contrato|contratado|homologado|adjudicado|compra|item|itens)|valor total\b.*\bcontrato|valor contrato|contrato valor|valor contratado|valor homologado|valor adjudicado|adjudicado valor|valor adjudicacao|contrato \d+ valor|valor contrato\b.*|valor global\b.*|valor homologado total|valor contratado total|valor linea adjudica\w*|total contrato|total contratado|total homologado|valor acordado|contrato valor total|(?:contrato )?total valor|total (?:contrato|adjudicacao|adjudicado) valor|adjudicacao valor|valor final\b.*)$/,
      ],
      [
        88,
        /^(?:valor|total|valor item|valor compra|valor contratacao|preco total|total preco|valor total\b(?!.*(?:empenh|ofertad|propost|(?<!com )aditiv|acrescim|adicion)).*|valor acumulado|contrato \d+ valor valor|adjudicacao \d+ valor(?: valor)?|contratos? valor valor|total dollars obligated|valor instrumento|valor ajuste|valor ata|total linha|total linea neto|contrato (?:preco|cost|custo|sum|soma)|preco contrato|valor drc|valor despesa|valor vencedor|(?:federal )?action obligation)$/,
      ],
      [62, /^valor empenho convertido(?: r)?$/],
      [
        60,
        /^(?:adjudicacao|emp|empenhado|total empenhado|valor empenhado|valor total empenh.*|valor empenho|valor empenho original|preco|global|cuantia contrato|valor liquido|valor bruto|montante|valor licitado|valor licitacao|valor original empenho|valor inicial empenho)$/,
      ],
    ],
    never: new RegExp(
      `${OTHER_MONEY.source.replace('aditiv[oa]s?|', '').replace('adiciones|', '').replace('|item', '')}|${ESTIMATE.source.replace('licitacao|', '')}|${UNITARY.source}|\\b(?:inicial(?! empenho)|anual|total adiciones|acrescido)\\b`,
    ),
  },
  unit_price: {
    names: [
      [
        100,
        /^(?:unitario|(?:valor|preco) unitario|unitario (?:valor|preco)|unidade preco|preco unidade|valor unitario (?:homologado|contratado|adjudicado|item|venda|vencedor)|(?:valor|preco) (?:homologado|contratado|adjudicado) unitario|preco unitario\b.*|preco neto|valor unitario oferta|item \d+ unidade valor|item \d+ unidade valor valor|valor unidade|valor unitario\b.*|valor item unitario)$/,
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
  currency: {
    names: [
      [
        100,
        /^(?:moeda|moneda|currency|divisa|tipo (?:moeda|moneda)|(?:codigo|sigla|nome) (?:moeda|moneda|currency)|(?:moeda|moneda|currency|divisa) (?:contrato|valor|codigo|orden compra|oc))$/,
      ],
      [88, /^(?:(?:valor )?.*\b(?:moeda|moneda|currency|divisa))$/],
      [80, /^(?:tipo )?(?:moeda|moneda|currency|divisa)\b.*$/],
    ],
    never: /\b(?:data|cambio|taxa|tipo cambio)\b/,
  },
  quantity: {
    names: [
      [
        100,
        /^(?:quantidade (?:item|itens|homologada|homologado|contratada|contratado|adquirida|adjudicado|comprada|total|material|produto)|item quantidade|item \d+ quantidade|quantidade item\b.*)$/,
      ],
      [98, /^quantidade$/],
      [70, /^quantidade\b.*/],
    ],
    never:
      /\b(?:parcela|dias|aditiv[oa]s?|fornecedor|licitantes|propostas|estimad[oa]|referencia|meses|contrato|licitacao|valor|preco|unidade medida|recebid[oa])\b/,
  },
} as const satisfies Record<string, ColumnNames>
