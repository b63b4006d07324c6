import t from 'tap'
import { Problem } from '../../src/errors.ts'
import prices from '../../src/llm/prices.json' with { type: 'json' }
import { costOf } from '../../src/llm/prices.ts'
import type { Part } from '../../src/llm/provider.ts'
import type { Routed } from '../../src/llm/routing.ts'
import { estimatePromptTokens, estimateTokens } from '../../src/llm/token-estimate.ts'
import { hear, listen, routerOf, scripted, stop, type Told, text, usage } from './scripted.ts'

const usagesOf = ({ parts }: Told) =>
  parts.filter(({ type }) => type === 'attempt-usage') as Extract<Routed, { type: 'attempt-usage' }>[]
const down = new Problem('PROVIDER_UNAVAILABLE', 'x')

t.test('each attempt that cost something is counted: broken, aborted and whole', async (t) => {
  const told = await hear(
    routerOf([
      scripted('a', [down]),
      scripted('b', [text('12345'), down]),
      scripted('c', [[usage(10, 1)], text('123456789012'), down]),
      scripted('d', [text('1'), [usage(10, 9), stop]]),
    ]),
  )
  t.match(usagesOf(told), [
    { provider: 'b', usage: { promptTokens: 1, completionTokens: 2 }, estimated: true },
    { provider: 'c', usage: { promptTokens: 10, completionTokens: 3 }, estimated: true },
    { provider: 'd', usage: { promptTokens: 10, completionTokens: 9 }, estimated: false },
  ])
  t.equal(usagesOf(told).length, 3, 'nothing for the one that could not be reached')

  const controller = new AbortController()
  const router = routerOf([scripted('a', [[usage(20, 1)], text('123456789'), 'stall'])])
  const { told: cancelled, over } = listen(router, {}, { signal: controller.signal })
  await router.clock.advance(1)
  controller.abort(new Error('cancelled'))
  await over
  t.match(usagesOf(cancelled), [{ usage: { promptTokens: 20, completionTokens: 3 }, estimated: true }])
})

t.test('each retry that cost something is counted', async (t) => {
  const a = scripted('a', [[usage(5, 0)], down], [[usage(5, 2)], text('a'), [stop]])
  const router = routerOf([a], { maxRetries: 1, retryBaseMs: 0 })
  const { told } = listen(router)
  await router.clock.advance(0)
  t.match(usagesOf(told), [{ usage: { completionTokens: 0 } }, { usage: { completionTokens: 2 } }])
})

t.test("the vendor's last count of a whole answer is taken as it is", async (t) => {
  const words = text('a long answer that is more than a token')
  const told = await hear(routerOf([scripted('a', [[usage(5, 1)], words, [usage(5, 2), stop]])]))
  t.match(usagesOf(told), [{ usage: { promptTokens: 5, completionTokens: 2 }, estimated: false }])
})

t.test('where the vendor counts nothing, text, reasoning and calls are estimated', async (t) => {
  const parts: Part[] = [
    { type: 'reasoning-delta', text: '1234' },
    { type: 'text-delta', text: 'ação' },
    { type: 'tool-call-delta', index: 0, id: 'c', name: 'f', arguments: '{}' },
  ]
  const told = await hear(routerOf([scripted('a', [parts, [{ type: 'finish', reason: 'tool_calls' }]])]))
  t.match(usagesOf(told), [{ usage: { promptTokens: 1, completionTokens: 4 }, estimated: true }])
})

t.test('an estimate is a quarter of the UTF-8 bytes, rounded up', async (t) => {
  t.same(['', 'a', 'abcd', 'abcde', 'ação', '😀'].map(estimateTokens), [0, 1, 1, 2, 2, 1])
  t.equal(
    estimatePromptTokens({
      messages: [
        { role: 'user', content: '12345678' },
        { role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 'find', arguments: '{"q":1}' }] },
      ],
      tools: [{ name: 'find', description: '', parameters: {} }],
    }),
    Math.ceil((8 + 4 + 7 + '[{"name":"find","description":"","parameters":{}}]'.length) / 4),
  )
})

t.test('cost is by the price table, 0 where it knows no price', async (t) => {
  const million = { promptTokens: 1_000_000, completionTokens: 1_000_000 }
  const cases: [string, string | null, number][] = [
    ['openai', 'gpt-4o', 12.5],
    ['openai', 'gpt-4o-2024-11-20', 12.5],
    ['openai', 'gpt-4o-mini', 0.75],
    ['openai', 'gpt-4o-realtime-preview', 0],
    ['anthropic', 'claude-sonnet-4-5-20250929', 18],
    ['anthropic', 'claude-opus-4-20250514', 90],
    ['gemini', 'gemini-2.5-flash', 2.8],
    ['xai', 'grok-4-fast', 0.7],
    ['xai', 'grok-4', 18],
    ['xai', 'gpt-4o', 0],
    ['ollama', 'llama3.2', 0],
    ['local', null, 0],
  ]
  for (const [provider, model, usd] of cases)
    t.ok(Math.abs(costOf({ name: provider }, model, million) - usd) < 1e-9, `${provider} ${model}`)

  const gpt = { ...scripted('openai', [text('a'), [usage(2_000_000, 1_000_000), stop]]), model: 'gpt-4o' }
  t.equal(usagesOf(await hear(routerOf([gpt])))[0]?.costUsd, 15)
  const dear = { ...gpt, price: { prompt: 4, completion: 6 } }
  t.equal(usagesOf(await hear(routerOf([dear])))[0]?.costUsd, 14, 'a price of its own goes before the table')
})

t.test('every price says where it is from', async (t) => {
  for (const { provider, model, prompt, completion, source } of prices.prices) {
    t.ok(prompt > 0 && completion >= prompt, `${provider} ${model}`)
    t.match(prices.sources[source as keyof typeof prices.sources], { source: /https:/, as_of: /^\d{4}-\d\d/ })
  }
})
