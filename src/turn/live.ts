import { randomUUID } from 'node:crypto'
import type { Position } from '../channel/broker.ts'
import { singleLine } from '../protocol/event-text.ts'
import type { RoomEvent } from '../protocol/turn-event.ts'
import type { Execution, Stream } from '../stream/stream.ts'
import { type Deferred, deferred } from './deferred.ts'
import type { TurnPublisher } from './publisher.ts'
import type { TurnRequest, TurnsOptions, TurnWriter } from './turn.ts'
import type { AttemptUsage } from './usage.ts'

/** The state of a turn that this instance runs. */
export interface LiveTurn {
  request: TurnRequest
  messageId: string
  questionId: string
  publisher: TurnPublisher | undefined
  /** Writes the answer so far to the store, for another instance that asks for it. */
  keep: (() => Promise<void>) | undefined
  spent: AttemptUsage[]
  startedMs: number
  firstTokenMs: number | null
  /** The agent, provider and model that answer, as far as they are known. */
  who: { agentId: string | null; provider: string | null; model: string | null }
  began: Deferred<Position>
  firstText: Deferred<void>
  isOver: boolean
  ended: Deferred<{ event: Readonly<Record<string, unknown>>; content: string }>
}

export const newLiveTurn = (request: TurnRequest): LiveTurn => ({
  request,
  messageId: randomUUID(),
  questionId: request.session?.question.id ?? randomUUID(),
  publisher: undefined,
  keep: undefined,
  spent: [],
  startedMs: performance.now(),
  firstTokenMs: null,
  who: { agentId: request.agentId ?? null, provider: null, model: null },
  began: deferred(),
  firstText: deferred(),
  isOver: false,
  ended: deferred(),
})

/** Makes the writer of a turn, which publishes, and records the time of the first token and the usage. */
export const turnWriter = (
  { stream, signal }: Execution,
  live: LiveTurn,
  publisher: TurnPublisher,
  onFirstToken?: TurnsOptions['onFirstToken'],
): TurnWriter => {
  const noteToken = () => {
    if (live.firstTokenMs !== null) return
    live.firstTokenMs = performance.now() - live.startedMs
    live.firstText.resolve()
    onFirstToken?.(stream.id, live.firstTokenMs)
  }
  return {
    streamId: stream.id,
    signal,
    get content() {
      return publisher.content
    },
    text(piece) {
      if (piece === '') return
      noteToken()
      publisher.text(piece)
    },
    emit(event) {
      if (event.type === 'tool_call' || event.type === 'reasoning') noteToken()
      publisher.event(event)
    },
    reset: (reason) => publisher.reset(reason),
    addUsage: (usage) => void live.spent.push(usage),
    answeredBy: (who) => Object.assign(live.who, who),
    drained: () => publisher.drained(),
  }
}

/** Returns the sum of the usage of all attempts at vendors. */
export const usageOf = (spent: readonly AttemptUsage[]) => ({
  prompt_tokens: spent.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
  completion_tokens: spent.reduce((sum, { completionTokens }) => sum + completionTokens, 0),
  // Removes the rounding errors of binary fractions.
  cost_usd: Number(spent.reduce((sum, { costUsd }) => sum + costUsd, 0).toFixed(10)),
})

/** Returns the JSON text of the event that shows a question to the readers of its conversation. */
export const questionText = (
  { questionId }: LiveTurn,
  { question }: NonNullable<TurnRequest['session']>,
  stream: Stream,
  created_at: string,
): string =>
  singleLine({
    type: 'user_message',
    message_id: questionId,
    stream_id: stream.id,
    user: question.author.username,
    content: question.content,
    created_at,
  } satisfies RoomEvent)
