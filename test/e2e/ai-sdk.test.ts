import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import {
  AbstractChat,
  type ChatState,
  type ChatStatus,
  DefaultChatTransport,
  generateText,
  isTextUIPart,
  jsonSchema,
  parseJsonEventStream,
  readUIMessageStream,
  stepCountIs,
  streamText,
  tool,
  type UIMessage,
  uiMessageChunkSchema,
} from 'ai'
import t from 'tap'
import { type Client, client, login, newUser, startProcess } from '../support/process.ts'
import { openXai } from '../support/xai.ts'
import { CALLS, PIECES } from './completion.ts'

t.setTimeout(150_000)

const { vendor, env, next } = await openXai()
const [service, hasty] = await Promise.all([
  startProcess({ ...env, LLM_PROVIDERS: 'xai,local' }),
  startProcess({ ...env, STREAM_ORPHAN_GRACE_MS: '0', MAX_STREAMS_PER_USER: '1' }),
])
const admin = await login(service.url)
const API = '/api/v1/chat/ui'

/** The state of `useChat` without React; tells whoever waits for a change of it. */
class PlainState implements ChatState<UIMessage> {
  status: ChatStatus = 'ready'
  error: Error | undefined
  #messages: UIMessage[] = []
  #waiting = new Set<() => void>()
  get messages() {
    return this.#messages
  }
  set messages(messages) {
    this.#messages = messages
    this.#changed()
  }
  pushMessage = (message: UIMessage) => {
    this.messages = [...this.#messages, message]
  }
  popMessage = () => {
    this.messages = this.#messages.slice(0, -1)
  }
  replaceMessage = (index: number, message: UIMessage) => {
    this.messages = this.#messages.with(index, this.snapshot(message))
  }
  snapshot = <T>(value: T): T => structuredClone(value)
  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }
  #changed() {
    for (const look of [...this.#waiting]) look()
  }
}

/** What `useChat` does, over its default transport. */
class Chat extends AbstractChat<UIMessage> {
  declare state: PlainState
  readonly data: { type: string }[]
  constructor(url: string, user: Client, { id, body = {} }: { id?: string; body?: object } = {}) {
    const data: { type: string }[] = []
    super({
      state: new PlainState(),
      ...(id === undefined ? {} : { id }),
      transport: new DefaultChatTransport({
        api: url + API,
        headers: { authorization: `Bearer ${user.token}` },
        body,
      }),
      onData: (part) => data.push(part),
    })
    this.data = data
  }
  /** Text of the last message. */
  get text(): string {
    return textOf(this.lastMessage)
  }
}

const textOf = (message: UIMessage | undefined): string =>
  (message?.parts ?? [])
    .filter(isTextUIPart)
    .map(({ text }) => text)
    .join('')

const said = (text: string): object[] => [{ id: 'u1', role: 'user', parts: [{ type: 'text', text }] }]
const post = (user: Client, body: object) => user.post(API, body)

t.test('a chat says something, and its answer is a message of the SDK', async (t) => {
  next({ tokens: PIECES, reasoning: ['Hm', 'm'] })
  const chat = new Chat(service.url, admin, { body: { provider: 'xai', agent_id: 'anita' } })
  await chat.sendMessage({ text: 'Olá' })
  t.equal(chat.error, undefined)
  t.equal(chat.status, 'ready')
  t.equal(chat.messages.length, 2)
  const message = chat.lastMessage as UIMessage
  t.equal(chat.text, PIECES.join(''))
  t.match(message, {
    role: 'assistant',
    metadata: { session_id: chat.id, agent_id: 'anita', provider: 'xai' },
  })
  t.match(message.metadata, { usage: { prompt_tokens: 7, completion_tokens: 4 } })
  const kinds = message.parts.map(({ type }) => type)
  t.strictSame(kinds, ['step-start', 'data-intent', 'data-agent', 'reasoning', 'text'])
  t.match(message.parts[3], { text: 'Hmm', state: 'done' })
  t.match(chat.data[0], { type: 'data-detecting' }, 'progress is heard, and stays out of the message')

  const kept = await admin.get(`/api/v1/chat/sessions/${chat.id}/messages`)
  t.match(kept.body.items, [
    { role: 'user', content: 'Olá' },
    { role: 'assistant', content: PIECES.join(''), message_id: message.id, state: 'complete' },
  ])

  const { asked } = next({ tokens: ['Again.'] })
  await chat.sendMessage({ text: 'E agora?' })
  t.equal(chat.text, 'Again.')
  const { messages } = (await asked()).body
  t.strictSame(messages.slice(1, 3), [
    { role: 'user', content: 'Olá' },
    { role: 'assistant', content: PIECES.join('') },
  ])
  t.strictSame(messages.at(-1), { role: 'user', content: 'E agora?' })
})

t.test('another answer is made without the one that was not wanted', async (t) => {
  const { asked } = next({ tokens: ['first'] }, { tokens: ['second'] })
  const chat = new Chat(service.url, admin, { body: { provider: 'xai' } })
  await chat.sendMessage({ text: 'Olá' })
  await chat.regenerate()
  t.equal(chat.messages.length, 2)
  t.equal(chat.text, 'second')
  const [first, second] = await Promise.all([asked(0), asked(1)])
  t.strictSame(second.body.messages, first.body.messages)
})

t.test('the bytes are a UI message stream to the readers of the SDK', async (t) => {
  next({ tokens: PIECES })
  const response = await fetch(service.url + API, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'read-by-hand', messages: said('Olá'), trigger: 'submit-message' }),
  })
  t.equal(response.headers.get('x-vercel-ai-ui-message-stream'), 'v1')
  t.match(response.headers.get('content-type'), /^text\/event-stream/)
  t.ok(response.headers.get('x-stream-id'))
  const parsed = parseJsonEventStream({
    stream: response.body as ReadableStream<Uint8Array<ArrayBuffer>>,
    schema: uiMessageChunkSchema,
  })
  const chunks = parsed.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        if (!chunk.success) throw chunk.error
        controller.enqueue(chunk.value)
      },
    }),
  )
  const states: string[] = []
  for await (const message of readUIMessageStream({ stream: chunks, terminateOnError: true }))
    states.push(textOf(message))
  t.equal(states.at(-1), PIECES.join(''))
  for (const [at, state] of states.entries()) t.ok(state.startsWith(states[at - 1] ?? ''))
})

t.test('a page that is loaded again goes on with the answer, and several may', async (t) => {
  const { asked } = next({ tokens: PIECES, stepped: true })
  const chat = new Chat(service.url, admin, { body: { provider: 'xai' } })
  const sending = chat.sendMessage({ text: 'Olá' })
  await asked()
  await vendor.step(2)
  const half = PIECES.slice(0, 2).join('')
  await chat.state.until(() => chat.text === half)
  await chat.stop()
  await sending
  t.equal(chat.status, 'ready')

  const pages = [1, 2].map(() => new Chat(service.url, admin, { id: chat.id }))
  const resuming = pages.map((page) => page.resumeStream())
  await Promise.all(pages.map((page) => page.state.until(() => page.text === half)))
  await vendor.step(2)
  await Promise.all(resuming)
  for (const page of pages) {
    t.equal(page.error, undefined)
    t.equal(page.text, PIECES.join(''))
    t.equal(page.messages.length, 1)
    t.equal(page.lastMessage?.id, chat.lastMessage?.id, 'it is the same message')
  }
  await chat.resumeStream()
  t.equal(chat.status, 'ready', 'there is nothing left to go on with')
  t.match(await admin.get(`${API}/${chat.id}/stream`), { status: 204, text: '' })
})

t.test('nothing to go on with is no error', async (t) => {
  const fresh = new Chat(service.url, admin)
  await fresh.resumeStream()
  t.equal(fresh.error, undefined)
  t.equal(fresh.status, 'ready')
  const stranger = await newUser(admin, service.url, 'bob')
  await admin.post('/api/v1/chat/sessions', { session_id: 'of-admin' })
  t.match(await stranger.get(`${API}/of-admin/stream`), { status: 404, body: { code: 'NOT_FOUND' } })
  t.match(await stranger.get(`${API}/of%20nobody/stream`), { status: 400 })
  t.match(await client(service.url).get(`${API}/of-admin/stream`), { status: 401 })
  t.equal((await admin.call('HEAD', `${API}/of-admin/stream`)).status, 404)
})

t.test('an answer that nobody comes back to is stopped', async (t) => {
  const boss = await login(hasty.url)
  const { asked, closed } = next({ stall: 'between' })
  const chat = new Chat(hasty.url, boss)
  const sending = chat.sendMessage({ text: 'Olá' })
  await asked()
  await chat.state.until(() => chat.text === 'Hello')
  const other = new Chat(hasty.url, boss)
  await other.sendMessage({ text: 'Olá' })
  t.match(JSON.parse(other.error?.message ?? ''), { code: 'TOO_MANY_STREAMS', status: 429 })
  await chat.stop()
  await sending
  await closed()
  t.equal(chat.text, 'Hello')
})

t.test('a failure is an error of the chat, and what had come stays', async (t) => {
  vendor.answers({ tokens: ['half'], dieAfter: 1 })
  const chat = new Chat(service.url, admin)
  await chat.sendMessage({ text: 'Olá' })
  t.equal(chat.status, 'error')
  t.ok(chat.error?.message)
  t.equal(chat.text, 'half')
  next({ tokens: ['better'] })
  await chat.sendMessage({ text: 'E agora?' })
  t.equal(chat.status, 'ready')
  t.equal(chat.text, 'better')
})

t.test('bad input names the field', async (t) => {
  const [one] = said('Olá')
  const bad: [string, object][] = [
    ['/id', { id: 'a b', messages: said('Olá') }],
    ['/messages', { id: 'x', messages: [] }],
    ['/messages/0/parts', { id: 'x', messages: said(' \n') }],
    ['/messages/0/parts', { id: 'x', messages: said('x'.repeat(10_001)) }],
    ['/messages/1/role', { id: 'x', messages: [one, { role: 'assistant', parts: [] }] }],
    [
      '/messages/0/parts/0',
      {
        id: 'x',
        messages: [{ role: 'user', parts: [{ type: 'file', url: 'data:,x', mediaType: 'text/plain' }] }],
      },
    ],
    ['/trigger', { id: 'x', messages: said('Olá'), trigger: 'other' }],
    ['/agent_id', { id: 'x', messages: said('Olá'), agent_id: 'nobody' }],
    ['/provider', { id: 'x', messages: said('Olá'), provider: 'nobody' }],
  ]
  for (const [field, body] of bad)
    t.match(await post(admin, body), { status: 400, body: { errors: [{ field }] } }, field)
  t.match(await post(client(service.url), { id: 'x', messages: said('Olá') }), { status: 401 })
})

t.test("the SDK's provider for compatible services reads our completions", async (t) => {
  const provider = createOpenAICompatible({
    name: 'tributary',
    baseURL: `${service.url}/v1`,
    apiKey: admin.token,
    includeUsage: true,
  })
  next({ tokens: PIECES, reasoning: ['Hm'] }, { toolCalls: CALLS.slice(0, 1) }, { tokens: ['Warm.'] })
  const result = streamText({ model: provider('xai'), prompt: 'Olá', maxRetries: 0 })
  let text = ''
  for await (const delta of result.textStream) text += delta
  t.equal(text, PIECES.join(''))
  t.equal(await result.reasoningText, 'Hm')
  t.match(await result.usage, { inputTokens: 7, outputTokens: 4, totalTokens: 11 })
  t.equal(await result.finishReason, 'stop')

  const weather = tool({
    description: 'of a place',
    inputSchema: jsonSchema<{ place: string }>({ type: 'object', properties: { place: { type: 'string' } } }),
    execute: async ({ place }) => `warm in ${place}`,
  })
  const answered = await generateText({
    model: provider('tributary'),
    prompt: 'Olá',
    tools: { weather },
    stopWhen: stepCountIs(2),
    maxRetries: 0,
  })
  t.equal(answered.text, 'Warm.')
  t.match(vendor.asked.at(-1)?.body.messages.at(-1), { role: 'tool', tool_call_id: 'call_a' })
  await t.rejects(generateText({ model: provider('nobody'), prompt: 'Olá', maxRetries: 0 }), {
    statusCode: 404,
    message: /no model nobody/,
  })
})
