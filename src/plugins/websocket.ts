import type { IncomingMessage } from 'node:http'
import fastifyWebsocket, { type WebsocketPluginOptions } from '@fastify/websocket'
import fp from 'fastify-plugin'
import { MAX_MESSAGE_BYTES } from '../protocol/command.ts'

export interface WebsocketOptions {
  /** True for permessage-deflate, without history between messages: a message is compressed once for all. */
  compression: boolean
}

/** Largest number of fragments of one message: enough for any real client, bounded for the others. */
const MAX_FRAGMENTS = 1024
/** Time for which a client may take to answer a close, in ms. */
const CLOSE_TIMEOUT_MS = 5000

const isJwtOrScheme = (protocol: string): boolean =>
  protocol.split('.').length === 3 || protocol.toLowerCase() === 'bearer'

/** Upgrades requests to WebSockets through Fastify's own routes and hooks, with bounded messages. */
export const websocketPlugin = fp<WebsocketOptions>(
  async (app, { compression }) => {
    // The library ends the connections of refused upgrades only when its own onRequest hook ran, which is not the
    // case for those that an earlier plugin refused; Node does not close them either.
    const upgrades = new WeakSet<IncomingMessage>()
    app.server.on('upgrade', (request: IncomingMessage) => upgrades.add(request))
    app.addHook('onResponse', ({ raw, headers }, _reply, done) => {
      if (headers.upgrade !== undefined && upgrades.has(raw)) raw.socket.destroy()
      done()
    })
    await app.register(fastifyWebsocket, {
      options: {
        maxPayload: MAX_MESSAGE_BYTES,
        maxFragments: MAX_FRAGMENTS,
        closeTimeout: CLOSE_TIMEOUT_MS,
        perMessageDeflate: compression && {
          serverNoContextTakeover: true,
          clientNoContextTakeover: true,
          concurrencyLimit: 4,
        },
        // A client may send a token as a subprotocol, which must not be the one that is agreed on.
        handleProtocols: (protocols) => [...protocols].find((one) => !isJwtOrScheme(one)) ?? false,
      },
      // The library has sent a close frame for frames that break its rules; destroying the socket would lose it.
      errorHandler: (error, socket, request) => {
        if ('code' in error && String(error.code).startsWith('WS_ERR_')) {
          request.log.debug({ err: error }, 'a WebSocket broke the protocol')
        } else {
          request.log.error({ err: error }, 'a WebSocket failed')
          socket.close(1011, 'internal error')
        }
      },
      // The drain closes connections with a code; the rest is closed here.
      preClose: (done) => {
        for (const client of app.websocketServer.clients) client.terminate()
        app.websocketServer.close(() => done())
      },
    } as WebsocketPluginOptions)
  },
  { name: 'websocket', fastify: '5.x' },
)
