import type { IncomingMessage } from 'node:http'
import fastifyWebsocket, { type WebsocketPluginOptions } from '@fastify/websocket'
import fp from 'fastify-plugin'
import { MAX_MESSAGE_BYTES } from '../protocol/command.ts'

export interface WebsocketOptions {
  /** permessage-deflate; costs memory for each connection. Default false. */
  compression?: boolean
}

/** Pieces that one message may come in: enough for any real client, bounded for the others. */
const MAX_FRAGMENTS = 1024
/** How long a client may take to answer a close, in ms. */
const CLOSE_TIMEOUT_MS = 5000

const isJwtOrScheme = (protocol: string): boolean =>
  protocol.split('.').length === 3 || protocol.toLowerCase() === 'bearer'

/** Upgrades through Fastify's own routes and hooks, with bounded messages. */
export const websocketPlugin = fp<WebsocketOptions>(
  async (app, { compression = false }) => {
    // The library ends the connections of refused upgrades only when its own onRequest hook ran, that is, not those
    // that an earlier plugin refused; Node watches over none of them.
    const upgrades = new WeakSet<IncomingMessage>()
    app.server.on('upgrade', (request: IncomingMessage) => upgrades.add(request))
    app.addHook('onResponse', async ({ raw }) => {
      if (upgrades.has(raw)) raw.socket.destroy()
    })
    await app.register(fastifyWebsocket, {
      options: {
        maxPayload: MAX_MESSAGE_BYTES,
        maxFragments: MAX_FRAGMENTS,
        closeTimeout: CLOSE_TIMEOUT_MS,
        perMessageDeflate: compression && {
          serverNoContextTakeover: true,
          clientNoContextTakeover: true,
          threshold: 1024,
          zlibDeflateOptions: { windowBits: 13, memLevel: 5 },
          concurrencyLimit: 4,
        },
        // A token may come as a subprotocol; it must not be the one that is agreed on.
        handleProtocols: (protocols) => [...protocols].find((one) => !isJwtOrScheme(one)) ?? false,
      },
      // The library has sent a close frame for frames that break its rules; cutting the socket would lose it.
      errorHandler: (error, socket, request) => {
        if ('code' in error && String(error.code).startsWith('WS_ERR_')) {
          request.log.debug({ err: error }, 'a WebSocket broke the protocol')
        } else {
          request.log.error({ err: error }, 'a WebSocket failed')
          socket.close(1011, 'internal error')
        }
      },
      // Connections are seen off by the drain, with a code; what is left ends here.
      preClose: (done) => {
        for (const client of app.websocketServer.clients) client.terminate()
        app.websocketServer.close(() => done())
      },
    } as WebsocketPluginOptions)
  },
  { name: 'websocket', fastify: '5.x' },
)
