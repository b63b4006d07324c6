import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Position } from '../channel/broker.ts'
import type { Hub } from '../channel/hub.ts'
import { Problem } from '../errors.ts'
import {
  type RoomEvent,
  singleLine,
  type TurnEvent,
  type TurnEventOf,
  turnEventText,
  type Unaddressed,
} from '../protocol/turn.ts'
import type { Store } from '../store/database.ts'
import type { MessageState } from '../store/schema.ts'
import type { Db, EndCause, Ending, Execution, Runner, Stream } from '../stream/stream.ts'
import type { Streams } from '../stream/streams.ts'
import { checkpoints } from './checkpoint.ts'
import { beginningOf, contentAt, Teller, type Told } from './teller.ts'
import { noteUsage, type Spent } from './usage.ts'

/** Interfaces by what they run; the `kind` of their streams. */
export const TURN_KINDS = ['chat', 'prompt', 'completion', 'action'] as const
export type TurnKind = (typeof TURN_KINDS)[number]

/** How an answer came about. */
export interface Answered {
  agentId?: string | null
  provider: string | null
  model: string | null
  finishReason: TurnEventOf<'complete'>['finish_reason']
  suggestedActions?: readonly string[]
  cached?: boolean
  result?: Record<string, unknown>
}

/** A turn from the inside, while its answer is being made. */
export interface Telling {
  readonly streamId: string
  /** Aborts when the turn is cancelled or this instance stops. */
  readonly signal: AbortSignal
  readonly content: string
  /** Adds to the answer. */
  text(piece: string): void
  tell(event: Unaddressed<TurnEvent>): void
  /** Takes the answer back: the next one starts over. */
  reset(reason: string): void
  /** Counts what was used, whatever comes of the turn. */
  spent(usage: Spent): void
  /** Who answers, as soon as it is known. */
  by(who: { agentId?: string | null; provider?: string | null; model?: string | null }): void
  /** Resolves when more may be told. */
  drained(): Promise<void>
}

export interface TurnRequest {
  kind: TurnKind
  owner: string
  onDisconnect: Stream['on_disconnect']
  /** The conversation that it belongs to, and what is asked in it. */
  session?:
    | { id: string; question: { author: { id: string; username: string }; content: string } }
    | undefined
  /** `start.about` */
  about?: Record<string, unknown>
  agentId?: string | null
  /** In the transaction that starts the turn: the conversation's own rows. */
  insert?(db: Db, stream: Stream): Promise<void>
  /** Makes the answer. What it throws ends the turn as failed. */
  answer(turn: Telling): Promise<Answered>
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
  onStarted?(kind: TurnKind): void
}

export interface EndedTurn {
  kind: TurnKind
  state: Ending['state']
  durationMs: number
  ttftMs: number | null
  errorCode: string | null
  completionTokens: number
}

interface Live {
  request: TurnRequest
  messageId: string
  questionId: string
  teller: Teller | undefined
  keep: (() => Promise<void>) | undefined
  spent: Spent[]
  startedMs: number
  firstTokenMs: number | null
  who: { agentId: string | null; provider: string | null; model: string | null }
  began: Deferred<Position>
  spoke: Deferred<void>
  isOver: boolean
  ended: Deferred<{ event: Readonly<Record<string, unknown>>; content: string }>
}

interface Deferred<T> {
  promise: Promise<T>
  resolve(value: T): void
  reject(error: unknown): void
}

const deferred = <T>(): Deferred<T> => {
  let resolve!: (value: T) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  // Not everyone waits for each of them.
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}

/** Asks the instance that runs a turn to keep what it has told. */
const WORD = 'turn '
/** How long it is asked, and how often, before what it kept last has to do. */
const ASKED_MS = 3000
const ASK_AGAIN_MS = 50

const STATES: Readonly<Record<Ending['state'], MessageState>> = {
  completed: 'complete',
  failed: 'error',
  cancelled: 'cancelled',
}

export const sessionChannel = (sessionId: string): string => `chat:${sessionId}`

const channelOf = (sessionId: string | undefined, streamId: string): string =>
  sessionId === undefined ? `stream:${streamId}` : sessionChannel(sessionId)

/**
 * The life of answers: each is a stream that runs on the instance it was asked at, publishes to its conversation's
 * channel (or one of its own), and keeps what it said as a message, whatever ends it.
 */
export class Turns {
  readonly #store: Store
  readonly #streams: Streams
  readonly #hub: Hub
  readonly #options: TurnsOptions
  readonly #live = new Map<string, Live>()
  /** What is left of turns whose instance died, between finding it out and writing it down. */
  readonly #found = new Map<string, string>()

  constructor(store: Store, streams: Streams, hub: Hub, options: TurnsOptions) {
    this.#store = store
    this.#streams = streams
    this.#hub = hub
    this.#options = options
    hub.onSignal((message) => {
      if (message.startsWith(WORD))
        this.#live
          .get(message.slice(WORD.length))
          ?.keep?.()
          .catch(() => undefined)
    })
  }

  /** One for each kind, for {@link Streams.work}. */
  runners(): Runner[] {
    return TURN_KINDS.map((kind) => ({
      kind,
      concurrency: Number.MAX_SAFE_INTEGER,
      resumable: false,
      run: (execution) => this.#run(execution),
      conclude: (stream, cause) => this.#conclude(stream, cause),
      settle: (db, stream, ending) => this.#settle(db, stream, ending),
      ended: (stream, ending) => this.#ended(stream, ending),
      left: (stream) => this.#left(stream),
    }))
  }

  /**
   * Asks. The question is stored, and so is the empty answer, before anything is published.
   * @throws {Problem} `TOO_MANY_STREAMS`, `DRAINING`, and what `insert` throws
   */
  async start(request: TurnRequest): Promise<Turn> {
    const id = randomUUID()
    const messageId = randomUUID()
    const { session, kind, owner } = request
    const live: Live = {
      request,
      messageId,
      questionId: randomUUID(),
      teller: undefined,
      keep: undefined,
      spent: [],
      startedMs: performance.now(),
      firstTokenMs: null,
      who: { agentId: request.agentId ?? null, provider: null, model: null },
      began: deferred(),
      spoke: deferred(),
      isOver: false,
      ended: deferred(),
    }
    this.#live.set(id, live)
    try {
      const channel = channelOf(session?.id, id)
      const stream = await this.#streams.start(
        { kind, channel, owner, id, onDisconnect: request.onDisconnect, here: true },
        async (db, row) => {
          await request.insert?.(db, row)
          const now = Date.now()
          const shared = { session_id: session?.id ?? null, stream_id: id, created_at: now }
          const question = session && {
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
          }
          await db
            .insertInto('chat_messages')
            .values(question ? [question, answer] : answer)
            .execute()
        },
      )
      this.#options.onStarted?.(kind)
      const { began, spoke, ended } = live
      return { stream, messageId, began: began.promise, spoke: spoke.promise, ended: ended.promise }
    } catch (error) {
      this.#live.delete(id)
      throw error
    }
  }

  /** Running turns of a conversation on any instance, oldest first. */
  async running(sessionId: string): Promise<Stream[]> {
    return this.#store.db
      .selectFrom('streams')
      .selectAll()
      .where('channel', '=', sessionChannel(sessionId))
      .where('state', '=', sql.lit<'running'>('running'))
      .orderBy('started_at')
      .execute()
  }

  /** Turns of a conversation whose end does not stand before a position: what follows it may tell more of them. */
  async openAt(sessionId: string, { epoch, offset }: Position): Promise<Stream[]> {
    return this.#store.db
      .selectFrom('streams')
      .selectAll()
      .where('channel', '=', sessionChannel(sessionId))
      .where((eb) =>
        eb.or([
          eb('state', '=', 'running'),
          eb('end_offset', 'is', null),
          eb.and([eb('end_epoch', '=', epoch), eb('end_offset', '>', offset)]),
        ]),
      )
      .execute()
  }

  /**
   * The stream, knowing where it began: its row is told that a while later, and never when its instance dies before,
   * so until then it is looked for in the log.
   * @throws {Problem} `BUS_UNAVAILABLE`
   */
  async located(stream: Stream): Promise<Stream> {
    if (stream.epoch !== null) return stream
    const opening = stream.channel === `stream:${stream.id}` ? 1 : 2
    const history: Hub['history'] = (...of) => this.#hub.history(...of)
    const began = await beginningOf(history, stream.channel, stream.id, opening)
    return began ? Object.assign(stream, { epoch: began.epoch, start_offset: began.offset }) : stream
  }

  /**
   * An answer so far, up to a position of its channel. Where the log has lost what would prove it, whoever runs the
   * turn is asked; of an instance that died, what it kept last has to do.
   * @throws {Problem} `BUS_UNAVAILABLE`
   */
  async contentAt(stream: Stream, position: Position): Promise<string> {
    const until = performance.now() + ASKED_MS
    for (let now = stream; ; now = (await this.#streams.get(stream.id)) ?? now) {
      const live = this.#live.get(stream.id)
      const placed = now.state === 'running' ? await live?.teller?.placed().catch(() => undefined) : undefined
      const known = placed ?? (await this.#known(now))
      const content = await this.#content(now, known, position)
      if (content !== undefined) return content
      if (live || now.state !== 'running' || performance.now() > until) return known.content
      await this.#hub.signal(WORD + stream.id)
      await sleep(ASK_AGAIN_MS)
    }
  }

  #content(stream: Stream, known: Told, position: Position): Promise<string | undefined> {
    const history: Hub['history'] = (...of) => this.#hub.history(...of)
    return contentAt(history, stream.channel, stream.id, known, position)
  }

  /** What is known of an answer: all of it here, on other instances what they kept last. */
  async #known(stream: Stream): Promise<Told> {
    const told = this.#live.get(stream.id)?.teller?.told
    if (told) return told
    await this.located(stream).catch(() => undefined)
    const row = await this.#store.db
      .selectFrom('chat_messages')
      .select(['content', 'content_at', 'state'])
      .where('stream_id', '=', stream.id)
      .where('role', '=', 'assistant')
      .executeTakeFirst()
    const content = row?.content ?? ''
    if (row !== undefined && row.state !== 'pending' && row.state !== 'streaming') {
      if (stream.end_epoch !== null && stream.end_offset !== null)
        return { content, epoch: stream.end_epoch, offset: stream.end_offset }
      // The end is not in the log yet, and nothing but the end is still to come.
      const { epoch, top } = await this.#hub.history(stream.channel, Number.MAX_SAFE_INTEGER, 1)
      return { content, epoch, offset: top }
    }
    const kept = /^(.*):(\d+)$/.exec(row?.content_at ?? '')
    return {
      content,
      epoch: kept?.[1] ?? stream.epoch ?? '',
      offset: kept ? Number(kept[2]) : (stream.start_offset ?? 0),
    }
  }

  async #run(execution: Execution): Promise<Ending> {
    const { stream, signal } = execution
    const live = this.#live.get(stream.id)
    if (!live) throw new Problem('INTERRUPTED', 'the instance that ran this stream stopped')
    const { request, messageId } = live
    const opened = await this.#open(execution, live)
    const teller = new Teller(
      execution,
      opened,
      (channel, after, limit) => this.#hub.history(channel, after, limit),
      this.#options.flushMs,
    )
    live.teller = teller
    const keeping = checkpoints(execution, messageId, teller, () => live.who)
    live.keep = keeping.keep
    try {
      const answered = await request.answer(this.#telling(execution, live, teller))
      signal.throwIfAborted()
      await teller.flush()
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
      // Viewers see what is stored: both end with the last text that came.
      await teller.flush().catch(() => undefined)
      throw error
    } finally {
      await keeping.stop()
    }
  }

  /** The first publications of a turn: in a conversation the question, then `start`. */
  async #open({ stream, publish }: Execution, live: Live): Promise<Position> {
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

  #telling({ stream, signal }: Execution, live: Live, teller: Teller): Telling {
    return {
      streamId: stream.id,
      signal,
      get content() {
        return teller.content
      },
      text(piece) {
        if (piece === '') return
        if (live.firstTokenMs === null) {
          live.firstTokenMs = performance.now() - live.startedMs
          live.spoke.resolve()
        }
        teller.text(piece)
      },
      tell(event) {
        if (event.type === 'tool_call' || event.type === 'reasoning') {
          live.firstTokenMs ??= performance.now() - live.startedMs
          live.spoke.resolve()
        }
        teller.tell(event)
      },
      reset: (reason) => teller.reset(reason),
      spent: (usage) => void live.spent.push(usage),
      by: (who) => Object.assign(live.who, who),
      drained: () => teller.drained(),
    }
  }

  async #conclude(stream: Stream, cause: EndCause): Promise<Ending> {
    const content = await this.#lastContent(stream)
    if (cause.state === 'cancelled')
      return {
        state: 'cancelled',
        event: { type: 'cancelled', stream_id: stream.id, content_chars: [...content].length },
      }
    const { code, message, retryAfter } = cause.problem
    return {
      state: 'failed',
      event: {
        type: 'error',
        stream_id: stream.id,
        error_code: code,
        message,
        fallback_endpoint: stream.kind === 'chat' ? '/api/v1/chat/message' : null,
        retry_after: retryAfter ?? null,
      },
    }
  }

  /** The answer as far as it came, also of an instance that died. */
  async #lastContent(stream: Stream): Promise<string> {
    const live = this.#live.get(stream.id)
    if (live) return live.teller?.content ?? ''
    const { epoch, top } = await this.#hub
      .history(stream.channel, Number.MAX_SAFE_INTEGER, 1)
      .catch(() => ({ epoch: '', top: 0 }))
    const known = await this.#known(stream)
    const content = (await this.#content(stream, known, { epoch, offset: top })) ?? known.content
    this.#found.set(stream.id, content)
    return content
  }

  async #settle(db: Db, stream: Stream, ending: Ending): Promise<void> {
    const live = this.#live.get(stream.id)
    const content = live?.teller?.content ?? this.#found.get(stream.id)
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
    await noteUsage(db, stream.owner, spent)
  }

  async #ended(stream: Stream, { state, event }: Ending): Promise<void> {
    const live = this.#live.get(stream.id)
    if (!live) return
    live.isOver = true
    if (!live.teller) live.began.reject(new Problem('INTERRUPTED', 'the turn ended before it began'))
    live.spoke.resolve()
    live.ended.resolve({ event, content: live.teller?.content ?? '' })
    this.#options.onEnded?.({
      kind: live.request.kind,
      state,
      durationMs: performance.now() - live.startedMs,
      ttftMs: live.firstTokenMs,
      errorCode: (event.error_code as string | undefined) ?? null,
      completionTokens: usageOf(live.spent).completion_tokens,
    })
  }

  /** Whoever still waits for a turn that could not be ended here is told so. */
  #left({ id }: Stream): void {
    this.#found.delete(id)
    const live = this.#live.get(id)
    this.#live.delete(id)
    if (!live || live.isOver) return
    const lost = new Problem('INTERRUPTED', 'the turn could not be ended here')
    live.began.reject(lost)
    live.spoke.resolve()
    live.ended.reject(lost)
  }
}

const usageOf = (spent: readonly Spent[]) => ({
  prompt_tokens: spent.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
  completion_tokens: spent.reduce((sum, { completionTokens }) => sum + completionTokens, 0),
  // Binary fractions of a cent add up to numbers that nobody wants to read.
  cost_usd: Number(spent.reduce((sum, { costUsd }) => sum + costUsd, 0).toFixed(10)),
})

const questionText = (
  { questionId }: Live,
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
