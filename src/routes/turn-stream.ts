import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Hub } from '../channel/hub.ts'
import { ERRORS, type ErrorCode, Problem } from '../errors.ts'
import { type TurnFeedOptions, type TurnPresentation, turnFeed } from '../feed/turn.ts'
import type { Shares } from '../identity/shares.ts'
import type { Stream } from '../stream/stream.ts'
import type { Streams } from '../stream/streams.ts'
import { type EventStreamSettings, requestedPosition, serveEvents } from '../transport/sse.ts'
import type { Turn, TurnKind } from '../turn/turn.ts'
import { viewerOf } from './viewer.ts'

export interface TurnStreamOptions {
  /** `shares` tells those who see somebody else's turn when it is not shared with them any more. */
  feed: TurnFeedOptions & { shares: Pick<Shares, 'watch'> }
  streaming: EventStreamSettings
  /** The route's pattern, for metrics. */
  endpoint: string
  /** The interface's own words; v1 where none are named. */
  spoken?: TurnPresentation
}

/** Answers with a stream that the caller may see, as an event-stream; from where the client stands, if it says so. */
export const serveStream = async (
  request: FastifyRequest,
  reply: FastifyReply,
  asked: Stream,
  { feed, streaming, endpoint, spoken }: TurnStreamOptions,
): Promise<FastifyReply> => {
  const stream = await feed.turns.texts.located(asked)
  const position = requestedPosition(request)
  // What the client has seen is not told again, but what is told next may build on it.
  if (spoken && !spoken.wordless && position && position.epoch === stream.epoch)
    spoken.vocabulary.resume(await feed.turns.texts.at(stream, position), 0)
  const { identity } = request
  const shown = turnFeed(feed, stream, spoken)
  const withdrawn = (run: () => void) => feed.shares.watch(identity, { type: 'stream', id: stream.id }, run)
  return serveEvents(request, reply, {
    ...streaming,
    feeds: [stream.owner === identity.id ? shown : { ...shown, withdrawn }],
    viewer: viewerOf(identity, request),
    endpoint,
    streamId: stream.id,
  })
}

/**
 * Answers with a turn that has just been started, as an event-stream from its beginning. A position that the request
 * names is another stream's: clients that follow one `POST` after the other may send it along.
 */
export const serveTurn = async (
  request: FastifyRequest,
  reply: FastifyReply,
  turn: Turn,
  options: TurnStreamOptions,
): Promise<FastifyReply> => {
  await turn.began
  delete request.headers['last-event-id']
  delete (request.query as Record<string, unknown>).last_event_id
  return serveStream(request, reply, turn.stream, options)
}

/**
 * The caller's own stream that a reconnecting EventSource was watching, which asks with the same GET that started it.
 * @param choose of several that the position may belong to, the likeliest first
 * @returns undefined when the request names no position: then a new stream is wanted
 * @throws {Problem} `NOT_FOUND` when the position belongs to no stream of the caller's kind
 */
export const resumedStream = async (
  request: FastifyRequest,
  streams: Streams,
  kind: TurnKind,
  choose: (candidates: readonly Stream[]) => Promise<Stream | undefined> = async ([first]) => first,
): Promise<Stream | undefined> => {
  if (!request.headers['last-event-id'] && !(request.query as Record<string, unknown>).last_event_id)
    return undefined
  const position = requestedPosition(request)
  const candidates = position ? await streams.around(request.identity.id, position) : []
  const stream = await choose(candidates.filter((one) => one.kind === kind))
  if (!stream) throw new Problem('NOT_FOUND', 'The stream of this Last-Event-ID is not known')
  return stream
}

/** Ends the turn, and its vendor's work, as soon as its client leaves: nobody could come back to it. */
export const cancelWhenLeft = (reply: FastifyReply, streams: Streams, turn: Turn): void => {
  let over = false
  turn.ended.then(
    () => {
      over = true
    },
    () => {
      over = true
    },
  )
  const left = () => {
    if (!over) streams.cancel(turn.stream.id).catch(() => undefined)
  }
  reply.raw.once('close', left)
  if (reply.raw.destroyed) left()
}

/**
 * Counts the client as one who watches the turn until it ends or the client leaves, so that it is not taken for
 * forsaken.
 * @returns ends it before
 */
const attend = async ({ raw }: FastifyReply, hub: Hub, turn: Turn): Promise<() => void> => {
  const ignore = { deliver: () => undefined, drained: async () => undefined, lost: () => undefined }
  const subscription = await hub.subscribe(turn.stream.channel, ignore, 'now')
  const leave = () => subscription.close()
  raw.once('close', leave)
  if (raw.destroyed) leave()
  turn.ended.then(leave, leave)
  return leave
}

/**
 * Waits for the first word of an answer, for interfaces whose status tells of a failure before it.
 * @throws {Problem} what the turn ended with before its first word
 */
export const firstWord = async (reply: FastifyReply, hub: Hub, turn: Turn): Promise<void> => {
  const leave = await attend(reply, hub, turn)
  await turn.spoke
  leave()
  const end = await Promise.race([turn.ended, undefined])
  if (end && end.event.type !== 'complete') throw problemOf(end.event)
}

export type Completed = Readonly<Record<string, unknown>> & { content: string }

/**
 * Waits for a turn's whole answer.
 * @returns the fields of `complete`, and the answer
 * @throws {Problem} what the turn ended with, when not with an answer
 */
export const wholeAnswer = async (reply: FastifyReply, hub: Hub, turn: Turn): Promise<Completed> => {
  await attend(reply, hub, turn)
  const { event, content } = await turn.ended
  if (event.type === 'complete') return { ...event, content }
  throw problemOf(event)
}

/** The problem that a turn's `error` or `cancelled` event tells of. */
export const problemOf = (event: Readonly<Record<string, unknown>>): Problem => {
  if (event.type === 'cancelled') return new Problem('INTERRUPTED', 'The answer was cancelled')
  const { error_code, message, retry_after } = event
  const code: ErrorCode = Object.hasOwn(ERRORS, String(error_code)) ? (error_code as ErrorCode) : 'INTERNAL'
  return new Problem(code, String(message), retry_after === null ? {} : { retryAfter: Number(retry_after) })
}
