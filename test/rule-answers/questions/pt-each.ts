import {
  type Asked,
  about,
  ask,
  buyer,
  by,
  chain,
  count,
  days,
  growth,
  largest,
  list,
  most,
  smallest,
  sum,
  supplier,
  talk,
  topic,
  year,
} from './asked.ts'
import * as town from './town-pt.ts'

const DIRECT = [town.DISPENSA, town.INEXIGIBILIDADE]

/** Questions about one of each group, orders in words, replacements, terms, and what lies beside a mean. */
export const EACH: readonly Asked[] = [
  ask('fornecedores por secretaria, quantos são?', about('suppliers', 'count', {}, { group: 'unit' })),
  ask(
    'quantas empresas diferentes venderam para cada secretaria em 2024?',
    about('suppliers', 'count', year(2024), { group: 'unit' }),
  ),
  ask('número de fornecedores por modalidade', about('suppliers', 'count', {}, { group: 'modality' })),
  ask('quantos fornecedores por ano?', about('suppliers', 'count', {}, { group: 'year' })),
  ask('maior contrato de cada secretaria', largest({}, { group: 'unit' })),
  ask('qual o contrato mais caro de cada ano?', largest({}, { group: 'year' })),
  ask('o menor contrato de cada modalidade em 2023', smallest(year(2023), { group: 'modality' })),
  ask(
    'mostra contratos com preço acima da média',
    about('findings', 'list', { anomaly_type: ['price_deviation'] }),
  ),
  ask(
    'quais contratos da educação ficaram acima da média?',
    list({ ...buyer(town.EDUCACAO), beside: 'above_mean' }),
  ),
  ask('quantos contratos de 2023 estão abaixo da mediana?', count({ ...year(2023), beside: 'below_median' })),
  ask('gastos com festas e shows ano a ano', by('year', topic('eventos', 'shows'))),
  ...chain(
    ask(
      'quero a relação de todos os contratos da Pavimax, do mais novo pro mais antigo',
      list(supplier(town.PAVIMAX), { order: { by: 'date', direction: 'desc' } }),
    ),
    ask(
      'em vez da Pavimax, a Horizonte',
      list(supplier(town.HORIZONTE), { order: { by: 'date', direction: 'desc' } }),
    ),
  ),
  ask('quanto foi gasto com remédio em vez de... digo, com limpeza em 2024?', sum(), {
    unused: ['em', 'vez'],
  }),
  ask('A prefeitura gasta mais com merenda ou com transporte escolar?', {
    ...sum(buyer(town.PREFEITURA)),
    compare: [topic('merenda'), topic('transporte escolar')],
  }),
  ask(
    'quais fornecedores atendem mais de uma secretaria?',
    about('suppliers', 'list', {}, { having: { buyers: { min: 2 } } }),
  ),
  ask('contratos aditivados acima de 25%', list({ increase: { min: 25.000001 } })),
  ask('qual contrato dura mais tempo?', list({}, { order: { by: 'duration', direction: 'desc' }, limit: 1 })),
  ask(
    'contratos assinados em dezembro de todos os anos',
    list({
      within: [2022, 2023, 2024, 2025].map((one) => days(`${one}-12-01`, `${one}-12-31`)),
    }),
  ),
  ask(
    'fornecedores novos em 2024',
    about('suppliers', 'list', year(2024), { having: { never: [{ end_date: '2023-12-31' }] } }),
  ),
  ...chain(
    ask(
      'Solicito, com base na LAI, o valor total contratado pela Secretaria Municipal de Cultura e Turismo no exercício de 2024, discriminado por fornecedor.',
      by('supplier', { ...buyer(town.CULTURA), ...year(2024) }),
    ),
    ask('discriminado por mês, por favor', by('month', { ...buyer(town.CULTURA), ...year(2024) })),
    ask(
      'qual o pico?',
      by(
        'month',
        { ...buyer(town.CULTURA), ...year(2024) },
        { order: { by: 'value', direction: 'desc' }, limit: 1 },
      ),
    ),
  ),
  ask('qual secretaria concentra mais gasto em um só fornecedor?', sum(), { unused: ['so'] }),
  ask('Quanto custa um notebook?', sum(), { unused: ['um'] }),
  ask(
    'ranking das secretarias por nº de contratos emergenciais',
    about('units', 'largest', topic('emergencial'), most),
  ),
  ask('quanto aumentou o valor dos contratos da educação por causa de aditivos', {
    measure: 'added',
    of: 'contracts',
    where: buyer(town.EDUCACAO),
  }),
  ask(
    'gastos da saúde por fornecedor, do menor para o maior',
    by('supplier', buyer(town.SAUDE), { order: { by: 'value', direction: 'asc' } }),
  ),
  ask('evolução trimestral das compras por dispensa', growth('quarter', { modality: [town.DISPENSA] })),
  ask('o que a câmara compra sem licitar?', list({ ...buyer(town.CAMARA), modality: DIRECT })),
  ...talk(
    'o que é tomada de preços?',
    'qual a diferença entre dispensa e inexigibilidade?',
    'o que significa aditivo?',
    'me explica o que é um pregão eletrônico',
  ),
]
