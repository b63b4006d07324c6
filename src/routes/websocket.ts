import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Hub } from '../channel/hub.ts'
import type { Presence } from '../channel/presence.ts'
import { Problem } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'
import type { Command } from '../protocol/command.ts'
import type { MessageVocabulary } from '../protocol/frame.ts'
import { channelCommands } from '../transport/channel-commands.ts'
import type { Admission, Connections } from '../transport/connections.ts'
import { parsePosition } from '../transport/cursor.ts'
import type { Feed } from '../transport/feed.ts'
import { UNKNOWN_POSITION } from '../transport/watch.ts'
import { type Room, type SocketOptions, type SocketSettings, serveSocket } from '../transport/websocket.ts'
import { channelFrames, roomFrames } from '../vocabulary/socket.ts'
import { checkPublishable, type FeedOf } from './feeds.ts'
import { viewerOf } from './viewer.ts'

export type InvestigationCommand = 'cancel' | 'pause' | 'resume'

/** Settings of every WebSocket; the hub and presence of the routes are added. */
export type SocketRoutesSettings = Omit<SocketSettings, 'hub' | 'presence'>

export interface WebsocketRoutesOptions {
  hub: Hub
  presence: Presence
  sockets: SocketRoutesSettings
  connections: Connections
  feedOf: FeedOf
  /** @throws {Problem} `NOT_FOUND`, `FORBIDDEN`, `INVALID_STATE` */
  commandInvestigation(
    request: FastifyRequest,
    identity: Identity,
    id: string,
    command: InvestigationCommand,
  ): Promise<void>
  /** False answers `FEATURE_DISABLED`. Default true. */
  enabled?: boolean
}

interface Query {
  batch?: string
  recover?: string
}

/** What was found out before the upgrade, so that a refusal is an HTTP status. */
interface Prepared {
  admission: Admission
  feed?: Feed
}

/** @throws {Problem} for anything but one query value */
const single = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The commands, with what refuses them in the audit log. */
const withRefusals = (
  request: FastifyRequest,
  commands: SocketOptions['commands'],
): SocketOptions['commands'] =>
  Object.fromEntries(
    Object.entries(commands).map(([type, run]): [string, typeof run] => [
      type,
      async (command, room) => {
        try {
          await run(command, room)
        } catch (error) {
          await request.auditRefusedCommand(type, error)
          throw error
        }
      },
    ]),
  )

/** `/api/v1/ws` and `/api/v1/ws/investigations/:investigation_id`. */
export const websocketRoutes: FastifyPluginAsync<WebsocketRoutesOptions> = async (app, options) => {
  const { hub, presence, sockets, connections, feedOf, enabled = true } = options
  const prepared = new WeakMap<FastifyRequest, Prepared>()

  /** Takes the connection in; its place is given back when the socket below it closes, upgraded or not. */
  const admit = (request: FastifyRequest, endpoint: string): Admission => {
    if (!enabled) throw new Problem('FEATURE_DISABLED', 'WebSockets are switched off here')
    const admission = connections.admit('websocket', endpoint, request.ip)
    request.raw.socket.once('close', admission.release)
    if (request.raw.socket.destroyed) admission.release()
    return admission
  }

  /** Whose the fresh token of a live connection is; the log is told whether it is of any use. */
  const renewed = async (token: string, { id }: Identity, request: FastifyRequest): Promise<Identity> => {
    const refuse = (error_code: string) => request.audit('auth.token_refused', { success: false, error_code })
    try {
      const fresh = await app.authenticateToken(token, request)
      if (fresh.id === id) await request.audit('auth.token_renewed')
      else await refuse('FORBIDDEN')
      return fresh
    } catch (error) {
      if (error instanceof Problem) await refuse(error.code)
      throw error
    }
  }

  const open = (
    socket: Parameters<typeof serveSocket>[0],
    request: FastifyRequest,
    endpoint: string,
    vocabulary: MessageVocabulary,
    commandsFor: (identity: () => Identity) => SocketOptions['commands'],
  ): { room: Room; feed: Feed | undefined } => {
    let { identity } = request
    const { admission, feed } = prepared.get(request) as Prepared
    const room = serveSocket(socket, request.raw.socket, {
      ...sockets,
      hub,
      presence,
      viewer: viewerOf(identity, request),
      admission,
      endpoint,
      batch: single((request.query as Query).batch) === '1',
      vocabulary,
      async authenticate(token) {
        const fresh = await renewed(token, identity, request)
        if (fresh.id === identity.id) identity = fresh
        return viewerOf(fresh, request)
      },
      commands: withRefusals(
        request,
        commandsFor(() => identity),
      ),
      onError: (error) => request.log.error({ err: error }, 'a WebSocket command failed'),
    })
    return { room, feed }
  }

  app.get(
    '/api/v1/ws',
    {
      websocket: true,
      config: { access: 'read' },
      preHandler: async (request) => {
        if (request.ws) prepared.set(request, { admission: admit(request, 'general') })
      },
    },
    (socket, request) => {
      open(socket, request, 'general', channelFrames, (identity) =>
        channelCommands({
          presence,
          feedOf: (channel) => feedOf(identity(), channel).catch(asNotFound),
          async publish(channel, data) {
            checkPublishable(identity(), channel)
            const position = await hub.publish(channel, [data])
            await request.audit('channel.published', {
              resource_type: 'channel',
              resource_id: channel,
              details: { publications: 1 },
            })
            return position
          },
        }),
      )
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
        const feed = await feedOf(request.identity, `investigation:${id}`).catch(asNotFound)
        prepared.set(request, { admission: admit(request, 'investigation'), feed })
      },
    },
    (socket, request) => {
      const { investigation_id: id } = request.params
      const { room, feed } = open(socket, request, 'investigation', roomFrames, (identity) => {
        const run = async (command: Command): Promise<void> => {
          await options.commandInvestigation(request, identity(), id, command.type as InvestigationCommand)
        }
        return { cancel: run, pause: run, resume: run }
      })
      if (feed !== undefined) void tell(room, feed, single((request.query as Query).recover), request)
    },
  )
}

/** A channel's name that is none is a channel that is not there. */
function asNotFound(error: unknown): never {
  if (error instanceof Problem && error.code === 'VALIDATION_FAILED') {
    throw new Problem('NOT_FOUND', 'There is no such channel', { cause: error })
  }
  throw error
}

/** Tells the whole story, or what follows `<epoch>:<offset>`. */
async function tell(
  room: Room,
  feed: Feed,
  recover: string | undefined,
  request: FastifyRequest,
): Promise<void> {
  const asked = recover === undefined || recover === '' ? undefined : recover
  const since = asked === undefined ? 'beginning' : (parsePosition(asked) ?? UNKNOWN_POSITION)
  try {
    const { recovered, reason, position, begin } = await room.enter(feed, since)
    if (asked !== undefined) {
      room.peer.send({
        type: 'recovery',
        channel: feed.channel,
        recovered: recovered === true,
        ...(reason === undefined ? {} : { reason }),
        ...position,
      })
    }
    begin()
  } catch (error) {
    request.log.error({ err: error }, 'a room could not be subscribed')
    room.peer.close(1013, 'the channel cannot be reached')
  }
}
