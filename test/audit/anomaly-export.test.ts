import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { gunzipSync } from 'node:zlib'
import papaparse from 'papaparse'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { openAnomalyFile } from '../../src/investigation/anomaly-file.ts'
import { restored } from '../../src/protocol/csv.ts'
import type { Anomaly } from '../../src/protocol/investigation.ts'
import type { Store } from '../../src/store/database.ts'
import { ADMIN_PASSWORD, login, newUser, temporaryFolder } from '../support/process.ts'
import { DIALECTS, openTestStore } from '../support/store.ts'

const ID = 'inv-1'
const HOSTILE = [
  '=1+1',
  "'=cmd|'/c calc'!A1",
  '+55 61 9999',
  '-1.5',
  '@SUM(A1)',
  '\ttab',
  '\rreturn',
  'quotes " and , and\r\nlines',
  'ação\u2028😀',
  '',
]

const anomaly = (n: number): Anomaly => ({
  anomaly_id: `a-${n}`,
  anomaly_type: n % 2 === 0 ? 'price_deviation' : 'split_purchase',
  severity: n % 3 === 0 ? 'high' : 'low',
  confidence: n / 7 > 1 ? 0.87 : 1 / 3,
  contract_id: n % 4 === 0 ? null : (HOSTILE[n % HOSTILE.length] as string),
  title: HOSTILE[n % HOSTILE.length] as string,
  explanation: n % 5 === 0 ? null : `because ${n}`,
  evidence: { supplier_name: HOSTILE[(n + 3) % HOSTILE.length] as string, z: 4.25, n },
  financial_impact: n % 6 === 0 ? null : 1e9 / 7 - n,
})

/** An investigation with `found` findings, as a run leaves it. */
const seed = async ({ db }: Store, found: readonly Anomaly[]): Promise<void> => {
  const stream = { id: 's', kind: 'investigation', channel: `investigation:${ID}`, owner: 'ana', fence: 1 }
  await db
    .insertInto('streams')
    .values({
      ...stream,
      state: 'completed',
      lease_until: 0,
      on_disconnect: 'continue',
      started_at: 0,
    } as never)
    .execute()
  const investigation = { id: ID, stream_id: 's', owner: 'ana', query: 'q', request_json: '{}' }
  await db
    .insertInto('investigations')
    .values({ ...investigation, status: 'completed', checkpoint_json: '{}', created_at: 0 } as never)
    .execute()
  for (let from = 0; from < found.length; from += 100)
    await db
      .insertInto('anomalies')
      .values(
        found.slice(from, from + 100).map((one, index) => ({
          investigation_id: ID,
          anomaly_id: one.anomaly_id,
          seq: from + index + 1,
          anomaly_type: one.anomaly_type,
          severity: one.severity,
          published: 1,
          body_json: JSON.stringify(one),
        })),
      )
      .execute()
}

for (const dialect of DIALECTS) {
  t.test(`findings as a file from ${dialect}`, async (t) => {
    const store = await openTestStore(dialect)
    const found = Array.from({ length: 1500 }, (_, n) => anomaly(n))
    await seed(store, found)
    const read = async (request: Parameters<typeof openAnomalyFile>[2]) => {
      const blocks: Uint8Array[] = []
      let rows = 0
      for await (const block of (await openAnomalyFile(store, ID, request))(new AbortController().signal)) {
        blocks.push(block.bytes)
        rows += block.rows
      }
      return { text: Buffer.concat(blocks).toString(), rows }
    }

    const csv = await read({ format: 'csv' })
    t.equal(csv.rows, found.length)
    const columns = [...Object.keys(found[0] as Anomaly), 'review', 'review_note', 'reviewer']
    t.ok(csv.text.startsWith(`${columns.join(',')}\r\n`))
    const { data, errors } = papaparse.parse<
      Record<keyof Anomaly | 'review' | 'review_note' | 'reviewer', string>
    >(csv.text, {
      header: true,
      skipEmptyLines: true,
      newline: '\r\n',
    })
    t.same(errors, [])
    const text = (cell: string) => restored(cell)
    t.same(
      data.map(({ review: _, review_note: _note, reviewer: _by, ...row }) => ({
        ...row,
        confidence: Number(row.confidence),
        contract_id: row.contract_id === '' ? null : text(row.contract_id),
        title: text(row.title),
        explanation: row.explanation === '' ? null : row.explanation,
        evidence: JSON.parse(row.evidence),
        financial_impact: row.financial_impact === '' ? null : Number(row.financial_impact),
      })),
      found.map((one) => ({ ...one, contract_id: one.contract_id || null })),
      'reads back equal',
    )
    const cells = data.flatMap((row) => Object.values(row))
    t.same(
      cells.filter((cell) => /^[=+\-@\t\r]/.test(cell) && !/^-?\d/.test(cell)),
      [],
      'and no cell is run',
    )

    t.same(JSON.parse((await read({ format: 'json' })).text), found)
    const ndjson = (await read({ format: 'ndjson' })).text
    t.same(
      ndjson
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
      found,
    )
    const filtered = JSON.parse(
      (await read({ format: 'json', filter: { type: 'split_purchase', severity: 'high' } })).text,
    )
    t.same(
      filtered,
      found.filter((one) => one.anomaly_type === 'split_purchase' && one.severity === 'high'),
    )
    const half = csv.text.indexOf('\r\n"a-700"') + 2
    t.equal(
      csv.text.slice(0, half) + (await read({ format: 'csv', after: 'a-699' })).text,
      csv.text,
      'goes on',
    )
    t.equal((await read({ format: 'json', after: 'a-1499' })).text, '[]')
    await t.rejects(read({ format: 'csv', after: 'nobody' }), { errors: [{ field: '?after' }] })

    const cut = (await openAnomalyFile(store, ID, { format: 'ndjson' }))(new AbortController().signal)
    await cut.next()
    await store.db.deleteFrom('investigations').where('id', '=', ID).execute()
    await t.rejects(
      (async () => {
        for await (const _ of cut);
      })(),
      { code: 'INTERRUPTED' },
      'a file of what was removed meanwhile does not end whole',
    )
  })
}

t.test('an investigation exports its findings over HTTP', async (t) => {
  const app = await buildApp(
    loadConfig({
      DATA_DIR: await temporaryFolder(),
      ADMIN_PASSWORD,
      PASSWORD_COST: '10',
      LOG_LEVEL: 'silent',
      DUCKDB_THREADS: '1',
      MAX_EXPORTS_PER_USER: '1',
    }),
  )
  t.teardown(() => app.close())
  const url = await app.server.listen({ host: '127.0.0.1', port: 0 })
  const admin = await login(url)
  const [alice, bob] = [await newUser(admin, url, 'alice'), await newUser(admin, url, 'bob', 'viewer')]
  const { investigation_id: id, stream_url } = await alice.investigate('sample')
  await (await alice.events(stream_url)).ended()
  const path = `/api/v1/investigations/${id}/anomalies/export`

  const csv = await alice.get(path)
  t.equal(csv.status, 200)
  t.equal(csv.headers.get('content-type'), 'text/csv; charset=utf-8')
  t.equal(csv.headers.get('content-disposition'), `attachment; filename="investigation-${id}-anomalies.csv"`)
  const listed = (await alice.get(`/api/v1/investigations/${id}/anomalies?limit=1000`)).body.items
  t.ok(listed.length > 0)
  t.same((await alice.get(`${path}?format=json`)).body, listed)
  const { severity } = listed[0]
  t.same(
    (await alice.get(`${path}?format=json&severity=${severity}`)).body,
    (await alice.get(`/api/v1/investigations/${id}/anomalies?limit=1000&severity=${severity}`)).body.items,
  )
  const rest = await alice.get(`${path}?after=${listed[0].anomaly_id}`)
  t.equal(rest.headers.get('content-type'), 'text/csv; charset=utf-8; header=absent')
  t.ok(csv.text.endsWith(rest.text))

  const anomalies = `/api/v1/investigations/${id}/anomalies`
  const inPortuguese = (await alice.get(`${anomalies}?limit=1000&lang=pt`)).body.items
  t.not(inPortuguese[0].title, listed[0].title)
  t.same((await alice.get(`${path}?format=json&lang=pt`)).body, inPortuguese, 'another language')
  t.same(
    (await alice.get(`${path}?format=json&lang=pt&severity=${severity}`)).body,
    inPortuguese.filter((one: Anomaly) => one.severity === severity),
  )
  t.equal((await alice.get(`${path}?lang=en`)).text, csv.text, 'its own')
  const cellsOf = (text: string) =>
    papaparse.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data
  t.same(
    cellsOf((await alice.get(`${path}?lang=pt`)).text),
    cellsOf(csv.text).map((row, at) => {
      const { title, explanation, evidence } = inPortuguese[at]
      return { ...row, title, explanation, evidence: JSON.stringify(evidence) }
    }),
    'the same cells but for the sentences',
  )
  const [, second] = inPortuguese
  t.match((await alice.get(`${path}?lang=pt&after=${listed[0].anomaly_id}`)).text, `"${second.anomaly_id}",`)

  const zipped = await new Promise<IncomingMessage>((resolve) => {
    const headers = { authorization: `Bearer ${alice.token}`, 'accept-encoding': 'gzip' }
    httpRequest(url + path, { headers }, resolve).end()
  })
  t.equal(zipped.headers['content-encoding'], 'gzip')
  t.equal(gunzipSync(Buffer.concat(await zipped.toArray())).toString(), csv.text)

  const stream = (await alice.get(`/api/v1/streams/${csv.headers.get('x-stream-id')}`)).body
  t.match(stream, { kind: 'anomaly_export', state: 'completed', progress: { rows: listed.length } })
  const told = await app.server.auditLog.events({ eventTypes: ['investigation.exported'] }, { limit: 2 })
  t.match(told, [
    { resource_id: id, user_id: stream.owner, details: { state: 'started', format: 'csv' } },
    {
      resource_id: id,
      success: true,
      details: { state: 'completed', rows: listed.length, stream_id: stream.stream_id },
    },
  ])

  t.equal((await bob.get(path)).status, 404, 'somebody else')
  t.equal((await alice.post(`/api/v1/investigations/${id}/share`, { username: 'bob' })).status, 200)
  t.equal((await bob.get(path)).text, csv.text, 'with whom it is shared')
  t.equal((await bob.get(`${path}?type=nothing`)).status, 400)

  const finding = `/api/v1/investigations/${id}/anomalies/${listed[0].anomaly_id}`
  const review = (who: typeof alice, body: object) => who.call('PUT', `${finding}/review`, { body })
  t.equal((await review(bob, { verdict: 'confirmed' })).status, 403, 'a viewer reviews nothing')
  const caio = await newUser(admin, url, 'caio')
  t.equal((await review(caio, { verdict: 'confirmed' })).status, 404, 'somebody else')
  t.equal((await alice.post(`/api/v1/investigations/${id}/share`, { username: 'caio' })).status, 200)
  t.match((await review(caio, { verdict: 'sure' })).body, { errors: [{ field: '/verdict' }] })
  t.match((await review(caio, { verdict: 'confirmed', note: 'x'.repeat(2001) })).body, {
    errors: [{ field: '/note' }],
  })
  t.equal((await review(alice, { verdict: 'to_check' })).status, 200)
  const note = '=the "mayor", asked'
  const given = (await review(caio, { verdict: 'dismissed', note })).body
  t.match(given, { verdict: 'dismissed', note, reviewer: 'caio' }, 'the last one counts')
  const [reviewed, ...others] = (await alice.get(`/api/v1/investigations/${id}/anomalies?limit=1000`)).body
    .items
  t.same(reviewed, { ...listed[0], review: given })
  t.same(others, listed.slice(1))
  t.same((await alice.get(`${path}?format=json`)).body, [reviewed, ...others])
  t.same((await alice.get(`${path}?format=json&lang=es`)).body[0].review, given)
  t.match((await alice.get(`${path}?lang=es`)).text, /,"dismissed","'=the ""mayor"", asked","caio"\r\n/)
  t.same((await alice.get(`/api/v1/investigations/${id}/anomalies?reviewed=true`)).body.items, [reviewed])
  t.match((await alice.get(path)).text, /,"dismissed","'=the ""mayor"", asked","caio"\r\n/)
  const report = (format: string) => alice.get(`/api/v1/investigations/${id}/report?format=${format}&lang=pt`)
  for (const format of ['md', 'html']) t.match((await report(format)).text, /descartado · caio · =the/)
  t.same((await report('json')).body.anomalies[0].review, given)
  t.match((await report('csv')).text, /,dismissed,"'=the ""mayor"", asked",caio\r\n/)
  t.equal((await caio.call('PUT', `${finding}x/review`, { body: { verdict: 'confirmed' } })).status, 404)
  t.equal((await caio.call('DELETE', `${finding}/review`)).status, 204)
  t.equal((await caio.call('DELETE', `${finding}/review`)).status, 204, 'a second time changes nothing')
  t.equal((await alice.get(path)).text, csv.text)
  t.match(
    await app.server.auditLog.events({ eventTypes: ['investigation.finding_reviewed'] }, { limit: 3 }),
    ['to_check', 'dismissed', null].map((verdict) => ({
      resource_id: id,
      details: { anomaly_id: listed[0].anomaly_id, verdict },
    })),
  )
  t.equal((await bob.get(`${path}?after=nobody`)).status, 400)

  // Exports of every kind count together: one of the audit log that nobody reads leaves room for none.
  for (let n = 0; n < 300; n++)
    await app.server.auditLog.append({ event_type: 'auth.login', details: { filler: 'x'.repeat(20_000) } })
  const slow = httpRequest(`${url}/api/v1/audit/export`, {
    headers: { authorization: `Bearer ${admin.token}` },
  })
  slow.end()
  const [held] = (await once(slow, 'response')) as [IncomingMessage]
  const full = await admin.get(path)
  t.equal(full.status, 429)
  t.match(full.body, { code: 'TOO_MANY_STREAMS' })
  held.destroy()
})

t.test("what was left out is told in the reader's language", async (t) => {
  const app = await buildApp(
    loadConfig({
      DATA_DIR: await temporaryFolder(),
      ADMIN_PASSWORD,
      PASSWORD_COST: '10',
      LOG_LEVEL: 'silent',
      DUCKDB_THREADS: '1',
    }),
  )
  t.teardown(() => app.close())
  const admin = await login(await app.server.listen({ host: '127.0.0.1', port: 0 }))
  const text = 'objeto;fornecedor;valor;moeda\nPapel;Alfa;10,00;BRL\nTinta;Beta;5,00;USD\n'
  const { body: dataset } = await admin.upload(Buffer.from(text))
  const { investigation_id: id, stream_url } = await admin.investigate(dataset.dataset_id, {
    anomaly_types: ['payment_pattern', 'benford_deviation'],
  })
  await (await admin.events(stream_url)).ended()
  for (const [query, reasons, warning] of [
    ['', ['the data has no initial value', 'fewer than 500 positive values'], /^The data has amounts in BRL/],
    [
      '?lang=pt',
      ['os dados não têm valor inicial', 'menos de 500 valores positivos'],
      /^Os dados têm valores em BRL/,
    ],
    [
      '?lang=es',
      ['los datos no tienen valor inicial', 'menos de 500 valores positivos'],
      /^Los datos tienen importes en BRL/,
    ],
  ] as const) {
    const one = (await admin.get(`/api/v1/investigations/${id}${query}`)).body
    t.match(
      one.result.skipped.map(({ reason }: { reason: string }) => reason),
      reasons,
    )
    t.match(one.result.warnings, [warning])
    const [listed] = (await admin.get(`/api/v1/investigations${query}`)).body.items
    t.same(listed.result, one.result, 'the list too')
  }
})
