import t, { type Test } from 'tap'
import type { ProviderSettings } from '../../src/llm/provider.ts'
import { providerRouter, type Router } from '../../src/llm/router.ts'
import type { RouterOptions } from '../../src/llm/routing.ts'
import { openVendor } from '../../src/llm/vendors.ts'
import { type LoopbackVendor, startVendor } from '../support/vendor.ts'
import { hear, listen, typesOf } from './scripted.ts'

/** Two vendors on loopback behind a router with the real clock. */
const open = async (
  t: Test,
  {
    streaming = true,
    firstTokenTimeoutMs = 5000,
    ...options
  }: Partial<RouterOptions> & { streaming?: boolean } = {},
): Promise<{ router: Router; first: LoopbackVendor; second: LoopbackVendor }> => {
  const [first, second] = [await startVendor(), await startVendor()]
  const settings: ProviderSettings[] = [
    { name: 'openai', baseUrl: `${first.url}/v1`, model: 'm1', streaming, firstTokenTimeoutMs },
    { name: 'anthropic', baseUrl: second.url, apiKey: 'k', streaming, firstTokenTimeoutMs: 5000 },
  ]
  const vendors = settings.map((one) => openVendor(one))
  t.teardown(async () => {
    await Promise.all(vendors.map((vendor) => vendor.close()))
    await Promise.all([first.close(), second.close()])
  })
  const router = providerRouter({
    providers: vendors,
    order: ['openai', 'anthropic'],
    firstTokenTimeoutMs,
    idleTimeoutMs: 5000,
    maxRetries: 2,
    retryBaseMs: 1,
    breakerThreshold: 100,
    cooldownMs: 1000,
    ...options,
  })
  return { router, first, second }
}

t.test('a vendor that dies in mid-answer is followed by another that starts over', async (t) => {
  const { router, first, second } = await open(t)
  first.answers({ tokens: ['half ', 'an ', 'answer'], dieAfter: 2 })
  second.answers({ tokens: ['a ', 'whole'], usage: { promptTokens: 9, completionTokens: 2 } })
  const told = await hear(router)
  t.equal(told.text, 'a whole')
  t.ok(typesOf(told).includes('reset'))
  t.same(
    told.parts.flatMap((part) => (part.type === 'attempt-usage' ? [[part.provider, part.estimated]] : [])),
    [
      ['openai', true],
      ['anthropic', false],
    ],
  )
  t.equal(first.asked.length, 1)
})

t.test('a busy vendor is asked again, one that refuses the key is not', async (t) => {
  const { router, first, second } = await open(t)
  first.answers({ status: 429, headers: { 'retry-after': '0' } }, { status: 503 }, { tokens: ['a'] })
  t.equal((await hear(router)).text, 'a')
  t.equal(first.asked.length, 3)

  first.always({ status: 401 })
  second.always({ tokens: ['b'] })
  const told = await hear(router)
  t.equal(told.text, 'b')
  t.match(told.parts[1], { type: 'fallback', reason: /^PROVIDER_ERROR: / })
  t.equal(first.asked.length, 4)
})

t.test('a vendor that stalls loses its socket, before the first token and after it', async (t) => {
  for (const stall of ['before', 'first', 'between'] as const) {
    const { router, first, second } = await open(t, {
      maxRetries: 0,
      idleTimeoutMs: 300,
      firstTokenTimeoutMs: 300,
    })
    first.answers({ tokens: ['a', 'b'], stall })
    second.answers({ tokens: ['b'] })
    const told = await hear(router)
    t.equal(told.text, 'b', stall)
    t.match(
      told.parts.find(({ type }) => type === 'fallback'),
      { reason: /^PROVIDER_TIMEOUT: / },
    )
    await first.closed(0)
  }
})

t.test("an abort closes the vendor's socket, before the first token and after it", async (t) => {
  for (const stall of ['before', 'between'] as const) {
    const { router, first, second } = await open(t)
    first.answers({ tokens: ['a', 'b'], stall })
    const controller = new AbortController()
    const { told, over } = listen(router, {}, { signal: controller.signal })
    await first.arrived(0)
    controller.abort(new Error('cancelled'))
    await first.closed(0)
    await over
    t.match(told.error, { message: 'cancelled' })
    t.equal(first.asked.length, 1)
    t.equal(second.asked.length, 0)
  }
})

t.test('a vendor that does not stream is asked for a whole answer, which is told word by word', async (t) => {
  const { router, first, second } = await open(t, { streaming: false })
  first.answers({ tokens: ['one two ', 'three'] })
  const told = await hear(router)
  t.equal(first.asked[0]?.body.stream, false)
  t.same(
    told.parts.flatMap((part) => (part.type === 'text-delta' ? [part.text] : [])),
    ['one ', 'two ', 'three'],
  )
  t.match(told.batches.at(-1), [{ type: 'text-delta' }, { type: 'attempt-usage' }, { type: 'finish' }])
  t.equal(told.batches.length, 4)

  second.answers({ tokens: ['um  dois\n', 'três'] })
  t.equal((await hear(router, { provider: 'anthropic' })).text, 'um  dois\ntrês')
})

t.test('so is the whole answer of one that was asked to stream', async (t) => {
  const { router, first } = await open(t)
  first.answers({ tokens: ['one two ', 'three'], whole: true })
  const told = await hear(router)
  t.equal(first.asked[0]?.body.stream, true)
  t.same(typesOf(told).filter((type) => type === 'text-delta').length, 3)
})

t.test('questions asked at once do not mix', async (t) => {
  const { router, first } = await open(t)
  first.always((asked) => ({
    tokens: [1, 2, 3].map((n) => `${asked.body.messages[0].content}${n} `),
    delayMs: 1,
  }))
  const told = await Promise.all(
    ['x', 'y', 'z'].map((content) => hear(router, { messages: [{ role: 'user', content }] })),
  )
  t.same(
    told.map(({ text }) => text),
    ['x1 x2 x3 ', 'y1 y2 y3 ', 'z1 z2 z3 '],
  )
})
