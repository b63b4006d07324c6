import { EventEmitter, once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import t, { type Test } from 'tap'
import { WebSocket, WebSocketServer } from 'ws'
import { startNginx } from '../support/nginx.ts'
import { freePort } from '../support/port.ts'

const SECRET = 'SENTINEL'

interface Instance {
  port: number
  requests: IncomingMessage[]
}

/** A small instance: event-streams, WebSocket echo, uploads. */
const startInstance = async (
  t: Test,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Instance> => {
  const requests: IncomingMessage[] = []
  const server = createServer({ maxHeaderSize: 131_072 }, (request, response) => {
    requests.push(request)
    answer(request, response)
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${data}`)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    for (const socket of sockets.clients) socket.terminate()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return { port: (server.address() as AddressInfo).port, requests }
}

const get = async (url: string, headers: Record<string, string> = {}) => {
  const request = httpRequest(url, { headers, agent: false }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let body = ''
  for await (const chunk of response) body += chunk
  return { status: response.statusCode, headers: response.headers, body }
}

/** Sends bytes over a connection of their own. Returns the first line of the answer. */
const firstLine = async (port: number, bytes: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  const [answer] = await once(socket, 'data')
  socket.destroy()
  return String(answer).split('\r\n', 1)[0] as string
}

t.test('nginx in front of the service', async (t) => {
  t.test('each event arrives before the next one is written', async (t) => {
    const read = new EventEmitter()
    const instance = await startInstance(t, async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (let number = 1; number <= 5; number += 1) {
        response.write(`id: e:${number}\ndata: ${number}\n\n`)
        await once(read, 'event')
      }
      response.end()
    })
    const nginx = await startNginx(t, [instance.port])
    const request = httpRequest(`${nginx.origin}/api/v1/events?token=${SECRET}`, {
      headers: { 'x-forwarded-for': '6.6.6.6', forwarded: 'for=6.6.6.6', 'last-event-id': 'e:0' },
    }).end()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    let text = ''
    for await (const chunk of response) {
      text += chunk
      read.emit('event')
    }
    t.equal(text.match(/data: \d/g)?.join(' '), 'data: 1 data: 2 data: 3 data: 4 data: 5')
    const [seen] = instance.requests
    t.match(seen?.headers, { 'x-forwarded-for': /^127\.0\.0\.1$/, 'last-event-id': 'e:0' })
    t.equal(seen?.headers.forwarded, undefined)
    t.equal(seen?.headers.host, `127.0.0.1:${nginx.port}`)
    t.equal(seen?.url, `/api/v1/events?token=${SECRET}`, 'the instance gets the token, the log does not')

    const { access, error } = await nginx.logs()
    t.match(access, '"path":"/api/v1/events"')
    t.notMatch(access + error, SECRET)
  })

  t.test('an upgrade passes both ways', async (t) => {
    const instance = await startInstance(t, (_request, response) => response.end())
    const nginx = await startNginx(t, [instance.port])
    const socket = new WebSocket(`ws://127.0.0.1:${nginx.port}/api/v1/ws?ticket=${SECRET}`)
    await once(socket, 'open')
    socket.send('hello')
    const [reply] = await once(socket, 'message')
    t.equal(String(reply), 'echo hello')
    socket.close()
    await once(socket, 'close')
    const { access, error } = await nginx.logs()
    t.match(access, '"status":"101"')
    t.notMatch(access + error, SECRET)
  })

  t.test('an instance that is down or busy is passed over', async (t) => {
    const busy = await startInstance(t, (_request, response) => response.writeHead(503).end('busy'))
    const well = await startInstance(t, (_request, response) => response.end('well'))
    const nginx = await startNginx(t, [await freePort(), busy.port, well.port])
    for (let i = 0; i < 9; i += 1) t.equal((await get(`${nginx.origin}/${i}`)).body, 'well')
    t.equal(well.requests.length, 9)
  })

  t.test('with no instance left an EventSource is told to come back', async (t) => {
    const nginx = await startNginx(t, [await freePort()])
    const events = await get(`${nginx.origin}/api/v1/events?token=${SECRET}`, {
      accept: 'text/html, text/event-stream',
    })
    t.match(events, {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: /^retry: 5000\n:.*\n\n$/,
    })
    const other = await get(`${nginx.origin}/api/v1/streams?token=${SECRET}`)
    t.match(other, {
      status: 503,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '5' },
    })
    t.equal(JSON.parse(other.body).status, 503)
    t.equal((await get(`${nginx.origin}/.come-back`)).status, 404, 'that page is for nginx alone')
    const { access, error } = await nginx.logs()
    t.match(access, '/api/v1/streams')
    t.notMatch(access + error, SECRET)
  })

  t.test('metrics stay inside; bodies are bounded but for uploads; smuggling is refused', async (t) => {
    const instance = await startInstance(t, async (request, response) => {
      let bytes = 0
      for await (const chunk of request) bytes += chunk.length
      response.end(String(bytes))
    })
    const nginx = await startNginx(t, [instance.port])
    for (const path of ['/metrics', '/health/metrics', '//metrics', '/health/../metrics']) {
      t.equal((await get(nginx.origin + path)).status, 404, path)
    }
    t.equal(instance.requests.length, 0)
    const long = `/api/stream/chat?message=${encodeURIComponent('😀'.repeat(10_000))}`
    t.equal((await get(nginx.origin + long)).status, 200)
    t.equal(instance.requests.at(-1)?.url, long)
    const body = Buffer.alloc(3 * 1024 * 1024)
    const post = (path: string) => fetch(nginx.origin + path, { method: 'POST', body })
    t.equal((await post('/api/v1/chat/message')).status, 413)
    t.equal(await (await post('/api/v1/datasets?name=x')).text(), String(body.length))

    const smuggled = [
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n',
      'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n',
    ]
    for (const bytes of smuggled) t.match(await firstLine(nginx.port, bytes), /^HTTP\/1\.1 (400|501)/)
  })

  t.test('a line that ends with LF alone hides no request', async (t) => {
    const instance = await startInstance(t, (request, response) => {
      request.resume().on('end', () => response.end())
    })
    const nginx = await startNginx(t, [instance.port])
    const chunked = (path: string) => `POST ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`
    const hidden = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n'
    /** By whether nginx, too, has to refuse it: another line end than CRLF may be taken for one, and is not handed on. */
    const cases: readonly (readonly [isBroken: boolean, bytes: string])[] = [
      [false, 'GET /seen HTTP/1.1\nHost: a\n\n'],
      [false, 'GET /seen HTTP/1.1\r\nHost: a\nX-B: c\r\n\r\n'],
      [false, 'GET /seen HTTP/1.1\r\nHost: a\r\n\n'],
      ...['/seen', '/api/v1/datasets'].flatMap((path) =>
        ['5\nhello\r\n0\r\n\r\n', '5\r\nhello\n0\r\n\r\n', '5\r\nhello\r\n0\n\n'].map(
          (body) => [false, chunked(path) + body] as const,
        ),
      ),
      [true, `${chunked('/seen')}5;x\n${hidden}hello\r\n0\r\n\r\n`],
      [
        true,
        `POST /seen HTTP/1.1\r\nHost: a\r\nContent-Length: 9\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
      ],
      [true, 'GET /seen HTTP/1.1\r\nHost: a\rX-B: c\r\n\r\n'],
    ]
    for (const [isBroken, bytes] of cases) {
      t.match(
        await firstLine(instance.port, bytes),
        'HTTP/1.1 400',
        `at the service: ${JSON.stringify(bytes)}`,
      )
      const before = instance.requests.length
      const status = isBroken ? 'HTTP/1.1 400' : /^HTTP\/1\.1 (200|400)/
      t.match(await firstLine(nginx.port, bytes), status, `through nginx: ${JSON.stringify(bytes)}`)
      t.ok(instance.requests.length - before <= 1, 'it is one request')
    }
    t.notOk(instance.requests.some(({ url }) => url === '/hidden'))
  })
})
