import type { FastifyPluginAsync } from 'fastify'
import { type ChannelRoutesOptions, channelRoutes } from './channels.ts'
import { type StreamRoutesOptions, streamRoutes } from './streams-routes.ts'
import { type WebsocketRoutesOptions, websocketRoutes } from './websocket-routes.ts'

export interface ChannelInterfaceOptions
  extends StreamRoutesOptions,
    ChannelRoutesOptions,
    WebsocketRoutesOptions {}

/** Serves channels and streams, over HTTP and WebSocket. */
export const channelInterface: FastifyPluginAsync<ChannelInterfaceOptions> = async (app, options) => {
  await app.register(streamRoutes, options)
  await app.register(channelRoutes, options)
  await app.register(websocketRoutes, options)
}
