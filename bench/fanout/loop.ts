import { createServer, type IncomingMessage } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'

/**
 * A peer: `loop <port>` sends what is posted to each subscriber in a loop: over event-streams by `response.write`, over
 * WebSocket by `ws`. No identity, no log, no limits, no recovery.
 */
const port = Number(process.argv[2])
type Send = (text: string) => void
const channels = new Map<string, Set<Send>>()

const join = (request: IncomingMessage, send: Send): void => {
  const name = request.url ?? ''
  const members = channels.get(name) ?? new Set()
  channels.set(name, members.add(send))
  request.socket.once('close', () => members.delete(send))
}

const server = createServer(async (request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    join(request, (text) => response.write(`data: ${text}\n\n`))
    return
  }
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const text = Buffer.concat(parts).toString()
  for (const send of channels.get(request.url ?? '') ?? []) send(text)
  response.writeHead(202).end()
})
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
server.on('upgrade', (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, (client: WebSocket) =>
    join(request, (text) => client.send(text)),
  ),
)
server.listen(port, '127.0.0.1', 4096)
