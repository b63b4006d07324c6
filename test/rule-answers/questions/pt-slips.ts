import {
  type Asked,
  about,
  ask,
  buyer,
  chain,
  count,
  days,
  largest,
  list,
  sum,
  supplier,
  topic,
  year,
} from './asked.ts'
import * as town from './town-pt.ts'

/** Questions of which one word was once taken for another: a rank for an exception, a bound of a sum for one of each. */
export const SLIPS: readonly Asked[] = [
  ask('quem vendeu menos em 2023?', about('suppliers', 'smallest', year(2023))),
  ask(
    'quem vendeu mais sem ser por dispensa?',
    about('suppliers', 'largest', { except: { modality: [town.DISPENSA] } }),
  ),
  ask('qual secretaria fez o contrato mais caro de 2023?', largest(year(2023), { limit: 1 })),
  ask('gasto de 2024 menos o de 2023', {
    ...sum(),
    compare: [year(2024), year(2023)],
  }),
  ask('despesas com energia e luz', sum(topic('energia')), { unused: ['luz'] }),
  ask('quanto gastou a secretaria de meio ambiente em 2023?', sum(year(2023)), {
    unused: ['secretaria', 'meio', 'ambiente'],
  }),
  ask('quantos contratos por modalidade e por secretaria?', sum(), { unused: ['secretaria'] }),
  ask('quanto restou da verba da educação?', sum(), { unused: ['restou'] }),
  ask('quais contratos já venceram este ano?', list({ ends_from: '2025-01-01', ends_to: '2025-02-09' })),
  ask('pra quem foi a maior parte do dinheiro da cultura?', about('suppliers', 'list', buyer(town.CULTURA)), {
    or: [about('suppliers', 'largest', buyer(town.CULTURA))],
  }),
  ask('quanto se pagou com show em 2023?', sum({ ...topic('show'), ...year(2023) })),
  ask(
    'gasto da saúde de março a maio do ano passado',
    sum({ ...buyer(town.SAUDE), ...days('2024-03-01', '2024-05-31') }),
  ),
  ask('contratos de agosto do ano passado', list(days('2024-08-01', '2024-08-31'))),
  ask('total contratado no último mês de 2022', sum(days('2022-12-01', '2022-12-31'))),
  ask(
    'as compras da guarda em 2022 totalizaram mais de 100 mil?',
    sum({ ...buyer(town.GUARDA), ...year(2022) }),
  ),
  ask(
    'a inexigibilidade mais cara de cada secretaria',
    largest({ modality: [town.INEXIGIBILIDADE] }, { group: 'unit' }),
  ),
  ask('quanto somam os 3 maiores pregões?', sum(), { unused: ['somam'] }),
  ask(
    'empresas exclusivas da secretaria de cultura',
    about(
      'suppliers',
      'list',
      {},
      {
        having: { also: [buyer(town.CULTURA)], never: [{ except: buyer(town.CULTURA) }] },
      },
    ),
  ),
  ask('quantas compras de até 40 mil por secretaria?', count({ max_value: 40_000 }, { group: 'unit' })),
  ask('obras que a Pavimax abandonou', list(supplier(town.PAVIMAX)), { unused: ['abandonou'] }),
  ...chain(
    ask('gastos de março de 2023', sum(days('2023-03-01', '2023-03-31'))),
    ask('e de abril?', sum(days('2023-04-01', '2023-04-30'))),
    ask('qual é maior?', sum(), { unused: ['maior'] }),
  ),
]
