import { createServer } from 'node:http'
import { createAdapter } from '@socket.io/redis-adapter'
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'

/**
 * A peer: `rooms <port> <redis> <redis-adapter|streams-adapter>` emits what is posted to `/<room>` to that room of Socket.IO.
 * A client names its room in `?room=`. No identity, no history.
 */
const [, , port, url, adapter] = process.argv as [string, string, string, string, string]
const redis = new Redis(url)
const server = createServer(async (request, response) => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  rooms.to(request.url ?? '').emit('event', JSON.parse(Buffer.concat(parts).toString()))
  response.writeHead(202).end()
})
const rooms = new Server(server, {
  transports: ['websocket'],
  serveClient: false,
  pingInterval: 300_000,
  adapter:
    adapter === 'redis-adapter' ? createAdapter(redis, redis.duplicate()) : createStreamsAdapter(redis),
})
rooms.on('connection', (socket) => socket.join(`/${socket.handshake.query.room}`))
server.listen(Number(port), '127.0.0.1', 4096)
