import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCode, Problem } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import { type TurnFeedOptions, type TurnPresentation, turnFeed } from '../feed/turn.ts'
import type { Shares } from '../identity/shares.ts'
import { say } from '../language/sentence.ts'
import type { Stream } from '../stream/stream.ts'
import type { Streams } from '../stream/streams.ts'
import { serveText } from '../transport/raw-text.ts'
import { type EventStreamSettings, requestedPosition, sendAway, serveEvents } from '../transport/sse.ts'
import { problemOf } from '../turn/attendance.ts'
import type { Turn, TurnKind } from '../turn/turn.ts'
import type { BodyInterface, EventInterface, StreamInterface } from '../vocabulary/interfaces.ts'
import { countingFailure } from './failure.ts'
import { viewerOf } from './viewer.ts'

/** Options of every route that shows turns. */
export interface ShowingOptions {
  /** `shares` ends what is shown of somebody else's turn when it is not shared with the viewer any more. */
  feed: TurnFeedOptions & { shares: Pick<Shares, 'watch'> }
  streaming: EventStreamSettings
}

/** An interface, as one connection watches a turn through it. */
export interface Presented {
  through: StreamInterface
  /** The connection's vocabulary; none where events are shown as they were published. */
  spoken: TurnPresentation | undefined
}

type OptionsOf<I> = I extends { vocabulary(options: infer O): unknown } ? O : undefined

/** Opens an interface for one connection, with the options of its vocabulary. */
export const present = <I extends StreamInterface>(through: I, options: OptionsOf<I>): Presented => {
  if (through.vocabulary === 'published') return { through, spoken: undefined }
  const vocabulary = through.vocabulary(options as never)
  return { through, spoken: { vocabulary, wordless: !vocabulary.hasSnapshots } }
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
 * Answers with a stream that the caller may see, through an interface, from the position that the client names.
 * @param endpoint the route's pattern where it is not the interface's own
 */
export const serveStream = async (
  request: FastifyRequest,
  reply: FastifyReply,
  asked: Stream,
  { through, spoken }: Presented,
  { feed, streaming }: ShowingOptions,
  endpoint = through.endpoint,
): Promise<FastifyReply> => {
  const stream = await feed.turns.texts.located(asked)
  const position = requestedPosition(request)
  // The client is not shown again what it has, but what it is shown next may build on it.
  if (spoken && !spoken.wordless && position && position.epoch === stream.epoch)
    spoken.vocabulary.resume(await feed.turns.texts.at(stream, position), 0)
  const { identity } = request
  const shown = turnFeed(feed, stream, spoken)
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
 * Answers with a turn that has just been started, through an interface, from its beginning. A position that the request
 * names is another stream's: clients that follow one `POST` after the other may send it along.
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

/** Errors that pass by themselves: an EventSource that is answered with a status would not come back after them. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'DRAINING',
  'OVERLOADED',
  'TOO_MANY_CONNECTIONS',
  'TOO_MANY_STREAMS',
  'BUS_UNAVAILABLE',
])

/**
 * Refuses to start a turn that there is no connection for: nobody would watch it, and it would be paid for.
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
 * Starts a turn and answers with it through an interface. A `GET` that there is no room for now is answered with `200`,
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
 * Finds the caller's own stream that a reconnecting EventSource was watching, which asks with the same GET that started
 * it.
 * @param choose picks one of several that the position may belong to, the likeliest first
 * @returns undefined when the request names no position: then a new stream is wanted
 * @throws {Problem} `NOT_FOUND` when the position belongs to no stream of the caller's kind
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

/** Cancels a turn, and its vendor's work, as soon as its client leaves: nobody could come back to it. */
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
