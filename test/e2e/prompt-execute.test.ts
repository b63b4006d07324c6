import { EventSource } from 'eventsource'
import t from 'tap'
import { newUsers, postEvents } from '../support/clients.ts'
import { runHook } from '../support/document-clients.ts'
import { type Client, client, login, startProcess, told } from '../support/process.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(300_000)

const FIRST_TOKEN_TIMEOUT_MS = 2500
const MAX_STREAMS_PER_USER = 4
const STREAM = '/api/prompts/execute/stream'

const { vendor, env } = await openXai()
const service = await startProcess({
  ...env,
  ALLOW_ANONYMOUS: 'true',
  LLM_PROVIDERS: 'xai,local',
  FIRST_TOKEN_TIMEOUT_MS: String(FIRST_TOKEN_TIMEOUT_MS),
  PROVIDER_MAX_RETRIES: '2',
  PROVIDER_RETRY_BASE_MS: '1',
  MAX_STREAMS_PER_USER: String(MAX_STREAMS_PER_USER),
  STREAM_ORPHAN_GRACE_MS: '3000',
})
const stranger = client(service.url)
const admin = await login(service.url)
const { alice, bob, vera } = await newUsers(admin, service.url, {
  alice: 'analyst',
  bob: 'analyst',
  vera: 'viewer',
})

/** What the vendor says to a message: itself, word by word. */
vendor.always(({ body }) => ({ tokens: body.messages[0].content.split(/(?<= )/), delayMs: 1 }))

const made = async (user: Client, path: string, body: object): Promise<number> => {
  const answer = await user.post(path, body)
  if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${answer.text}`)
  return answer.body.id
}
const prompt = (user: Client, content: string, more = {}) =>
  made(user, '/api/prompts', { title: 'A prompt', content, ...more })

const executeWithHook = (promptId: number, variables?: object) =>
  runHook(
    `${service.url}${STREAM}?${new URLSearchParams({
      promptId: String(promptId),
      variables: JSON.stringify(variables || {}),
    })}`,
  )
const post = (user: Client, body: object) => postEvents(user, STREAM, body)
const typeOf = ({ data }: { data: string }): string => JSON.parse(data).type
const is = (type: string) => (event: { data: string }) => typeOf(event) === type

t.test("the document's hook gets the answer of the prompt's own model", async (t) => {
  const modelId = await made(stranger, '/api/models', {
    name: 'Llama 3',
    provider: 'xai',
    modelId: 'llama-3-70b',
  })
  const promptId = await prompt(stranger, 'Resuma {{document}} para {{ reader }}.', {
    modelId,
    temperature: 0.2,
    maxTokens: 77,
  })
  const nth = vendor.asked.length
  const state = await executeWithHook(promptId, {
    document: 'o contrato {{reader}} $&',
    reader: 'João',
    n: 1,
  })
  t.match(state, {
    content: 'Resuma o contrato {{reader}} $& para João.',
    isStreaming: false,
    error: null,
    metadata: { type: 'start', promptId, modelId, modelName: 'Llama 3', stream_id: String },
  })
  t.same([state.types[0], state.types.at(-1)], ['start', 'done'])
  t.same(new Set(state.types), new Set(['start', 'chunk', 'done']))
  t.equal(vendor.asked.length, nth + 1, 'asked once')
  t.match(vendor.asked[nth]?.body, {
    model: 'llama-3-70b',
    temperature: 0.2,
    messages: [{ role: 'user', content: state.content }],
  })
  t.equal(vendor.asked[nth]?.body.messages.length, 1)
  t.equal(vendor.asked[nth]?.body.max_tokens ?? vendor.asked[nth]?.body.max_completion_tokens, 77)

  await t.test('which answers fetch, and whoever wants it whole, as well', async (t) => {
    const body = { promptId: String(promptId), variables: { document: 'x', reader: true } }
    const events = await post(stranger, body)
    t.equal(events.status, 200)
    await events.ended()
    const messages = told(events)
    t.match(messages[0], { type: 'start', promptId, modelId, modelName: 'Llama 3' })
    t.equal(messages.map(({ content = '' }) => content).join(''), 'Resuma x para true.')
    t.match(messages.at(-1), { type: 'done', provider: 'xai', model: 'llama-3-70b', finish_reason: 'stop' })
    const whole = await stranger.post('/api/prompts/execute', body)
    t.match(whole, {
      status: 200,
      body: { promptId, modelId, content: 'Resuma x para true.', provider: 'xai' },
    })
    t.equal(whole.headers.get('x-stream-id'), whole.body.stream_id)
  })
})

t.test('three prompts at once do not mix', async (t) => {
  const promptId = await prompt(stranger, 'Conte {{n}}: {{text}}')
  const texts = ['um '.repeat(60), 'dois '.repeat(60), 'três '.repeat(60)]
  const states = await Promise.all(texts.map((text, n) => executeWithHook(promptId, { n, text })))
  t.same(
    states.map(({ content }) => content),
    texts.map((text, n) => `Conte ${n}: ${text}`),
  )
  t.equal(new Set(states.map(({ metadata }) => metadata.stream_id)).size, 3)
  t.same(
    states.map(({ error }) => error),
    [null, null, null],
  )
})

t.test(
  'without a model of its own a prompt is routed, and falls back before its first token only',
  async (t) => {
    const promptId = await prompt(alice, 'O que há nos dados?')
    const attempts = { status: 500 }
    vendor.answers(attempts, attempts, attempts)
    const fallen = await post(alice, { promptId })
    await fallen.ended()
    t.match(told(fallen)[0], { type: 'start', promptId, modelId: null, modelName: 'xai' })
    t.match(told(fallen).at(-1), { type: 'done', provider: 'local', model: null })

    vendor.answers({ tokens: ['Uma ', 'parte '], dieAfter: 2 })
    const broken = await post(alice, { promptId })
    await broken.ended()
    t.same(
      told(broken).map(({ type, content }) => (type === 'chunk' ? content : type)),
      ['start', 'Uma ', 'parte ', 'error'],
    )
    t.match(told(broken).at(-1), { error_code: 'PROVIDER_PROTOCOL_ERROR', message: String })
  },
)

t.test('a model that takes its time is waited for', async (t) => {
  const promptId = await prompt(stranger, 'Pense bem sobre {{x}}')
  let answer = (): void => undefined
  const hold = new Promise<void>((resolve) => {
    answer = resolve
  })
  vendor.answers({ hold, tokens: ['Pronto.'] })
  const events = await post(stranger, { promptId, variables: { x: 'tudo' } })
  await events.next(is('model_loading'))
  answer()
  await events.ended()
  t.same(events.events.map(typeOf), ['start', 'model_loading', 'chunk', 'done'])

  await t.test('and so are pauses longer than its first token may take, however many', async (t) => {
    const tokens = ['Ainda ', 'estou ', 'aqui.']
    vendor.answers({ tokens, delayMs: FIRST_TOKEN_TIMEOUT_MS * 1.2 })
    t.match(await executeWithHook(promptId, { x: 'mais' }), { content: tokens.join(''), error: null })
  })
})

t.test('a broken connection goes on where it broke, without asking again', async (t) => {
  const promptId = await prompt(alice, 'Devagar')
  const path = `${STREAM}?promptId=${promptId}`
  const nth = vendor.asked.length
  vendor.answers({ tokens: ['um ', 'dois ', 'três'], stepped: true })
  const first = await alice.events(path)
  await vendor.step()
  const { id } = await first.next(is('chunk'))
  first.close()
  await vendor.step()
  const second = await alice.events(path, { lastEventId: id as string })
  t.equal(second.headers['x-stream-id'], first.headers['x-stream-id'])
  t.match(await second.next(), { event: 'recovery', data: /"recovered":true/ })
  t.match(JSON.parse((await second.next()).data), { type: 'chunk', content: 'dois ' })
  await vendor.step()
  await second.ended()
  t.match(JSON.parse((await second.next(is('done'))).data), { provider: 'xai' })
  const last = second.events.at(-1)?.id as string
  t.equal((await alice.events(path, { lastEventId: last })).status, 204, 'until it has seen the end')
  t.equal(vendor.asked.length, nth + 1)
  t.match(await alice.call('GET', path, { headers: { 'last-event-id': 'unknown:1' } }), { status: 404 })
  t.match(await bob.call('GET', path, { headers: { 'last-event-id': id as string } }), { status: 404 })

  await t.test('nor does an EventSource that nobody closes when it is done', async (t) => {
    const before = vendor.asked.length
    const source = new EventSource(`${service.url}${STREAM}?promptId=${await prompt(stranger, 'Uma vez só')}`)
    t.teardown(() => source.close())
    const messages: string[] = []
    source.onmessage = ({ data }) => messages.push(JSON.parse(data).type)
    await new Promise<void>((resolve) => {
      source.onerror = ({ code }) => (code === 204 ? resolve() : undefined)
    })
    t.equal(source.readyState, EventSource.CLOSED)
    t.equal(messages.filter((type) => type === 'start').length, 1)
    t.equal(messages.at(-1), 'done')
    t.equal(vendor.asked.length, before + 1)
  })
})

t.test('cancelling ends the answer and closes the socket of the vendor', async (t) => {
  const promptId = await prompt(alice, 'Sem fim')
  const nth = vendor.asked.length
  vendor.answers({ tokens: ['E então', '…'], stall: 'between' })
  const events = await post(alice, { promptId })
  await events.next(is('chunk'))
  const id = events.headers['x-stream-id'] as string
  t.equal((await bob.post(`/api/v1/streams/${id}/cancel`)).status, 404)
  t.equal((await alice.post(`/api/v1/streams/${id}/cancel`)).status, 202)
  await vendor.closed(nth)
  await events.ended()
  t.match(told(events).at(-1), { type: 'error', error_code: 'CANCELLED' })
  t.match((await alice.get(`/api/v1/streams/${id}`)).body, { kind: 'prompt', state: 'cancelled' })
})

t.test('what nobody comes back for is cancelled, unless it was asked to go on', async (t) => {
  const promptId = await prompt(alice, 'Adeus')
  const leave = async (more: object): Promise<string> => {
    vendor.answers({ tokens: ['E', ' então'], stall: 'between' })
    const events = await post(alice, { promptId, ...more })
    await events.next(is('chunk'))
    events.close()
    return events.headers['x-stream-id'] as string
  }
  const going = await leave({ on_disconnect: 'continue' })
  const nth = vendor.asked.length
  const left = await leave({})
  await vendor.closed(nth)
  const end = await alice.events(`/api/v1/streams/${left}/events`)
  await end.ended()
  t.match(told(end).at(-1), { type: 'cancelled' })
  t.match((await alice.get(`/api/v1/streams/${going}`)).body, { state: 'running' })
  await alice.post(`/api/v1/streams/${going}/cancel`)
})

t.test('every execution is in the audit log', async (t) => {
  const promptId = await prompt(bob, 'Registre')
  const events = await bob.events(`${STREAM}?promptId=${promptId}`)
  await events.ended()
  const id = events.headers['x-stream-id']
  const { body } = await admin.get('/api/v1/audit/events?event_type=prompt.started&limit=1000')
  t.match(
    body.items.filter(({ resource_id }: { resource_id: string }) => resource_id === id),
    [{ resource_type: 'stream', success: true, details: { prompt_id: promptId } }],
  )
})

t.test('what cannot be asked is refused before anything is', async (t) => {
  const nth = vendor.asked.length
  const promptId = await prompt(alice, '{{city}} em {{year}}')
  const good = { promptId, variables: { city: 'Natal', year: 2026 } }
  const fields = (answer: { body: { errors?: { field: string }[] } }) =>
    answer.body.errors?.map(({ field }) => field)
  for (const [body, named] of [
    [{}, ['/promptId']],
    [{ ...good, promptId: 'x' }, ['/promptId']],
    [{ ...good, promptId: 1.5 }, ['/promptId']],
    [{ ...good, promptId: 0 }, ['/promptId']],
    [{ ...good, variables: [] }, ['/variables']],
    [{ ...good, variables: 'x' }, ['/variables']],
    [{ ...good, variables: { city: null, year: 1 } }, ['/variables/city']],
    [{ ...good, variables: { city: { deep: 1 }, year: 1 } }, ['/variables/city']],
    [{ promptId }, ['/variables/city', '/variables/year']],
    [{ promptId, variables: { city: 'Natal' } }, ['/variables/year']],
    [{ ...good, on_disconnect: 'wait' }, ['/on_disconnect']],
  ] as const)
    for (const path of [STREAM, '/api/prompts/execute']) {
      const answer = await alice.post(path, body)
      t.match(answer, { status: 400, body: { code: 'VALIDATION_FAILED' } }, JSON.stringify(body))
      t.same(fields(answer), named, JSON.stringify(body))
    }
  for (const [query, named] of [
    ['', ['?promptId']],
    ['promptId=x', ['?promptId']],
    [`promptId=${promptId}&variables={`, ['?variables']],
    [`promptId=${promptId}&variables=[]`, ['/variables']],
    [`promptId=${promptId}&variables={"__proto__":"x"}`, ['/variables/__proto__']],
    [`promptId=${promptId}&variables={"city":"Natal"}`, ['/variables/year']],
    [`promptId=${promptId}&on_disconnect=wait`, ['?on_disconnect']],
  ] as const) {
    const answer = await alice.get(`${STREAM}?${query}`)
    t.match(answer, { status: 400, body: { code: 'VALIDATION_FAILED' } }, query)
    t.same(fields(answer), named, query)
  }
  for (const name of ['__proto__', 'constructor'])
    t.equal(
      (
        await alice.call('POST', STREAM, {
          body: `{"promptId":${promptId},"variables":{"city":"a","year":1,"${name}":"x"}}`,
          type: 'application/json',
        })
      ).status,
      400,
    )
  t.match(await executeWithHook(promptId, {}), { error: 'Connection error', content: '' })
  t.equal((await vera.get(`${STREAM}?promptId=${promptId}`)).status, 403, 'by one who only reads')
  for (const user of [bob, stranger]) {
    t.match(await user.post(STREAM, good), { status: 404, body: { code: 'NOT_FOUND' } }, 'of somebody else')
    t.match(await user.get(`${STREAM}?promptId=${promptId}`), { status: 404 })
  }
  t.equal((await alice.post(STREAM, { promptId: 999_999_999 })).status, 404)
  t.equal((await alice.call('HEAD', `${STREAM}?promptId=${promptId}`)).status, 404)
  t.equal(vendor.asked.length, nth)
})

t.test('an EventSource for which there is no room is told to come back, and nothing is asked', async (t) => {
  const promptId = await prompt(bob, 'Espere')
  const nth = vendor.asked.length
  const silent = Array.from({ length: MAX_STREAMS_PER_USER }, () => ({ stall: 'first' as const }))
  vendor.answers(...silent)
  const running = await Promise.all(silent.map(() => post(bob, { promptId })))
  for (const stream of running) await stream.next(is('start'))
  await vendor.arrived(nth + silent.length - 1)
  const away = await bob.events(`${STREAM}?promptId=${promptId}`)
  t.equal(away.status, 200)
  t.equal(await away.ended(), 'whole')
  t.same([away.events, away.retries.length], [[], 1])
  t.match(await bob.post(STREAM, { promptId }), { status: 429, body: { code: 'TOO_MANY_STREAMS' } })
  t.equal(vendor.asked.length, nth + silent.length)
  for (const stream of running) {
    await bob.post(`/api/v1/streams/${stream.headers['x-stream-id']}/cancel`)
    await stream.ended()
  }
})
