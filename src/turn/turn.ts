import type { Position } from '../channel/broker.ts'
import type { Language } from '../language/language.ts'
import type { TurnEvent, TurnEventOf, Unaddressed } from '../protocol/turn-event.ts'
import type { Db, Ending, Stream } from '../stream/stream.ts'
import type { AttemptUsage } from './usage.ts'

/** Names, for each kind of turn, the endpoint that gives the same answer without a stream; null where there is none. */
export const FALLBACK_ENDPOINTS = {
  chat: '/api/v1/chat/message',
  prompt: null,
  completion: null,
  action: null,
} as const satisfies Record<string, string | null>

/** A kind of turn, which is the `kind` of its stream. */
export type TurnKind = keyof typeof FALLBACK_ENDPOINTS
export const TURN_KINDS = Object.keys(FALLBACK_ENDPOINTS) as readonly TurnKind[]

/** The agent, the provider and the other facts of a complete answer. */
export interface AnswerOutcome {
  agentId?: string | null
  provider: string | null
  model: string | null
  finishReason: TurnEventOf<'complete'>['finish_reason']
  suggestedActions?: readonly string[]
  cached?: boolean
  result?: Record<string, unknown>
}

/** Writes the answer of a turn and its events. */
export interface TurnWriter {
  readonly streamId: string
  /** Aborts when the turn is cancelled or this instance stops. */
  readonly signal: AbortSignal
  readonly content: string
  /** Adds text to the answer. */
  text(piece: string): void
  emit(event: Unaddressed<TurnEvent>): void
  /** Takes the answer back: another one begins. */
  reset(reason: string): void
  /** Adds the usage of an attempt, also for turns that fail later. */
  addUsage(usage: AttemptUsage): void
  /** Sets the agent, provider and model that answer, as soon as they are known. */
  answeredBy(who: { agentId?: string | null; provider?: string | null; model?: string | null }): void
  /** Returns a promise for the time when more may be written; undefined when it may be now. */
  drained(): Promise<void> | undefined
}

/** The conversation of a turn, and its question. */
export interface TurnSession {
  id: string
  channel: string
  question: {
    /** Id of the message; generated where none is given. */
    id?: string | undefined
    author: { id: string; username: string }
    content: string
  }
  /**
   * Of another answer to a question that is kept already: `seq` of the first message that leaves the conversation for
   * it, which the answer is no part of until then.
   */
  replacesSeq?: number | undefined
}

export interface TurnRequest {
  kind: TurnKind
  owner: string
  onDisconnect: Stream['on_disconnect']
  /** Language of the caller, in which the turn's error is worded; English by default. */
  language?: Language | undefined
  /** The conversation to which the turn belongs, and the question. */
  session?: TurnSession | undefined
  /** The field `about` of the `start` event. */
  about?: Record<string, unknown>
  agentId?: string | null
  /** Writes the conversation's own rows in the transaction that starts the turn. */
  insert?(db: Db, stream: Stream): Promise<void>
  /** In the transaction that ends the turn, where its answer is whole. */
  complete?(db: Db, stream: Stream): Promise<void>
  /** Called when the turn has ended, whatever ended it, before its end is published. */
  ended?(): Promise<void>
  /** Makes the answer. Its exception ends the turn as failed. */
  answer(turn: TurnWriter): Promise<AnswerOutcome>
}

/** A turn that this instance runs. */
export interface Turn {
  readonly stream: Stream
  readonly messageId: string
  /** The position in its channel of its first event, once that is published. Rejects when the turn ended before. */
  readonly began: Promise<Position>
  /** Resolves at the first text, or at the end. */
  readonly firstText: Promise<void>
  /** The terminal event and the whole answer; also for turns that failed. */
  readonly ended: Promise<{ event: Readonly<Record<string, unknown>>; content: string }>
}

export interface TurnsOptions {
  /** Milliseconds within which text is joined: `CHUNK_FLUSH_MS`. */
  flushMs: number
  /** Called when a turn has ended, with its figures. */
  onEnded?(turn: EndedTurn): void
  onStarted?(kind: TurnKind, streamId: string): void
  /** Called at the first token. @param ms since the start of the turn */
  onFirstToken?(streamId: string, ms: number): void
  /** Called when a turn of an instance that died was ended as failed by this one. */
  onLost?(kind: string): void
}

export interface EndedTurn {
  streamId: string
  kind: TurnKind
  state: Ending['state']
  durationMs: number
  ttftMs: number | null
  errorCode: string | null
  promptTokens: number
  completionTokens: number
}
