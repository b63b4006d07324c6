import {
  type Asked,
  about,
  ask,
  buyer,
  days,
  ending,
  list,
  newest,
  summary,
  supplier,
  topic,
  year,
} from './asked.ts'
import * as town from './town-pt.ts'

/** Which contracts: by subject, value, day, end and number. */
export const LISTING: readonly Asked[] = [
  ask('contratos de merenda', list(topic('merenda'))),
  ask('me mostra os contratos da nutrisabor', list(supplier(town.NUTRISABOR))),
  ask('Liste todos os contratos da Secretaria de Cultura', list(buyer(town.CULTURA))),
  ask('quais contratos foram assinados em janeiro de 2025?', list(days('2025-01-01', '2025-01-31'))),
  ask('contratos da horizonte em 2022', list({ ...supplier(town.HORIZONTE), ...year(2022) })),
  ask(
    'Gostaria de obter a relação de contratos firmados por dispensa em 2024.',
    list({ modality: [town.DISPENSA], ...year(2024) }),
  ),
  ask(
    'contratos por inexigibilidade da camara',
    list({ modality: [town.INEXIGIBILIDADE], ...buyer(town.CAMARA) }),
  ),
  ask('quais contratos passam de 2 milhões?', list({ min_value: 2_000_000.01 })),
  ask(
    'contratos acima de 1 milhao da secretaria de obras',
    list({ min_value: 1_000_000.01, ...buyer(town.OBRAS) }),
  ),
  ask('contratos abaixo de R$ 30.000', list({ max_value: 29_999.99, currency: 'BRL' }), {
    or: [list({ max_value: 29_999.99 })],
  }),
  ask('contratos entre 1 e 2 milhões', list({ min_value: 1_000_000, max_value: 2_000_000 })),
  ask(
    'me mostre as compras de 40 a 60 mil reais',
    list({ min_value: 40_000, max_value: 60_000, currency: 'BRL' }),
    {
      or: [list({ min_value: 40_000, max_value: 60_000 })],
    },
  ),
  ask('contratos com valor maior que 750.000,00', list({ min_value: 750_000.01 })),
  ask('contratos de no mínimo meio milhão', list({ min_value: 500_000 })),
  ask('quais contratos custaram menos de vinte mil reais?', list({ max_value: 19_999.99, currency: 'BRL' }), {
    or: [list({ max_value: 19_999.99 })],
  }),
  ask('contratos de mais de 1,5 milhão em 2023', list({ min_value: 1_500_000.01, ...year(2023) })),
  ask('dispensas acima de 50k', list({ modality: [town.DISPENSA], min_value: 50_000.01 })),
  ask('contratos a vencer', list(ending('2025-03-12'))),
  ask('Quais contratos vencem nos próximos 60 dias?', list(ending('2025-04-11'))),
  ask('contratos da saude a vencer em 90 dias', list({ ...buyer(town.SAUDE), ...ending('2025-05-11') })),
  ask('quais contratos vencem este mês?', list({ ends_from: '2025-02-01', ends_to: '2025-02-28' }), {
    or: [list(ending('2025-02-28'))],
  }),
  ask('que contratos terminam em 2025', list({ ends_from: '2025-01-01', ends_to: '2025-12-31' })),
  ask('Contratos que vencem até 30/06/2025', list(ending('2025-06-30')), {
    or: [list({ ends_to: '2025-06-30' })],
  }),
  ask('quais contratos já estão vencidos?', list({ ends_to: '2025-02-09' })),
  ask('contratos vigentes da Brilho Total', list({ in_force_on: '2025-02-10', ...supplier(town.BRILHO) })),
  ask('quais contratos estavam em vigor em 15/03/2024?', list({ in_force_on: '2024-03-15' })),
  ask('contratos em vigor hoje na educação', list({ in_force_on: '2025-02-10', ...buyer(town.EDUCACAO) })),
  ask('últimos contratos assinados', list({}, newest)),
  ask(
    'Quais foram os 5 contratos mais recentes da prefeitura?',
    list(buyer(town.PREFEITURA), { ...newest, limit: 5 }),
  ),
  ask('qual foi o último contrato da pavimax?', list(supplier(town.PAVIMAX), { ...newest, limit: 1 })),
  ask(
    'primeiro contrato com a conecta',
    list(supplier(town.CONECTA), { order: { by: 'date', direction: 'asc' }, limit: 1 }),
  ),
  ask('contratos sem valor', list({ missing: 'value' })),
  ask('quais contratos não informam o fornecedor?', list({ missing: 'supplier' })),
  ask('contrato 012/2024', summary({ contract: '012/2024' })),
  ask('me fale sobre o contrato nº 5/2023', summary({ contract: '5/2023' })),
  ask('detalhes do contrato 002/2022', summary({ contract: '002/2022' })),
  ask('O que é o contrato 003/2022?', summary({ contract: '003/2022' })),
  ask('a prefeitura comprou ambulancia?', list({ ...buyer(town.PREFEITURA), ...topic('ambulancia') })),
  ask('tem contrato de tapa buraco?', list(topic('tapa buraco'))),
  ask('compras de seringas', list(topic('seringas'))),
  ask('quem fornece a merenda?', about('suppliers', 'list', topic('merenda')), {
    or: [about('suppliers', 'largest', topic('merenda'))],
  }),
  ask(
    'quais empresas fornecem medicamentos para a saúde?',
    about('suppliers', 'list', { ...topic('medicamentos'), ...buyer(town.SAUDE) }),
    { or: [about('suppliers', 'largest', { ...topic('medicamentos'), ...buyer(town.SAUDE) })] },
  ),
  ask('lista de fornecedores da guarda municipal', about('suppliers', 'list', buyer(town.GUARDA)), {
    or: [about('suppliers', 'largest', buyer(town.GUARDA))],
  }),
  ask('quais secretarias existem?', about('units', 'list')),
  ask('pra quais secretarias a Serra Azul trabalha', about('units', 'list', supplier(town.SERRA_AZUL)), {
    or: [about('units', 'largest', supplier(town.SERRA_AZUL))],
  }),
  ask('quais são as categorias de gasto?', about('categories', 'list'), {
    or: [about('categories', 'largest')],
  }),
  ask(
    'contratos de pavimentação, do mais antigo pro mais novo',
    list(topic('pavimentacao'), { order: { by: 'date', direction: 'asc' } }),
  ),
  ask(
    'compras da educação que não sejam de merenda',
    list({ ...buyer(town.EDUCACAO), except: topic('merenda') }),
  ),
  ask(
    'contratos de combustível que não foram por pregão',
    list({ ...topic('combustivel'), except: { modality: [town.PREGAO] } }),
  ),
  ask('contratos de fralda', list(topic('fralda'))),
  ask('contratos com a empresa do cnpj 78.901.234/0001-62', list(supplier('78.901.234/0001-62')), {
    or: [list(supplier(town.POSTO))],
  }),
  ask('reforma do pronto socorro', list(topic('reforma pronto socorro'))),
  ask('aluguel do cras', list(topic('aluguel cras'))),
  ask(
    'contratos da Assistência Social com José Carlos Almeida',
    list({ ...buyer(town.ASSISTENCIA), ...supplier(town.ALMEIDA) }),
  ),
]
