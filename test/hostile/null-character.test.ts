import t from 'tap'
import { login, startProcess } from '../support/process.ts'

// biome-ignore lint/suspicious/noExplicitAny: documents and bodies are looked at, not typed
type Json = any

const service = await startProcess({ LOG_LEVEL: 'error' })
const admin = await login(service.url)

/** Gives a copy of a body for each text in it, in which that text has U+0000; with the place of the text. */
const spoiled = (body: Json, place = ''): [place: string, body: Json][] => {
  if (typeof body === 'string') return [[place, `${body}\0`]]
  if (body === null || typeof body !== 'object') return []
  return Object.keys(body).flatMap((key) =>
    spoiled(body[key], `${place}/${key}`).map(([at, value]): [string, Json] => {
      const copy = Array.isArray(body) ? [...body] : { ...body }
      copy[key] = value
      return [at, copy]
    }),
  )
}

t.test('U+0000, which no store keeps, in any text of any body: refused or taken, never 500', async (t) => {
  const { body: document } = await admin.get('/docs/json')
  let asked = 0
  delete document.paths['/api/v1/auth/logout']
  for (const [path, methods] of Object.entries<Json>(document.paths))
    for (const [method, { requestBody }] of Object.entries<Json>(methods)) {
      const { example } = requestBody?.content?.['application/json'] ?? {}
      for (const [place, body] of spoiled(example)) {
        const url = path.replace(/\{[^}]+\}/g, 'sample')
        const { status } = await admin.call(method.toUpperCase(), url, { body })
        t.not(status, 500, `${method} ${url} ${place}`)
        asked++
      }
    }
  t.ok(asked > 30, `${asked} texts`)
  t.equal((await admin.get('/api/v1/datasets')).status, 200, 'asked by somebody who is signed in')
  t.notMatch(service.output(), /"level":[56]0/)
})

t.test('the refusal names the field', async (t) => {
  for (const [path, body] of [
    ['/auth/login', { password: 'some-password', username: 'a\0' }],
    ['/api/v1/investigations', { query: 'x', dataset_id: 'a\0' }],
    ['/api/v1/investigations/i/share', { username: 'a\0' }],
  ] as const) {
    const { status, body: problem } = await admin.post(path, body)
    t.equal(status, 400, path)
    t.match(problem, { code: 'VALIDATION_FAILED', errors: [{ field: Object.keys(body).at(-1) }] }, path)
  }
})
