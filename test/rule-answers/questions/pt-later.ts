import {
  type Asked,
  about,
  ask,
  buyer,
  by,
  chain,
  change,
  count,
  days,
  dearest,
  ending,
  findings,
  growth,
  largest,
  list,
  mean,
  median,
  most,
  newest,
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

/** Questions written when the reading had been measured once, by somebody who had not read it. */
export const LATER: readonly Asked[] = [
  ask(
    'Preciso saber quanto a Secretaria de Assistência Social gastou com aluguel.',
    sum({ ...buyer(town.ASSISTENCIA), ...topic('aluguel') }),
  ),
  ask('dá pra ver quanto foi pago pra Palco e Luz?', sum(supplier(town.PALCO))),
  ask('tem como saber o total gasto com seringas em 2022', sum({ ...topic('seringas'), ...year(2022) })),
  ask(
    'Sou estudante e estou fazendo um trabalho: quanto a cidade gastou com creches?',
    sum(topic('creches')),
  ),
  ask(
    'valor total dos contratos da sec. de educação no ano de 2022',
    sum({ ...buyer(town.EDUCACAO), ...year(2022) }),
  ),
  ask(
    'quanto a Distrib. Medica Sta Helena faturou em 2023',
    sum({ ...supplier(town.SANTA_HELENA), ...year(2023) }),
  ),
  ask('Quanto o poder legislativo municipal (Câmara) gastou ao todo?', sum(buyer(town.CAMARA))),
  ask('quanto deu a conta da gasolina em 2023?', sum({ ...topic('gasolina'), ...year(2023) })),
  ask('gasto total de outubro a dezembro de 2022', sum(days('2022-10-01', '2022-12-31'))),
  ask(
    'quanto foi gasto no segundo semestre de 2024 pela saúde',
    sum({ ...buyer(town.SAUDE), ...days('2024-07-01', '2024-12-31') }),
  ),
  ask(
    'Soma dos contratos da Horizonte acima de dois milhões',
    sum({ ...supplier(town.HORIZONTE), min_value: 2_000_000.01 }),
  ),
  ask(
    'quanto custaram as obras de 2022 a 2024?',
    sum({ ...topic('obras'), ...days('2022-01-01', '2024-12-31') }),
  ),
  ask('quanto gastaram com cestas básicas por ano', by('year', topic('cestas basicas'))),
  ask('total por modalidade na secretaria de cultura', by('modality', buyer(town.CULTURA))),
  ask('Me passa o gasto da câmara mês a mês em 2024', by('month', { ...buyer(town.CAMARA), ...year(2024) })),
  ask('gasto com a Falcão separado por órgão', by('buyer', supplier(town.FALCAO))),
  ask(
    'quantas compras de medicamentos foram feitas em 2024?',
    count({ ...topic('medicamentos'), ...year(2024) }),
  ),
  ask(
    'quantos contratos com a Conecta são da Câmara?',
    count({ ...supplier(town.CONECTA), ...buyer(town.CAMARA) }),
  ),
  ask('há quantos contratos de valor superior a cem mil reais?', count({ min_value: 100_000.01 }), {
    or: [count({ min_value: 100_000.01, currency: 'BRL' })],
  }),
  ask('quantos contratos de R$ 1,2 milhão pra cima', count({ min_value: 1_200_000 }), {
    or: [count({ min_value: 1_200_000, currency: 'BRL' })],
  }),
  ask(
    'Quantos contratos terminam no primeiro semestre de 2025?',
    count({ ends_from: '2025-01-01', ends_to: '2025-06-30' }),
  ),
  ask(
    'quantas concorrências a prefeitura realizou?',
    count({ modality: [town.CONCORRENCIA], ...buyer(town.PREFEITURA) }),
  ),
  ask('quantas tomadas de preço teve em 2023', count({ modality: [town.TOMADA], ...year(2023) })),
  ask(
    'quantos fornecedores venderam por dispensa',
    about('suppliers', 'count', { modality: [town.DISPENSA] }),
  ),
  ask('qual o preço médio dos contratos de vigilância?', mean(topic('vigilancia'))),
  ask('contrato médio da Pavimax', mean(supplier(town.PAVIMAX))),
  ask('mediana por secretaria em 2023', median(year(2023), { group: 'unit' })),
  ask('Quanto da despesa total vai para a Secretaria de Obras, em porcentagem?', share(buyer(town.OBRAS))),
  ask('peso do pregão no gasto de 2022', share({ modality: [town.PREGAO], ...year(2022) })),
  ask('o maior fornecedor tem quantos por cento do gasto?', about('suppliers', 'share', {}, { limit: 1 })),
  ask(
    'quais os 4 maiores contratos por inexigibilidade?',
    largest({ modality: [town.INEXIGIBILIDADE] }, { limit: 4 }),
  ),
  ask('o contrato mais alto da Guarda', largest(buyer(town.GUARDA), { limit: 1 })),
  ask('menor contrato de limpeza', smallest(topic('limpeza'), { limit: 1 })),
  ask(
    'Quem levou mais dinheiro da saúde em 2024?',
    about('suppliers', 'largest', { ...buyer(town.SAUDE), ...year(2024) }),
  ),
  ask('principais fornecedores de merenda', about('suppliers', 'largest', topic('merenda'))),
  ask(
    'fornecedor com mais contratos em 2022',
    about('suppliers', 'largest', year(2022), { ...most, limit: 1 }),
  ),
  ask(
    'qual a secretaria com mais dispensas?',
    about('units', 'largest', { modality: [town.DISPENSA] }, { ...most, limit: 1 }),
    { or: [about('units', 'largest', { modality: [town.DISPENSA] }, { limit: 1 })] },
  ),
  ask('onde a saúde gasta mais dinheiro?', about('categories', 'largest', buyer(town.SAUDE)), {
    or: [about('suppliers', 'largest', buyer(town.SAUDE))],
  }),
  ask(
    'em que mês de 2022 a prefeitura gastou mais?',
    by('month', { ...buyer(town.PREFEITURA), ...year(2022) }, { ...dearest, limit: 1 }),
  ),
  ask('qual ano teve menos contratos?', {
    measure: 'count',
    of: 'contracts',
    where: {},
    group: 'year',
    order: { by: 'count', direction: 'asc' },
    limit: 1,
  }),
  ask(
    'quero ver os contratos de vigilância da câmara',
    list({ ...topic('vigilancia'), ...buyer(town.CAMARA) }),
  ),
  ask(
    'relação de contratos com dispensa acima de R$ 50 mil em 2023',
    list({ modality: [town.DISPENSA], min_value: 50_000.01, ...year(2023), currency: 'BRL' }),
    { or: [list({ modality: [town.DISPENSA], min_value: 50_000.01, ...year(2023) })] },
  ),
  ask('o que a guarda comprou?', list(buyer(town.GUARDA)), {
    or: [about('categories', 'list', buyer(town.GUARDA))],
  }),
  ask('o que foi comprado em fevereiro de 2024', list(days('2024-02-01', '2024-02-29')), {
    or: [about('categories', 'list', days('2024-02-01', '2024-02-29'))],
  }),
  ask('contratos de gasolina e de medicamentos', list(topic('gasolina', 'medicamentos'))),
  ask('contratos que acabam nas próximas duas semanas', list(ending('2025-02-24'))),
  ask('contratos da educação prestes a vencer', list({ ...buyer(town.EDUCACAO), ...ending('2025-03-12') })),
  ask('quais contratos venceram em 2024?', list({ ends_from: '2024-01-01', ends_to: '2024-12-31' })),
  ask(
    'contratos ativos da Secretaria de Administração',
    list({ in_force_on: '2025-02-10', ...buyer(town.ADMINISTRACAO) }),
  ),
  ask('os 3 contratos mais novos da saúde', list(buyer(town.SAUDE), { ...newest, limit: 3 })),
  ask('tem algum contrato sem data de fim?', list({ missing: 'end' }), { or: [count({ missing: 'end' })] }),
  ask('todas as compras menos as de obras e engenharia', list({ except: { category: [town.ENGENHARIA] } }), {
    or: [list({ except: topic('obras engenharia') })],
  }),
  ask(
    'contratos da Brilho Total fora da saúde',
    list({ ...supplier(town.BRILHO), except: buyer(town.SAUDE) }),
  ),
  ask(
    'quem presta o serviço de limpeza hospitalar?',
    about('suppliers', 'list', topic('limpeza hospitalar')),
    {
      or: [about('suppliers', 'largest', topic('limpeza hospitalar'))],
    },
  ),
  ask(
    'Nutrisabor ou JM Batista: quem recebeu mais?',
    versus(supplier(town.NUTRISABOR), supplier(town.BATISTA)),
  ),
  ask('compare gasolina com merenda em 2023', {
    ...versus(topic('gasolina'), topic('merenda')),
    where: year(2023),
  }),
  ask('comparação entre 2023 e 2024 na educação', {
    ...versus(year(2023), year(2024)),
    where: buyer(town.EDUCACAO),
  }),
  ask(
    'o gasto com a Serra Azul subiu ou caiu de 2022 para 2024?',
    change(year(2022), year(2024), supplier(town.SERRA_AZUL)),
  ),
  ask('como vem crescendo o gasto da câmara ano a ano?', growth('year', buyer(town.CAMARA))),
  ask('me fala da Viação Serra Azul', about('suppliers', 'summary', supplier(town.SERRA_AZUL))),
  ask('quais problemas foram achados nos contratos da Pavimax?', findings(supplier(town.PAVIMAX))),
  ask(
    'tem compra fracionada na guarda?',
    findings({ anomaly_type: ['split_purchase'], ...buyer(town.GUARDA) }),
  ),
  ask('alertas críticos de 2023', findings({ severity: ['critical'], ...year(2023) })),
  ask('quantos alertas de preço?', about('findings', 'count', { anomaly_type: ['price_deviation'] })),
  ...chain(
    ask('quanto custou o show do aniversário da cidade?', sum(topic('show aniversario cidade'))),
    ask('em 2023', sum({ ...topic('show aniversario cidade'), ...year(2023) })),
  ),
  ...chain(
    ask('quais as maiores compras da administração?', largest(buyer(town.ADMINISTRACAO))),
    ask('e de 2024?', largest({ ...buyer(town.ADMINISTRACAO), ...year(2024) })),
    ask('quanto somam?', sum({ ...buyer(town.ADMINISTRACAO), ...year(2024) })),
  ),
  ...chain(
    ask('quantas dispensas a educação fez?', count({ modality: [town.DISPENSA], ...buyer(town.EDUCACAO) })),
    ask('e pregões?', count({ modality: [town.PREGAO], ...buyer(town.EDUCACAO) })),
    ask('agora da saúde', count({ modality: [town.PREGAO], ...buyer(town.SAUDE) })),
  ),
  ask('quanto gastaram com iluminação de natal?', sum(topic('iluminacao')), { unused: ['natal'] }),
  ask('contratos do hospital regional', list(), { unused: ['regional'] }),
  ask('quanto foi repassado para a santa casa de misericórdia', sum(), { unused: ['misericordia'] }),
  ask('gastos com dengue em 2024', sum(year(2024)), { unused: ['dengue'] }),
  ask('quanto a secretaria de meio ambiente gastou com árvores', sum(), { unused: ['ambiente', 'arvores'] }),
  ...talk(
    'e aí, beleza?',
    'muito obrigada pela ajuda!',
    'como eu envio meus contratos pra cá?',
    'a quem eu reclamo de uma obra parada?',
    'posso confiar nessas informações?',
    'o que é pregão eletrônico?',
    'que horas são?',
    'me ensina a fazer um bolo',
  ),
]
