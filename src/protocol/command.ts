import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import { schemaFaults } from './schema-fault.ts'

/** Largest message from a client, in bytes. */
export const MAX_MESSAGE_BYTES = 65_536

const Channel = Type.String({ minLength: 1, maxLength: 255 })
const Name = Type.String({ minLength: 1, maxLength: 200 })
const closed = { additionalProperties: false }

/** The messages that a client may send on every WebSocket. */
export const CommonCommands = {
  ping: Type.Object({ type: Type.Literal('ping') }),
  auth: Type.Object({ type: Type.Literal('auth'), token: Type.String({ minLength: 1 }) }, closed),
}

/** The messages that a client may send on `/api/v1/ws`. */
export const ChannelCommands = {
  subscribe: Type.Object(
    {
      type: Type.Literal('subscribe'),
      channel: Channel,
      /** The position to continue from; `all` is the whole history. Without it: from now. */
      recover: Type.Optional(
        Type.Union([
          Type.Literal('all'),
          Type.Object(
            {
              epoch: Type.String({ minLength: 1, maxLength: 128 }),
              offset: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
            },
            closed,
          ),
        ]),
      ),
    },
    closed,
  ),
  unsubscribe: Type.Object({ type: Type.Literal('unsubscribe'), channel: Channel }, closed),
  presence: Type.Object({ type: Type.Literal('presence'), channel: Channel }, closed),
  publish: Type.Object({ type: Type.Literal('publish'), channel: Channel, data: Type.Unknown() }, closed),
}

/** The messages that a client may send in a chat room; the conversation itself limits the length of `content`. */
export const ChatRoomCommands = {
  message: Type.Object(
    {
      type: Type.Literal('message'),
      content: Type.String(),
      agent_id: Type.Optional(Name),
      provider: Type.Optional(Name),
      model: Type.Optional(Name),
    },
    closed,
  ),
  typing: Type.Object({ type: Type.Literal('typing'), active: Type.Boolean() }, closed),
  /** Cancels a turn; without `stream_id` the newest running turn that the user may cancel. */
  cancel: Type.Object(
    {
      type: Type.Literal('cancel'),
      stream_id: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    },
    closed,
  ),
  /** Asks for the messages before a message; without `before` for the last ones. */
  history: Type.Object(
    {
      type: Type.Literal('history'),
      before: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    },
    closed,
  ),
}

/** A message of a client: an object with a `type`. */
export interface Command {
  type: string
  [field: string]: unknown
}

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor'])

/** Tells whether a parsed JSON value has a key that could reach an object's prototype, at any depth. */
export function hasForbiddenKey(value: unknown): boolean {
  const open: unknown[] = [value]
  while (open.length > 0) {
    const next = open.pop()
    if (typeof next !== 'object' || next === null) continue
    if (Array.isArray(next)) {
      for (const item of next) open.push(item)
      continue
    }
    for (const key of Object.keys(next)) {
      if (FORBIDDEN_KEYS.has(key)) return true
      open.push((next as Record<string, unknown>)[key])
    }
  }
  return false
}

/**
 * Reads one message.
 * @throws {Problem} `INVALID_MESSAGE`
 */
export function parseCommand(text: string): Command {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Problem('INVALID_MESSAGE', say('socket.not_json'), { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem('INVALID_MESSAGE', say('socket.not_an_object'))
  }
  if (hasForbiddenKey(value)) throw new Problem('INVALID_MESSAGE', say('socket.reserved_key'))
  if (!('type' in value) || typeof value.type !== 'string') {
    throw new Problem('INVALID_MESSAGE', say('socket.no_type'))
  }
  return value as Command
}

/**
 * Validates a message against the schema of its type.
 * @throws {Problem} `INVALID_MESSAGE` that names every bad field
 */
export function checkCommand<T extends TSchema>(schema: T, command: Command): Static<T> {
  const errors = schemaFaults(Value.Errors(schema, command))
  if (errors.length > 0)
    throw new Problem('INVALID_MESSAGE', say('request.bad_fields', { errors }), { errors })
  return command as Static<T>
}
