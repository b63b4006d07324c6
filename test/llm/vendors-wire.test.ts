import * as fc from 'fast-check'
import t from 'tap'
import { type AnswerDialect, answerReader } from '../../src/llm/answer.ts'
import { anthropicAnswer } from '../../src/llm/anthropic.ts'
import { MAX_EVENT_LENGTH } from '../../src/llm/event-source.ts'
import { geminiAnswer } from '../../src/llm/gemini.ts'
import { ollamaAnswer } from '../../src/llm/ollama.ts'
import { openAiAnswer } from '../../src/llm/openai-answer.ts'
import type { Part } from '../../src/llm/provider.ts'
import { textTemplate } from '../../src/llm/text-template.ts'
import { SERVERS } from './server-fixtures.ts'
import { FIXTURES } from './vendor-fixtures.ts'

const SITE = { name: 'vendor', apiKey: 'sk-secret' }

/** What a reader makes of pieces of bytes, each a read of its own, and of their end. */
const read = (dialect: AnswerDialect, pieces: readonly Buffer[]) => {
  const reader = answerReader(SITE, dialect)
  const parts: Part[] = []
  for (const piece of pieces) {
    if (reader.ended || reader.problem) break
    parts.push(...reader.feed([piece]))
  }
  if (!reader.ended && !reader.problem) parts.push(...reader.end())
  return { parts, problem: reader.problem }
}

/** Counts of tokens on the way may be told or not, as the reads come; the last one counts. */
const withoutEarlierUsage = (parts: readonly Part[]): Part[] =>
  parts.filter(
    (part, at) => part.type !== 'usage' || !parts.slice(at + 1).some(({ type }) => type === 'usage'),
  )

const settled = (parts: readonly Part[]): Part[] => {
  const kept = withoutEarlierUsage(parts)
  const usage = kept.filter(({ type }) => type === 'usage')
  const rest = kept.filter(({ type }) => type !== 'usage' && type !== 'finish')
  return [...rest, ...usage, ...kept.filter(({ type }) => type === 'finish')]
}

const cutAt = (bytes: Buffer, ...cuts: readonly number[]): Buffer[] =>
  [...cuts, bytes.length].map((end, at) => bytes.subarray(at === 0 ? 0 : cuts[at - 1], end))

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

for (const { name, dialect, wire, parts } of [...FIXTURES, ...SERVERS]) {
  const bytes = Buffer.from(wire)

  t.test(`${name}: the same parts at every cut`, async (t) => {
    const whole = read(dialect, [bytes])
    t.same(whole.parts, parts)
    t.equal(whole.problem, null)
    const broken: number[] = []
    for (let at = 0; at <= bytes.length; at += 1) {
      if (!same(settled(read(dialect, cutAt(bytes, at)).parts), parts)) broken.push(at)
    }
    t.same(broken, [])
    const single = [...bytes].map((byte) => Buffer.from([byte]))
    t.same(settled(read(dialect, single).parts), parts)
    const property = fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
      const sorted = [...cuts].sort((a, b) => a - b)
      return same(settled(read(dialect, cutAt(bytes, ...sorted)).parts), parts)
    })
    t.doesNotThrow(() => fc.assert(property, { numRuns: 15 }))
  })

  t.test(`${name}: cut short it is whole with its finish, or an error, never both`, async (t) => {
    const odd: number[] = []
    for (let end = 0; end < bytes.length; end += 1) {
      const { parts: got, problem } = read(dialect, [bytes.subarray(0, end)])
      const finishes = got.filter(({ type }) => type === 'finish').length
      const isEmpty = !got.some(({ type }) => type === 'text-delta' || type === 'tool-call-delta')
      const codes = ['PROVIDER_PROTOCOL_ERROR', ...(isEmpty ? ['PROVIDER_ERROR'] : [])]
      const fine = problem === null ? finishes === 1 : finishes === 0 && codes.includes(problem.code)
      const texts = (list: readonly Part[]) => list.map((part) => ('text' in part ? part.text : '')).join('')
      if (!fine || !texts(parts).startsWith(texts(got))) odd.push(end)
    }
    t.same(odd, [])
  })
}

t.test('every pair of cuts of a small stream gives the same parts', async (t) => {
  const bytes = Buffer.from(
    '\ufeffdata: {"choices":[{"delta":\r\ndata: {"content":"é🧾"}}]}\r\n\r\n:\rdata:\r\rdata: {"choices":[{"delta":{},"finish_reason":"stop"}]}\r\rdata: [DONE]\n\n',
  )
  const parts = [
    { type: 'text-delta', text: 'é🧾' },
    { type: 'finish', reason: 'stop' },
  ]
  const broken: string[] = []
  for (let a = 0; a <= bytes.length; a += 1) {
    for (let b = a; b <= bytes.length; b += 1) {
      if (!same(read(openAiAnswer, cutAt(bytes, a, b)).parts, parts)) broken.push(`${a},${b}`)
    }
  }
  t.same(broken, [])
})

t.test('parts before a broken event are given, and then it is told', async (t) => {
  const event = 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n'
  const protocol = 'PROVIDER_PROTOCOL_ERROR'
  for (const [wire, code] of [
    [`${event}${'data: {"choices": nonsense sk-secret}\n\n'.repeat(20)}`, protocol],
    [`${event}data: {"choices":[{"delta":{"content":"b`, protocol],
    [`${event}dat`, protocol],
    ['data: {"choices": nonsense sk-secret}\n\ndata: [DONE]\n\n', protocol],
    ['data: 7\n\n', protocol],
    ['<html>502 Bad Gateway</html>\n', protocol],
    ['<html>502 Bad Gateway</html>', protocol],
    ['{"choices":[{"message":{"content":"a"}', protocol],
    ['[', protocol],
    ['', 'PROVIDER_ERROR'],
    [': nothing yet\n\n', 'PROVIDER_ERROR'],
    ['data: [DONE]\n\n', 'PROVIDER_ERROR'],
    ['{}', 'PROVIDER_ERROR'],
    ['[]', 'PROVIDER_ERROR'],
    [
      'data: {"choices":[{"delta":{"reasoning":"hm"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
      'PROVIDER_ERROR',
    ],
    [
      'data: {"choices":[{"delta":{"content":""},"finish_reason":"length"}]}\n\ndata: [DONE]\n\n',
      'PROVIDER_ERROR',
    ],
  ] as const) {
    const { parts, problem } = read(openAiAnswer, [Buffer.from(wire)])
    t.equal(problem?.code, code, wire)
    const said = parts.filter(({ type }) => type !== 'reasoning-delta')
    t.same(said, wire.startsWith(event) ? [{ type: 'text-delta', text: 'a' }] : [])
    t.notMatch(`${problem?.message} ${problem?.cause}`, /sk-secret/)
  }
})

t.test('what an empty answer cost is told before its problem', async (t) => {
  const wire =
    'data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":9}}\n\ndata: [DONE]\n\n'
  const { parts, problem } = read(openAiAnswer, [Buffer.from(wire)])
  t.same(parts, [{ type: 'usage', promptTokens: 1, completionTokens: 9 }])
  t.equal(problem?.code, 'PROVIDER_ERROR')
})

t.test('a line that is no JSON is skipped and counted, and the rest is the answer', async (t) => {
  const chunk = (content: string) => `data: {"choices":[{"delta":{"content":"${content}"}}]}\n\n`
  for (const bad of ['data: {"choices": nons\n\n', 'data: 7\n\n', 'data: null\n\n', 'oops\n', '{oops\n']) {
    let skipped = 0
    const reader = answerReader(SITE, openAiAnswer, () => void skipped++)
    const parts = [
      ...reader.feed([Buffer.from(chunk('a') + bad.repeat(19) + chunk('b'))]),
      ...reader.feed([Buffer.from('data: [DONE]\n\n')]),
    ]
    t.same(parts, [
      { type: 'text-delta', text: 'a' },
      { type: 'text-delta', text: 'b' },
      { type: 'finish', reason: 'stop' },
    ])
    t.equal(skipped, 19, bad)
  }
})

t.test('a reason to stop ends nothing: text and usage behind it count', async (t) => {
  const openAi = (delta: string, reason: string) =>
    `data: {"choices":[{"delta":${delta},"finish_reason":${reason}}]}\n\n`
  const gemini = (text: string) =>
    `data: {"candidates":[{"content":{"parts":[{"text":"${text}"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":1}}\n\n`
  for (const [dialect, wire, reason] of [
    [openAiAnswer, ['a', 'b', 'c'].map((text) => openAi(`{"content":"${text}"}`, '"stop"')).join(''), 'stop'],
    [openAiAnswer, ['a', 'b', 'c'].map((text) => openAi(`{"content":"${text}"}`, '"null"')).join(''), 'stop'],
    [openAiAnswer, ['a', 'b', 'c'].map((text) => openAi(`{"content":"${text}"}`, '""')).join(''), 'stop'],
    [openAiAnswer, openAi('{"content":"a"}', '"length"') + openAi('{"content":"bc"}', 'null'), 'length'],
    [geminiAnswer(new Map()), ['a', 'b', 'c'].map(gemini).join(''), 'stop'],
  ] as const) {
    const reader = answerReader(SITE, dialect)
    const parts = reader.feed([Buffer.from(wire)])
    t.equal(reader.ended, false)
    parts.push(...reader.end())
    t.equal(parts.map((part) => ('text' in part ? part.text : '')).join(''), 'abc')
    t.same(parts.at(-1), { type: 'finish', reason })
  }
})

t.test('an error inside a 200 has the code of its kind and tells nobody what the vendor said', async (t) => {
  const event = (error: unknown) => `data: ${JSON.stringify({ error })}\n\n`
  const cases: readonly [AnswerDialect, string, string][] = [
    [openAiAnswer, event({ message: 'inner', type: 'server_error' }), 'PROVIDER_ERROR'],
    [openAiAnswer, event('inner'), 'PROVIDER_ERROR'],
    [openAiAnswer, event({ message: 'inner', code: 'rate_limit_exceeded' }), 'PROVIDER_RATE_LIMITED'],
    [openAiAnswer, event({ message: 'inner', code: 429 }), 'PROVIDER_RATE_LIMITED'],
    [openAiAnswer, event({ message: 'inner', code: 'content_filter' }), 'CONTENT_FILTERED'],
    [openAiAnswer, 'data: {"object":"error","message":"inner","code":500}\n\n', 'PROVIDER_ERROR'],
    [openAiAnswer, '{"error":{"message":"inner"}}', 'PROVIDER_ERROR'],
    ...[
      'event: error\ndata: {"error":{"message":"inner"}}\n\n',
      'event: error\ndata: inner words\n\n',
      'event: error\n\n',
      'error: {"code":500,"message":"inner"}\n\n',
      'data: {"error_code":17,"error_msg":"inner"}\n\n',
      'data: {"detail":"inner"}\n\n',
      'data: {"code":"50501","message":"inner"}\n\n',
      'data: {"code":500,"msg":"inner"}\n\n',
      'data: {"status":503,"text":"inner"}\n\n',
      'data: {"type":"error","message":"inner"}\n\n',
      'data: {"choices":[],"error":{"message":"inner"}}\n\n',
      'data: {"choices":[{"delta":{},"finish_reason":null,"error":{"message":"inner"}}]}\n\n',
      '{"error":"inner"}\n\ndata: [DONE]\n\n',
      '{"detail":"inner"}\n',
    ].map((wire): [AnswerDialect, string, string] => [
      openAiAnswer,
      `${wire}data: [DONE]\n\n`,
      'PROVIDER_ERROR',
    ]),
    ...[anthropicAnswer, geminiAnswer(new Map())].map((dialect): [AnswerDialect, string, string] => [
      dialect,
      'data: {"code":500,"message":"inner"}\n\n',
      'PROVIDER_ERROR',
    ]),
    [ollamaAnswer, '{"error":"inner"}\n', 'PROVIDER_ERROR'],
    [openAiAnswer, 'data: {"choices":[{"delta":{"inner":1},"finish_reason":"error"}]}\n\n', 'PROVIDER_ERROR'],
    [
      anthropicAnswer,
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"inner"}}\n\n',
      'PROVIDER_ERROR',
    ],
    [
      anthropicAnswer,
      'event: error\ndata: {"type":"error","error":{"type":"rate_limit_error","message":"inner"}}\n\n',
      'PROVIDER_RATE_LIMITED',
    ],
    [
      geminiAnswer(new Map()),
      event({ code: 429, status: 'RESOURCE_EXHAUSTED', message: 'inner' }),
      'PROVIDER_RATE_LIMITED',
    ],
    [
      geminiAnswer(new Map()),
      'data: {"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL"}],"inner":1}\n\n',
      'PROVIDER_ERROR',
    ],
  ]
  for (const [dialect, wire, code] of cases) {
    const { parts, problem } = read(dialect, [Buffer.from(wire)])
    t.equal(problem?.code, code, wire)
    t.notMatch(problem?.message, /inner/)
    t.same(parts, [])
  }
})

t.test('a line that does not end is a protocol error, before it has filled the memory', async (t) => {
  const filler = Buffer.alloc(1024 * 1024, 'x')
  for (const start of ['data: "', '{"x":"', ': ', ' \n data: "\n'.repeat(3)]) {
    const reader = answerReader(SITE, openAiAnswer)
    reader.feed([Buffer.from(start)])
    let fed = 0
    while (!reader.problem && fed < 64) {
      reader.feed([filler])
      fed += 1
    }
    t.equal(reader.problem?.code, 'PROVIDER_PROTOCOL_ERROR')
    t.ok(fed * filler.length <= MAX_EVENT_LENGTH + filler.length, `after ${fed} MiB`)
  }
  const lines = answerReader(SITE, openAiAnswer)
  for (let n = 0; n < 16 && !lines.problem; n += 1) {
    lines.feed([Buffer.from('data: '), filler, Buffer.from('\n')])
  }
  t.equal(lines.problem?.code, 'PROVIDER_PROTOCOL_ERROR', 'nor does an event of many lines')
})

t.test('no JSON, however odd its shape, is anything but parts or a problem', async (t) => {
  const key = fc.constantFrom(
    ...[
      'choices',
      'delta',
      'message',
      'content',
      'tool_calls',
      'function',
      'usage',
      'finish_reason',
      'error',
    ],
    ...[
      'type',
      'index',
      'content_block',
      'text',
      'candidates',
      'parts',
      'functionCall',
      'usageMetadata',
      '__proto__',
    ],
  )
  const type = fc.constantFrom(
    'message',
    'message_start',
    'content_block_start',
    'content_block_delta',
    'message_delta',
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      fc.oneof(fc.string(), type, fc.double(), fc.boolean(), fc.constant(null)),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 5 }),
    ),
  }))
  const property = fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), (events) => {
    const wire = Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''))
    return [openAiAnswer, anthropicAnswer, geminiAnswer(new Map()), ollamaAnswer].every((dialect) => {
      const { parts, problem } = read(dialect, [wire])
      return (problem === null) === parts.some(({ type }) => type === 'finish')
    })
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 2000 }))
})

t.test('a template reads what parsing reads, or nothing', async (t) => {
  const inner = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\\"{}:,a-z]{0,12}$/))
  const event = fc.record({ id: fc.string(), content: inner, more: fc.option(inner) })
  const property = fc.property(
    fc.array(event, { minLength: 2, maxLength: 12 }),
    fc.boolean(),
    (events, alike) => {
      const template = textTemplate('content', (read) => read.content)
      return events.every((one) => {
        const data = JSON.stringify(alike ? { ...events[0], content: one.content } : one)
        const read = template.match(data)
        template.learn(data)
        return read === undefined || read === one.content
      })
    },
  )
  t.doesNotThrow(() => fc.assert(property, { numRuns: 2000 }))
  const template = textTemplate('content', (read) => read.content)
  template.learn('{"content":"a","n":1}')
  t.equal(template.match('{"content":"b","n":1}'), 'b')
  t.equal(template.match('{"content":"b","n":2}'), undefined)
  t.equal(template.match('{"content":"b","x":"c","n":1}'), undefined, 'nor is another key read as text')
  t.equal(template.match('{"content":"b\\","n":1}'), undefined, 'nor what is no JSON')
})
