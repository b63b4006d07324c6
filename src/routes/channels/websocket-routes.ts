import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { ChannelUse } from '../../feed/channel-use.ts'
import type { Feed } from '../../feed/feed.ts'
import type { FeedOf } from '../../feed/feeds.ts'
import type { InvestigationCommand, Steering } from '../../investigation/steering.ts'
import type { Command } from '../../protocol/command.ts'
import { channelCommands } from '../../transport/channel-commands.ts'
import { channelFrames, roomFrames } from '../../vocabulary/socket.ts'
import { asNotFound, type SocketRouteOptions, showChannel, socketRooms } from './socket-routes.ts'

export interface WebsocketRoutesOptions extends SocketRouteOptions {
  feedOf: FeedOf
  channels: ChannelUse
  steering: Pick<Steering, 'command'>
}

/** Serves `/api/v1/ws` and `/api/v1/ws/investigations/:investigation_id`. */
export const websocketRoutes: FastifyPluginAsync<WebsocketRoutesOptions> = async (app, options) => {
  const { feedOf, channels, steering } = options
  const rooms = socketRooms(app, options)
  /** Feeds by request, found before the upgrade, so that a refusal is an HTTP status. */
  const found = new WeakMap<FastifyRequest, Feed>()

  app.get(
    '/api/v1/ws',
    {
      websocket: true,
      config: { access: 'read' },
      preHandler: async (request) => {
        if (request.ws) rooms.admit(request, 'general')
      },
    },
    (socket, request) => {
      rooms.open(socket, request, {
        endpoint: 'general',
        vocabulary: channelFrames,
        commandsFor: (identity) =>
          channelCommands({
            members: channels.members,
            feedOf: (channel) => feedOf(identity(), channel).catch(asNotFound),
            publish: (channel, data) => channels.publish(identity(), channel, [data]),
          }),
      })
    },
  )

  app.get<{ Params: { investigation_id: string } }>(
    '/api/v1/ws/investigations/:investigation_id',
    {
      websocket: true,
      config: { access: 'read' },
      preHandler: async (request) => {
        if (!request.ws) return
        const { investigation_id: id } = request.params as { investigation_id: string }
        found.set(request, await feedOf(request.identity, `investigation:${id}`).catch(asNotFound))
        rooms.admit(request, 'investigation')
      },
    },
    (socket, request) => {
      const { investigation_id: id } = request.params
      const room = rooms.open(socket, request, {
        endpoint: 'investigation',
        vocabulary: roomFrames,
        commandsFor: (identity) => {
          const run = (command: Command): Promise<void> =>
            steering.command(request.actor(identity()), id, command.type as InvestigationCommand)
          return { cancel: run, pause: run, resume: run }
        },
      })
      void showChannel(room, request, async () => ({
        feed: found.get(request) as Feed,
        since: 'beginning',
      }))
    },
  )
}
