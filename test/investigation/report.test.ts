import fc from 'fast-check'
import papaparse from 'papaparse'
import { chromium } from 'playwright-core'
import t from 'tap'
import { ANOMALY_RULES } from '../../src/investigation/detectors.ts'
import { html, markdown } from '../../src/investigation/report/cell.ts'
import type { ReportFormat, ReportInput } from '../../src/investigation/report/input.ts'
import { report } from '../../src/investigation/report.ts'
import { LANGUAGES, type Language } from '../../src/language/language.ts'
import { restored } from '../../src/protocol/csv.ts'
import { ANOMALY_TYPES, type Anomaly, type AnomalyType } from '../../src/protocol/investigation.ts'
import { program } from '../support/program.ts'

const CHROMIUM = program('chromium', 'chromium')
const HOSTILE =
  '</td><script>document.title="owned"</script><img src=x onerror="document.title=1"> | **bold** [a](javascript:1) `c`'

const anomaly = (type: AnomalyType, number: number, object = 'Paper, A4'): Anomaly => ({
  anomaly_id: `id-${number}`,
  anomaly_type: type,
  severity: 'high',
  confidence: 0.87,
  contract_id: `2024/${number}`,
  title: `=${object}`,
  explanation: `Paid 40 % over the reference: ${object}`,
  evidence: {
    contracts: [
      { contract_id: `2024/${number}`, contract_number: null, value: 1234.5, date: '2024-03-05', object },
    ],
    buyer: object,
    supplier_name: `-${object}`,
    observed: 14,
    expected: 10,
    ratio: 1.4,
    share: 0.5,
    digits: [{ pair: 17, found: 300, expected: 211.4, z: 6.25 }],
    notes: [object],
  },
  financial_impact: 4000,
})

const input = (
  found: Iterable<Anomaly>,
  over: Partial<ReportInput['investigation']> = {},
  language: Language = 'en',
): ReportInput => ({
  language,
  rules: ANOMALY_RULES,
  investigation: {
    id: 'inv-1',
    query: HOSTILE,
    status: 'completed',
    dataset: 'ifms-contratos.csv',
    synthetic: false,
    created_at: '2026-11-21T03:00:00.000Z',
    ended_at: '2026-11-21T03:00:02.000Z',
    filters: { buyer: HOSTILE, min_value: 10 },
    anomaly_types: ANOMALY_TYPES,
    thresholds: { price_deviation: { median_ratio: 1.75 } },
    ...over,
  },
  summary: {
    total_anomalies: 7,
    by_type: { price_deviation: 7 },
    by_severity: { high: 7 },
    records_processed: 1546,
    risk_score: 6.25,
    skipped: [{ anomaly_type: 'benford_deviation', reason: 'needs 500 values, has 290', code: 'few_values' }],
    warnings: ['Two values were set aside: above 1,000 times the median.'],
  },
  anomalies: (async function* () {
    yield* found
  })(),
})

/** The text without the escapes of Markdown and HTML. */
const bare = (text: string): string =>
  text.replaceAll('\\', '').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>')

const whole = async (format: ReportFormat, given: ReportInput): Promise<string> => {
  let text = ''
  for await (const piece of report(format, given)) text += piece
  return text
}
const everyType = () => ANOMALY_TYPES.map((type, number) => anomaly(type, number))
const hostileTypes = () => ANOMALY_TYPES.map((type, number) => anomaly(type, number, HOSTILE))

t.test('a person finds each finding, its evidence, its law and how to check it', async (t) => {
  for (const format of ['md', 'html'] as const) {
    const text = bare(await whole(format, input(everyType())))

    t.match(text, 'a red flag, not a proof')
    for (const type of ANOMALY_TYPES) {
      const { rule, blindSpots, report } = ANOMALY_RULES[type].words.en
      for (const words of [report.law, report.name, rule, ...report.check, ...blindSpots])
        t.match(text, words)
    }
    for (const words of ['R$ 4,000.00', 'R$ 1,234.50', '87%', '2024-03-05', '50%', '211.4', 'id-6']) {
      t.match(text, words)
    }
    for (const words of ['needs 500 values', 'Two values were set aside', '1,546', '6.3 of 10', '1.75']) {
      t.match(text, words, `${format} says ${words}`)
    }
  }
})

t.test('the report is in the language of its reader, with the same ids and numbers', async (t) => {
  const said = { en: 'Legal limit', pt: 'Limite legal', es: 'Límite legal' }
  const amounts = { en: 'R$ 4,000.00', pt: 'R$ 4.000,00', es: 'R$ 4.000,00' }
  for (const language of LANGUAGES) {
    const found = everyType().map((one) => ({
      ...one,
      evidence: { ...one.evidence, limit: 9, currency: 'BRL' },
    }))
    for (const format of ['md', 'html'] as const) {
      const text = bare(await whole(format, input(found, {}, language)))

      t.match(text, said[language])
      t.match(text, amounts[language])
      t.match(text, 'id-6')
      for (const type of ANOMALY_TYPES) t.match(text, ANOMALY_RULES[type].words[language].rule)
      if (format === 'html') t.match(text, `<html lang="${language}">`)
    }
    const { anomalies, methods, language: told } = JSON.parse(await whole('json', input(found, {}, language)))
    t.same(anomalies, found)
    t.equal(told, language)
    t.same(
      methods.map((method: { anomaly_type: string }) => method.anomaly_type),
      Object.keys(ANOMALY_RULES),
    )
    t.match(methods[0].thresholds, [{ name: 'reference_rise' }, {}, { name: 'median_ratio', value: 1.75 }])
  }
  const euros = everyType().map((one) => ({ ...one, evidence: { ...one.evidence, currency: 'EUR' } }))
  t.match(await whole('md', input(euros, {}, 'es')), '4.000,00 €')
})

t.test('a list that is not all of them says so', async (t) => {
  const [many] = everyType() as [Anomaly]
  const [listed] = many.evidence.contracts ?? []
  if (!listed) throw new Error('no contract to list')
  many.evidence = { contracts: Array.from({ length: 50 }, () => listed), n: 57, notes: ['year_end'] }
  for (const format of ['md', 'html'] as const) {
    const text = await whole(format, input([many]))
    t.match(text, 'Contracts of finding 1: 50 of 57')
    t.match(text, 'The month is December')
  }
})

t.test('made-up data, an unfinished run and an empty one are said', async (t) => {
  for (const format of ['md', 'html'] as const) {
    const early = await whole(format, {
      ...input([], { status: 'running', ended_at: null, synthetic: true }),
      summary: null,
    })
    t.match(early, 'synthetic')
    t.match(early, 'is running')
    t.match(early, 'No red flag was found. That is not a proof')
  }
  const parsed = JSON.parse(await whole('json', input([], { synthetic: true })))
  t.match(parsed.cautions, [/synthetic/, /set aside/])
  t.same(parsed.anomalies, [])
})

t.test('JSON is one object with every finding, CSV reads back equal and runs nothing', async (t) => {
  const stored = hostileTypes().map((found, seq) => ({ ...found, seq }))
  const parsed = JSON.parse(await whole('json', input(stored)))
  t.same(parsed.anomalies, hostileTypes())
  t.equal(parsed.investigation.query, HOSTILE)
  const csv = await whole('csv', input(hostileTypes()))
  const { data, errors } = papaparse.parse<Record<string, string>>(csv, {
    header: true,
    skipEmptyLines: true,
  })
  t.same(errors, [])
  t.equal(data.length, 7)
  t.equal(data[0]?.title, `'=${HOSTILE}`)
  t.equal(restored(data[0]?.supplier_name ?? ''), `-${HOSTILE}`)
  t.same(JSON.parse(data[3]?.evidence ?? ''), hostileTypes()[3]?.evidence)
  t.notMatch(csv, /(^|,|\n)"?[=+@]/)
})

t.test('no data becomes markup', async (t) => {
  const signs = '<>&"\'|\n\r`[]()\\a#*_-.1'
  const data = fc.array(fc.constantFrom(...signs)).map((parts) => parts.join(''))
  const inHtml = fc.property(data, (text) => !/[<>"'\n\r]/.test(html(text)))
  const inMarkdown = fc.property(data, (text) => !/[<>|`[\]*_\n\r]/.test(markdown(text).replace(/\\./g, '')))
  for (const property of [inHtml, inMarkdown]) t.doesNotThrow(() => fc.assert(property, { numRuns: 1000 }))
})

t.test('the page shows hostile cells as they are', async (t) => {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  t.teardown(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 360, height: 800 } })
  const outside: string[] = []
  page.on('request', (request) => outside.push(request.url()))
  await page.setContent(await whole('html', input(hostileTypes())))
  t.same(outside, [], 'nothing is fetched')
  t.equal(await page.locator('script, img, iframe, object, [onerror], a').count(), 0)
  t.equal(await page.locator('article').count(), 7)
  t.equal(await page.locator('article h3').first().textContent(), `1. =${HOSTILE}`)
  t.equal(
    await page.locator('article td').getByText(HOSTILE, { exact: true }).count(),
    14,
    'buyer and object',
  )
  const widest = await page.evaluate('document.documentElement.scrollWidth')
  t.ok(Number(widest) <= 360, 'a narrow page does not scroll sideways')
})

t.test('one finding at a time, and a failure on the way is a failure', async (t) => {
  for (const format of ['md', 'html', 'json', 'csv'] as const) {
    let made = 0
    const endless = function* () {
      for (;;) yield anomaly('price_deviation', ++made)
    }
    let pieces = 0
    for await (const piece of report(format, input(endless()))) {
      pieces += 1
      if (piece.length > 20_000) t.fail('pieces stay small')
      if (pieces === 200) break
    }
    t.ok(made <= 200, `${format} reads no further than it has written`)
    const broken = function* () {
      yield anomaly('price_deviation', 1)
      throw new Error('store is gone')
    }
    await t.rejects(whole(format, input(broken())), { message: 'store is gone' })
  }
})
