import t from 'tap'
import { client, login, startProcess } from '../support/process.ts'

t.setTimeout(180_000)

const TEXTS = [
  'x',
  '\0',
  'é😀',
  '../..',
  '%',
  '__proto__',
  '-1',
  '1e400',
  'a'.repeat(3000),
  "' or 1=1 --",
  'null',
  '6b28e754-3ae4-4ab2-a54b-30576df709fc',
]
const BODIES = [
  undefined,
  '',
  '{',
  'null',
  '[]',
  '"x"',
  '{}',
  '{"__proto__":{}}',
  '{"message":""}',
  '{"message":1,"query":1,"name":1}',
  `{"session_id":"${'a'.repeat(70)}","message":"hi"}`,
  '{"id":"\\u0000","message":"\\u0000","query":"\\u0000"}',
]
/** They end sessions, lock accounts, or hold the connection. */
const LEFT_OUT = /logout|\/users|auth\/(login|refresh)/

interface Operation {
  parameters?: { name: string; in: string }[]
  responses: Record<string, { content?: Record<string, unknown> }>
}

t.test('whatever is sent to an operation, it answers as the document says, and never 500', async (t) => {
  const service = await startProcess({ LOG_LEVEL: 'error' })
  const admin = await login(service.url)
  const { body } = await client(service.url).get('/docs/json')
  for (const [path, operations] of Object.entries<Record<string, Operation>>(body.paths))
    for (const [method, { parameters = [], responses }] of Object.entries(operations)) {
      if (LEFT_OUT.test(path)) continue
      const wrong: string[] = []
      for (const [at, text] of TEXTS.entries()) {
        const url = path.replace(/\{[^}]+\}/g, encodeURIComponent(text))
        const other = encodeURIComponent(TEXTS[(at + 3) % TEXTS.length] as string)
        const query = parameters.filter((one) => one.in === 'query').map(({ name }) => `${name}=${other}`)
        const gone = AbortSignal.timeout(10_000)
        const sent = method === 'get' ? undefined : BODIES[at]
        const response = await fetch(`${service.url}${url}${at % 3 === 2 ? '' : `?${query.join('&')}`}`, {
          method: method.toUpperCase(),
          headers: {
            authorization: `Bearer ${admin.token}`,
            ...(sent !== undefined && { 'content-type': 'application/json' }),
          },
          ...(sent !== undefined && { body: sent }),
          signal: gone,
        })
        await response.body?.cancel()
        const { status } = response
        const type = response.headers.get('content-type')?.split(';', 1)[0]
        const answer = responses[status] ?? (status >= 400 ? responses.default : undefined)
        const isTyped = type === undefined || !answer?.content || type in answer.content
        if (status === 500 || !answer || !isTyped)
          wrong.push(`${text.slice(0, 20)} ${sent}: ${status} ${type}`)
      }
      t.same(wrong, [], `${method} ${path}`)
    }
  const { text } = await client(service.url).get('/metrics')
  const endpoints = [...text.matchAll(/ ?endpoint="([^"]*)"/g)].map(([, endpoint]) => endpoint as string)
  const paths = new Set(Object.keys(body.paths).map((path) => path.replace(/\{(\w+)\}/g, ':$1')))
  t.ok(endpoints.some((endpoint) => paths.has(endpoint)))
  for (const sent of TEXTS.filter((one) => one.length > 4))
    t.notOk(text.includes(`"${sent}`) || text.includes(`/${sent}`), 'no label holds what a client sent')
})
