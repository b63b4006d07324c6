import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { streamText } from 'ai'
import OpenAI from 'openai'
import t from 'tap'
import { login, startProcess } from '../support/process.ts'
import { openXai } from '../support/xai.ts'
import { ask, failure, PIECES, read, textOf } from './completion.ts'

t.setTimeout(300_000)

const { env, next } = await openXai()
const service = await startProcess({ ...env, SSE_KEEPALIVE_INTERVAL: '1' })
const admin = await login(service.url)

/** A vendor that says nothing before a heartbeat has reached the client, whose `fetch` this is. */
const silent = () => {
  let open = (): void => {}
  const hold = new Promise<void>((resolve) => {
    open = resolve
  })
  const watch = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    let text = ''
    for await (const bytes of body.pipeThrough(new TextDecoderStream())) {
      text += bytes
      if (/^:/m.test(text)) open()
    }
  }
  const fetching: typeof fetch = async (...asked) => {
    const response = await fetch(...asked)
    const [seen, told] = (response.body as ReadableStream<Uint8Array>).tee()
    watch(seen).catch(() => undefined)
    return new Response(told, { status: response.status, headers: response.headers })
  }
  return { hold, fetch: fetching }
}

const openAi = (fetching: typeof fetch): OpenAI =>
  new OpenAI({ baseURL: `${service.url}/v1`, apiKey: admin.token, maxRetries: 0, fetch: fetching })
const aiSdk = (fetching: typeof fetch, errors: unknown[] = []) => {
  const settings = { name: 'tributary', baseURL: `${service.url}/v1`, apiKey: admin.token, fetch: fetching }
  return streamText({
    model: createOpenAICompatible(settings)('xai'),
    prompt: 'Olá',
    maxRetries: 0,
    onError: ({ error }) => void errors.push(error),
  })
}
const STREAMED = { ...ask('xai'), stream: true } as const

t.test("OpenAI's client passes over the heartbeat of a model that is long silent", async (t) => {
  const { hold, fetch } = silent()
  next({ hold, tokens: PIECES })
  t.equal(textOf(await read(await openAi(fetch).chat.completions.create(STREAMED))), PIECES.join(''))
})

t.test("so does the AI SDK's", async (t) => {
  const { hold, fetch } = silent()
  next({ hold, tokens: PIECES })
  t.equal(await aiSdk(fetch).text, PIECES.join(''))
})

t.test('what fails behind the heartbeat is an error in the stream', async (t) => {
  const first = silent()
  next({ hold: first.hold, dieAfter: 0 })
  const stream = await openAi(first.fetch).chat.completions.create(STREAMED)
  t.match(await failure(read(stream)), { code: 'PROVIDER_PROTOCOL_ERROR', status: undefined })

  const second = silent()
  next({ hold: second.hold, dieAfter: 0 })
  const errors: unknown[] = []
  for await (const _ of aiSdk(second.fetch, errors).textStream);
  t.match(errors, [{ code: 'PROVIDER_PROTOCOL_ERROR' }])
})

t.test('what fails sooner has its status', async (t) => {
  next({ status: 429 })
  const refused = await failure(openAi(fetch).chat.completions.create(STREAMED))
  t.match(refused, { code: 'PROVIDER_RATE_LIMITED', status: 503 })
})

t.test("a client that leaves during the silence closes the vendor's socket", async () => {
  const { closed } = next({ stall: 'first' })
  const stream = await openAi(fetch).chat.completions.create(STREAMED)
  stream.controller.abort()
  await closed()
})
