import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCode, Problem } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import { type TurnFeedOptions, type TurnPresentation, turnFeed } from '../feed/turn-feed.ts'
import type { Shares } from '../identity/shares.ts'
import { say } from '../language/sentence.ts'
import type { Stream } from '../stream/stream.ts'
import type { Streams } from '../stream/streams.ts'
import { serveText } from '../transport/raw-text.ts'
import { type EventStreamSettings, requestedPosition, sendAway, serveEvents } from '../transport/sse.ts'
import { problemOf } from '../turn/attendance.ts'
import type { Turn, TurnKind } from '../turn/turn.ts'
import type { BodyInterface, EventInterface, StreamInterface } from '../vocabulary/interfaces.ts'
import { countingFailure } from './counted-failure.ts'
import { viewerOf } from './request-viewer.ts'

/** Options of every route that streams turns. */
export interface ShowingOptions {
  /** `shares` ends a stream of another user's turn when it is not shared with the reader any more. */
  feed: TurnFeedOptions & { shares: Pick<Shares, 'watch'> }
  streaming: EventStreamSettings
}

/** An interface, opened for one connection. */
export interface Presented {
  through: StreamInterface
  /** The connection's vocabulary; undefined where events are sent as they were published. */
  presentation: TurnPresentation | undefined
}

type OptionsOf<I> = I extends { vocabulary(options: infer O): unknown } ? O : undefined

/** Opens an interface for one connection, with the options of its vocabulary. */
export const present = <I extends StreamInterface>(through: I, options: OptionsOf<I>): Presented => {
  if (through.vocabulary === 'published') return { through, presentation: undefined }
  const vocabulary = through.vocabulary(options as never)
  return { through, presentation: { vocabulary, wordless: !vocabulary.hasSnapshots } }
}

interface Served {
  request: FastifyRequest
  reply: FastifyReply
  feed: Feed
  streamId: string
  endpoint: string
  streaming: EventStreamSettings
}

type Serve<I> = (through: I, served: Served) => Promise<FastifyReply>

/** Sends a feed over each wire that streams. */
const WIRES: { [W in StreamInterface['wire']]: Serve<Extract<StreamInterface, { wire: W }>> } = {
  'event-stream': (_through: EventInterface, { request, reply, feed, streaming, ...names }) =>
    serveEvents(request, reply, {
      ...streaming,
      ...names,
      feeds: [feed],
      viewer: viewerOf(request.identity, request),
    }),
  body: ({ contentType }: BodyInterface, { request, reply, feed, streaming, ...names }) =>
    serveText(request, reply, {
      ...streaming,
      ...names,
      feed,
      contentType,
      viewer: viewerOf(request.identity, request),
      problemOf: (data) => problemOf(JSON.parse(data)),
    }),
}

/**
 * Answers with a stream that the caller may read, through an interface, from the client's position on.
 * @param endpoint the route's pattern where it is not the interface's own
 */
export const serveStream = async (
  request: FastifyRequest,
  reply: FastifyReply,
  asked: Stream,
  { through, presentation }: Presented,
  { feed, streaming }: ShowingOptions,
  endpoint = through.endpoint,
): Promise<FastifyReply> => {
  const stream = await feed.turns.texts.located(asked)
  const position = requestedPosition(request)
  // The client does not get earlier text again, but later events may contain it.
  if (presentation && !presentation.wordless && position && position.epoch === stream.epoch)
    presentation.vocabulary.resume(await feed.turns.texts.at(stream, position), 0)
  const { identity } = request
  const shown = turnFeed(feed, stream, presentation)
  const withdrawn = (run: () => void) => feed.shares.watch(identity, { type: 'stream', id: stream.id }, run)
  const served: Served = {
    request,
    reply,
    streaming,
    endpoint,
    streamId: stream.id,
    feed: stream.owner === identity.id ? shown : { ...shown, withdrawn },
  }
  const serve = WIRES[through.wire] as Serve<StreamInterface>
  return serve(through, served)
}

/**
 * Answers with a turn that has just been started, through an interface, from its beginning. A position in the
 * request belongs to another stream: clients that send one `POST` after the other may send it along.
 */
export const serveTurn = async (
  request: FastifyRequest,
  reply: FastifyReply,
  turn: Turn,
  presented: Presented,
  options: ShowingOptions,
): Promise<FastifyReply> => {
  await turn.began
  delete request.headers['last-event-id']
  delete (request.query as Record<string, unknown>).last_event_id
  return serveStream(request, reply, turn.stream, presented, options)
}

/** Temporary errors: an EventSource that gets them as a status would not reconnect. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'DRAINING',
  'OVERLOADED',
  'TOO_MANY_CONNECTIONS',
  'TOO_MANY_STREAMS',
  'BUS_UNAVAILABLE',
])

/**
 * Refuses to start a turn whose connection cannot be served: it would cost money and have no reader.
 * @throws {Problem} `FEATURE_DISABLED`, `DRAINING`, `OVERLOADED`, `TOO_MANY_CONNECTIONS`
 */
export const requirePlace = (
  request: FastifyRequest,
  { enabled = true, connections }: Pick<EventStreamSettings, 'enabled' | 'connections'>,
): void => {
  if (!enabled) throw new Problem('FEATURE_DISABLED', say('socket.streams_off'))
  connections.check(request.ip)
}

/**
 * Starts a turn and answers with it through an interface. A `GET` that cannot be served now is answered with `200`,
 * `retry:` and a comment, and nothing is started.
 * @throws {Problem} those of `start`, and of {@link requirePlace}
 */
export const startServed = async (
  request: FastifyRequest,
  reply: FastifyReply,
  start: () => Promise<Turn>,
  presented: Presented,
  options: ShowingOptions,
): Promise<FastifyReply> => {
  let turn: Turn
  try {
    requirePlace(request, options.streaming)
    turn = countingFailure(request, await start())
  } catch (error) {
    if (request.method === 'GET' && error instanceof Problem && PASSING.has(error.code))
      return sendAway(reply, error)
    throw error
  }
  if (!presented.through.resumable) cancelWhenLeft(reply, options.feed.streams, turn)
  return serveTurn(request, reply, turn, presented, options)
}

/**
 * Finds the caller's own stream that a reconnecting EventSource was reading, since it repeats the GET that started
 * the stream.
 * @param choose picks one of several to which the position may belong, the likeliest first
 * @returns undefined when the request has no position: then a new stream is wanted
 * @throws {Problem} `NOT_FOUND` when the position belongs to no stream of the caller's and of that kind
 */
export const resumedStream = async (
  request: FastifyRequest,
  streams: Pick<Streams, 'around'>,
  kind: TurnKind,
  choose: (candidates: readonly Stream[]) => Promise<Stream | undefined> = async ([first]) => first,
): Promise<Stream | undefined> => {
  if (!request.headers['last-event-id'] && !(request.query as Record<string, unknown>).last_event_id)
    return undefined
  const position = requestedPosition(request)
  const candidates = position ? await streams.around(request.identity.id, position) : []
  const stream = await choose(candidates.filter((one) => one.kind === kind))
  if (!stream) throw new Problem('NOT_FOUND', say('stream.not_known'))
  return stream
}

/** Returns a signal that aborts when the client leaves. */
export const clientGone = ({ raw }: FastifyReply): AbortSignal => {
  const gone = new AbortController()
  raw.once('close', () => gone.abort())
  if (raw.destroyed) gone.abort()
  return gone.signal
}

/** Cancels a turn, and its vendor's work, as soon as its client leaves, for interfaces that cannot resume. */
export const cancelWhenLeft = (reply: FastifyReply, streams: Pick<Streams, 'cancel'>, turn: Turn): void => {
  let over = false
  const end = () => {
    over = true
  }
  turn.ended.then(end, end)
  const left = () => {
    if (!over) streams.cancel(turn.stream.id).catch(() => undefined)
  }
  reply.raw.once('close', left)
  if (reply.raw.destroyed) left()
}
