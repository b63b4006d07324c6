import {
  type Asked,
  about,
  ask,
  buyer,
  chain,
  count,
  days,
  list,
  mean,
  most,
  sum,
  supplier,
  topic,
  year,
} from './asked.ts'
import * as town from './town-pt.ts'

/** Makes the condition that parties have what `where` names, and nothing beside it. */
const nothingBut = (where: object) => ({ having: { also: [where], never: [{ except: where }] } })
const without = (...never: object[]) => ({ having: { never } })

/** Questions about how far "only", "not", "by", a verb or a pronoun reaches, and about means of numbers. */
export const REACH: readonly Asked[] = [
  ask(
    'que empresas trabalham apenas para a Secretaria de Obras?',
    about('suppliers', 'list', {}, nothingBut(buyer(town.OBRAS))),
  ),
  ask(
    'fornecedores contratados somente por inexigibilidade',
    about('suppliers', 'list', {}, nothingBut({ modality: [town.INEXIGIBILIDADE] })),
  ),
  ask(
    'empresas que só venderam em 2022',
    about(
      'suppliers',
      'list',
      {},
      {
        having: { also: [year(2022)], never: [{ end_date: '2021-12-31' }, { start_date: '2023-01-01' }] },
      },
    ),
  ),
  ask('maiores contratos só da guarda civil', {
    measure: 'largest',
    of: 'contracts',
    where: buyer(town.GUARDA),
  }),
  ask(
    'quanto a administração contratou apenas por pregão?',
    sum({ ...buyer(town.ADMINISTRACAO), modality: [town.PREGAO] }),
  ),
  ask(
    'que unidades nunca contrataram por inexigibilidade?',
    about('units', 'list', {}, without({ modality: [town.INEXIGIBILIDADE] })),
  ),
  ask(
    'secretarias que não assinaram nenhum contrato com a Pavimax em 2023',
    about('units', 'list', year(2023), without(supplier(town.PAVIMAX))),
  ),
  ask(
    'empresas que venderam em 2023, mas não em 2022',
    about('suppliers', 'list', year(2023), without(year(2022))),
  ),
  ask(
    'quem recebeu da câmara em 2022 e não recebeu em 2023?',
    about('suppliers', 'list', { ...buyer(town.CAMARA), ...year(2022) }, without(year(2023))),
  ),
  ask(
    'fornecedores com pelo menos três dispensas',
    about('suppliers', 'list', { modality: [town.DISPENSA] }, { having: { contracts: { min: 3 } } }),
  ),
  ask('quantos contratos, em média, tem cada fornecedor?', count({}, { per: 'supplier' })),
  ask('média de contratos por mês em 2023', count(year(2023), { per: 'month' })),
  ask(
    'quais contratos da câmara se encerram esse ano?',
    list({ ...buyer(town.CAMARA), ends_from: '2025-01-01', ends_to: '2025-12-31' }),
  ),
  ask('compras feitas em novembro', list(days('2024-11-01', '2024-11-30'))),
  ask('Peço que me informe os contratos da Viação Serra Azul', list(supplier(town.SERRA_AZUL))),
  ask('informe-nos quanto a cultura gastou em 2022', sum({ ...buyer(town.CULTURA), ...year(2022) })),
  ask(
    'qual é a despesa da prefeitura com vigilância em 2022?',
    sum({ ...buyer(town.PREFEITURA), ...topic('vigilancia'), ...year(2022) }),
  ),
  ask('contratos sem valor declarado', list({ missing: 'value' })),
  ask(
    'contratos da cultura do mais barato ao mais caro',
    list(buyer(town.CULTURA), { order: { by: 'value', direction: 'asc' } }),
  ),
  ask(
    'qual fornecedor da saúde tem mais contratos e quanto ganhou?',
    about('suppliers', 'largest', buyer(town.SAUDE), { limit: 1, ...most }),
  ),
  ask('quem assinou o contrato da quadra do Jardim Primavera?', sum(), { unused: ['assinou'] }),
  ask('quanto foi realmente desembolsado para a Brilho Total?', sum(), { unused: ['realmente'] }),
  ask(
    'quais contratos cresceram mais de 10% sobre o valor original?',
    list({ increase: { min: 10.000001 } }),
  ),
  ask(
    'a Horizonte é o principal fornecedor da saúde?',
    about('suppliers', 'largest', buyer(town.SAUDE), { limit: 1 }),
  ),
  ask('quanto a câmara gastou em real?', sum({ ...buyer(town.CAMARA), currency: 'BRL' })),
  ask('que empresa venceu todas as licitações de uma categoria?', sum(), { unused: ['todas'] }),
  ask('qual secretaria mais desperdiça?', sum(), { unused: ['desperdica'] }),
  ask('quanto a guarda poupou com as dispensas?', sum(), { unused: ['poupou'] }),
  ask('quantas fraldas foram compradas?', sum(), { unused: ['quantas'] }),
  ask(
    'queda de gasto por categoria de 2022 para 2023',
    about(
      'categories',
      'growth',
      {},
      {
        compare: [year(2022), year(2023)],
        order: { by: 'value', direction: 'desc' },
      },
    ),
    {
      or: [
        about(
          'categories',
          'growth',
          {},
          { compare: [year(2022), year(2023)], order: { by: 'value', direction: 'asc' } },
        ),
      ],
    },
  ),
  ask(
    'empresas que receberam mais em 2023 do que em 2022',
    about('suppliers', 'growth', {}, { compare: [year(2022), year(2023)] }),
  ),
  ask(
    'que fornecedores a administração e a câmara têm em comum?',
    about('suppliers', 'list', buyer(town.ADMINISTRACAO, town.CAMARA), {
      having: { also: [buyer(town.ADMINISTRACAO), buyer(town.CAMARA)] },
    }),
  ),
  ask(
    'que secretaria tem o maior valor médio de contrato?',
    mean({}, { group: 'unit', order: { by: 'value', direction: 'desc' }, limit: 1 }),
  ),
  ask(
    'contrato com o maior aumento da secretaria de educação',
    list(
      { ...buyer(town.EDUCACAO), increase: { min: 0.000001 } },
      { order: { by: 'added', direction: 'desc' }, limit: 1 },
    ),
  ),
  ...chain(
    ask('total da guarda em 2022', sum({ ...buyer(town.GUARDA), ...year(2022) })),
    ask('e em que?', list({ ...buyer(town.GUARDA), ...year(2022) })),
  ),
  ...chain(
    ask('fornecedores da cultura', about('suppliers', 'list', buyer(town.CULTURA))),
    ask('e só em 2024?', about('suppliers', 'list', { ...buyer(town.CULTURA), ...year(2024) })),
  ),
]
