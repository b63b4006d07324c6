import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { PublicationSums } from '../../audit/publications.ts'
import type { Feed } from '../../feed/feed.ts'
import { checkPublishable, type FeedOf } from '../../feed/feeds.ts'
import type { Identity } from '../../identity/identity.ts'
import type { Command } from '../../protocol/command.ts'
import { channelCommands } from '../../transport/channel-commands.ts'
import { channelFrames, roomFrames } from '../../vocabulary/socket.ts'
import { asNotFound, type SocketRouteOptions, showChannel, socketRooms } from './socket.ts'

export type InvestigationCommand = 'cancel' | 'pause' | 'resume'

export interface WebsocketRoutesOptions extends SocketRouteOptions {
  feedOf: FeedOf
  /** Where publications are counted for the audit log. */
  published: Pick<PublicationSums, 'count'>
  /** @throws {Problem} `NOT_FOUND`, `FORBIDDEN`, `INVALID_STATE` */
  commandInvestigation(
    request: FastifyRequest,
    identity: Identity,
    id: string,
    command: InvestigationCommand,
  ): Promise<void>
}

/** `/api/v1/ws` and `/api/v1/ws/investigations/:investigation_id`. */
export const websocketRoutes: FastifyPluginAsync<WebsocketRoutesOptions> = async (app, options) => {
  const { hub, presence, feedOf, published } = options
  const rooms = socketRooms(app, options)
  /** Found before the upgrade, so that a refusal is an HTTP status. */
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
            presence,
            feedOf: (channel) => feedOf(identity(), channel).catch(asNotFound),
            async publish(channel, data) {
              checkPublishable(identity(), channel)
              const position = await hub.publish(channel, [data])
              published.count(identity(), channel, 1)
              return position
            },
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
            options.commandInvestigation(request, identity(), id, command.type as InvestigationCommand)
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
