import {
  type Asked,
  about,
  ask,
  buyer,
  by,
  chain,
  count,
  findings,
  largest,
  list,
  mean,
  median,
  most,
  newest,
  placed,
  placedOf,
  reais,
  share,
  smallest,
  sum,
  summary,
  supplier,
  talk,
  topic,
  year,
} from './asked.ts'
import * as town from './town-pt.ts'

/** Questions of all kinds, talk and conversations, written by another hand that had not read the reading. */
export const UNREHEARSED: readonly Asked[] = [
  ask(
    'oi, tudo bem? moro no Jardim Primavera e queria entender uma coisa: quanto já custou a construção da quadra?',
    sum(topic('construcao quadra')),
  ),
  ask(
    'quem é o segundo fornecedor que mais recebeu da saúde?',
    about('suppliers', 'largest', buyer(town.SAUDE), { place: 2 }),
    {
      or: [
        about('suppliers', 'largest', buyer(town.SAUDE), { place: 2, limit: 2 }),
        about('suppliers', 'summary', buyer(town.SAUDE), { place: 2 }),
        about('suppliers', 'largest', buyer(town.SAUDE), { skip: 1, limit: 1 }),
      ],
    },
  ),
  ask(
    'me vê meia dúzia dos contratos mais caros do posto três lagoas',
    largest(supplier(town.POSTO), { limit: 6 }),
  ),
  ask('contratos de mais de dois milhões e meio', list({ min_value: 2_500_000.01 })),
  ask('tem mto contrato acima de 3 milhoes?', count({ min_value: 3_000_000.01 }), {
    or: [list({ min_value: 3_000_000.01 })],
  }),
  reais(
    'Existe contrato de valor igual ou inferior a R$ 35.000,00 na Secretaria de Assistência Social?',
    list({ max_value: 35_000, ...buyer(town.ASSISTENCIA) }),
    [count({ max_value: 35_000, ...buyer(town.ASSISTENCIA) })],
  ),
  ask(
    'a mediana das dispensas da educação, qual é?',
    median({ modality: [town.DISPENSA], ...buyer(town.EDUCACAO) }),
  ),
  ask(
    'os 2 maiores fornecedores, juntos, ficam com quantos por cento do total?',
    about('suppliers', 'share', {}, { limit: 2 }),
  ),
  ask(
    'em que ano a Palco & Luz ganhou menos dinheiro?',
    by('year', supplier(town.PALCO), { order: { by: 'value', direction: 'asc' }, limit: 1 }),
    { or: [{ measure: 'smallest', of: 'contracts', where: supplier(town.PALCO), group: 'year', limit: 1 }] },
  ),
  ask('tem contrato com aditivo acima do limite de 25%?', list({ increase: { min: 25.000001 } })),
  ask(
    'há indício de que a educação fracionou compras pra fugir da licitação?',
    findings({ anomaly_type: ['split_purchase'], ...buyer(town.EDUCACAO) }),
  ),
  ask(
    'quantos alertas de gravidade baixa apareceram pra cultura',
    about('findings', 'count', { severity: ['low'], ...buyer(town.CULTURA) }),
  ),
  ask('pode me explicar o quarto achado?', about('findings', 'summary', {}, { place: 4 })),
  ask('conta a história do contrato 066/2024', summary({ contract: '066/2024' })),
  ask('Com quem foi assinado o contrato 030/2023 e por quanto?', summary({ contract: '030/2023' }), {
    or: [about('suppliers', 'list', { contract: '030/2023' }), list({ contract: '030/2023' })],
  }),
  ask(
    'ficha completa da empresa de cnpj 11.345.678/0001-85',
    about('suppliers', 'summary', supplier('11.345.678/0001-85')),
    { or: [about('suppliers', 'summary', supplier(town.FALCAO))] },
  ),
  ask('quantos contratos a Palco e Luz tem e qual a soma deles?', count(supplier(town.PALCO)), {
    or: [sum(supplier(town.PALCO)), about('suppliers', 'summary', supplier(town.PALCO))],
  }),
  ask('qual a média e a mediana dos contratos da câmara?', mean(buyer(town.CAMARA)), {
    or: [median(buyer(town.CAMARA)), summary(buyer(town.CAMARA))],
  }),
  ask('quanto a saúde gasta por habitante?', sum(buyer(town.SAUDE)), { unused: ['habitante'] }),
  ask('quem aprovou o contrato 013/2022?', summary({ contract: '013/2022' }), { unused: ['aprovou'] }),
  ask('quantos funcionários a Conecta Sistemas tem?', count(supplier(town.CONECTA)), {
    unused: ['funcionarios'],
  }),
  ask('teve contrato de psicólogos na educação?', list(buyer(town.EDUCACAO)), { unused: ['psicologos'] }),
  ...chain(
    ask('quanto custaram as cestas básicas em 2023?', sum({ ...topic('cestas basicas'), ...year(2023) })),
    ask('e em 2022?', sum({ ...topic('cestas basicas'), ...year(2022) })),
    ask('troca pra merenda', sum({ ...topic('merenda'), ...year(2022) })),
  ),
  ...chain(
    reais(
      'quantos contratos a saúde fez de até cem mil reais?',
      count({ ...buyer(town.SAUDE), max_value: 100_000 }),
    ),
    reais('e acima disso?', count({ ...buyer(town.SAUDE), min_value: 100_000.01 })),
    reais('quais são eles?', list({ ...buyer(town.SAUDE), min_value: 100_000.01 })),
  ),
  ...chain(
    ask(
      'quem são os 5 maiores fornecedores da administração?',
      about('suppliers', 'largest', buyer(town.ADMINISTRACAO), { limit: 5 }),
    ),
    ask(
      'agora só em 2024',
      about('suppliers', 'largest', { ...buyer(town.ADMINISTRACAO), ...year(2024) }, { limit: 5 }),
    ),
    ask(
      'sem a Falcão',
      about(
        'suppliers',
        'largest',
        { ...buyer(town.ADMINISTRACAO), ...year(2024), except: supplier(town.FALCAO) },
        { limit: 5 },
      ),
    ),
  ),
  ...chain(
    ask('gasto da educação separado por fornecedor', by('supplier', buyer(town.EDUCACAO))),
    ask('e o da saúde', by('supplier', buyer(town.SAUDE))),
    ask('só o ano passado', by('supplier', { ...buyer(town.SAUDE), ...year(2024) })),
  ),
  ...talk('o que quer dizer desvio de preço?'),
  ask(
    'quanto a Pavimax abocanhou com tapa-buracos?',
    sum({ ...supplier(town.PAVIMAX), ...topic('tapa buracos') }),
  ),
  ask(
    'preciso do montante, em dólares, das licenças de software',
    sum({ ...topic('licencas software'), currency: 'USD' }),
  ),
  ask('gastos com limpesa hospitalar', sum(topic('limpeza hospitalar'))),
  placed('o quarto contrato mais caro da educação', buyer(town.EDUCACAO), 4),
  ask(
    'qual o contrato mais antigo que aparece aí?',
    list({}, { order: { by: 'date', direction: 'asc' }, limit: 1 }),
  ),
  ask(
    'a última compra da assistência social foi qual?',
    list(buyer(town.ASSISTENCIA), { ...newest, limit: 1 }),
  ),
  ask('três menores contratos feitos por pregão', smallest({ modality: [town.PREGAO] }, { limit: 3 })),
  ask(
    'lista só os contratos que custaram entre um milhão e dois milhões e meio',
    list({ min_value: 1_000_000, max_value: 2_500_000 }),
  ),
  ask('qtas compras ficaram abaixo de vinte e cinco mil?', count({ max_value: 24_999.99 })),
  reais(
    'houve contrato da câmara de sessenta mil reais pra cima?',
    list({ ...buyer(town.CAMARA), min_value: 60_000 }),
    [count({ ...buyer(town.CAMARA), min_value: 60_000 })],
  ),
  reais('contratos de pelo menos R$ 800 mil na saude', list({ ...buyer(town.SAUDE), min_value: 800_000 })),
  ask(
    'quantas secretarias compraram da Papelaria Dois Irmãos?',
    about('units', 'count', supplier(town.DOIS_IRMAOS)),
  ),
  ask(
    'quais fornecedores empatam em número de contratos? quantos tem cada um?',
    count({}, { group: 'supplier' }),
    { or: [about('suppliers', 'largest', {}, most), about('suppliers', 'list', {}, most)] },
  ),
  ask('faz uma tabela com o valor médio por modalidade', mean({}, { group: 'modality' })),
  ask('sinais de alerta da construtora horizonte', findings(supplier(town.HORIZONTE))),
  ask(
    'algum contrato duplicado com a Santa Helena?',
    findings({ anomaly_type: ['duplicate_contract'], ...supplier(town.SANTA_HELENA) }),
  ),
  ask(
    'quantos achados críticos ou altos existem?',
    about('findings', 'count', { severity: ['high', 'critical'] }),
  ),
  ask(
    'tem fornecedor concentrando demais os contratos da saúde?',
    findings({ anomaly_type: ['vendor_concentration'], ...buyer(town.SAUDE) }),
  ),
  reais('qual o total, em reais, que está sob suspeita?', about('findings', 'sum')),
  ask('quero saber tudo do contrato 064/2023', summary({ contract: '064/2023' })),
  ask(
    'quem é essa tal de Distribuidora Médica Santa Helena?',
    about('suppliers', 'summary', supplier(town.SANTA_HELENA)),
  ),
  ask('quanto recebeu o CPF 529.982.247-25?', sum(supplier('529.982.247-25')), {
    or: [sum(supplier(town.ALMEIDA))],
  }),
  ask(
    'quantos licitantes participaram do pregão da merenda?',
    count({ ...topic('merenda'), modality: [town.PREGAO] }),
    { unused: ['licitantes'] },
  ),
  ask('a obra da quadra já foi concluída?', list(topic('quadra')), { unused: ['concluida'] }),
  ask('quanto saiu o quilômetro da pavimentação?', sum(topic('pavimentacao')), { unused: ['quilometro'] }),
  ask('gasto com castração de animais', sum(), { unused: ['castracao', 'animais'] }),
  ...chain(
    ask('quanto a administração gastou com papel?', sum({ ...buyer(town.ADMINISTRACAO), ...topic('papel') })),
    ask('e a educação, com cadernos?', sum({ ...buyer(town.EDUCACAO), ...topic('cadernos') })),
  ),
  ...chain(
    ask('top 5 contratos da pavimax', largest(supplier(town.PAVIMAX), { limit: 5 })),
    ask('e os da horizonte, quais são?', largest(supplier(town.HORIZONTE), { limit: 5 })),
  ),
  ...chain(
    ask(
      'contratos de 2023 por dispensa ou inexigibilidade',
      list({ modality: [town.DISPENSA, town.INEXIGIBILIDADE], ...year(2023) }),
    ),
    ask(
      'desses, tira os da saúde',
      list({
        modality: [town.DISPENSA, town.INEXIGIBILIDADE],
        ...year(2023),
        except: buyer(town.SAUDE),
      }),
    ),
    ask(
      'e isso tudo dá quanto?',
      sum({
        modality: [town.DISPENSA, town.INEXIGIBILIDADE],
        ...year(2023),
        except: buyer(town.SAUDE),
      }),
    ),
  ),
  ...talk('o que é concentração de fornecedores?', 'me explica o que vcs chamam de contrato duplicado'),
  ask(
    'a Papelaria Dois Irmaos vendeu quanto p/ a educação?',
    sum({ ...supplier(town.DOIS_IRMAOS), ...buyer(town.EDUCACAO) }),
  ),
  ask(
    'quanto foi pra Conecta, contando só o que é em reais',
    sum({ ...supplier(town.CONECTA), currency: 'BRL' }),
  ),
  ask(
    'nenhum contrato da cultura foi por pregão?',
    list({ ...buyer(town.CULTURA), modality: [town.PREGAO] }),
    { or: [count({ ...buyer(town.CULTURA), modality: [town.PREGAO] })] },
  ),
  ask('contratos de notebook ou de licença de software', list(topic('notebook', 'licenca software'))),
  ask('qual o maior e qual o menor contrato da câmara?', summary(buyer(town.CAMARA)), {
    or: [
      largest(buyer(town.CAMARA), { limit: 1 }),
      smallest(buyer(town.CAMARA), { limit: 1 }),
      about('buyers', 'summary', buyer(town.CAMARA)),
      sum(buyer(town.CAMARA)),
    ],
  }),
  placed('o quinto maior contrato da lista toda', {}, 5),
  placedOf('qual é a segunda secretaria que mais gasta?', 'units', {}, 2),
  ask('quais os sete contratos mais recentes?', list({}, { ...newest, limit: 7 })),
  ask(
    'os dois primeiros contratos que a Horizonte assinou',
    list(supplier(town.HORIZONTE), { order: { by: 'date', direction: 'asc' }, limit: 2 }),
  ),
  ask('ordena do mais barato pro mais caro os contratos da guarda', smallest(buyer(town.GUARDA)), {
    or: [list(buyer(town.GUARDA), { order: { by: 'value', direction: 'asc' } })],
  }),
  ask('tem quantos contratos de um milhão pra cima?', count({ min_value: 1_000_000 })),
  reais('quantos contratos custaram mais que R$ 1.234.567,89?', count({ min_value: 1_234_567.9 })),
  ask('quantos contratos por modalidade a saúde tem', count(buyer(town.SAUDE), { group: 'modality' })),
  ask('qual categoria consome a menor quantia?', about('categories', 'smallest', {}, { limit: 1 })),
  ask('contratos da educação sem valor cadastrado', list({ ...buyer(town.EDUCACAO), missing: 'value' })),
  ask(
    'possíveis sobrepreços em medicamentos',
    findings({ anomaly_type: ['price_deviation'], ...topic('medicamentos') }),
  ),
  ask(
    'achados por gravidade na secretaria de obras',
    about('findings', 'count', buyer(town.OBRAS), { group: 'severity' }),
    { or: [findings(buyer(town.OBRAS), { group: 'severity' })] },
  ),
  ask('que regras de detecção de anomalias não puderam rodar nesses dados?', findings(), {
    or: [about('findings', 'summary'), about('findings', 'count')],
  }),
  ask('só quero os alertas de gravidade média e baixa', findings({ severity: ['low', 'medium'] })),
  ask('me conta o que houve no contrato nº 091/2024', summary({ contract: '091/2024' })),
  ask('quantas crianças a merenda atende?', count(topic('merenda')), { unused: ['criancas'] }),
  ask('quem é o fiscal do contrato da Brilho Total?', about('suppliers', 'summary', supplier(town.BRILHO)), {
    unused: ['fiscal'],
  }),
  ask('valor do contrato com a Marmitaria Bom Prato', sum(), { unused: ['marmitaria'] }),
  ...chain(
    ask('qual foi o gasto da saúde com reforma?', sum({ ...buyer(town.SAUDE), ...topic('reforma') })),
    ask(
      'e quem recebeu esse dinheiro?',
      about('suppliers', 'list', { ...buyer(town.SAUDE), ...topic('reforma') }),
      {
        or: [about('suppliers', 'largest', { ...buyer(town.SAUDE), ...topic('reforma') })],
      },
    ),
  ),
  ...chain(
    ask('contratos da administração em 2023', list({ ...buyer(town.ADMINISTRACAO), ...year(2023) })),
    ask('e um ano antes?', list({ ...buyer(town.ADMINISTRACAO), ...year(2022) })),
    ask(
      'só os maiores que 400 mil',
      list({ ...buyer(town.ADMINISTRACAO), ...year(2022), min_value: 400_000.01 }),
    ),
  ),
  ...chain(
    ask(
      'que fatia do gasto de 2022 ficou com a Horizonte?',
      share({ ...supplier(town.HORIZONTE), ...year(2022) }),
    ),
    ask('e com a Nutrisabor?', share({ ...supplier(town.NUTRISABOR), ...year(2022) })),
  ),
  ...talk('pra que serve a tomada de preços?'),
]
