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
  findings,
  largest,
  list,
  mean,
  share,
  smallest,
  sum,
  supplier,
  talk,
  topic,
  versus,
  year,
} from './asked.ts'
import * as town from './town-pt.ts'

/** Questions written when the reading had been seen, and measured once before anything was changed for them. */
export const AGAIN: readonly Asked[] = [
  ask(
    'sou vereadora e quero saber quanto se gastou com cestas básicas em 2024',
    sum({ ...topic('cestas basicas'), ...year(2024) }),
  ),
  ask(
    'quanto custam por ano as viaturas da guarda',
    by('year', { ...topic('viaturas'), ...buyer(town.GUARDA) }),
  ),
  ask(
    'valor contratado sem pregão na saúde',
    sum({ ...buyer(town.SAUDE), except: { modality: [town.PREGAO] } }),
  ),
  ask(
    'contratos da conecta que não sejam da câmara',
    list({ ...supplier(town.CONECTA), except: buyer(town.CAMARA) }),
  ),
  ask(
    'quantos contratos de vinte e cinco mil reais pra cima a cultura tem?',
    count({ min_value: 25_000, ...buyer(town.CULTURA) }),
    {
      or: [count({ min_value: 25_000, currency: 'BRL', ...buyer(town.CULTURA) })],
    },
  ),
  ask(
    'compras de cento e cinquenta mil a trezentos mil em 2022',
    list({ min_value: 150_000, max_value: 300_000, ...year(2022) }),
  ),
  ask('seis contratos mais caros da assistência social', largest(buyer(town.ASSISTENCIA), { limit: 6 })),
  ask('a Brilho recebeu quanto da educação?', sum({ ...supplier(town.BRILHO), ...buyer(town.EDUCACAO) })),
  ask(
    'quem foi escolhido para a operação tapa-buracos',
    about('suppliers', 'list', topic('operacao tapa buracos')),
    {
      or: [about('suppliers', 'largest', topic('operacao tapa buracos'))],
    },
  ),
  ask(
    'quantas licitações por tomada de preços a saúde fez ano passado?',
    count({ modality: [town.TOMADA], ...buyer(town.SAUDE), ...year(2024) }),
  ),
  ask('gasto com creche dividido por ano', by('year', topic('creche'))),
  ask('preço médio das locações', mean(topic('locacao')), { or: [mean(topic('locacoes'))] }),
  ask(
    'percentual gasto com dispensa na cultura',
    share({ modality: [town.DISPENSA], ...buyer(town.CULTURA) }, { whole: buyer(town.CULTURA) }),
  ),
  ask('contratos assinados no último trimestre de 2023', list(days('2023-10-01', '2023-12-31'))),
  ask('o menor contrato da Horizonte', smallest(supplier(town.HORIZONTE), { limit: 1 })),
  ask('saúde, educação e obras: quem gastou mais em 2023?', {
    ...versus(buyer(town.SAUDE), buyer(town.EDUCACAO), buyer(town.OBRAS)),
    where: year(2023),
  }),
  ask('o que vence até o fim de março?', list(ending('2025-03-31'))),
  ask('irregularidades nos contratos de merenda em 2023', findings({ ...topic('merenda'), ...year(2023) })),
  ...chain(
    ask('lista de contratos da horizonte em 2022', list({ ...supplier(town.HORIZONTE), ...year(2022) })),
    ask(
      'e quanto somam os da saúde?',
      sum({ ...supplier(town.HORIZONTE), ...year(2022), ...buyer(town.SAUDE) }),
    ),
    ask('tire a saúde', sum({ ...supplier(town.HORIZONTE), ...year(2022), except: buyer(town.SAUDE) })),
  ),
  ask('quanto a prefeitura gasta com o lixo', sum(buyer(town.PREFEITURA)), { unused: ['lixo'] }),
  ask('contratos do posto shell', list(), { unused: ['shell'] }),
  ask('gasto com ginástica para idosos na cultura', sum(buyer(town.CULTURA)), {
    unused: ['ginastica', 'idosos'],
  }),
  ...talk('como funciona o pregão eletrônico?', 'quem vai ganhar a eleição?'),
]
