import { readFile } from 'node:fs/promises'
import { setTimeout as pace } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { boxMs, fuzzSeed } from '../support/long.ts'
import { login, startProcess } from '../support/process.ts'
import { xlsxOf, zipOf } from '../support/zip.ts'

t.setTimeout(3_600_000)

const service = await startProcess({
  LOG_LEVEL: 'error',
  MAX_STREAMS_PER_USER: '100000',
  MAX_DATASET_BYTES: '10000000',
})
const admin = await login(service.url)

/** Resident memory of the service, in MiB. */
const resident = async (): Promise<number> =>
  Number(/^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${service.pid}/status`, 'utf8'))?.[1]) / 1024

/** Sends inputs until the time is over. @param send returns the status, and what was sent where it may not be */
const forATime = async <Input>(
  t: Tap,
  inputs: fc.Arbitrary<Input>,
  send: (input: Input) => Promise<{ status: number; sent: string }>,
) => {
  const before = await resident()
  const statuses = new Map<number, number>()
  const wrong: string[] = []
  const end = performance.now() + boxMs
  let seed = fuzzSeed
  const work = async (): Promise<void> => {
    while (performance.now() < end)
      for (const input of fc.sample(inputs, { numRuns: 5, seed: seed++ })) {
        const { status, sent } = await send(input)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        if (status === 500 || status > 504) wrong.push(`${status}: ${sent}`)
      }
  }
  await Promise.all([work(), work(), work()])
  t.same(wrong.slice(0, 5), [])
  t.equal((await admin.get('/health/ready')).status, 200, 'it still serves')
  t.notMatch(service.output(), /"level":[56]0/, 'and nothing went wrong inside')
  const told = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
  t.comment(
    `seed ${fuzzSeed}; ${told.join(', ')}; resident ${before.toFixed(0)} → ${(await resident()).toFixed(0)} MiB`,
  )
}
type Tap = Pick<typeof t, 'same' | 'equal' | 'notMatch' | 'comment'>

/** Changes, cuts, repeats and exchanges bytes. */
const mutated = (seeds: readonly Buffer[]): fc.Arbitrary<Buffer> =>
  fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0, 10, 13, 34, 44, 59, 123, 125))), {
        maxLength: 8,
      }),
      fc.tuple(fc.nat(), fc.nat(), fc.nat(20)),
      fc.option(fc.nat(), { freq: 4 }),
    )
    .map(([seed, changes, [from, length, times], cut]) => {
      const bytes = Buffer.from(seed)
      for (const [at, value] of changes) bytes[at % bytes.length] = value
      const start = from % bytes.length
      const piece = bytes.subarray(start, start + (length % 200))
      const whole = Buffer.concat([
        bytes.subarray(0, start),
        ...Array<Buffer>(times).fill(piece),
        bytes.subarray(start),
      ])
      return cut === null ? whole : whole.subarray(0, cut % whole.length)
    })

const CSV = Buffer.from(
  'numero;fornecedor;cnpj;objeto;valor;data\n1/2024;ACME LTDA;12.345.678/0001-95;"Papel; A4";1.000,00;05/03/2024\n2/2024;BETA;;Café;R$ 2,50;2024-03-06\n',
)
const OCDS = Buffer.from(
  JSON.stringify({
    releases: [
      {
        ocid: 'ocds-1',
        id: '1',
        date: '2024-01-01T00:00:00Z',
        tag: ['contract'],
        buyer: { name: 'City' },
        awards: [{ id: 'a', suppliers: [{ name: 'ACME' }], value: { amount: 10.5, currency: 'BRL' } }],
        contracts: [
          { id: 'c', awardID: 'a', value: { amount: 11, currency: 'BRL' }, dateSigned: '2024-01-02' },
        ],
      },
    ],
  }),
)
const SHEET = xlsxOf({
  sheets: {
    A: '<row r="1"><c r="A1" t="inlineStr"><is><t>fornecedor</t></is></c><c r="B1" t="inlineStr"><is><t>valor</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>ACME</t></is></c><c r="B2"><v>10.5</v></c></row>',
  },
})
const SEEDS: Record<string, readonly Buffer[]> = {
  'text/csv': [CSV, Buffer.from(CSV.toString('latin1'), 'utf16le')],
  'application/json': [OCDS, Buffer.from('[{"numero":"1","fornecedor":"ACME","valor":"10,50"}]')],
  'application/x-ndjson': [
    Buffer.from('{"numero":"1","fornecedor":"A","valor":1}\n{"numero":"2","fornecedor":"B","valor":2}\n'),
  ],
  'application/zip': [SHEET, zipOf({ 'a.csv': CSV }), zipOf({ 'a.json': OCDS })],
}

t.test('damaged files are taken or refused, and nothing breaks', async (t) => {
  const file = fc
    .constantFrom(...Object.keys(SEEDS))
    .chain((type) => fc.record({ type: fc.constant(type), bytes: mutated(SEEDS[type] ?? []) }))
  await forATime(t, file, async ({ type, bytes }) => {
    const { status } = await admin.upload(new Uint8Array(bytes), { type })
    return { status, sent: `${type} ${bytes.toString('base64')}` }
  })
})

// biome-ignore lint/suspicious/noExplicitAny: documents and bodies are looked at, not typed
type Json = any

/** Lone surrogates have no place in a URL. */
const encoded = (text: string): string => encodeURIComponent(Buffer.from(text).toString())

/** Ends the session or the accounts of this test, or what is under way for long. */
const LEFT_OUT = /logout|\/users|auth\/|retention|audit\/(export|verify)/
/** Values in place of a field's own. */
const odd = fc.oneof(
  fc.constantFrom(
    null,
    '',
    ' ',
    '\0',
    '\ud800',
    '../..',
    '__proto__',
    -1,
    0,
    1e308,
    2 ** 53,
    true,
    [],
    {},
    'a'.repeat(20_000),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double(),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Puts `value` in the place that `at` points to, or removes it there. */
const changed = (body: Json, at: number, value: unknown, isGone: boolean): Json => {
  if (body === null || typeof body !== 'object') return value
  const copy: Json = Array.isArray(body) ? [...body] : { ...body }
  const names = Object.keys(copy)
  const name = names[at % Math.max(names.length, 1)]
  if (name === undefined) return value
  const isDeeper = typeof copy[name] === 'object' && copy[name] !== null && at % 3 !== 0
  if (isDeeper) copy[name] = changed(copy[name], Math.floor(at / 3), value, isGone)
  else if (isGone) delete copy[name]
  else copy[name] = value
  return copy
}

t.test('valid requests with odd values in them are answered, never with 500', async (t) => {
  const { body: document } = await admin.get('/docs/json')
  const operations = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods)
      .filter(() => !LEFT_OUT.test(path))
      .map(([method, { parameters = [], requestBody }]) => ({
        method: method.toUpperCase(),
        path,
        parameters,
        example: Object.values<Json>(requestBody?.content ?? {}).find(
          (one) => typeof one.example === 'object',
        )?.example,
      })),
  )
  const asked = fc.record({
    operation: fc.constantFrom(...operations),
    at: fc.nat(10_000),
    value: odd,
    isGone: fc.boolean(),
    query: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('-1', '1e9', '2024-02-30', 'é', '%00', ''),
    ),
    place: fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      fc.constantFrom('sample', '1', 'local'),
    ),
  })
  await forATime(t, asked, async ({ operation, at, value, isGone, query, place }) => {
    const { method, path, parameters, example } = operation
    const segment = encoded(place)
    const search = parameters
      .filter((one: Json, index: number) => one.in === 'query' && (at + index) % 2 === 0)
      .map(({ name }: Json) => `${name}=${encoded(query)}`)
      .join('&')
    const body = example === undefined ? undefined : JSON.stringify(changed(example, at, value, isGone))
    const url = `${path.replace(/\{[^}]+\}/g, segment)}?${search}`
    const response = await fetch(service.url + url, {
      method,
      headers: {
        authorization: `Bearer ${admin.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(20_000),
    })
    await response.body?.cancel()
    return { status: response.status, sent: `${method} ${url} ${body}` }
  })
})

t.test('frames with odd values in them are answered, and the connection stays', async (t) => {
  const commands: Json[] = [
    { type: 'ping' },
    { type: 'subscribe', channel: 'topic:a', recover: { epoch: 'e', offset: 1 } },
    { type: 'unsubscribe', channel: 'topic:a' },
    { type: 'publish', channel: 'topic:a', data: { n: 1 } },
    { type: 'presence', channel: 'topic:a' },
    { type: 'history', channel: 'topic:a', limit: 2 },
    { type: 'auth', token: 'x' },
    { type: 'chat', message: 'oi', session_id: 's' },
    { type: 'cancel', stream_id: 'x' },
  ]
  const frame = fc.record({
    command: fc.constantFrom(...commands),
    at: fc.nat(10_000),
    value: odd,
    isGone: fc.boolean(),
  })
  await forATime(t, frame, async ({ command, at, value, isGone }) => {
    const sent = JSON.stringify(changed(command, at, value, isGone))
    const socket = await admin.socket('/api/v1/ws')
    await socket.ofType('connected')
    socket.send(sent)
    socket.send({ type: 'ping' })
    const isAlive = await Promise.race([
      socket.next(({ type }) => type === 'pong').then(() => true),
      socket.closed().then(({ code }) => code === 1009),
    ])
    socket.close()
    await pace(0)
    return { status: isAlive ? 101 : 500, sent }
  })
})
