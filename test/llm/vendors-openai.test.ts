import t from 'tap'
import { openAiCompatible } from '../../src/llm/openai-compatible.ts'
import type { Part } from '../../src/llm/provider.ts'
import { startVendor } from '../support/vendor.ts'

const ASK = { messages: [{ role: 'user', content: 'Olá' }] } as const

t.test('an answer comes token by token, with its usage and one finish', async (t) => {
  const vendor = await startVendor()
  const provider = openAiCompatible({
    name: 'openai',
    baseUrl: `${vendor.url}/v1`,
    apiKey: 'sk-1',
    model: 'm-1',
  })
  t.teardown(vendor.close)
  t.teardown(provider.close)
  vendor.answers({ stepped: true, tokens: ['Tudo', ' bem', '?'] })
  const parts: Part[] = []
  void vendor.step()
  for await (const batch of provider.stream(ASK, { signal: new AbortController().signal })) {
    t.not(batch.length, 0)
    parts.push(...batch)
    if (batch.some(({ type }) => type === 'text-delta')) void vendor.step()
  }
  t.same(parts, [
    { type: 'text-delta', text: 'Tudo' },
    { type: 'text-delta', text: ' bem' },
    { type: 'text-delta', text: '?' },
    { type: 'usage', promptTokens: 7, completionTokens: 3 },
    { type: 'finish', reason: 'stop' },
  ])
  t.match(vendor.asked[0], { path: '/v1/chat/completions', headers: { authorization: 'Bearer sk-1' } })
})
