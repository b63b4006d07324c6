import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pace } from 'node:timers/promises'
import { EventSource } from 'eventsource'
import t, { type Test } from 'tap'
import { freePort } from '../support/port.ts'
import { client, login, newUser, startProcess, temporaryFolder, told } from '../support/process.ts'
import { program } from '../support/program.ts'
import { openSocket, UpgradeRefused } from '../support/socket.ts'

t.setTimeout(300_000)

const NGINX = program('nginx', 'nginx-light')
/** Debian's own, which Debian's packages are for. */
const PYTHON = '/usr/bin/python3'
const [proxyPort, instancePort] = [await freePort(), await freePort()]
const instance = `http://127.0.0.1:${instancePort}`
const proxyOrigin = `http://127.0.0.1:${proxyPort}`

/** One that anybody may call from anywhere, and one that is told where its proxy is. */
const [open] = await Promise.all([
  startProcess({
    TRUST_PROXY: '127.0.0.1',
    ALLOW_ANONYMOUS: 'true',
    CORS_ORIGINS: '*',
    LOG_LEVEL: 'Debug',
    SSE_KEEPALIVE_INTERVALL: '5',
    LLM_PROVIDERS: 'local,maritaca',
    MARITACA_API_KEY: 'k',
    MARITACA_BASE_URL: `http://127.0.0.1:${await freePort()}/api`,
    MARITACA_MODEL: 'm',
    PROVIDER_MAX_RETRIES: '0',
  }),
  startProcess({ PORT: String(instancePort), PUBLIC_URL: proxyOrigin }),
])
const admin = await login(open.url)
const ana = await newUser(admin, open.url, 'ana')

/** Sends a request as a proxy that writes the addresses this way. */
const from = (forwarded: string, path: string, body?: unknown) =>
  client(open.url).call(body === undefined ? 'GET' : 'POST', path, {
    headers: { 'x-forwarded-for': forwarded },
    ...(body === undefined ? {} : { body }),
  })

t.test('an address is the same with and without a port: for limits, lock-out and audit', async (t) => {
  for (const [address, written] of [
    ['203.0.113.7', ['203.0.113.7', '203.0.113.7:51324', '"203.0.113.7:443"', ' 203.0.113.7:1 ']],
    ['2001:db8::1', ['2001:db8::1', '[2001:db8::1]:443', '[2001:db8::1]', '"[2001:db8::1]:51324"']],
  ] as const) {
    const left: number[] = []
    for (const one of written)
      left.push(Number((await from(one, '/api/v1/anomaly-types')).headers.get('x-ratelimit-remaining')))
    const [most] = left as [number]
    t.same(
      left,
      written.map((_, at) => most - at),
      `${address} is counted once`,
    )
  }
  const guess = { username: 'ana', password: 'a wrong password' }
  const login = '/api/v1/auth/login'
  for (let port = 1; port <= 5; port++)
    t.equal((await from(`198.51.100.9:${port}`, login, guess)).status, 401)
  t.equal((await from('198.51.100.9:6', login, guess)).status, 429, 'locked out')
  await from('[2001:db8::5]:7', login, guess)
  const { body } = await admin.get('/api/v1/audit/events?event_type=auth.login_failed&limit=100')
  const addresses = body.items.map(({ ip_address }: { ip_address: string }) => ip_address)
  t.same([...new Set(addresses)].sort(), ['198.51.100.9', '2001:db8::5'])
  t.equal((await from('not an address', '/api/v1/anomaly-types')).status, 200)
})

t.test("the documents' Python talks to a chat room, without an Origin", async (t) => {
  const script = `
import asyncio, json, sys, websockets
async def main():
    async with websockets.connect(sys.argv[1]) as ws:
        await ws.send(json.dumps({'type': 'message', 'content': 'Hello'}))
        async for message in ws:
            data = json.loads(message)
            print(data['type'], flush=True)
            if data['type'] in ('agent_response_complete', 'error'):
                return
asyncio.run(main())
`
  const python = spawn(PYTHON, ['-c', script, `${open.url.replace('http', 'ws')}/api/v1/ws/chat/session-123`])
  let output = ''
  for (const stream of [python.stdout, python.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  await once(python, 'close')
  t.match(output, /^connected\n/)
  t.match(output, /\nagent_response_complete\n$/)
})

t.test('any origin may call, and gets no credentials back', async (t) => {
  for (const origin of ['https://anywhere.example', 'null']) {
    const { status, headers } = await ana.call('GET', '/api/v1/datasets', { headers: { origin } })
    t.equal(status, 200)
    t.equal(headers.get('access-control-allow-origin'), '*')
    t.equal(headers.get('access-control-allow-credentials'), null)
    const socket = await ana.socket('/api/v1/ws', { origin })
    t.match(await socket.ofType('connected'), { user: 'ana' })
    socket.close()
  }
  const preflight = await ana.call('OPTIONS', '/api/v1/chat/stream', {
    headers: {
      origin: 'https://anywhere.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,authorization',
    },
  })
  t.equal(preflight.status, 204)
  t.equal(preflight.headers.get('access-control-allow-origin'), '*')
  t.equal(preflight.headers.get('access-control-allow-credentials'), null)
})

t.test('JSON is named and nothing sent, on every route that takes no body', async (t) => {
  const { body: openapi } = await client(open.url).get('/docs/json')
  const bodiless = Object.entries(
    openapi.paths as Record<string, Record<string, { requestBody?: unknown }>>,
  ).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([method, { requestBody }]) => /^(post|delete|patch|put)$/.test(method) && !requestBody)
      .map(([method]) => [method.toUpperCase(), path.replace(/\{[^}]+\}/g, 'no-such')] as const),
  )
  const ownBody = /publications$|\/datasets$/
  const paths = bodiless.filter(([, path]) => !ownBody.test(path))
  t.ok(paths.length >= 8, `${paths.length} routes`)
  for (const [method, path] of paths) {
    const { status, text } = await admin.call(method, path, {
      type: 'application/json; charset=utf-8',
      body: '',
    })
    t.notOk(
      [400, 415].includes(status) && /body is empty|content type/.test(text),
      `${method} ${path}: ${status}`,
    )
  }
  const ticket = await ana.call('POST', '/api/v1/auth/tickets', { type: 'application/json', body: '' })
  t.equal(ticket.status, 201)
  const missing = await ana.call('POST', '/api/v1/chat/stream', { type: 'application/json', body: '' })
  t.equal(missing.status, 400, 'one that takes a body wants it')
})

t.test('of several positions the last that is not empty counts, a header before all', async (t) => {
  const publish = async (n: number) =>
    (await admin.call('POST', '/api/v1/channels/topic:places/publications', { body: { n } })).body
  const { epoch } = await publish(1)
  for (const n of [2, 3, 4, 5]) await publish(n)
  const path = '/api/v1/channels/topic:places/events'
  const first = async (query: string, lastEventId?: string) => {
    const events = await ana.events(`${path}?${query}`, lastEventId === undefined ? {} : { lastEventId })
    const { data } = await events.next(({ event }) => event === undefined)
    events.close()
    return JSON.parse(data).n
  }
  const at = (offset: number) => encodeURIComponent(`${epoch}:${offset}`)
  t.equal(await first(`last_event_id=${at(1)}`), 2)
  t.equal(await first(`lastEventId=${at(2)}`), 3)
  t.equal(await first(`last_event_id=${at(1)}&lastEventId=${at(3)}`), 4)
  t.equal(await first(`lastEventId=${at(3)}&last_event_id=${at(1)}`), 2)
  t.equal(await first(`last_event_id=${at(1)}&last_event_id=${at(4)}`), 5)
  t.equal(await first(`lastEventId=${at(2)}&last_event_id=&lastEventId=`), 3)
  t.equal(await first(`last_event_id=${at(1)}&lastEventId=${at(2)}`, `${epoch}:4`), 5)

  // A polyfill that cannot send the header adds its newest position to the URL that it was made with.
  const seen: number[] = []
  for (let last = `${epoch}:1`; seen.length < 4; ) {
    const source = new EventSource(
      `${open.url}${path}?token=${ana.token}&last_event_id=${at(1)}&lastEventId=${encodeURIComponent(last)}`,
    )
    const event = await new Promise<MessageEvent>((resolve) => source.addEventListener('message', resolve))
    source.close()
    seen.push(JSON.parse(event.data).n)
    last = event.lastEventId
  }
  t.same(seen, [2, 3, 4, 5])
})

t.test('gzip is never sent to those who refuse it', async (t) => {
  await ana.upload(Buffer.from('numero;valor\n1;2,00\n'))
  for (const [path, isStream] of [
    ['/api/v1/channels/topic:places/events', true],
    ['/api/v1/audit/export?format=json', false],
    ['/metrics', false],
  ] as const)
    for (const [accept, expected] of [
      ['gzip', path === '/metrics' ? undefined : 'gzip'],
      ['gzip;q=0', undefined],
      ['gzip; q=0.000, *', undefined],
      ['br;q=1, GZIP;Q=0, *;q=0.5', undefined],
      ['*;q=0', undefined],
      ['identity', undefined],
    ] as const) {
      const events = await admin.events(path, { headers: { 'accept-encoding': accept } })
      t.equal(events.status, 200)
      t.equal(events.headers['content-encoding'], expected, `${path} for ${accept}`)
      if (isStream) events.close()
      else await events.ended()
    }
})

/** The document's location for WebSockets as it is printed, in front of an instance. */
const startSnippet = async (t: Test): Promise<void> => {
  const folder = await temporaryFolder()
  const conf = join(folder, 'nginx.conf')
  await writeFile(
    conf,
    `pid ${folder}/pid; worker_processes 1; events {}
http {
  access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder};
  fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  server {
    listen 127.0.0.1:${proxyPort};
    location /api/v1/chat/stream {
        proxy_buffering off;
        proxy_cache off;
        proxy_set_header X-Accel-Buffering no;
        proxy_pass ${instance};
    }
    location /api/v1/ws {
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection "upgrade";
        proxy_pass ${instance};
    }
  }
}`,
  )
  const nginx: ChildProcess = spawn(NGINX, ['-e', `${folder}/error.log`, '-c', conf, '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  t.teardown(async () => {
    nginx.kill('SIGTERM')
    if (nginx.exitCode === null) await once(nginx, 'exit')
  })
  for (;;) {
    const socket = connect(proxyPort, '127.0.0.1')
    const isUp = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (isUp) return
    if (nginx.exitCode !== null) throw new Error('nginx did not start')
  }
}

t.test("behind the documents' nginx, a page's WebSocket is let in by PUBLIC_URL", async (t) => {
  await startSnippet(t)
  const { token } = await login(instance)
  const path = `/api/v1/ws?token=${token}`
  const socket = await openSocket(proxyOrigin + path, { origin: proxyOrigin })
  t.match(await socket.ofType('connected'), { user: 'admin' })
  socket.close()
  const refused = await openSocket(proxyOrigin + path, { origin: 'https://site.example' }).catch(
    (error) => error,
  )
  t.ok(refused instanceof UpgradeRefused)
  t.equal(refused.status, 403)
  t.match(JSON.parse(refused.body).detail, /https:\/\/site\.example.*PUBLIC_URL.*CORS_ORIGINS.*Host/)
  t.ok(refused.body.includes(`(${new URL(instance).host})`), 'and the Host that nginx passed on')
  const events = await client(proxyOrigin, token).events('/api/v1/chat/stream', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'Olá' }),
  })
  await events.ended()
  t.equal(told(events).at(-1)?.type, 'complete')
})

interface Line {
  level: number
  msg: string
  // biome-ignore lint/suspicious/noExplicitAny: log lines are looked at, not typed
  [field: string]: any
}

/** The lines of the log that hold, once there are so many. */
const logged = async (holds: (line: Line) => boolean, atLeast = 1): Promise<Line[]> => {
  for (;;) {
    const lines = open
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line)
      .filter(holds)
    if (lines.length >= atLeast) return lines
    await pace(20)
  }
}

t.test(
  'a request is one line at its end, a stream is told at debug, a bad token without a stack',
  async (t) => {
    const [misspelt] = await logged(({ setting }) => setting === 'SSE_KEEPALIVE_INTERVALL')
    t.match(misspelt, { level: 40, msg: /nearest is SSE_KEEPALIVE_INTERVAL$/ })
    const headers = (id: string) => ({ 'x-request-id': id })
    await ana.call('GET', '/api/v1/datasets?token=SENTINEL', { headers: headers('one') })
    await client(open.url, 'eyJhbGciOiJIUzI1NiJ9.e30.x').call('GET', '/api/v1/datasets', {
      headers: headers('bad'),
    })
    await client(open.url).call('GET', '/health/ready', { headers: headers('health') })
    const stream = await ana.events('/api/v1/chat/stream', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers('stream') },
      body: JSON.stringify({ message: 'hello' }),
    })
    await stream.ended()
    const end = told(stream).at(-1)
    t.equal(end?.type, 'complete')
    const socket = await ana.socket('/api/v1/ws', { headers: headers('socket') })
    socket.close()
    await socket.closed()
    for (const [id, status, level] of [
      ['one', 200, 30],
      ['bad', 401, 30],
      ['health', 200, 20],
      ['stream', 200, 30],
      ['socket', 101, 30],
    ] as const) {
      const lines = await logged(({ request_id, res }) => request_id === id && res !== undefined)
      t.match(
        lines,
        [{ level, msg: 'request completed', res: { statusCode: status }, responseTime: Number }],
        id,
      )
      t.equal(lines.length, 1, `${id}: one line`)
      const others = await logged((line) => line.request_id === id && line.level >= 30, 0)
      t.equal(others.length, level === 30 ? 1 : 0, `${id}: and no other above debug`)
    }
    const [bad] = await logged(({ request_id, res }) => request_id === 'bad' && res !== undefined)
    t.match(bad, { code: 'UNAUTHENTICATED' })
    const aboutBad = await logged(({ request_id }) => request_id === 'bad')
    t.notMatch(JSON.stringify(aboutBad), /"stack":"[^"]/)
    const life = await logged(({ stream_id, level }) => stream_id === end?.stream_id && level === 20, 3)
    t.match(life, [
      { kind: 'chat', msg: 'a stream starts' },
      { ttft_ms: Number },
      { outcome: 'completed', duration_ms: Number, tokens: end?.total_tokens },
    ])
    t.notMatch(open.output(), 'SENTINEL')
  },
)

t.test('what answers without a model counts in total_tokens, what fails under its endpoint', async (t) => {
  const tokens = async () => (await ana.get('/api/stream/status')).body.total_tokens as number
  const before = await tokens()
  const answer = await ana.post('/api/v1/chat/message', { message: 'what can you do?' })
  t.ok(answer.body.total_tokens > 0)
  t.equal(await tokens(), before + answer.body.total_tokens)

  const sample = async (name: string, labels: string): Promise<number | undefined> => {
    const { text } = await client(open.url).get('/metrics')
    const line = text.split('\n').find((one) => one.startsWith(`${name}{${labels}} `))
    return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')))
  }
  const message = 'hello'
  const failing = [
    ['sse', '/api/v1/chat/stream', { message, provider: 'maritaca' }],
    ['sse', '/api/v1/chat/direct/:provider/stream', { messages: [{ role: 'user', content: message }] }],
    ['sse', '/v1/chat/completions', { model: 'maritaca/m', messages: [{ role: 'user', content: message }] }],
    ['http', '/api/v1/chat/message', { message, provider: 'maritaca' }],
  ] as const
  for (const [type, endpoint, body] of failing) {
    const labels = `type="${type}",endpoint="${endpoint}"`
    if (type === 'sse')
      t.equal(await sample('streaming_errors_total', labels), 0, `${endpoint} from the start`)
    await ana.post(endpoint.replace(':provider', 'maritaca'), body)
    t.equal(await sample('streaming_errors_total', labels), 1, `${endpoint} after it failed`)
  }
  const { text } = await client(open.url).get('/metrics')
  for (const [type, endpoint] of [
    ['websocket', '/api/v1/ws'],
    ['websocket', '/api/v1/ws/chat/:session_id'],
    ['websocket', '/api/v1/ws/investigations/:investigation_id'],
    ['sse', '/api/v1/investigations/stream/:id'],
    ['sse', '/api/stream/chat'],
    ['http', '/api/chat/stream'],
    ['http', '/api/v1/audit/export'],
  ])
    t.match(text, `streaming_errors_total{type="${type}",endpoint="${endpoint}"} 0`)
  t.ok(
    ((await sample(
      'http_request_duration_seconds_count',
      'method="POST",endpoint="/api/v1/chat/stream",status="200"',
    )) as number) > 0,
  )
  t.ok(
    ((await sample(
      'http_request_duration_seconds_count',
      'method="GET",endpoint="/api/v1/ws",status="101"',
    )) as number) > 0,
  )
})
