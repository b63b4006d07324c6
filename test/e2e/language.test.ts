import t from 'tap'
import { login, startProcess } from '../support/process.ts'
import { openSocket } from '../support/socket.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(300_000)

const { env, next } = await openXai()
const service = await startProcess({
  ...env,
  LLM_PROVIDERS: 'xai,local',
  STREAM_MAX_DURATION_MS: '1000',
  DEFAULT_LANGUAGE: 'es',
})
const { token } = await login(service.url)
const ask = (path: string, headers: Record<string, string> = {}, body?: unknown) =>
  fetch(service.url + path, {
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
const bearer = { authorization: `Bearer ${token}` }

t.test('who is not signed in is told so in the language that is read, else in the default one', async (t) => {
  const portuguese = await ask('/api/v1/datasets', { 'accept-language': 'pt-BR,pt;q=0.9,en;q=0.8' })
  t.equal(portuguese.status, 401)
  t.match(await portuguese.json(), {
    code: 'UNAUTHENTICATED',
    title: 'Não autenticado',
    detail: 'Entre, ou apresente um token',
  })
  t.match(await (await ask('/api/v1/datasets')).json(), { title: 'No autenticado' })
})

t.test('every bad field is told in the language asked for', async (t) => {
  const answer = await ask('/api/v1/investigations?lang=es', bearer, { query: ' ', include_explanations: 1 })
  t.equal(answer.status, 400)
  t.match(await answer.json(), {
    title: 'La petición no es válida',
    errors: [
      { field: '/query', reason: 'no puede estar en blanco' },
      { field: '/include_explanations', reason: 'debe ser true o false' },
    ],
  })
})

t.test('a browser gets a page in its language', async (t) => {
  const answer = await ask('/api/v1/investigations/none', {
    ...bearer,
    accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
    'accept-language': 'pt',
  })
  t.equal(answer.status, 404)
  t.match(answer.headers.get('content-type'), 'text/html')
  t.match(await answer.text(), /<html lang="pt">[\s\S]*Não existe essa investigação/)
})

t.test('a WebSocket speaks the language of its upgrade', async (t) => {
  const socket = await openSocket(`${service.url.replace('http', 'ws')}/api/v1/ws?lang=pt`, {
    headers: bearer,
  })
  socket.send({ type: 'subscribe', channel: 'chat:nobody' })
  t.match(await socket.ofType('error'), { error_code: 'NOT_FOUND', message: 'Não existe essa conversa' })
  socket.send({ type: 'subscribe' })
  t.match(await socket.ofType('error'), {
    error_code: 'INVALID_MESSAGE',
    message: '/channel: é obrigatório',
  })
  socket.close()
})

t.test('the error of a stream is told in the language of who asked', async (t) => {
  next({ stall: 'between' })
  const answer = await ask(
    '/api/v1/chat/stream',
    { ...bearer, 'accept-language': 'pt-PT' },
    { message: 'Olá', session_id: 'slow' },
  )
  t.match(await answer.text(), /"error_code":"INTERRUPTED","message":"o fluxo durou mais do que pode"/)
})

t.test('an answer speaks the language of who asked where the question does not tell one', async (t) => {
  const answer = async (message: string, query: string) => {
    const stream = await ask(
      `/api/v1/chat/stream${query}`,
      { ...bearer, 'accept-language': 'pt-BR' },
      { message, provider: 'local' },
    )
    return [...(await stream.text()).matchAll(/"content":"([^"]*)"/g)].map(([, text]) => text).join('')
  }
  t.match(await answer('xyzzy', ''), /Não entendi/)
  t.match(await answer('xyzzy', '?lang=es'), /No entendí/)
  t.match(await answer('how many contracts are there?', '?lang=es'), /I understood/)
})
