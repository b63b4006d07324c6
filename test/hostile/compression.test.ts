import t from 'tap'
import { ADMIN_PASSWORD, client, login, startProcess } from '../support/process.ts'

t.test(
  'no answer that may hold a secret is compressed: a guess beside it would show in its length',
  async (t) => {
    const service = await startProcess()
    const admin = await login(service.url)
    const headers = { 'accept-encoding': 'gzip, deflate, br' }
    const stranger = client(service.url)
    const signIn = { username: 'admin', password: ADMIN_PASSWORD }
    const signedIn = await stranger.call('POST', '/auth/login', { body: signIn, headers })
    const { refresh_token } = signedIn.body
    const answers = {
      'POST /auth/login': signedIn,
      'POST /api/v1/auth/refresh': await stranger.call('POST', '/api/v1/auth/refresh', {
        body: { refresh_token },
        headers,
      }),
      'POST /api/v1/auth/tickets': await admin.call('POST', '/api/v1/auth/tickets', { headers }),
    }
    for (const [name, { status, headers: got, text }] of Object.entries(answers)) {
      t.ok(status < 300, name)
      t.match(text, /token|ticket/)
      t.equal(got.get('content-encoding'), null, `${name} is plain`)
    }
    const { body: document } = await admin.get('/docs/json')
    for (const path of Object.keys(document.paths as object)) {
      if (path.includes('{') || document.paths[path].get === undefined) continue
      const response = await fetch(service.url + path, {
        headers: { ...headers, authorization: `Bearer ${admin.token}` },
      })
      await response.body?.cancel()
      if (response.headers.get('content-type')?.startsWith('application/json'))
        t.equal(response.headers.get('content-encoding'), null, `GET ${path} is plain`)
    }
  },
)
