import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { Problem } from '../../src/errors.ts'
import { openAiCompatible } from '../../src/llm/openai-compatible.ts'
import type { Part, Provider, Taking } from '../../src/llm/provider.ts'
import type { Vendor } from '../../src/llm/upstream.ts'
import { openVendor } from '../../src/llm/vendors.ts'
import { taken } from '../support/taken.ts'
import { type Answer, type LoopbackVendor, startVendor } from '../support/vendor.ts'

const KEY = 'sk-top-secret'
const ASK = { messages: [{ role: 'user', content: 'Olá' }] } as const
const forever = () => new AbortController().signal

const setUp = async (t: Test, name = 'openai'): Promise<[LoopbackVendor, Vendor]> => {
  const vendor = await startVendor()
  const provider = openVendor({
    name,
    baseUrl: vendor.url,
    apiKey: KEY,
    streaming: true,
    firstTokenTimeoutMs: 0,
  })
  t.teardown(vendor.close)
  t.teardown(provider.close)
  return [vendor, provider]
}

const asking = (provider: Provider) => (taking: Taking<Part>) => provider.answer(ASK, taking)

/** All parts up to the end, and what ended them. */
const listen = async (provider: Provider, signal = forever()) => {
  const parts: Part[] = []
  try {
    await provider.answer(ASK, { signal, take: (batch) => void parts.push(...batch) })
  } catch (error) {
    return { parts, error }
  }
  return { parts, error: undefined }
}

const problemOf = (error: unknown): Problem => {
  if (error instanceof Problem) return error
  throw error
}

const textOf = (parts: readonly Part[]) => parts.map((part) => ('text' in part ? part.text : '')).join('')

t.test(
  'a status other than 200 has its code; what the vendor said is for the log, without the key',
  async (t) => {
    const [vendor, provider] = await setUp(t)
    const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString()
    const cases: readonly [number, Record<string, string>, string, (after: number | undefined) => boolean][] =
      [
        [429, { 'retry-after': '7' }, 'PROVIDER_RATE_LIMITED', (after) => after === 7],
        [
          429,
          { 'retry-after': inSeconds(90) },
          'PROVIDER_RATE_LIMITED',
          (after = 0) => after > 60 && after <= 90,
        ],
        [429, { 'retry-after': inSeconds(-90) }, 'PROVIDER_RATE_LIMITED', (after) => after === 0],
        [
          429,
          { 'retry-after-ms': '1200', 'retry-after': '9' },
          'PROVIDER_RATE_LIMITED',
          (after) => after === 2,
        ],
        [429, { 'retry-after': 'soon' }, 'PROVIDER_RATE_LIMITED', (after) => after === undefined],
        [429, { 'retry-after': '9'.repeat(14) }, 'PROVIDER_RATE_LIMITED', (after = 0) => after > 1e9],
        [429, {}, 'PROVIDER_RATE_LIMITED', (after) => after === undefined],
        [503, { 'retry-after': '3' }, 'PROVIDER_UNAVAILABLE', (after) => after === 3],
        ...[408, 500, 502, 504, 529].map(
          (status) => [status, {}, 'PROVIDER_UNAVAILABLE', (after: unknown) => after === undefined] as never,
        ),
        ...[300, 302, 400, 401, 403, 404, 413, 422].map(
          (status) =>
            [
              status,
              { location: '/elsewhere' },
              'PROVIDER_ERROR',
              (after: unknown) => after === undefined,
            ] as never,
        ),
      ]
    for (const [status, headers, code, isRight] of cases) {
      vendor.answers({ status, headers, body: `{"error":{"message":"inner words about ${KEY}"}}` })
      const { parts, error } = await listen(provider)
      const problem = problemOf(error)
      t.equal(problem.code, code, `${status}`)
      t.ok(isRight(problem.retryAfter), `${status} ${JSON.stringify(headers)}: ${problem.retryAfter}`)
      t.same(parts, [])
      t.notMatch(problem.message, /inner/)
      t.match(String(problem.cause), /inner words about \[key\]/)
      t.notMatch(String(problem.cause), KEY)
    }
    t.equal(vendor.asked.length, cases.length, 'no redirect is followed, nothing is asked again')
    for (const status of [400, 422]) {
      vendor.answers({ status, body: '{"error":{"code":"content_filter","message":"inner"}}' })
      t.equal(problemOf((await listen(provider)).error).code, 'CONTENT_FILTERED')
    }
    vendor.answers({ status: 500, body: 'x'.repeat(100_000) })
    const { error } = await listen(provider)
    t.ok(String(problemOf(error).cause).length < 3000, 'only the beginning of a long body is kept')
  },
)

t.test('a vendor that cannot be reached is unavailable', async (t) => {
  const [vendor, provider] = await setUp(t)
  vendor.answers({ dieAfter: -1 })
  t.equal(problemOf((await listen(provider)).error).code, 'PROVIDER_UNAVAILABLE')
  await vendor.close()
  t.equal(problemOf((await listen(provider)).error).code, 'PROVIDER_UNAVAILABLE', 'nobody listens')
  const nowhere = openAiCompatible({ name: 'x', baseUrl: 'http://nowhere.invalid/v1', model: 'm' })
  t.teardown(nowhere.close)
  t.equal(problemOf((await listen(nowhere)).error).code, 'PROVIDER_UNAVAILABLE', 'nor has it an address')
  const key = openAiCompatible({ name: 'x', baseUrl: vendor.url, apiKey: 'line\nbreak', model: 'm' })
  t.teardown(key.close)
  t.notMatch(problemOf((await listen(key)).error).message, /line/)
})

for (const name of ['openai', 'anthropic', 'gemini']) {
  t.test(`${name}: an answer that is not whole gives what came of it, and its problem`, async (t) => {
    const [vendor, provider] = await setUp(t, name)
    const tokens = ['Um', ' dois', ' três']
    const cases: readonly [string, Answer, string, string][] = [
      ['dies at once', { tokens, dieAfter: 0 }, 'PROVIDER_PROTOCOL_ERROR', ''],
      ['dies', { tokens, dieAfter: 2 }, 'PROVIDER_PROTOCOL_ERROR', 'Um dois'],
      ['sends nothing', { raw: [] }, 'PROVIDER_ERROR', ''],
      ['says nothing', { tokens: [] }, 'PROVIDER_ERROR', ''],
      ['thinks and says nothing', { tokens: [], reasoning: ['Hm'] }, 'PROVIDER_ERROR', ''],
      ['sends no JSON', { raw: ['data: <html>\n\n'] }, 'PROVIDER_PROTOCOL_ERROR', ''],
      [
        'sends an error',
        { tokens, errorInside: { type: 'server_error', message: 'inner' } },
        'PROVIDER_ERROR',
        'Um dois três',
      ],
      [
        'is busy amid',
        { tokens, errorInside: { type: 'rate_limit_error', status: 'RESOURCE_EXHAUSTED' } },
        'PROVIDER_RATE_LIMITED',
        'Um dois três',
      ],
      [
        'answers compressed',
        { raw: [gzipSync('data: {}\n\n')], headers: { 'content-encoding': 'gzip' } },
        'PROVIDER_PROTOCOL_ERROR',
        '',
      ],
    ]
    for (const [what, answer, code, text] of cases) {
      vendor.answers(answer)
      const { parts, error } = await listen(provider)
      t.equal(problemOf(error).code, code, what)
      t.equal(textOf(parts.filter(({ type }) => type === 'text-delta')), text, what)
      t.notOk(
        parts.some(({ type }) => type === 'finish'),
        what,
      )
      t.notMatch(problemOf(error).message, /inner/)
    }
    vendor.answers({ tokens, unterminated: true })
    const { parts, error } = await listen(provider)
    t.equal(error, undefined, 'a clean end needs no reason and no terminator')
    t.equal(textOf(parts), 'Um dois três')
    t.same(parts.at(-1), { type: 'finish', reason: 'stop' })
  })

  t.test(`${name}: an abort closes the socket and throws its reason, whatever the vendor does`, async (t) => {
    const [vendor, provider] = await setUp(t, name)
    const stalls: Answer[] = [
      { stall: 'before' },
      { stall: 'first' },
      { stall: 'between', tokens: ['a', 'b'] },
      { status: 500, stall: 'first' },
    ]
    for (const [nth, answer] of stalls.entries()) {
      vendor.answers(answer)
      const controller = new AbortController()
      const reason = new Error('cancelled')
      const heard = (async () => {
        for await (const batch of taken(asking(provider), controller.signal)) {
          if (textOf(batch) === 'a') controller.abort(reason)
        }
      })()
      const failed = t.rejects(heard, reason, JSON.stringify(answer))
      await vendor.arrived(nth)
      if (answer.stall !== 'between') controller.abort(reason)
      await failed
      await vendor.closed(nth)
    }
    t.pass('every socket was closed')
    vendor.answers({})
    t.equal((await listen(provider)).error, undefined, 'the next request is answered')
  })
}

t.test('nothing is requested by one whose signal has aborted', async (t) => {
  const [vendor, provider] = await setUp(t)
  const { error } = await listen(provider, AbortSignal.abort('why'))
  t.equal(error, 'why')
  await listen(provider)
  t.equal(vendor.asked.length, 1)
})

t.test('a reader that leaves closes the socket', async (t) => {
  const [vendor, provider] = await setUp(t)
  vendor.answers({ stall: 'between', tokens: ['a', 'b'] })
  for await (const batch of taken(asking(provider))) if (textOf(batch) === 'a') break
  await vendor.closed(0)
  t.pass('closed')
})

t.test('a line without an end closes the socket', async (t) => {
  const [vendor, provider] = await setUp(t)
  vendor.answers({ raw: ['data: ', ...Array<string>(64).fill('x'.repeat(1024 * 1024))] })
  t.equal(problemOf((await listen(provider)).error).code, 'PROVIDER_PROTOCOL_ERROR')
  await vendor.closed(0)
})

t.test(
  'behind a reason to stop, an answer ends at its terminator, at the end of its body, or in silence',
  async (t) => {
    const [vendor, provider] = await setUp(t)
    const end = 'data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n'
    const whole = [
      { type: 'text-delta', text: 'a' },
      { type: 'finish', reason: 'stop' },
    ]
    vendor.answers({ raw: [end], dieAfter: 0 })
    t.equal(problemOf((await listen(provider)).error).code, 'PROVIDER_PROTOCOL_ERROR', 'it dies')
    vendor.answers({ raw: [end, 'data: [DONE]\n\n'], stall: 'first' })
    t.same(await listen(provider), { parts: whole, error: undefined }, 'it stays open behind its terminator')
    await vendor.closed(1)
    vendor.answers({ raw: [end], stall: 'first' })
    t.same(await listen(provider), { parts: whole, error: undefined }, 'it stays open without one')
    await vendor.closed(2)
    vendor.answers({ raw: [end, 'data: [DO'] })
    t.same(await listen(provider), { parts: whole, error: undefined }, 'its terminator is cut')
    vendor.answers({ raw: [end, 'data: {"choices":[{"del\n\n'] })
    t.same(await listen(provider), { parts: whole, error: undefined }, 'it sends half an event')
    vendor.answers({ raw: [end, 'data: ', ...Array<string>(16).fill('x'.repeat(1024 * 1024))] })
    t.equal(problemOf((await listen(provider)).error).code, 'PROVIDER_PROTOCOL_ERROR', 'a line has no end')
    const comments = async (response: ServerResponse): Promise<void> => {
      response.write(end)
      while (!response.destroyed) {
        response.write(': still here\n\n')
        await pause(50)
      }
    }
    vendor.answers({ write: comments })
    t.same(await listen(provider), { parts: whole, error: undefined }, 'it sends comments without an end')
    vendor.answers({ raw: [end, 'data: {"error":{"message":"no","code":"server_error"}}\n\n'] })
    t.equal(problemOf((await listen(provider)).error).code, 'PROVIDER_ERROR', 'it sends an error')
  },
)

t.test('text that comes long after the first reason to stop is heard', async (t) => {
  const [vendor, provider] = await setUp(t)
  const event = (content: string) =>
    `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason: 'stop' }] })}\n\n`
  vendor.answers({
    async write(response) {
      for (const content of ['a', 'b', 'c', 'd']) {
        response.write(event(content))
        await pause(1100)
      }
      response.end('data: [DONE]\n\n')
    },
  })
  const { parts, error } = await listen(provider)
  t.equal(error, undefined)
  t.equal(textOf(parts), 'abcd')
})

t.test('answers one after the other share connections, answers at once have one each', async (t) => {
  const [vendor, provider] = await setUp(t)
  for (let n = 0; n < 5; n += 1) await listen(provider)
  // The second begins before the first one's connection is free.
  t.ok(vendor.connections() <= 2)
  const heard = Array.from({ length: 50 }, () => listen(provider))
  await Promise.all(heard.map(async (one) => t.equal(textOf((await one).parts), 'Hello world')))
  t.ok(vendor.connections() >= 50)
})

t.test('close ends running answers', async (t) => {
  const [vendor, provider] = await setUp(t)
  vendor.answers({ stall: 'between' })
  const heard = listen(provider)
  await vendor.arrived(0)
  await provider.close()
  t.match(problemOf((await heard).error).code, /^PROVIDER_/)
  await vendor.closed(0)
})

t.test('a vendor is read no faster than its reader reads', async (t) => {
  const event = Buffer.from(`data: {"choices":[{"delta":{"content":"${'x'.repeat(1000)}"}}]}\n\n`.repeat(64))
  const events = 1024
  let sent = 0
  const answer = (response: ServerResponse) =>
    Readable.from(
      (function* () {
        for (; sent < events; sent += 1) yield event
        yield 'data: [DONE]\n\n'
      })(),
    ).pipe(response)
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(response))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = openAiCompatible({ name: 'x', baseUrl: url, model: 'm' })
  t.teardown(() => provider.close())
  t.teardown(() => server.close())
  /** Until the vendor can send no more: nothing has left it for many turns of the loop. */
  const stuck = async () => {
    for (let turns = 0, before = -1; turns < 500; turns = sent === before ? turns + 1 : 0) {
      before = sent
      await nextTurn()
    }
  }
  let characters = 0
  let ahead = 0
  for await (const batch of taken(asking(provider))) {
    if (characters === 0) await stuck()
    characters += textOf(batch).length
    ahead = Math.max(ahead, sent * 64_000 - characters)
  }
  t.equal(characters, events * 64_000)
  t.ok(
    ahead < 16 * 1024 * 1024,
    `of 64 MB, at most ${Math.round(ahead / 1024)} KiB were under way, the kernel's buffers included`,
  )
})
