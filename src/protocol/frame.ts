import { type Static, Type } from 'typebox'

/** One publication as vocabularies receive it; `data` is JSON text exactly as it was published. */
export interface PublicationText {
  readonly channel: string
  readonly epoch: string
  readonly offset: number
  readonly data: string
}

/** One event of an interface: on SSE its `event:` and `data:`, on WebSocket its text. */
export interface ServerEvent {
  event?: string
  data: string
}

/**
 * Translates one publication into an interface's events, in order; none when the interface does not show it. Pure:
 * the same publication gives the same events, so that their bytes are made once and shared by every subscriber.
 */
export type EventVocabulary = (publication: PublicationText) => readonly ServerEvent[]

/** The frames in which a WebSocket shows a channel. */
export interface MessageVocabulary {
  /** Returns the text frames of a publication, one for each event. */
  events: EventVocabulary
  /** Returns the frame of an event that is sent from the store and so has no position. */
  replayed(channel: string, data: string): string
  /**
   * Returns the frame after the last event; undefined where that event, or the end of the connection, says enough.
   */
  ended?(channel: string, reason: 'ended' | 'not_shared'): string
}

/** The codes with which a WebSocket is closed; RFC 6455 section 7.4 and, from 4000 on, the service's own. */
export const CLOSE_CODES = {
  /** The peer left, or the server has no more events. */
  NORMAL: 1000,
  /** Not authenticated, not allowed, or too many bad or too frequent messages. */
  POLICY: 1008,
  /** A frame or message above the limit. */
  TOO_LARGE: 1009,
  INTERNAL: 1011,
  /** The instance restarts: reconnect at once, jittered. */
  RESTART: 1012,
  /** The client reads too slowly, or the instance is overloaded: reconnect later and recover. */
  TRY_LATER: 1013,
  TOKEN_EXPIRED: 4401,
} as const
export type CloseCode = (typeof CLOSE_CODES)[keyof typeof CLOSE_CODES]

const Reason = Type.Optional(
  Type.String({ description: 'trimmed, epoch_changed, offset_ahead or bus_unavailable' }),
)
const at = { epoch: Type.String(), offset: Type.Integer({ minimum: 0 }) }

/** Frames that the server sends on `/api/v1/ws`, by their `type`. */
export const ServerFrames = {
  connected: Type.Object({
    type: Type.Literal('connected'),
    connection_id: Type.String(),
    user: Type.String(),
    /** Seconds between ping frames. */
    heartbeat_interval: Type.Number(),
    server_time: Type.String({ format: 'date-time' }),
  }),
  pong: Type.Object({ type: Type.Literal('pong'), server_time: Type.String({ format: 'date-time' }) }),
  subscribed: Type.Object({
    type: Type.Literal('subscribed'),
    channel: Type.String(),
    /** True when everything after the position asked for follows; false too when none was asked for. */
    recovered: Type.Boolean(),
    reason: Reason,
    ...at,
  }),
  unsubscribed: Type.Object({
    type: Type.Literal('unsubscribed'),
    channel: Type.String(),
    /**
     * `ended` after the stream's terminal event, `not_shared` when the channel may not be seen any more, else absent.
     */
    reason: Type.Optional(Type.String()),
  }),
  /**
   * An event of a channel. Without `offset` and `epoch` it comes from the store, in place of one that the log has
   * lost.
   */
  event: Type.Object({
    type: Type.Literal('event'),
    channel: Type.String(),
    offset: Type.Optional(at.offset),
    epoch: Type.Optional(at.epoch),
    data: Type.Unknown(),
  }),
  /** Continuity was lost on a live subscription; a snapshot follows. */
  recovery: Type.Object({
    type: Type.Literal('recovery'),
    channel: Type.String(),
    recovered: Type.Boolean(),
    reason: Reason,
    ...at,
  }),
  snapshot: Type.Object({ type: Type.Literal('snapshot'), channel: Type.String(), state: Type.Unknown() }),
  published: Type.Object({ type: Type.Literal('published'), channel: Type.String(), ...at }),
  presence: Type.Object({
    type: Type.Literal('presence'),
    channel: Type.String(),
    users: Type.Array(Type.String()),
  }),
  token_expiring: Type.Object({
    type: Type.Literal('token_expiring'),
    expires_at: Type.String({ format: 'date-time' }),
    /** Seconds until the credentials expire. */
    expires_in: Type.Number(),
  }),
  authenticated: Type.Object({
    type: Type.Literal('authenticated'),
    user: Type.String(),
    expires_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  }),
  error: Type.Object({
    type: Type.Literal('error'),
    error_code: Type.String(),
    message: Type.String(),
    channel: Type.Optional(Type.String()),
    /** The `type` of the message that was refused. */
    command: Type.Optional(Type.String()),
  }),
}

type Frames = typeof ServerFrames
export type ServerFrame = { [K in keyof Frames]: Static<Frames[K]> }[keyof Frames]

/** Several frames of one event-loop turn, for connections that asked for `?batch=1`. */
export const Batch = Type.Object({
  type: Type.Literal('batch'),
  messages: Type.Array(Type.Unknown()),
  count: Type.Integer({ minimum: 1 }),
})
