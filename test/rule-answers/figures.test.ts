import { parse } from 'csv-parse/sync'
import t from 'tap'
import { sampleCsv } from '../../src/dataset/sample.ts'
import { caller, stage } from '../knowledge/stage.ts'
import { talk } from './talk.ts'

interface Row {
  number: string
  supplier: string
  buyer: string
  unit: string
  object: string
  cents: number
  year: number
}

/** The sample, read and added up by other means than the service's. */
const ROWS: readonly Row[] = (
  parse(sampleCsv(), { bom: true, delimiter: ';', columns: true }) as Record<string, string>[]
).map((row) => ({
  number: row.numero_contrato as string,
  supplier: row.fornecedor as string,
  buyer: row.orgao as string,
  unit: row.nome_ug as string,
  object: row.objeto as string,
  cents: Number((row.valor_final as string).replace(/\./g, '').replace(',', '')),
  year: Number((row.data_assinatura as string).slice(6)),
}))

const sum = (rows: readonly Row[]): number => rows.reduce((total, { cents }) => total + cents, 0)

const marks = { pt: ['.', ','], es: ['.', ','], en: [',', '.'] } as const
type Language = keyof typeof marks

const grouped = (digits: string, mark: string): string => digits.replace(/\B(?=(\d{3})+$)/g, mark)

const written = (language: Language) => {
  const [thousands, decimals] = marks[language]
  return {
    money: (cents: number) => {
      const digits = String(cents).padStart(3, '0')
      return `R$ ${grouped(digits.slice(0, -2), thousands)}${decimals}${digits.slice(-2)}`
    },
    /** As the two ways of writing a share do: with one decimal, and with two. */
    share: (part: number) =>
      [1, 2].map((digits) => `${String(Number((part * 100).toFixed(digits))).replace('.', decimals)}%`),
  }
}

/** Amounts and shares of a text, as they are written in it. */
const figuresIn = (text: string): string[] =>
  (text.replace(/`[^`]*`|\]\([^)]*\)/g, '').match(/R\$ \d[\d.,]*\d|\d+(?:[.,]\d+)?\s?%/g) ?? []).map(
    (figure) => figure.replace(/\s%/, '%'),
  )

const by = (rows: readonly Row[], key: 'supplier' | 'buyer'): Map<string, Row[]> => {
  const groups = new Map<string, Row[]>()
  for (const row of rows) groups.set(row[key], [...(groups.get(row[key]) ?? []), row])
  return groups
}

const largestFirst = (groups: Map<string, Row[]>) => [...groups].sort(([, a], [, b]) => sum(b) - sum(a))

/** Every figure a ranking may have. */
const ofRanking = (rows: readonly Row[], key: 'supplier' | 'buyer') => (language: Language) => {
  const { money, share } = written(language)
  const whole = sum(rows)
  const ranked = largestFirst(by(rows, key))
  const three = ranked.slice(0, 3).reduce((total, [, of]) => total + sum(of), 0)
  return [
    money(whole),
    ...share(three / whole),
    ...ranked.flatMap(([, of]) => [money(sum(of)), ...share(sum(of) / whole)]),
  ]
}

const ofParty =
  (rows: readonly Row[], key: 'supplier' | 'unit', name: string, partner: 'supplier' | 'buyer') =>
  (language: Language) => {
    const { money } = written(language)
    const own = rows.filter((row) => row[key] === name)
    return [
      money(sum(own)),
      ...ofOverview(own)(language),
      ...largestFirst(by(own, partner)).map(([, of]) => money(sum(of))),
      ...own.map((row) => money(row.cents)),
    ]
  }

const ofContracts = (rows: readonly Row[]) => (language: Language) => [
  written(language).money(sum(rows)),
  ...rows.map((row) => written(language).money(row.cents)),
]

const ofOverview = (rows: readonly Row[]) => (language: Language) => {
  const { money } = written(language)
  const cents = rows.map((row) => row.cents).sort((a, b) => a - b)
  const [low, high] = [cents[Math.floor((cents.length - 1) / 2)], cents[Math.ceil((cents.length - 1) / 2)]]
  // Half a cent is rounded up.
  const median = Math.round(((low as number) + (high as number)) / 2)
  const years = new Set(rows.map((row) => row.year)).size
  return [
    money(sum(rows)),
    money(Math.round(sum(rows) / rows.length)),
    money(Math.round(sum(rows) / years)),
    money(median),
    money(cents.at(-1) as number),
    money(cents[0] as number),
    ...rows.map((row) => money(row.cents)),
    ...[2022, 2023, 2024].flatMap((year) => {
      const own = rows.filter((row) => row.year === year)
      return own.length === 0 ? [] : [money(sum(own)), money(Math.round(sum(own) / own.length))]
    }),
  ]
}

const in2023 = ROWS.filter((row) => row.year === 2023)
const cleaning = ROWS.filter((row) => /limpeza/.test(row.object))
const computers = ROWS.filter((row) => /computadores/.test(row.object))

const QUESTIONS: readonly (readonly [Language, string, (language: Language) => string[]])[] = [
  ['pt', 'estatísticas do dataset sample', ofOverview(ROWS)],
  ['en', 'statistics of the sample in 2023', ofOverview(in2023)],
  ['es', 'haz un gráfico de la muestra', ofOverview(ROWS)],
  ['pt', 'quais fornecedores dominam o dataset sample?', ofRanking(ROWS, 'supplier')],
  ['en', 'which suppliers dominate the sample in 2023?', ofRanking(in2023, 'supplier')],
  ['es', '¿qué organismos gastan más en la muestra?', ofRanking(ROWS, 'buyer')],
  [
    'pt',
    'top 3 fornecedores da Secretaria de Saúde na amostra',
    ofRanking(
      ROWS.filter((row) => row.unit === 'Secretaria de Saúde'),
      'supplier',
    ),
  ],
  [
    'en',
    'how much did Engenharia Ponte Imaginada receive in the sample?',
    ofParty(ROWS, 'supplier', 'Engenharia Ponte Imaginada Ltda', 'buyer'),
  ],
  [
    'pt',
    'quanto gastou a Secretaria de Educação na amostra?',
    ofParty(ROWS, 'unit', 'Secretaria de Educação', 'supplier'),
  ],
  ['es', 'busca contratos de limpieza en la muestra', ofContracts(cleaning)],
  ['en', 'find contracts about computers in the sample', ofContracts(computers)],
  ['pt', 'quais são os maiores contratos da amostra?', ofContracts(ROWS)],
  ['pt', 'quais são os menores contratos da amostra?', ofContracts(ROWS)],
  ['es', '¿en qué año se gastó más en la muestra?', ofOverview(ROWS)],
  ['en', 'average value per year in the sample', ofOverview(ROWS)],
]

t.test('every figure of an answer is one that the file gives', async (t) => {
  const on = await stage()
  for (const [language, question, expected] of QUESTIONS) {
    const { text } = await talk(on.base.for(caller('ana')))(question)
    const allowed = new Set(expected(language))
    const found = figuresIn(text)
    t.ok(found.length > 2, `${question}: ${found.length} figures`)
    t.same(
      found.filter((figure) => !allowed.has(figure)),
      [],
      question,
    )
  }
})
