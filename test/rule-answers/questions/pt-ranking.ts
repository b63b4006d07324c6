import {
  type Asked,
  about,
  ask,
  buyer,
  by,
  dearest,
  largest,
  most,
  smallest,
  supplier,
  topic,
  year,
} from './asked.ts'
import * as town from './town-pt.ts'

/** Which is the largest, the smallest, the most frequent. */
export const RANKING: readonly Asked[] = [
  ask('qual o maior contrato?', largest({}, { limit: 1 })),
  ask('Qual foi o contrato mais caro de 2023?', largest(year(2023), { limit: 1 })),
  ask('10 maiores contratos', largest({}, { limit: 10 })),
  ask('os cinco maiores contratos da saúde', largest(buyer(town.SAUDE), { limit: 5 })),
  ask('Liste os três contratos mais caros da Câmara', largest(buyer(town.CAMARA), { limit: 3 })),
  ask('top 5 contratos de 2024', largest(year(2024), { limit: 5 })),
  ask('quais são os maiores contratos da Pavimax', largest(supplier(town.PAVIMAX))),
  ask('maior compra por dispensa', largest({ modality: [town.DISPENSA] }, { limit: 1 })),
  ask('qual o maior contrato de transporte escolar?', largest(topic('transporte escolar'), { limit: 1 })),
  ask('qual o menor contrato?', smallest({}, { limit: 1 })),
  ask('os 3 contratos mais baratos de 2022', smallest(year(2022), { limit: 3 })),
  ask('Qual a obra mais cara?', largest(topic('obra'), { limit: 1 }), {
    or: [largest(topic('obras'), { limit: 1 })],
  }),
  ask('quem mais recebeu da prefeitura?', about('suppliers', 'largest', buyer(town.PREFEITURA))),
  ask('Quem são os maiores fornecedores?', about('suppliers', 'largest')),
  ask(
    'maiores fornecedores da educação em 2024',
    about('suppliers', 'largest', { ...buyer(town.EDUCACAO), ...year(2024) }),
  ),
  ask('ranking de fornecedores', about('suppliers', 'largest')),
  ask('quais empresas mais ganharam dinheiro em 2023?', about('suppliers', 'largest', year(2023))),
  ask('top 3 fornecedores da saude', about('suppliers', 'largest', buyer(town.SAUDE), { limit: 3 })),
  ask(
    'qual empresa mais recebeu por dispensa de licitação?',
    about('suppliers', 'largest', { modality: [town.DISPENSA] }, { limit: 1 }),
  ),
  ask(
    'Qual o maior fornecedor da Secretaria de Obras?',
    about('suppliers', 'largest', buyer(town.OBRAS), { limit: 1 }),
  ),
  ask(
    'quem vende mais combustível pra prefeitura',
    about('suppliers', 'largest', { ...topic('combustivel'), ...buyer(town.PREFEITURA) }),
  ),
  ask('qual empresa tem mais contratos?', about('suppliers', 'largest', {}, { ...most, limit: 1 })),
  ask(
    'Quais fornecedores têm o maior número de contratos com a educação?',
    about('suppliers', 'largest', buyer(town.EDUCACAO), most),
  ),
  ask('quem menos recebeu em 2023?', about('suppliers', 'smallest', year(2023))),
  ask('os 5 menores fornecedores', about('suppliers', 'smallest', {}, { limit: 5 })),
  ask('qual secretaria gastou mais?', about('units', 'largest', {}, { limit: 1 })),
  ask('Qual secretaria gasta menos?', about('units', 'smallest', {}, { limit: 1 })),
  ask('quais secretarias mais gastaram em 2024', about('units', 'largest', year(2024))),
  ask(
    'que secretaria mais contratou a Conecta?',
    about('units', 'largest', supplier(town.CONECTA), { limit: 1 }),
    { or: [about('units', 'largest', supplier(town.CONECTA), { ...most, limit: 1 })] },
  ),
  ask('qual órgão gasta mais com vigilância?', about('buyers', 'largest', topic('vigilancia'), { limit: 1 })),
  ask('ranking dos órgãos por gasto', about('buyers', 'largest')),
  ask('quais as categorias com maior gasto?', about('categories', 'largest')),
  ask('Em que a prefeitura gasta mais?', about('categories', 'largest', buyer(town.PREFEITURA))),
  ask(
    'com o que a educação mais gastou em 2023',
    about('categories', 'largest', { ...buyer(town.EDUCACAO), ...year(2023) }),
  ),
  ask('qual categoria tem mais contratos?', about('categories', 'largest', {}, { ...most, limit: 1 })),
  ask('as 3 categorias mais caras', about('categories', 'largest', {}, { limit: 3 })),
  ask('em que ano se gastou mais?', by('year', {}, { ...dearest, limit: 1 })),
  ask('Qual foi o ano com maior gasto da saúde?', by('year', buyer(town.SAUDE), { ...dearest, limit: 1 })),
  ask('qual o mês de maior gasto em 2023', by('month', year(2023), { ...dearest, limit: 1 })),
  ask('qual modalidade concentra mais dinheiro?', by('modality', {}, { ...dearest, limit: 1 })),
  ask('em qual mês de 2024 foram feitos mais contratos?', {
    measure: 'count',
    of: 'contracts',
    where: year(2024),
    group: 'month',
    ...most,
    limit: 1,
  }),
  ask('maior contrato em dólar', largest({ currency: 'USD' }, { limit: 1 })),
  ask(
    'qual o maior valor pago à Nutrisabor num contrato só?',
    largest(supplier(town.NUTRISABOR), { limit: 1 }),
  ),
  ask('fornecedores ordenados por quantidade de contratos', about('suppliers', 'largest', {}, most), {
    or: [about('suppliers', 'list', {}, most)],
  }),
  ask(
    'quem são os dez principais fornecedores do município desde 2024?',
    about('suppliers', 'largest', { start_date: '2024-01-01' }, { limit: 10 }),
    {
      or: [
        about('suppliers', 'largest', { ...buyer(town.PREFEITURA), start_date: '2024-01-01' }, { limit: 10 }),
      ],
    },
  ),
  ask('quem ganha mais com obra nessa cidade', about('suppliers', 'largest', topic('obra'))),
  ask('maiores gastos da câmara por categoria', about('categories', 'largest', buyer(town.CAMARA)), {
    or: [by('category', buyer(town.CAMARA))],
  }),
]
