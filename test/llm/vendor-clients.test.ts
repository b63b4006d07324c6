import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import t from 'tap'
import { startVendor } from '../support/vendor.ts'

const TOKENS = ['Olá', ', mundo ', '👋🏽', '!'] as const
const USAGE = { promptTokens: 11, completionTokens: 4 }
const CALL = { id: 'call_1', name: 'top_suppliers', arguments: '{"limit":2}' }

/** The tests' vendor is what the adapters are held to, so it is held to the vendors' own clients. */
t.test('the loopback vendor is understood by the official clients', async (t) => {
  const vendor = await startVendor()
  t.teardown(vendor.close)
  vendor.always((_asked, nth) =>
    nth % 2 === 0 ? { tokens: TOKENS, usage: USAGE } : { tokens: [], toolCalls: [CALL] },
  )

  await t.test("OpenAI's", async (t) => {
    const client = new OpenAI({ apiKey: 'k', baseURL: `${vendor.url}/v1`, maxRetries: 0 })
    const ask = () =>
      client.chat.completions.stream({
        model: 'm',
        messages: [{ role: 'user', content: 'hi' }],
        stream_options: { include_usage: true },
      })
    const answer = await ask().finalChatCompletion()
    t.equal(answer.choices[0]?.message.content, TOKENS.join(''))
    t.match(answer.usage, { prompt_tokens: 11, completion_tokens: 4 })
    const called = await ask().finalChatCompletion()
    t.match(called.choices[0]?.message.tool_calls, [
      { id: CALL.id, function: { name: CALL.name, arguments: CALL.arguments } },
    ])
    t.equal(called.choices[0]?.finish_reason, 'tool_calls')
  })

  await t.test("Anthropic's", async (t) => {
    const client = new Anthropic({ apiKey: 'k', baseURL: vendor.url, maxRetries: 0 })
    const ask = () =>
      client.messages.stream({ model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] })
    const answer = await ask().finalMessage()
    t.match(answer.content, [{ type: 'text', text: TOKENS.join('') }])
    t.match(answer.usage, { input_tokens: 11, output_tokens: 4 })
    t.equal(answer.stop_reason, 'end_turn')
    const called = await ask().finalMessage()
    t.match(called.content.at(-1), { type: 'tool_use', id: CALL.id, name: CALL.name, input: { limit: 2 } })
  })

  await t.test("Gemini's", async (t) => {
    const client = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: vendor.url } })
    const ask = async () => {
      let text = ''
      let calls: unknown[] = []
      let usage: unknown
      const parts = await client.models.generateContentStream({ model: 'm', contents: 'hi' })
      for await (const part of parts) {
        const said = part.candidates?.[0]?.content?.parts ?? []
        text += said.map((one) => one.text ?? '').join('')
        calls = calls.concat(part.functionCalls ?? [])
        usage = part.usageMetadata ?? usage
      }
      return { text, calls, usage }
    }
    t.match(await ask(), {
      text: TOKENS.join(''),
      usage: { promptTokenCount: 11, candidatesTokenCount: 4 },
    })
    t.match((await ask()).calls, [{ name: CALL.name, args: { limit: 2 } }])
  })
})
