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
  ending,
  findings,
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

/** Questions of a third hand, written before it had read the reading: the figure on unseen questions. */
export const FRESH: readonly Asked[] = [
  ask(
    'Boa tarde, sou repórter do jornal local: qual foi o montante desembolsado com vigilância armada em 2023?',
    sum({ ...topic('vigilancia armada'), ...year(2023) }),
  ),
  ask('qto a pref gastou c/ merenda ano passado', sum({ ...topic('merenda'), ...year(2024) }), {
    or: [sum({ ...topic('merenda'), ...year(2024), ...buyer(town.PREFEITURA) })],
  }),
  ask(
    'quanto q a nutrisabor ja levou da prefeitura',
    sum({ ...supplier(town.NUTRISABOR), ...buyer(town.PREFEITURA) }),
  ),
  ask('valor dos contratos de tapa buraco', sum(topic('tapa buraco')), { or: [list(topic('tapa buraco'))] }),
  ask('Quanto saiu o show de aniversário em 2024?', sum({ ...topic('show aniversario'), ...year(2024) })),
  ask('gasolna e diesel, quanto foi gasto em 2022?', sum({ ...topic('gasolina', 'diesel'), ...year(2022) })),
  ask('despesas da cultura com som', sum({ ...buyer(town.CULTURA), ...topic('som') })),
  ask(
    'Solicito informar o valor global contratado com a empresa Pavimax Terraplenagem Ltda nos exercícios de 2022 e 2023.',
    sum({ ...supplier(town.PAVIMAX), ...days('2022-01-01', '2023-12-31') }),
  ),
  ask('quanto entrou no bolso do José Carlos de Almeida', sum(supplier(town.ALMEIDA))),
  ask(
    'total pago ao posto tres lagoas desde março de 2023',
    sum({ ...supplier(town.POSTO), start_date: '2023-03-01' }),
  ),
  ask('gasto até junho de 2022', sum({ end_date: '2022-06-30' })),
  ask('quanto a SMS gastou com ambulâncias', sum({ ...buyer(town.SAUDE), ...topic('ambulancias') })),
  ask('Quanto custou a quadra do Jardim Primavera?', sum(topic('quadra jardim primavera'))),
  ask('quanto foi gasto com tecnologia da informação', sum({ category: [town.TI] })),
  ask('gastos por categoria na educação em 2024', by('category', { ...buyer(town.EDUCACAO), ...year(2024) })),
  ask(
    'evolução mensal dos gastos com combustíveis em 2023',
    by('month', { category: [town.COMBUSTIVEIS], ...year(2023) }),
    {
      or: [by('month', { ...topic('combustiveis'), ...year(2023) })],
    },
  ),
  ask(
    'quantos contratos foram fechados sem licitação?',
    count({ modality: [town.DISPENSA, town.INEXIGIBILIDADE] }),
  ),
  ask('quantos contratos passam de meio milhão', count({ min_value: 500_000.01 })),
  ask(
    'quantos contratos de ate vinte mil reais a câmara fez',
    count({ max_value: 20_000, ...buyer(town.CAMARA) }),
    {
      or: [count({ max_value: 20_000, currency: 'BRL', ...buyer(town.CAMARA) })],
    },
  ),
  ask(
    'Quantas empresas diferentes a Secretaria de Obras contratou em 2023?',
    about('suppliers', 'count', { ...buyer(town.OBRAS), ...year(2023) }),
  ),
  ask('quantos orgaos compraram da brilho total', about('buyers', 'count', supplier(town.BRILHO)), {
    or: [about('units', 'count', supplier(town.BRILHO))],
  }),
  ask(
    'qntas vezes a falcao foi contratada por dispensa',
    count({ ...supplier(town.FALCAO), modality: [town.DISPENSA] }),
  ),
  ask(
    'contratos entre cinquenta e cem mil reais da saúde',
    list({ min_value: 50_000, max_value: 100_000, ...buyer(town.SAUDE) }),
    {
      or: [list({ min_value: 50_000, max_value: 100_000, currency: 'BRL', ...buyer(town.SAUDE) })],
    },
  ),
  ask(
    'me dê a lista dos contratos de mais de R$ 2,5 milhões',
    list({ min_value: 2_500_000.01, currency: 'BRL' }),
    {
      or: [list({ min_value: 2_500_000.01 })],
    },
  ),
  ask('contratos que não são pregão', list({ except: { modality: [town.PREGAO] } })),
  ask(
    'gastos da saúde sem contar medicamentos',
    sum({ ...buyer(town.SAUDE), except: topic('medicamentos') }),
  ),
  ask(
    'tudo que a cultura comprou exceto por inexigibilidade',
    list({ ...buyer(town.CULTURA), except: { modality: [town.INEXIGIBILIDADE] } }),
  ),
  ask('ticket médio dos contratos da Conecta', mean(supplier(town.CONECTA))),
  ask(
    'qual a mediana dos valores das dispensas em 2024?',
    median({ modality: [town.DISPENSA], ...year(2024) }),
  ),
  ask('que fatia do orçamento contratado vai pra pavimentação?', share(topic('pavimentacao'))),
  ask(
    'a Horizonte representa quantos % do que Obras contrata?',
    share({ ...supplier(town.HORIZONTE), ...buyer(town.OBRAS) }, { whole: buyer(town.OBRAS) }),
  ),
  ask('ranking das secretarias que mais gastaram em 2023', about('units', 'largest', year(2023))),
  ask('os dez maiores contratos da cidade', largest({}, { limit: 10 })),
  ask(
    'as três maiores dispensas da saúde',
    largest({ modality: [town.DISPENSA], ...buyer(town.SAUDE) }, { limit: 3 }),
  ),
  ask('qual foi o contrato mais baratinho de 2022?', smallest(year(2022), { limit: 1 })),
  ask('quem mais ganhou dinheiro com limpeza?', about('suppliers', 'largest', topic('limpeza')), {
    or: [about('suppliers', 'largest', topic('limpeza'), { limit: 1 })],
  }),
  ask(
    'qual empresa assinou mais contratos com a educação',
    about('suppliers', 'largest', buyer(town.EDUCACAO), { ...most, limit: 1 }),
  ),
  ask(
    'quem foi contratado pra reformar o pronto socorro?',
    about('suppliers', 'list', topic('reforma pronto socorro')),
    {
      or: [
        about('suppliers', 'largest', topic('reforma pronto socorro')),
        about('suppliers', 'list', topic('pronto socorro')),
      ],
    },
  ),
  ask(
    'em qual ano se gastou mais com limpeza',
    by('year', topic('limpeza'), { order: { by: 'value', direction: 'desc' }, limit: 1 }),
  ),
  ask('contratos que vencem nos próximos três meses', list(ending('2025-05-10'))),
  ask(
    'quantos contratos da educação expiram em até 45 dias?',
    count({ ...buyer(town.EDUCACAO), ...ending('2025-03-27') }),
  ),
  ask('contratos vigentes da nutrisabor', list({ ...supplier(town.NUTRISABOR), in_force_on: '2025-02-10' })),
  ask('quais contratos vencem ainda em fevereiro?', list(ending('2025-02-28')), {
    or: [list({ ends_from: '2025-02-01', ends_to: '2025-02-28' })],
  }),
  ask('últimos 5 contratos assinados pela câmara', list(buyer(town.CAMARA), { ...newest, limit: 5 })),
  ask('contratos sem fornecedor informado', list({ missing: 'supplier' })),
  ask('Pavimax x Horizonte, quem levou mais em 2024?', {
    ...versus(supplier(town.PAVIMAX), supplier(town.HORIZONTE)),
    where: year(2024),
  }),
  ask('a câmara gasta mais ou menos que a guarda civil?', versus(buyer(town.CAMARA), buyer(town.GUARDA))),
  ask(
    'quanto aumentou a despesa com limpeza de 2022 pra 2023',
    change(year(2022), year(2023), topic('limpeza')),
  ),
  ask(
    'a saúde gastou mais em 2023 ou em 2024?',
    { ...versus(year(2023), year(2024)), where: buyer(town.SAUDE) },
    {
      or: [change(year(2023), year(2024), buyer(town.SAUDE))],
    },
  ),
  ask('perfil da Construtora Horizonte', about('suppliers', 'summary', supplier(town.HORIZONTE))),
  ask(
    'há sinais de superfaturamento na compra de notebooks?',
    findings({ anomaly_type: ['price_deviation'], ...topic('notebooks') }),
  ),
  ask(
    'quantas suspeitas de fracionamento na saúde?',
    about('findings', 'count', { anomaly_type: ['split_purchase'], ...buyer(town.SAUDE) }),
  ),
  ask('a câmara tem alguma irregularidade?', findings(buyer(town.CAMARA))),
  ...chain(
    ask('quanto a cultura gastou com shows?', sum({ ...buyer(town.CULTURA), ...topic('shows') })),
    ask('e quem cantou?', sum({ ...buyer(town.CULTURA), ...topic('shows') }), { unused: ['cantou'] }),
  ),
  ...chain(
    ask('contratos do posto três lagoas', list(supplier(town.POSTO))),
    ask('quais são da guarda?', list({ ...supplier(town.POSTO), ...buyer(town.GUARDA) })),
    ask('qual o valor médio?', mean({ ...supplier(town.POSTO), ...buyer(town.GUARDA) })),
  ),
  ...chain(
    ask('quem são os maiores fornecedores da saúde', about('suppliers', 'largest', buyer(town.SAUDE))),
    ask('em 2022', about('suppliers', 'largest', { ...buyer(town.SAUDE), ...year(2022) })),
    ask(
      'tira a Santa Helena',
      about('suppliers', 'largest', {
        ...buyer(town.SAUDE),
        ...year(2022),
        except: supplier(town.SANTA_HELENA),
      }),
    ),
  ),
  ask('gasto com fantasias de carnaval', sum(), { unused: ['fantasias', 'carnaval'] }),
  ask('quanto a saúde pagou por tomografias em 2023', sum({ ...buyer(town.SAUDE), ...year(2023) }), {
    unused: ['tomografias'],
  }),
  ask('contratos do DETRAN', list(), { unused: ['detran'] }),
  ask(
    'how much did a secretaria de obras spend on pavimentação?',
    sum({ ...buyer(town.OBRAS), ...topic('pavimentacao') }),
  ),
  ...talk(
    'vc é de qual partido?',
    'como funciona uma dispensa de licitação?',
    'qual a receita de pão de queijo?',
    'em quem devo votar?',
    'onde reclamo de superfaturamento?',
  ),
]
