import t from 'tap'
import { Value } from 'typebox/value'
import { Plan } from '../../src/protocol/plan.ts'
import { readQuestion } from '../../src/question/reading.ts'
import { caller, stage } from '../knowledge/stage.ts'
import { seededCsv } from './seeded.ts'

const { signal } = new AbortController()
const TODAY = '2024-07-15'

const ALONE: readonly (readonly [question: string, plan: Plan | undefined])[] = [
  [
    'quanto gastou a secretaria de saúde em 2023?',
    {
      of: 'contracts',
      measure: 'sum',
      where: { buyer: ['Secretaria de Saúde'], start_date: '2023-01-01', end_date: '2023-12-31' },
    },
  ],
  ['quantos contratos existem?', { of: 'contracts', measure: 'count', where: {} }],
  [
    'quanto a prefeitura gastou com merenda escolar?',
    {
      of: 'contracts',
      measure: 'sum',
      where: { buyer: ['Prefeitura de Vila Serena'], topic: ['merenda escolar'] },
    },
  ],
  ['quais os 5 maiores fornecedores?', { of: 'suppliers', measure: 'largest', limit: 5, where: {} }],
  [
    'qual o maior contrato de 2023?',
    {
      of: 'contracts',
      measure: 'largest',
      limit: 1,
      where: { start_date: '2023-01-01', end_date: '2023-12-31' },
    },
  ],
  ['contratos acima de 1 milhão', { of: 'contracts', measure: 'list', where: { min_value: 1000000.01 } }],
  [
    'contratos entre 100 mil e 500 mil reais',
    { of: 'contracts', measure: 'list', where: { min_value: 100000, max_value: 500000 } },
  ],
  [
    'contratos abaixo de 10 mil em 2022',
    {
      of: 'contracts',
      measure: 'list',
      where: { max_value: 9999.99, start_date: '2022-01-01', end_date: '2022-12-31' },
    },
  ],
  [
    'quantos contratos por dispensa?',
    { of: 'contracts', measure: 'count', where: { modality: ['Dispensa de Licitação'] } },
  ],
  ['gasto por categoria', { of: 'contracts', measure: 'sum', group: 'category', where: {} }],
  [
    'gastos por mês em 2023',
    {
      of: 'contracts',
      measure: 'sum',
      group: 'month',
      where: { start_date: '2023-01-01', end_date: '2023-12-31' },
    },
  ],
  [
    'qual a média dos contratos de limpeza?',
    { of: 'contracts', measure: 'mean', where: { topic: ['limpeza'] } },
  ],
  [
    'compare a saúde com a educação',
    {
      of: 'contracts',
      measure: 'sum',
      compare: [{ buyer: ['Secretaria de Saúde'] }, { buyer: ['Secretaria de Educação'] }],
      where: {},
    },
  ],
  [
    'quanto recebeu a construtora rio manço em 2023',
    {
      of: 'contracts',
      measure: 'sum',
      where: { supplier: ['construtora rio manço'], start_date: '2023-01-01', end_date: '2023-12-31' },
    },
  ],
  ['quem mais recebeu dinheiro?', { of: 'suppliers', measure: 'largest', where: {} }],
  [
    'quem mais vendeu para a educação?',
    { of: 'suppliers', measure: 'largest', where: { buyer: ['Secretaria de Educação'] } },
  ],
  [
    'quais contratos vencem nos próximos 60 dias?',
    { of: 'contracts', measure: 'list', where: { ends_from: '2024-07-15', ends_to: '2024-09-13' } },
  ],
  [
    'contratos a vencer',
    { of: 'contracts', measure: 'list', where: { ends_from: '2024-07-15', ends_to: '2024-08-14' } },
  ],
  ['contratos vigentes', { of: 'contracts', measure: 'list', where: { in_force_on: '2024-07-15' } }],
  [
    'que parte do gasto foi por dispensa de licitação?',
    { of: 'contracts', measure: 'share', where: { modality: ['Dispensa de Licitação'] } },
  ],
  [
    'qual ano teve mais gastos?',
    {
      of: 'contracts',
      measure: 'sum',
      group: 'year',
      order: { by: 'value', direction: 'desc' },
      limit: 1,
      where: {},
    },
  ],
  ['quantos fornecedores diferentes existem?', { of: 'suppliers', measure: 'count', where: {} }],
  ['quem forneceu medicamentos?', { of: 'suppliers', measure: 'list', where: { topic: ['medicamentos'] } }],
  [
    'fale sobre a empresa Papelaria Aurora',
    { of: 'suppliers', measure: 'summary', where: { supplier: ['Papelaria Aurora Ltda'] } },
  ],
  ['contrato 012/2022', { of: 'contracts', measure: 'summary', where: { contract: '012/2022' } }],
  [
    'quais anomalias críticas foram encontradas?',
    { of: 'findings', measure: 'list', where: { severity: ['critical'] } },
  ],
  ['houve fracionamento?', { of: 'findings', measure: 'list', where: { anomaly_type: ['split_purchase'] } }],
  [
    'quanto cresceu o gasto de 2022 para 2023?',
    {
      of: 'contracts',
      measure: 'change',
      compare: [
        { start_date: '2022-01-01', end_date: '2022-12-31' },
        { start_date: '2023-01-01', end_date: '2023-12-31' },
      ],
      where: {},
    },
  ],
  ['qual a evolução dos gastos?', { of: 'contracts', measure: 'growth', group: 'year', where: {} }],
  [
    'gastos da câmara municipal',
    { of: 'contracts', measure: 'sum', where: { buyer: ['Câmara Municipal de Vila Serena'] } },
  ],
  [
    'contratos da JR Limpeza',
    { of: 'contracts', measure: 'list', where: { supplier: ['JR Limpeza e Conservação Ltda'] } },
  ],
  [
    'contratos de transporte escolar',
    { of: 'contracts', measure: 'list', where: { topic: ['transporte escolar'] } },
  ],
  ['qual a secretaria que mais gasta?', { of: 'units', measure: 'largest', limit: 1, where: {} }],
  [
    'com o que a prefeitura mais gasta?',
    { of: 'categories', measure: 'largest', where: { buyer: ['Prefeitura de Vila Serena'] } },
  ],
  ['contratos sem valor', { of: 'contracts', measure: 'list', where: { missing: 'value' } }],
  [
    'quanto foi pago à 33.444.555/0001-63?',
    { of: 'contracts', measure: 'sum', where: { supplier: ['33444555000163'] } },
  ],
  ['qual a previsão do tempo?', undefined],
  ['contratos de dragões', { of: 'contracts', measure: 'list', where: { topic: ['dragoes'] } }],
  [
    'how much did the health department spend in 2023?',
    {
      of: 'contracts',
      measure: 'sum',
      where: { buyer: ['Secretaria de Saúde'], start_date: '2023-01-01', end_date: '2023-12-31' },
    },
  ],
  ['top 3 suppliers', { of: 'suppliers', measure: 'largest', limit: 3, where: {} }],
  [
    'which contracts expire in the next 30 days?',
    { of: 'contracts', measure: 'list', where: { ends_from: '2024-07-15', ends_to: '2024-08-14' } },
  ],
  [
    'what share of spending went to works?',
    { of: 'contracts', measure: 'share', where: { category: ['Obras'] } },
  ],
  [
    'how many contracts were signed without tender?',
    { of: 'contracts', measure: 'count', where: { modality: ['Dispensa de Licitação', 'Inexigibilidade'] } },
  ],
  [
    'compare 2022 and 2023',
    {
      of: 'contracts',
      measure: 'sum',
      compare: [
        { start_date: '2022-01-01', end_date: '2022-12-31' },
        { start_date: '2023-01-01', end_date: '2023-12-31' },
      ],
      where: {},
    },
  ],
  ['school meals spending', { of: 'contracts', measure: 'sum', where: { topic: ['merenda'] } }],
  [
    '¿cuánto gastó la secretaría de salud?',
    { of: 'contracts', measure: 'sum', where: { buyer: ['Secretaria de Saúde'] } },
  ],
  ['¿cuáles son los mayores proveedores?', { of: 'suppliers', measure: 'largest', where: {} }],
  [
    'contratos de limpieza en 2022',
    {
      of: 'contracts',
      measure: 'list',
      where: { topic: ['limpeza'], start_date: '2022-01-01', end_date: '2022-12-31' },
    },
  ],
  ['¿cuántos contratos hay por año?', { of: 'contracts', measure: 'count', group: 'year', where: {} }],
  [
    'contratos que superan los 500 mil',
    { of: 'contracts', measure: 'list', where: { min_value: 500000.01 } },
  ],
  [
    'total gasto exceto obras',
    { of: 'contracts', measure: 'sum', where: { except: { buyer: ['Secretaria de Obras'] } } },
  ],
  [
    'contratos de informática da saúde em março de 2023',
    {
      of: 'contracts',
      measure: 'list',
      where: {
        buyer: ['Secretaria de Saúde'],
        topic: ['informatica'],
        start_date: '2023-03-01',
        end_date: '2023-03-31',
      },
    },
  ],
  [
    'últimos 10 contratos',
    { of: 'contracts', measure: 'list', order: { by: 'date', direction: 'desc' }, limit: 10, where: {} },
  ],
  [
    'qual o contrato mais antigo?',
    { of: 'contracts', measure: 'list', order: { by: 'date', direction: 'asc' }, limit: 1, where: {} },
  ],
  [
    'quantos contratos foram assinados nos últimos 3 meses?',
    { of: 'contracts', measure: 'count', where: { start_date: '2024-04-15', end_date: '2024-07-15' } },
  ],
  [
    'quem gastou mais, saúde ou educação?',
    {
      of: 'contracts',
      measure: 'sum',
      compare: [{ buyer: ['Secretaria de Saúde'] }, { buyer: ['Secretaria de Educação'] }],
      where: {},
    },
  ],
  [
    'quantos contratos a papelaria aurora tem com a câmara?',
    {
      of: 'contracts',
      measure: 'count',
      where: { supplier: ['Papelaria Aurora Ltda'], buyer: ['Câmara Municipal de Vila Serena'] },
    },
  ],
  [
    'quais são os fornecedores da secretaria de obras?',
    { of: 'suppliers', measure: 'list', where: { buyer: ['Secretaria de Obras'] } },
  ],
  [
    'which company won the most contracts?',
    { of: 'suppliers', measure: 'largest', limit: 1, order: { by: 'count', direction: 'desc' }, where: {} },
  ],
  [
    'gasto total em 2022 e 2023',
    { of: 'contracts', measure: 'sum', where: { start_date: '2022-01-01', end_date: '2023-12-31' } },
  ],
]

/** Questions asked one after the other, and the plan of the last one. */
const LED_ON: readonly (readonly [questions: readonly string[], plan: Plan])[] = [
  [
    ['quanto gastou a saúde em 2023?', 'e em 2022?', 'e a educação?'],
    {
      measure: 'sum',
      of: 'contracts',
      where: { buyer: ['Secretaria de Educação'], start_date: '2022-01-01', end_date: '2022-12-31' },
    },
  ],
  [
    ['quanto gastou a saúde em 2023?', 'por mês'],
    {
      measure: 'sum',
      of: 'contracts',
      where: { buyer: ['Secretaria de Saúde'], start_date: '2023-01-01', end_date: '2023-12-31' },
      group: 'month',
    },
  ],
  [
    ['contratos de merenda', 'só os da educação', 'e o maior?'],
    {
      measure: 'largest',
      of: 'contracts',
      where: { topic: ['merenda'], buyer: ['Secretaria de Educação'] },
      limit: 1,
    },
  ],
  [
    ['contratos de merenda', 'acima de 100 mil', 'quantos são?'],
    { measure: 'count', of: 'contracts', where: { topic: ['merenda'], min_value: 100000.01 } },
  ],
  [['maiores fornecedores', 'o segundo'], { measure: 'largest', of: 'suppliers', where: {}, place: 2 }],
  [['maiores fornecedores', 'mostre mais'], { measure: 'largest', of: 'suppliers', where: {}, skip: 10 }],
  [
    ['contratos de merenda de 2023', 'quem são os fornecedores?', 'e o total?'],
    {
      measure: 'sum',
      of: 'contracts',
      where: { topic: ['merenda'], start_date: '2023-01-01', end_date: '2023-12-31' },
    },
  ],
]

t.test('questions become plans', async (t) => {
  const on = await stage()
  const id = await on.upload('ana', 'vila-serena', seededCsv())
  const register = await on.base.for(caller('ana')).register(id, { signal })
  const read = (question: string, before?: Plan) => readQuestion(question, { register, today: TODAY, before })

  t.test('alone', async (t) => {
    for (const [question, plan] of ALONE) t.same(read(question).plan, plan, question)
  })

  t.test('led on from the one before', async (t) => {
    for (const [questions, plan] of LED_ON) {
      let before: Plan | undefined
      for (const question of questions) before = read(question, before).plan
      t.same(before, plan, questions.join(' | '))
    }
  })

  t.test('what went nowhere is named, what was mended is told', async (t) => {
    t.same(read('quanto custou a merenda orgânica?').unused, ['orgânica'])
    t.match(read('contratos da papelria aurora').taken, [{ for: ['Papelaria Aurora Ltda'] }])
    t.match(read('school meals').taken, [{ asked: 'school meals', for: ['merenda'] }])
    t.same(read('qual a previsão do tempo?').plan, undefined)
  })

  t.test('a negation leaves out what it stands before, and nothing else', async (t) => {
    const where = (question: string) => read(question).plan?.where
    t.same(where('quanto foi gasto na secretaria de saúde sem dispensa?'), {
      buyer: ['Secretaria de Saúde'],
      except: { modality: ['Dispensa de Licitação'] },
    })
    t.same(where('quanto se gastou sem dispensa na secretaria de saúde?'), {
      buyer: ['Secretaria de Saúde'],
      except: { modality: ['Dispensa de Licitação'] },
    })
    t.same(where('quanto foi gasto no pregão?'), { modality: ['Pregão Eletrônico'] }, '"no" is "in the"')
  })

  t.test('numbers in words, ranges and what turns a bound round', async (t) => {
    const where = (question: string) => read(question).plan?.where
    const bounds: readonly (readonly [
      question: string,
      least: number | undefined,
      most: number | undefined,
    ])[] = [
      ['contratos acima de meio milhão', 500_000.01, undefined],
      ['contratos de dois milhões e meio ou mais', 2_500_000, undefined],
      ['contracts over two and a half million', 2_500_000.01, undefined],
      ['contratos de mais de um milhão e duzentos mil', 1_200_000.01, undefined],
      ['contratos que não passam de cento e vinte e cinco mil', undefined, 125_000],
      ['contratos que no llegan a medio millón', undefined, 499_999.99],
      ['contracts of no more than a quarter of a million', undefined, 250_000],
      ['contratos entre cinquenta e cem mil', 50_000, 100_000],
      ['contratos entre cem mil e duzentos mil', 100_000, 200_000],
      ['contracts worth neither more than 1 million nor less than 100k', 100_000, 1_000_000],
    ]
    for (const [question, least, most] of bounds)
      t.match(where(question), { min_value: least, max_value: most }, question)
  })

  t.test('days, as people name them', async (t) => {
    const days: readonly (readonly [question: string, from: string | undefined, to: string | undefined])[] = [
      ['contratos do segundo semestre de 2023', '2023-07-01', '2023-12-31'],
      ['contratos entre março e junho de 2022', '2022-03-01', '2022-06-30'],
      ['contratos de 1 a 15 de março de 2023', '2023-03-01', '2023-03-15'],
      ['contratos da segunda quinzena de março de 2023', '2023-03-16', '2023-03-31'],
      ['contratos dos três primeiros meses de 2023', '2023-01-01', '2023-03-31'],
      ['contracts of the last six months of 2023', '2023-07-01', '2023-12-31'],
      ['contratos dos últimos dezoito meses', '2023-01-15', TODAY],
      ['contratos até o fim de 2022', undefined, '2022-12-31'],
      ['contratos desde o início de 2023', '2023-01-01', undefined],
      ['contratos firmados después de junio de 2023', '2023-07-01', undefined],
      ['contracts of Q2 2023', '2023-04-01', '2023-06-30'],
    ]
    for (const [question, from, to] of days)
      t.match(read(question).plan?.where, { start_date: from, end_date: to }, question)
  })

  t.test(
    'a word that changes the figure and that no plan says is refused, with the nearest plan',
    async (t) => {
      const refused: readonly (readonly [question: string, word: string])[] = [
        ['quanto a saúde gastou por habitante?', 'habitante'],
        ['qual o dobro do gasto da educação?', 'dobro'],
        ['quem aprovou o contrato de limpeza?', 'aprovou'],
        ['quanto foi efetivamente pago pela saúde?', 'efetivamente'],
        ['quanto gastou a saúde no fim de 2023?', 'fim'],
        ['¿quién firmó los contratos de limpieza?', 'firmó'],
        ['which suppliers sold to both health and education?', 'both'],
      ]
      for (const [question, word] of refused) {
        const { plan, refused: found } = read(question)
        t.equal(plan, undefined, question)
        t.ok(found?.words.includes(word), `${question}: ${found?.words}`)
        t.ok(found && Value.Check(Plan, found.nearest), question)
      }
    },
  )

  t.test('parties are told by what they never had, and by what alone they have', async (t) => {
    const never = (question: string) => read(question).plan?.having?.never
    const [where] = never('quais fornecedores nunca venderam para a saúde?') ?? []
    t.same(where, { buyer: ['Secretaria de Saúde'] }, 'a name that is left out')
    t.same(
      never('quais fornecedores venderam em 2022, mas não em 2023?'),
      [{ start_date: '2023-01-01', end_date: '2023-12-31' }],
      'a period',
    )
    t.same(
      read('quais fornecedores só vendem para a saúde?').plan?.having,
      { also: [where], never: [{ except: where }] },
      'one name and no other',
    )
  })

  t.test('people may say who they are, and ask more than one thing', async (t) => {
    const introduced = read('sou professora da escola e quero saber quanto custou a limpeza')
    t.same(introduced.introduction?.words, ['professora', 'escola'])
    t.same(introduced.plan?.where, { topic: ['limpeza'] })
    const two = read('Quanto a saúde gastou em 2023? E a educação?')
    t.equal(two.further?.length, 1)
    t.same(
      [two, ...(two.further ?? [])].map(({ plan }) => plan?.where.buyer),
      [['Secretaria de Saúde'], ['Secretaria de Educação']],
    )
    t.equal(read('qual o maior contrato e de quem?').further, undefined)
  })

  t.test('a number is read whole, also where a space divides it', async (t) => {
    for (const [question, contract] of [
      ['processo 23034 000123/2023-11', '23034 000123/2023-11'],
      ['processo nº 23034.000123/2023-11', '23034.000123/2023-11'],
      ['contrato 45/2023 2022', '45/2023'],
    ] as const)
      t.equal(read(question).plan?.where.contract, contract, question)
  })

  t.test('a message of any length becomes a plan that can be run, or none', async (t) => {
    const suppliers = Array.from({ length: 400 }, (_, at) => `Fornecedor ${at}`).join(', ')
    for (const message of [
      `quanto receberam ${suppliers}?`,
      `contratos de ${'merenda escolar e medicamentos '.repeat(320)}`,
      'a'.repeat(10_000),
      '1'.repeat(10_000),
      'entre 1 e 2 '.repeat(800),
      'acima de '.repeat(1100),
      '',
      '\u0000\uffff💸'.repeat(500),
    ]) {
      const { plan } = read(message)
      t.ok(plan === undefined || Value.Check(Plan, plan), message.slice(0, 40))
    }
  })

  t.test('the language is that of the words, names left out', async (t) => {
    for (const [question, language] of [
      ['which contracts does Construtora Rio Manso have?', 'en'],
      ['¿cuánto cobró la Construtora Rio Manso?', 'es'],
      ['quanto recebeu a Construtora Rio Manso?', 'pt'],
    ] as const)
      t.equal(read(question).language, language, question)
  })
})
