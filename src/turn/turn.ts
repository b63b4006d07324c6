import type { Position } from '../channel/broker.ts'
import type { Language } from '../language/language.ts'
import type { TurnEvent, TurnEventOf, Unaddressed } from '../protocol/turn.ts'
import type { Db, Ending, Stream } from '../stream/stream.ts'
import type { AttemptUsage } from './usage.ts'

/** Interfaces by what they run; the `kind` of their streams. */
export const TURN_KINDS = ['chat', 'prompt', 'completion', 'action'] as const
export type TurnKind = (typeof TURN_KINDS)[number]

/** How an answer came about. */
export interface AnswerOutcome {
  agentId?: string | null
  provider: string | null
  model: string | null
  finishReason: TurnEventOf<'complete'>['finish_reason']
  suggestedActions?: readonly string[]
  cached?: boolean
  result?: Record<string, unknown>
}

/** A turn from the inside, while its answer is being made. */
export interface TurnWriter {
  readonly streamId: string
  /** Aborts when the turn is cancelled or this instance stops. */
  readonly signal: AbortSignal
  readonly content: string
  /** Adds to the answer. */
  text(piece: string): void
  emit(event: Unaddressed<TurnEvent>): void
  /** Takes the answer back: the next one starts over. */
  reset(reason: string): void
  /** Counts what was used, whatever comes of the turn. */
  addUsage(usage: AttemptUsage): void
  /** Who answers, as soon as it is known. */
  answeredBy(who: { agentId?: string | null; provider?: string | null; model?: string | null }): void
  /** Resolves when more may be told; undefined when it may at once. */
  drained(): Promise<void> | undefined
}

/** The conversation that a turn belongs to, and what is asked in it. */
export interface TurnSession {
  id: string
  channel: string
  question: {
    /** Made where nobody gives one. */
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
  /** Of who asks: the turn's error is told in it. English unless it is given. */
  language?: Language | undefined
  /** The conversation that it belongs to, and what is asked in it. */
  session?: TurnSession | undefined
  /** `start.about` */
  about?: Record<string, unknown>
  agentId?: string | null
  /** In the transaction that starts the turn: the conversation's own rows. */
  insert?(db: Db, stream: Stream): Promise<void>
  /** In the transaction that ends the turn, where its answer is whole. */
  complete?(db: Db, stream: Stream): Promise<void>
  /** Called when the turn has ended, whatever ended it, before its end is published. */
  ended?(): Promise<void>
  /** Makes the answer. What it throws ends the turn as failed. */
  answer(turn: TurnWriter): Promise<AnswerOutcome>
}

/** A turn that this instance runs. */
export interface Turn {
  readonly stream: Stream
  readonly messageId: string
  /** Where it began in its channel; the first event is there. Rejects when it ended before. */
  readonly began: Promise<Position>
  /** Settles at the first text, or the end. */
  readonly spoke: Promise<void>
  /** Its terminal event and the whole answer; also for turns that failed. */
  readonly ended: Promise<{ event: Readonly<Record<string, unknown>>; content: string }>
}

export interface TurnsOptions {
  /** `CHUNK_FLUSH_MS` */
  flushMs: number
  /** Told how each turn went, once it has ended. */
  onEnded?(turn: EndedTurn): void
  onStarted?(kind: TurnKind, streamId: string): void
  /** @param ms from the start of the turn */
  onFirstToken?(streamId: string, ms: number): void
  /** Told of a turn that was asked for elsewhere, by an instance that died, and has failed for that. */
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
