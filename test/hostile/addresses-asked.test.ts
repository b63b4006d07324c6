import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { forge, hmac } from '../plugins/forge.ts'
import { type Answer, startUpstream } from '../support/portal.ts'
import { client, login, startProcess } from '../support/process.ts'
import { startVendor } from '../support/vendor.ts'
import { xlsxOf, zipOf } from '../support/zip.ts'

t.setTimeout(120_000)

// biome-ignore lint/suspicious/noExplicitAny: documents and bodies are looked at, not typed
type Json = any

/** A server that nobody has a reason to ask: whatever reaches it is kept. */
const startCanary = async (host: string) => {
  const seen: string[] = []
  const note = (what: string) => seen.push(what)
  const server: Server = createServer((request, response) => {
    note(`${request.method} ${request.url}`)
    response.writeHead(502).end()
  })
  server.on('connect', (request, socket) => {
    note(`CONNECT ${request.url}`)
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  server.on('connection', () => note('connection'))
  server.listen(0, host)
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { seen, port: (server.address() as AddressInfo).port }
}

/** On every address of this machine, in both families; and one that sees what would go out of it. */
const canary = await startCanary('::')
const proxy = await startCanary('127.0.0.1')
const vendor = await startVendor()
t.teardown(vendor.close)
const SECRET = 'a secret of this test alone, thirty-two bytes and more'
const PLACES = [
  '127.0.0.1',
  '127.8.9.10',
  'localhost',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
]
const ADDRESSES = [
  ...PLACES.map((host) => `http://${host}:${canary.port}/x`),
  `//127.0.0.1:${canary.port}/x`,
  `http://somebody@127.0.0.1:${canary.port}/`,
  'http://169.254.169.254/latest/meta-data/',
  'http://[fd00:ec2::254]/latest/',
  'http://metadata.google.internal/',
  'file:///etc/passwd',
  'gopher://127.0.0.1/_x',
]

const service = await startProcess({
  JWT_SECRET: SECRET,
  JWKS_URL: `${vendor.url}/jwks`,
  // What is not on 127.0.0.1 would go through a proxy that notes it.
  HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
  HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
  NO_PROXY: '127.0.0.1',
  LLM_PROVIDERS: 'openai,gemini,azure,anthropic,local',
  OPENAI_BASE_URL: `${vendor.url}/openai/v1`,
  OPENAI_API_KEY: 'key',
  GEMINI_BASE_URL: `${vendor.url}/gemini`,
  GEMINI_API_KEY: 'key',
  AZURE_BASE_URL: `${vendor.url}/azure`,
  AZURE_API_KEY: 'key',
  AZURE_MODEL: 'deployed',
  ANTHROPIC_BASE_URL: `${vendor.url}/anthropic`,
  ANTHROPIC_API_KEY: 'key',
})
const admin = await login(service.url)

/** Holds that neither was reached so far. */
const untouched = (t: Tap, what: string) => {
  t.same(canary.seen.splice(0), [], `${what}: nobody asks the address`)
  t.same(proxy.seen.splice(0), [], `${what}: nor an address outside`)
}
type Tap = Pick<typeof t, 'same'>

/** Puts an address in place of each text of a value. */
const withAddress = (value: Json, address: string): Json => {
  if (typeof value === 'string') return address
  if (Array.isArray(value)) return value.map((one) => withAddress(one, address))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withAddress(one, address)]))
}
const NAMES = [
  'url',
  'base_url',
  'baseUrl',
  'endpoint',
  'webhook',
  'callback_url',
  'proxy',
  'image_url',
  'file',
]

t.test('whoever asks one of the addresses of this machine is noticed', async (t) => {
  for (const host of PLACES) {
    await (await fetch(`http://${host}:${canary.port}/x`)).text()
    t.ok(canary.seen.splice(0).length > 0, host)
  }
})

t.test('no field of any request makes the service ask an address', async (t) => {
  vendor.always({})
  const { body: document } = await client(service.url).get('/docs/json')
  let sent = 0
  for (const [path, methods] of Object.entries<Json>(document.paths))
    for (const [method, { parameters = [], requestBody }] of Object.entries<Json>(methods)) {
      if (/logout|auth\/|\/users|retention/.test(path)) continue
      const example = Object.values<Json>(requestBody?.content ?? {}).find((one) => one.example)?.example
      for (const [at, address] of ADDRESSES.entries()) {
        // Each route meets a third of the addresses in each of its forms.
        if ((at + sent) % 3 !== 0 && example !== undefined) continue
        const target = path.replace(/\{[^}]+\}/g, encodeURIComponent(address))
        const query = parameters
          .filter((one: Json) => one.in === 'query')
          .map(({ name }: Json) => `${name}=${encodeURIComponent(address)}`)
        const extra = Object.fromEntries(NAMES.map((name) => [name, address]))
        const bodies =
          typeof example === 'object'
            ? [
                withAddress(example, address),
                { ...example, provider: address, model: address },
                { ...example, ...extra },
              ]
            : [undefined]
        for (const body of bodies) {
          sent += 1
          const response = await fetch(`${service.url}${target}?${query.join('&')}`, {
            method: method.toUpperCase(),
            headers: {
              authorization: `Bearer ${admin.token}`,
              'x-forwarded-host': new URL(ADDRESSES[0] as string).host,
              'x-forwarded-proto': 'http',
              referer: address,
              ...(body !== undefined && { 'content-type': 'application/json' }),
            },
            ...(body !== undefined && method !== 'get' && { body: JSON.stringify(body) }),
            signal: AbortSignal.timeout(10_000),
          }).catch((error: Error) => error)
          if (response instanceof Error) throw new Error(`${method} ${path}: ${response.message}`)
          await response.body?.cancel()
        }
      }
    }
  t.comment(`${sent} requests with addresses in all their fields`)
  untouched(t, 'requests')
  t.equal((await admin.get('/health/ready')).status, 200)
})

t.test("a model's name chooses no path and no host of its vendor", async (t) => {
  const NAMES = [
    ...ADDRESSES,
    '../../../../x',
    '..',
    'x/../../y?a=b#c',
    'models/../../x',
    '@127.0.0.1',
    `.127.0.0.1:${canary.port}/`,
    '\\\\127.0.0.1\\x',
    'a b\r\nHost: evil',
    '%2e%2e%2fx',
  ]
  const before = vendor.asked.length
  for (const provider of ['openai', 'gemini', 'azure', 'anthropic'])
    for (const model of NAMES) {
      const answer = await admin.post(`/api/v1/chat/direct/${provider}/stream`, {
        messages: [{ role: 'user', content: 'oi' }],
        model,
      })
      t.ok([200, 400].includes(answer.status), `${provider} ${model}: ${answer.status}`)
    }
  const asked = vendor.asked.slice(before)
  t.ok(asked.length > 20, `${asked.length} reached their vendor`)
  for (const { path } of asked)
    t.match(
      path,
      /^\/(openai\/v1\/chat\/completions|gemini\/v1beta\/models\/[^/]*:streamGenerateContent|azure\/openai\/deployments\/[^/]*\/chat\/completions|anthropic\/v1\/messages)$/,
    )
  untouched(t, 'models')
})

t.test(
  'nobody is sent elsewhere: not by a vendor, a key set, a data source, a token or a file',
  async (t) => {
    const place = `http://127.0.0.1:${canary.port}/x`
    for (const status of [301, 302, 303, 307, 308]) {
      vendor.always({ status, headers: { location: place }, body: '{}' })
      const { text } = await admin.post('/api/v1/chat/direct/openai/stream', {
        messages: [{ role: 'user', content: 'oi' }],
      })
      t.match(text, /PROVIDER_/, `a vendor's ${status} is an error`)
    }
    untouched(t, 'a vendor')

    const claims = {
      sub: 'x',
      iss: 'https://elsewhere.example',
      aud: 'tributary',
      exp: Math.floor(Date.now() / 1000) + 60,
    }
    const signer = hmac('sha256', SECRET)
    for (const alg of ['HS256', 'RS256', 'ES256'])
      for (const header of [{ jku: place }, { x5u: place }, { kid: place }, { jwk: { x5u: place } }])
        t.equal(
          (await client(service.url, forge({ alg, ...header }, claims, signer)).get('/api/v1/datasets'))
            .status,
          401,
        )
    untouched(t, 'a token, and the redirect of a key set')

    const source = await startUpstream(
      ({ path }, nth): Answer =>
        nth % 2 === 1 && path !== '/moved'
          ? { status: 302, headers: { location: place } }
          : {
              body: JSON.stringify({
                data: [],
                totalPaginas: 1,
                next: place,
                links: [{ rel: 'next', href: place }],
                _links: { next: { href: place } },
              }),
              headers: { link: `<${place}>; rel="next"` },
            },
    )
    t.teardown(() => source.close())
    const fetching = await startProcess({ PNCP_BASE_URL: source.url })
    const user = await login(fetching.url)
    for (let n = 0; n < 2; n++) {
      const { body } = await user.post('/api/v1/investigations', {
        query: 'x',
        data_source: 'pncp',
        filters: { start_date: '2024-01-01', end_date: '2024-01-31' },
      })
      await (await user.events(body.stream_url)).ended()
    }
    t.ok(source.asked.length >= 2)
    untouched(t, 'a data source')

    const entity = `<!DOCTYPE x [<!ENTITY e SYSTEM "${place}"><!ENTITY % p SYSTEM "${place}"> %p;]>`
    const sheet = xlsxOf({
      sheets: { A: '<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>' },
    })
    const files: [Uint8Array, string][] = [
      [
        zipOf({ 'xl/workbook.xml': `${entity}<workbook/>`, '[Content_Types].xml': `${entity}<Types/>` }),
        'book.xlsx',
      ],
      [sheet, 'entity.xlsx'],
      [
        Buffer.from(`numero;fornecedor;valor\n1;"=WEBSERVICE(""${place}"")";10,00\n2;'${place}';20,00\n`),
        'links.csv',
      ],
      [Buffer.from(JSON.stringify({ releases: [], links: { next: place }, uri: place })), 'package.json'],
      [
        Buffer.from(JSON.stringify([{ $ref: place, numero: '1', fornecedor: place, valor: 10 }])),
        'list.json',
      ],
    ]
    for (const [bytes, name] of files) {
      const type = name.endsWith('json')
        ? 'application/json'
        : name.endsWith('csv')
          ? 'text/csv'
          : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
      const { status, body } = await admin.upload(new Uint8Array(bytes), { name, type })
      t.ok([201, 422].includes(status), `${name}: ${status}`)
      if (status !== 201) continue
      await admin.get(`/api/v1/datasets/${body.dataset_id}/contracts?q=${encodeURIComponent(place)}`)
      await (await admin.events((await admin.investigate(body.dataset_id)).stream_url)).ended()
    }
    untouched(t, 'a file')
  },
)
