import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { EventSource } from 'eventsource'
import t, { type Test } from 'tap'
import { freePort } from '../support/port.ts'
import { client, login, newUser, startProcess, temporaryFolder, told } from '../support/process.ts'
import { program } from '../support/program.ts'
import { openSocket, UpgradeRefused } from '../support/socket.ts'

t.setTimeout(120_000)

const NGINX = program('nginx', 'nginx-light')
/** Debian's own, which Debian's packages are for. */
const PYTHON = '/usr/bin/python3'
const [proxyPort, instancePort] = [await freePort(), await freePort()]
const instance = `http://127.0.0.1:${instancePort}`
const proxyOrigin = `http://127.0.0.1:${proxyPort}`

/** One that anybody may call from anywhere, and one that is told where its proxy is. */
const [open] = await Promise.all([
  startProcess({ TRUST_PROXY: '127.0.0.1', ALLOW_ANONYMOUS: 'true', CORS_ORIGINS: '*' }),
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
