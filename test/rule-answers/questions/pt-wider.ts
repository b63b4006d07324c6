import {
  type Asked,
  about,
  ask,
  buyer,
  by,
  count,
  days,
  list,
  mean,
  share,
  sum,
  supplier,
  topic,
  year,
} from './asked.ts'
import * as town from './town-pt.ts'

/** Questions about groups that fulfil something, parts of a part, left-out periods, means of periods and amendments. */
export const WIDER: readonly Asked[] = [
  ask(
    'quais fornecedores têm mais de 8 contratos?',
    about('suppliers', 'list', {}, { having: { contracts: { min: 9 } } }),
  ),
  ask(
    'quais empresas receberam mais de 2 milhões no total em 2023?',
    about('suppliers', 'list', year(2023), { having: { total: { min: 2_000_000.01 } } }),
  ),
  ask(
    'quantos fornecedores têm pelo menos 8 contratos?',
    about('suppliers', 'count', {}, { having: { contracts: { min: 8 } } }),
  ),
  ask(
    'quais fornecedores venderam tanto para a Saúde quanto para a Educação?',
    about('suppliers', 'list', buyer(town.SAUDE, town.EDUCACAO), {
      having: { also: [buyer(town.SAUDE), buyer(town.EDUCACAO)] },
    }),
  ),
  ask(
    'dos contratos da Secretaria de Obras, que percentual foi por concorrência?',
    share({ ...buyer(town.OBRAS), modality: [town.CONCORRENCIA] }, { whole: buyer(town.OBRAS) }),
  ),
  ask(
    'quanto a saúde gastou sem contar 2023?',
    sum({ ...buyer(town.SAUDE), except: { within: [year(2023)] } }),
  ),
  ask(
    'quantos contratos em 2024, exceto em junho?',
    count({ ...year(2024), except: { within: [days('2024-06-01', '2024-06-30')] } }),
  ),
  ask('total de 2022 e 2024', sum({ within: [year(2022), year(2024)] })),
  ask(
    'quantos contratos abaixo de 40 mil ou acima de 3 milhões?',
    count({ within: [{ max_value: 39_999.99 }, { min_value: 3_000_000.01 }] }),
  ),
  ask(
    'qual a média mensal de gastos com limpeza em 2024?',
    mean({ ...topic('limpeza'), ...year(2024) }, { per: 'month' }),
  ),
  ask('gasto por trimestre de 2024', by('quarter', year(2024))),
  ask('gastos da educação por semestre', by('half', buyer(town.EDUCACAO))),
  ask(
    'quais contratos tiveram acréscimo superior a 10% sobre o valor inicial?',
    list({ increase: { min: 10.000001 } }),
  ),
  ask('quanto foi acrescido em aditivos em 2023?', { measure: 'added', of: 'contracts', where: year(2023) }),
  ask('qual órgão mais contratou, em valor, em 2024?', about('buyers', 'largest', year(2024), { limit: 1 })),
  ask('quanto a Brilho e a Conecta receberam, cada uma?', {
    ...sum(),
    compare: [supplier(town.BRILHO), supplier(town.CONECTA)],
  }),
  ask('quanto a prefeitura gastou com drones de vigilância?', sum(), { unused: ['drones'] }),
  ask('quanto foi gasto em saúde em 2024?', sum({ ...buyer(town.SAUDE), ...year(2024) })),
  ask('gastos com educação em 2023', sum({ ...buyer(town.EDUCACAO), ...year(2023) })),
  ask('quem mais recebeu dinheiro da prefeitura?', about('suppliers', 'largest', buyer(town.PREFEITURA))),
  ask('quem nós mais pagamos em 2024?', about('suppliers', 'largest', year(2024))),
]
