import { type Static, Type } from 'typebox'
import { RoomEvents, TurnEvents } from './turn-event.ts'

/** The frame's position in the channel; a frame for one connection alone has none. */
const at = { offset: Type.Integer({ minimum: 0 }), epoch: Type.String() }
const Nullable = Type.Union([Type.String(), Type.Null()])
const { result: _result, type: _type, ...Completed } = TurnEvents.complete.properties

/** A message as every interface lists it. */
const ListedMessage = Type.Object({
  message_id: Type.String(),
  session_id: Nullable,
  role: Type.Enum(['user', 'assistant', 'system', 'tool']),
  content: Type.String(),
  state: Type.Enum(['pending', 'streaming', 'complete', 'error', 'cancelled']),
  agent_id: Nullable,
  provider: Nullable,
  model: Nullable,
  usage: Type.Union([TurnEvents.complete.properties.usage, Type.Null()]),
  /** Id of the turn that the message belongs to. */
  stream_id: Nullable,
  created_at: Type.String({ format: 'date-time' }),
})

/** Frames of `/api/v1/ws/chat/:session_id`, by their `type`, beside the frames of every WebSocket. */
export const ChatRoomFrames = {
  user_message: Type.Object({ ...RoomEvents.user_message.properties, ...at }),
  agent_status: Type.Object({
    type: Type.Literal('agent_status'),
    stream_id: Type.String(),
    agent_id: Nullable,
    status: Type.Enum(['thinking', 'responding', 'idle']),
    agent_name: Type.Optional(Type.String()),
    message: Type.Optional(Type.String()),
    ...at,
  }),
  /** One piece of an answer; the pieces since the last `reset`, joined, are the answer. */
  agent_response: Type.Object({
    ...TurnEvents.chunk.properties,
    type: Type.Literal('agent_response'),
    ...at,
  }),
  agent_response_complete: Type.Object({
    type: Type.Literal('agent_response_complete'),
    ...Completed,
    ...at,
  }),
  error: Type.Object({ ...TurnEvents.error.properties, ...at }),
  cancelled: Type.Object({ ...TurnEvents.cancelled.properties, ...at }),
  reset: Type.Object({ ...TurnEvents.reset.properties, ...at }),
  fallback: Type.Object({ ...TurnEvents.fallback.properties, ...at }),
  plan: Type.Object({ ...TurnEvents.plan.properties, ...at }),
  investigation_started: Type.Object({ ...TurnEvents.investigation_started.properties, ...at }),
  typing: Type.Object({ ...RoomEvents.typing.properties, ...at }),
  /** Another user opened a first connection; `leave` when the user's last one closed. */
  join: Type.Object({ type: Type.Literal('join'), user: Type.String() }),
  leave: Type.Object({ type: Type.Literal('leave'), user: Type.String() }),
  /** The answer to the command `history`, oldest message first. */
  history: Type.Object({ type: Type.Literal('history'), messages: Type.Array(ListedMessage) }),
}

/** A frame that is sent to one connection alone. */
export type ChatRoomFrame = {
  [K in 'join' | 'leave' | 'history']: Static<(typeof ChatRoomFrames)[K]>
}['join' | 'leave' | 'history']
