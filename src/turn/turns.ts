import { randomUUID } from 'node:crypto'
import type { Position } from '../channel/broker.ts'
import type { Hub } from '../channel/hub.ts'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import { turnEventText } from '../protocol/turn-event.ts'
import type { Store } from '../store/database.ts'
import type { MessageState } from '../store/schema.ts'
import type { Db, EndCause, Ending, Execution, Runner, Stream } from '../stream/stream.ts'
import { openAt, runningIn } from '../stream/stream-rows.ts'
import type { Streams } from '../stream/streams.ts'
import { checkpoints } from './answer-checkpoint.ts'
import { AnswerTexts, askedToKeep } from './answer-texts.ts'
import { turnAsked } from './asked.ts'
import { type CompletedTurn, firstPiece, wholeAnswer } from './attendance.ts'
import { type LiveTurn, newLiveTurn, questionText, turnWriter, usageOf } from './live.ts'
import { TurnPublisher } from './publisher.ts'
import { type TurnStatistics, turnStatistics } from './statistics.ts'
import { FALLBACK_ENDPOINTS, type Turn, type TurnKind, type TurnRequest, type TurnsOptions } from './turn.ts'
import { addDailyUsage } from './usage.ts'

const STATES: Readonly<Record<Ending['state'], MessageState>> = {
  completed: 'complete',
  failed: 'error',
  cancelled: 'cancelled',
}

/**
 * Runs turns: each is a stream that runs on the instance where it was started, publishes to its conversation's
 * channel (or one of its own), and stores its answer as a message, whatever ends it.
 */
export class Turns {
  readonly texts: AnswerTexts
  readonly #store: Store
  readonly #streams: Streams
  readonly #hub: Hub
  readonly #options: TurnsOptions
  readonly #live = new Map<string, LiveTurn>()
  /** Answers of turns whose instance died, by stream, from when they are found until they are stored. */
  readonly #found = new Map<string, string>()

  constructor(store: Store, streams: Streams, hub: Hub, options: TurnsOptions) {
    this.#store = store
    this.#streams = streams
    this.#hub = hub
    this.#options = options
    this.texts = new AnswerTexts(store, streams, hub, (id) => this.#live.get(id)?.publisher)
    hub.onSignal((signal) => {
      const live = this.#live.get(askedToKeep(signal) ?? '')
      live?.keep?.().catch(() => undefined)
    })
  }

  /** Returns the runner of turns of one kind. */
  runner(kind: TurnKind): Runner {
    return {
      kind,
      concurrency: Number.MAX_SAFE_INTEGER,
      resumable: false,
      run: (execution) => this.#run(execution),
      conclude: (stream, cause) => this.#conclude(stream, cause, FALLBACK_ENDPOINTS[kind]),
      settle: (db, stream, ending) => this.#settle(db, stream, ending),
      ended: (stream, ending) => this.#ended(stream, ending),
      left: (stream) => this.#left(stream),
    }
  }

  /**
   * Starts a turn. Its question and its empty answer are stored before anything is published, and nothing is stored
   * while the bus takes no publications.
   * @throws {Problem} `BUS_UNAVAILABLE`, `TOO_MANY_STREAMS`, `DRAINING`, and those of `insert`
   */
  async start(request: TurnRequest): Promise<Turn> {
    const id = randomUUID()
    const { session, kind, owner } = request
    const channel = session?.channel ?? `stream:${id}`
    await this.#hub.requireWritable(channel)
    const live = newLiveTurn(request)
    const { messageId } = live
    this.#live.set(id, live)
    try {
      const stream = await this.#streams.start(
        {
          kind,
          channel,
          owner,
          id,
          onDisconnect: request.onDisconnect,
          language: request.language,
          here: true,
        },
        async (db, row) => {
          await request.insert?.(db, row)
          const now = Date.now()
          const shared = { session_id: session?.id ?? null, stream_id: id, created_at: now }
          const question = session &&
            session.replacesSeq === undefined && {
              ...shared,
              id: live.questionId,
              author: session.question.author.id,
              role: 'user' as const,
              content: session.question.content,
              state: 'complete' as const,
            }
          const answer = {
            ...shared,
            id: messageId,
            author: null,
            role: 'assistant' as const,
            content: '',
            state: 'pending' as const,
            replaces_seq: session?.replacesSeq ?? null,
          }
          await db
            .insertInto('chat_messages')
            .values(question ? [question, answer] : answer)
            .execute()
        },
      )
      this.#options.onStarted?.(kind, id)
      const { began, firstText, ended } = live
      return { stream, messageId, began: began.promise, firstText: firstText.promise, ended: ended.promise }
    } catch (error) {
      this.#live.delete(id)
      throw error
    }
  }

  /** Returns the running turns of a conversation's channel on any instance, oldest first. */
  running(channel: string): Promise<Stream[]> {
    return runningIn(this.#store.db, channel)
  }

  /**
   * Returns the turns of a conversation's channel that have not ended before a position: later events may belong to
   * them.
   */
  openAt(channel: string, position: Position): Promise<Stream[]> {
    return openAt(this.#store.db, channel, position)
  }

  /** Returns the first of the turns whose question has exactly this text. */
  asked(streams: readonly Stream[], question: string): Promise<Stream | undefined> {
    return turnAsked(this.#store, streams, question)
  }

  /** Reads the statistics of turns. @param owner null for those of all users */
  statistics(owner: string | null): Promise<TurnStatistics> {
    return turnStatistics(this.#store, owner)
  }

  /** See {@link firstPiece}. */
  firstPiece(turn: Turn, gone: AbortSignal): Promise<void> {
    return firstPiece(this.#hub, turn, gone)
  }

  /** See {@link wholeAnswer}. */
  wholeAnswer(turn: Turn, gone: AbortSignal): Promise<CompletedTurn> {
    return wholeAnswer(this.#hub, turn, gone)
  }

  async #run(execution: Execution): Promise<Ending> {
    const { stream, signal } = execution
    const live = this.#live.get(stream.id)
    if (!live) throw new Problem('INTERRUPTED', say('stream.instance_stopped'))
    const { request, messageId } = live
    const opened = await this.#open(execution, live)
    const publisher = new TurnPublisher(
      execution,
      opened,
      (channel, after, limit) => this.#hub.history(channel, after, limit),
      this.#options.flushMs,
    )
    live.publisher = publisher
    const keeping = checkpoints(this.#store, execution, publisher, () => live.who)
    live.keep = keeping.keep
    try {
      const answered = await request.answer(
        turnWriter(execution, live, publisher, this.#options.onFirstToken),
      )
      signal.throwIfAborted()
      await publisher.flush()
      const { agentId = live.who.agentId, provider, model } = answered
      live.who = { agentId, provider, model }
      const usage = usageOf(live.spent)
      return {
        state: 'completed',
        event: {
          type: 'complete',
          stream_id: stream.id,
          session_id: request.session?.id ?? null,
          message_id: messageId,
          agent_id: agentId,
          provider,
          model,
          total_tokens: usage.prompt_tokens + usage.completion_tokens,
          usage,
          finish_reason: answered.finishReason,
          duration_ms: Math.round(performance.now() - live.startedMs),
          ttft_ms: live.firstTokenMs === null ? null : Math.round(live.firstTokenMs),
          ...(answered.cached ? { cached: true } : {}),
          suggested_actions: answered.suggestedActions ?? [],
          ...(answered.result ? { result: answered.result } : {}),
        },
      }
    } catch (error) {
      // Readers and the store get the same answer: both end with the last text.
      await publisher.flush().catch(() => undefined)
      throw error
    } finally {
      await keeping.stop()
    }
  }

  /** Publishes the first events of a turn: in a conversation the question, then `start`. */
  async #open({ stream, publish }: Execution, live: LiveTurn): Promise<Position> {
    const { session, about } = live.request
    const timestamp = new Date(stream.started_at).toISOString()
    const start = turnEventText(stream.id, {
      type: 'start',
      session_id: session?.id ?? null,
      message_id: live.messageId,
      timestamp,
      ...(about ? { about } : {}),
    })
    const texts = session ? [questionText(live, session, stream, timestamp), start] : [start]
    try {
      const position = await publish(texts)
      live.began.resolve({ ...position, offset: position.offset - texts.length })
      return position
    } catch (error) {
      live.began.reject(error)
      throw error
    }
  }

  async #conclude(stream: Stream, cause: EndCause, fallback_endpoint: string | null): Promise<Ending> {
    const live = this.#live.get(stream.id)
    const content = live ? (live.publisher?.content ?? '') : await this.texts.last(stream)
    if (!live) this.#found.set(stream.id, content)
    if (cause.state === 'cancelled')
      return {
        state: 'cancelled',
        event: { type: 'cancelled', stream_id: stream.id, content_chars: [...content].length },
      }
    const { code, retryAfter } = cause.problem
    return {
      state: 'failed',
      event: {
        type: 'error',
        stream_id: stream.id,
        error_code: code,
        message: cause.problem.tell(stream.language).detail,
        fallback_endpoint,
        retry_after: retryAfter ?? null,
      },
    }
  }

  async #settle(db: Db, stream: Stream, ending: Ending): Promise<void> {
    const live = this.#live.get(stream.id)
    const content = live?.publisher?.content ?? this.#found.get(stream.id)
    const spent = live?.spent ?? []
    await db
      .updateTable('chat_messages')
      .set({
        ...(content === undefined ? {} : { content }),
        content_at: null,
        state: STATES[ending.state],
        ...(live ? { agent_id: live.who.agentId, provider: live.who.provider, model: live.who.model } : {}),
        usage_json: JSON.stringify(usageOf(spent)),
      })
      .where('stream_id', '=', stream.id)
      .where('role', '=', 'assistant')
      .execute()
    if (ending.state === 'completed') await live?.request.complete?.(db, stream)
    await addDailyUsage(db, stream.owner, spent)
  }

  async #ended(stream: Stream, { state, event }: Ending): Promise<void> {
    const live = this.#live.get(stream.id)
    if (!live) {
      if (state === 'failed') this.#options.onLost?.(stream.kind)
      return
    }
    await live.request.ended?.()
    live.isOver = true
    if (!live.publisher) live.began.reject(new Problem('INTERRUPTED', say('chat.ended_before_start')))
    live.firstText.resolve()
    live.ended.resolve({ event, content: live.publisher?.content ?? '' })
    const usage = usageOf(live.spent)
    this.#options.onEnded?.({
      streamId: stream.id,
      kind: live.request.kind,
      state,
      durationMs: performance.now() - live.startedMs,
      ttftMs: live.firstTokenMs,
      errorCode: (event.error_code as string | undefined) ?? null,
      promptTokens: usage.prompt_tokens,
      completionTokens: usage.completion_tokens,
    })
  }

  /** Rejects the promises of a turn that could not be ended on this instance. */
  #left({ id }: Stream): void {
    this.#found.delete(id)
    const live = this.#live.get(id)
    this.#live.delete(id)
    if (!live || live.isOver) return
    void live.request.ended?.()
    const lost = new Problem('INTERRUPTED', say('chat.not_ended_here'))
    live.began.reject(lost)
    live.firstText.resolve()
    live.ended.reject(lost)
  }
}
