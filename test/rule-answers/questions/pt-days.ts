import {
  type Asked,
  about,
  ask,
  buyer,
  by,
  count,
  days,
  ending,
  list,
  median,
  most,
  placed,
  reais,
  sum,
  supplier,
  TODAY,
  topic,
  year,
} from './asked.ts'
import * as town from './town-pt.ts'

/** Questions about years, months and days, written by another hand that had not read the reading. */
export const DAYS: readonly Asked[] = [
  ask(
    'Bom dia! Sou repórter e estou fechando uma matéria sobre alimentação nas escolas: quanto se contratou de merenda no ano de 2023?',
    sum({ ...topic('merenda'), ...year(2023) }),
    { or: [sum({ category: [town.ALIMENTACAO], ...year(2023) })] },
  ),
  ask(
    'qto foi p/ a viação serra azul em 2022 e 2023 somados',
    sum({ ...supplier(town.SERRA_AZUL), ...days('2022-01-01', '2023-12-31') }),
  ),
  ask(
    'Na qualidade de cidadão e com base na Lei nº 12.527/2011, solicito o valor total dos contratos firmados com a Construtora Horizonte Engenharia S.A. entre 1º de março de 2022 e 31 de agosto de 2023.',
    sum({ ...supplier(town.HORIZONTE), ...days('2022-03-01', '2023-08-31') }),
  ),
  placed('qual o terceiro maior contrato de 2023?', year(2023), 3),
  ask(
    'nos últimos 18 meses, quanto a secretaria de administração contratou de limpeza?',
    sum({ ...buyer(town.ADMINISTRACAO), ...topic('limpeza'), ...days('2023-08-10', TODAY) }),
  ),
  ask(
    'no segundo semestre de 2023, qual secretaria fechou mais contratos',
    about('units', 'largest', days('2023-07-01', '2023-12-31'), { ...most, limit: 1 }),
  ),
  ask(
    'desde a posse em janeiro de 2021 quanto foi contratado por dispensa',
    sum({ modality: [town.DISPENSA], start_date: '2021-01-01' }),
  ),
  ask('quanto a guarda gastou em cada mês de 2023', by('month', { ...buyer(town.GUARDA), ...year(2023) })),
  ask(
    'nº de contratos assinados mês a mês em 2022, só da educação',
    count({ ...buyer(town.EDUCACAO), ...year(2022) }, { group: 'month' }),
  ),
  ask(
    'o que vence daqui até o fim de abril na saúde?',
    list({ ...buyer(town.SAUDE), ...ending('2025-04-30') }),
  ),
  ask('contratos cujo prazo acaba em maio de 2025', list({ ends_from: '2025-05-01', ends_to: '2025-05-31' })),
  ask(
    'quais contratos da Falcão ainda estão valendo?',
    list({ ...supplier(town.FALCAO), in_force_on: TODAY }),
  ),
  ask(
    'venceu algum contrato da câmara em 2024?',
    list({ ...buyer(town.CAMARA), ends_from: '2024-01-01', ends_to: '2024-12-31' }),
    { or: [count({ ...buyer(town.CAMARA), ends_from: '2024-01-01', ends_to: '2024-12-31' })] },
  ),
  ask(
    'quanto o cnpj 56789012000101 recebeu em 2024?',
    sum({ ...supplier('56789012000101'), ...year(2024) }),
    { or: [sum({ ...supplier(town.BRILHO), ...year(2024) })] },
  ),
  ask('gasto com tornozeleiras em 2024', sum(year(2024)), { unused: ['tornozeleiras'] }),
  ask(
    'sou assessor da oposição e preciso, por favor, do total contratado por inexigibilidade pela Câmara de 2022 a 2024',
    sum({ modality: [town.INEXIGIBILIDADE], ...buyer(town.CAMARA), ...days('2022-01-01', '2024-12-31') }),
  ),
  ask('vcs sabem qnto custou o aluguel do cras em 2022?', sum({ ...topic('aluguel cras'), ...year(2022) })),
  ask(
    'quanto se gastou somando merenda e transporte escolar em 2024?',
    sum({ ...topic('merenda', 'transporte escolar'), ...year(2024) }),
  ),
  ask(
    'gasto conjunto da guarda e da câmara em 2022',
    sum({ ...buyer(town.GUARDA, town.CAMARA), ...year(2022) }),
  ),
  ask(
    'no primeiro trimestre do ano passado, quantos contratos a educação assinou?',
    count({ ...buyer(town.EDUCACAO), ...days('2024-01-01', '2024-03-31') }),
  ),
  ask(
    'de junho de 2023 pra cá, quanto a guarda gastou com gasolina',
    sum({ ...buyer(town.GUARDA), ...topic('gasolina'), start_date: '2023-06-01' }),
  ),
  ask(
    'gasto nos últimos dois anos com eventos',
    sum({ category: [town.EVENTOS], ...days('2023-02-10', TODAY) }),
  ),
  ask(
    'entre 10/05/2023 e 20/09/2023 o que a saúde contratou?',
    list({ ...buyer(town.SAUDE), ...days('2023-05-10', '2023-09-20') }),
    { or: [about('categories', 'list', { ...buyer(town.SAUDE), ...days('2023-05-10', '2023-09-20') })] },
  ),
  ask('qual o valor mediano contratado em 2022?', median(year(2022))),
  ask(
    'participação do maior fornecedor no gasto de 2023',
    about('suppliers', 'share', year(2023), { limit: 1 }),
  ),
  ask('contratos que expiram em até 20 dias', list(ending('2025-03-02'))),
  ask('o q termina no 2º semestre de 2025?', list({ ends_from: '2025-07-01', ends_to: '2025-12-31' })),
  ask(
    'na data de 1º de janeiro de 2024, quantos contratos estavam vigentes?',
    count({ in_force_on: '2024-01-01' }),
  ),
  ask(
    'contratos já encerrados da Papelaria Dois Irmãos',
    list({ ...supplier(town.DOIS_IRMAOS), ends_to: '2025-02-09' }),
  ),
  ask(
    'Prezados, venho por meio desta solicitar a relação dos contratos celebrados pela Guarda Civil Municipal no exercício de 2022. Grato.',
    list({ ...buyer(town.GUARDA), ...year(2022) }),
  ),
  ask('mano, qto essa prefeitura torrou com show em 2022?', sum({ ...topic('show'), ...year(2022) }), {
    or: [sum({ ...topic('show'), ...buyer(town.PREFEITURA), ...year(2022) })],
  }),
  ask(
    'some tudo que foi contratado com dispensa na saúde em 2023, fazendo o favor',
    sum({ modality: [town.DISPENSA], ...buyer(town.SAUDE), ...year(2023) }),
  ),
  ask(
    'juntando Posto Três Lagoas e Serra Azul, quanto deu em 2024?',
    sum({ ...supplier(town.POSTO, town.SERRA_AZUL), ...year(2024) }),
  ),
  ask(
    'dispensas de no máximo quarenta mil em 2024',
    list({ modality: [town.DISPENSA], max_value: 40_000, ...year(2024) }),
  ),
  reais(
    'contratos entre R$ 600 mil e R$ 900 mil assinados em 2023',
    list({ min_value: 600_000, max_value: 900_000, ...year(2023) }),
  ),
  ask('gastos de abril a setembro de 2023 por secretaria', by('unit', days('2023-04-01', '2023-09-30'))),
  ask('no 3º trimestre de 2022, quanto foi gasto?', sum(days('2022-07-01', '2022-09-30'))),
  ask('no ano retrasado quanto a saúde contratou?', sum({ ...buyer(town.SAUDE), ...year(2023) })),
  ask('nos últimos 6 meses quantos contratos foram assinados?', count(days('2024-08-10', TODAY))),
  ask('antes de 2023 quanto a câmara contratou?', sum({ ...buyer(town.CAMARA), end_date: '2022-12-31' })),
  ask(
    'depois de 30 de junho de 2024, que contratos a educação assinou?',
    list({ ...buyer(town.EDUCACAO), start_date: '2024-07-01' }),
  ),
  ask('valor mediano por categoria em 2023', median(year(2023), { group: 'category' })),
  ask(
    'em qual mês de 2023 a saúde assinou mais contratos',
    count({ ...buyer(town.SAUDE), ...year(2023) }, { group: 'month', ...most, limit: 1 }),
    {
      or: [
        {
          measure: 'largest',
          of: 'contracts',
          where: { ...buyer(town.SAUDE), ...year(2023) },
          group: 'month',
          ...most,
          limit: 1,
        },
      ],
    },
  ),
  ask(
    'os três maiores fornecedores de 2024 levaram que fatia do total?',
    about('suppliers', 'share', year(2024), { limit: 3 }),
  ),
  ask('qtos contratos vencem até sexta que vem, dia 21/02/2025?', count(ending('2025-02-21'))),
  ask(
    'contratos da conecta que vencem em 2026',
    list({ ...supplier(town.CONECTA), ends_from: '2026-01-01', ends_to: '2026-12-31' }),
  ),
  ask(
    'em 15 de agosto de 2023 quais contratos da cultura estavam vigentes?',
    list({ ...buyer(town.CULTURA), in_force_on: '2023-08-15' }),
  ),
  ask(
    'quem ganhou a tomada de preços da reforma do pronto-socorro em 2024?',
    about('suppliers', 'list', {
      modality: [town.TOMADA],
      ...topic('reforma pronto socorro'),
      ...year(2024),
    }),
    {
      or: [
        about('suppliers', 'largest', {
          modality: [town.TOMADA],
          ...topic('reforma pronto socorro'),
          ...year(2024),
        }),
      ],
    },
  ),
  ask('gastos com a ponte em 2023', sum(year(2023)), { unused: ['ponte'] }),
]
