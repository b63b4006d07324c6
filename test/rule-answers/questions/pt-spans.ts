import {
  type Asked,
  about,
  ask,
  buyer,
  by,
  chain,
  count,
  largest,
  list,
  mean,
  most,
  share,
  sum,
  summary,
  topic,
  year,
} from './asked.ts'
import * as town from './town-pt.ts'

const EVERY = { having: { also: [2022, 2023, 2024, 2025].map(year) } }
const grew = (from: number, to: number, growth: object, more: object = {}) => ({
  compare: [year(from), year(to)],
  having: { growth },
  ...more,
})

/** The contract of that unit that was signed last. */
const LAST_OF_CULTURE = town.SANTA_LUCIA.filter(({ unit }) => unit === town.CULTURA)
  .toSorted((a, b) => (a.signed < b.signed ? -1 : 1))
  .at(-1)?.number as string

/** Questions about every year, parts of a whole, multiples, lengths of contracts, days of the week and two groups at once. */
export const SPANS: readonly Asked[] = [
  ask('teve empresa que ganhou contrato em todos os anos?', about('suppliers', 'list', {}, EVERY)),
  ask(
    'que fornecedores venderam para a educação todo ano?',
    about('suppliers', 'list', buyer(town.EDUCACAO), EVERY),
  ),
  ask('quais fornecedores não tiveram contrato em todos os anos?', about('suppliers', 'list'), {
    unused: ['nao'],
  }),
  ask('quais fornecedores tiveram contrato todos os meses de 2024?', about('suppliers', 'list', year(2024)), {
    unused: ['todos'],
  }),
  ask(
    'tem fornecedor que ficou com mais da metade do gasto da educação?',
    about('suppliers', 'list', buyer(town.EDUCACAO), { having: { share: { min: 50.000001 } } }),
  ),
  ask('quantos fornecedores juntos concentram metade do gasto?', about('suppliers', 'count'), {
    unused: ['metade'],
  }),
  ask(
    'que secretaria dobrou os gastos de 2022 para 2023?',
    about('units', 'growth', {}, grew(2022, 2023, { min: 100 })),
  ),
  ask(
    'quais fornecedores triplicaram o faturamento entre 2022 e 2023',
    about('suppliers', 'growth', {}, grew(2022, 2023, { min: 200 })),
  ),
  ask(
    'secretarias cujo gasto caiu pela metade de 2023 para 2024',
    about(
      'units',
      'growth',
      {},
      grew(2023, 2024, { max: -50 }, { order: { by: 'value', direction: 'asc' } }),
    ),
  ),
  ask(
    'quais unidades aumentaram o gasto em 2024?',
    about('units', 'growth', {}, { compare: [year(2023), year(2024)] }),
  ),
  ask('quantos contratos duram mais de um ano?', count({ months: { min: 12.01 } })),
  ask(
    'contratos da secretaria de obras com prazo de pelo menos 12 meses',
    list({ ...buyer(town.OBRAS), months: { min: 12 } }),
  ),
  ask('quanto somam os contratos com duração inferior a 6 meses?', sum({ months: { max: 5.99 } })),
  ask('qual a duração média dos contratos de limpeza?', {
    measure: 'duration',
    of: 'contracts',
    where: topic('limpeza'),
  }),
  ask('duração média dos contratos por secretaria', mean(), { unused: ['por'] }),
  ask('em que dia da semana mais se assinam contratos?', count({}, { group: 'weekday', limit: 1, ...most })),
  ask('gasto por dia da semana', by('weekday')),
  ask('houve contrato assinado em sábado ou domingo?', list({ weekday: [6, 7] })),
  ask('quantos contratos foram assinados às sextas-feiras em 2023?', count({ ...year(2023), weekday: [5] })),
  ask('quanto gastou cada secretaria por ano?', by('unit', {}, { split: 'year' })),
  ask('quantos contratos por modalidade em cada ano?', count({}, { group: 'modality', split: 'year' })),
  ask('valor médio dos contratos por modalidade e ano', mean({}, { group: 'modality', split: 'year' })),
  ask('quanto a prefeitura paga por mês de aluguel?', sum(), { unused: ['mes'] }),
  ask('quanto custa por mês a limpeza?', sum(), { unused: ['mes'] }),
  ask('quantas dispensas ficaram logo abaixo de 50 mil?', count(), { unused: ['logo'] }),
  ask('todas as secretarias compraram da Pavimax?', about('units', 'list'), { unused: ['todas'] }),
  ask('quanto foi gasto por dispensa em relação ao total?', share({ modality: [town.DISPENSA] })),
  ask(
    'qual secretaria mais usa dispensa?',
    about('units', 'largest', { modality: [town.DISPENSA] }, { ...most, limit: 1 }),
  ),
  ask('teve contrato no último dia do ano?', list(), { unused: ['ultimo', 'dia'] }),
  ask('quem ganhou mais de 1 milhão num único contrato em 2023?', about('suppliers', 'list', year(2023)), {
    unused: ['unico'],
  }),
  ask('ordene as secretarias pelo número de fornecedores', about('units', 'list'), { unused: ['numero'] }),
  ask('fornecedores com mais contratos em 2024 do que em 2023', about('suppliers', 'list'), {
    unused: ['contratos'],
  }),
  ask('qual fornecedor tem contratos com a menor variedade de secretarias?', about('suppliers', 'smallest'), {
    unused: ['variedade'],
  }),
  ask('o maior fornecedor de 2022 continua o maior em 2024?', about('suppliers', 'largest'), {
    unused: ['continua'],
  }),
  ...chain(
    ask(
      'qual foi o último contrato assinado pela Cultura?',
      list(buyer(town.CULTURA), { order: { by: 'date', direction: 'desc' }, limit: 1 }),
    ),
    ask(
      'qual o valor?',
      list(buyer(town.CULTURA), { order: { by: 'date', direction: 'desc' }, limit: 1, place: 1 }),
    ),
    ask('qual o prazo dele?', summary({ contract: LAST_OF_CULTURE })),
  ),
  ...chain(
    ask(
      'compare a saúde e a educação em 2024',
      sum(year(2024), { compare: [buyer(town.SAUDE), buyer(town.EDUCACAO)] }),
    ),
    ask(
      'e por dispensa?',
      sum(
        { ...year(2024), modality: [town.DISPENSA] },
        { compare: [buyer(town.SAUDE), buyer(town.EDUCACAO)] },
      ),
    ),
  ),
  ...chain(
    ask('maiores fornecedores da educação', about('suppliers', 'largest', buyer(town.EDUCACAO))),
    ask('quais deles também venderam para a saúde?', about('suppliers', 'list', buyer(town.SAUDE)), {
      unused: ['tambem'],
    }),
  ),
  ...chain(
    ask('qual o maior contrato de 2023?', largest(year(2023), { limit: 1 })),
    ask('tem aditivo?', largest(year(2023), { limit: 1, place: 1 })),
  ),
  ...chain(
    ask(
      'qual secretaria tem o maior valor médio por contrato em 2024?',
      mean(year(2024), { group: 'unit', limit: 1, order: { by: 'value', direction: 'desc' } }),
    ),
    ask(
      'e a menor?',
      mean(year(2024), { group: 'unit', limit: 1, order: { by: 'value', direction: 'asc' } }),
    ),
  ),
  ...chain(
    ask(
      'quantos fornecedores atendem mais de uma secretaria?',
      about('suppliers', 'count', {}, { having: { buyers: { min: 2 } } }),
    ),
    ask('quais?', about('suppliers', 'list', {}, { having: { buyers: { min: 2 } } })),
  ),
]
