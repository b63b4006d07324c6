import {
  type Asked,
  about,
  ask,
  buyer,
  by,
  chain,
  count,
  days,
  ending,
  largest,
  list,
  mean,
  share,
  smallest,
  sum,
  summary,
  supplier,
  topic,
  year,
} from './asked.ts'
import * as town from './town-pt.ts'

/** Conversations: each question edits the one before it. */
export const FOLLOWING: readonly Asked[] = [
  ...chain(
    ask('quanto a saúde gastou em 2022?', sum({ ...buyer(town.SAUDE), ...year(2022) })),
    ask('e em 2023?', sum({ ...buyer(town.SAUDE), ...year(2023) })),
    ask('e a educação?', sum({ ...buyer(town.EDUCACAO), ...year(2023) })),
    ask('por mês', by('month', { ...buyer(town.EDUCACAO), ...year(2023) })),
  ),
  ...chain(
    ask('quais os maiores fornecedores em 2024?', about('suppliers', 'largest', year(2024))),
    ask(
      'só os da secretaria de obras',
      about('suppliers', 'largest', { ...year(2024), ...buyer(town.OBRAS) }),
    ),
    ask('e os menores?', about('suppliers', 'smallest', { ...year(2024), ...buyer(town.OBRAS) })),
  ),
  ...chain(
    ask('me mostre os contratos de limpeza', list(topic('limpeza'))),
    ask('apenas os de 2023', list({ ...topic('limpeza'), ...year(2023) })),
    ask('quanto deu no total?', sum({ ...topic('limpeza'), ...year(2023) })),
    ask('qual o maior deles?', largest({ ...topic('limpeza'), ...year(2023) }, { limit: 1 })),
  ),
  ...chain(
    ask('Quantos contratos a Câmara assinou?', count(buyer(town.CAMARA))),
    ask('quanto isso custou?', sum(buyer(town.CAMARA))),
    ask('e a guarda municipal?', sum(buyer(town.GUARDA))),
  ),
  ...chain(
    ask('gasto total com a Serra Azul', sum(supplier(town.SERRA_AZUL))),
    ask('por ano', by('year', supplier(town.SERRA_AZUL))),
    ask('agora por secretaria', by('unit', supplier(town.SERRA_AZUL))),
  ),
  ...chain(
    ask(
      'contratos da pavimax acima de 1 milhão',
      list({ ...supplier(town.PAVIMAX), min_value: 1_000_000.01 }),
    ),
    ask('e acima de 3 milhões?', list({ ...supplier(town.PAVIMAX), min_value: 3_000_000.01 })),
    ask('e da horizonte?', list({ ...supplier(town.HORIZONTE), min_value: 3_000_000.01 })),
  ),
  ...chain(
    ask('que contratos vencem em 30 dias?', list(ending('2025-03-12'))),
    ask('e em 120 dias?', list(ending('2025-06-10'))),
    ask('desses, quais são da educação?', list({ ...ending('2025-06-10'), ...buyer(town.EDUCACAO) })),
  ),
  ...chain(
    ask('total de dispensas em 2024', count({ modality: [town.DISPENSA], ...year(2024) }), {
      or: [sum({ modality: [town.DISPENSA], ...year(2024) })],
    }),
    ask('e inexigibilidades?', count({ modality: [town.INEXIGIBILIDADE], ...year(2024) }), {
      or: [sum({ modality: [town.INEXIGIBILIDADE], ...year(2024) })],
    }),
  ),
  ...chain(
    ask('qual o valor médio dos contratos da cultura?', mean(buyer(town.CULTURA))),
    ask('e da assistência social?', mean(buyer(town.ASSISTENCIA))),
    ask('só em 2024', mean({ ...buyer(town.ASSISTENCIA), ...year(2024) })),
  ),
  ...chain(
    ask('top 3 contratos da educação', largest(buyer(town.EDUCACAO), { limit: 3 })),
    ask('mostre os 5 maiores', largest(buyer(town.EDUCACAO), { limit: 5 })),
    ask('o segundo', largest(buyer(town.EDUCACAO), { limit: 5, place: 2 }), {
      or: [
        summary(buyer(town.EDUCACAO), { place: 2 }),
        largest(buyer(town.EDUCACAO), { place: 2 }),
        summary(buyer(town.EDUCACAO), { limit: 5, place: 2 }),
      ],
    }),
  ),
  ...chain(
    ask('que porcentagem do gasto de 2023 foi com a saude?', share({ ...buyer(town.SAUDE), ...year(2023) })),
    ask('e em 2024', share({ ...buyer(town.SAUDE), ...year(2024) })),
    ask('e obras?', share({ ...buyer(town.OBRAS), ...year(2024) }), {
      or: [share({ ...topic('obras'), ...year(2024) })],
    }),
  ),
  ...chain(
    ask('quanto a educação gastou com notebooks?', sum({ ...buyer(town.EDUCACAO), ...topic('notebooks') })),
    ask('e com merenda?', sum({ ...buyer(town.EDUCACAO), ...topic('merenda') })),
    ask('e com transporte escolar', sum({ ...buyer(town.EDUCACAO), ...topic('transporte escolar') })),
  ),
  ...chain(
    ask('lista os contratos da guarda', list(buyer(town.GUARDA))),
    ask('quantos são?', count(buyer(town.GUARDA))),
  ),
  ...chain(
    ask('contratos mais baratos da assistência', smallest(buyer(town.ASSISTENCIA))),
    ask('e os mais caros?', largest(buyer(town.ASSISTENCIA))),
  ),
  ...chain(
    ask('gastos no primeiro trimestre de 2024', sum(days('2024-01-01', '2024-03-31'))),
    ask('e no segundo trimestre?', sum(days('2024-04-01', '2024-06-30'))),
    ask('por secretaria', by('unit', days('2024-04-01', '2024-06-30'))),
  ),
  ...chain(
    ask('quanto custou a vigilância?', sum(topic('vigilancia'))),
    ask('quem recebeu?', about('suppliers', 'largest', topic('vigilancia')), {
      or: [about('suppliers', 'list', topic('vigilancia'))],
    }),
  ),
]
