import OpenAI from 'openai'
import t from 'tap'
import { client, login, newUser, startProcess, told, wholeStory } from '../support/process.ts'
import { openXai } from '../support/xai.ts'
import { ask, CALLED, CALLS, failure, type Params, PIECES, read, sdk, TOOLS, textOf } from './completion.ts'

t.setTimeout(300_000)

const { vendor, env, next } = await openXai()
const [service, strict] = await Promise.all([
  startProcess({ ...env, LLM_PROVIDERS: 'xai,local' }),
  startProcess({
    ...env,
    MAX_STREAMS_PER_USER: '1',
    MAX_TOKENS_PER_USER_PER_DAY: '20',
    ALLOW_ANONYMOUS: 'true',
  }),
])
const admin = await login(service.url)
const openai = sdk(service, admin.token)

t.test('limits are rate limits to the SDK, and it does not wait for tomorrow', async (t) => {
  const boss = await login(strict.url)
  const ana = await newUser(boss, strict.url, 'ana')
  const { asked, closed } = next({ stall: 'first' })
  const running = sdk(strict, boss.token).chat.completions.stream(ask('xai') as never)
  running.on('error', () => undefined)
  running.on('abort', () => undefined)
  await asked()
  const many = await failure(sdk(strict, boss.token).chat.completions.create(ask('xai')))
  t.ok(many instanceof OpenAI.RateLimitError)
  t.match(many, { code: 'TOO_MANY_STREAMS', type: 'rate_limit_error' })
  t.ok(many.headers?.get('retry-after'))
  running.abort()
  await closed()

  const patient = sdk(strict, ana.token, 2)
  vendor.answers({ usage: { promptTokens: 30, completionTokens: 2 } })
  await patient.chat.completions.create(ask('xai'))
  for (const stream of [false, true]) {
    const spent = await failure(patient.chat.completions.create({ ...ask('xai'), stream } as Params))
    t.ok(spent instanceof OpenAI.RateLimitError)
    t.match(spent, { code: 'BUDGET_EXCEEDED', type: 'insufficient_quota' })
    t.equal(spent.headers?.get('x-should-retry'), 'false')
  }
})

t.test('where anonymous use is on, no key is needed, and a wrong one is still wrong', async (t) => {
  vendor.answers({})
  const answer = await client(strict.url).post('/v1/chat/completions', ask('xai'))
  t.match(answer, { status: 200, body: { choices: [{ message: { content: 'Hello world' } }] } })
  t.ok((await failure(sdk(strict, 'x').models.list())) instanceof OpenAI.AuthenticationError)
  t.match(await client(service.url).post('/v1/chat/completions', ask('xai')), { status: 401 })
})

t.test('an answer whose caller is disabled is cut, and does not look whole', async (t) => {
  const caller = await newUser(admin, service.url, 'caller')
  const users = (await admin.get('/api/v1/users')).body.items
  const { id } = users.find(({ username }: { username: string }) => username === 'caller')
  const { closed } = next({ stall: 'between' })
  const stream = await sdk(service, caller.token).chat.completions.create({ ...ask('xai'), stream: true })
  const chunks = stream[Symbol.asyncIterator]()
  t.equal((await chunks.next()).done, false)
  await admin.call('PATCH', `/api/v1/users/${id}`, { body: { disabled: true } })
  const rest = async () => {
    while (!(await chunks.next()).done);
  }
  await t.rejects(rest())
  await closed()
})

t.test('an abort closes the socket of the vendor', async (t) => {
  await t.test('in mid-answer', async () => {
    const { closed } = next({ stall: 'between' })
    const stream = await openai.chat.completions.create({ ...ask('xai'), stream: true })
    for await (const _ of stream) stream.controller.abort()
    await closed()
  })
  await t.test('by leaving the loop', async () => {
    const { closed } = next({ stall: 'between' })
    for await (const _ of await openai.chat.completions.create({ ...ask('tributary'), stream: true })) break
    await closed()
  })
  for (const stream of [true, false])
    await t.test(`before the first token, ${stream ? 'streamed' : 'whole'}`, async (t) => {
      const { asked, closed } = next({ stall: 'first' })
      const leaving = new AbortController()
      const opened = failure(
        openai.chat.completions.create({ ...ask('xai'), stream } as Params, { signal: leaving.signal }),
      )
      await asked()
      leaving.abort()
      t.ok((await opened) instanceof OpenAI.APIUserAbortError)
      await closed()
    })
  const { body } = await admin.get('/api/v1/streams?limit=4')
  for (const { stream_id, kind } of body.items) {
    t.equal(kind, 'completion')
    // The socket is closed before the end is written down.
    const story = await wholeStory(await admin.events(`/api/v1/streams/${stream_id}/events`))
    t.equal(told(story).at(-1)?.type, 'cancelled')
  }
})

t.test('another instance of ourselves is a provider like any other', async (t) => {
  const peer = await startProcess({
    LLM_PROVIDERS: 'peer',
    PEER_BASE_URL: `${service.url}/v1`,
    PEER_API_KEY: admin.token,
    PROVIDER_MAX_RETRIES: '0',
    PROVIDER_BREAKER_THRESHOLD: '1000',
  })
  t.teardown(() => peer.kill())
  const user = await login(peer.url)
  const far = sdk(peer, user.token)

  next({ tokens: PIECES, reasoning: ['Hm'] }, { tokens: PIECES })
  const chunks = await read(
    await far.chat.completions.create({
      ...ask('peer/xai'),
      stream: true,
      stream_options: { include_usage: true },
    }),
  )
  t.equal(textOf(chunks), PIECES.join(''))
  t.match(chunks[0]?.choices[0]?.delta, { reasoning_content: 'Hm' })
  t.match(chunks.at(-1)?.usage, { prompt_tokens: 7, completion_tokens: 4 })
  const chat = await user.post('/api/v1/chat/message', { message: 'Olá' })
  t.match(chat.body, {
    content: PIECES.join(''),
    provider: 'peer',
    usage: { prompt_tokens: 7, completion_tokens: 4 },
  })

  next({ toolCalls: CALLS })
  const tools = await far.chat.completions.create(ask('peer/xai', 'Olá', { tools: TOOLS }))
  t.match(tools.choices, [{ finish_reason: 'tool_calls', message: { tool_calls: CALLED } }])

  next(
    { status: 500 },
    { status: 400, body: '{"error":{"code":"content_filter"}}' },
    { tokens: ['a'], dieAfter: 1 },
  )
  t.match(await failure(far.chat.completions.create(ask('peer/xai'))), {
    status: 503,
    code: 'PROVIDER_UNAVAILABLE',
  })
  t.match(await failure(far.chat.completions.create(ask('peer/xai'))), {
    status: 422,
    code: 'CONTENT_FILTERED',
  })
  const broken = await far.chat.completions.create({ ...ask('peer/xai'), stream: true })
  t.match(await failure(read(broken)), { code: 'PROVIDER_ERROR' })
  t.match(await failure(far.chat.completions.create(ask('peer/nobody'))), {
    status: 502,
    code: 'PROVIDER_ERROR',
  })

  const { closed } = next({ stall: 'between' })
  const stream = await far.chat.completions.create({ ...ask('peer/xai'), stream: true })
  for await (const _ of stream) stream.controller.abort()
  await closed()
})
