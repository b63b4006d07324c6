import { type TSchema, Type } from 'typebox'
import { ChatRoomFrames } from './chat-room-frame.ts'
import { ChannelCommands, ChatRoomCommands, CommonCommands, MAX_MESSAGE_BYTES } from './command.ts'
import { Batch, CLOSE_CODES, ServerFrames } from './frame.ts'
import { InvestigationEvents } from './investigation-event.ts'

export interface AsyncApiOptions {
  version: string
  /** Address at which clients reach the service, `https://…`; left out of the document when it is not known. */
  url?: string | undefined
}

const command = <Name extends string>(type: Name) => Type.Object({ type: Type.Literal(type) })
const at = { offset: Type.Integer({ minimum: 0 }), epoch: Type.String() }

const Recover = Type.Optional(
  Type.String({ pattern: '^[^:]+:\\d+$', description: '`<epoch>:<offset>`: only what follows it' }),
)

/** Adds the position to an event's fields, for WebSockets over one channel; an event from the store has none. */
const positioned = (event: { properties: Record<string, TSchema> }): TSchema =>
  Type.Object({ ...event.properties, offset: Type.Optional(at.offset), epoch: Type.Optional(at.epoch) })

type Messages = Record<string, TSchema>

interface Room {
  id: string
  address: string
  summary: string
  parameters: Record<string, string>
  query: Record<string, TSchema>
  /** Messages from client to server. */
  commands: Messages
  /** Messages from server to client. */
  frames: Messages
}

const {
  event: _event,
  subscribed: _subscribed,
  unsubscribed: _unsubscribed,
  published: _published,
  presence: _presence,
  ...RoomFrames
} = ServerFrames

const Credentials = {
  token: Type.Optional(Type.String({ description: 'An access token, where a header cannot be set' })),
  ticket: Type.Optional(Type.String({ description: 'A single-use ticket of POST /api/v1/auth/tickets' })),
  batch: Type.Optional(Type.Literal('1', { description: 'Frames of one turn may come as one `batch`' })),
}

const ROOMS: readonly Room[] = [
  {
    id: 'channels',
    address: '/api/v1/ws',
    summary: 'Any channels that the user may read, over one connection',
    parameters: {},
    query: { ...Credentials, connection_type: Type.Optional(Type.String({ default: 'general' })) },
    commands: { ...CommonCommands, ...ChannelCommands },
    frames: { ...ServerFrames, batch: Batch },
  },
  {
    id: 'investigation',
    address: '/api/v1/ws/investigations/{investigation_id}',
    summary: 'One investigation: its whole story, then live',
    parameters: { investigation_id: 'As answered by POST /api/v1/investigations' },
    query: { ...Credentials, recover: Recover },
    commands: {
      ...CommonCommands,
      cancel: command('cancel'),
      pause: command('pause'),
      resume: command('resume'),
    },
    frames: {
      ...RoomFrames,
      ...Object.fromEntries(
        Object.entries(InvestigationEvents)
          .filter(([name]) => name !== 'error')
          .map(([name, event]) => [name, positioned(event)]),
      ),
      error: Type.Union([positioned(InvestigationEvents.error), ServerFrames.error]),
      batch: Batch,
    },
  },
  {
    id: 'chat',
    address: '/api/v1/ws/chat/{session_id}',
    summary: 'One conversation and everybody in it; an answer under way from its beginning, then live',
    parameters: { session_id: 'Of a conversation; it is made, and the caller’s, where nobody has it' },
    query: { ...Credentials, recover: Recover },
    commands: { ...CommonCommands, ...ChatRoomCommands },
    frames: {
      ...RoomFrames,
      ...ChatRoomFrames,
      error: Type.Union([ChatRoomFrames.error, ServerFrames.error]),
      batch: Batch,
    },
  },
]

const closeCodes = Object.entries(CLOSE_CODES)
  .map(([name, code]) => `${code} ${name.toLowerCase().replaceAll('_', ' ')}`)
  .join(', ')

const messageId = (room: Room, direction: 'command' | 'frame', type: string) =>
  `${room.id}.${direction}.${type}`
const messagesOf = (room: Room): [string, string, TSchema][] => [
  ...Object.entries(room.commands).map(([type, schema]): [string, string, TSchema] => [
    messageId(room, 'command', type),
    type,
    schema,
  ]),
  ...Object.entries(room.frames).map(([type, schema]): [string, string, TSchema] => [
    messageId(room, 'frame', type),
    type,
    schema,
  ]),
]
const byKey = <Value>(entries: (readonly [string, Value])[]): Record<string, Value> =>
  Object.fromEntries(entries)
const ref = (...path: string[]) => ({
  $ref: `#/${path.map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`,
})

const operation = (
  room: Room,
  action: 'send' | 'receive',
  direction: 'command' | 'frame',
  summary: string,
) => ({
  action,
  summary,
  channel: ref('channels', room.id),
  messages: Object.keys(direction === 'command' ? room.commands : room.frames).map((type) =>
    ref('channels', room.id, 'messages', messageId(room, direction, type)),
  ),
})

/**
 * Makes the AsyncAPI 3 document of the service's WebSockets out of the schemas that the service itself validates
 * with.
 * @see https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export const asyncApi = ({ version, url }: AsyncApiOptions) => {
  const server = url === undefined ? undefined : new URL(url)
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Tributary over WebSocket',
      version,
      description:
        `Text frames, one JSON object each, at most ${MAX_MESSAGE_BYTES} bytes from a client. Close codes: ${closeCodes}; ` +
        'each with its reason in words.',
    },
    defaultContentType: 'application/json',
    ...(server && {
      servers: {
        service: {
          host: server.host,
          protocol: server.protocol === 'https:' ? 'wss' : 'ws',
          security: [
            ref('components', 'securitySchemes', 'bearer'),
            ref('components', 'securitySchemes', 'ticket'),
          ],
        },
      },
    }),
    channels: byKey(
      ROOMS.map((room) => [
        room.id,
        {
          address: room.address,
          summary: room.summary,
          parameters: byKey(
            Object.entries(room.parameters).map(([name, description]) => [name, { description }]),
          ),
          bindings: { ws: { method: 'GET', query: Type.Object(room.query), bindingVersion: '0.1.0' } },
          messages: byKey(messagesOf(room).map(([id]) => [id, ref('components', 'messages', id)])),
        },
      ]),
    ),
    operations: byKey(
      ROOMS.flatMap((room) => [
        [`${room.id}.commands`, operation(room, 'receive', 'command', 'What a client may say')],
        [`${room.id}.frames`, operation(room, 'send', 'frame', 'What the service tells')],
      ]),
    ),
    components: {
      messages: byKey(
        ROOMS.flatMap(messagesOf).map(([id, type, payload]) => [id, { name: type, title: type, payload }]),
      ),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        ticket: { type: 'httpApiKey', name: 'ticket', in: 'query' },
      },
    },
  }
  return JSON.parse(JSON.stringify(document)) as typeof document
}
