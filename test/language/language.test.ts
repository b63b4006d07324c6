import { DuckDBInstance } from '@duckdb/node-api'
import t from 'tap'
import type { CATALOGUE } from '../../src/language/catalogue.ts'
import { fold, folded, foldedSql, unaccented, unaccentedSql } from '../../src/language/folding.ts'
import { formatOf } from '../../src/language/format.ts'
import { chooseLanguage, LANGUAGES, languageOf } from '../../src/language/language.ts'
import { type SentenceKey, say, sentenceKeys, tell } from '../../src/language/sentence.ts'

t.test(
  'a language is chosen by what is asked for, then by the header, then it is the fallback',
  async (t) => {
    const chosen = (asked: unknown, acceptLanguage: string | undefined, fallback: 'en' | 'es' = 'en') =>
      chooseLanguage({ asked, acceptLanguage, fallback })
    t.equal(chosen('pt', 'es'), 'pt')
    t.equal(chosen('pt-BR', undefined), 'pt')
    t.equal(chosen('PT_pt', undefined), 'pt')
    t.equal(chosen('es-419', undefined), 'es')
    t.equal(chosen('de', 'es'), 'es', 'an unknown one falls through')
    t.equal(chosen('', 'pt'), 'pt')
    t.equal(chosen(['de', 'es', 'pt'], 'en'), 'es', 'given several times, the first that is known counts')
    t.equal(chosen({ lang: 'pt' }, 'es'), 'es')
    t.equal(chosen(undefined, undefined, 'es'), 'es')
    for (const [header, language] of [
      ['pt-BR,pt;q=0.9,en;q=0.8', 'pt'],
      ['de-DE, de;q=0.9, es;q=0.5, en;q=0.7', 'en'],
      ['en;q=0.2,pt;q=0.3', 'pt'],
      ['pt;q=0, es;q=0.1', 'es'],
      ['ES', 'es'],
      ['en ; q=0.5 , pt', 'pt'],
      ['*', 'en'],
      ['fr, *;q=0.5', 'en'],
      ['ptx', 'en'],
      [';;;,,q=1', 'en'],
      [`${'x,'.repeat(2000)}pt`, 'en'],
    ] as const)
      t.equal(chosen(undefined, header), language, header.slice(0, 40))
    t.equal(languageOf('português'), undefined)
  },
)

t.test('figures, amounts, days and lengths of time are written as each language writes them', async (t) => {
  const [en, pt, es] = [formatOf('en'), formatOf('pt'), formatOf('es')]
  t.equal(en.number(1234567.5), '1,234,567.5')
  t.equal(pt.number(1234567.5), '1.234.567,5')
  t.equal(es.number(1234), '1.234')
  t.equal(pt.number(2, 2), '2,00')
  t.same(
    ['BRL', 'EUR', 'GBP', 'USD', 'MXN', 'COP', 'CLP', 'XXX'].map((currency) => pt.money(1234.5, currency)),
    [
      'R$ 1.234,50',
      '€ 1.234,50',
      '£ 1.234,50',
      'US$ 1.234,50',
      'MX$ 1.234,50',
      'COP 1.234,50',
      'CLP 1.234,50',
      '1.234,50',
    ],
  )
  t.equal(pt.money(1234, 'CLP'), 'CLP 1.234')
  t.equal(pt.money(1234, 'not a code'), 'not a code 1.234,00')
  t.equal(en.money(1234.5, 'EUR'), '€1,234.50')
  t.equal(en.money(-1234.5, 'BRL'), '-R$ 1,234.50')
  t.equal(es.money(1234.5, 'EUR'), '1.234,50 €')
  t.equal(en.percent(0.4567), '45.7%')
  t.equal(pt.percent(0.4567), '45,7 %')
  t.equal(en.day('2024-03-01'), '2024-03-01')
  t.equal(pt.day('2024-03-01'), '01/03/2024')
  t.equal(es.month('2024-03'), 'marzo de 2024')
  t.equal(en.month('2024-01'), 'January 2024')
  t.equal(en.within(3480), 'in 58 minutes')
  t.equal(pt.within(3480), 'em 58 minutos')
  t.equal(es.within(3480), 'dentro de 58 minutos')
  t.equal(en.within(0.2), 'in 1 second')
  t.equal(en.within(3600), 'in 1 hour')
  t.equal(en.within(7300), 'in 3 hours')
  t.equal(en.duration(100), '100 seconds')
  t.equal(es.duration(172_800), '2 días')
  t.equal(pt.all(['a', 'b', 'c']), 'a, b e c')
  t.equal(es.either(['a', 'b']), 'a o b')
})

/** Values for the sentences of the catalogue, by the name of the value; each shows in the text as it is. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  buyer: 'Prefeitura',
  from: '2024-01-02',
  milliseconds: 1500,
  setting: 'XAI_API_KEY',
  source: 'PNCP',
  to: '2024-03-04',
  bytes: 4096,
  channel: 'topic:news',
  currencies: [{ currency: 'BRL', contracts: 3 }],
  currency: 'BRL',
  encoding: 'br',
  epoch: 'e1',
  id: 'i-1',
  name: 'Grok',
  names: ['Sample'],
  namespace: 'topic',
  placeholder: 'constructor',
  producer: 'p-1',
  provider: 'xai',
  reason: 'is no port',
  type: 'file',
  allowed: ['csv', 'json'],
  characters: 64,
  column: 'final_value',
  price: 'unit_price',
  below: 3,
  priced: 17,
  count: 3,
  errors: [{ field: '/message', reason: say('field.required') }],
  limit: 17,
  line: 17,
  more: 9,
  host: 'tributary.example',
  minimum: 2,
  most: 30,
  number: 2,
  origin: 'https://elsewhere.example',
  pattern: '^a$',
  role: 'viewer',
  score: 4,
  shown: 50,
  state: 'running',
  status: 'failed',
  total: 90,
  rows: 120,
  seconds: 3480,
  text: 'abc',
  found: 3,
  width: 6,
  example: '10/13',
  value: 645000.5,
  median: 4.5,
  codes: ['BRL', 'USD'],
  scale: 1000,
  side: 'left',
  meant: 'signed_at',
  taken: 'Valor',
  left: 'Total',
  records: 500,
  at: 7,
  format: 'pdf',
  title: 'Portal',
  record: 4,
  tables: ['a.csv', 'b.csv'],
  sheet: 'Um',
  sheets: ['Um', 'Dois'],
  why: say('reject.not_json'),
  headers: ['Valor'],
  mapping: 'final_value',
  choose: 'final_value',
  likely: ['Valor'],
  columns: ['final_value'],
  thing: 'investigation',
  types: ['string', 'boolean'],
}

t.test('every sentence is told in every language, of the same values, without leftovers', async (t) => {
  for (const key of sentenceKeys()) {
    const used = LANGUAGES.map((language) => {
      const read = new Set<string>()
      const params = new Proxy(SAMPLES, {
        get: (samples, name: string) => {
          if (!(name in samples)) throw new Error(`${key}: there is no sample of ${name}`)
          read.add(name)
          return samples[name]
        },
      })
      const text = tell({ key, params } as never, language)
      t.ok(text.length > 1 && text.trim() === text, `${key} ${language}`)
      t.notMatch(text, /undefined|null|NaN|\[object|[{}]|\s\s/, `${key} ${language}`)
      return [...read].sort()
    })
    t.same(used[1], used[0], `${key}: pt speaks of what en speaks of`)
    t.same(used[2], used[0], `${key}: es speaks of what en speaks of`)
  }
})

/** Words that are alike in one and several, or that a number does not count. */
const UNCOUNTED = new Set('ms bytes más is has was es'.split(' '))

/** Words behind a figure of one that would stand there for two as well, and are plural by their look. */
function unbent(told: (value: number) => string): string[] {
  const behind = (value: number): Set<string> =>
    new Set(
      [...told(value).matchAll(new RegExp(`(?<![\\d.,–-])${value} ([\\p{L}-]+)`, 'gu'))].map(
        ([, word]) => word as string,
      ),
    )
  const two = behind(2)
  return [...behind(1)].filter((word) => two.has(word) && /[^sú]s$/u.test(word) && !UNCOUNTED.has(word))
}

t.test('every sentence that counts has a form for one', async (t) => {
  const numbers = Object.entries(SAMPLES).filter(([, value]) => typeof value === 'number')
  for (const key of sentenceKeys()) {
    for (const language of LANGUAGES) {
      for (const [name] of numbers) {
        const told = (value: number) =>
          tell({ key, params: { ...SAMPLES, [name]: value } } as never, language)
        t.same(unbent(told), [], `${key} ${language}: ${told(1)}`)
      }
    }
  }
})

t.test(
  'a sentence is plain JSON, is told later in another language, and reads nothing out of its values',
  async (t) => {
    const kept = JSON.parse(
      JSON.stringify(say('dataset.rows_without_value', { count: 3, rows: 1200, line: 5 })),
    )
    t.equal(tell(kept, 'en'), '3 of 1,200 rows have no value (first in line 5)')
    t.equal(tell(kept, 'pt'), '3 de 1.200 linhas não têm valor (a primeira é a linha 5)')
    const status = (seconds: number | null) =>
      LANGUAGES.map((language) =>
        tell(say('provider.status', { name: 'xai', status: 503, seconds }), language),
      )
    t.same(status(5), [
      'xai answered with status 503; ask again in 5 seconds',
      'xai respondeu com o status 503; pergunte de novo em 5 segundos',
      'xai respondió con el estado 503; vuelva a preguntar dentro de 5 segundos',
    ])
    t.match(status(null), [/ask again in a moment$/, /daqui a pouco$/, /dentro de poco$/])
    const hostile = '$& {count} $1 <b>%n</b> {{x}}'
    t.equal(tell(say('field.one_of', { allowed: [hostile] }), 'es'), `debe ser ${hostile}`)
    t.equal(tell({ key: 'report.of_another_version' } as never, 'pt'), 'report.of_another_version')
    t.equal(tell({ key: 'constructor' } as never, 'pt'), 'constructor')
  },
)

t.test('a missing key, value or language does not compile', async (t) => {
  // @ts-expect-error there is no such key
  const unknown: SentenceKey = 'identity.no_such_sentence'
  // @ts-expect-error its value is missing
  const valueless = say('identity.locked_out')
  // @ts-expect-error it is of another kind
  const mistaken = say('identity.locked_out', { seconds: 'soon' })
  // @ts-expect-error Spanish is missing
  const area = { one: { en: 'one', pt: 'um' } } satisfies
    | typeof CATALOGUE.finding
    | Record<'one', Record<'en' | 'pt' | 'es', string>>
  t.same([unknown, valueless, mistaken, area].length, 4)
})

t.test('accents, case and punctuation are folded alike in TypeScript and in SQL', async (t) => {
  const texts = [
    'LICITAÇÃO nº 12/2020',
    '  Ação—São  José ',
    'jose\u0301',
    'ñandú Ünïcode',
    '',
    '---',
    'Straße 5º',
  ]
  t.equal(unaccented('LICITAÇÃO'), 'licitacao')
  t.equal(folded('  Ação—São  José '), 'acao sao jose')
  const connection = await (await DuckDBInstance.create()).connect()
  const rows = await connection.runAndReadAll(
    `SELECT ${unaccentedSql('x')}, ${foldedSql('x')} FROM (SELECT unnest($texts::VARCHAR[]) x)`,
    { texts: JSON.stringify(texts) },
  )
  t.same(
    rows.getRows(),
    texts.map((text) => [unaccented(text), folded(text)]),
  )
  connection.closeSync()
  for (const text of [...texts, '\ud83d\ude00 É', '가각'])
    t.equal(fold(text).length, text.length, 'places in the text and its folded form agree')
})
