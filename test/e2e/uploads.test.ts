import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as pace } from 'node:timers/promises'
import { createGzip, gzipSync } from 'node:zlib'
import t from 'tap'
import { type Answer, login, newUser, PATIENCE_MS, startProcess } from '../support/process.ts'

t.setTimeout(300_000)

const MAX_BYTES = 4 * 1_048_576
const ZEROS = 200 * 1_048_576
const CSV =
  'numero;fornecedor;cnpj;objeto;valor;data\n' +
  '1/2024;ACME LTDA;12.345.678/0001-95;Café moído;1.234,56;05/03/2024\n' +
  '2/2024;BETA SA;98.765.432/0001-98;Papel A4;R$ 10,00;06/03/2024\n'

const service = await startProcess({
  MAX_DATASET_BYTES: String(MAX_BYTES),
  RATE_LIMIT_PER_USER: '1000',
})
const admin = await login(service.url)
const bytes = (content: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(content)
const list = async (): Promise<string[]> =>
  (await admin.get('/api/v1/datasets')).body.items.map(({ name }: { name: string }) => name).sort()

/** Nothing of an upload in the folder for work in progress, nor in the list. */
const nothingLeft = async (expected: readonly string[]): Promise<string[]> => {
  const end = performance.now() + PATIENCE_MS
  for (;;) {
    const left = [...(await readdir(join(service.dataDir, 'tmp'))), ...(await list())]
    if (left.join() === expected.join() || performance.now() > end) return left
    await pace(20)
  }
}

function* zeros(count: number): Generator<Buffer> {
  const block = Buffer.alloc(65_536)
  for (let sent = 0; sent < count; sent += block.length) yield block
}

/** A table that says the same again and again. */
function* rows(count: number): Generator<Buffer> {
  yield Buffer.from(CSV)
  const block = Buffer.from(CSV.slice(CSV.indexOf('\n') + 1).repeat(500))
  for (let sent = 0; sent < count; sent += block.length) yield block
}

/** Sends a body that is made on the way, as long as the service takes it. */
const stream = async (body: Readable, headers: Record<string, string> = {}) => {
  const outgoing = request(`${service.url}/api/v1/datasets?name=stream`, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'text/csv', ...headers },
  })
  outgoing.on('error', () => body.destroy())
  body.on('error', () => undefined).pipe(outgoing)
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  const answer = { status: response.statusCode, body: JSON.parse(await text(response)) }
  body.destroy()
  outgoing.destroy()
  return answer
}

/** Field names of a 400. */
const fields = (answer: Answer): [number, string[]] => [
  answer.status,
  (answer.body?.errors ?? []).map(({ field }: { field: string }) => field),
]

t.test('what is no file of contracts is refused with the reason, and leaves nothing', async (t) => {
  const before = await list()
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(50_000)])
  const wrong: [string, Uint8Array, string][] = [
    ['an empty file', bytes(''), 'text/csv'],
    ['a header alone', bytes('numero;fornecedor;valor\n'), 'text/csv'],
    ['a picture', png, 'text/csv'],
    ['zeros', Buffer.alloc(3_000_000), 'text/csv'],
    ['a page', bytes('<!doctype html><html><body><p>Página não encontrada</p></body></html>'), 'text/csv'],
    ['cut JSON', bytes('{"releases":[{"ocid":"x"'), 'application/json'],
    ['no NDJSON', bytes('hello\nworld\n'), 'application/x-ndjson'],
  ]
  for (const [what, body, type] of wrong) {
    const answer = await admin.upload(body as Uint8Array<ArrayBuffer>, { type, name: what })
    t.equal(answer.status, 422, `${what}: ${answer.body?.detail}`)
    t.match(answer.body, { code: 'UNUSABLE_DATASET', detail: /.{15,}/ })
    t.notMatch(answer.text, /\/tmp|\.ts|duckdb|SELECT|node_modules/i, 'and nothing of the inside')
  }
  const notGzip = await admin.upload(bytes(CSV), { headers: { 'content-encoding': 'gzip' } })
  t.match(String(notGzip.status), /^4(00|22)$/, `no gzip at all: ${notGzip.body?.detail}`)
  t.equal((await admin.upload(bytes(CSV), { headers: { 'content-encoding': 'br' } })).status, 415)
  t.equal((await admin.upload(bytes(CSV), { type: 'image/png' })).status, 415)
  const old = new Uint8Array(Buffer.from('d0cf11e0a1b11ae1', 'hex'))
  for (const type of ['application/vnd.ms-excel', 'text/csv', 'application/octet-stream'])
    t.match(await admin.upload(old, { type }), { status: 415, body: { detail: /\.xlsx/ } }, type)
  const named = await admin.upload(bytes('a;b\n1;2\n'), {})
  t.match(named, {
    status: 422,
    body: { headers: ['a', 'b'], missing: ['final_value'], questions: { final_value: Array } },
  })
  t.same(await nothingLeft(before), before)
})

t.test('what is too large is refused before it is all there', async (t) => {
  const before = await list()
  const large = await stream(Readable.from(zeros(ZEROS)))
  t.match(large, { status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } })
  const announced = await stream(Readable.from(zeros(ZEROS)), { 'content-length': String(ZEROS) })
  t.match(announced, { status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } })
  const zeroBomb = await stream(Readable.from(zeros(ZEROS)).pipe(createGzip({ level: 9 })), {
    'content-encoding': 'gzip',
  })
  t.match(zeroBomb, { status: 422, body: { code: 'UNUSABLE_DATASET' } }, 'zeros are not even inflated')
  const bomb = await stream(Readable.from(rows(ZEROS)).pipe(createGzip({ level: 9 })), {
    'content-encoding': 'gzip',
  })
  t.match(bomb, { status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } }, '200 kB that inflate to 200 MB')
  const form = new FormData()
  form.append('file', new Blob([Buffer.alloc(MAX_BYTES + 1)], { type: 'text/csv' }), 'large.csv')
  t.equal((await admin.call('POST', '/api/v1/datasets', { body: form })).status, 413)
  t.same(await nothingLeft(before), before)
  t.equal((await admin.get('/health/ready')).status, 200)
})

t.test("a form's parts may be settings, each once; a form that is none is refused", async (t) => {
  const before = await list()
  const sent = (...parts: [name: string, value: string | Blob][]) => {
    const form = new FormData()
    for (const [name, value] of parts)
      if (typeof value === 'string') form.append(name, value)
      else form.append(name, value, 'file.csv')
    return admin.call('POST', '/api/v1/datasets', { body: form })
  }
  const file = new Blob([CSV], { type: 'text/csv' })
  const told = await sent(['buyer', 'Prefeitura'], ['file', file], ['mapping', '{"final_value":"valor"}'])
  t.match(told, { status: 201, body: { name: 'file.csv', columns: { final_value: 'valor' } } })
  t.same(
    told.body.warnings.filter((text: string) => /buyer/.test(text)),
    [],
    'the buyer is told',
  )
  await admin.call('DELETE', `/api/v1/datasets/${told.body.dataset_id}`)
  t.same(fields(await sent(['file', file], ['mapping', '{"final_value":"preço"}'])), [400, ['?mapping']])
  t.same(fields(await sent(['mapping', '{}'], ['file', file], ['mapping', '{}'])), [400, ['/mapping']])
  t.same(fields(await sent(['file', file], ['currency', 'ZZZ'])), [400, ['?currency']])
  t.same(fields(await sent(['file', file], ['buyer', ''])), [400, ['/buyer']])
  t.same(fields(await sent(['file', file], ['file', file])), [400, ['/file']])
  const part = '--B\r\ncontent-disposition: form-data; name="file"; filename="f.csv"\r\n\r\n'
  const posted = (type: string) => admin.call('POST', '/api/v1/datasets', { body: `${part}${CSV}`, type })
  t.match(await posted('multipart/form-data; boundary=B'), {
    status: 400,
    body: { code: 'UPLOAD_INTERRUPTED' },
  })
  t.match(await posted('multipart/form-data'), { status: 415, body: { detail: /boundary/ } })
  t.same(await nothingLeft(before), before)
})

t.test('an upload refused by its head is read to its end, so that its sender sees why', async (t) => {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1').setEncoding('utf8')
  const answer = async (): Promise<string> => {
    let told = ''
    while (!told.includes('}')) told += (await once(socket, 'data'))[0]
    return told
  }
  socket.write(
    `POST /api/v1/datasets HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${admin.token}\r\n` +
      `content-type: multipart/form-data\r\ncontent-length: ${Buffer.byteLength(CSV)}\r\n\r\n`,
  )
  await admin.get('/health/ready')
  socket.write(CSV)
  const refused = await answer()
  t.match(refused, /^HTTP\/1\.1 415 /)
  t.notMatch(refused, /connection: close/i)
  socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n')
  t.match(await answer(), /^HTTP\/1\.1 200 /, 'the connection serves on')
  socket.destroy()
})

t.test('an upload cut short leaves nothing behind', async (t) => {
  const before = await list()
  for (const headers of ['content-length: 1000000', 'transfer-encoding: chunked']) {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
    const part = CSV.repeat(1000)
    socket.write(
      `POST /api/v1/datasets?name=half HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${admin.token}\r\n` +
        `content-type: text/csv\r\n${headers}\r\n\r\n` +
        (headers.startsWith('transfer') ? `${part.length.toString(16)}\r\n${part}\r\n` : part),
    )
    while ((await readdir(join(service.dataDir, 'tmp'))).length === 0) await pace(5)
    socket.destroy()
    t.same(await nothingLeft(before), before, headers)
  }
  t.notMatch(service.output(), /"level":[56]0/, 'which is no error of the service')
})

t.test('an upload whose user is disabled on its way is refused, and leaves nothing behind', async (t) => {
  const before = await list()
  const { token } = await newUser(admin, service.url, 'leaver')
  const users = (await admin.get('/api/v1/users')).body.items
  const { id } = users.find(({ username }: { username: string }) => username === 'leaver')
  const uploading = request(`${service.url}/api/v1/datasets?name=late`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
  })
  uploading.write(CSV)
  while ((await readdir(join(service.dataDir, 'tmp'))).length === 0) await pace(5)
  t.equal((await admin.call('PATCH', `/api/v1/users/${id}`, { body: { disabled: true } })).status, 200)
  uploading.end()
  const [{ statusCode }] = await once(uploading, 'response')
  t.equal(statusCode, 401)
  t.same(await nothingLeft(before), before)
})

t.test('a file is taken in every form it may come in', async (t) => {
  const columns = { contract_number: 'numero', supplier_name: 'fornecedor', supplier_id: 'cnpj' }
  const plain = await admin.upload(bytes(CSV), { name: 'plain.csv' })
  t.match(plain, { status: 201, body: { name: 'plain.csv', rows: 2, rejected: 0, columns } })
  const rowsOf = async ({ body }: Answer) => {
    const { items } = (await admin.get(`/api/v1/datasets/${body.dataset_id}/contracts`)).body
    return items.map(
      ({ contract_number, supplier_id, object, value, signed_at }: Record<string, unknown>) => [
        contract_number,
        supplier_id,
        object,
        value,
        signed_at,
      ],
    )
  }
  const rows = [
    ['1/2024', '12345678000195', 'Café moído', 1234.56, '2024-03-05'],
    ['2/2024', '98765432000198', 'Papel A4', 10, '2024-03-06'],
  ]
  t.same(await rowsOf(plain), rows)
  const gzip = new Uint8Array(gzipSync(CSV))
  t.same(await rowsOf(await admin.upload(gzip, { headers: { 'content-encoding': 'gzip' } })), rows)
  const form = new FormData()
  form.append('file', new Blob([CSV], { type: 'text/csv' }), '../../etc/form\u0000 file.csv')
  const formed = await admin.call('POST', '/api/v1/datasets', { body: form })
  t.equal(formed.status, 201)
  t.notMatch(formed.body.name, /[/\0]/, `named ${formed.body.name}`)
  t.same(await rowsOf(formed), rows, 'as a form')
  const zipped = new FormData()
  zipped.append('file', new Blob([gzip], { type: 'application/gzip' }), 'file.csv.gz')
  t.same(await rowsOf(await admin.call('POST', '/api/v1/datasets', { body: zipped })), rows)
  const empty = new FormData()
  empty.append('note', 'no file')
  t.equal((await admin.call('POST', '/api/v1/datasets', { body: empty })).status, 400)
  const mapped = (mapping: string) =>
    admin.call('POST', `/api/v1/datasets?mapping=${encodeURIComponent(mapping)}`, {
      body: 'x;y;z\n1;ACME;10,50\n2;BETA;11,50\n',
      type: 'text/csv',
    })
  const override = await mapped('{"contract_number":"x","supplier_name":"y","final_value":"z"}')
  t.match(override, { status: 201, body: { columns: { final_value: 'z', supplier_name: 'y' } } })
  t.same(fields(await mapped('{nonsense')), [400, ['?mapping']])
  t.same(fields(await mapped('{"colour":"x"}')), [400, ['?mapping']])
  t.match(await mapped('{"final_value":"nowhere"}'), { status: 422, body: { detail: /mapping/ } })

  const rejecting = await admin.upload(bytes(`${CSV}3/2024;GAMMA;1;Lápis;dez reais;07/03/2024;a;b;c\n`))
  t.equal(rejecting.status, 201)
  t.ok(rejecting.body.rejects.length + rejecting.body.warnings.length > 0, 'what was odd is said')
  t.same(await nothingLeft(await list()), await list())
})

t.test('warnings, rejects and refusals are told in the language of who reads them', async (t) => {
  const send = (query: string, body: string, headers = {}) =>
    admin.call('POST', `/api/v1/datasets?name=idiomas&${query}`, { body, type: 'text/csv', headers })
  const csv = `${CSV}3/2024;GAMMA;;Lápis;sem custo;07/03/2024\n4/2024;DELTA;;Giz;10/abc;07/03/2024\n`
  const made = await send('lang=pt', csv)
  t.equal(made.status, 201, made.text)
  t.ok(made.body.warnings.includes('1 de 3 linhas não tem valor (a primeira é a linha 4)'), made.text)
  t.same(made.body.rejects, [{ line: 5, reason: '"10/abc" em valor não é um valor' }])
  const path = `/api/v1/datasets/${made.body.dataset_id}`
  const spanish = await admin.get(`${path}?lang=es`)
  t.ok(spanish.body.warnings.includes('1 de 3 filas no tiene valor (la primera es la línea 4)'))
  t.same(spanish.body.rejects, [{ line: 5, reason: '"10/abc" en valor no es un importe' }])
  const english = (await admin.call('GET', path, { headers: { 'accept-language': 'en' } })).body
  t.ok(english.warnings.includes('1 of 3 rows have no value (first in line 4)'))
  const listed = await admin.get('/api/v1/datasets?lang=es')
  t.match(
    listed.body.items.find((one: { dataset_id: string }) => one.dataset_id === made.body.dataset_id),
    { rejects: spanish.body.rejects, warnings: spanish.body.warnings },
  )
  t.match(await send('', 'numero;fornecedor\n1;ACME\n', { 'accept-language': 'pt-BR' }), {
    status: 422,
    body: { detail: /^Nenhuma coluna com um valor foi reconhecida\. Colunas vistas: numero, fornecedor\./ },
  })
  t.match(await send(`lang=es&mapping=${encodeURIComponent('{"final_value":"x"}')}`, CSV), {
    body: { errors: [{ field: '?mapping', reason: /^el archivo no tiene la columna "x"/ }] },
  })
  t.match(await admin.call('POST', '/api/v1/datasets?lang=es', { body: 'x', type: 'image/png' }), {
    status: 415,
    body: { detail: /^Envíe text\/csv, / },
  })
  t.equal((await admin.call('DELETE', path)).status, 204)
})

t.test('bad requests name every bad field', async (t) => {
  const start = (body: object) =>
    admin.call('POST', '/api/v1/investigations', {
      body: { query: 'x', dataset_id: 'sample', ...body },
    })
  const bad: [object, string[]][] = [
    [{ query: '' }, ['/query']],
    [{ query: ' \n' }, ['/query']],
    [{ query: undefined }, ['/query']],
    [{ dataset_id: undefined }, ['/dataset_id']],
    [{ data_source: 'portal' }, ['/data_source']],
    [{ dataset_id: undefined, data_source: 'elsewhere' }, ['/data_source']],
    [{ filters: { colour: 'red' } }, ['/filters/colour']],
    [{ filters: { min_value: 'much' } }, ['/filters/min_value']],
    [{ filters: { start_date: '31/12/2024' } }, ['/filters/start_date']],
    [{ filters: { start_date: '2024-02-30' } }, ['/filters/start_date']],
    [{ filters: { start_date: '2024-12-31', end_date: '2024-01-01' } }, ['/filters/end_date']],
    [{ filters: { min_value: 10, max_value: 1 } }, ['/filters/max_value']],
    [{ anomaly_types: ['witchcraft'] }, ['/anomaly_types/0']],
    [{ anomaly_types: [] }, ['/anomaly_types']],
    [{ thresholds: { witchcraft: { z: 1 } } }, ['/thresholds/witchcraft']],
    [{ thresholds: { price_deviation: { colour: 1 } } }, ['/thresholds/price_deviation/colour']],
    [{ include_explanations: 'perhaps' }, ['/include_explanations']],
    [{ query: '', filters: { min_value: -1 } }, ['/query', '/filters/min_value']],
  ]
  for (const [body, expected] of bad) {
    const answer = await start(body)
    t.same(fields(answer), [400, expected], JSON.stringify(body))
    t.match(answer.body, { code: 'VALIDATION_FAILED', request_id: String })
  }
  const raw = (body: string, type = 'application/json') =>
    admin.call('POST', '/api/v1/investigations', { body, type })
  t.equal((await raw('{nonsense')).status, 400)
  t.equal((await raw('')).status, 400)
  t.equal((await raw('[]')).status, 400)
  t.equal((await raw('null')).status, 400)
  t.equal((await raw('{"query":"x","dataset_id":"sample","__proto__":{"a":1}}')).status, 400)
  t.equal((await raw('{"query":"x","dataset_id":"sample","constructor":{"a":1}}')).status, 400)
  t.equal((await raw('<x/>', 'application/xml')).status, 415)
  t.equal((await raw(`{"query":"${'x'.repeat(2_000_000)}"}`)).status, 413)
  t.equal((await start({ dataset_id: 'nobody-has-this' })).status, 404)
  for (const path of [
    '/api/v1/datasets?limit=0',
    '/api/v1/datasets?limit=many',
    '/api/v1/datasets/sample/contracts?after=x',
    '/api/v1/investigations?limit=1001',
    '/api/v1/events',
    '/api/v1/events?channel=',
    '/api/v1/events?channel=nonsense',
    '/api/v1/channels/nonsense/events',
    '/api/v1/channels/topic:x/history?after=-1',
  ]) {
    const answer = await admin.get(path)
    t.equal(answer.status, 400, path)
    t.ok(fields(answer)[1].length > 0, `names a field: ${fields(answer)[1]}`)
  }
  const many = Array.from({ length: 101 }, (_, index) => `channel=topic:${index}`).join('&')
  t.same(fields(await admin.get(`/api/v1/events?${many}`)), [400, ['?channel']])
})

t.test('lists of datasets and of investigations go on behind what was removed meanwhile', async (t) => {
  for (const [path, id, make] of [
    [
      '/api/v1/datasets',
      'dataset_id',
      (n: number) => admin.call('POST', `/api/v1/datasets?name=paged-${n}`, { body: CSV, type: 'text/csv' }),
    ],
    [
      '/api/v1/investigations',
      'investigation_id',
      async () => {
        const started = await admin.post('/api/v1/investigations', { query: 'x', dataset_id: 'sample' })
        await (await admin.events(started.body.stream_url)).ended()
        return started
      },
    ],
  ] as const) {
    const made: string[] = []
    for (let n = 0; n < 5; n++) made.unshift((await make(n)).body[id])
    const seen: string[] = []
    for (let after = ''; seen.length < made.length; ) {
      const { items, next } = (await admin.get(`${path}?limit=2${after}`)).body
      for (const item of items.filter((one: Record<string, string>) => made.includes(one[id] as string))) {
        seen.push(item[id])
        t.equal((await admin.call('DELETE', `${path}/${item[id]}`)).status, 204)
      }
      if (next === null) break
      after = `&after=${encodeURIComponent(next)}`
    }
    t.same(seen, made, path)
    t.match(await admin.get(`${path}?after=x`), { status: 400, body: { errors: [{ field: '?after' }] } })
  }
})

t.test('rows are filtered, page by page and as a file', async (t) => {
  const sent = await admin.upload(
    bytes(
      'numero;orgao;fornecedor;objeto;categoria;valor;data\n' +
        '1/2023;Secretaria de Saúde;ACME LTDA;Café moído;Gêneros;1.234,56;05/03/2023\n' +
        '2/2023;Secretaria de Educação;BETA SA;Papéis A4;Material;R$ 10,00;06/03/2023\n' +
        '3/2024;Secretaria de Saúde;=SUM(A1);Papel A4;Material;99,90;07/03/2024\n',
    ),
    { name: 'filtered' },
  )
  const path = `/api/v1/datasets/${sent.body.dataset_id}/contracts`
  const numbers = async (query: string) =>
    (await admin.get(`${path}?${query}`)).body.items.map(
      (row: { contract_number: string }) => row.contract_number,
    )
  for (const [query, expected] of [
    ['buyer=saude', ['1/2023', '3/2024']],
    ['buyer=saude&buyer=educacao&start_date=2023-01-01&end_date=2023-12-31', ['1/2023', '2/2023']],
    ['supplier=beta', ['2/2023']],
    ['category=material', ['2/2023', '3/2024']],
    ['q=papel', ['2/2023', '3/2024']],
    ['q=papel&q=caf%C3%A9', ['1/2023', '2/2023', '3/2024']],
    ['min_value=10.01&max_value=100', ['3/2024']],
    ['q=papel&limit=1', ['2/2023']],
    ['q=papel&limit=1&after=3', ['3/2024']],
    ['supplier=nobody', []],
  ] as const)
    t.same(await numbers(query), expected, query)
  const csv = await fetch(`${service.url}${path}?format=csv&q=papel`, {
    headers: { authorization: `Bearer ${admin.token}` },
  })
  t.match(csv.headers.get('content-type'), /^text\/csv/)
  const lines = (await csv.text()).trimEnd().split('\r\n')
  t.match(lines[0], /^line,contract_id,contract_number,/)
  t.match(lines[1], /2\/2023.*Papéis A4.*,10$/)
  t.match(lines[2], /'=SUM\(A1\)/, 'no spreadsheet runs it')
  t.equal(lines.length, 3)
  const { body: twice } = await admin.call('POST', '/api/v1/datasets?name=twice', {
    body: [
      'numero;processo;tipo;fornecedor;cnpj;orgao;valor global',
      '1/2024;23347.1/2024-10;Contrato;ALFA LTDA;27.433.790/0001-55;Campus A;10,00',
      '2024NE1;23347.1.2024-10;Empenho;ALFA LTDA;27.433.790/0001-55;Campus A;10,00',
    ].join('\n'),
    headers: { 'content-type': 'text/csv' },
  })
  const all = await fetch(`${service.url}/api/v1/datasets/${twice.dataset_id}/contracts?format=csv`, {
    headers: { authorization: `Bearer ${admin.token}` },
  })
  t.equal(
    (await all.text()).trimEnd().split('\r\n').length,
    3,
    'a commitment of a listed contract is a row too',
  )
  const leftOut = async (id: string, query: string) =>
    (await admin.get(`/api/v1/datasets/${id}/contracts?${query}`)).body.left_out
  const none = { commitments: 0, without_value: 0, without_date: 0 }
  t.same(
    await leftOut(twice.dataset_id, 'supplier=alfa'),
    { ...none, commitments: 1 },
    'and told where it is left out',
  )
  t.equal(await leftOut(twice.dataset_id, 'limit=1'), undefined, 'without filters nothing is')
  const { body: gaps } = await admin.call('POST', '/api/v1/datasets?name=gaps', {
    body: [
      'numero;fornecedor;orgao;data assinatura;valor global',
      '1/2024;ALFA LTDA;Campus A;01/02/2024;10,00',
      '2/2024;ALFA LTDA;Campus A;;20,00',
      '3/2024;ALFA LTDA;Campus A;03/02/2024;',
      '4/2024;BETA LTDA;Campus A;;',
    ].join('\n'),
    headers: { 'content-type': 'text/csv' },
  })
  for (const [query, expected] of [
    ['supplier=alfa&min_value=5', { ...none, without_value: 1 }],
    ['start_date=2024-01-01', { ...none, without_date: 2 }],
    ['supplier=alfa&min_value=5&end_date=2024-12-31', { ...none, without_value: 1, without_date: 1 }],
  ] as const)
    t.same(await leftOut(gaps.dataset_id, query), expected, query)
  const filtered = await fetch(
    `${service.url}/api/v1/datasets/${gaps.dataset_id}/contracts?format=csv&min_value=5`,
    { headers: { authorization: `Bearer ${admin.token}` } },
  )
  t.equal(filtered.headers.get('x-rows-left-out'), 'commitments=0, without_value=2, without_date=0')
  await filtered.text()
  const excel = await fetch(`${service.url}${path}?format=csv&for=excel&lang=pt&q=papel`, {
    headers: { authorization: `Bearer ${admin.token}` },
  })
  t.match(
    Buffer.from(await excel.arrayBuffer()).toString(),
    /^\ufeffline;[\s\S]*06\/03\/2023[\s\S]*99,9\r\n$/,
  )
  t.match(await admin.get(`${path}?surprise=1`), { status: 400 })
  t.match(await admin.get(`${path}?start_date=2024-01-01&end_date=2023-01-01`), { status: 400 })
})
