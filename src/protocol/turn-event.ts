import { type Static, Type } from 'typebox'
import { eventHead, leadingMembers, singleLine } from './event-text.ts'
import { Plan } from './plan.ts'

const Nullable = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Number>>(schema: T) =>
  Type.Union([schema, Type.Null()])
const Count = Type.Integer({ minimum: 0 })

/**
 * Returns the two keys with which every event of a turn begins, in this order, so that a prefix of its text
 * identifies its stream.
 */
const of = <T extends string>(type: T) => ({ type: Type.Literal(type), stream_id: Type.String() })

export const TurnUsage = Type.Object({
  prompt_tokens: Count,
  completion_tokens: Count,
  /** Cost of all attempts, by the price table; 0 where it knows no price. */
  cost_usd: Type.Number({ minimum: 0 }),
})
export type TurnUsage = Static<typeof TurnUsage>

/**
 * The events of a turn (a chat turn, the execution of a prompt, a completion, an action), by `type`. Every interface
 * is a vocabulary over them. The last three end the turn.
 *
 * `chunk.content` since the last `reset`, joined, is the stored answer; `chunk.index` counts from 0, and from 0 again
 * after a `reset`.
 */
export const TurnEvents = {
  start: Type.Object({
    ...of('start'),
    session_id: Nullable(Type.String()),
    /** Id of the assistant's message that the turn writes. */
    message_id: Type.String(),
    timestamp: Type.String({ format: 'date-time' }),
    /** Other facts that the interface sends first: `promptId`, `modelId`, `modelName`; `agent_id`, `model`. */
    about: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  }),
  detecting: Type.Object({ ...of('detecting'), message: Type.String() }),
  intent: Type.Object({
    ...of('intent'),
    intent: Type.String(),
    confidence: Type.Number({ minimum: 0, maximum: 1 }),
  }),
  agent_selected: Type.Object({
    ...of('agent_selected'),
    agent_id: Type.String(),
    agent_name: Type.String(),
  }),
  thinking: Type.Object({ ...of('thinking'), message: Type.String() }),
  model_loading: Type.Object({ ...of('model_loading'), message: Type.String() }),
  tool: Type.Object({
    ...of('tool'),
    name: Type.String(),
    state: Type.Enum(['started', 'progress', 'finished', 'failed']),
    message: Type.String(),
  }),
  /** How a question about data was understood; the same form that models fill in as the tool `query_contracts`. */
  plan: Type.Object({ ...of('plan'), plan: Plan }),
  investigation_started: Type.Object({
    ...of('investigation_started'),
    investigation_id: Type.String(),
    stream_url: Type.String(),
  }),
  fallback: Type.Object({
    ...of('fallback'),
    from: Type.String(),
    to: Type.String(),
    reason: Type.String(),
  }),
  reset: Type.Object({ ...of('reset'), reason: Type.String() }),
  progress: Type.Object({
    ...of('progress'),
    progress: Type.Number({ minimum: 0, maximum: 100 }),
    message: Type.String(),
  }),
  execution_progress: Type.Object({
    ...of('execution_progress'),
    step: Count,
    total: Count,
    message: Type.String(),
  }),
  reasoning: Type.Object({ ...of('reasoning'), content: Type.String() }),
  chunk: Type.Object({ ...of('chunk'), content: Type.String(), index: Count }),
  tool_call: Type.Object({
    ...of('tool_call'),
    index: Count,
    id: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
    arguments: Type.String(),
  }),
  complete: Type.Object({
    ...of('complete'),
    session_id: Nullable(Type.String()),
    message_id: Type.String(),
    agent_id: Nullable(Type.String()),
    provider: Nullable(Type.String()),
    model: Nullable(Type.String()),
    total_tokens: Count,
    usage: TurnUsage,
    finish_reason: Type.Enum(['stop', 'length', 'tool_calls', 'content_filter']),
    duration_ms: Count,
    /** Milliseconds to the first token; null where no token came. */
    ttft_ms: Nullable(Type.Number()),
    /** True when the answer came from the response cache. */
    cached: Type.Optional(Type.Boolean()),
    suggested_actions: Type.Array(Type.String()),
    /** Result of an action. */
    result: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  }),
  error: Type.Object({
    ...of('error'),
    error_code: Type.String(),
    message: Type.String(),
    fallback_endpoint: Nullable(Type.String()),
    /** Seconds after which a retry makes sense. */
    retry_after: Nullable(Type.Number()),
  }),
  cancelled: Type.Object({ ...of('cancelled'), content_chars: Count }),
}

type Events = typeof TurnEvents
export type TurnEvent = { [K in keyof Events]: Static<Events[K]> }[keyof Events]
export type TurnEventOf<T extends TurnEvent['type']> = Extract<TurnEvent, { type: T }>

/** An event without its stream's id. */
export type Unaddressed<E> = E extends TurnEvent ? Omit<E, 'stream_id'> : never

/** Events that a provider may send beside its answer. */
export type TurnNotice = Unaddressed<
  TurnEventOf<'thinking' | 'model_loading' | 'tool' | 'plan' | 'investigation_started'>
>

/** Events of a conversation's channel that belong to no turn. */
export const RoomEvents = {
  user_message: Type.Object({
    type: Type.Literal('user_message'),
    message_id: Type.String(),
    /** Id of the turn that answers it. */
    stream_id: Type.String(),
    user: Type.String(),
    content: Type.String(),
    created_at: Type.String({ format: 'date-time' }),
  }),
  typing: Type.Object({ type: Type.Literal('typing'), user: Type.String(), active: Type.Boolean() }),
  /** The conversation was removed; no publication after it is shown to anybody. */
  conversation_removed: Type.Object({
    type: Type.Literal('conversation_removed'),
    session_id: Type.String(),
  }),
}
export type RoomEvent = {
  [K in keyof typeof RoomEvents]: Static<(typeof RoomEvents)[K]>
}[keyof typeof RoomEvents]

const turnMembers = leadingMembers('type', 'stream_id')

/** Reads the type and stream of a published turn event without parsing it; undefined for anything else. */
export const turnEventOf = (data: string): { type: string; streamId: string } | undefined => {
  const members = turnMembers(data)
  return members && { type: members[0] as string, streamId: members[1] as string }
}

/** Returns the beginning of the texts of a turn's events of one type. */
export const turnEventHead = (type: TurnEvent['type'], streamId: string): string =>
  eventHead(type, 'stream_id', streamId)

/** Returns the JSON text of a turn's event, its two first members in front. */
export const turnEventText = (streamId: string, { type, ...rest }: Unaddressed<TurnEvent>): string =>
  singleLine({ type, stream_id: streamId, ...rest })

/** Returns the beginning of the texts of a conversation's own events of one type. */
export const roomEventHead = (type: RoomEvent['type']): string => eventHead(type)
