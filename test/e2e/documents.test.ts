import { EventSource } from 'eventsource'
import { chromium } from 'playwright-core'
import t from 'tap'
import { readEvents, readText } from '../support/document-clients.ts'
import { client, login, newUser, startProcess } from '../support/process.ts'
import { program } from '../support/program.ts'
import type { Answer } from '../support/vendor.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(300_000)

const CHROMIUM = program('chromium', 'chromium')
const { vendor, env } = await openXai()
const service = await startProcess({
  ...env,
  ALLOW_ANONYMOUS: 'true',
  LLM_PROVIDERS: 'xai,maritaca,local',
  XAI_MODEL: 'grok-beta',
  MARITACA_API_KEY: 'k',
  MARITACA_BASE_URL: `${vendor.url}/api`,
  MARITACA_MODEL: 'sabia-3.1',
  MAX_STREAMS_PER_USER: '200',
})
const { url } = service
const stranger = client(url)
const admin = await login(url)

/** What a vendor says to a message: the message, word by word. */
const echo = (text: string): Answer => ({ tokens: text.split(/(?<= )/), delayMs: 1 })
vendor.always(({ body }) => echo(body.messages.at(-1).content))

// biome-ignore lint/suspicious/noExplicitAny: bodies are looked at, not typed
type Event = any

const eventsOf = async (path: string, body: object): Promise<Event[]> =>
  readEvents(
    await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      body: JSON.stringify(body),
    }),
  )

const messagesOf = async (sessionId: string) =>
  (await admin.get(`/api/v1/chat/sessions/${sessionId}/messages`)).body.items.map(
    ({ role, content, state }: Event) => [role, content, state],
  )

t.test("document 000's EventSource shows the text so far, and asks once however it reconnects", async (t) => {
  const before = vendor.asked.length
  const eventSource = new EventSource(
    `${url}/api/stream/chat?message=Olá meu caro mundo&agent=assistant&named=0`,
  )
  t.teardown(() => eventSource.close())
  const shown: string[] = []
  let last: Event
  eventSource.onmessage = (event) => {
    const data = JSON.parse(event.data)
    if (data.token) {
      shown.push(data.text_so_far)
    }
    last = data
  }
  await new Promise<void>((resolve) => {
    eventSource.onerror = () => {
      if (eventSource.readyState === EventSource.CLOSED) resolve()
    }
  })
  t.equal(shown.at(-1), 'Olá meu caro mundo')
  t.ok(shown.every((text, at) => at === 0 || text.startsWith(shown[at - 1] as string)))
  t.match(last, {
    type: 'response_complete',
    response: 'Olá meu caro mundo',
    agent: 'assistant',
    provider: 'xai',
  })
  t.equal(vendor.asked.length, before + 1, 'the reconnection after the end is answered with 204')
  t.strictSame(await messagesOf(last.session_id), [
    ['user', 'Olá meu caro mundo', 'complete'],
    ['assistant', 'Olá meu caro mundo', 'complete'],
  ])
})

t.test("document 000's snippets run in a browser: named events, progress, cancel by fetch", async (t) => {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  await page.goto(`${url}/docs`)
  const nth = vendor.asked.length
  vendor.answers(echo('Olá do navegador'), echo('Entrei'), { tokens: ['um ', 'dois'], stall: 'between' })
  t.strictSame(
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          const names: string[] = []
          const source = new EventSource('/api/stream/chat?message=Olá&agent=assistant')
          for (const name of ['start', 'token', 'response_complete'])
            source.addEventListener(name, (event) => {
              names.push(name)
              if (name !== 'response_complete') return
              source.close()
              resolve([names[0], names[1], JSON.parse((event as MessageEvent).data).response])
            })
        }),
    ),
    ['start', 'token', 'Olá do navegador'],
  )
  const progress = await page.evaluate(
    () =>
      new Promise<[number[], string]>((resolve) => {
        const bars: number[] = []
        const source = new EventSource('/api/stream/incorporate?prompt=Apresente-se&agent=architect')
        source.addEventListener('progress', (event) => bars.push(JSON.parse(event.data).progress))
        source.addEventListener('complete', (event) => {
          source.close()
          resolve([bars, JSON.parse((event as MessageEvent).data).response])
        })
      }),
  )
  t.ok(progress[0].length >= 4)
  t.strictSame(
    progress[0],
    [...progress[0]].sort((a, b) => a - b),
  )
  t.equal(progress[1], 'Entrei')
  const cancelled = page.evaluate(
    () =>
      new Promise((resolve) => {
        const source = new EventSource('/api/stream/chat?message=Conte&agent=assistant')
        let streamId = ''
        let status = 0
        source.addEventListener('start', (event) => {
          streamId = JSON.parse((event as MessageEvent).data).stream_id
        })
        source.addEventListener('token', async () => {
          status = (await fetch(`/api/stream/cancel/${streamId}`, { method: 'POST' })).status
        })
        source.addEventListener('error', (event) => {
          const { data } = event as MessageEvent
          if (data === undefined) return
          source.close()
          setTimeout(() => resolve([status, JSON.parse(data).error_code]))
        })
      }),
  )
  await vendor.closed(nth + 2)
  t.match(await cancelled, [Number, 'CANCELLED'])
})

t.test('several chats of document 000 at once do not mix', async (t) => {
  const texts = Array.from({ length: 8 }, (_, n) => `Pergunta número ${n} de oito ${'x'.repeat(n)}`)
  const answers = await Promise.all(
    texts.map(async (message) => {
      const events = await stranger.events(`/api/stream/chat?${new URLSearchParams({ message })}`)
      await events.ended()
      return events.events.map(({ event, data }) => [event, JSON.parse(data)] as const)
    }),
  )
  for (const [n, events] of answers.entries()) {
    const tokens = events.filter(([event]) => event === 'token').map(([, data]) => data)
    t.equal(tokens.map(({ token }) => token).join(''), texts[n])
    t.strictSame(
      tokens.map(({ token_index }) => token_index),
      tokens.map((_, at) => at),
    )
    t.match(events.at(-1), ['response_complete', { response: texts[n] }])
    t.equal(new Set(events.map(([, { stream_id }]) => stream_id).filter(Boolean)).size, 1)
  }
})

t.test("document 000's ?model= names a provider, a provider's model, or a model", async (t) => {
  const asked = async (query: Record<string, string>) => {
    const nth = vendor.asked.length
    const events = await stranger.events(
      `/api/stream/chat?${new URLSearchParams({ message: 'Oi', ...query })}`,
    )
    await events.ended()
    const { path, body } = vendor.asked[nth] ?? { path: 'nobody', body: {} }
    return [path, body.model, JSON.parse(events.events.at(-1)?.data ?? '{}').provider]
  }
  const [grok, maritaca] = ['/v1/chat/completions', '/api/chat/completions']
  t.strictSame(await asked({}), [grok, 'grok-beta', 'xai'])
  t.strictSame(await asked({ model: 'maritaca' }), [maritaca, 'sabia-3.1', 'maritaca'])
  t.strictSame(await asked({ model: 'maritaca/sabiazinho-3' }), [maritaca, 'sabiazinho-3', 'maritaca'])
  t.strictSame(await asked({ model: 'sabia-3.1' }), [maritaca, 'sabia-3.1', 'maritaca'])
  t.strictSame(await asked({ model: 'grok-4' }), [grok, 'grok-4', 'xai'])
  t.strictSame(await asked({ provider: 'maritaca', model: 'm/n' }), [maritaca, 'm/n', 'maritaca'])
  t.strictSame(await asked({ model: 'local' }), ['nobody', undefined, 'local'])
})

t.test("document 001's hook joins the deltas, and both messages are stored", async (t) => {
  const sessionId = 'hook-session'
  const content = 'Não há ação sem reação — 😀!'
  const response = await fetch(`${url}/api/chat/stream`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ chatSessionId: sessionId, content }),
    credentials: 'include',
  })
  const streamedContent = await readText(response)
  t.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8')
  t.match(response.headers.get('x-stream-id'), /^[0-9a-f-]{36}$/)
  t.equal(streamedContent, content)
  t.strictSame(await messagesOf(sessionId), [
    ['user', content, 'complete'],
    ['assistant', content, 'complete'],
  ])
})

t.test("document 002's loop reads a conversation, which is made where nobody has it", async (t) => {
  const path = '/stream/chat'
  const first = await eventsOf(path, { message: 'Tu mensaje aquí', metadata: {} })
  const { conversation_id } = first[0]
  t.match(first[0], { conversation_id: /^[0-9a-f-]{36}$/, status: 'processing' })
  const chunks = first.slice(1, -1)
  t.equal(chunks.map(({ content }) => content).join(''), 'Tu mensaje aquí')
  t.strictSame(
    chunks.map(({ type, chunk_index, is_final }) => [type, chunk_index, is_final]),
    chunks.map((_, at) => ['content', at, at === chunks.length - 1]),
  )
  t.match(first.at(-1), { conversation_id, status: 'completed', message_count: 1 })

  const nth = vendor.asked.length
  const second = await eventsOf(path, { message: '¿Y ahora?', conversation_id, metadata: { tz: 'UTC-5' } })
  t.match(second.at(-1), { conversation_id, status: 'completed' })
  const told = vendor.asked[nth]?.body.messages
    .map(({ role, content }: Event) => [role, content])
    .filter(([role, content]: string[]) => role !== 'system' && !content?.startsWith('Facts'))
  t.strictSame(told, [
    ['user', 'Tu mensaje aquí'],
    ['assistant', 'Tu mensaje aquí'],
    ['user', '{"tz":"UTC-5"}'],
    ['user', '¿Y ahora?'],
  ])
  t.equal((await messagesOf(conversation_id)).length, 4)
  const bob = await newUser(admin, url, 'bob')
  t.match(await bob.post(path, { message: 'x', conversation_id }), {
    status: 404,
    body: { code: 'NOT_FOUND' },
  })
})

t.test("document 004's loop reads a provider's tokens, what they cost, and done", async (t) => {
  const nth = vendor.asked.length
  const messages = [
    { role: 'system', content: 'Seja breve' },
    { role: 'user', content: 'Analise contratos de saúde' },
  ]
  const events = await eventsOf('/api/v1/chat/direct/maritaca/stream', {
    messages,
    model: 'sabiazinho-3',
    temperature: 0.2,
    max_tokens: 50,
    stream: true,
  })
  const tokens = events.filter(({ type }) => type === 'token')
  t.equal(tokens.map(({ content }) => content).join(''), 'Analise contratos de saúde')
  t.match(events.slice(tokens.length), [
    { type: 'usage', tokens: 11, prompt_tokens: 7, completion_tokens: 4, cost: Number },
    { type: 'done', provider: 'maritaca', model: 'sabiazinho-3', finish_reason: 'stop' },
  ])
  t.match(vendor.asked[nth], {
    path: '/api/chat/completions',
    body: { messages, model: 'sabiazinho-3', temperature: 0.2, max_tokens: 50, stream: true },
  })
})

t.test('direct hands on top_p and stop to its provider', async (t) => {
  const nth = vendor.asked.length
  const messages = [{ role: 'user', content: 'x' }]
  await eventsOf('/api/v1/chat/direct/maritaca/stream', { messages, top_p: 0.5, stop: 'FIM' })
  await eventsOf('/api/v1/chat/direct/maritaca/stream', { messages, stop: ['FIM', '\n'] })
  t.match(vendor.asked[nth]?.body, { top_p: 0.5, stop: ['FIM'] })
  t.match(vendor.asked[nth + 1]?.body, { stop: ['FIM', '\n'] })
})

t.test('what cannot be is refused before anything is started, and the field named', async (t) => {
  const long = 'ã'.repeat(10_001)
  const query = (path: string, parameters: Record<string, string>) =>
    `${path}?${new URLSearchParams(parameters)}`
  const chat = '/api/stream/chat'
  const incorporate = '/api/stream/incorporate'
  const execute = '/api/stream/execute'
  const direct = '/api/v1/chat/direct/xai/stream'
  const task = { type: 'execute_task', description: 'x' }
  const user = [{ role: 'user', content: 'x' }]
  const cases: [string, object | undefined, string][] = [
    [chat, undefined, '?message'],
    [query(chat, { message: '' }), undefined, '?message'],
    [query(chat, { message: ' \n' }), undefined, '?message'],
    [query(chat, { message: 'x'.repeat(10_001) }), undefined, '?message'],
    [query(chat, { message: 'x', agent: 'nobody' }), undefined, '?agent'],
    [query(chat, { message: 'x', provider: 'nobody' }), undefined, '?provider'],
    [query(chat, { message: 'x', session_id: 'a b' }), undefined, '?session_id'],
    [query(chat, { message: 'x', named: 'maybe' }), undefined, '?named'],
    [query(chat, { message: 'x', on_disconnect: 'x' }), undefined, '?on_disconnect'],
    [incorporate, undefined, '?prompt'],
    [query(incorporate, { prompt: 'x', agent: 'nobody' }), undefined, '?agent'],
    [execute, {}, '/action'],
    [execute, { action: { type: 'dance', description: 'x' } }, '/action/type'],
    [execute, { action: { type: 'execute_task', description: ' ' } }, '/action/description'],
    [execute, { action: task, context: { agent: 'nobody' } }, '/context/agent'],
    [execute, { action: task, context: { much: 'x'.repeat(20_000) } }, '/context'],
    [
      execute,
      { action: { ...task, type: 'investigate' }, context: { dataset: 'nowhere' } },
      '/context/dataset',
    ],
    [
      execute,
      {
        action: { ...task, type: 'investigate' },
        context: { filters: { start_date: '2024-02-01', end_date: '2024-01-01' } },
      },
      '/context/filters/end_date',
    ],
    ['/api/chat/stream', { content: 'x' }, '/chatSessionId'],
    ['/api/chat/stream', { chatSessionId: 's', content: '' }, '/content'],
    ['/api/chat/stream', { chatSessionId: 's', content: long }, '/content'],
    ['/api/chat/stream', { chatSessionId: '../s', content: 'x' }, '/chatSessionId'],
    ['/stream/chat', {}, '/message'],
    ['/stream/chat', { message: long }, '/message'],
    ['/stream/chat', { message: 'x', conversation_id: '' }, '/conversation_id'],
    ['/stream/chat', { message: 'x', metadata: 'x' }, '/metadata'],
    ['/stream/chat', { message: 'x', on_disconnect: 'x' }, '/on_disconnect'],
    ['/api/v1/chat/stream', { message: 'x', context: 'x'.repeat(20_001) }, '/context'],
    ['/api/v1/chat/stream', { message: 'x', context: { much: 'x'.repeat(20_000) } }, '/context'],
    ['/api/v1/chat/message', { message: 'x', context: { much: 'x'.repeat(20_000) } }, '/context'],
    [direct, {}, '/messages'],
    [direct, { messages: [] }, '/messages'],
    [direct, { messages: [{ role: 'user', content: ' ' }] }, '/messages/0/content'],
    [direct, { messages: [{ role: 'tool', content: 'x' }] }, '/messages/0/role'],
    [direct, { messages: user, temperature: 3 }, '/temperature'],
    [direct, { messages: user, max_tokens: 0 }, '/max_tokens'],
    [direct, { messages: user, stream: false }, '/stream'],
    [direct, { messages: user, top_p: 2 }, '/top_p'],
    [direct, { messages: user, stop: [''] }, '/stop'],
    [direct, { messages: user, tools: [] }, '/tools'],
    [direct, { messages: user, response_format: { type: 'json_object' } }, '/response_format'],
    [direct, { messages: user, n: 2 }, '/n'],
  ]
  const before = vendor.asked.length
  for (const [path, body, field] of cases) {
    const { status, body: problem } = await (body ? stranger.post(path, body) : stranger.get(path))
    const name = `${path.slice(0, 60)} ${JSON.stringify(body ?? '').slice(0, 60)}`
    t.match({ status, problem }, { status: 400, problem: { code: 'VALIDATION_FAILED' } }, name)
    t.equal(problem.errors?.[0]?.field, field, name)
  }
  t.match(await stranger.post('/api/v1/chat/direct/nobody/stream', { messages: user }), {
    status: 404,
    body: { code: 'NOT_FOUND' },
  })
  t.match(await stranger.post('/api/stream/cancel/nothing'), { status: 404 })
  t.equal(vendor.asked.length, before)
})

t.test('text that one of the stores could not keep is refused before it is said', async (t) => {
  const bad = 'a\0b'
  const messages = [{ role: 'user', content: 'x' }]
  const parts = [{ type: 'text', text: bad }]
  const description = bad
  const cases: [string, object | undefined, string][] = [
    [`/api/stream/chat?message=${encodeURIComponent(bad)}`, undefined, '?message'],
    [`/api/stream/chat?message=x&model=${encodeURIComponent(bad)}`, undefined, '?model'],
    [`/api/stream/incorporate?prompt=${encodeURIComponent(bad)}`, undefined, '?prompt'],
    ['/api/stream/execute', { action: { type: 'execute_task', description } }, '/action/description'],
    ['/api/chat/stream', { chatSessionId: 's', content: bad }, '/content'],
    ['/stream/chat', { message: bad }, '/message'],
    ['/api/v1/chat/stream', { message: bad }, '/message'],
    ['/api/v1/chat/stream', { message: 'x', model: bad }, '/model'],
    ['/api/v1/chat/message', { message: bad }, '/message'],
    ['/api/v1/chat/ui', { id: 'ui', messages: [{ role: 'user', parts }] }, '/messages/0/parts'],
    ['/api/v1/chat/ui', { id: 'ui', messages: [{ role: 'user', parts }], model: bad }, '/model'],
    ['/api/v1/chat/direct/xai/stream', { messages, model: bad }, '/model'],
  ]
  const before = vendor.asked.length
  for (const [path, body, field] of cases) {
    const { status, body: problem } = await (body ? stranger.post(path, body) : stranger.get(path))
    t.match({ status, problem }, { status: 400, problem: { errors: [{ field }] } }, `${path} ${field}`)
  }
  t.equal(vendor.asked.length, before)
})
