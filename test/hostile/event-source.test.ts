import { StringDecoder } from 'node:string_decoder'
import fc from 'fast-check'
import t from 'tap'
import { eventStream } from '../../src/llm/event-source.ts'
import { encodeEvent } from '../../src/transport/event-stream.ts'
import { fuzzCount, fuzzSeed, often } from '../support/long.ts'
import { login, startProcess } from '../support/process.ts'
import { type Heard, openOracle } from './event-source-oracle.ts'

t.setTimeout(3_600_000)

const oracle = await openOracle()
const END = Buffer.from('\n\n')

/**
 * Reads bytes that come in pieces as the reader of vendors' answers does: `error` for those that it takes for one. It
 * knows no other names, and skips events without data.
 */
const readPieces = (pieces: readonly Buffer[]): string[] => {
  const read: string[] = []
  const sink = {
    data: (text: string) => read.push(`data ${text}`),
    error: (text: string) => read.push(`error ${text}`),
    stray: () => {},
  }
  const reader = eventStream.open({ name: 'vendor' }, { ...sink })
  const decoder = new StringDecoder('utf8')
  let isFirst = true
  for (const piece of pieces) {
    let text = decoder.write(piece)
    if (text === '') continue
    if (isFirst) text = text.replace(/^\uFEFF/, '')
    isFirst = false
    reader.feed(text)
  }
  return read.filter((one) => one !== 'error ')
}

const asRead = (heard: readonly Heard[]): string[] =>
  heard
    .filter(({ data }) => data !== '')
    .map(({ type, data }) => `${type.trim() === 'error' ? 'error' : 'data'} ${data}`)

/**
 * Left out: a bare line of JSON and a line `error: …`, which are read here since vendors send them, and a byte order mark
 * before a line end, which Chromium does not take for the end of a line, as WHATWG has it.
 */
const isLeftOut = (bytes: Buffer): boolean =>
  /^\uFEFF[\r\n]|(^|[\r\n])\uFEFF?(\{|error(:|[\r\n]|$))/.test(bytes.toString('utf8'))

const word = fc.constantFrom(
  'a',
  'olá',
  '😀',
  '{"x":1}',
  ' ',
  ':',
  '\t',
  '\u2028',
  '\u0085',
  '\0',
  '[DONE]',
  '\uFEFF',
  'é'.normalize('NFD'),
)
const text = fc.array(word, { maxLength: 4 }).map((words) => words.join(''))
const lineEnd = fc.constantFrom('\n', '\n', '\r\n', '\r')
const line = fc.oneof(
  { weight: 6, arbitrary: text.map((one) => `data: ${one}`) },
  { weight: 1, arbitrary: text.map((one) => `data:${one}`) },
  fc.constantFrom(
    'data',
    'data:',
    ':',
    ': a comment',
    'id: 7',
    'id',
    'retry: 60000',
    'retry: x',
    'dat',
    'data : x',
    'Data: x',
    ' data: x',
  ),
  fc.constantFrom(
    'event: delta',
    'event: error',
    'event:',
    'event: ',
    'event: a:b',
    'nonsense',
    'nonsense: x',
  ),
)
const fixture = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.tuple(fc.oneof(line, line, fc.constant('')), lineEnd), { minLength: 1, maxLength: 9 }),
  )
  .map(([bom, lines]) => Buffer.from((bom ? '\uFEFF' : '') + lines.map((parts) => parts.join('')).join('')))
  .filter((bytes) => !isLeftOut(bytes))

t.test('every cut of 200 event-streams is read as Chromium reads them', async (t) => {
  let [cuts, events] = [0, 0]
  for (const bytes of fc.sample(fixture, { numRuns: 200, seed: fuzzSeed })) {
    const expected = asRead(await oracle.hear(bytes))
    events += expected.length
    const wrong: number[] = []
    for (let at = 0; at <= bytes.length; at++) {
      const read = readPieces([bytes.subarray(0, at), bytes.subarray(at), END])
      if (JSON.stringify(read) !== JSON.stringify(expected)) wrong.push(at)
    }
    cuts += bytes.length + 1
    t.same(wrong, [], encodeURIComponent(bytes.toString()))
    t.same(readPieces([...bytes].map((byte) => Buffer.from([byte])).concat(END)), expected, 'byte by byte')
  }
  t.comment(`seed ${fuzzSeed}, ${cuts} cuts, ${events} events`)
})

const MUTATIONS = fuzzCount(2000)
const BATCH = 500

t.test('so are mutations of them', async (t) => {
  const mutated = fc
    .tuple(
      fixture,
      fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(10, 13, 58, 32, 0, 0xef, 0xc3))), {
        minLength: 1,
        maxLength: 4,
      }),
    )
    .map(([seed, changes]) => {
      const bytes = Buffer.from(seed)
      for (const [at, value] of changes) bytes[at % bytes.length] = value
      return bytes
    })
    .filter((bytes) => !isLeftOut(bytes))
  let events = 0
  for (let done = 0; done < MUTATIONS; done += BATCH) {
    const seed = fuzzSeed + done
    // Blank lines part them, so that none goes on in the next.
    const bytes = Buffer.concat(fc.sample(mutated, { numRuns: BATCH, seed }).flatMap((one) => [one, END]))
    const expected = asRead(await oracle.hear(bytes))
    events += expected.length
    const [a, b] = fc.sample(fc.nat(bytes.length), { numRuns: 2, seed }).toSorted((x, y) => x - y) as [
      number,
      number,
    ]
    const read = readPieces([bytes.subarray(0, a), bytes.subarray(a, b), bytes.subarray(b), END])
    const at = expected.findIndex((one, index) => one !== read[index])
    t.same(read.slice(Math.max(at, 0), at + 3), expected.slice(Math.max(at, 0), at + 3))
    t.equal(read.length, expected.length)
  }
  t.ok(events > MUTATIONS / 4, 'most of them are events')
  t.comment(`seed ${fuzzSeed}, ${MUTATIONS} mutations, ${events} events`)
})

const nasty = fc.array(
  fc.oneof(
    word,
    fc.constantFrom('\r', '\n', '\r\n', '\n\n', 'data: x', 'id: 9', 'event: y', '\u2029', '\x1b[2J'),
  ),
  { minLength: 1, maxLength: 8 },
)

t.test('whatever our streams hold is one event in Chromium', async (t) => {
  const texts = fc.sample(nasty, often(300, 20_000)).map((words) => words.join(''))
  const bytes = Buffer.from(
    texts.map((data, at) => encodeEvent({ id: `e:${at}`, event: 'delta', data })).join(''),
  )
  const heard = await oracle.hear(bytes)
  t.same(
    heard,
    texts.map((data, at) => ({ type: 'delta', id: `e:${at}`, data: data.replace(/\r\n|\r/g, '\n') })),
  )
  t.comment(`${texts.length} texts`)
})

t.test('and so is whatever is published to the service', async (t) => {
  const service = await startProcess({ CORS_ORIGINS: oracle.origin })
  const admin = await login(service.url)
  const texts = fc.sample(nasty, 50).map((words) => words.join(''))
  const path = '/api/v1/channels/topic:nasty/publications'
  for (const data of texts) {
    t.equal((await admin.post(path, { text: data, '\u2028': '\u2029' })).status, 202)
  }
  const { body } = await admin.post('/api/v1/auth/tickets')
  const url = `${service.url}/api/v1/events?recover=all&channel=topic:nasty&ticket=${body.ticket}`
  const heard = await oracle.listen(url, ['publication'], { count: texts.length })
  t.same(
    heard.map(({ data }) => JSON.parse(data).data),
    texts.map((one) => ({ text: one, '\u2028': '\u2029' })),
  )
})
