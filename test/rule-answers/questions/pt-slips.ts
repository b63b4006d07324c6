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
  most,
  share,
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
  ask('quantos contratos por modalidade e por secretaria?', count({}, { group: 'modality', split: 'unit' })),
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
  ask(
    'que empresas vendem pra câmara e vendem também pra administração?',
    about('suppliers', 'list', buyer(town.CAMARA, town.ADMINISTRACAO), {
      having: { also: [buyer(town.CAMARA), buyer(town.ADMINISTRACAO)] },
    }),
  ),
  ask('gasto com gasolina por viatura', sum(), { unused: ['por'] }),
  ask('contratos de valor quebrado', sum(), { unused: ['quebrado'] }),
  ask('em que mês foi fechada a compra mais cara da cultura?', largest(buyer(town.CULTURA), { limit: 1 })),
  ask(
    'que parte das compras da assistência não foi por dispensa?',
    share(
      { ...buyer(town.ASSISTENCIA), except: { modality: [town.DISPENSA] } },
      { whole: buyer(town.ASSISTENCIA) },
    ),
  ),
  ask(
    'o que a Brilho Total fornece para a administração?',
    list({ ...supplier(town.BRILHO), ...buyer(town.ADMINISTRACAO) }),
  ),
  ask(
    'fornecedores por número de inexigibilidades',
    about('suppliers', 'largest', { modality: [town.INEXIGIBILIDADE] }, most),
  ),
  ask(
    'contratos da educação que sofreram aumento',
    list({ ...buyer(town.EDUCACAO), increase: { min: 0.000001 } }),
  ),
  ask('quanto a câmara gastou com vigilância e por quê?', sum(), { unused: ['por', 'que'] }),
  ask(
    'relatório das compras da guarda em 2023',
    {
      measure: 'summary',
      of: 'contracts',
      where: { ...buyer(town.GUARDA), ...year(2023) },
    },
    { or: [about('units', 'summary', { ...buyer(town.GUARDA), ...year(2023) })] },
  ),
  ask('que contratos da câmara estão para acabar?', list({ ...buyer(town.CAMARA), ...ending('2025-03-12') })),
  ask(
    'quando vencem os contratos da guarda?',
    list(buyer(town.GUARDA), { order: { by: 'end', direction: 'asc' } }),
  ),
  ask(
    'top 2 inexigibilidades da câmara',
    largest({ ...buyer(town.CAMARA), modality: [town.INEXIGIBILIDADE] }, { limit: 2 }),
  ),
  ask('quanto ganha o secretário de saúde?', sum(), { unused: ['secretario'] }),
  ask('quanto tempo duram os contratos da cultura?', sum(), { unused: ['tempo'] }),
  ask('quanto cada categoria representa do gasto de 2023?', by('category', year(2023))),
  ask(
    'empresas que nunca venderam para a câmara mas venderam para a guarda',
    about('suppliers', 'list', buyer(town.GUARDA), { having: { never: [buyer(town.CAMARA)] } }),
  ),
  ...chain(
    ask('quanto a cultura gastou em 2023?', sum({ ...buyer(town.CULTURA), ...year(2023) })),
    ask('e a assistência?', sum({ ...buyer(town.ASSISTENCIA), ...year(2023) })),
    ask('quanto dá somadas?', {
      ...sum(year(2023)),
      compare: [buyer(town.ASSISTENCIA), buyer(town.CULTURA)],
    }),
  ),
  ...chain(
    ask('contratos da guarda em 2023', list({ ...buyer(town.GUARDA), ...year(2023) })),
    ask(
      'qual é o mais recente?',
      list({ ...buyer(town.GUARDA), ...year(2023) }, { order: { by: 'date', direction: 'desc' }, limit: 1 }),
    ),
  ),
  ask('quantos motoristas dirigem as ambulâncias?', sum(), { unused: ['dirigem'] }),
  ...chain(
    ask('fornecedores da guarda', about('suppliers', 'list', buyer(town.GUARDA))),
    ask('quanto cada um recebeu?', about('suppliers', 'list', buyer(town.GUARDA))),
  ),
  ...chain(
    ask(
      'inexigibilidades da câmara em 2022',
      list({ ...buyer(town.CAMARA), modality: [town.INEXIGIBILIDADE], ...year(2022) }),
    ),
    ask('quantas foram?', count({ ...buyer(town.CAMARA), modality: [town.INEXIGIBILIDADE], ...year(2022) })),
    ask(
      'mostra todas elas',
      list({ ...buyer(town.CAMARA), modality: [town.INEXIGIBILIDADE], ...year(2022) }),
    ),
  ),
  ...chain(
    ask('gastos de março de 2023', sum(days('2023-03-01', '2023-03-31'))),
    ask('e de abril?', sum(days('2023-04-01', '2023-04-30'))),
    ask('qual é maior?', sum(), { unused: ['maior'] }),
  ),
]
