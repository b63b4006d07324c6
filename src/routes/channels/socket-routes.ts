import type { FastifyInstance, FastifyRequest } from 'fastify'
import { noSuch, Problem } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { UNKNOWN_POSITION } from '../../feed/subscription.ts'
import type { Identity } from '../../identity/identity.ts'
import { say } from '../../language/sentence.ts'
import type { MessageVocabulary } from '../../protocol/frame.ts'
import type { Admission, Connections } from '../../transport/connections.ts'
import { parsePosition } from '../../transport/cursor.ts'
import {
  type SocketOptions,
  type SocketSession,
  type SocketSettings,
  serveSocket,
} from '../../transport/socket-session.ts'
import { viewerOf } from '../request-viewer.ts'

/** Tells whether compression was agreed on without a limit to the window, which browsers never ask for. */
const takesDeflated = (
  { extensions }: Parameters<typeof serveSocket>[0],
  { headers }: FastifyRequest,
): boolean =>
  extensions.includes('permessage-deflate') &&
  !headers['sec-websocket-extensions']?.includes('server_max_window_bits')

/** Options of all WebSocket routes. */
export interface SocketRouteOptions {
  sockets: SocketSettings
  connections: Connections
  /** false answers every request with `FEATURE_DISABLED`; true by default. */
  socketsEnabled?: boolean
}

/** The frames and the commands of one kind of room. */
export interface SocketProtocol {
  /** The route's pattern, which names the interface in metrics. */
  endpoint: string
  vocabulary: MessageVocabulary
  /** Returns the commands of a connection. @param identity returns the caller, by the latest token */
  commandsFor(identity: () => Identity): SocketOptions['commands']
  ended?: SocketOptions['ended']
}

type Query = Readonly<Record<string, unknown>>

/** Returns a query parameter that has one value; else undefined. */
const single = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Wraps commands so that refusals are recorded in the audit log. */
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

/** Makes the functions that admit and serve WebSockets, each for its caller. */
export const socketRooms = (app: FastifyInstance, options: SocketRouteOptions) => {
  const { sockets, connections, socketsEnabled = true } = options
  const admissions = new WeakMap<FastifyRequest, Admission>()

  /** Verifies a new token of a live connection, and records the outcome in the audit log. */
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

  return {
    /**
     * Admits a connection before its upgrade. Its place is freed when the underlying socket closes, upgraded or
     * not.
     * @throws {Problem} `FEATURE_DISABLED`, `DRAINING`, `OVERLOADED`, `TOO_MANY_CONNECTIONS`
     */
    admit(request: FastifyRequest, endpoint: string): void {
      if (!socketsEnabled) throw new Problem('FEATURE_DISABLED', say('socket.sockets_off'))
      const admission = connections.admit('websocket', endpoint, request.ip)
      admissions.set(request, admission)
      request.raw.socket.once('close', admission.release)
      if (request.raw.socket.destroyed) admission.release()
    },

    /** Serves an admitted connection after its upgrade. */
    open(
      socket: Parameters<typeof serveSocket>[0],
      request: FastifyRequest,
      { endpoint, vocabulary, commandsFor, ended }: SocketProtocol,
    ): SocketSession {
      let { identity } = request
      return serveSocket(socket, request.raw.socket, {
        ...sockets,
        viewer: viewerOf(identity, request),
        language: request.language,
        admission: admissions.get(request) as Admission,
        endpoint,
        takesDeflated: takesDeflated(socket, request),
        batch: single((request.query as Query).batch) === '1',
        vocabulary,
        ended,
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
    },
  }
}

/** The feed of a room with one channel, and the position to begin at when the client names none. */
export interface Shown {
  feed: Feed
  since: Parameters<SocketSession['enter']>[1]
}

/**
 * Subscribes a room to its channel: from `?recover=<epoch>:<offset>` on, after a `recovery` frame, or from the
 * default position. A channel that cannot be reached closes the connection with 1013.
 */
export const showChannel = async (
  room: SocketSession,
  request: FastifyRequest,
  find: () => Promise<Shown>,
): Promise<void> => {
  const asked = single((request.query as Query).recover) || undefined
  try {
    const { feed, since } = await find()
    const from = asked === undefined ? since : (parsePosition(asked) ?? UNKNOWN_POSITION)
    const { recovered, reason, position, begin } = await room.enter(feed, from)
    if (asked !== undefined) {
      room.peer.send({
        type: 'recovery',
        channel: feed.name ?? feed.channel,
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

/** Throws `NOT_FOUND` for an invalid channel name, as for a channel that does not exist. */
export function asNotFound(error: unknown): never {
  if (error instanceof Problem && error.code === 'VALIDATION_FAILED') {
    throw noSuch('channel', { cause: error })
  }
  throw error
}
