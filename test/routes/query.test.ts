import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import type { Dataset } from '../../src/dataset/datasets.ts'
import { say } from '../../src/language/sentence.ts'
import { shownDataset } from '../../src/routes/datasets/datasets-routes.ts'

const PASSWORD = 'correct-horse'
const app = await buildApp(
  loadConfig({
    NODE_ENV: 'test',
    DATA_DIR: t.testdir(),
    LOG_LEVEL: 'silent',
    ADMIN_PASSWORD: PASSWORD,
    PASSWORD_COST: '10',
  }),
)
t.teardown(() => app.close())
const login = await app.server.inject({
  method: 'POST',
  url: '/auth/login',
  body: { username: 'admin', password: PASSWORD },
})
const authorization = `Bearer ${login.json().access_token}`
const get = (url: string) => app.server.inject({ url, headers: { authorization } })

const started = await app.server.inject({
  method: 'POST',
  url: '/api/v1/investigations',
  headers: { authorization },
  body: { query: 'what is unusual here?', dataset_id: 'sample' },
})
const investigation = `/api/v1/investigations/${started.json().investigation_id}`

for (const [path, right] of [
  ['/api/v1/audit/events', 'severity=high&severity=low&event_type=auth.login,auth.logout&order=desc&limit=5'],
  ['/api/v1/audit/export', 'severity=high,low&start_date=2020-01-01&end_date=2030-01-01&format=json'],
  ['/api/v1/investigations', 'limit=5&after=1-none'],
  [`${investigation}/anomalies`, 'type=price_deviation&severity=high&limit=5&after=0'],
  [`${investigation}/anomalies/export`, 'type=price_deviation&severity=high&format=ndjson'],
  ['/api/v1/datasets/sample/contracts', 'limit=1&after=0'],
  ['/api/v1/streams', 'state=completed&limit=5'],
] as const)
  t.test(`a misspelt parameter of ${path.replace(investigation, '…')} is refused by its name`, async (t) => {
    const refused = await get(`${path}?${right}&severty=high`)
    t.equal(refused.statusCode, 400)
    t.match(refused.headers['content-type'], /^application\/problem\+json/)
    t.match(refused.json(), {
      code: 'VALIDATION_FAILED',
      detail: /\?severty/,
      errors: [{ field: '?severty', reason: 'is not known here' }],
    })
    t.equal(refused.json().errors.length, 1)
    const several = await get(`${path}?__proto__=1&Limit=1`)
    t.same(
      several.json().errors.map(({ field }: { field: string }) => field),
      ['?__proto__', '?Limit'],
    )
    t.equal((await get(`${path}?${right}`)).statusCode, 200)
    const bought = await app.server.inject({
      method: 'POST',
      url: '/api/v1/auth/tickets',
      headers: { authorization },
    })
    const { ticket } = bought.json()
    const shown = await app.server.inject({ url: `${path}?${right}&ticket=${ticket}&token=ignored` })
    t.equal(shown.statusCode, 200, 'credentials are parameters of every one')
  })

t.test('a dataset tells its sentences in a language, and text stored before them as it is', async (t) => {
  const stored = {
    owner: null,
    warnings: ['2 rows were odd', say('dataset.all_zero')],
    rejects: [
      { line: 3, reason: say('reject.not_json') },
      { line: 4, reason: 'was odd' },
    ],
  } as unknown as Dataset
  t.same(shownDataset(stored, 'pt'), {
    warnings: ['2 rows were odd', 'Todos os valores são zero'],
    rejects: [
      { line: 3, reason: 'não é JSON válido' },
      { line: 4, reason: 'was odd' },
    ],
  })
})

t.test('files for a spreadsheet have a byte order mark, and in Portuguese ; between cells', async (t) => {
  for (const path of [
    `${investigation}/anomalies/export`,
    `${investigation}/report`,
    '/api/v1/audit/export',
  ]) {
    const english = await get(`${path}?format=csv&for=excel`)
    t.equal(english.statusCode, 200, path)
    t.match(english.body, /^\ufeff\w+,/, path)
    t.match((await get(`${path}?format=csv&for=excel&lang=pt`)).body, /^\ufeff[^,\n]+;/, path)
    t.notMatch((await get(`${path}?format=csv`)).body, /^\ufeff/, path)
  }
})

t.test('only CSV is made for a spreadsheet', async (t) => {
  for (const path of [
    `${investigation}/anomalies/export?format=json`,
    `${investigation}/report?format=html`,
    '/api/v1/audit/export?format=ndjson',
  ]) {
    const refused = await get(`${path}&for=excel`)
    t.match(
      refused.json(),
      { code: 'VALIDATION_FAILED', errors: [{ field: '?for', reason: 'is for format=csv alone' }] },
      path,
    )
  }
})
