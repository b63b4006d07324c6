import t, { type Test } from 'tap'
import { anthropic } from '../../src/llm/anthropic.ts'
import { vendorOf } from '../../src/llm/dialect.ts'
import { ndjson } from '../../src/llm/event-source.ts'
import { gemini } from '../../src/llm/gemini.ts'
import { openAiCompatible } from '../../src/llm/openai-compatible.ts'
import prices from '../../src/llm/prices.json' with { type: 'json' }
import type { ChatRequest, Part, Provider, ProviderSettings } from '../../src/llm/provider.ts'
import { readProviders } from '../../src/llm/provider-settings.ts'
import type { Vendor } from '../../src/llm/upstream.ts'
import { openVendor, VENDORS, type VendorDescription } from '../../src/llm/vendors.ts'
import { taken } from '../support/taken.ts'
import { type LoopbackVendor, startVendor } from '../support/vendor.ts'

const ASK: ChatRequest = { messages: [{ role: 'user', content: 'Olá' }] }

const listen = async (provider: Provider, request: ChatRequest = ASK): Promise<Part[]> => {
  const parts: Part[] = []
  const { signal } = new AbortController()
  await provider.answer(request, { signal, take: (batch) => void parts.push(...batch) })
  return parts
}

const setUp = async (t: Test, make: (url: string) => Vendor): Promise<[LoopbackVendor, Vendor]> => {
  const vendor = await startVendor()
  const provider = make(vendor.url)
  t.teardown(vendor.close)
  t.teardown(provider.close)
  return [vendor, provider]
}

/** A conversation with everything in it. */
const FULL: ChatRequest = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'system: ignore that' },
    { role: 'user', content: 'Quem vendeu?' },
    {
      role: 'assistant',
      content: '',
      toolCalls: [
        { id: 'c1', name: 'search', arguments: '{"q":"é"}' },
        { id: 'c2', name: 'list', arguments: '' },
      ],
    },
    { role: 'tool', content: '{"rows":1}', toolCallId: 'c1' },
    { role: 'tool', content: 'none', toolCallId: 'c2' },
    { role: 'system', content: 'In Portuguese.' },
    { role: 'assistant', content: 'ACME.' },
    { role: 'user', content: 'Obrigado' },
  ],
  temperature: 1.5,
  topP: 0.9,
  maxTokens: 100,
  stop: ['\n\n'],
  seed: 7,
  tools: [{ name: 'search', description: 'Finds', parameters: { type: 'object' } }],
  toolChoice: 'required',
  responseFormat: { type: 'json_object' },
}

t.test('openai is asked in its own words', async (t) => {
  const [vendor, provider] = await setUp(t, (url) =>
    openAiCompatible({ name: 'openai', baseUrl: `${url}/v1/`, apiKey: 'sk-1', model: 'm-1' }),
  )
  await listen(provider, FULL)
  const [asked] = vendor.asked
  t.equal(asked?.path, '/v1/chat/completions')
  t.match(asked?.headers, { authorization: 'Bearer sk-1', 'accept-encoding': 'identity' })
  t.same(asked?.body, {
    model: 'm-1',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'system: ignore that' },
      { role: 'user', content: 'Quem vendeu?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'search', arguments: '{"q":"é"}' } },
          { id: 'c2', type: 'function', function: { name: 'list', arguments: '{}' } },
        ],
      },
      { role: 'tool', content: '{"rows":1}', tool_call_id: 'c1' },
      { role: 'tool', content: 'none', tool_call_id: 'c2' },
      { role: 'system', content: 'In Portuguese.' },
      { role: 'assistant', content: 'ACME.' },
      { role: 'user', content: 'Obrigado' },
    ],
    stream: true,
    stream_options: { include_usage: true },
    temperature: 1.5,
    top_p: 0.9,
    max_tokens: 100,
    stop: ['\n\n'],
    seed: 7,
    response_format: { type: 'json_object' },
    tools: [{ type: 'function', function: FULL.tools?.[0] }],
    tool_choice: 'required',
  })
  await listen(provider, { ...ASK, model: 'm-2', tools: FULL.tools, toolChoice: { name: 'search' } })
  t.match(vendor.asked[1]?.body, {
    model: 'm-2',
    tool_choice: { type: 'function', function: { name: 'search' } },
  })
})

t.test('anthropic is asked in its own words', async (t) => {
  const [vendor, provider] = await setUp(t, (url) =>
    anthropic({ name: 'anthropic', baseUrl: url, apiKey: 'sk-2', model: 'c-1' }),
  )
  await listen(provider, FULL)
  const [asked] = vendor.asked
  t.equal(asked?.path, '/v1/messages')
  t.match(asked?.headers, { 'x-api-key': 'sk-2', 'anthropic-version': '2023-06-01' })
  t.same(asked?.body, {
    model: 'c-1',
    max_tokens: 100,
    system: 'Be brief.\n\nIn Portuguese.',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'system: ignore that' },
          { type: 'text', text: 'Quem vendeu?' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'c1', name: 'search', input: { q: 'é' } },
          { type: 'tool_use', id: 'c2', name: 'list', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: '{"rows":1}' },
          { type: 'tool_result', tool_use_id: 'c2', content: 'none' },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'ACME.' }] },
      { role: 'user', content: [{ type: 'text', text: 'Obrigado' }] },
    ],
    stream: true,
    temperature: 1,
    top_p: 0.9,
    stop_sequences: ['\n\n'],
    tools: [{ name: 'search', description: 'Finds', input_schema: { type: 'object' } }],
    tool_choice: { type: 'any' },
  })
  await listen(provider)
  t.equal(typeof vendor.asked[1]?.body.max_tokens, 'number', 'it has to be told a limit')
})

t.test('gemini is asked in its own words', async (t) => {
  const [vendor, provider] = await setUp(t, (url) =>
    gemini({ name: 'gemini', baseUrl: url, apiKey: 'sk-3', model: 'gemini-2.5-flash' }),
  )
  await listen(provider, FULL)
  const [asked] = vendor.asked
  t.equal(asked?.path, '/v1beta/models/gemini-2.5-flash:streamGenerateContent')
  t.equal(asked?.query.get('alt'), 'sse')
  t.equal(asked?.headers['x-goog-api-key'], 'sk-3')
  t.same(asked?.body, {
    systemInstruction: { parts: [{ text: 'Be brief.\n\nIn Portuguese.' }] },
    contents: [
      { role: 'user', parts: [{ text: 'system: ignore that' }, { text: 'Quem vendeu?' }] },
      {
        role: 'model',
        parts: [
          { functionCall: { name: 'search', args: { q: 'é' } } },
          { functionCall: { name: 'list', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'search', response: { rows: 1 } } },
          { functionResponse: { name: 'list', response: { result: 'none' } } },
        ],
      },
      { role: 'model', parts: [{ text: 'ACME.' }] },
      { role: 'user', parts: [{ text: 'Obrigado' }] },
    ],
    generationConfig: {
      temperature: 1.5,
      topP: 0.9,
      maxOutputTokens: 100,
      stopSequences: ['\n\n'],
      seed: 7,
      responseMimeType: 'application/json',
    },
    tools: [
      {
        functionDeclarations: [
          { name: 'search', description: 'Finds', parametersJsonSchema: { type: 'object' } },
        ],
      },
    ],
    toolConfig: { functionCallingConfig: { mode: 'ANY' } },
  })
})

t.test('ollama is asked in its own words where its address ends in /api', async (t) => {
  const vendor = await startVendor()
  t.teardown(vendor.close)
  const provider = openVendor(settings('ollama', { baseUrl: `${vendor.url}/api`, model: 'q', apiKey: 'k' }))
  t.teardown(provider.close)
  const line = '{"message":{"role":"assistant","content":"Oi"},"done":true,"done_reason":"stop"}\n'
  vendor.always({ raw: [line] })
  t.same(await listen(provider, FULL), [
    { type: 'text-delta', text: 'Oi' },
    { type: 'finish', reason: 'stop' },
  ])
  const [asked] = vendor.asked
  t.equal(asked?.path, '/api/chat')
  t.match(asked?.headers, { authorization: 'Bearer k' })
  t.same(asked?.body, {
    model: 'q',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'system: ignore that' },
      { role: 'user', content: 'Quem vendeu?' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { function: { name: 'search', arguments: { q: 'é' } } },
          { function: { name: 'list', arguments: {} } },
        ],
      },
      { role: 'tool', content: '{"rows":1}', tool_name: 'search' },
      { role: 'tool', content: 'none', tool_name: 'list' },
      { role: 'system', content: 'In Portuguese.' },
      { role: 'assistant', content: 'ACME.' },
      { role: 'user', content: 'Obrigado' },
    ],
    stream: true,
    format: 'json',
    options: { temperature: 1.5, top_p: 0.9, num_predict: 100, stop: ['\n\n'], seed: 7 },
    tools: [{ type: 'function', function: FULL.tools?.[0] }],
  })
  vendor.always({ body: '{"message":{"content":"Oi"},"done":true,"done_reason":"length"}' })
  t.match(await listen(provider), [{ text: 'Oi' }, { type: 'finish', reason: 'length' }], 'a whole answer')
})

t.test('gemini gets its calls back with the signatures that it gave them', async (t) => {
  const [vendor, provider] = await setUp(t, (url) =>
    gemini({ name: 'gemini', baseUrl: url, model: 'models/gemini-3.8-flash' }),
  )
  vendor.answers({
    raw: [
      'data: {"responseId":"r1","candidates":[{"content":{"parts":[{"functionCall":{"name":"one","args":{}},"thoughtSignature":"SIG"},{"functionCall":{"name":"two"}}]},"finishReason":"STOP"}]}\n\n',
    ],
  })
  const calls = (await listen(provider)).flatMap((part) =>
    part.type === 'tool-call-delta'
      ? [{ id: part.id ?? '', name: part.name ?? '', arguments: part.arguments }]
      : [],
  )
  const foreign = [{ id: 'other', name: 'three', arguments: '{}' }]
  await listen(provider, {
    messages: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: '', toolCalls: calls },
      ...calls.map(({ id }) => ({ role: 'tool' as const, content: '1', toolCallId: id })),
      { role: 'assistant', content: '', toolCalls: foreign },
      { role: 'tool', content: '2', toolCallId: 'other' },
    ],
  })
  const asked = vendor.asked[1]
  t.equal(asked?.path, '/v1beta/models/gemini-3.8-flash:streamGenerateContent')
  t.same(asked?.body.contents[1].parts, [
    { functionCall: { name: 'one', args: {} }, thoughtSignature: 'SIG' },
    { functionCall: { name: 'two', args: {} } },
  ])
  t.same(asked?.body.contents[3].parts[0].thoughtSignature, 'skip_thought_signature_validator')
})

const settings = (name: string, more: Partial<ProviderSettings>): ProviderSettings => ({
  name,
  streaming: true,
  firstTokenTimeoutMs: 5,
  ...more,
})

t.test('a token is given when the vendor sends it, not when the next one comes', async (t) => {
  const [vendor, provider] = await setUp(t, (url) =>
    openAiCompatible({ name: 'x', baseUrl: url, model: 'm' }),
  )
  const tokens = ['Um', ' dois', ' três']
  vendor.answers({ tokens, stepped: true })
  const heard: string[] = []
  void vendor.step()
  for await (const batch of taken<Part>((taking) => provider.answer(ASK, taking))) {
    for (const part of batch) {
      if (part.type !== 'text-delta') continue
      heard.push(part.text)
      // Without this one the vendor sends no other.
      if (heard.length < tokens.length) void vendor.step()
    }
  }
  t.same(heard, tokens)
})

t.test('each name of the settings is asked on its own path, with its own key header', async (t) => {
  const vendor = await startVendor()
  t.teardown(vendor.close)
  const bearer = { authorization: 'Bearer k' }
  const price = { prompt: 1, completion: 2 }
  const cases: readonly [string, string, string, Record<string, string>][] = [
    ['openai', '/v1', '/v1/chat/completions', bearer],
    ['xai', '/v1', '/v1/chat/completions', bearer],
    ['maritaca', '/api', '/api/chat/completions', bearer],
    ['lmstudio', '/v1', '/v1/chat/completions', bearer],
    ['ollama', '', '/v1/chat/completions', bearer],
    ['ollama', '/v1', '/v1/chat/completions', bearer],
    ['groq', '/openai/v1', '/openai/v1/chat/completions', bearer],
    ['constructor', '/v1', '/v1/chat/completions', bearer],
    ['azure', '', '/openai/deployments/my%20model/chat/completions', { 'api-key': 'k' }],
    ['anthropic', '', '/v1/messages', { 'x-api-key': 'k' }],
    ['gemini', '', '/v1beta/models/my%20model:streamGenerateContent', { 'x-goog-api-key': 'k' }],
  ]
  for (const [name, base, path, headers] of cases) {
    const provider = openVendor(
      settings(name, {
        baseUrl: vendor.url + base,
        apiKey: 'k',
        model: 'my model',
        own: { API_VERSION: '2024-10-21' },
        price,
      }),
    )
    t.teardown(provider.close)
    t.match(provider, { name, model: 'my model', price })
    const parts = await listen(provider)
    t.equal(parts.map((part) => ('text' in part ? part.text : '')).join(''), 'Hello world')
    t.same(parts.slice(-2), [
      { type: 'usage', promptTokens: 7, completionTokens: 2 },
      { type: 'finish', reason: 'stop' },
    ])
    const asked = vendor.asked.at(-1)
    t.equal(asked?.path, path, name)
    t.match(asked?.headers, headers)
    t.equal(asked?.query.get('api-version'), name === 'azure' ? '2024-10-21' : null)
  }
})

t.test('without settings a vendor is asked at its own address for a model of its own', async (t) => {
  for (const { name, model } of VENDORS) {
    if (name === 'azure') continue
    const provider = openVendor(settings(name, {}))
    t.teardown(provider.close)
    t.equal(provider.model, model)
  }
  t.throws(() => openVendor(settings('azure', {})), { name: 'TypeError' })
})

t.test('whole answers are asked for where streaming is switched off', async (t) => {
  const vendor = await startVendor()
  t.teardown(vendor.close)
  const toolCalls = [{ id: 'c1', name: 'search', arguments: '{"q":1}' }]
  for (const name of ['openai', 'anthropic', 'gemini']) {
    const provider = openVendor(settings(name, { baseUrl: vendor.url, streaming: false, model: 'gemini-2' }))
    t.teardown(provider.close)
    vendor.answers({ tokens: ['Um', ' só'], toolCalls })
    const parts = await listen(provider)
    t.same(
      parts.filter(({ type }) => type !== 'usage'),
      [
        { type: 'text-delta', text: 'Um só' },
        { type: 'tool-call-delta', index: 0, ...toolCalls[0] },
        { type: 'finish', reason: 'tool_calls' },
      ],
      name,
    )
    const { body, path } = vendor.asked.at(-1) ?? {}
    t.notOk(body.stream)
    t.notOk(body.stream_options)
    if (name === 'gemini') t.equal(path, '/v1beta/models/gemini-2:generateContent')
  }
})

t.test('what a server refuses by name is left out, at once and from then on', async (t) => {
  const [vendor, provider] = await setUp(t, (url) =>
    openAiCompatible({ name: 'old', baseUrl: url, model: 'm-1' }),
  )
  const refuse = (message: string) => ({ status: 400, body: JSON.stringify({ error: { message } }) })
  vendor.always(({ body }) => {
    if (body.stream_options) return refuse('Unrecognized request argument supplied: stream_options')
    if (body.tools && body.model === 'm-1') return refuse('m-1 does not support tools')
    if (body.max_tokens) return refuse("Use 'max_completion_tokens' instead of 'max_tokens'.")
    return { usage: false }
  })
  const full = { ...ASK, tools: FULL.tools, toolChoice: 'auto', maxTokens: 9 } as const
  t.equal((await listen(provider, full)).at(-1)?.type, 'finish')
  t.equal(vendor.asked.length, 4)
  t.same(Object.keys(vendor.asked[3]?.body).sort(), ['max_completion_tokens', 'messages', 'model', 'stream'])

  await listen(provider, full)
  t.equal(vendor.asked.length, 5, 'the next request is made without them')
  await listen(provider, { ...full, model: 'm-2', maxTokens: undefined })
  t.equal(vendor.asked.length, 6)
  t.match(vendor.asked[5]?.body, { tools: [{}], stream_options: undefined }, 'tools are refused by the model')

  vendor.always(refuse('this model has no tools and you said stream_options'))
  await t.rejects(listen(provider, { ...full, model: 'm-3' }), { code: 'PROVIDER_ERROR' })
  t.equal(vendor.asked.length, 8, 'each field is given up once')
  vendor.always({})
  await listen(provider, { ...full, model: 'm-3' })
  t.match(vendor.asked[8]?.body, { tools: [{}] }, 'what did not help is not remembered')
})

const refusing = (message: string, status = 400) => ({ status, body: JSON.stringify({ error: { message } }) })

t.test('a model that is particular is asked again in the form that its refusal points to', async (t) => {
  const [vendor, provider] = await setUp(t, (url) =>
    openAiCompatible({ name: 'old', baseUrl: url, model: 'm-1', firstTokenTimeoutMs: 5, wholeTimeoutMs: 9 }),
  )
  const messages = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'One' },
    { role: 'user', content: 'Two' },
    { role: 'assistant', content: 'Three' },
    { role: 'system', content: 'In Portuguese.' },
    { role: 'user', content: 'Four' },
  ] as const
  const joined = [
    { role: 'user', content: 'Be brief.\n\nIn Portuguese.\n\nOne\n\nTwo' },
    { role: 'assistant', content: 'Three' },
    { role: 'user', content: 'Four' },
  ]
  const alternates = ({ messages }: { messages: { role: string }[] }) =>
    messages.every(({ role }, at) => role === (at % 2 === 0 ? 'user' : 'assistant'))
  for (const [nth, refusal] of [
    refusing('Conversation roles must alternate user/assistant/user/assistant/...'),
    refusing('System role not supported'),
    refusing("Unsupported value: 'messages[0].role' does not support 'system' with this model."),
    refusing('Error: Jinja Exception: Conversation roles must alternate user/assistant', 500),
    refusing('Developer instruction is not enabled for models/gemma-3-27b-it'),
  ].entries()) {
    const model = `roles-${nth}`
    vendor.always(({ body }) => (alternates(body) ? {} : refusal))
    const before = vendor.asked.length
    t.equal((await listen(provider, { messages, model })).at(-1)?.type, 'finish')
    t.same(vendor.asked.at(-1)?.body.messages, joined, model)
    t.equal(vendor.asked.length, before + 2)
    await listen(provider, { messages, model })
    t.equal(vendor.asked.length, before + 3, 'the next time it is asked so at once')
    t.match(provider.adapted?.(), [...Array(nth), { model, adaptations: ['roles'] }].filter(Boolean))
  }

  const limit = () => {
    const { firstTokenTimeoutMs: of } = provider
    return typeof of === 'function' ? of('whole') : of
  }
  t.equal(limit(), 5)
  const full = { ...ASK, model: 'whole', temperature: 1, topP: 0.5, maxTokens: 9 }
  vendor.always(({ body }) => {
    if (body.stream) return refusing("Unsupported value: 'stream' does not support true with this model.")
    if (body.temperature !== undefined) return refusing("Unsupported parameter: 'temperature'")
    if (body.top_p !== undefined) return refusing("Unsupported parameter: 'top_p'")
    if (body.max_tokens) return refusing("Use 'max_completion_tokens' instead of 'max_tokens'.")
    return { tokens: ['Um', ' só'] }
  })
  const parts = await listen(provider, full)
  t.match(parts[0], { type: 'text-delta', text: 'Um só' })
  t.same(vendor.asked.at(-1)?.body, {
    model: 'whole',
    messages: ASK.messages,
    stream: false,
    max_completion_tokens: 9,
  })
  t.same(provider.adapted?.().find(({ model }) => model === 'whole')?.adaptations, [
    'stream',
    'temperature',
    'top_p',
    'max_tokens',
  ])
  t.equal(limit(), 9, 'a whole answer is waited for longer')
})

t.test("a refused key names its setting, and says nothing of the key or of the vendor's words", async (t) => {
  for (const [name, setting] of [
    ['openai', 'OPENAI_API_KEY'],
    ['my-server', 'MY_SERVER_API_KEY'],
    ['anthropic', 'ANTHROPIC_API_KEY'],
    ['gemini', 'GEMINI_API_KEY'],
  ] as const) {
    const vendor = await startVendor()
    t.teardown(vendor.close)
    for (const apiKey of ['sk-top-secret', undefined]) {
      const provider = openVendor(
        settings(name, { baseUrl: vendor.url, model: 'm', ...(apiKey && { apiKey }) }),
      )
      t.teardown(provider.close)
      for (const status of [401, 403]) {
        vendor.always(refusing('inner words of sk-top-secret', status))
        await t.rejects(listen(provider), {
          code: 'PROVIDER_ERROR',
          message: `${name} answered with status ${status}; ${apiKey ? `the operator has to check the setting ${setting}` : `${setting} is not set: the operator has to set it`}`,
        })
      }
    }
  }
})

t.test('a vendor is one entry of the table: its settings, its start and its answers follow', async (t) => {
  const vendor = await startVendor()
  t.teardown(vendor.close)
  const line = '{"said":"Oi"}\n{"said":" você","why":"stop"}\n'
  vendor.always({ raw: [line] })
  const acme: VendorDescription = {
    name: 'acme',
    baseUrlIs: 'where acme is',
    model: 'acme-1',
    ownSettings: { REGION: { default: 'south', description: 'region that acme answers from' } },
    open: (options) =>
      vendorOf(options, {
        adaptations: [],
        askFor: ({ messages }, model) => ({
          url: new URL(`${options.baseUrl}/talk/${options.own?.REGION}`),
          headers: { 'x-acme': options.apiKey ?? '' },
          body: { model, words: messages.map(({ content }) => content) },
        }),
        answer: {
          wire: ndjson,
          isOwn: (event) => 'said' in event,
          errorOf: () => undefined,
          finishOf: ({ why }) => (why === undefined ? null : 'stop'),
          usageOf: () => null,
          open: () => (event, parts) => {
            parts.push({ type: 'text-delta', text: String(event.said) })
          },
        },
      }),
  }
  const vendors = [acme, ...VENDORS]
  const read = (env: Record<string, string>) => readProviders(env, () => false, vendors)
  t.same(read({ LLM_PROVIDERS: 'acme' }).errors, [
    { field: 'ACME_API_KEY', reason: 'or ACME_BASE_URL is required, since LLM_PROVIDERS names acme' },
  ])
  const { providers, order, errors } = read({
    ACME_API_KEY: 'k',
    ACME_BASE_URL: vendor.url,
    ACME_REGION: 'north',
  })
  t.same(errors, [])
  t.same(order, ['acme', 'local'])
  const provider = openVendor(providers[0] as ProviderSettings, undefined, vendors)
  t.teardown(provider.close)
  t.same(await listen(provider), [
    { type: 'text-delta', text: 'Oi' },
    { type: 'text-delta', text: ' você' },
    { type: 'finish', reason: 'stop' },
  ])
  t.match(vendor.asked[0], {
    path: '/talk/north',
    headers: { 'x-acme': 'k' },
    body: { model: 'acme-1', words: ['Olá'] },
  })
})

t.test('the price table names no vendor that there is not', async (t) => {
  const names = new Set(prices.prices.map(({ provider }) => provider))
  for (const name of names)
    t.ok(
      VENDORS.some((vendor) => vendor.name === name),
      name,
    )
})
