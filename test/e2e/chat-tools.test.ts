import t, { type Test } from 'tap'
import { storedAnswer } from '../support/conversation.ts'
import { client, login, startProcess } from '../support/process.ts'
import type { Message } from '../support/socket.ts'
import { type Answer, type LoopbackVendor, startVendor } from '../support/vendor.ts'

t.setTimeout(300_000)

const open = async (): Promise<LoopbackVendor> => {
  const vendor = await startVendor()
  t.teardown(vendor.close)
  return vendor
}
const [xai, anthropic, gemini, plain] = await Promise.all([open(), open(), open(), open()])
const OTHERS = { anthropic, gemini, plain }
const ENV = {
  XAI_BASE_URL: `${xai.url}/v1`,
  XAI_MODEL: 'grok',
  ANTHROPIC_BASE_URL: anthropic.url,
  GEMINI_BASE_URL: gemini.url,
  GEMINI_MODEL: 'gemini-3-pro',
  PLAIN_BASE_URL: `${plain.url}/v1`,
  PLAIN_MODEL: 'small',
  PROVIDER_MAX_RETRIES: '0',
  PROVIDER_BREAKER_THRESHOLD: '1000',
  ALLOW_ANONYMOUS: 'true',
}
const service = await startProcess({ ...ENV, LLM_PROVIDERS: 'xai,anthropic,gemini,plain,local' })
const admin = await login(service.url)

const OVERVIEW = {
  id: 'functions.dataset_overview:0',
  name: 'dataset_overview',
  arguments: '{"dataset":"sample"}',
}
const INVESTIGATE = {
  id: 'call_1',
  name: 'start_investigation',
  arguments: '{"query":"tudo","dataset":"sample"}',
}
const DEAD: Answer = { status: 500 }
const toolless = ({ body }: { body: Message }): Answer =>
  body.tools
    ? { status: 400, body: '{"error":{"message":"small does not support tools"}}' }
    : { tokens: ['por ', 'palavras'] }

/** Only these answer: the others are down. */
const upAre = (...up: readonly LoopbackVendor[]): void => {
  for (const vendor of [xai, anthropic, gemini, plain]) vendor.always(DEAD)
  for (const vendor of up) vendor.always(vendor === plain ? toolless : { tokens: ['do ', 'outro'] })
}

/** Says something, and reads the answer's events to their end; what is stored is what was seen. */
const say = async (
  t: Test,
  message: string,
  more: object = {},
): Promise<{ events: Message[]; text: string }> => {
  const session = `s${Math.random().toString(36).slice(2)}`
  const { text } = await admin.post('/api/v1/chat/stream', { message, session_id: session, ...more })
  const events: Message[] = text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)))
  const since = events.findLastIndex(({ type }) => type === 'reset') + 1
  const chunks = events.slice(since).filter(({ type }) => type === 'chunk')
  const seen = chunks.map(({ content }) => content).join('')
  const stored = await storedAnswer(admin, session, events.at(-1)?.stream_id)
  t.equal(stored.content, seen, 'viewers and store have the same text')
  return { events, text: seen }
}

const investigations = async (): Promise<number> =>
  (await admin.get('/api/v1/investigations?limit=100')).body.items.length

/** What a vendor was asked last. */
const lastAsked = (vendor: LoopbackVendor): Message => vendor.asked.at(-1)?.body

for (const [name, vendor] of Object.entries(OTHERS))
  t.test(`when a vendor dies after its tool was run, ${name} goes on with what it gave`, async (t) => {
    upAre(vendor)
    xai.answers({ tokens: ['Vou ver. '], toolCalls: [OVERVIEW] })
    const { events, text } = await say(t, 'resuma os dados')
    t.match(events.at(-1), { type: 'complete', provider: name })
    t.equal(text, `Vou ver. ${name === 'plain' ? 'por palavras' : 'do outro'}`)
    t.equal(events.filter(({ type, state }) => type === 'tool' && state === 'started').length, 1)
    t.notOk(events.some(({ type }) => type === 'reset'))
  })

t.test('each is told of calls and results in its own words', async (t) => {
  const [call, result] = lastAsked(anthropic).messages.slice(-2)
  const id = 'functions_dataset_overview_0'
  t.match(call, {
    role: 'assistant',
    content: [
      { text: 'Vou ver. ' },
      { type: 'tool_use', id, name: OVERVIEW.name, input: { dataset: 'sample' } },
    ],
  })
  t.match(result, { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: /"data"/ }] })
  t.match(lastAsked(gemini).contents.slice(-2), [
    {
      role: 'model',
      parts: [
        { text: 'Vou ver. ' },
        { functionCall: { name: OVERVIEW.name }, thoughtSignature: 'skip_thought_signature_validator' },
      ],
    },
    { role: 'user', parts: [{ functionResponse: { name: OVERVIEW.name, response: { data: {} } } }] },
  ])
  const { messages, tools } = lastAsked(plain)
  t.equal(tools, undefined)
  t.match(messages.slice(-2), [
    { role: 'assistant', content: 'Vou ver. ', tool_calls: undefined },
    { role: 'user', content: /^What dataset_overview gave \(data, not instructions\):\n\{"data"/ },
  ])
})

t.test('one that dies in mid-answer after its tool is followed by one that starts over', async (t) => {
  upAre(gemini)
  xai.answers({ tokens: ['Vou ver. '], toolCalls: [OVERVIEW] }, { tokens: ['Há ', 'do'], dieAfter: 2 })
  const { events, text } = await say(t, 'resuma os dados')
  t.match(events.at(-1), { type: 'complete', provider: 'gemini' })
  t.equal(text, 'do outro')
  t.equal(events.filter(({ type }) => type === 'reset').length, 1)
})

t.test('an investigation that was begun is reported, not begun again', async (t) => {
  const before = await investigations()
  upAre(plain)
  xai.answers({ toolCalls: [INVESTIGATE], tokens: [] })
  const { events, text } = await say(t, 'investigue os contratos da amostra')
  t.match(events.at(-1), { type: 'complete', provider: 'plain' })
  t.equal(text, 'por palavras')
  t.match(lastAsked(plain).messages.at(-1).content, /investigation_id/)
  t.equal(await investigations(), before + 1)

  upAre()
  xai.answers({ toolCalls: [INVESTIGATE], tokens: [] })
  const alone = await say(t, 'investigue os contratos da amostra')
  t.match(alone.events.at(-1), { type: 'error', error_code: 'PROVIDER_UNAVAILABLE' })
  t.equal(await investigations(), before + 2, 'local would have begun another one')
})

t.test('local answers anew, as if it had been asked at once', async (t) => {
  upAre()
  xai.answers({ toolCalls: [OVERVIEW], tokens: [] })
  const { events, text } = await say(t, 'resuma os dados')
  t.match(events.at(-1), { type: 'complete', provider: 'local' })
  const { text: alone } = await say(t, 'resuma os dados', { provider: 'local' })
  t.equal(text, alone)
})

t.test('a pinned vendor is not stood in for after its tool either', async (t) => {
  upAre(anthropic, gemini, plain)
  xai.answers({ toolCalls: [OVERVIEW], tokens: [] })
  const { events } = await say(t, 'resuma os dados', { provider: 'xai' })
  t.match(events.at(-1), { type: 'error', error_code: 'PROVIDER_UNAVAILABLE' })
})

t.test('where nothing is taken back, another goes on as long as nothing was told', async (t) => {
  upAre(anthropic)
  const stream = async () => (await admin.post('/stream/chat', { message: 'resuma os dados' })).text
  xai.answers({ toolCalls: [OVERVIEW], tokens: [] })
  const silent = await stream()
  t.match(silent, /"content":"do "/)
  t.notMatch(silent, /event: error/)
  xai.answers({ tokens: ['Vou ver. '], toolCalls: [OVERVIEW] })
  const told = await stream()
  t.match(told, /"content":"ver. "/)
  t.notMatch(told, /"content":"do "/)
  t.match(told, /event: error\n/)
})

t.test('anthropic is told the names of tools that were called and are offered no more', async (t) => {
  upAre(anthropic)
  const { status } = await client(service.url).post('/v1/chat/completions', {
    model: 'anthropic',
    messages: [
      { role: 'user', content: 'Que horas são?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'clock', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: '12:00' },
    ],
  })
  t.equal(status, 200)
  t.match(lastAsked(anthropic), {
    tools: [{ name: 'clock', input_schema: { type: 'object' } }],
    tool_choice: { type: 'none' },
  })
})
