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
import t, { type Test } from 'tap'
import { type Client, client, login, newUser, startProcess } from '../support/process.ts'
import { openXai } from '../support/xai.ts'
import { CALLS, PIECES } from './completion.ts'

t.setTimeout(300_000)

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

/** A conversation with one vendor's answer to each text. */
const talk = async (...said: string[]): Promise<Chat> => {
  const chat = new Chat(service.url, admin, { body: { provider: 'xai' } })
  for (const text of said) {
    next({ tokens: [`on ${text}`] })
    await chat.sendMessage({ text })
  }
  t.equal(chat.error, undefined)
  return chat
}

/** Messages of a conversation as the service lists them. */
const listed = async ({ id }: Chat): Promise<{ message_id: string; content: string }[]> =>
  (await admin.get(`/api/v1/chat/sessions/${id}/messages`)).body.items
const contents = async (chat: Chat) => (await listed(chat)).map(({ content }) => content)

/** Holds the client's messages against the service's: they are the same, with the same ids. */
const agree = async (t: Test, chat: Chat): Promise<void> =>
  void t.strictSame(
    (await listed(chat)).map(({ message_id, content }) => [message_id, content]),
    chat.messages.map((message) => [message.id, textOf(message)]),
  )

/** What the audit log says was replaced in a conversation, oldest first. */
const replacedIn = async ({ id }: Chat): Promise<unknown[]> => {
  const { items } = (await admin.get('/api/v1/audit/events?limit=1000&event_type=chat.message_replaced')).body
  return items
    .filter(({ resource_id }: { resource_id: string }) => resource_id === id)
    .map(({ details }: { details: unknown }) => details)
}
const detailsOf = (messages: readonly UIMessage[]) =>
  messages.map((message) => ({ message_id: message.id, role: message.role, content: textOf(message) }))

t.test('another answer takes the place of the last one, and is made without it', async (t) => {
  const { asked } = next({ tokens: ['first'] }, { tokens: ['second'] })
  const chat = new Chat(service.url, admin, { body: { provider: 'xai' } })
  await chat.sendMessage({ text: 'Olá' })
  const before = chat.messages
  await agree(t, chat)
  await chat.regenerate()
  t.equal(chat.messages.length, 2)
  t.equal(chat.text, 'second')
  t.not(chat.lastMessage?.id, before[1]?.id)
  const [first, second] = await Promise.all([asked(0), asked(1)])
  t.strictSame(second.body.messages, first.body.messages)
  await agree(t, chat)
  t.strictSame(await replacedIn(chat), detailsOf(before.slice(1)))
})

for (const named of ['answer', 'question'] as const)
  t.test(`another answer, named by its ${named}, replaces all that followed`, async (t) => {
    const chat = await talk('one', 'two', 'three')
    const before = chat.messages
    const { asked } = next({ tokens: ['again'] })
    await chat.regenerate({ messageId: before[named === 'answer' ? 3 : 2]?.id as string })
    t.equal(chat.error, undefined)
    t.strictSame(chat.messages.map(textOf), ['one', 'on one', 'two', 'again'])
    await agree(t, chat)
    t.strictSame(
      (await asked()).body.messages.slice(1),
      [
        ['user', 'one'],
        ['assistant', 'on one'],
        ['user', 'two'],
      ].map(([role, content]) => ({ role, content })),
    )
    t.strictSame(await replacedIn(chat), detailsOf(before.slice(3)))
  })

t.test('the old answer is kept where the vendor fails, and may be asked again', async (t) => {
  const chat = await talk('one', 'two')
  const before = chat.messages
  vendor.answers({ tokens: ['half'], dieAfter: 1 })
  await chat.regenerate({ messageId: before[1]?.id as string })
  t.equal(chat.status, 'error')
  t.strictSame(await contents(chat), ['one', 'on one', 'two', 'on two'])
  t.strictSame(await replacedIn(chat), [])
  const failed = chat.lastMessage as UIMessage
  t.equal(textOf(failed), 'half')

  next({ tokens: ['better'] })
  await chat.regenerate({ messageId: failed.id })
  t.equal(chat.error, undefined, 'the answer that failed is known by its id')
  t.strictSame(await contents(chat), ['one', 'better'])
  await agree(t, chat)
  t.strictSame(await replacedIn(chat), detailsOf(before.slice(1)))
})

t.test('an edited message replaces what it was and all that followed', async (t) => {
  const chat = await talk('one', 'two', 'three')
  const before = chat.messages
  const { asked } = next({ tokens: ['on 2'] })
  await chat.sendMessage({ text: '2', messageId: before[2]?.id as string })
  t.equal(chat.error, undefined)
  t.strictSame(chat.messages.map(textOf), ['one', 'on one', '2', 'on 2'])
  t.equal(chat.messages[2]?.id, before[2]?.id, 'it keeps its id')
  await agree(t, chat)
  const told = JSON.stringify((await asked()).body.messages.slice(1))
  t.match(told, /on one/)
  t.notMatch(told, /two|three/)
  t.strictSame(await replacedIn(chat), detailsOf(before.slice(2)))
})

t.test('an answer that still runs ends when its question is edited', async (t) => {
  const { asked, closed } = next({ stall: 'between' })
  const chat = new Chat(service.url, admin, { body: { provider: 'xai' } })
  const sending = chat.sendMessage({ text: 'Olá' })
  await asked()
  await chat.state.until(() => chat.text === 'Hello')
  await chat.stop()
  await sending
  next({ tokens: ['on Oi'] })
  await chat.sendMessage({ text: 'Oi', messageId: chat.messages[0]?.id as string })
  t.equal(chat.error, undefined)
  await closed()
  t.strictSame(await contents(chat), ['Oi', 'on Oi'])
  await agree(t, chat)
})

t.test('ids of messages are unique in their conversation, and known there', async (t) => {
  const chat = await talk('one')
  const [question, answer] = (await listed(chat)).map(({ message_id }) => message_id)
  const again = (id: string, more: object = {}) =>
    post(admin, {
      id: chat.id,
      messages: [{ id, role: 'user', parts: [{ type: 'text', text: 'x' }] }],
      ...more,
    })
  const refused = (field: string) => ({ status: 400, body: { errors: [{ field }] } })
  t.match(await again(question as string), refused('/messages/0/id'))
  t.match(await again(answer as string), refused('/messages/0/id'))
  t.match(await again('a\u0000b'), refused('/messages/0/id'))
  for (const trigger of ['submit-message', 'regenerate-message'])
    t.match(await again('u2', { trigger, messageId: 'nobody' }), refused('/messageId'), trigger)
  t.match(await again('u2', { trigger: 'submit-message', messageId: answer }), refused('/messageId'))
  const elsewhere = { id: 'of-none', messages: said('x'), trigger: 'regenerate-message', messageId: question }
  t.match(await post(admin, elsewhere), refused('/messageId'))
  t.strictSame(await contents(chat), ['one', 'on one'])

  next({ tokens: ['there'] })
  const other = await post(admin, {
    ...elsewhere,
    id: 'other',
    messages: [{ ...said('x')[0], id: question }],
    trigger: undefined,
    messageId: undefined,
  })
  t.equal(other.status, 200, 'another conversation may have the id')
})

t.test('nobody takes the words of others out of a conversation that is not theirs', async (t) => {
  const chat = await talk('one')
  const [question, answer] = (await listed(chat)).map(({ message_id }) => message_id)
  const guest = await newUser(admin, service.url, 'guest')
  t.equal((await admin.post(`/api/v1/chat/sessions/${chat.id}/share`, { username: 'guest' })).status, 200)
  const asGuest = (more: object) => post(guest, { id: chat.id, messages: said('mine'), ...more })
  for (const trigger of ['submit-message', 'regenerate-message'])
    t.match(await asGuest({ trigger, messageId: trigger === 'submit-message' ? question : answer }), {
      status: 403,
      body: { code: 'FORBIDDEN' },
    })
  next({ tokens: ['on mine'] }, { tokens: ['on yours'] })
  t.equal((await asGuest({})).status, 200)
  t.equal((await asGuest({ trigger: 'regenerate-message' })).status, 200)
  t.strictSame(await contents(chat), ['one', 'on one', 'mine', 'on yours'])
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
